"""Tests of scores as functions of article counts."""

import numpy as np
import pytest

from framing.measuring.intervals import ArticleResampler
from framing.measuring.judging.judges import (
    ERROR_COLUMN,
    FrameJudge,
    PairJudge,
    StanceJudge,
    Tallies,
    append_pool,
    count_articles,
)

ARTICLES = ["a", "a", "b", "c"]
TRUTH = np.array([[1, 0], [0, 0], [1, 0], [0, 1]], dtype=bool)
DECIDED = np.array([[1, 0], [1, 0], [0, 0], [0, 0]], dtype=bool)
SCORES = np.array([[0.9, 0.1], [0.8, 0.1], [0.2, 0.3], [0.1, 0.4]])
CODED = np.ones((4, 2), dtype=bool)
ONE = np.ones((1, 3))


@pytest.fixture
def resampler():
    return ArticleResampler.draw(ARTICLES, resamples=5, rng=np.random.default_rng(0))


@pytest.fixture
def frames(resampler):
    return FrameJudge.prepare(TRUTH, CODED, scores=SCORES, decided=DECIDED, resampler=resampler)


def test_tallies_are_weighted_and_pooled(resampler):
    tallies = Tallies.count(TRUTH, DECIDED, resampler)
    found, claimed, present = tallies.weigh(np.array([[2.0, 0.0, 1.0]]))
    assert found.tolist() == [[2, 0, 2]]
    assert claimed.tolist() == [[4, 0, 4]]
    assert present.tolist() == [[2, 1, 3]]


def test_tallies_rest_on_articles_with_decisions_or_positives(resampler):
    support = Tallies.count(TRUTH, DECIDED, resampler).support()
    assert support.tolist() == [[1, 2, 2], [1, 1, 1], [1, 3, 3]]


def test_frames_are_scored_label_by_label_then_micro_then_macro(frames):
    rows = frames.score(ONE)[0]
    assert rows[0, :4] == pytest.approx([0.5, 0.5, 0.5, (1 + 2 / 3) / 2])
    assert rows[1, :4] == pytest.approx([0, 0, 0, 1])
    assert rows[2, :3] == pytest.approx([0.5, 1 / 3, 0.4])
    assert rows[3] == pytest.approx(rows[:2].mean(axis=0))
    assert rows[0, ERROR_COLUMN] == pytest.approx((0.1 + 0.8 + 0.8 + 0.1) / 4)


def test_articles_drawn_twice_weigh_twice(frames):
    rows = frames.score(np.array([[2.0, 1.0, 0.0]]))[0]
    assert rows[0, :3] == pytest.approx([0.5, 2 / 3, 4 / 7])


def test_macro_leaves_out_frames_that_a_resample_lost(frames):
    rows = frames.score(np.array([[2.0, 1.0, 0.0]]))[0]
    assert np.isnan(rows[1, 1])
    assert rows[3] == pytest.approx(rows[0])


def test_frames_rest_on_articles_score_by_score(frames):
    assert frames.support().tolist() == [
        [1, 2, 2, 2, 3],
        [1, 1, 1, 1, 3],
        [1, 3, 3, 3, 3],
        [1, 3, 3, 3, 3],
    ]


def test_stances_end_in_macro_accuracy_and_calibration(resampler):
    truth = np.array([[1, 0], [0, 1], [1, 0], [1, 0]], dtype=bool)
    decided = np.array([[1, 0], [1, 0], [1, 0], [0, 1]], dtype=bool)
    confidence = np.array([0.85, 0.55, 0.95, 0.65])
    judge = StanceJudge.prepare(truth, decided, confidence=confidence, resampler=resampler)
    rows = judge.score(ONE)[0]
    assert rows[0] == pytest.approx([2 / 3, 2 / 3, 2 / 3])
    assert rows[1] == pytest.approx([0, 0, 0])
    assert rows[2] == pytest.approx([1 / 3, 0.5, (0.15 + 0.55 + 0.05 + 0.65) / 4])
    assert judge.support().tolist() == [[2, 3, 3], [1, 1, 1], [3, 3, 3]]


def test_pairs_give_micro_and_macro_gains(resampler):
    judge = PairJudge.prepare(TRUTH, TRUTH, DECIDED, resampler=resampler)
    assert judge.score(ONE)[0, 0] == pytest.approx([0.6, 0.75])
    assert judge.support().tolist() == [[3, 3]]


def test_pools_are_sums_over_labels():
    assert append_pool(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist() == [[1, 2, 3], [3, 4, 7]]
    assert count_articles(np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 5.0]])).tolist() == [1, 1, 2]
