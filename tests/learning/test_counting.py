"""Tests of counting once against scikit-learn's vectorizer, refitted on each fold."""

import tracemalloc
import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from framing.learning.counting import count_ngrams
from framing.learning.polarity import LISTED, SharingBlock, read_words
from framing.schema import InputError
from framing.scoring.mentions import REACH
from framing.scoring.ngrams import find_marks
from framing.scoring.recipe import FeatureRecipe, NgramBlock
from framing.scoring.vectorizing import Vectorizer

BLOCKS = [
    NgramBlock("word", 1, 2),
    NgramBlock("word", 1, 1, sublinear=False, min_df=1),
    NgramBlock("word", 2, 3, min_df=3),
    NgramBlock("char_wb", 2, 5),
    NgramBlock("char_wb", 3, 3, sublinear=False, min_df=4),
]
AROUND = NgramBlock("word", 1, 2, sublinear=False, min_df=1, field="around")
NAMED = NgramBlock("word", 1, 1, min_df=1, field="mention", weight=0.5)
MARKS = NgramBlock("mark", 1, 2, weight=0.5)
SHARED_AROUND = SharingBlock("word", 1, 2, sublinear=False, field="around")
SHARING = [LISTED, SHARED_AROUND]
CLOSELY = [
    AROUND,
    NAMED,
    MARKS,
    NgramBlock("char_wb", 2, 4, field="mention"),
    NgramBlock("char_wb", 3, 4, sublinear=False, min_df=3, field="around", weight=2.0),
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


def name_mentions(n):
    return [(None, "ore", "MINES", "nobody", "x1")[number % 5] for number in range(n)]


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


@pytest.mark.parametrize("block", BLOCKS + CLOSELY + SHARING, ids=str)
def test_the_block_of_the_model_file_vectorizes_as_training_did(block):
    texts = [f"{text} mines, — great ores!" for text in write_texts(60)]
    mentions = name_mentions(60)
    recipe = FeatureRecipe((block,))
    (counted,) = count_ngrams(texts, [recipe], mentions=mentions).blocks
    rows, idf = np.arange(50), counted.weigh(np.arange(50))
    scored = Vectorizer([counted.fit(rows)]).transform(texts, mentions)
    ours = counted.transform(np.arange(60), idf).toarray()[:, idf > 0]
    assert len(scored.indptr) == 61
    assert np.abs(ours).sum() > 1
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
    texts, recipe = write_texts(40), FeatureRecipe((BLOCKS[0], BLOCKS[3], AROUND, MARKS, *SHARING))
    wanted, counts = (count_ngrams(texts, [recipe], mentions=name_mentions(40)) for _ in range(2))
    for block in counts.blocks:
        for held in (block.tf, block.groups):
            for array in (held.data, held.indices, held.indptr):
                array.flags.writeable = False
    rows = np.arange(30), np.arange(30, 40)
    pairs = zip(counts.transform(recipe, *rows), wanted.transform(recipe, *rows), strict=True)
    for ours, theirs in pairs:
        np.testing.assert_array_equal(ours.toarray(), theirs.toarray())
    shares = [part.share(recipe, rows[0]).toarray() for part in (counts, wanted)]
    np.testing.assert_array_equal(*shares)
    assert all(block.tf.has_sorted_indices for block in counts.blocks)


def test_one_block_may_find_nothing_where_another_does():
    recipe = FeatureRecipe((BLOCKS[2], BLOCKS[3]))
    texts = ["abc", "abc", "ab"]  # no pair of words
    counts = count_ngrams(texts, [recipe])
    assert [len(block.terms) for block in counts.blocks] == [0, 10]
    (features,) = counts.transform(recipe, np.arange(3))
    assert features.shape == (3, 10)
    fitted = counts.select(recipe)[0].fit(np.arange(3))
    assert fitted.terms == ()
    assert len(Vectorizer([fitted]).transform(texts).values) == 0


@pytest.mark.parametrize("block", [BLOCKS[0], BLOCKS[3], MARKS, LISTED], ids=str)
@pytest.mark.parametrize("texts", [["", " \n"], ["a", "?"], ["…", "— !"]])
def test_texts_without_words_are_refused(texts, block):
    # Whatever else they hold: marks alone would be learnt by heart.
    with pytest.raises(InputError) as raised:
        count_ngrams(texts, [FeatureRecipe((block,))])
    assert str(raised.value) == "the texts hold no words; check the column 'text'"


def test_words_of_pseudo_units_are_not_words_of_units():
    recipe = FeatureRecipe((BLOCKS[1], MARKS))
    with pytest.raises(InputError, match="the texts hold no words"):
        count_ngrams(["…", "…", "behind", "delay"], [recipe], n_units=2)
    (words, _) = count_ngrams(["… ore", "…", "behind", "delay"], [recipe], n_units=2).blocks
    assert words.terms.tolist() == ["behind", "delay", "ore"]


@pytest.mark.parametrize("min_df", [1, 2, 3, 4, 9])
def test_where_no_term_is_common_enough_all_that_occur_are_kept(min_df):
    block = NgramBlock("word", 1, 1, min_df=min_df)
    texts = ["ore mine", "ore levy", "ore levy"]
    (counted,) = count_ngrams(texts, [FeatureRecipe((block,))]).blocks
    common = {1: {"levy", "mine", "ore"}, 2: {"levy", "ore"}, 3: {"ore"}}
    assert set(counted.terms) == common.get(min_df, {"levy", "mine", "ore"})
    kept = counted.terms[counted.weigh(np.array([0, 1])) > 0]  # ore in two of them, others in one
    assert set(kept) == ({"ore"} if min_df == 2 else {*counted.terms} & {"ore", "mine", "levy"})


def test_a_long_token_does_not_make_every_term_as_long():
    block = NgramBlock("word", 1, 1, min_df=1, field="around")
    texts = [f"word{number} noun{number}" for number in range(2000)] + ["x" * 3000]
    tracemalloc.start()
    (counted,) = count_ngrams(texts, [FeatureRecipe((block,))]).blocks
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert counted.terms.tolist() == sorted(counted.terms)
    assert peak < 10e6  # 4,000 terms of 3,000 letters would take 48 MB


def test_nothing_warns_of_a_fold_without_rows():
    counts = count_ngrams(["ore", "dust"], [recipe := FeatureRecipe((BLOCKS[1],))])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train, test = counts.transform(recipe, np.array([], dtype=np.intp), np.arange(2))
    assert train.shape == (0, 2)
    assert not test.toarray().any()


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_a_blocks_vectors_are_as_long_as_it_weighs(factor):
    texts, rows = write_texts(40), np.arange(40)
    plain, heavy = (NgramBlock("word", 1, 2, weight=weight) for weight in (1.0, factor))
    recipe = FeatureRecipe((BLOCKS[3], heavy))
    counts = count_ngrams(texts, [recipe, FeatureRecipe((plain,))])
    characters, ours = counts.select(recipe)
    (theirs,) = counts.select(FeatureRecipe((plain,)))
    scaled = ours.transform(rows, ours.weigh(rows)).toarray()
    expected = theirs.transform(rows, theirs.weigh(rows)).toarray()
    np.testing.assert_allclose(scaled, factor * expected, atol=1e-12)
    lengths = np.sqrt((scaled**2).sum(axis=1))
    assert lengths[expected.any(axis=1)] == pytest.approx(factor)
    (both,) = counts.transform(recipe, rows)
    assert both.shape[1] == len(characters.terms) + len(ours.terms)


def test_marks_are_counted_as_scikit_learn_counts_what_finds_them():
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(list('a “„".,!?—– '), 12)) for _ in range(50)]

    def list_marks(text):
        marks = [match.group() for match in find_marks(text.lower())]
        return marks + [f"{one} {two}" for one, two in pairwise(marks)]

    (counted,) = count_ngrams(texts, [FeatureRecipe((MARKS,))]).blocks
    train, idf = np.arange(40), counted.weigh(np.arange(40))
    theirs = TfidfVectorizer(analyzer=list_marks, sublinear_tf=True, min_df=2).fit(texts[:40])
    assert set(counted.terms[idf > 0]) == set(theirs.get_feature_names_out())
    order = [theirs.vocabulary_[term] for term in counted.terms[idf > 0]]
    expected = 0.5 * theirs.transform(texts).toarray()[:, order]
    ours = counted.transform(np.arange(50), idf).toarray()[:, idf > 0]
    np.testing.assert_allclose(ours, expected, atol=1e-12)
    assert counted.fit(train).terms == tuple(counted.terms[idf > 0])


