"""Pieces are read as the whole table is."""

from __future__ import annotations

import io

import pyarrow as pa
import pytest

from framing.engines.inputs import list_tables
from framing.engines.pieces import Piece
from framing.engines.reading import read_piece
from framing.schema import InputError
from framing.text.reading import read_units
from framing.text.takenids import TakenIds


@pytest.mark.parametrize("lines", [1, 2, 7, 1000])
def test_pieces_give_the_units_and_problems_of_the_whole(tables, here, lines):
    expected, expected_problems = [], []
    for batch in read_units([tables], report=expected_problems.append):
        expected += batch.to_pylist()
    here.lines = lines
    here.lay_out(list(list_tables([tables])))
    units, problems, seen = [], [], TakenIds()
    for piece, part in here.pieces:
        source = here._open(part)
        for batch in read_piece(piece, source, report=problems.append, seen=seen):
            units += batch.to_pylist()
    assert units == expected
    assert len(units) > 100
    assert problems == expected_problems


def test_texts_that_are_not_utf8_are_told_of_as_in_a_whole_table():
    texts = pa.array([b"\xe9"], pa.binary()).view(pa.string())
    batch = pa.RecordBatch.from_arrays([texts], ["text"])
    piece = Piece(0, "n.parquet", "n", "parquet")
    with pytest.raises(InputError, match=r"^n\.parquet: not a readable Parquet file"):
        list(read_piece(piece, [batch], report=[].append, seen=TakenIds()))


def test_a_later_piece_need_not_open_with_a_text():
    problems = []
    for first, data in ((1, b"{}\n"), (2, b"{}\n")):
        piece = Piece(0, "n.jsonl", "n", "jsonl", first)
        units = read_piece(piece, io.BytesIO(data), report=problems.append, seen=TakenIds())
        if first == 1:
            with pytest.raises(InputError, match="no column 'text'"):
                list(units)
        else:
            assert list(units) == []
    assert [problem.where for problem in problems] == ["n.jsonl, row 2"]
