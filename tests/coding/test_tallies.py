"""Tests of counts of codes, and what the shipped seeds must hold."""

import math
from pathlib import Path

import pytest

from framing.coding.scheme import Codebook, Frame, StanceTarget, StanceValue
from framing.coding.tallies import Extent, tally_codes
from framing.interface import gather_coded
from framing.schema import CodedUnit, Coding, Paragraph

BOOK = Codebook(
    "small",
    "1.0.0",
    frames=(Frame("cost", "Cost"), Frame("risk", "Risk")),
    targets=(StanceTarget("levy", "Levy", "", (StanceValue("for"), StanceValue("none")), "none"),),
)
ROOT = Path(__file__).parents[2]


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
    assert tally.unframed == Extent(1, 1, 0)
    assert tally.density == pytest.approx(4 / 4)


def test_nothing_coded_has_no_density():
    tally = tally_codes([], BOOK)
    assert tally.whole == Extent(0, 0, 0)
    assert math.isnan(tally.density)


@pytest.fixture(scope="module")
def shipped():
    coded = gather_coded(seeds=ROOT / "seeds", labels=ROOT / "labels")
    return tally_codes(coded.units, coded.codebook)


def test_the_shipped_seeds_are_many_and_of_many_outlets(shipped):
    assert shipped.whole.n_articles >= 180
    assert shipped.whole.n_units >= 1400
    assert shipped.whole.n_sources >= 15


def test_every_frame_of_the_shipped_seeds_is_well_covered(shipped):
    for frame, extent in shipped.frames.items():
        assert extent.n_units >= 120, frame
        assert extent.n_articles >= 40, frame
        assert extent.n_sources >= 8, frame


def test_every_stance_taken_in_the_shipped_seeds_is_well_covered(shipped):
    for target, values in shipped.stances.items():
        for value, extent in values.items():
            if value != "none":
                assert extent.n_units >= 60, (target, value)


def test_a_third_of_the_shipped_seeds_carry_no_frame(shipped):
    assert shipped.unframed.n_units >= shipped.whole.n_units / 3


def test_the_test_slice_is_twenty_articles_of_three_outlets_that_train_nothing(shipped):
    coded = gather_coded(seeds=ROOT / "seeds/test", labels=ROOT / "labels/test")
    tally = tally_codes(coded.units, coded.codebook)
    assert (tally.whole.n_articles, tally.whole.n_sources) == (20, 3)
    training = gather_coded(seeds=ROOT / "seeds", labels=ROOT / "labels")
    sources = {unit.paragraph.source for unit in training.units}
    assert not sources & {unit.paragraph.source for unit in coded.units}
