"""Parts of files as Spark cuts them, numbered as pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from framing.engines.inputs import InputTable
from framing.engines.pieces import Piece


@dataclass(frozen=True, slots=True)
class Split:
    """A partition's part of a file: `table` and `start` order the splits."""

    table: int
    start: int
    partition: int
    n_rows: int


def number_splits(tables: Sequence[InputTable], splits: Sequence[Split]) -> dict[Split, Piece]:
    """Make each split a piece, in order of table and place."""
    pieces: dict[Split, Piece] = {}
    table, first = -1, 1
    ordered = sorted(splits, key=lambda split: (split.table, split.start))
    for number, split in enumerate(ordered):
        first = first if split.table == table else 1
        table = split.table
        found = tables[table]
        pieces[split] = Piece(number, found.name, found.stem, found.format, first)
        first += split.n_rows
    return pieces
