"""Splits are numbered in the order of tables and places, whatever Spark made of them."""

from __future__ import annotations

from pathlib import Path

from framing.engines.inputs import InputTable
from framing.engines.pieces import Piece
from framing.engines.splits import Split, number_splits

TABLES = [InputTable(Path(f"/{name}.jsonl"), f"{name}.jsonl", name, "jsonl") for name in "ab"]


def test_rows_go_on_within_a_table_and_begin_anew_in_the_next():
    first, second, third = Split(0, 0, 7, 10), Split(0, 500, 2, 5), Split(0, 1000, 4, 1)
    other = Split(1, 0, 0, 3)
    pieces = number_splits(TABLES, [other, third, first, second])
    assert list(pieces.items()) == [
        (first, Piece(0, "a.jsonl", "a", "jsonl", 1)),
        (second, Piece(1, "a.jsonl", "a", "jsonl", 11)),
        (third, Piece(2, "a.jsonl", "a", "jsonl", 16)),
        (other, Piece(3, "b.jsonl", "b", "jsonl", 1)),
    ]
