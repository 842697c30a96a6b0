"""Tests of reliability curves: bin by bin, resample by resample, and against calibration errors."""

import json
import math
from dataclasses import astuple

import numpy as np
import pytest

from framing.measuring.intervals import ArticleResampler, resample_weights
from framing.measuring.judging.metrics import evaluate_frames
from framing.measuring.judging.reliability import ReliabilityCurve, trace_curves
from framing.schema import InputError

NAN = float("nan")


def make_frames(seed=0, *, n=150, n_labels=3, n_articles=20, coded=0.8):
    rng = np.random.default_rng(seed)
    groups = [f"article {a}" for a in rng.integers(0, n_articles, n)]
    scores = rng.random((n, n_labels)) ** 2
    truth = (rng.random((n, n_labels)) < scores).astype(float)
    truth[rng.random((n, n_labels)) > coded] = NAN
    return truth, scores, scores > 0.4, groups, [f"frame {k}" for k in range(n_labels)]


def evaluate(data, **options):
    rng = np.random.default_rng(0)
    return evaluate_frames(*data, rng=rng, **{"resamples": 40, **options})


def trace(truth, scores, groups, **options):
    """Trace the curve of one frame that is coded throughout."""
    present = np.array(truth, dtype=bool)[:, None]
    resampler = ArticleResampler.draw(groups, resamples=40, rng=np.random.default_rng(0))
    curves = trace_curves(
        present,
        np.ones_like(present),
        scores=np.array(scores, dtype=float)[:, None],
        resampler=resampler,
        labels=["lag"],
        **options,
    )
    return curves["lag"]


@pytest.mark.parametrize("seed", range(4))
def test_distances_weighted_by_units_are_the_calibration_error(seed):
    report = evaluate(make_frames(seed))
    for label, scores in report.labels.items():
        curve = report.reliability[label]
        distances = [
            n * abs(observed - predicted)
            for n, observed, predicted in zip(
                curve.n_units, curve.observed, curve.predicted, strict=True
            )
            if n
        ]
        assert sum(curve.n_units) == scores.n_units
        assert sum(distances) / scores.n_units == pytest.approx(scores.calibration_error.value)
        assert scores.calibration_error.value > 0


def test_each_bin_holds_the_coded_units_within_its_edges():
    truth, scores, *_ = data = make_frames(3)
    report = evaluate(data)
    assert list(report.reliability) == data[4]
    for k, label in enumerate(data[4]):
        curve = report.reliability[label]
        for number in range(10):
            inside = (scores[:, k] > number / 10) & (scores[:, k] <= (number + 1) / 10)
            inside &= ~np.isnan(truth[:, k])
            assert curve.n_units[number] == inside.sum()
            assert curve.predicted[number] == pytest.approx(scores[inside, k].mean())
            assert curve.observed[number] == pytest.approx(truth[inside, k].mean())


def test_intervals_are_percentiles_over_resampled_articles():
    truth, scores, *_, groups, _ = data = make_frames(coded=1.0, n_articles=8)
    curve = evaluate(data, level=0.8).reliability["frame 1"]
    codes, counts = resample_weights(groups, resamples=40, rng=np.random.default_rng(0))
    inside = (scores[:, 1] > 0.2) & (scores[:, 1] <= 0.3)
    weights = counts[:, codes[inside]]
    shares = weights @ truth[inside, 1] / weights.sum(axis=1)
    assert (curve.low[2], curve.high[2]) == pytest.approx(np.quantile(shares, [0.1, 0.9]))
    assert curve.low[2] < curve.observed[2] < curve.high[2]


def test_resamples_without_a_unit_in_the_bin_are_left_out():
    curve = trace([1, 1, 0, 0], [0.95, 0.95, 0.15, 0.15], "abcd")
    assert (curve.observed[9], curve.low[9], curve.high[9]) == (1, 1, 1)
    assert (curve.observed[1], curve.low[1], curve.high[1]) == (0, 0, 0)


def test_a_bin_of_one_article_has_no_interval():
    curve = trace([1, 0, 1, 0], [0.95, 0.92, 0.15, 0.15], ["a", "a", "a", "b"])
    assert curve.n_units == (0, 2, 0, 0, 0, 0, 0, 0, 0, 2)
    assert (curve.observed[9], curve.observed[1]) == (0.5, 0.5)
    assert math.isnan(curve.low[9])
    assert math.isnan(curve.high[9])
    assert (curve.low[1], curve.high[1]) == (0, 1)


def test_an_empty_bin_says_nothing():
    curve = trace([1, 0], [0.0, 1.0], "ab")
    assert curve.n_units == (1, *[0] * 8, 1)
    for part in astuple(curve)[1:]:
        assert np.isnan(part[1:9]).all()
    assert (curve.predicted[0], curve.predicted[9]) == (0, 1)


@pytest.mark.parametrize("n", [0, 2])
def test_nothing_coded_gives_empty_bins(n):
    empty = np.full((n, 1), NAN)
    report = evaluate((empty, empty, np.zeros((n, 1)), list(range(n)), ["lag"]))
    assert report.reliability["lag"] == ReliabilityCurve((0,) * 10, *([(math.nan,) * 10] * 4))


def test_curves_are_json_with_none_where_nothing_is_known():
    report = evaluate(([[1], [0]], [[0.95], [0.15]], [[1], [0]], "ab", ["lag"])).to_dict()
    described = report["reliability"]["lag"]
    assert list(described) == ["n_units", "predicted", "observed", "low", "high"]
    assert described["n_units"] == [0, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert described["predicted"] == [None, 0.15, *[None] * 7, 0.95]
    assert described["low"] == [None] * 10
    json.dumps(report, allow_nan=False)


def test_equal_curves_compare_equal_though_they_hold_nan():
    data = make_frames(n=30)
    first, again = (evaluate(data).reliability for _ in range(2))
    assert any(math.isnan(value) for curve in first.values() for value in curve.low)
    assert first == again
    assert {k: c.round_to(3) for k, c in first.items()} == {
        k: c.round_to(3) for k, c in again.items()
    }


def test_rounding_keeps_counts_and_nan():
    curve = ReliabilityCurve((7, 0), (0.12345, NAN), (0.98765, NAN), (0.5, NAN), (1.0, NAN))
    rounded = curve.round_to(3)
    assert rounded.n_units == (7, 0)
    assert (rounded.predicted[0], rounded.observed[0]) == (0.123, 0.988)
    assert math.isnan(rounded.predicted[1])


def test_the_level_is_checked():
    with pytest.raises(InputError, match="level is 95"):
        trace([1, 0], [0.5, 0.5], "ab", level=95)
