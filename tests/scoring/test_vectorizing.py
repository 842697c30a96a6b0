"""TF-IDF vectors, against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from framing.learning.counting import count_ngrams
from framing.scoring.recipe import FeatureRecipe, NgramBlock
from framing.scoring.vectorizing import FittedBlock, Occurrences, SparseRows, Vectorizer

WORDS = NgramBlock("word", 1, 2)
TARGETED = FeatureRecipe(
    (
        NgramBlock("mark", 1, 2, min_df=1, weight=0.5),
        NgramBlock("word", 1, 3, min_df=1, field="mention", weight=0.5),
        NgramBlock("char_wb", 2, 3, field="mention"),
        NgramBlock("word", 1, 2, sublinear=False, field="around"),
        NgramBlock("char_wb", 3, 4, min_df=1, field="around", weight=3.0),
        NgramBlock("word", 1, 1, min_df=1),
        NgramBlock("char_wb", 2, 2),
    )
)


def dense(rows: SparseRows, n_features: int) -> np.ndarray:
    out = np.zeros((len(rows.indptr) - 1, n_features))
    for row in range(len(out)):
        start, end = rows.indptr[row], rows.indptr[row + 1]
        np.add.at(out[row], rows.indices[start:end], rows.values[start:end])
    return out


def gather(found: Occurrences, n_features: int) -> np.ndarray:
    out = np.zeros(n_features)
    np.add.at(out, found.indices, found.shares)
    return out


@settings(deadline=None)
@given(data=st.data())
def test_vectors_equal_scikit_learn_on_any_text(fitted, wild, wild_texts, data):
    texts = data.draw(st.lists(wild_texts, min_size=1, max_size=3))
    expected = fitted.features.transform(texts).toarray()
    found = dense(wild.vectorizer.transform(texts), wild.vectorizer.n_features)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), sublinear=st.booleans(), min_df=st.integers(1, 2), low=st.integers(1, 3))
@pytest.mark.parametrize("analyzer", ["word", "char_wb"])
def test_vectors_equal_scikit_learn_for_any_vocabulary(
    wild_texts, analyzer, data, sublinear, min_df, low
):
    corpus = [*data.draw(st.lists(wild_texts, min_size=2, max_size=6)), "common words", "words"]
    high = low + data.draw(st.integers(0, 2))
    reference = TfidfVectorizer(
        analyzer=analyzer, ngram_range=(low, high), sublinear_tf=sublinear, min_df=min_df
    )
    try:
        expected = reference.fit_transform(corpus).toarray()
    except ValueError:  # no term is frequent enough
        return
    block = NgramBlock(analyzer, low, high, sublinear, min_df)
    terms = tuple(reference.get_feature_names_out())
    vectorizer = Vectorizer([FittedBlock(block, terms, reference.idf_)])
    found = dense(vectorizer.transform(corpus), len(terms))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_vectors_equal_those_that_training_saw(wild_texts, data):
    """Training counts all texts at once; what it counted of each is what the vectoriser counts."""
    texts = data.draw(st.lists(wild_texts, min_size=2, max_size=5))
    texts = [*texts, "“Ann” met — Bea.", "Ann, ann! Bea"]
    mentions = [
        data.draw(st.none() | st.sampled_from(text.split() or ["x"]) | wild_texts)
        for text in texts[:-2]
    ]
    mentions += ["Ann", "Bea"]
    counts = count_ngrams(texts, [TARGETED], mentions=mentions)
    learnt = np.arange(data.draw(st.integers(1, len(texts) - 1)), len(texts))
    (rows,) = counts.transform(TARGETED, learnt, np.arange(len(texts)))[1:]
    blocks = counts.select(TARGETED)
    kept = np.concatenate([block.weigh(learnt) > 0 for block in blocks])
    vectorizer = Vectorizer([block.fit(learnt) for block in blocks])
    found = dense(vectorizer.transform(texts, mentions), vectorizer.n_features)
    expected = rows.toarray()
    assert expected.any()
    assert not expected[:, ~kept].any()
    np.testing.assert_allclose(found, expected[:, kept], rtol=0, atol=1e-9)


@settings(deadline=None)
@given(data=st.data())
def test_occurrences_with_a_mention_add_up_to_the_vector(pointed, data):
    word = st.sampled_from(["Ann", "praised", "blamed", "ban", "İ", "Bob", "@", ", "])
    text = data.draw(st.lists(word, max_size=9).map(" ".join))
    mention = data.draw(st.sampled_from(["Ann", "Bob", "Ann Bob", "Zoe", None]))
    vectorizer = pointed.vectorizer
    found = vectorizer.locate(text, mention)
    vector = dense(vectorizer.transform([text], [mention]), vectorizer.n_features)[0]
    np.testing.assert_allclose(gather(found, vectorizer.n_features), vector, rtol=0, atol=1e-12)
    assert all(0 <= start <= end <= len(text) for start, end in found.spans)


def test_a_mention_is_seen_where_it_is_asked_for(pointed):
    text = "Critics praised Ann, while voters blamed Bob."
    ann, bob, nobody, absent = dense(
        pointed.vectorizer.transform([text] * 4, ["Ann", "Bob", None, "Zoe"]), 5
    )
    # ban, <blamed, <praised, and of the words of the mention ann, bob
    near, far = np.exp(-1 / 6), np.exp(-6 / 6)
    assert ann.tolist() == [0, 0, 1, 0.5, 0]  # "blamed" stands on the other side of it
    length = np.hypot(near, far)  # "praised" stands six tokens off, Ann and a comma among them
    assert bob.tolist() == pytest.approx([0, near / length, far / length, 0, 0.5])
    assert nobody.tolist() == absent.tolist() == [0] * 5
    plain = dense(pointed.vectorizer.transform([text]), 5)
    assert plain.tolist() == [nobody.tolist()]
    assert pointed.vectorizer.recipe.sees_mentions


def test_texts_and_mentions_must_be_as_many(pointed):
    with pytest.raises(ValueError, match="shorter"):
        pointed.vectorizer.transform(["a", "b"], ["Ann"])


def test_what_lower_case_lengthens_does_not_move_what_stands_around(pointed):
    text = "İİ praised Ann"
    found = pointed.vectorizer.locate(text, "ANN")
    assert [text[start:end] for start, end in found.spans] == ["praised", "Ann"]


@settings(deadline=None)
@given(data=st.data())
def test_occurrences_add_up_to_the_vector(wild, wild_texts, data):
    text = data.draw(wild_texts)
    vectorizer = wild.vectorizer
    found = vectorizer.locate(text)
    vector = dense(vectorizer.transform([text]), vectorizer.n_features)[0]
    np.testing.assert_allclose(gather(found, vectorizer.n_features), vector, rtol=0, atol=1e-12)
    assert len(found.indptr) == len(found.spans) + 1
    assert np.all(np.diff(found.indptr) > 0)
    assert all(0 <= start < end <= len(text) for start, end in found.spans)


def test_vectors_by_hand():
    block = FittedBlock(NgramBlock("word", 1, 1, False, 1), ("ban", "lift"), np.array([3.0, 2.0]))
    rows = Vectorizer([block]).transform(["Ban ban LIFT other", "none", "lift"])
    # 2 x 3 and 1 x 2, divided by the root of 36 + 4
    np.testing.assert_allclose(
        dense(rows, 2), [[6 / 40**0.5, 2 / 40**0.5], [0, 0], [0, 1]], atol=1e-15
    )
    assert rows.indptr.tolist() == [0, 2, 2, 3]


def test_sublinear_counts_by_hand():
    block = FittedBlock(NgramBlock("word", 1, 1), ("ban", "lift"), np.ones(2))
    (ban, lift), rest = dense(Vectorizer([block]).transform(["ban ban ban lift", "ban"]), 2)
    assert ban / lift == pytest.approx(1 + np.log(3))
    assert ban**2 + lift**2 == pytest.approx(1)
    assert rest.tolist() == [1, 0]


def test_each_block_has_unit_length_and_its_own_place():
    blocks = [
        FittedBlock(NgramBlock("char_wb", 2, 2), (" b", "ba"), np.ones(2)),
        FittedBlock(NgramBlock("word", 1, 1), ("ban",), np.array([5.0])),
    ]
    vectorizer = Vectorizer(blocks)
    assert vectorizer.n_features == 3
    assert vectorizer.recipe == FeatureRecipe(tuple(block.block for block in blocks))
    np.testing.assert_allclose(dense(vectorizer.transform(["ban"]), 3), [[0.5**0.5, 0.5**0.5, 1]])
    assert [(start, end) for start, end in vectorizer.locate("a ban").spans] == [(2, 5), (2, 5)]


@pytest.mark.parametrize("texts", [[], [""], ["", " \u2028", "qqqq"]])
def test_texts_without_a_known_term(wild, texts):
    rows = wild.vectorizer.transform(texts)
    assert rows.indptr.tolist() == [0] * (len(texts) + 1)
    weights = np.ones((wild.vectorizer.n_features, 2), dtype=np.float32)
    assert rows.multiply(weights).tolist() == [[0.0, 0.0]] * len(texts)
    for text in texts:
        found = wild.vectorizer.locate(text)
        assert found.spans == ()
        assert found.multiply(weights).shape == (0, 2)


def test_an_empty_block_counts_nothing():
    blocks = [FittedBlock(WORDS, (), np.empty(0)), FittedBlock(WORDS, ("ban",), np.ones(1))]
    assert dense(Vectorizer(blocks).transform(["the ban"]), 1).tolist() == [[1.0]]
    assert Vectorizer(blocks).locate("the ban").spans == ((4, 7),)


def test_products_by_hand():
    rows = SparseRows(np.array([0, 2, 2]), np.array([0, 2], dtype=np.int32), np.array([0.5, 2.0]))
    weights = np.array([[1, 10], [2, 20], [3, 30]], dtype=np.float32)
    assert rows.multiply(weights).tolist() == [[6.5, 65.0], [0.0, 0.0]]
    found = Occurrences(
        ((0, 1), (1, 2)),
        np.array([0, 2, 3]),
        np.array([0, 2, 2], dtype=np.int32),
        np.array([0.5, 1.0, 2.0]),
    )
    assert found.multiply(weights).tolist() == [[3.5, 35.0], [6.0, 60.0]]


def test_a_repeated_word_is_shared_evenly():
    block = FittedBlock(NgramBlock("word", 1, 1), ("ban",), np.ones(1))
    found = Vectorizer([block]).locate("ban, Ban; BAN")
    assert found.spans == ((0, 3), (5, 8), (10, 13))
    assert found.shares.tolist() == pytest.approx([1 / 3] * 3)
