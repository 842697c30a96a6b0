"""Tests of how far doubts reach."""

import numpy as np
import pytest

from framing.measuring.prevalence.reaches import Reach, find_homes

FINE = (("Mail", "2020"), ("Mail", "2021"), ("Post", "2021"))
NAN = float("nan")


def test_what_is_below_does_not_reach_above():
    shares = np.array([[0.5], [0.5], [0.5]])
    others = np.array([[0.4], [0.9], [NAN]]), np.array([[0.3], [0.2], [NAN]])
    reach = Reach.to(shares, others)
    assert reach.down[:, 0] == pytest.approx([0.2, 0.3, 0.0])
    assert reach.up[:, 0] == pytest.approx([0.0, 0.4, 0.0])


@pytest.mark.parametrize(
    ("pooled", "homes"),
    [
        ((("", None),), [0, 0, 0]),
        ((("Mail", None), ("Post", None)), [0, 0, 1]),
        ((("", "2020"), ("", "2021")), [0, 1, 1]),
        (FINE, [0, 1, 2]),
    ],
)
def test_cells_find_their_home(pooled, homes):
    assert find_homes(FINE, pooled) == homes


def test_pools_are_off_by_their_part():
    reach = Reach(np.array([[0.0], [0.3], [0.1]]), np.array([[0.0], [0.0], [0.4]]))
    pooled = reach.pool([0, 1, 1], 3, np.array([[5.0], [10.0], [30.0]]))
    assert pooled.down[:, 0] == pytest.approx([0.0, 0.15, 0.0])
    assert pooled.up[:, 0] == pytest.approx([0.0, 0.3, 0.0])
    joined = pooled.join(Reach(np.array([[0.2], [0.0], [0.0]]), np.zeros((3, 1))))
    assert joined.down[:, 0] == pytest.approx([0.2, 0.15, 0.0])
    assert joined.keep(np.array([[False], [True], [True]])).down[0, 0] == 0.0
