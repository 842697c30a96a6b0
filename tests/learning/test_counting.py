"""Tests of counting once against scikit-learn's vectorizer, refitted on each fold."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from framing.learning.counting import count_ngrams
from framing.schema import InputError
from framing.scoring.recipe import FeatureRecipe, NgramBlock
from framing.scoring.vectorizing import Vectorizer

BLOCKS = [
    NgramBlock("word", 1, 2),
    NgramBlock("word", 1, 1, sublinear=False, min_df=1),
    NgramBlock("word", 2, 3, min_df=3),
    NgramBlock("char_wb", 2, 5),
    NgramBlock("char_wb", 3, 3, sublinear=False, min_df=4),
]
WORDS = [
    *("ore", "Ore", "ores", "mine", "mines", "İzmir", "straße", "STRASSE", "ﬁrm", "cafe\u0301"),
    *("稀土", "土", "a", "x1", "don't", "price-rise", "😀", "𝒜𝒷", "\u200b", "1,000", "\x00b"),
]


def write_texts(n, *, seed=0):
    rng = np.random.default_rng(seed)
    chances = 1.0 / np.arange(1, len(WORDS) + 1)
    lengths = rng.integers(0, 15, n)
    return [" ".join(rng.choice(WORDS, k, p=chances / chances.sum())) for k in lengths]


def refit(block, texts, **options):
    return TfidfVectorizer(
        analyzer=block.analyzer,
        ngram_range=(block.low, block.high),
        sublinear_tf=block.sublinear,
        **{"min_df": block.min_df, **options},
    ).fit(texts)


def pick(texts, rows):
    return [texts[row] for row in rows]


def assert_equal_to_refit(block, texts, train, test, **options):
    (counted,) = count_ngrams(texts, [FeatureRecipe((block,))]).blocks
    idf = counted.weigh(train)
    theirs = refit(block, pick(texts, train), **options)
    assert counted.terms[idf > 0].tolist() == theirs.get_feature_names_out().tolist()
    np.testing.assert_allclose(idf[idf > 0], theirs.idf_, rtol=1e-12)
    for rows in (train, test):
        ours = counted.transform(rows, idf).toarray()
        expected = theirs.transform(pick(texts, rows)).toarray()
        np.testing.assert_allclose(ours[:, idf > 0], expected, atol=1e-12)
        assert not ours[:, idf == 0].any()


@pytest.mark.parametrize("block", BLOCKS, ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_tfidf_of_a_fold_equals_a_refit_on_its_texts(block, seed):
    texts = write_texts(60, seed=seed)
    order = np.random.default_rng(seed).permutation(60)
    assert_equal_to_refit(block, texts, order[:40], order[40:])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(st.characters(codec=None), max_size=12), min_size=4, max_size=8),
    st.sampled_from(BLOCKS[:4]),
)
def test_tfidf_of_any_texts_equals_a_refit(texts, block):
    texts = [f"{text} rare earth ores, rare earth ores" for text in texts]
    assert_equal_to_refit(block, texts, np.array([3, 0, 2]), np.array([1, *range(4, len(texts))]))


@pytest.mark.parametrize("block", [BLOCKS[0], BLOCKS[3]], ids=str)
def test_all_terms_are_kept_where_none_reaches_min_df_anywhere(block):
    texts = ["ore mine", "dust veto", "", "gulf pylon"]
    block = NgramBlock(block.analyzer, block.low, block.high, min_df=3)
    with_blanks = ["ore", "dust", "", "gulf"]
    texts = texts if block.analyzer == "word" else with_blanks
    with pytest.raises(ValueError, match="no terms remain"):
        refit(block, pick(texts, [0, 1, 2]))
    assert_equal_to_refit(block, texts, np.array([0, 1, 2]), np.array([3]), min_df=1)


def test_where_none_reaches_min_df_in_a_fold_alone_its_share_of_the_others_is_kept():
    texts = ["ore mine dust", "veto gulf", "ore veto", "mine gulf"]
    (counted,) = count_ngrams(texts, [FeatureRecipe((NgramBlock("word", 1, 1),))]).blocks
    idf = counted.weigh(np.array([0, 1]))
    assert counted.terms[idf > 0].tolist() == ["gulf", "mine", "ore", "veto"]  # dust: once in all
    np.testing.assert_allclose(idf, np.log(3 / 2) + 1)
    rows = counted.transform(np.array([0, 1]), idf).toarray()
    np.testing.assert_allclose(rows, np.array([[0, 1, 1, 0], [1, 0, 0, 1]]) / np.sqrt(2))


def test_idf_and_weights_by_hand():
    (counted,) = count_ngrams(
        ["ore ore ore mine", "ore", "dust"], [FeatureRecipe((NgramBlock("word", 1, 1, min_df=1),))]
    ).blocks
    idf = dict(zip(counted.terms, counted.weigh(np.array([0, 1])), strict=True))
    assert idf == pytest.approx({"dust": 0.0, "mine": np.log(3 / 2) + 1, "ore": 1.0})
    row = counted.transform(np.array([0]), counted.weigh(np.array([0, 1]))).toarray()[0]
    tf_idf = np.array([0.0, np.log(3 / 2) + 1, 1 + np.log(3)])
    assert row == pytest.approx(tf_idf / np.linalg.norm(tf_idf))


def test_terms_that_training_does_not_hold_leave_zero_rows():
    counts = count_ngrams(["ore ore", "dust dust"], [recipe := FeatureRecipe(tuple(BLOCKS[1:2]))])
    train, test = counts.transform(recipe, np.array([0]), np.array([1]))
    assert train.toarray().tolist() == [[0.0, 1.0]]
    assert test.toarray().tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_the_block_of_the_model_file_vectorizes_as_training_did(block):
    texts = write_texts(60)
    (counted,) = count_ngrams(texts, [FeatureRecipe((block,))]).blocks
    rows, idf = np.arange(50), counted.weigh(np.arange(50))
    scored = Vectorizer([counted.fit(rows)]).transform(texts)
    ours = counted.transform(np.arange(60), idf).toarray()[:, idf > 0]
    assert len(scored.indptr) == 61
    for row in range(60):
        part = slice(scored.indptr[row], scored.indptr[row + 1])
        dense = np.zeros(ours.shape[1])
        dense[scored.indices[part]] = scored.values[part]
        np.testing.assert_allclose(dense, ours[row], atol=1e-12)


def test_blocks_stand_side_by_side_in_the_order_of_the_recipe():
    words, characters = BLOCKS[0], BLOCKS[3]
    texts, train = write_texts(40), np.arange(30)
    recipes = [FeatureRecipe((words,)), FeatureRecipe((characters, words))]
    counts = count_ngrams(texts, recipes)
    assert [counted.block for counted in counts.blocks] == [words, characters]
    both, both_test = counts.transform(recipes[1], train, np.array([35, 31]))
    first, second = counts.select(recipes[1])
    alone = [block.transform(train, block.weigh(train)).toarray() for block in (first, second)]
    np.testing.assert_array_equal(both.toarray(), np.hstack(alone))
    assert both_test.shape == (2, both.shape[1])
    lengths = np.sqrt((both.toarray() ** 2).sum(axis=1))
    held = [len(text.split()) > 3 for text in texts[:30]]
    np.testing.assert_allclose(lengths[held], np.sqrt(2))  # each block is of unit length


def test_a_term_below_min_df_among_all_units_is_not_held_in_memory():
    (counted,) = count_ngrams(
        ["ore mine", "ore dust", "ore mine"], [FeatureRecipe((BLOCKS[0],))]
    ).blocks
    assert counted.terms.tolist() == ["mine", "ore", "ore mine"]
    assert counted.tf.shape == (3, 3)


def test_counts_can_be_read_where_memory_is_not_writeable():
    texts, recipe = write_texts(40), FeatureRecipe((BLOCKS[0], BLOCKS[3]))
    wanted, counts = (count_ngrams(texts, [recipe]) for _ in range(2))
    for block in counts.blocks:
        for array in (block.tf.data, block.tf.indices, block.tf.indptr):
            array.flags.writeable = False
    rows = np.arange(30), np.arange(30, 40)
    pairs = zip(counts.transform(recipe, *rows), wanted.transform(recipe, *rows), strict=True)
    for ours, theirs in pairs:
        np.testing.assert_array_equal(ours.toarray(), theirs.toarray())
    assert all(block.tf.has_sorted_indices for block in counts.blocks)


def test_one_block_may_find_nothing_where_another_does():
    recipe = FeatureRecipe((BLOCKS[0], BLOCKS[3]))
    texts = ["a b", "a b", "a"]  # words of one letter are no tokens
    counts = count_ngrams(texts, [recipe])
    assert [len(block.terms) for block in counts.blocks] == [0, 6]
    (features,) = counts.transform(recipe, np.arange(3))
    assert features.shape == (3, 6)
    fitted = counts.select(recipe)[0].fit(np.arange(3))
    assert fitted.terms == ()
    assert len(Vectorizer([fitted]).transform(texts).values) == 0


@pytest.mark.parametrize("texts", [["", " \n"], ["a", "?"]])
def test_texts_without_words_are_refused(texts):
    with pytest.raises(InputError) as raised:
        count_ngrams(texts, [FeatureRecipe((BLOCKS[0],))])
    assert str(raised.value) == "the texts hold no words; check the column 'text'"


def test_nothing_warns_of_a_fold_without_rows():
    counts = count_ngrams(["ore", "dust"], [recipe := FeatureRecipe((BLOCKS[1],))])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train, test = counts.transform(recipe, np.array([], dtype=np.intp), np.arange(2))
    assert train.shape == (0, 2)
    assert not test.toarray().any()
