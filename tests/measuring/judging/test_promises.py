"""Tests of how sure decisions are judged."""

from __future__ import annotations

import json

import numpy as np
import pytest

from framing.measuring.judging.promises import measure_promises
from framing.measuring.judging.reports import MICRO
from framing.schema import InputError

Y = np.array([[1, 0], [1, 1], [0, 0], [0, 1], [1, np.nan], [0, 0]])
D = np.array([[1, 0], [1, 0], [1, 0], [0, 1], [0, 1], [0, 0]], bool)
SURE = np.array([[1, 1], [1, 1], [1, 0], [1, 1], [0, 1], [1, 1]], bool)
GROUPS = list("aabbcc")


def measure(truth=Y, decided=D, sure=SURE, groups=GROUPS, labels=("lag", "risk"), resamples=200):
    rng = np.random.default_rng(0)
    return measure_promises(truth, decided, sure, groups, labels, rng=rng, resamples=resamples)


def test_shares_are_of_sure_decisions_alone():
    lag, risk = (measure()[name] for name in ("lag", "risk"))
    assert (lag.present.value, lag.present.n_units) == (pytest.approx(2 / 3), 3)
    assert (lag.absent.value, lag.absent.n_units) == (1.0, 2)
    assert (lag.uncertain, lag.n_units) == (pytest.approx(1 / 6), 6)
    # Of risk, the fifth unit is not coded and the third is uncertain.
    assert (risk.present.value, risk.present.n_units) == (1.0, 1)
    assert (risk.absent.value, risk.absent.n_units) == (pytest.approx(2 / 3), 3)
    assert (risk.uncertain, risk.n_units) == (pytest.approx(1 / 5), 5)


def test_all_frames_together_pool_their_cells():
    pooled = measure()[MICRO]
    assert (pooled.present.value, pooled.present.n_units) == (pytest.approx(3 / 4), 4)
    assert (pooled.absent.value, pooled.absent.n_units) == (pytest.approx(4 / 5), 5)
    assert (pooled.uncertain, pooled.n_units) == (pytest.approx(2 / 11), 11)


def test_intervals_come_from_articles_and_hold_the_value():
    lag = measure()["lag"].present
    assert lag.n_articles == 2
    assert lag.low <= lag.value <= lag.high
    assert lag.low == 0.0  # article b alone
    assert lag.high == 1.0  # article a alone


def test_nothing_sure_has_no_share():
    promise = measure(sure=np.zeros_like(SURE))["lag"]
    assert np.isnan([promise.present.value, promise.absent.value, promise.present.low]).all()
    assert promise.present.n_units == promise.absent.n_units == 0
    assert promise.uncertain == 1.0
    assert json.loads(json.dumps(promise.to_dict()))["present"]["value"] is None


def test_a_frame_that_nobody_coded_has_no_share():
    truth = Y.copy()
    truth[:, 1] = np.nan
    promise = measure(truth)["risk"]
    assert promise.n_units == 0
    assert np.isnan([promise.uncertain, promise.present.value]).all()


def test_units_coded_for_nothing_are_not_resampled():
    """An article without codes says nothing, so it must not make intervals wider."""
    blank = np.full((5, 2), np.nan)
    padded = measure(
        np.vstack([Y, blank]),
        np.vstack([D, np.ones((5, 2), bool)]),
        np.vstack([SURE, np.ones((5, 2), bool)]),
        [*GROUPS, *"defgh"],
    )
    assert {name: promise.to_dict() for name, promise in padded.items()} == {
        name: promise.to_dict() for name, promise in measure().items()
    }


def test_shapes_that_differ_are_refused():
    with pytest.raises(InputError, match=r"decisions have shape \(6, 1\) and codings \(6, 2\)"):
        measure(decided=D[:, :1])


@pytest.mark.parametrize("groups", ["aabbc", "aabbccd", ""])
def test_every_unit_has_an_article(groups):
    with pytest.raises(InputError, match=f"^{len(groups)} groups for 6 units; give one a unit$"):
        measure(groups=list(groups))
