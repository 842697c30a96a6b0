"""The columns of predictions, flat as CSV, Parquet and DataFrames have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framing.records.writing import ColumnType

if TYPE_CHECKING:
    from framing.scoring.model import Model

MAKERS = ("model", "codebook")
METADATA = ("id", "article", "source", "date", "title", "kind", "text")


def list_columns(model: Model) -> dict[str, ColumnType]:
    """Return the columns of a model's flat rows, in order, with their types."""
    columns: dict[str, ColumnType] = dict.fromkeys(METADATA, "text")
    columns |= {"target": "text"} if model.sees_mentions else {}
    columns["frames"] = "text"
    columns |= {"uncertain": "text"} if model.promises else {}
    columns |= {f"p:{frame}": "number" for frame in model.frame_ids}
    for head in model.stances:
        columns[f"stance:{head.target}"] = "text"
        columns |= {f"p:{head.target}:{value}": "number" for value in head.values}
    return columns | dict.fromkeys(("evidence", *MAKERS), "text")
