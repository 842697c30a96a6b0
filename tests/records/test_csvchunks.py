"""CSV in chunks: as the reader of rows reads it, whatever its quotes."""

from __future__ import annotations

import csv
import gc
import io
import random

import numpy as np
import pytest

from framing.records import arrays, csvchunks, csvrows
from framing.records.csvchunks import chunk_records
from framing.records.csvrows import read_csv_rows
from framing.schema import InputError

WANTED = ("id", "text")


def read_both(data, block=None, monkeypatch=None):
    """Return rows with a text and problems, by chunks, by rows, and how many came in columns."""
    if block:
        monkeypatch.setattr(csvchunks, "BLOCK", block)
    problems, expected_problems, rows, n_columns = [], [], [], 0
    for chunk in chunk_records(io.BytesIO(data), WANTED, "t", problems.append):
        if chunk.columns is None:
            rows += [(row.number, *(row.values.get(name) for name in WANTED)) for row in chunk.rows]
            continue
        n_columns += 1
        cells = (chunk.columns[name].to_pylist() for name in WANTED)
        found = enumerate(zip(*cells, strict=True), start=chunk.first)
        rows += [(number, *row) for number, row in found]
    lines = read_csv_rows(io.BytesIO(data), "t", expected_problems.append)
    expected = [(row.number, *(row.values.get(name) for name in WANTED)) for row in lines]
    rows, expected = ([row for row in part if row[2]] for part in (rows, expected))
    return (rows, problems), (expected, expected_problems), n_columns


SOUND = b'id,text\n1,"two\nlines, and ""quotes"""\n2,plain\n3,"a\r\nb"\r\n'


@pytest.mark.parametrize("block", [None, 9, 20, 33])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_sound_quotes(monkeypatch, block, mark):
    found, expected, n_columns = read_both(mark + SOUND, block and block + len(mark), monkeypatch)
    assert found == expected
    assert found[0][0] == (2, "1", 'two\nlines, and "quotes"')
    assert n_columns == (1 if block is None else n_columns) > 0


def test_a_mark_within_the_file_belongs_to_its_cell():
    found, expected, _ = read_both(b"id,text\n\xef\xbb\xbf1,a\n2,b\n")
    assert found == expected
    assert found[0][0] == (2, "\ufeff1", "a")


@pytest.mark.parametrize(
    "data",
    [
        b'id,text\n1,5" pipe\n2,b\n',
        b'id,text\n1,"a" b\n2,b\n',
        b'id,text\n1, "a"\n2,b\n',
        b'id,text\n1,"a\n2,b\n',
        b'id,text\n1,"a\r\nb"\n2,"a\rb"\n3,c\n4,"d\n5,e\n',
        b'id,text\n1,""a""\n2,b\n',
        b'id,text\n1,a\n2,"\n',
        b'id,"text\n1,a\n',
        b"id,text\r1,a\r2,b\r",
        b"id,text\n1,a\r2,b\n",
        b"id,text\n1,a\n\n2,b\n",
        b"id,text\n1,a,b\n2\n3,c\n",
        b"id,text\n,\n1,a\n",
        b"id,text\n1,caf\xe9\n2,\xc3\xa9\n" * 9,
        b"id,text\n1,a\0b and more of it, so that it is text\n",
        b"id,text",
        b"id,text\n",
        b'id,"te""xt"\n1,a\n',
        b'\xef\xbb\xbf"ID";Text\n1;a,b\n',
        "id\ttext\n1\té\n".encode("utf-16"),
        "id,text\n1,été à la plage\n".encode("cp1252"),
    ],
)
@pytest.mark.parametrize("block", [None, 10])
def test_what_is_remarkable_is_read_as_ever(monkeypatch, data, block):
    found, expected, _ = read_both(data, block, monkeypatch)
    assert found == expected


def test_other_columns_are_not_read():
    [chunk] = chunk_records(io.BytesIO(b"x,text,y\n1,a,2\n"), WANTED, "t", pytest.fail)
    assert chunk.columns.to_pylist() == [{"id": None, "text": "a"}]
    assert chunk.first == 2


