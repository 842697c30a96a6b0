"""Shares over time as a chart takes them: lines, change points on them, and their scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from framing.reporting.accounts import Row, Rows


@dataclass(frozen=True, slots=True)
class Scale:
    """Where each period stands, the share at the upper end, and lines of text above."""

    periods: Mapping[str, int]
    top: float
    headroom: int = 0

    @property
    def ends(self) -> tuple[int, int]:
        """The first and last place."""
        return min(self.periods.values()), max(self.periods.values())


@dataclass(frozen=True, slots=True)
class Line:
    """One source's shares over time, or those of all sources (None).

    Attributes
    ----------
    source : str or None
    cells : sequence of rows
        In order of time.
    colour : str
    id : str
        Opens the anchors of its cells.
    """

    source: str | None
    cells: Rows
    colour: str
    id: str

    @property
    def name(self) -> str:
        """What to call it."""
        return self.source or "All sources"

    def anchor(self, number: int) -> str:
        """Name the place of the page that shows a cell's numbers."""
        return f"{self.id}-{number}"


@dataclass(frozen=True, slots=True)
class Turn:
    """A change point that stands, the line it is on, and where the page shows it."""

    target: str
    row: Row
    line: Line
