"""Where a text names its target, and the n-grams on either side of it."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.scoring.mentions import REACH, count_missing, find_mentions, iterate_around
from framing.scoring.ngrams import find_words, iterate_char_ngrams
from framing.scoring.recipe import NgramBlock

UNIGRAMS = NgramBlock("word", 1, 1, field="around")
BIGRAMS = NgramBlock("word", 2, 2, field="around")
LETTERS = NgramBlock("char_wb", 2, 3, field="around")


def find(text, mention):
    lowered = text.lower()
    return [lowered[start:end] for start, end in find_mentions(text, lowered, mention)]


def set_plainly(name):
    """Write a name with plain apostrophes, dashes and blanks, and sigma in one form.

    In lower case a sigma's form depends on what follows the name.
    """
    for forms, plain in (("’‘ʼ′＇", "'"), ("‐‑‒–—―−", "-"), ("ς", "σ")):
        for form in forms:
            name = name.replace(form, plain)
    return " ".join(name.split())


def list_terms(block, text, mention):
    lowered = text.lower()
    places = find_mentions(text, lowered, mention)
    return [
        (term, found.weight)
        for found in iterate_around(block, lowered, places)
        for term in found.terms
    ]


def fade(distance):
    """Return what an n-gram counts at a distance of so many tokens."""
    return pytest.approx(math.exp(-distance / 6))


# --- where the mention stands


@pytest.mark.parametrize(
    ("text", "mention", "spans"),
    [
        ("Ann met Ann.", "Ann", [(0, 3), (8, 11)]),
        ("Annex, Joann and ann_1 met ann.", "Ann", [(27, 30)]),  # whole words alone
        ("He said that he knew.", "He", [(0, 2)]),  # as it is written,
        ("He said that he knew.", "HE", [(0, 2), (13, 15)]),  # or else in any case
        ("The U.S. Senate, not the USA", "U.S.", [(4, 8)]),  # no pattern
        ("by @ann (x)", "@ann", [(3, 7)]),
        ("Ann  Arden", "Ann Arden", [(0, 10)]),  # the same words, whatever parts them
        ("by Ann\nArden, Ann\u00a0Arden", "Ann Arden", [(3, 12), (14, 23)]),
        ("AnnArden", "Ann Arden", []),
        ("O’Neill left", "O'Neill", [(0, 7)]),  # one form of apostrophe,
        ("O'Neill and O’neill", "O’Neill", [(0, 7)]),
        ("Smith–Jones", "Smith-Jones", [(0, 11)]),  # and of dash
        ("the Smith\u2011Jones", "smith − jones", []),
        ("Ann Arden came", " Ann Arden\n", [(0, 9)]),
        ("Ann's book", "Ann", [(0, 3)]),
        ("nobody", "Ann", []),
        ("", "Ann", []),
        ("a  b", " ", []),
        ("a", "", []),
        ("a", None, []),
    ],
)
def test_mentions_by_hand(text, mention, spans):
    assert find_mentions(text, text.lower(), mention) == spans


def test_offsets_are_those_of_the_lowered_text():
    text = "İİ met Ann, and ann"
    assert find_mentions(text, text.lower(), "Ann") == [(9, 12), (18, 21)]
    assert find(text, "Ann") == ["ann", "ann"]


@settings(deadline=None)
@given(data=st.data())
def test_whatever_is_found_is_the_mention(wild_texts, data):
    text = data.draw(wild_texts)
    words = text.split() or ["x"]
    mention = data.draw(st.sampled_from(words) | wild_texts)
    found = find(text, mention)
    assert {set_plainly(name) for name in found} <= {set_plainly(mention.lower())}
    spans = find_mentions(text, text.lower(), mention)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))


def test_missing_mentions_are_counted():
    pairs = [("Ann met Bo", "Ann"), ("Ann met Bo", "Cy"), ("Ann", None), ("Ann", " ")]
    assert count_missing(pairs) == (1, 2)
    assert count_missing([]) == (0, 0)


def test_a_name_set_otherwise_has_the_same_words_around_it():
    there = list_terms(UNIGRAMS, "voters blamed Ann\nO’Neill again", "Ann O'Neill")
    assert there == list_terms(UNIGRAMS, "voters blamed Ann O'Neill again", "Ann O'Neill")
    assert ("<blamed", fade(1)) in there


# --- what stands around it


def test_words_bear_their_side_and_fade():
    assert REACH == 6.0
    assert list_terms(UNIGRAMS, "Critics praised Ann Arden, of all.", "Ann Arden") == [
        ("<critics", fade(2)),
        ("<praised", fade(1)),
        ("@", 1.0),
        (">,", fade(1)),
        (">of", fade(2)),
        (">all", fade(3)),
        (">.", fade(4)),
    ]


def test_pairs_count_from_the_nearer_end_and_hold_the_mention():
    assert list_terms(BIGRAMS, "of all critics Ann met two", "Ann") == [
        ("<of all", fade(2)),
        ("<all critics", fade(1)),
        ("critics @", 1.0),
        ("@ met", 1.0),
        (">met two", fade(1)),
    ]


def test_the_nearest_of_several_mentions_counts():
    assert list_terms(UNIGRAMS, "Ann a b c Ann d", "Ann") == [
        ("@", 1.0),
        (">a", fade(1)),
        (">b", fade(2)),  # of two as near, the one before
        ("<c", fade(1)),
        ("@", 1.0),
        (">d", fade(1)),
    ]
    pairs = dict(list_terms(BIGRAMS, "Ann a b c Ann d", "Ann"))
    assert (pairs[">a b"], pairs["<b c"]) == (fade(1), fade(1))
    assert dict(list_terms(BIGRAMS, "Ann a b c d Ann", "Ann"))[">b c"] == fade(2)


def test_without_a_mention_all_count_alike_and_bear_no_mark():
    for mention in ("Bob", None):
        assert list_terms(UNIGRAMS, "Ann: a B", mention) == [
            (term, 1.0) for term in ("ann", ":", "a", "b")
        ]
        assert {weight for _, weight in list_terms(LETTERS, "Ann: a B", mention)} == {1.0}


def test_an_at_sign_is_not_taken_for_a_mention():
    assert list_terms(UNIGRAMS, "@ @x Ann @", "Ann") == [
        ("<(at)", fade(3)),
        ("<(at)", fade(2)),
        ("<x", fade(1)),
        ("@", 1.0),
        (">(at)", fade(1)),
    ]
    assert [term for term, _ in list_terms(UNIGRAMS, "a @ b", None)] == ["a", "(at)", "b"]


def test_letters_fade_by_words_and_know_no_side():
    block = NgramBlock("char_wb", 5, 5, field="around")
    assert list_terms(block, "all met Ann's (Arden) son", "Ann") == [
        (" all ", fade(2)),
        (" met ", fade(1)),
        (" ann'", 1.0),  # the word that holds it
        ("ann's", 1.0),
        ("nn's ", 1.0),
        (" (ard", fade(1)),
        ("(arde", fade(1)),
        ("arden", fade(1)),
        ("rden)", fade(1)),
        ("den) ", fade(1)),
        (" son ", fade(2)),
    ]
    both = dict(list_terms(block, "met Ann Arden son", "Ann Arden"))
    assert both[" ann "] == both["arden"] == 1.0
    assert both[" met "] == both[" son "] == fade(1)


WORD = st.sampled_from(["a", "b", "c", ",", "@", "<", ">", "é"])


@settings(deadline=None)
@given(before=st.lists(WORD, max_size=9), after=st.lists(WORD, max_size=9))
def test_a_text_read_backwards_swaps_the_sides(before, after):
    there = list_terms(UNIGRAMS, " ".join([*before, "Ann", *after]), "Ann")
    back = list_terms(UNIGRAMS, " ".join([*after[::-1], "Ann", *before[::-1]]), "Ann")
    swap = {"<": ">", ">": "<"}
    assert back[::-1] == [
        (swap[term[0]] + term[1:] if term != "@" else term, weight) for term, weight in there
    ]
    assert len(there) == len(before) + len(after) + 1


@settings(deadline=None)
@given(data=st.data(), low=st.integers(1, 3), more=st.integers(0, 2))
@pytest.mark.parametrize("analyzer", ["word", "char_wb"])
def test_spans_and_weights_are_sound_on_any_text(wild_texts, data, analyzer, low, more):
    text = data.draw(wild_texts)
    lowered = text.lower()
    mention = data.draw(st.sampled_from(text.split() or ["x"]))
    block = NgramBlock(analyzer, low, low + more, field="around")
    found = list(iterate_around(block, lowered, find_mentions(text, lowered, mention)))
    for terms, (start, end), weight in found:
        assert 0 <= start < end <= len(lowered)
        assert 0 < weight <= 1
        assert lowered[start:end].strip() == lowered[start:end]
        if analyzer == "word" and weight < 1:  # so without the mention
            tokens = ["@" if token == "(at)" else token for token in terms[0][1:].split(" ")]
            assert "".join(tokens) == "".join(lowered[start:end].split())
    if analyzer == "char_wb":
        grams = Counter(term for terms, _, _ in found for term in terms)
        words = [match.group() for match in find_words(lowered)]
        assert grams == Counter(
            gram for word in words for gram in iterate_char_ngrams(word, low, low + more)
        )
