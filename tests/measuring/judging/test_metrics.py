"""Tests of the metrics, value by value and resample by resample, against scikit-learn's."""

import json

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    f1_score,
    precision_recall_fscore_support,
)

from framing.measuring.intervals import resample_weights
from framing.measuring.judging.metrics import evaluate_frames, evaluate_stance
from framing.schema import CodingError, InputError

NAN = float("nan")
VALUES = ["favor", "against", "none"]


def make_frames(seed=0, *, n=120, n_labels=4, n_articles=25, coded=1.0):
    rng = np.random.default_rng(seed)
    groups = [f"article {a}" for a in rng.integers(0, n_articles, n)]
    scores = np.round(rng.random((n, n_labels)), 1)
    truth = (rng.random((n, n_labels)) < scores).astype(float)
    truth[rng.random((n, n_labels)) > coded] = NAN
    return truth, scores, scores > 0.4, groups, [f"frame {k}" for k in range(n_labels)]


def make_stance(seed=0, *, n=90):
    rng = np.random.default_rng(seed)
    scores = rng.dirichlet([1, 1, 1], n)
    decided = np.array(VALUES, dtype=object)[scores.argmax(axis=1)]
    truth = np.array([rng.choice(VALUES, p=p) for p in scores], dtype=object)
    return truth, scores, decided, rng.integers(0, 15, n)


def evaluate(data, *, seed=0, resamples=40, **options):
    return evaluate_frames(*data, rng=np.random.default_rng(seed), resamples=resamples, **options)


@pytest.mark.parametrize("seed", range(4))
def test_scores_of_frames_equal_scikit_learn(seed):
    data = truth, scores, decided, _, labels = make_frames(seed)
    report = evaluate(data)
    for k, label in enumerate(labels):
        expected = precision_recall_fscore_support(truth[:, k], decided[:, k], average="binary")[:3]
        found = report.labels[label]
        values = (found.precision.value, found.recall.value, found.f1.value)
        assert values == pytest.approx(expected)
        ap = average_precision_score(truth[:, k], scores[:, k])
        assert found.average_precision.value == pytest.approx(ap)


@pytest.mark.parametrize("average", ["micro", "macro"])
def test_averages_equal_scikit_learn(average):
    data = truth, scores, decided, _, _ = make_frames()
    found = getattr(evaluate(data), average)
    expected = precision_recall_fscore_support(truth, decided, average=average)[:3]
    assert (found.precision.value, found.recall.value, found.f1.value) == pytest.approx(expected)
    ap = average_precision_score(truth, scores, average=average)
    assert found.average_precision.value == pytest.approx(ap)


def test_intervals_are_percentiles_of_the_metrics_of_the_resampled_units():
    truth, scores, decided, groups, labels = make_frames(n=60, n_articles=9)
    report = evaluate((truth, scores, decided, groups, labels), level=0.8)
    codes, counts = resample_weights(groups, resamples=40, rng=np.random.default_rng(0))
    f1s, ranked = [], []
    for count in counts:
        rows = np.repeat(np.arange(60), count[codes])
        f1s.append(f1_score(truth[rows], decided[rows], average="macro"))
        ranked.append(average_precision_score(truth[rows, 1], scores[rows, 1]))
    macro, ap = report.macro.f1, report.labels["frame 1"].average_precision
    assert (macro.low, macro.high) == pytest.approx(np.quantile(f1s, [0.1, 0.9]))
    assert (ap.low, ap.high) == pytest.approx(np.quantile(ranked, [0.1, 0.9]))
    assert macro.level == report.level == 0.8


def test_uncoded_cells_are_left_out_of_every_score():
    truth, scores, decided, groups, labels = make_frames(1, coded=0.7)
    report = evaluate((truth, scores, decided, groups, labels))
    for k, label in enumerate(labels):
        coded = ~np.isnan(truth[:, k])
        alone = evaluate(
            (
                truth[coded, k : k + 1],
                scores[coded, k : k + 1],
                decided[coded, k : k + 1],
                [group for group, keep in zip(groups, coded, strict=True) if keep],
                [label],
            )
        ).labels[label]
        found = report.labels[label]
        for score in ("precision", "recall", "f1", "average_precision", "calibration_error"):
            assert getattr(found, score).value == pytest.approx(getattr(alone, score).value)
        assert found.n_units == alone.n_units == coded.sum()
        assert found.n_positive == alone.n_positive == np.nansum(truth[:, k])
        assert found.n_articles == alone.n_articles
    assert report.micro.n_units == (~np.isnan(truth)).sum()
    assert report.micro.n_positive == np.nansum(truth)
    assert report.n_units == (~np.isnan(truth)).any(axis=1).sum()


