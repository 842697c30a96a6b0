"""What the demo says it found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from framing.reporting.demos import format_summary
from framing.reporting.tables import format_estimate, format_share
from framing.schema import Evidence, Paragraph, Prediction

NAMES = {"cost": "Cost", "risk": "Risk"}


def predict(text, probability, *, frames=("cost",), kind="paragraph"):
    paragraph = Paragraph("a:1", "a", text, 0, len(text), kind, "T", "Post", "2024-05-06")
    evidence = (Evidence("cost", "bill", 1.0, 4, 8), Evidence("cost", "bill", 0.5, 4, 8))
    return Prediction(paragraph, frames, {"cost": probability, "risk": 0.1}, {}, evidence, "m", "c")


PREDICTIONS = [predict("The bill rose.", 0.7), predict("The bill fell.", 0.9)]


@pytest.fixture
def evaluation(numbers):
    return {"n_units": 77, "frames": numbers.frames(cost=24, risk=9), "stances": {}}


def test_training_and_evaluation_are_told_with_their_numbers(training, evaluation, drift):
    sentences = format_summary(training, evaluation, drift, PREDICTIONS, NAMES)
    held_out = next(split for split in training["splits"] if split["split"] == "source")
    assert "61 coded paragraphs of 12 articles by 3 outlets" in sentences[0]
    assert format_estimate(held_out["frames"]["micro"]["f1"]) in sentences[0]
    assert format_share(held_out["naive_frames"]["micro"]["f1"]["value"]) in sentences[0]
    frames = evaluation["frames"]
    assert "77 paragraphs" in sentences[1]
    assert format_estimate(frames["micro"]["f1"]) in sentences[1]
    best, worst = (format_estimate(frames["labels"][name]["f1"]) for name in ("risk", "cost"))
    assert f"from Risk with {best} down to Cost with {worst}." in sentences[1]


def test_the_widest_gap_is_named_with_both_sides(training, evaluation, drift):
    contrast = format_summary(training, evaluation, drift, PREDICTIONS, NAMES)[2]
    assert "in Cost: an estimated .75 [.51, .90] of paragraphs in Herald" in contrast
    assert ".25 [.10, .49] in Post" in contrast
    assert "2 and 2 articles" in contrast
    assert "no proof" in contrast


@pytest.mark.parametrize("width", [0.3, float("nan")])
def test_where_intervals_meet_nothing_is_claimed(training, evaluation, drift, width):
    """.25 and .75, give or take .3, overlap between .45 and .55."""
    share = drift.cells["share"]
    vague = replace(drift, cells=drift.cells.assign(low=share - width, high=share + width))
    contrast = format_summary(training, evaluation, vague, PREDICTIONS, NAMES)[2]
    assert contrast.startswith("No frame differs between the outlets by more than the intervals")


def test_the_surest_paragraph_is_quoted_with_its_terms_once(training, evaluation, drift):
    example = format_summary(training, evaluation, drift, PREDICTIONS, NAMES)[3]
    assert example == (
        "For example, Post (2024-05-06): “The bill fell.” is labelled Cost (.90), mostly because "
        'of "bill".'
    )


def test_without_a_framed_paragraph_there_is_no_example(training, evaluation, drift):
    none = [predict("Swans.", 0.9, frames=()), predict("3 Comments", 0.9, kind="headline")]
    assert len(format_summary(training, evaluation, drift, none, NAMES)) == 3
