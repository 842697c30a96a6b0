"""What one block counts in one text, and what each of its occurrences accounts for."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.scoring.counters import BlockCounter, Document, FittedBlock, iterate_occurrences
from framing.scoring.recipe import NgramBlock

BLOCKS = [
    NgramBlock("word", 1, 2),
    NgramBlock("char_wb", 2, 3),
    NgramBlock("mark", 1, 1, weight=0.5),
    NgramBlock("word", 1, 3, field="mention", weight=0.5),
    NgramBlock("char_wb", 2, 4, field="mention"),
    NgramBlock("word", 1, 2, sublinear=False, field="around"),
    NgramBlock("char_wb", 3, 4, sublinear=False, field="around"),
]
IDS = [str(block) for block in BLOCKS]


def count_terms(block, text, mention=None):
    """Sum the weight of each term in a text."""
    sums: Counter[str] = Counter()
    for terms, _, weight in iterate_occurrences(block, Document.read(text, mention)):
        for term in terms:
            sums[term] += weight
    return dict(sums)


def make_counter(block, terms, idf=None, offset=0):
    idf = np.ones(len(terms)) if idf is None else np.array(idf)
    return BlockCounter(FittedBlock(block, tuple(terms), idf), offset)


# --- a text and its mention


def test_a_document_knows_the_first_mention():
    document = Document.read("When Ann met ANN, Ann left.", "Ann")
    assert document.lowered == "when ann met ann, ann left."
    assert (document.mention, document.mentions) == ("ann", ((5, 8), (18, 21)))
    assert document.place == (5, 8)


@pytest.mark.parametrize("mention", ["Bob", "", None])
def test_without_a_mention_the_place_is_nothing(mention):
    document = Document.read("Ann left.", mention)
    assert document.mentions == ()
    assert document.place == (0, 0)
    assert document.mention == (mention or "").lower()


# --- what is counted


def test_each_field_by_hand():
    text = "All praised Ann; Ann slept."
    fade = math.exp(-1 / 6)
    assert count_terms(NgramBlock("word", 1, 1), text, "Ann") == {
        "all": 1, "praised": 1, "ann": 2, "slept": 1
    }  # fmt: skip
    assert count_terms(NgramBlock("word", 1, 1, field="around"), text, "Ann") == {
        "<all": pytest.approx(fade**2),
        "<praised": pytest.approx(fade),
        "@": 2,
        ">;": pytest.approx(fade),
        ">slept": pytest.approx(fade),
        ">.": pytest.approx(fade**2),
    }
    assert count_terms(NgramBlock("word", 1, 2, field="mention"), text, "Ann Bea Ann") == {
        "ann": 2, "bea": 1, "ann bea": 1, "bea ann": 1
    }  # fmt: skip
    assert count_terms(NgramBlock("char_wb", 3, 3, field="mention"), text, "Ann") == {
        " an": 1, "ann": 1, "nn ": 1
    }  # fmt: skip


def test_marks_count_in_their_one_form():
    block = NgramBlock("mark", 1, 2)
    assert count_terms(block, "“So”, he said — 5% «up»") == {
        '"': 4,
        ",": 1,
        "-": 1,
        "%": 1,
        '" "': 2,
        '" ,': 1,
        ", -": 1,
        "- %": 1,
        '% "': 1,
    }
    assert count_terms(block, "no marks, none_at all") == {",": 1}


def test_nobody_mentioned_has_no_words():
    for analyzer in ("word", "char_wb"):
        block = NgramBlock(analyzer, 1, 2, field="mention")
        assert count_terms(block, "All praised Ann.", None) == {}
        assert count_terms(block, "", "Ann") == count_terms(block, "Ann", "Ann") != {}


def test_words_of_a_mention_stand_where_it_stands_first():
    block = NgramBlock("word", 1, 2, field="mention")
    for text, place in (("So Ann Bea, Ann Bea", (3, 10)), ("nobody", (0, 0))):
        found = list(iterate_occurrences(block, Document.read(text, "Ann Bea")))
        assert {span for _, span, _ in found} == {place}
        assert [terms for terms, _, _ in found] == [("ann",), ("bea",), ("ann bea",)]


@settings(max_examples=30, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("block", BLOCKS, ids=IDS)
def test_counting_and_locating_find_the_same(wild_texts, block, data):
    text = data.draw(wild_texts)
    mention = data.draw(st.none() | st.sampled_from(text.split() or ["x"]) | wild_texts)
    terms = sorted(count_terms(block, text, mention))[::2]  # every other one is not known
    counter = make_counter(block, terms, offset=5)
    document = Document.read(text, mention)
    indices, weights = counter.count(document)
    found = counter.find_occurrences(document)
    assert len(found.spans) == len(found.lengths)
    assert sum(found.lengths) == len(found.indices)
    sums: Counter[int] = Counter()
    for index, weight in zip(
        indices, np.ones(len(indices)) if weights is None else weights, strict=True
    ):
        sums[int(index)] += float(weight)
    expected = count_terms(block, text, mention)
    assert sums == {5 + n: pytest.approx(expected[term]) for n, term in enumerate(terms)}
    assert Counter(indices.tolist()) == Counter(found.indices.tolist())


# --- what it weighs


def test_counts_become_a_vector_as_long_as_the_block_weighs():
    block = NgramBlock("word", 1, 1, False, weight=2.0)
    counter = make_counter(block, ("ban", "lift"), (3.0, 2.0), offset=10)
    indices, values = counter.weigh(np.array([11, 10, 10], dtype=np.int32))
    # 2 x 3 and 1 x 2, brought to a length of 2
    assert indices.tolist() == [10, 11]
    assert values.tolist() == pytest.approx([12 / 40**0.5, 4 / 40**0.5])


def test_weights_are_summed_before_the_logarithm():
    occurrences, weights = np.array([0, 1, 1], dtype=np.int32), np.array([1.0, 1.5, 0.5])
    plain = make_counter(NgramBlock("word", 1, 1, False, field="around"), ("a", "b"))
    assert plain.weigh(occurrences, weights)[1].tolist() == pytest.approx([1 / 5**0.5, 2 / 5**0.5])
    slow = make_counter(NgramBlock("word", 1, 1, True, field="around"), ("a", "b"))
    values = slow.weigh(occurrences, weights)[1]
    assert values[1] / values[0] == pytest.approx(1 + math.log(2))


def test_nothing_weighs_nothing():
    for block in BLOCKS:
        counter = make_counter(block, ("ban",))
        for text, mention in (("", None), ("", "bob"), ("qqq", "zz")):
            document = Document.read(text, mention)
            indices, values = counter.weigh(*counter.count(document))
            assert (len(indices), len(values)) == (0, 0)
            found = counter.find_occurrences(document)
            assert (found.spans, found.lengths) == ([], [])
            assert len(counter.share(found)) == 0


def test_occurrences_share_by_their_weight():
    block = NgramBlock("word", 1, 1, False, field="around")
    counter = make_counter(block, (">met", "@"), (2.0, 1.0))
    document = Document.read("Ann met and then met", "Ann")
    found = counter.find_occurrences(document)
    assert [document.lowered[start:end] for start, end in found.spans] == ["ann", "met", "met"]
    near, far = math.exp(-1 / 6), math.exp(-4 / 6)
    length = math.hypot(1.0, 2 * (near + far))
    assert counter.share(found).tolist() == pytest.approx(
        [1 / length, 2 * near / length, 2 * far / length]
    )


@settings(max_examples=30, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("block", BLOCKS, ids=IDS)
def test_shares_add_up_to_the_vector(wild_texts, block, data):
    text = data.draw(wild_texts)
    mention = data.draw(st.none() | st.sampled_from(text.split() or ["x"]))
    terms = sorted(count_terms(block, text, mention))
    counter = make_counter(block, terms, 1 + np.arange(len(terms)) / 7)
    document = Document.read(text, mention)
    found = counter.find_occurrences(document)
    indices, values = counter.weigh(*counter.count(document))
    sums = np.bincount(found.indices, counter.share(found), minlength=len(terms))
    np.testing.assert_allclose(sums[indices], values, rtol=0, atol=1e-12)
    assert np.sqrt(values @ values) == pytest.approx(block.weight if len(values) else 0.0)