def test_units_without_any_coding_change_nothing():
    truth, scores, decided, groups, labels = make_frames()
    padding = np.full((5, 4), NAN)
    padded = evaluate(
        (
            np.vstack([truth, padding]),
            np.vstack([scores, padding]),
            np.vstack([decided, np.ones((5, 4), dtype=bool)]),
            [*groups, *range(5)],
            labels,
        )
    )
    assert padded.to_dict() == evaluate((truth, scores, decided, groups, labels)).to_dict()


def test_a_frame_never_decided_scores_zero_and_counts_in_the_macro():
    truth, scores = [[1, 1], [0, 0], [1, 0]], [[0.9, 0.1]] * 3
    report = evaluate((truth, scores, [[1, 0], [0, 0], [1, 0]], "abc", ["found", "missed"]))
    missed = report.labels["missed"]
    assert (missed.precision.value, missed.recall.value, missed.f1.value) == (0, 0, 0)
    assert report.macro.f1.value == 0.5


def test_a_frame_without_positives_stays_out_of_the_macro_but_not_of_the_micro():
    truth, scores = [[1, 0], [0, 0], [1, 0]], [[0.9, 0.1]] * 3
    report = evaluate((truth, scores, [[1, 1], [0, 0], [1, 0]], "abc", ["found", "absent"]))
    absent = report.labels["absent"]
    assert np.isnan([absent.recall.value, absent.average_precision.value]).all()
    assert (absent.precision.value, absent.f1.value) == (0, 0)
    assert report.macro.f1.value == 1
    assert report.micro.f1.value == pytest.approx(4 / 5)


def test_intervals_need_two_articles_that_carry_the_frame():
    truth, scores = [[1, 1], [1, 0], [1, 0]], [[0.9, 0.4]] * 3
    report = evaluate((truth, scores, [[1, 1]] * 3, "abb", ["both", "one"]))
    both, one = report.labels["both"], report.labels["one"]
    assert both.recall.low == 1
    assert np.isnan([one.recall.low, one.f1.high, one.average_precision.low]).all()
    assert not np.isnan(one.precision.low)
    assert not np.isnan(one.calibration_error.low)


def test_one_article_gives_values_without_intervals():
    report = evaluate(([[1], [0]], [[0.9], [0.2]], [[1], [0]], "aa", ["lag"]))
    found = report.labels["lag"]
    assert found.f1.value == 1
    for estimate in (found.precision, found.f1, found.calibration_error, report.micro.f1):
        assert np.isnan([estimate.low, estimate.high]).all()


@pytest.mark.parametrize("n", [0, 2])
def test_nothing_coded_gives_nan_throughout(n):
    empty = np.full((n, 1), NAN)
    report = evaluate((empty, empty, np.zeros((n, 1)), list(range(n)), ["lag"]))
    assert (report.n_units, report.n_articles) == (0, 0)
    assert np.isnan(report.micro.f1.value)
    assert np.isnan(report.macro.calibration_error.high)


def test_intervals_of_calibration_errors_are_reflected_and_named():
    report = evaluate(make_frames(2, n=300, n_articles=80))
    for found in (*report.labels.values(), report.micro, report.macro):
        error = found.calibration_error
        assert 0 <= error.low <= error.value <= error.high
        assert error.method == "article-bootstrap-reflected"
        assert found.f1.method == "article-bootstrap"


def test_reports_are_deterministic_and_json():
    data = make_frames(coded=0.5)
    first, again, other = (evaluate(data, seed=seed).to_dict() for seed in (0, 0, 1))
    assert first == again != other
    assert list(first["labels"]) == data[4]
    json.dumps(first, allow_nan=False)


def test_shapes_and_groups_are_checked():
    truth, scores, decided, groups, labels = make_frames()
    with pytest.raises(InputError, match="3 labels"):
        evaluate((truth, scores, decided, groups, labels[:3]))
    with pytest.raises(InputError, match="119 groups for 120 units"):
        evaluate((truth, scores, decided, groups[1:], labels))
    with pytest.raises(InputError, match="level is 95"):
        evaluate((truth, scores, decided, groups, labels), level=95)


