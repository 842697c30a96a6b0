"""Rows as CSV, on a stream that stays open."""

from __future__ import annotations

import csv
import io

import pytest

from framing.records.csvwriting import CsvWriter


def write(columns, *lots, **options):
    stream = io.BytesIO()
    writer = CsvWriter(stream, columns, **options)
    for rows in lots:
        writer.write(rows)
    writer.close()
    assert not stream.closed
    return stream.getvalue()


def test_csv_by_hand():
    first = [{"id": "1", "p": 0.25, "frames": ["a", "b"], "extra": "x"}]
    second = [{"id": "İ\u2028\n\r", "p": None, "frames": []}, {"id": None, "frames": None}]
    lines = 'id,p,frames\n1,0.25,a;b\n"İ\u2028\n\r",,[]\n,,\n'
    assert write(["id", "p", "frames"], first, [], second).decode() == lines


def test_without_rows_there_is_a_header():
    assert write(["a", "b"]) == b"a,b\n"


@pytest.mark.parametrize("character", ["\r", "\n", ",", '"'])
def test_what_would_end_a_cell_is_quoted(character):
    cell = f"a{character}b"
    data = write([cell, "c"], [{cell: cell, "c": cell}])
    assert data.count(b'"a') == 3
    assert [*csv.reader(io.StringIO(data.decode(), newline=""))] == [[cell, "c"], [cell, cell]]


@pytest.mark.parametrize(("raw", "sign"), [(True, ""), (False, "'")])
def test_formulas_are_neutralised_unless_raw(raw, sign):
    data = write(["=a", "n", "l"], [{"=a": "+1", "n": -1.5, "l": ["@b"]}], raw=raw)
    assert data.decode() == f"{sign}=a,n,l\n{sign}+1,-1.5,{sign}@b\n"


def test_a_mark_stands_once():
    assert write(["a"], [{"a": "b"}], mark=True) == b"\xef\xbb\xbfa\nb\n"


def test_a_lone_surrogate_becomes_a_question_mark():
    assert write(["a\ud800"], [{"a\ud800": "\udc00"}]) == b"a?\n?\n"
