"""The model card."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from framing.reporting.cards import format_card
from framing.scoring.modelfile import load_model


def test_a_card_says_what_the_model_is_and_is_not_for(model):
    card = format_card(model, size=1_234_567)
    assert card.startswith(f"# Model {model.hash}\n")
    assert f"codebook bridges 1.2.0 ({model.codebook.hash})" in card
    assert "2 frames, 1 stance targets" in card
    assert f"{model.vectorizer.n_features:,} features" in card
    assert "1.2 MB" in card
    assert "Trained on 60 coded units of 12 articles from 3 sources" in card
    for name, number in model.training["versions"].items():
        assert f"{name} {number}" in card
    assert "none should be published unread" in card
    assert card.endswith(".\n")


def test_thresholds_are_listed(model):
    card = format_card(model, size=1)
    for head in model.frames:
        (line,) = [line for line in card.splitlines() if line.startswith(f"| {head.id} ")]
        low, high = head.band
        assert [cell.strip() for cell in line.strip("|").split("|")] == [
            head.id,
            str(head.n_positive),
            str(head.n_units),
            f"{head.threshold:.3f}",
            f"{low:.3f}" if low else "-",
            f"{high:.3f}" if high < 2 else "-",
        ]


def test_the_bounds_of_sure_decisions_are_listed(model):
    heads = [replace(model.frames[0], band=(0.125, 0.875)), replace(model.frames[1], band=None)]
    card = format_card(replace(model, frames=tuple(heads)), size=1)
    first, second = (
        next(line for line in card.splitlines() if line.startswith(f"| {head.id} "))
        for head in heads
    )
    assert [cell.strip() for cell in first.strip("|").split("|")][-2:] == ["0.125", "0.875"]
    assert [cell.strip() for cell in second.strip("|").split("|")][-2:] == ["-", "-"]


def test_a_model_of_protocol_1_has_a_card():
    path = Path(__file__).parents[1] / "scoring" / "data" / "protocol-1.safetensors"
    model = load_model(path)
    card = format_card(model, size=path.stat().st_size)
    assert "Trained on 16 coded units of 4 articles" in card
    assert f"cross-validation: {model.training['candidate']}." in card
    assert "| water |" in card


def test_an_evaluation_is_put_first(model):
    card = format_card(model, size=1, evaluation="EVALUATED")
    assert card.index("EVALUATED") < card.index("Trained on")
    assert "On articles that had no part in training" not in format_card(model, size=1)


def test_headings_go_down_a_step_at_a_time(model):
    lines = format_card(model, size=1, evaluation="x").splitlines()
    levels = [len(line.split()[0]) for line in lines if line.startswith("#")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert levels.count(1) == 1