@pytest.mark.parametrize("data", [b"", b"\n", b",,\n1,2,3\n"])
def test_a_table_needs_names(data):
    with pytest.raises(InputError, match="t: empty table"):
        read_both(data)


def test_a_quote_that_is_never_closed_is_not_read_on_for_ever(monkeypatch):
    """Of a cell that is longer than any is, no more is held than the limit, twice."""
    monkeypatch.setattr(csvrows, "LONGEST_CELL", 10_000)
    monkeypatch.setattr(csvchunks, "LONGEST_CELL", 10_000)
    monkeypatch.setattr(csvchunks, "BLOCK", 2_000)
    longest = []
    count = csvchunks._count_records
    monkeypatch.setattr(
        csvchunks,
        "_count_records",
        lambda data, *a, **k: longest.append(len(data)) or count(data, *a, **k),
    )
    problems = []
    data = b'id,text\n1,a\n2,"b\n' + b"more\n" * 40_000
    chunks = chunk_records(io.BytesIO(data), ("id", "text"), "t", problems.append)
    rows = [row.values["text"] for chunk in chunks for row in chunk.rows]
    assert rows == ["a"]
    assert max(longest) < 15_000
    [problem] = problems
    assert (problem.where, problem.lost) == ("t, row 3", True)
    assert problem.reason.startswith("a cell is longer than 10,000 characters")


def test_a_stream_stays_open():
    for data in (SOUND, b'id,text\n1,5" pipe\n', "id,text\n1,é\n".encode("utf-16")):
        stream = io.BytesIO(data)
        for chunk in chunk_records(stream, WANTED, "t", pytest.fail):
            list(chunk.rows)
        gc.collect()
        assert not stream.closed


def test_a_reader_may_leave_off(monkeypatch):
    monkeypatch.setattr(csvchunks, "BLOCK", 12)
    for data in (SOUND * 3, "id,text\n1,é\n".encode("utf-16")):
        stream = io.BytesIO(data)
        chunks = chunk_records(stream, WANTED, "t", pytest.fail)
        next(next(chunks).rows)
        chunks.close()
        gc.collect()
        assert not stream.closed


PIECES = ("plain", 'a "q" b', "é“”", "😀", "line\nbreak", "a\r\nb", "\\", "x,y;z", "", '"', "'")
FLAWS = ('"', "\n", "\r", ",", "x", '""', "\n\n", "\0", '","', "é")


def test_any_table_is_read_as_row_by_row(monkeypatch):
    draw = random.Random(5)
    n_columns = 0
    for _ in range(400):
        stream = io.StringIO()
        quoting = draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
        writer = csv.writer(stream, quoting=quoting, lineterminator=draw.choice(["\n", "\r\n"]))
        writer.writerow(["id", "text", "x"])
        writer.writerows([draw.choice(PIECES) for _ in range(3)] for _ in range(draw.randint(0, 9)))
        text = stream.getvalue()
        for _ in range(draw.choice([0, 0, 1, 2])):
            place = draw.randint(0, len(text))
            text = text[:place] + draw.choice(FLAWS) + text[place:]
        try:
            found, expected, n = read_both(text.encode(), draw.choice([8, 30, 999]), monkeypatch)
        except InputError:
            continue
        assert found == expected, text
        n_columns += n
    assert n_columns > 300


@pytest.mark.parametrize("piece", [2, 1 << 20])
def test_quotes_out_of_place_are_found(monkeypatch, piece):
    monkeypatch.setattr(arrays, "_PIECE", piece)
    sound = [b"", b"a,b\n", b'a,"b\nc"\n', b'"a ""b""",c\r\n"d"']
    torn = [b'a,"b\n1,"c"\n', b'a"b\n', b'a,"b\n', b'"a"b,c\n']
    for tables, expected in ((sound, True), (torn, False)):
        for table in tables:
            assert csvchunks.has_sound_quotes(np.frombuffer(table, np.uint8)) == expected, table
