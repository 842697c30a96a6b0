"""Tests of counts of codes."""

import math

import pytest

from framing.coding.scheme import Codebook, Frame, StanceTarget, StanceValue
from framing.coding.tallies import Extent, tally_codes
from framing.schema import CodedUnit, Coding, Paragraph

BOOK = Codebook(
    "small",
    "1.0.0",
    frames=(Frame("cost", "Cost"), Frame("risk", "Risk")),
    targets=(StanceTarget("levy", "Levy", "", (StanceValue("for"), StanceValue("none")), "none"),),
)


def code(number, article, source=None, **codes):
    name = f"{article}:{number}"
    return CodedUnit(Paragraph(name, article, "", 0, 0, source=source), Coding(name, **codes))


@pytest.fixture(scope="module")
def tally():
    units = [
        code(1, "a", "Post", frames={"cost": True, "risk": True}, stance={"levy": "for"}),
        code(2, "a", "Post", frames={"cost": True, "risk": False}),
        code(3, "b", "Post", frames={"cost": True}, stance={"levy": "for"}),
        code(4, "c", None, frames={"cost": False, "risk": False}, stance={"levy": "none"}),
        code(5, "d", "Herald", stance={"levy": "none"}),
    ]
    return tally_codes(units, BOOK)


def test_units_articles_and_sources_are_counted_a_label(tally):
    assert tally.whole == Extent(5, 4, 2)
    assert tally.frames == {"cost": Extent(3, 2, 1), "risk": Extent(1, 1, 1)}
    assert tally.stances == {"levy": {"for": Extent(2, 2, 1), "none": Extent(2, 2, 1)}}


def test_a_unit_that_is_not_coded_for_frames_is_not_one_without(tally):
    assert tally.framed == Extent(4, 3, 1)
    assert tally.unframed == Extent(1, 1, 0)
    assert tally.density == pytest.approx(4 / 4)


def test_nothing_coded_has_no_density():
    tally = tally_codes([], BOOK)
    assert tally.whole == Extent(0, 0, 0)
    assert math.isnan(tally.density)
