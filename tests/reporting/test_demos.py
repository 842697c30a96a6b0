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


def change_contrast(drift, **cells):
    """Change the contrast of the frame alone."""
    contrasts = drift.contrasts.astype(object)
    at = contrasts["label"] == "cost"
    assert at.sum() == 1
    for name, cell in cells.items():
        contrasts.loc[at, name] = cell
    return replace(drift, contrasts=contrasts)


SEEN = {
    "a": "Herald",
    "b": "Post",
    "share_a": 0.75,
    "share_b": 0.25,
    "difference": 0.5,
    "low": 0.31,
    "high": 0.66,
    "n_articles_a": 2,
    "n_articles_b": 3,
}


def test_the_widest_gap_is_named_with_both_sides_and_all_tests(training, evaluation, drift):
    seen = change_contrast(drift, **SEEN, p_adjusted=0.012, stands=True)
    assert format_summary(training, evaluation, seen, PREDICTIONS, NAMES)[2] == (
        "The widest gap between outlets is in Cost: an estimated .75 of paragraphs in Herald, "
        ".25 in Post, a difference of .50 [.31, .66]. "
        f"Corrected for all {drift.facts['n_tests']} tests (p = .01) it stands."
    )


def test_what_does_not_stand_is_a_hint(training, evaluation, drift):
    seen = change_contrast(drift, **SEEN, p_adjusted=0.4, stands=False)
    told = format_summary(training, evaluation, seen, PREDICTIONS, NAMES)[2]
    assert told.endswith(
        "(p = .40) it does not stand: with 2 and 3 articles that is a hint and no proof."
    )


def test_where_nothing_can_be_tested_nothing_is_claimed(training, evaluation, drift):
    none = change_contrast(drift, p_adjusted=None)
    told = format_summary(training, evaluation, none, PREDICTIONS, NAMES)[2]
    assert told == "There are too few articles to compare the outlets."


def test_the_surest_paragraph_is_quoted_with_its_terms_once(training, evaluation, drift):
    example = format_summary(training, evaluation, drift, PREDICTIONS, NAMES)[3]
    assert example == (
        "For example, Post (2024-05-06): “The bill fell.” is labelled Cost (.90), mostly because "
        'of "bill".'
    )


def test_without_a_framed_paragraph_there_is_no_example(training, evaluation, drift):
    none = [predict("Swans.", 0.9, frames=()), predict("3 Comments", 0.9, kind="headline")]
    assert len(format_summary(training, evaluation, drift, none, NAMES)) == 3
