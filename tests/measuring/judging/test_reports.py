"""Tests of reports as JSON values."""

import json

import numpy as np

from framing.measuring.judging.estimation import BOOTSTRAP, ScoreTable
from framing.measuring.judging.reports import Comparison, FrameScores, ValueScores
from framing.schema import Estimate, describe

TABLE = ScoreTable(
    values=np.arange(5.0)[None] / 10,
    lows=np.full((1, 5), np.nan),
    highs=np.full((1, 5), 0.9),
    methods=np.full((1, 5), BOOTSTRAP, dtype=object),
    level=0.95,
)
UNITS = np.array([2.0, 0.0, 3.0])


def test_estimates_keep_every_field_and_lose_nan():
    estimate = Estimate(0.5, float("nan"), 0.75, 8, 3, "naive", 0.9)
    assert describe(estimate) == {
        "value": 0.5,
        "low": None,
        "high": 0.75,
        "n_units": 8,
        "n_articles": 3,
        "method": "naive",
        "level": 0.9,
    }


def test_frame_scores_stand_in_the_order_of_the_table():
    scores = FrameScores.read(TABLE, 0, units=UNITS, n_positive=4.0)
    described = scores.to_dict()
    names = ["precision", "recall", "f1", "average_precision", "calibration_error"]
    assert [described[name]["value"] for name in names] == [0, 0.1, 0.2, 0.3, 0.4]
    assert list(described)[5:] == ["n_units", "n_positive", "n_articles"]
    assert (scores.n_units, scores.n_positive, scores.n_articles) == (5, 4, 2)
    assert scores.f1.n_articles == 2
    json.dumps(described, allow_nan=False)


def test_value_scores_stand_in_the_order_of_the_table():
    narrow = ScoreTable(
        *(a[:, :3] for a in (TABLE.values, TABLE.lows, TABLE.highs, TABLE.methods)), 0.95
    )
    scores = ValueScores.read(narrow, 0, units=UNITS)
    assert (scores.precision.value, scores.recall.value, scores.f1.value) == (0, 0.1, 0.2)
    assert (scores.n_units, scores.n_articles) == (5, 2)


def test_comparisons_are_described_by_average():
    gain = Estimate(0.1, 0.0, 0.2, 5, 2, BOOTSTRAP)
    assert Comparison(gain, gain).to_dict()["macro_f1"]["high"] == 0.2
