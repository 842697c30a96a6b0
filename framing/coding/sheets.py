"""The coding sheet: one row a unit, one empty cell a frame and target, filled in a spreadsheet.

How a filled sheet is read
--------------------------
A frame's cell: ``x``, ``1``, ``yes``, ``y``, ``true`` or ``present`` is present; ``0``, ``no``,
``n``, ``false``, ``absent`` or ``-`` is absent. A blank cell is absent where the row's ``coded``
cell is filled, or where the row has at least one present mark and no absent mark; else the frame
was not coded. A stance's cell holds one of the target's values; a blank one is the neutral value
where ``coded`` is filled, else the stance was not coded. Case does not matter. The columns
``suggest:...`` and ``note`` are never read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from framing.coding.cues import suggest_by_cues
from framing.coding.marks import STANCE_PREFIX, Marks, parse_mark, parse_stance_columns
from framing.records.cells import format_list
from framing.schema import CodingError, Paragraph

if TYPE_CHECKING:
    from framing.coding.mistakes import Mistakes
    from framing.coding.scheme import Codebook
    from framing.records.writing import ColumnType

FRAME_PREFIX = "frame:"
SUGGESTION_PREFIX = "suggest:"
CODED_COLUMN = "coded"

HELP = (
    "Write x in a frame's cell where the unit carries it and a value in a stance's cell. Fill the "
    "column 'coded' of every row that you have read: its blank cells then mean absent, and neutral."
)
"""What a coder must know, in two sentences."""

NO_CUE = "no cue found"
"""Never blank, being the last cell: some spreadsheets drop a row's blank last cells when saving."""

_FIX = (
    f"fill the column '{CODED_COLUMN}' of every row that was read (blank cells then mean absent), "
    "or write 0 for absent"
)


def sheet_columns(codebook: Codebook, *, suggestions: bool = False) -> dict[str, ColumnType]:
    """Return the sheet's columns, in order, each with its type.

    Examples
    --------
    >>> from framing.coding.scheme import Codebook, Frame
    >>> list(sheet_columns(Codebook("demo", "1.0.0", frames=(Frame("risk", "Risk"),))))[7:]
    ['coded', 'frame:risk', 'note', 'coder']
    """
    names = ["id", "article", "source", "date", "title", "kind", "text", CODED_COLUMN]
    names += [f"{FRAME_PREFIX}{frame}" for frame in codebook.frame_ids]
    names += [f"{STANCE_PREFIX}{target}" for target in codebook.target_ids]
    names += ["note", "coder"]
    if suggestions:
        stances = [f"{STANCE_PREFIX}{target}" for target in codebook.target_ids]
        names += [f"{SUGGESTION_PREFIX}{name}" for name in ["frames", *stances, "terms"]]
    return dict.fromkeys(names, "text")


Suggest = Callable[[Paragraph], Mapping[str, str]]
"""Fills a unit's suggestion cells."""


def sheet_rows(
    paragraphs: Iterable[Paragraph],
    codebook: Codebook,
    *,
    coder: str = "",
    suggest: Suggest | None = None,
) -> Iterator[dict[str, str]]:
    """Yield an empty row for each unit that is to be coded; boilerplate is left out.

    Parameters
    ----------
    paragraphs : iterable of Paragraph
    codebook : Codebook
    coder : str
        Who will fill the sheet.
    suggest : callable, optional
        Fills the suggestion cells, which are never read as codings (see ``suggest_from_cues``).
    """
    blank = dict.fromkeys(sheet_columns(codebook, suggestions=suggest is not None), "")
    for unit in paragraphs:
        if unit.kind == "boilerplate":
            continue
        row = blank | {
            "id": unit.id,
            "article": unit.article,
            "source": unit.source or "",
            "date": unit.date or "",
            "title": unit.title or "",
            "kind": unit.kind,
            "text": unit.text,
            "coder": coder,
        }
        if suggest:
            row |= suggest(unit)
        yield row


def suggest_from_cues(codebook: Codebook) -> Suggest:
    """Return what suggests the frames whose cue terms stand in a unit, and those terms."""

    def suggest(unit: Paragraph) -> dict[str, str]:
        found = suggest_by_cues(unit.text, codebook)
        terms = list(dict.fromkeys(term for hits in found.values() for term, _, _ in hits))
        return {
            f"{SUGGESTION_PREFIX}frames": format_list(found) if found else "",
            f"{SUGGESTION_PREFIX}terms": "; ".join(terms) or NO_CUE,
        }

    return suggest


def is_sheet(columns: Iterable[str]) -> bool:
    """Tell a coding sheet from other coded data by its columns.

    Data that list their ``frames`` in one column are no sheet, whatever else they have.

    Examples
    --------
    >>> is_sheet(["id", "text", "frame:risk"]), is_sheet(["id", "text", "frames"])
    (True, False)
    """
    names = {column.lower() for column in columns}
    if any(name.startswith(FRAME_PREFIX) for name in names):
        return True
    return CODED_COLUMN in names and "frames" not in names


def parse_sheet_marks(values: Mapping[str, Any], *, place: str, mistakes: Mistakes) -> Marks:
    """Read the codes of one row of a sheet, by the rule that opens this module.

    Parameters
    ----------
    values : mapping of str to object
        Cells by column.
    place : str
        ``file, row N``.
    mistakes : Mistakes
        Receives cells that cannot be read.
    """
    coded = _is_filled(values.get(CODED_COLUMN))
    cells: dict[str, bool | None] = {}
    for column, cell in values.items():
        if not column.lower().startswith(FRAME_PREFIX):
            continue
        try:
            cells[column[len(FRAME_PREFIX) :].strip()] = parse_mark(cell)
        except ValueError as error:
            mistakes.add(place, f"column '{column}': {error}")
    marks = set(cells.values())
    if coded or (True in marks and False not in marks):
        cells = {frame: bool(mark) for frame, mark in cells.items()}
    stance = parse_stance_columns(values)
    return Marks(
        place,
        marked={frame: mark for frame, mark in cells.items() if mark is not None},
        stance=stance,
        blank=tuple(t for t in _list_targets(values) if t not in stance) if coded else (),
    )


def _is_filled(cell: Any) -> bool:
    """Take any entry as a yes, except one that says no."""
    try:
        return parse_mark(cell) is True
    except ValueError:
        return True


def _list_targets(columns: Iterable[str]) -> list[str]:
    prefix = STANCE_PREFIX
    return [name[len(prefix) :].strip() for name in columns if name.lower().startswith(prefix)]


def refuse_unfilled(rows: Sequence[Marks], *, where: str, marked_coded: bool) -> None:
    """Refuse a sheet in which nothing is coded, or a frame is only ever marked present.

    The second is the sheet of a coder who took blank cells for absent without saying so. Where
    ``coded`` is in use (`marked_coded`), or no cell of the frame is left blank, it is meant.

    Raises
    ------
    CodingError
        It says how to fill the sheet.
    """
    if all(row.is_empty for row in rows):
        raise CodingError("nothing is filled in this coding sheet", where=where, fix=_FIX)
    if marked_coded:
        return
    frames = dict.fromkeys(frame for row in rows for frame in row.marked)
    for frame in frames:
        codes = [row.marked[frame] for row in rows if frame in row.marked]
        if all(codes) and len(codes) < len(rows):
            raise CodingError(
                f"frame '{frame}' is marked present in {len(codes)} of {len(rows)} rows and "
                "absent in none",
                where=where,
                fix=_FIX,
            )


def is_marked_coded(rows: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether any row's ``coded`` cell is filled."""
    return any(_is_filled(row.get(CODED_COLUMN)) for row in rows)