def read_counts(block, texts, mentions, **options):
    """Read what a block counts in each text, as mappings."""
    (counted,) = count_ngrams(texts, [FeatureRecipe((block,))], mentions=mentions, **options).blocks
    dense = counted.tf.toarray()
    return [
        {term: count for term, count in zip(counted.terms, row, strict=True) if count}
        for row in dense
    ]


def test_words_around_a_mention_by_hand():
    block = NgramBlock("word", 1, 1, sublinear=False, min_df=1, field="around")
    texts = ["good Ann saw bad Ann", "good Ann saw bad Bob", "good good"]
    near = np.exp(-1 / REACH)
    found = read_counts(block, texts, ["Ann", "bob", None])
    assert found[0] == pytest.approx({"<good": near, ">saw": near, "<bad": near, "@": 2.0})
    far = [np.exp(-distance / REACH) for distance in (4, 3, 2, 1)]
    names = ("<good", "<ann", "<saw", "<bad")
    assert found[1] == pytest.approx({**dict(zip(names, far, strict=True)), "@": 1.0})
    assert found[2] == {"good": 2.0}


def test_words_of_a_mention_by_hand():
    block = NgramBlock("word", 1, 2, sublinear=False, min_df=1, field="mention")
    texts = ["The ban was met.", "The ban was met.", "The ban was met."]
    found = read_counts(block, texts, ["The Ban", None, "a mine nobody named"])
    assert found[0] == {"the": 1, "ban": 1, "the ban": 1}
    assert found[1] == {}
    assert found[2] == {"mine": 1, "nobody": 1, "named": 1, "mine nobody": 1, "nobody named": 1}


