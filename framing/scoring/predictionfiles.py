"""Files of predictions back as tables: at once where they are clean, else row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.records.cells import format_list, restore_formula
from framing.records.rows import Row
from framing.records.tables import find_format, read_rows
from framing.schema import InputError, ProblemSink
from framing.scoring.predictioncolumns import read_columns

if TYPE_CHECKING:
    import pandas as pd

_REMEDY = "name a file that 'framing predict' wrote"


def read_predictions(
    path: Path, *, without: Collection[str] = (), report: ProblemSink | None = None
) -> pd.DataFrame:
    """Read a predictions file of any of the three formats back into flat columns.

    A folder of part files, as an engine writes it, is read as one.

    Parameters
    ----------
    path : Path
    without : collection of str
        Columns that are not needed.
    report : callable, optional
        Receives a Problem for each row lost.

    Raises
    ------
    InputError
        If the file cannot be read or does not hold predictions.
    """
    read = _read_parts if path.is_dir() else _read_file
    frame = read(path, without, report)
    if not len(frame):
        raise InputError("no predictions in it", where=str(path), fix="run 'framing predict' first")
    missing = [name for name in ("id", "frames", "model", "codebook") if name not in frame.columns]
    if missing:
        raise InputError(
            f"no column '{missing[0]}', so these are not predictions",
            where=str(path),
            fix=_REMEDY,
        )
    kept = frame[[name for name in frame.columns if name not in without]]
    return kept.assign(
        **{
            name: _read_numbers(kept[name], str(path))
            for name in kept.columns
            if name.startswith("p:")
        }
    )


def _read_parts(folder: Path, without: Collection[str], report: ProblemSink | None) -> pd.DataFrame:
    import pandas as pd

    parts = sorted(folder.glob("part-*"), key=lambda path: (len(path.name), path.name))
    if not parts:
        raise InputError("no part files in this folder", where=str(folder), fix=_REMEDY)
    return pd.concat([_read_file(part, without, report) for part in parts], ignore_index=True)


def _read_file(path: Path, without: Collection[str], report: ProblemSink | None) -> pd.DataFrame:
    frame = read_columns(path, without=without)
    return _read_rows(path, report) if frame is None else frame


def _read_rows(path: Path, report: ProblemSink | None) -> pd.DataFrame:
    import pandas as pd

    flat = [_flatten_row(row, path) for row in read_rows(path, report=report)]
    frame = pd.DataFrame(flat)
    return frame.replace("", None) if find_format(path) == "csv" else frame


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
