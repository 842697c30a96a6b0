"""Tests of the baseline against scikit-learn's own pipeline."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from framing.learning.naive import decide_naively, score_naively
from framing.learning.priors import Prior

VALUES = ("favor", "oppose", "none")


@pytest.fixture(scope="module")
def texts():
    rng = np.random.default_rng(0)
    words = ["rare", "ore", "mine", "Ban", "price", "veto", "dust", "gulf"]
    return [" ".join(rng.choice(words, 5)) for _ in range(40)]


@pytest.fixture(scope="module")
def pipeline(texts):
    """Return what trains scikit-learn's defaults on some texts and scores the last ten."""

    def run(rows, codes):
        # Words and idf are those of all training texts, coded or not, so the two steps part.
        vectorizer = TfidfVectorizer(ngram_range=(1, 2)).fit(texts[:30])
        model = make_pipeline(LogisticRegression())
        model.fit(vectorizer.transform([texts[row] for row in rows]), codes)
        return model.predict_proba(vectorizer.transform(texts[30:]))

    return run


def test_it_is_scikit_learns_default_pipeline(lay_out, texts, pipeline):
    codes = np.array(["ore" in text.split() for text in texts], dtype=float)
    stance = np.array([len(set(text.split())) % 3 for text in texts])
    dataset = lay_out(codes, texts=texts, stances=[(VALUES, stance)])
    found = score_naively(dataset, np.arange(30), np.arange(30, 40))
    assert found.shape == (10, 4)
    np.testing.assert_allclose(found[:, 0], pipeline(range(30), codes[:30])[:, 1])
    np.testing.assert_allclose(found[:, 1:], pipeline(range(30), stance[:30]), rtol=1e-4)
    assert 0.2 < found[:, 0].min() < found[:, 0].max() < 0.8  # it has learnt something


def test_uncoded_units_are_left_out(lay_out, texts, pipeline):
    codes = np.array(["ore" in text.split() for text in texts], dtype=float)
    stance = np.array([len(set(text.split())) % 2 for text in texts])
    codes[:8], stance[5:12] = np.nan, -1
    dataset = lay_out(codes, texts=texts, stances=[(VALUES[:2], stance)])
    found = score_naively(dataset, np.arange(30), np.arange(30, 40))
    np.testing.assert_allclose(found[:, 0], pipeline(range(8, 30), codes[8:30])[:, 1])
    rows = [*range(5), *range(12, 30)]
    np.testing.assert_allclose(found[:, 1:], pipeline(rows, stance[rows]), rtol=1e-4)


def test_what_training_does_not_hold_gets_no_probability(lay_out, texts):
    frames = np.column_stack([np.ones(40), np.zeros(40), np.full(40, np.nan)])
    stances = [(VALUES, np.tile([0, 2], 20)), (VALUES, np.full(40, 1)), (VALUES, np.full(40, -1))]
    dataset = lay_out(frames, texts=texts, stances=stances)
    found = score_naively(dataset, np.arange(30), np.arange(30, 40))
    np.testing.assert_array_equal(found[:, :3], np.tile([1.0, 0.0, 0.0], (10, 1)))
    assert (found[:, 4] == 0).all()
    np.testing.assert_allclose(found[:, [3, 5]].sum(axis=1), 1.0)
    np.testing.assert_array_equal(found[:, 6:9], np.tile([0.0, 1.0, 0.0], (10, 1)))
    assert not found[:, 9:].any()


def test_texts_without_words_get_no_probability(lay_out):
    dataset = lay_out([1.0, 0.0, 1.0, 0.0], texts=["", "a", "rare ore", "mine"])
    assert not score_naively(dataset, np.array([0, 1]), np.array([2, 3])).any()


def test_nothing_of_the_test_rows_is_seen(lay_out, texts):
    codes = np.array(["ore" in text.split() for text in texts], dtype=float)
    stance = np.array([len(set(text.split())) % 3 for text in texts])
    train, test = np.arange(30), np.arange(30, 40)
    before = score_naively(lay_out(codes, texts=texts, stances=[(VALUES, stance)]), train, test)
    codes[31:], stance[31:] = 1 - codes[31:], 2
    changed = [*texts[:31], *("new words alone",) * 9]
    after = score_naively(lay_out(codes, texts=changed, stances=[(VALUES, stance)]), train, test)
    np.testing.assert_array_equal(before[0], after[0])
    assert (before[1:] != after[1:]).any()


def test_it_knows_neither_mentions_nor_the_codebook(lay_out, texts):
    codes = np.array(["ore" in text.split() for text in texts], dtype=float)
    rows = np.arange(30), np.arange(30, 40)
    plain = lay_out(codes, texts=texts)
    told = Prior(("rare ore",) * 9, np.ones((9, 1)))
    more = lay_out(codes, texts=texts, mentions=texts, prior=told)
    np.testing.assert_array_equal(score_naively(plain, *rows), score_naively(more, *rows))


def test_a_half_decides_for_a_frame_and_the_largest_for_a_value(lay_out):
    dataset = lay_out(np.zeros((3, 2)), stances=[(VALUES, [0, 1, 2])])
    scores = np.array(
        [[0.5, 0.4, 0.2, 0.7, 0.1], [0.49, 1.0, 0.6, 0.3, 0.1], [0.0, 0.9, 0.3, 0.3, 0.4]]
    )
    judged = decide_naively(dataset, scores)
    assert judged.decisions.tolist() == [[True, False], [False, True], [False, True]]
    assert judged.probabilities.tolist() == scores[:, :2].tolist()
    assert judged.sure.all()
    shares, decided = judged.stances["target 0"]
    assert shares.tolist() == scores[:, 2:].tolist()
    assert decided == ["oppose", "favor", "none"]