def test_without_mentions_texts_are_about_nobody():
    texts = ["ore mine", "mine levy"]
    assert read_counts(AROUND, texts, None) == read_counts(AROUND, texts, [None, None])
    counts = count_ngrams(texts, [FeatureRecipe((BLOCKS[1], NAMED))])
    assert [len(block.terms) for block in counts.blocks] == [3, 0]


@pytest.mark.parametrize("block", [BLOCKS[0], BLOCKS[3], *CLOSELY, *SHARING], ids=str)
def test_the_order_of_rows_does_not_matter(block):
    texts = [f"{text} mines, — great ores!" for text in write_texts(40)]
    mentions, order = name_mentions(40), np.random.default_rng(1).permutation(40)
    recipe = FeatureRecipe((block,))
    (ours,) = count_ngrams(texts, [recipe], mentions=mentions).blocks
    turned = pick(texts, order), [recipe]
    (theirs,) = count_ngrams(*turned, mentions=pick(mentions, order)).blocks
    assert theirs.terms.tolist() == ours.terms.tolist()
    np.testing.assert_allclose(theirs.tf.toarray(), ours.tf.toarray()[order], atol=1e-12)
    np.testing.assert_array_equal(theirs.groups.toarray(), ours.groups.toarray())


TOLD = ["praised ore", "reckless mine praised", "ore mine", "ore levy"]


@pytest.fixture(scope="module")
def opinions():
    (counted,) = count_ngrams(TOLD, [FeatureRecipe((LISTED,))]).blocks
    return counted


def read_row(counted, row, rows):
    values = counted.transform(np.array([row]), counted.weigh(rows)).toarray()[0]
    return {term: value for term, value in zip(counted.terms, values, strict=True) if value}


def test_the_words_of_the_lists_are_held_and_no_other(opinions):
    assert set(opinions.terms) == set(read_words())
    assert len(set(opinions.terms)) == len(opinions.terms)
    assert opinions.terms[:2].tolist() == ["praised", "reckless"]
    assert opinions.terms[2:].tolist() == sorted(opinions.terms[2:])
    assert opinions.tf.shape == (4, len(opinions.terms))
    rows = np.arange(4)
    idf = dict(zip(opinions.terms, opinions.weigh(rows), strict=True))
    assert idf["praised"] == pytest.approx(np.log(5 / 3) + 1)
    assert idf["honest"] == pytest.approx(np.log(5 / 1) + 1)
    assert "honest" in opinions.fit(rows).terms
    tf_idf = {"praised": np.log(5 / 3) + 1, "reckless": np.log(5 / 2) + 1}
    length = np.hypot(*tf_idf.values()) / LISTED.weight
    expected = {term: value / length for term, value in tf_idf.items()}
    assert read_row(opinions, 1, rows) == pytest.approx(expected)
    assert read_row(opinions, 0, rows) == pytest.approx({"praised": LISTED.weight})
    assert read_row(opinions, 2, rows) == {}


