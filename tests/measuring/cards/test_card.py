"""What a card holds, and which frames it holds to be left out."""

from __future__ import annotations

import dataclasses

import pytest

from framing.measuring.cards.card import is_left_out
from framing.measuring.cards.peershares import FrameComparison

MISSING = FrameComparison(
    "lag", "as expected", 0.02, 0.0, 0.1, 0.2, 0.1, 0.3, 0.0, 0.5, 0.8, 0.2, 0.3, 0.6
)


@pytest.mark.parametrize(
    ("change", "left_out"),
    [
        ({}, True),
        ({"status": "under-stressed"}, True),
        ({"status": "over-stressed"}, False),
        ({"status": "cannot say"}, False),
        ({"lacking": 0.5}, False),
        ({"peers_lacking": 0.34}, False),
        ({"peers_lacking": 0.33}, True),
    ],
)
def test_left_out(change, left_out):
    assert is_left_out(dataclasses.replace(MISSING, **change)) is left_out
