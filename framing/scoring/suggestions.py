"""What a model would code, for a coder's sheet: in columns of its own, never read as codings."""

from __future__ import annotations

from collections.abc import Callable

from framing.coding.sheets import SUGGESTION_PREFIX
from framing.records.cells import format_list
from framing.schema import Paragraph
from framing.scoring.model import Model

NO_TERM = "no term found"
"""Never blank, being the last cell: some spreadsheets drop a row's blank last cells when saving."""


def suggest_by_model(model: Model) -> Callable[[Paragraph], dict[str, str]]:
    """Return what fills the suggestion cells of a unit: frames, stances, and the terms behind."""

    def suggest(paragraph: Paragraph) -> dict[str, str]:
        (prediction,) = model.predict_paragraphs([paragraph])
        if prediction.frames is None:
            return {}
        cells = {f"{SUGGESTION_PREFIX}frames": format_list(prediction.frames)}
        for target, stance in (prediction.stance or {}).items():
            cells[f"{SUGGESTION_PREFIX}stance:{target}"] = stance.value
        terms = dict.fromkeys(item.term for item in prediction.evidence)
        return cells | {f"{SUGGESTION_PREFIX}terms": "; ".join(terms) or NO_TERM}

    return suggest