def test_a_sign_that_no_unit_holds_has_nothing_to_share(opinions):
    # Its words would have no weight, and lengthen the vectors of texts that hold them.
    kept = opinions.terms[opinions.weigh(np.array([0, 2, 3])) > 0]
    assert set(kept) == {word for word, sign in read_words().items() if sign == 0}
    assert not opinions.weigh(np.array([2, 3])).any()


def test_words_around_a_mention_are_held_beside_the_listed():
    texts = [f"{text} Ann" for text in TOLD]
    counts = count_ngrams(texts, [FeatureRecipe((SHARED_AROUND, AROUND))], mentions=["Ann"] * 4)
    shared, plain = counts.blocks
    assert {"<ore", "<mine", "@", "<honest", ">honest", "<reckless"} <= set(shared.terms)
    assert "<levy" not in shared.terms  # in one unit
    kept = shared.terms[shared.weigh(np.arange(4)) > 0]
    assert "<honest" in kept
    assert ">honest" not in kept  # nobody is praised or blamed on that side
    assert set(plain.terms) & {"<honest", ">honest"} == set()


def test_every_use_of_a_listed_word_counts_alike_in_a_shared_weights_feature(opinions):
    rows = np.arange(4)
    idf = opinions.weigh(rows)
    shares = opinions.share(idf)
    assert shares.shape == (len(opinions.terms), 2)
    places = {term: number for number, term in enumerate(opinions.terms)}
    dense = shares.toarray()
    for word, sign in (("praised", 0), ("honest", 0), ("reckless", 1)):
        expected = np.eye(2)[sign] / idf[places[word]]
        assert dense[places[word]] == pytest.approx(expected)
    summed = (opinions.transform(rows, idf) @ shares).toarray()
    alone, both = LISTED.weight / idf[places["praised"]], LISTED.weight / np.hypot(*idf[:2])
    np.testing.assert_allclose(summed, [[alone, 0], [both, both], [0, 0], [0, 0]])


def test_shared_weights_stand_side_by_side_block_by_block():
    recipe = FeatureRecipe((LISTED, BLOCKS[3], SHARED_AROUND, MARKS))
    texts = [f"{text} — ore {text}" for text in TOLD]
    counts = count_ngrams(texts, [recipe], mentions=["ore"] * 4)
    shares = counts.share(recipe, np.arange(3)).toarray()
    widths = [len(block.terms) for block in counts.select(recipe)]
    assert shares.shape == (sum(widths), 2 + 4)
    first, _, around = np.split(shares, np.cumsum(widths))[:3]
    assert first[:, :2].any(axis=0).tolist() == [True, True]
    assert not first[:, 2:].any()
    assert around[:, 2:].any(axis=0).tolist() == [True] * 4
    assert np.count_nonzero(shares) == np.count_nonzero(first) + np.count_nonzero(around)
    (features,) = counts.transform(recipe, np.arange(3))
    assert features.shape[1] == sum(widths)


def test_other_blocks_share_no_weight_and_do_not_know_the_lists():
    recipe = FeatureRecipe((BLOCKS[0], AROUND))
    alone = count_ngrams(TOLD, [recipe], mentions=["ore"] * 4)
    rows = np.arange(4)
    (features,) = alone.transform(recipe, rows)
    assert alone.share(recipe, rows).shape == (features.shape[1], 0)
    assert "honest" not in alone.blocks[0].terms
    # Nor does it matter to them what else is counted.
    beside = count_ngrams(TOLD, [recipe, FeatureRecipe(tuple(SHARING))], mentions=["ore"] * 4)
    (theirs,) = beside.transform(recipe, rows)
    np.testing.assert_array_equal(theirs.toarray(), features.toarray())
    assert len(beside.blocks) == 4
