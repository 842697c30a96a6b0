"""The report of training on its way into the model file."""

import json

import numpy as np
import pytest

from framing.learning.judgements import SplitReport
from framing.learning.rarity import Skipped
from framing.learning.reports import TrainingReport
from framing.measuring.judging.metrics import evaluate_frames


def measure(seed):
    rng = np.random.default_rng(seed)
    shares = rng.random((30, 1))
    truth = (rng.random((30, 1)) < shares).astype(float)
    return evaluate_frames(
        truth, shares, shares > 0.5, np.arange(30) // 3, ["lag"], rng=rng, resamples=20
    )


def hold_out(split, *, nested=False, frames=True):
    ours, naive = (measure(seed) if frames else None for seed in (1, 2))
    return SplitReport(split, 5, nested, ours, naive, None, {}, {}, {}, {})


def build(*splits):
    return TrainingReport(
        signature="framing:1",
        data="0" * 12,
        settings={"frames": "word1-2|C:10"},
        skipped=(Skipped("rare", "4 units with it, 5 are needed"),),
        splits=splits,
        dropped=(Skipped("source", "the units name fewer than two sources"),),
        precision=0.9,
        n_positive={"lag": 7},
        unsolved=("china",),
        measurement={"lag": {"covariance": (0.2, 0.0, 0.1), "prior": 0.3}},
        domain={"median": 0.1},
        scores={"usual": 0.05},
        n_units=30,
        n_articles=10,
        n_sources=1,
        texts=("0123456789",),
        versions={"framing": "1"},
    )


def test_all_of_it_is_json():
    content = build(hold_out("random")).to_dict()
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    reason = "the units name fewer than two sources"
    assert content["dropped"] == [{"label": "source", "reason": reason}]
    assert (content["precision"], content["n_positive"]) == (0.9, {"lag": 7})
    assert content["unsolved"] == ["china"]
    assert content["measurement"] == {"lag": {"covariance": [0.2, 0.0, 0.1], "prior": 0.3}}
    assert content["domain"] == {"median": 0.1}
    assert content["scores"] == {"usual": 0.05}
    assert content["texts"] == ["0123456789"]


@pytest.mark.parametrize(("nested", "kept"), [(1, [False, True]), (None, [True, False])])
def test_the_split_that_is_told_keeps_its_curves_rounded(nested, kept):
    splits = [hold_out(way, nested=n == nested) for n, way in enumerate(("random", "grouped"))]
    found = build(*splits).to_dict()["splits"]
    assert [bool(split["frames"]["reliability"]) for split in found] == kept
    assert not any(split["naive_frames"]["reliability"] for split in found)
    (curve,) = (
        split["frames"]["reliability"]["lag"] for split in found if kept[found.index(split)]
    )
    whole = splits[0].frames.reliability["lag"].predicted
    known = [(a, b) for a, b in zip(curve["predicted"], whole, strict=True) if a is not None]
    assert len(known) > 3
    assert [a for a, _ in known] == [round(float(b), 4) for _, b in known]
    assert any(a != b for a, b in known)


def test_what_has_no_frames_or_splits_is_told_as_well():
    assert build(hold_out("random", frames=False)).to_dict()["splits"][0]["frames"] is None
    assert build().to_dict()["splits"] == []
