"""Tests of differences between two systems, resample by resample, against scikit-learn's scores."""

import json

import numpy as np
import pytest
from sklearn.metrics import f1_score

from framing.measuring.intervals import resample_weights
from framing.measuring.judging.gains import compare, compare_stance
from framing.measuring.judging.metrics import evaluate_stance
from framing.schema import CodingError, InputError

NAN = float("nan")
VALUES = ["favor", "against", "none"]


def make_frames(seed=0, *, n=120, n_articles=25, coded=1.0):
    rng = np.random.default_rng(seed)
    groups = [f"article {a}" for a in rng.integers(0, n_articles, n)]
    scores = np.round(rng.random((n, 4)), 1)
    truth = (rng.random((n, 4)) < scores).astype(float)
    truth[rng.random((n, 4)) > coded] = NAN
    return truth, scores, scores > 0.4, groups


def make_stance(seed=0, *, n=90):
    rng = np.random.default_rng(seed)
    scores = rng.dirichlet([1, 1, 1], n)
    decided = np.array(VALUES, dtype=object)[scores.argmax(axis=1)]
    truth = np.array([rng.choice(VALUES, p=p) for p in scores], dtype=object)
    return truth, scores, decided, rng.integers(0, 15, n)


def test_comparisons_pair_both_systems_in_each_resample():
    truth, scores, ours, groups = make_frames(n=60, n_articles=9)
    theirs = scores > 0.8
    gain = compare(truth, ours, theirs, groups, rng=np.random.default_rng(0), resamples=40)
    codes, counts = resample_weights(groups, resamples=40, rng=np.random.default_rng(0))
    for average in ("micro", "macro"):

        def difference(rows, average=average):
            f1s = [f1_score(truth[rows], d[rows], average=average) for d in (ours, theirs)]
            return f1s[0] - f1s[1]

        found = getattr(gain, f"{average}_f1")
        assert found.value == pytest.approx(difference(np.arange(60)))
        samples = [difference(np.repeat(np.arange(60), count[codes])) for count in counts]
        assert (found.low, found.high) == pytest.approx(np.quantile(samples, [0.025, 0.975]))


def test_a_system_gains_nothing_over_itself():
    truth, _, ours, groups = make_frames(coded=0.6)
    gain = compare(truth, ours, ours, groups, rng=np.random.default_rng(0), resamples=20)
    for estimate in (gain.micro_f1, gain.macro_f1):
        assert (estimate.value, estimate.low, estimate.high) == (0, 0, 0)
    json.dumps(gain.to_dict(), allow_nan=False)


def test_a_comparison_in_one_article_has_no_interval():
    rng = np.random.default_rng(0)
    gain = compare([[1], [1]], [[1], [1]], [[1], [0]], "aa", rng=rng, resamples=9)
    assert gain.micro_f1.value == pytest.approx(1 / 3)
    assert np.isnan(gain.micro_f1.low)


def test_comparisons_check_their_shapes():
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match=r"decisions have shape \(1, 1\) and codings \(2, 1\)"):
        compare([[1], [1]], [[1], [1]], [[1]], "ab", rng=rng)


def test_comparisons_of_stance_pair_both_systems_in_each_resample():
    truth, scores, ours, groups = make_stance()
    theirs = np.array(VALUES, dtype=object)[scores[:, ::-1].argmax(axis=1)]
    sample = {"rng": np.random.default_rng(0), "resamples": 40}
    gain = compare_stance(truth, ours, theirs, VALUES, groups, **sample)
    codes, counts = resample_weights(groups, resamples=40, rng=np.random.default_rng(0))
    said = [list(ours), list(theirs)]

    def score_f1(rows, decided):
        held = sorted({truth[row] for row in rows})
        column, chosen = [truth[row] for row in rows], [decided[row] for row in rows]
        return f1_score(column, chosen, labels=held, average="macro", zero_division=0)

    def score_accuracy(rows, decided):
        return np.mean([truth[row] == decided[row] for row in rows])

    for found, score in ((gain.macro_f1, score_f1), (gain.accuracy, score_accuracy)):

        def difference(rows, score=score):
            return score(rows, said[0]) - score(rows, said[1])

        assert found.value == pytest.approx(difference(np.arange(90)))
        samples = [difference(np.repeat(np.arange(90), count[codes])) for count in counts]
        assert (found.low, found.high) == pytest.approx(np.quantile(samples, [0.025, 0.975]))


def test_gains_in_stance_are_differences_of_the_reports():
    truth, scores, ours, groups = make_stance(3)
    truth[::4] = None
    theirs = ["none"] * 90
    reports = [
        evaluate_stance(truth, scores, said, VALUES, groups, rng=np.random.default_rng(0))
        for said in (ours, theirs)
    ]
    gain = compare_stance(truth, ours, theirs, VALUES, groups, rng=np.random.default_rng(0))
    for name in ("macro_f1", "accuracy"):
        first, second = (getattr(report, name) for report in reports)
        assert getattr(gain, name).value == pytest.approx(first.value - second.value)
        assert getattr(gain, name).n_units == first.n_units
        assert getattr(gain, name).n_articles == first.n_articles
    json.dumps(gain.to_dict(), allow_nan=False)


def test_comparisons_of_stance_check_lengths_and_values():
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match="1 decisions of the baseline for 2 units"):
        compare_stance(["favor"] * 2, ["favor"] * 2, ["favor"], VALUES, "ab", rng=rng)
    with pytest.raises(InputError, match="1 decisions for 2 units"):
        compare_stance(["favor"] * 2, ["favor"], ["favor"] * 2, VALUES, "ab", rng=rng)
    with pytest.raises(CodingError, match="'neutral' is none of"):
        compare_stance(["favor"], ["favor"], ["neutral"], VALUES, "a", rng=rng)
