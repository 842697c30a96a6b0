"""Rows of a file of codings, be it standard coded data, a labels file or a coding sheet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.coding.marks import Marks, parse_marks
from framing.coding.sheets import is_marked_coded, is_sheet, parse_sheet_marks, refuse_unfilled
from framing.records.cells import parse_text, restore_formula
from framing.records.packing import strip_packing
from framing.records.tables import find_format, read_rows
from framing.schema import CodingError, InputError, ProblemSink

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from framing.coding.mistakes import Mistakes


@dataclass(frozen=True, slots=True)
class CodedRow:
    """One row: its cells, what its codes say, and who coded it.

    Attributes
    ----------
    number : int
        As a person finds it.
    values : mapping of str to object
        Cells by column.
    marks : Marks
    coder : str
        The column ``coder``; a sheet without one is by its file's stem.
    """

    number: int
    values: Mapping[str, Any]
    marks: Marks
    coder: str

    @property
    def place(self) -> str:
        """``file, row N``."""
        return self.marks.place


def read_coded_rows(
    path: Path,
    *,
    mistakes: Mistakes,
    report: ProblemSink | None = None,
    name_coders: bool = False,
) -> list[CodedRow]:
    """Read a file's rows and the codes in them; a coding sheet is told by its columns.

    Parameters
    ----------
    path : Path
    mistakes : Mistakes
        Receives cells that cannot be read.
    report : callable, optional
        Receives rows that cannot be read.
    name_coders : bool
        Name a coder after the file where no column does; sheets always do.

    Raises
    ------
    InputError
        If the file cannot be read or has no rows.
    CodingError
        If it is a sheet that is not filled, or holds a model's predictions.
    """
    rows = list(read_rows(path, report=report))
    if not rows:
        raise InputError("no rows", where=str(path), fix="give a table with one row a unit")
    kind = find_format(path)
    cells = [_restore_cells(row.values) if kind == "csv" else row.values for row in rows]
    columns = list(dict.fromkeys(column for values in cells for column in values))
    _refuse_predictions(columns, str(path))
    sheet = is_sheet(columns)
    parse = parse_sheet_marks if sheet else parse_marks
    word = "line" if kind == "jsonl" else "row"
    found = []
    for row, values in zip(rows, cells, strict=True):
        place = f"{path}, {word} {row.number}"
        coder = parse_text(values.get("coder")) or (stem_of(path) if sheet or name_coders else "")
        found.append(
            CodedRow(row.number, values, parse(values, place=place, mistakes=mistakes), coder)
        )
    mistakes.refuse(fix="correct these cells")
    if sheet:
        marked_coded = is_marked_coded(cells)
        refuse_unfilled([row.marks for row in found], where=str(path), marked_coded=marked_coded)
    return found


def stem_of(path: Path) -> str:
    """Return a file's name without the suffixes of its table format.

    Examples
    --------
    >>> stem_of(Path("labels/ann.csv.gz")), stem_of(Path("v1.2.csv"))
    ('ann', 'v1.2')
    """
    name = strip_packing(path).name
    return name.removesuffix(Path(name).suffix) or name


def _restore_cells(values: Mapping[str, Any]) -> dict[str, Any]:
    """Undo what keeps a spreadsheet from running a cell that opens like a formula."""
    return {
        column: restore_formula(cell) if isinstance(cell, str) else cell
        for column, cell in values.items()
    }


def _refuse_predictions(columns: Iterable[str], where: str) -> None:
    names = set(columns)
    scored = "probabilities" in names or any(name.startswith("p:") for name in names)
    if scored and {"model", "codebook"} <= names:
        raise CodingError(
            "these are a model's predictions, not codings",
            where=where,
            fix="give codings made by people",
        )
