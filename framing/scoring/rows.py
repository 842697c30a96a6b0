"""The columns of predictions, and predictions out of files of any of the three formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.records.cells import format_list, restore_formula
from framing.records.rows import Row
from framing.records.tables import find_format, read_rows
from framing.records.writing import ColumnType
from framing.schema import InputError, ProblemSink

if TYPE_CHECKING:
    import pandas as pd

    from framing.scoring.model import Model

MAKERS = ("model", "codebook")
METADATA = ("id", "article", "source", "date", "title", "kind", "text")
_REMEDY = "name a file that 'framing predict' wrote"


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


def read_predictions(path: Path, *, report: ProblemSink | None = None) -> pd.DataFrame:
    """Read a predictions file of any of the three formats back into flat columns.

    A folder of part files, as an engine writes it, is read as one.

    Raises
    ------
    InputError
        If the file cannot be read or does not hold predictions.
    """
    import pandas as pd

    files = _list_parts(path) if path.is_dir() else [path]
    flat = [_flatten_row(row, file) for file in files for row in read_rows(file, report=report)]
    if not flat:
        raise InputError("no predictions in it", where=str(path), fix="run 'framing predict' first")
    frame = pd.DataFrame(flat)
    missing = [name for name in ("id", "frames", "model", "codebook") if name not in frame.columns]
    if missing:
        raise InputError(
            f"no column '{missing[0]}', so these are not predictions",
            where=str(path),
            fix=_REMEDY,
        )
    if find_format(path) == "csv":
        frame = frame.replace("", None)
    for name in [name for name in frame.columns if name.startswith("p:")]:
        frame[name] = _read_numbers(frame[name], str(path))
    return frame


def _list_parts(folder: Path) -> list[Path]:
    parts = sorted(folder.glob("part-*"), key=lambda path: (len(path.name), path.name))
    if not parts:
        raise InputError("no part files in this folder", where=str(folder), fix=_REMEDY)
    return parts


def _flatten_row(row: Row, path: Path) -> dict[str, Any]:
    cells = dict(row.values)
    if find_format(path) == "csv":
        return {key: restore_formula(cell) for key, cell in cells.items()}
    probabilities, stances = cells.pop("probabilities", None), cells.pop("stance", None)
    where = f"{path}, row {row.number}"
    with _name_field("probabilities", where):
        cells |= {f"p:{frame}": share for frame, share in (probabilities or {}).items()}
    with _name_field("stance", where):
        cells |= _flatten_stances(stances or {})
    for name in ("frames", "uncertain"):
        with _name_field(name, where):
            cells |= _flatten_list(name, cells.get(name))
    return cells


@contextmanager
def _name_field(name: str, where: str) -> Iterator[None]:
    """Say which field it is that holds something else than predictions do."""
    try:
        yield
    except (AttributeError, KeyError, TypeError) as error:
        raise InputError(
            f"the field '{name}' is not as predictions have it", where=where, fix=_REMEDY
        ) from error


def _flatten_stances(stances: Mapping[str, Any]) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for target, stance in stances.items():
        cells[f"stance:{target}"] = stance["value"]
        for value, share in stance["probabilities"].items():
            cells[f"p:{target}:{value}"] = share
    return cells


def _flatten_list(name: str, items: Any) -> dict[str, str]:
    if isinstance(items, str | None):  # as a table has it
        return {}
    if not isinstance(items, list):
        raise TypeError(items)
    return {name: format_list(items)}


def _read_numbers(column: pd.Series[Any], where: str) -> pd.Series[Any]:
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce")
    wrong = column.notna() & numbers.isna()
    if wrong.any():
        raise InputError(
            f"column '{column.name}' holds '{column[wrong].iloc[0]}', which is not a number",
            where=where,
            fix="predict again",
        )
    return numbers.astype(float)
