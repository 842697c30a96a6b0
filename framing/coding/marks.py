"""What the cells of a coded row say, in the coder's own spelling, before names are looked up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from framing.records.cells import is_missing, parse_list

if TYPE_CHECKING:
    from framing.coding.mistakes import Mistakes

PRESENT_MARKS = frozenset({"x", "1", "yes", "y", "true", "present"})
ABSENT_MARKS = frozenset({"0", "no", "n", "false", "absent", "-"})
STANCE_PREFIX = "stance:"
LONE_TARGET = "stance"
"""Target of a ``stance`` column that stands without a ``target`` column."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What one row says.

    Attributes
    ----------
    place : str
        ``file, row N``.
    listed : tuple of str or None
        Frames in a list, which makes every other frame absent; None where there is no list.
    marked : mapping of str to bool
        Frames that have a cell of their own.
    stance : mapping of str to str
        Target to value.
    blank : tuple of str
        Targets left blank in a row that was coded: they take the neutral value.
    mention : str or None
        The target, where it came from a ``target`` column and may be a mention, not a category.
    """

    place: str
    listed: tuple[str, ...] | None = None
    marked: Mapping[str, bool] = field(default_factory=dict)
    stance: Mapping[str, str] = field(default_factory=dict)
    blank: tuple[str, ...] = ()
    mention: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is coded."""
        return self.listed is None and not (self.marked or self.stance or self.blank)


def parse_mark(value: Any) -> bool | None:
    """Return True for present, False for absent, None for blank.

    Raises
    ------
    ValueError
        If it is none of them.

    Examples
    --------
    >>> [parse_mark(cell) for cell in ("X", 1.0, "no", False, " ")]
    [True, True, False, False, None]
    """
    if is_missing(value):
        return None
    mark = format_value(value).casefold()
    if mark in PRESENT_MARKS or mark in ABSENT_MARKS:
        return mark in PRESENT_MARKS
    raise ValueError(f"'{mark[:40]}' is not a mark; write x for present, 0 for absent")


def format_value(value: Any) -> str:
    """Return a cell as text; whole numbers lose the ``.0`` that a table format gave them.

    Examples
    --------
    >>> format_value(1.0), format_value(True), format_value(" favor ")
    ('1', 'true', 'favor')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def parse_marks(values: Mapping[str, Any], *, place: str, mistakes: Mistakes) -> Marks:
    """Read the codes of a row of standard coded data, or of a labels file.

    Parameters
    ----------
    values : mapping of str to object
        Cells by column.
    place : str
        ``file, row N``.
    mistakes : Mistakes
        Receives cells that cannot be read.
    """
    listed: tuple[str, ...] | None = None
    marked: dict[str, bool] = {}
    try:
        cell = values.get("frames")
        if isinstance(cell, Mapping):
            marked = _parse_marked(cell)
        else:
            listed = _parse_listed(cell)
    except ValueError as error:
        mistakes.add(place, f"column 'frames': {error}")
    stance = parse_stance_columns(values)
    mention = None
    try:
        paired = _parse_pair(values)
        target = format_value(values.get("target"))
        mention = target if target in paired else None
        stance |= paired
    except ValueError as error:
        mistakes.add(place, f"column 'stance': {error}")
    return Marks(place, listed, marked, stance, mention=mention)


def parse_stance_columns(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the filled cells of the columns ``stance:TARGET``, by target."""
    return {
        column[len(STANCE_PREFIX) :].strip(): format_value(cell)
        for column, cell in values.items()
        if column.lower().startswith(STANCE_PREFIX) and not is_missing(cell)
    }


def _parse_listed(cell: Any) -> tuple[str, ...] | None:
    if isinstance(cell, list | tuple):
        return tuple(format_value(item) for item in cell if not is_missing(item))
    if not isinstance(cell, str) and not is_missing(cell):
        return (format_value(cell),)
    items = parse_list(cell)
    return None if items is None else tuple(items)


def _parse_marked(cell: Mapping[Any, Any]) -> dict[str, bool]:
    marks = {str(name).strip(): parse_mark(mark) for name, mark in cell.items()}
    return {name: mark for name, mark in marks.items() if mark is not None}


def _parse_pair(values: Mapping[str, Any]) -> dict[str, str]:
    """Read ``stance``: an object, the value for the row's ``target``, or a value alone."""
    cell, target = values.get("stance"), values.get("target")
    if is_missing(cell):
        return {}
    if isinstance(cell, str) and cell.strip().startswith("{"):
        try:
            cell = json.loads(cell)
        except ValueError:
            raise ValueError("not a JSON object of target and value") from None
    if isinstance(cell, Mapping):
        return _parse_object(cell.items())
    if isinstance(cell, list):
        return _parse_object(cell)
    return {LONE_TARGET if is_missing(target) else format_value(target): format_value(cell)}


def _parse_object(pairs: Iterable[Any]) -> dict[str, str]:
    stance: dict[str, str] = {}
    for pair in pairs:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise ValueError("not an object of target and value")
        target, value = pair
        if isinstance(value, Mapping | list):
            raise ValueError(f"the value for '{target}' is not one text")  # noqa: TRY004  cell, not call
        if not is_missing(value):
            stance[str(target).strip()] = format_value(value)
    return stance
