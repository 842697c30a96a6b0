"""Predictions as rows: flat for CSV, Parquet and DataFrames, nested for JSONL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from framing.records.cells import format_list
from framing.records.writing import ColumnType
from framing.schema import Prediction

if TYPE_CHECKING:
    from framing.scoring.model import Model

_METADATA = ("id", "article", "source", "date", "title", "kind", "text")
_DIGITS = 7


def list_columns(model: Model) -> dict[str, ColumnType]:
    """Return the columns of a model's flat rows, in order, with their types."""
    columns: dict[str, ColumnType] = dict.fromkeys(_METADATA, "text")
    columns |= {"target": "text"} if model.sees_mentions else {}
    columns["frames"] = "text"
    columns |= {"uncertain": "text"} if model.promises else {}
    columns |= {f"p:{frame}": "number" for frame in model.frame_ids}
    for head in model.stances:
        columns[f"stance:{head.target}"] = "text"
        columns |= {f"p:{head.target}:{value}": "number" for value in head.values}
    return columns | {"evidence": "text", "model": "text", "codebook": "text"}


def flatten(prediction: Prediction) -> dict[str, Any]:
    """Return a prediction as one flat row; lists are joined by ``;``, or ``[]`` if empty."""
    row = _describe(prediction)
    row["frames"] = None if prediction.frames is None else format_list(prediction.frames)
    if prediction.uncertain is not None:
        row["uncertain"] = format_list(prediction.uncertain)
    for frame, probability in (prediction.probabilities or {}).items():
        row[f"p:{frame}"] = round(probability, _DIGITS)
    for target, stance in (prediction.stance or {}).items():
        row[f"stance:{target}"] = stance.value
        for value, probability in stance.probabilities.items():
            row[f"p:{target}:{value}"] = round(probability, _DIGITS)
    evidence = [asdict(item) for item in _round_evidence(prediction)]
    row["evidence"] = json.dumps(evidence, ensure_ascii=False) if evidence else None
    return row | {"model": prediction.model, "codebook": prediction.codebook}


def nest(prediction: Prediction) -> dict[str, Any]:
    """Return a prediction as one nested row; what boilerplate lacks is null."""
    row = _describe(prediction)
    scored = prediction.probabilities is not None
    row["frames"] = None if prediction.frames is None else list(prediction.frames)
    if prediction.uncertain is not None:
        row["uncertain"] = list(prediction.uncertain)
    row["probabilities"] = _round(prediction.probabilities or {}) if scored else None
    row["stance"] = (
        {
            target: {"value": stance.value, "probabilities": _round(stance.probabilities)}
            for target, stance in (prediction.stance or {}).items()
        }
        if scored
        else None
    )
    row["evidence"] = [asdict(item) for item in _round_evidence(prediction)]
    return row | {"model": prediction.model, "codebook": prediction.codebook}


def _describe(prediction: Prediction) -> dict[str, Any]:
    row = {name: getattr(prediction.paragraph, name) for name in _METADATA}
    mention = prediction.paragraph.mention
    return row if mention is None else row | {"target": mention}


def _round(probabilities: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, _DIGITS) for name, value in probabilities.items()}


def _round_evidence(prediction: Prediction) -> list[Any]:
    from dataclasses import replace

    return [replace(item, weight=round(item.weight, 4)) for item in prediction.evidence]
