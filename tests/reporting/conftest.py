"""Numbers to print: each different, so that one in the wrong cell is seen."""

from __future__ import annotations

from itertools import count

import pandas as pd
import pytest

from framing.measuring.drift import measure_drift

SCORES = ("precision", "recall", "f1", "average_precision", "calibration_error")

CURVE = {
    "n_units": [36, 0, 9, 0, 0, 3, 0, 0, 2, 10],
    "predicted": [0.05, None, 0.25, None, None, 0.56, None, None, 0.84, 0.95],
    "observed": [0.125, None, 0.2222, None, None, 0.25, None, None, 0.5, 1.0],
    "low": [0.08, None, 0.1, None, None, 0.1, None, None, None, 1.0],
    "high": [0.2, None, 0.35, None, None, 0.5, None, None, None, 1.0],
}
"""Of 60 units: too low, right, too high, one article, all alike."""


class Numbers:
    """Hands out estimates .01, .02, ... each with an interval of its own, as JSON values."""

    def __init__(self) -> None:
        self._next = count(1)

    def estimate(self):
        value = next(self._next) / 100
        return {"value": value, "low": value - 0.005, "high": value + 0.005}

    def scores(self, n_positive):
        counts = {"n_units": 60, "n_positive": n_positive, "n_articles": 12}
        return {name: self.estimate() for name in SCORES} | counts

    def frames(self, **positives):
        labels = {name: self.scores(number) for name, number in positives.items()}
        averages = {"micro": self.scores(48), "macro": self.scores(49)}
        curves = dict.fromkeys(labels, CURVE)
        return {"labels": labels, **averages, "reliability": curves, "level": 0.95}

    def stance(self, **units):
        values = {
            value: {name: self.estimate() for name in SCORES[:3]} | {"n_units": number}
            for value, number in units.items()
        }
        names = ("macro_f1", "accuracy", "calibration_error")
        return {"values": values, "n_units": 60} | {name: self.estimate() for name in names}

    def promises(self, **sure):
        """Take of each frame how many units are surely present, and surely absent."""
        return {
            name: {
                "present": self.estimate() | {"n_units": present},
                "absent": self.estimate() | {"n_units": absent},
                "uncertain": 1 - (present + absent) / 60,
                "n_units": 60,
            }
            for name, (present, absent) in sure.items()
        }


@pytest.fixture
def numbers():
    return Numbers()


@pytest.fixture
def training(numbers):
    """A training report as JSON values: two ways of splitting, two frames, one target."""
    splits = [
        {
            "split": split,
            "n_folds": folds,
            "nested": split == "grouped",
            "frames": numbers.frames(cost=24, risk=9),
            "naive_frames": numbers.frames(cost=24, risk=9),
            "gain": {f"{key}_f1": numbers.estimate() for key in ("micro", "macro")},
            "stances": {"law": numbers.stance(pro=20, con=40)},
            "naive_stances": {"law": numbers.stance(pro=20, con=40)},
            "promises": numbers.promises(cost=(21, 27), risk=(3, 54)),
            "stance_gains": {"law": {n: numbers.estimate() for n in ("macro_f1", "accuracy")}},
        }
        for split, folds in (("grouped", 5), ("source", 3))
    ]
    return {
        "signature": "framing:9.9|seed:0",
        "data": "0123456789ab",
        "settings": {"frames": "word1-2|C:10", "law": "word1-2|C:10"},
        "skipped": [{"label": "rare", "reason": "4 units with it, 5 are needed"}],
        "splits": splits,
        "dropped": [],
        "precision": 0.9,
        "n_positive": {"cost": 24, "risk": 9},
        "n_units": 61,
        "n_articles": 12,
        "n_sources": 3,
        "versions": {"framing": "9.9", "numpy": "2.0"},
    }


@pytest.fixture
def drift():
    """Two sources of two articles; every probability of a source is the same, so bounds meet it."""
    rows = [
        {
            "id": f"{source}{article}:{unit}",
            "article": f"{source}{article}",
            "source": source,
            "kind": "paragraph",
            "date": "2024-05-06",
            "frames": "cost" if share > 0.5 else "[]",
            "p:cost": share,
            "stance:law": "pro",
            "p:law:pro": 0.7,
            "p:law:con": 0.3,
            "model": "m" * 12,
            "codebook": "c" * 12,
        }
        for source, share in (("Post", 0.25), ("Herald", 0.75))
        for article in "ab"
        for unit in range(3)
    ]
    rows.append({**rows[0], "id": "x", "kind": "boilerplate"})
    return measure_drift(pd.DataFrame(rows), resamples=100)