@pytest.mark.parametrize("seed", range(3))
def test_scores_of_stance_equal_scikit_learn(seed):
    truth, scores, decided, groups = make_stance(seed)
    rng = np.random.default_rng(0)
    report = evaluate_stance(truth, scores, decided, VALUES, groups, rng=rng, resamples=30)
    expected = precision_recall_fscore_support(list(truth), list(decided), labels=VALUES)
    for v, value in enumerate(VALUES):
        found = report.values[value]
        values = (found.precision.value, found.recall.value, found.f1.value, found.n_units)
        assert values == pytest.approx([column[v] for column in expected])
    assert report.macro_f1.value == pytest.approx(expected[2].mean())
    assert report.accuracy.value == pytest.approx(accuracy_score(list(truth), list(decided)))
    assert report.accuracy.low < report.accuracy.value < report.accuracy.high


def test_stance_intervals_are_percentiles_over_resampled_articles():
    truth, scores, decided, groups = make_stance()
    rng = np.random.default_rng(5)
    report = evaluate_stance(truth, scores, decided, VALUES, groups, rng=rng, resamples=40)
    codes, counts = resample_weights(groups, resamples=40, rng=np.random.default_rng(5))
    right = (truth == decided).astype(float)
    shares = [np.average(right, weights=count[codes]) for count in counts]
    low, high = np.quantile(shares, [0.025, 0.975])
    assert (report.accuracy.low, report.accuracy.high) == pytest.approx((low, high))


def test_uncoded_stance_is_left_out():
    truth, scores, decided, groups = make_stance()
    some = truth.copy()
    some[::3] = None
    some[1] = NAN
    kept = [isinstance(value, str) for value in some]
    sample = {"rng": np.random.default_rng(0), "resamples": 20}
    report = evaluate_stance(some, scores, decided, VALUES, groups, **sample)
    sample = {"rng": np.random.default_rng(0), "resamples": 20}
    alone = evaluate_stance(
        truth[kept], scores[kept], decided[kept], VALUES, groups[kept], **sample
    )
    assert report.to_dict() == alone.to_dict()
    assert report.n_units == sum(kept)


def test_stance_calibration_is_that_of_the_decided_value():
    rng = np.random.default_rng(0)
    scores = [[0.75, 0.25], [0.25, 0.75], [0.75, 0.25], [0.75, 0.25]]
    truth, decided = ["a", "b", "b", "a"], ["a", "b", "a", "a"]
    report = evaluate_stance(truth, scores, decided, ["a", "b"], "wxyz", rng=rng, resamples=9)
    assert report.calibration_error.value == 0
    assert report.calibration_error.method == "article-bootstrap-reflected"
    assert report.accuracy.method == "article-bootstrap"


def test_a_value_that_never_occurs_stays_out_of_the_macro():
    rng = np.random.default_rng(0)
    scores = [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1]]
    report = evaluate_stance(VALUES[:2], scores, VALUES[:2], VALUES, "ab", rng=rng, resamples=9)
    assert report.macro_f1.value == 1
    assert np.isnan(report.values["none"].f1.value)
    json.dumps(report.to_dict(), allow_nan=False)


def test_a_value_decided_but_never_coded_costs_accuracy_and_not_the_macro():
    rng = np.random.default_rng(0)
    truth, decided = ["favor", "favor", "favor"], ["favor", "favor", "none"]
    scores = [[0.8, 0.1, 0.1]] * 3
    report = evaluate_stance(truth, scores, decided, VALUES, "abc", rng=rng, resamples=9)
    assert report.values["none"].f1.value == 0
    assert report.macro_f1.value == pytest.approx(0.8)
    assert report.accuracy.value == pytest.approx(2 / 3)


@pytest.mark.parametrize("place", [0, 2])
def test_stance_values_that_are_not_known_are_refused(place):
    data = [["favor"], [[0.2, 0.3, 0.5]], ["none"]]
    data[place] = ["neutral"]
    with pytest.raises(CodingError, match="'neutral' is none of favor, against, none"):
        evaluate_stance(*data, VALUES, ["a"], rng=np.random.default_rng(0))


def test_stance_lengths_are_checked():
    rng = np.random.default_rng(0)
    scores = [[0.2, 0.3, 0.5]]
    with pytest.raises(InputError, match="2 decisions for 1 units"):
        evaluate_stance(["favor"], scores, ["none", "none"], VALUES, ["a"], rng=rng)
    with pytest.raises(InputError, match="2 groups for 1 units"):
        evaluate_stance(["favor"], scores, ["none"], VALUES, ["a", "b"], rng=rng)
