"""How well a model does, as one self-contained HTML page: tables, and a diagram a frame.

The blocks are those of the Markdown report (`framing.reporting.training`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from framing.reporting.blocks import Block
from framing.reporting.diagrams import draw_diagrams
from framing.reporting.rendering import render
from framing.reporting.training import choose_split, lay_out_evaluation, lay_out_training
from framing.scoring.model import Model

Content = Mapping[str, Any]

_NO_FRAMES = (
    "The data is coded for no frame, so there is no diagram; how reliable a stance's probabilities "
    "are is in the calibration error beneath its table."
)
_NO_SPLIT = "No units were held out, so there are no figures and no diagrams."
_FINAL_THRESHOLDS = (
    "The held-out units were judged by a model for each fold, with thresholds of its own; the "
    "thresholds shown are those of the final model."
)


def render_evaluation(content: Content, model: Model) -> str:
    """Render an evaluation report (see ``EvaluationReport.to_dict``) of a model as a page."""
    return _render(
        f"Evaluation of model {model.hash}",
        lay_out_evaluation(content),
        frames=content["frames"],
        notes=[] if content["frames"] else [_NO_FRAMES],
        model=model,
    )


def render_training(content: Content, model: Model) -> str:
    """Render a training report (see ``TrainingReport.to_dict``) of a model as a page.

    Diagrams are of the split that is told frame by frame.
    """
    told = choose_split(content)
    frames = told["frames"] if told else None
    note = _FINAL_THRESHOLDS if frames else _NO_FRAMES if told else _NO_SPLIT
    return _render(
        f"Training of model {model.hash}",
        lay_out_training(content),
        frames=frames,
        notes=[note],
        model=model,
    )


def _render(
    title: str,
    blocks: Sequence[Block],
    *,
    frames: Content | None,
    notes: Sequence[str],
    model: Model,
) -> str:
    names = {frame.id: frame.name for frame in model.codebook.frames}
    thresholds = {head.id: head.threshold for head in model.frames}
    return render(
        "scores.html",
        title=title,
        blocks=[(type(block).__name__.lower(), block) for block in blocks],
        notes=notes,
        diagrams=draw_diagrams(frames, names=names, thresholds=thresholds) if frames else [],
        level=f"{frames['level']:.0%}" if frames else "",
    )
