"""Pieces of a report that Markdown and HTML show alike: prose (a plain string) and these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from framing.reporting.tables import format_table


@dataclass(frozen=True, slots=True)
class Heading:
    """A title of the third level."""

    text: str

    def __str__(self) -> str:
        return f"### {self.text}"


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as printed; the first column names the row."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __str__(self) -> str:
        return format_table(self.header, self.rows)


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list with the words that lead to it."""

    opening: str
    items: Sequence[str]

    def __str__(self) -> str:
        return f"{self.opening}\n\n" + "\n".join(f"- {item}" for item in self.items)


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A named string that programs read."""

    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.name}: `{self.text}`"


Block = str | Heading | Table | Bullets | Verbatim


def format_blocks(blocks: Iterable[Block]) -> str:
    """Write blocks as Markdown.

    >>> print(format_blocks([Heading("Frames"), Bullets("Not learnt:", ["risk"])]))
    ### Frames
    <BLANKLINE>
    Not learnt:
    <BLANKLINE>
    - risk
    """
    return "\n\n".join(str(block) for block in blocks)
