"""Drift as Markdown tables and as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from framing.measuring.drift import COLUMNS, Drift
from framing.records.tables import find_format
from framing.records.writing import ColumnType, open_table, write_text
from framing.reporting.tables import format_estimate, format_json, format_share, format_table

_NUMBERS = {"share", "low", "high", "naive", "n_units", "n_articles"}


def format_drift(drift: Drift) -> str:
    """Write the share of units with each label, a cell at a time, with intervals and counts."""
    cells = drift.to_dict()["cells"]
    parts = [
        _format_kind(drift, [c for c in cells if c["kind"] == kind]) for kind in ("frame", "stance")
    ]
    notes = sorted({cell["note"] for cell in cells if cell["note"]})
    return "\n\n".join(
        [
            f"{drift.n_units} units of {drift.n_articles} articles; model {drift.model}, "
            f"codebook {drift.codebook}.",
            *(part for part in parts if part),
            *(f"Note: {note}." for note in notes),
            *_list_left_out(drift),
            "Share is the mean of calibrated probabilities, with a 95% interval from a bootstrap "
            "over articles; it takes the model's calibration as given. Naive is the share of "
            "units labelled, which is biased and stands here for comparison only.",
        ]
    )


def _format_kind(drift: Drift, cells: Sequence[dict[str, Any]]) -> str:
    rows = [
        [
            cell["label"],
            str(cell["source"]),
            *([str(cell["period"])] if drift.over else []),
            format_estimate({"value": cell["share"], "low": cell["low"], "high": cell["high"]}),
            format_share(cell["naive"]),
            str(cell["n_units"]),
            str(cell["n_articles"]),
        ]
        for cell in cells
    ]
    if not rows:
        return ""
    header = ["label", drift.by, *([drift.over] if drift.over else [])]
    return format_table([*header, "share", "naive", "units", "articles"], rows)


def _list_left_out(drift: Drift) -> list[str]:
    reasons = [f"{number} {why}" for why, number in drift.left_out.items() if number]
    return [f"Left out: {'; '.join(reasons)}."] if reasons else []


def write_drift(drift: Drift, path: Path) -> None:
    """Write all cells as ``.csv``, ``.jsonl`` or ``.parquet``, or everything as ``.json``.

    Raises
    ------
    InputError
        If the suffix stands for no format.
    OutputError
        If nothing can be written there.
    """
    content = drift.to_dict()
    if path.suffix.lower() == ".json":
        write_text(path, format_json(content) + "\n")
        return
    kinds: dict[str, ColumnType] = {c: "number" if c in _NUMBERS else "text" for c in COLUMNS}
    with open_table(path, kinds, format=find_format(path)) as table:
        table.write(content["cells"])
