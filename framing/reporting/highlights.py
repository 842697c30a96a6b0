"""A paragraph with the words marked that drove its labels, for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from framing.schema import Evidence, InputError
from framing.scoring.explanation import Explanation, LabelExplanation
from framing.scoring.heads import FEWEST_RELIABLE
from framing.scoring.model import Model

if TYPE_CHECKING:
    from rich.text import Text

_TERMS_FOR = 8
_TERMS_AGAINST = 3
_STYLE_FOR = "bold black on yellow"


def check_frame(model: Model, frame: str | None) -> None:
    """Refuse a frame that the model does not predict.

    Raises
    ------
    InputError
        If there is no such frame.
    """
    if frame is not None and not model.frames:
        raise InputError("the model has no frames", fix="leave out --frame")
    if frame is not None and frame not in model.frame_ids:
        raise InputError(
            f"the model has no frame '{frame}'", fix=f"choose one of {', '.join(model.frame_ids)}"
        )


def check_target(model: Model, target: str | None) -> None:
    """Refuse a target where the model would not look at it.

    Raises
    ------
    InputError
        If it did not learn stances toward whatever texts mention.
    """
    if target is not None and not model.sees_mentions:
        raise InputError(
            "the model tells no stance toward a target that is named", fix="leave out --target"
        )


def choose_labels(explanation: Explanation, frame: str | None) -> list[LabelExplanation]:
    """Choose what to explain: the frame asked for, or every label that was given."""
    if frame is not None:
        return [label for label in explanation.labels if label.label == frame]
    return [label for label in explanation.labels if label.present]


def render_explanation(explanation: Explanation, *, frame: str | None = None) -> Text:
    """Render the text with its strongest terms marked, and below it one line a label."""
    from rich.text import Text

    labels = choose_labels(explanation, frame)
    out = Text("\n")
    out.append_text(_mark_terms(explanation.text, [e for label in labels for e in _for(label)]))
    if not labels:
        out.append(f"\n  {_tell_none(explanation)}", style="dim")
    for label in labels:
        out.append(f"\n  {_describe(label)}", style="bold")
        out.append(_list_terms(label))
    return out.append("\n")


def _tell_none(explanation: Explanation) -> str:
    """Say that there is no label, and which frame is nearest to its threshold."""
    distances = {
        label: label.threshold - label.probability
        for label in explanation.labels
        if label.threshold is not None
    }
    if not distances:
        return "no label"
    return f"no frame (nearest: {_describe(min(distances, key=lambda label: distances[label]))})"


def _for(label: LabelExplanation) -> Sequence[Evidence]:
    return [item for item in label.evidence if item.weight > 0][:_TERMS_FOR]


def _mark_terms(text: str, evidence: Sequence[Evidence]) -> Text:
    from rich.text import Text

    marked = Text(text)
    for item in evidence:
        marked.stylize(_STYLE_FOR, item.start, item.end)
    return marked


def _describe(label: LabelExplanation) -> str:
    limit = "" if label.threshold is None else f", threshold {label.threshold:.2f}"
    rare = label.n_positive is not None and label.n_positive < FEWEST_RELIABLE
    doubt = f"; unreliable, learnt from {label.n_positive} units that carry it" if rare else ""
    return f"{label.label} (probability {label.probability:.2f}{limit}{doubt})"


def _list_terms(label: LabelExplanation) -> str:
    spoke = ", ".join(_write_term(item) for item in _for(label))
    against = [item for item in reversed(label.evidence) if item.weight < 0][:_TERMS_AGAINST]
    held = ", ".join(_write_term(item) for item in against)
    return f"\n    for: {spoke or '-'}" + (f"\n    against: {held}" if held else "")


def _write_term(item: Evidence) -> str:
    """Write a term and its weight; a mention that the text lacks has no letters in it."""
    return f"{item.term or '(target)'} {item.weight:+.2f}"
