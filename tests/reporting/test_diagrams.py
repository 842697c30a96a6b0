"""Reliability diagrams: every point stands where its numbers say, in the drawing and in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from framing.reporting.diagrams import SIDE, STRIP, draw_diagrams
from framing.reporting.tables import format_estimate

EMPTY = {"n_units": [0] * 10} | {
    name: [None] * 10 for name in ("predicted", "observed", "low", "high")
}


@pytest.fixture
def frames(numbers):
    return numbers.frames(cost=24, risk=9)


def draw(frames, **options):
    return draw_diagrams(
        frames, **{"names": {"cost": "The cost"}, "thresholds": {"cost": 0.4}, **options}
    )


def read_guide(frames, **changes):
    """Return how the diagram is to be read once some columns of its curve are others."""
    curve = {**frames["reliability"]["cost"], **changes}
    (diagram,) = draw({**frames, "reliability": {"cost": curve}})
    return diagram.guide


def keep_bin(frames, number):
    """Return the columns of a curve of which one bin alone holds units."""
    curve = frames["reliability"]["cost"]
    return {
        name: [value if n == number else EMPTY[name][n] for n, value in enumerate(column)]
        for name, column in curve.items()
    }


def test_one_diagram_a_frame_in_order_under_its_name(frames):
    cost, risk = draw(frames)
    assert (cost.id, cost.title) == ("cost", "The cost")
    assert (risk.id, risk.title) == ("risk", "risk")
    assert draw({**frames, "reliability": {}}) == []


def test_points_stand_at_prediction_and_share_with_zero_at_the_bottom_left(frames):
    marks = draw(frames)[0].marks
    assert [(mark.x, mark.y) for mark in marks] == [
        (10, 175),
        (50, 155.6),
        (112, 150),
        (168, 100),
        (190, 0),
    ]
    assert [(mark.high, mark.low) for mark in marks] == [
        (160, 184),
        (130, 180),
        (100, 180),
        (None, None),
        (0, 0),
    ]


def test_the_more_units_the_larger_the_point_and_the_taller_the_bar(frames):
    diagram = draw(frames)[0]
    assert [bar.n_units for bar in diagram.bars] == [36, 9, 3, 2, 10]
    assert [bar.height for bar in diagram.bars] == [STRIP, 9, 3, 2, 10]
    radii = [mark.radius for mark in diagram.marks]
    roots = [6, 3, 3**0.5, 2**0.5, 10**0.5]
    assert radii == pytest.approx([2.5 + 5.5 * root / 6 for root in roots], abs=0.06)


def test_bars_stand_on_their_bins(frames):
    bars = draw(frames)[0].bars
    assert [bar.x / SIDE for bar in bars] == pytest.approx([0, 0.2, 0.5, 0.8, 0.9])
    assert {bar.width for bar in bars} == {SIDE / 10}


def test_a_bar_of_few_units_can_be_seen(frames):
    curve = {**frames["reliability"]["cost"], "n_units": [9000, 0, 1, 0, 0, 4, 0, 0, 2, 9]}
    bars = draw({**frames, "reliability": {"cost": curve}})[0].bars
    assert [bar.height for bar in bars] == [STRIP, 1, 1, 1, 1]


def test_the_threshold_is_drawn_where_it_is_known(frames):
    cost, risk = draw(frames)
    assert (cost.cut.x, cost.cut.share) == (80, ".40")
    assert cost.caption.endswith("Decided for from .40 on.")
    assert "decided for from 0.40 on" in cost.label
    assert risk.cut is None
    assert "ecided" not in risk.caption + risk.label


def test_the_caption_holds_the_calibration_error_and_the_counts(frames):
    error = format_estimate(frames["labels"]["risk"]["calibration_error"], digits=3)
    assert draw(frames)[1].caption == (
        f"Calibration error {error}; 60 coded units of 12 articles, 9 of them with the frame."
    )


def test_the_label_says_every_point_in_words(frames):
    assert draw(frames)[0].label == (
        "Reliability diagram of The cost: shares that carry the frame, with 95% intervals, by "
        "predicted probability. "
        "36 units from 0.0 to 0.1, predicted 0.05, observed 0.12, interval 0.08 to 0.20; "
        "9 units from 0.2 to 0.3, predicted 0.25, observed 0.22, interval 0.10 to 0.35; "
        "3 units from 0.5 to 0.6, predicted 0.56, observed 0.25, interval 0.10 to 0.50; "
        "2 units from 0.8 to 0.9, predicted 0.84, observed 0.50, no interval; "
        "10 units from 0.9 to 1.0, predicted 0.95, observed 1.00, interval 1.00 to 1.00. "
        "The frame is decided for from 0.40 on."
    )
    assert "with 80% intervals" in draw({**frames, "level": 0.8})[0].label


def test_a_point_says_its_numbers(frames):
    notes = [mark.note for mark in draw(frames)[0].marks]
    assert notes[1] == "9 units: predicted .25, observed .22 [.10, .35]"
    assert notes[3] == "2 units: predicted .84, observed .50"


def test_the_guide_reads_the_fullest_point_above_the_lowest_that_has_an_interval(frames):
    assert read_guide(frames) == (
        "How to read it: of the 9 units with a probability of .2 to .3 (.25 on average) a share of "
        ".22 [.10, .35] carries the frame, and what is predicted lies within the interval."
    )


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        (0, "which is more than predicted: these probabilities are too low."),
        (5, "which is less than predicted: these probabilities are too high."),
        (8, "all in one article, which says nothing of others."),
        (9, "and since all are alike, the interval cannot show how uncertain that is."),
    ],
)
def test_the_guide_judges_what_it_reads(frames, number, verdict):
    guide = read_guide(frames, **keep_bin(frames, number))
    assert f"a probability of .{number} to " in guide
    assert guide.endswith(verdict)


def test_one_unit_is_one(frames):
    columns = keep_bin(frames, 8)
    columns["n_units"][8] = 1
    assert "of the 1 unit with" in read_guide(frames, **columns)


def test_a_frame_that_is_coded_nowhere_has_an_empty_diagram(frames):
    (diagram,) = draw({**frames, "reliability": {"cost": EMPTY}}, thresholds={})
    assert replace(diagram, caption="") == replace(
        diagram,
        caption="",
        label="Reliability diagram of The cost: no unit is coded.",
        guide="No unit is coded for this frame, so there is nothing to draw.",
        marks=[],
        bars=[],
        cut=None,
    )
