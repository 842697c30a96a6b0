"""Tables in chunks, of any format and packing."""

from __future__ import annotations

import gzip
import io
import json
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from framing.records import chunks
from framing.records.chunks import read_chunks
from framing.records.tables import read_rows
from framing.schema import InputError

WANTED = ("id", "text")


def read(source, **options):
    """Return (number, id, text) of all rows, and how many chunks came in columns and by rows."""
    problems, rows, counts = [], [], [0, 0]
    for chunk in read_chunks(source, WANTED, report=problems.append, name="t", **options):
        counts[chunk.columns is None] += 1
        if chunk.columns is None:
            rows += [(row.number, *(row.values.get(name) for name in WANTED)) for row in chunk.rows]
        else:
            cells = zip(*(chunk.columns[name].to_pylist() for name in WANTED), strict=True)
            rows += [(number, *row) for number, row in enumerate(cells, start=chunk.first)]
    return rows, problems, tuple(counts)


def lines(*rows):
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


ROWS = [{"id": str(n), "text": "é😀" * (n % 7) + "x" * (40 if n == 5 else 1)} for n in range(12)]


@pytest.mark.parametrize("block", [1, 7, 33, 50, 64, 1 << 20])
def test_blocks_may_end_anywhere(monkeypatch, block):
    """Within a character, within a line, or before the end of a line longer than the block."""
    monkeypatch.setattr(chunks, "BLOCK", block)
    rows, problems, (n_columns, n_rows) = read(io.BytesIO(lines(*ROWS)), format="jsonl")
    assert rows == [(n, row["id"], row["text"]) for n, row in enumerate(ROWS, start=1)]
    assert not problems
    assert (n_columns > 0, n_rows) == (True, 0)


def test_only_the_block_with_a_broken_line_is_read_by_rows(monkeypatch):
    monkeypatch.setattr(chunks, "BLOCK", 100)
    data = lines(*ROWS).replace(b'{"id": "7"', b'{"id" "7"')
    rows, [problem], (n_columns, n_rows) = read(io.BytesIO(data), format="jsonl")
    assert [row[0] for row in rows] == [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12]
    assert problem.where == "t, line 8"
    assert problem.reason.startswith("not JSON (")
    assert (n_columns > 2, n_rows) == (True, 1)


@pytest.mark.parametrize("block", [5, 54, 1000])
@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + lines(*ROWS[:2]),
        b"\n \n\xef\xbb\xbf" + lines(*ROWS[:2]),
        b"\n \n\n\n \n" + json.dumps(ROWS[:3]).encode(),
        b"\xef\xbb\xbf" + json.dumps(ROWS[:3], indent=1).encode(),
        lines(*ROWS[:2]) + b'["text"]\n' + lines(*ROWS[2:4]),
        lines(*ROWS[:2]) + b"\xef\xbb\xbf" + lines(*ROWS[2:4]),
        lines(*ROWS[:2]) + b"\n\r\n" + lines(*ROWS[2:4]),
        lines(*ROWS[:2]).rstrip(),
        b"",
    ],
)
def test_what_opens_a_file_is_understood_as_ever(monkeypatch, block, data):
    monkeypatch.setattr(chunks, "BLOCK", block)
    expected_problems = []
    found = read_rows(io.BytesIO(data), format="jsonl", report=expected_problems.append, name="t")
    expected = [(row.number, *(row.values.get(name) for name in WANTED)) for row in found]
    rows, problems, _ = read(io.BytesIO(data), format="jsonl")
    assert (rows, problems) == (expected, expected_problems)


def test_every_format_and_packing(tmp_path):
    table = b"id,text\n1,a\n2,b\n"
    listed = lines({"id": "1", "text": "a"}, {"id": "2", "text": "b"})
    for name, data, first in (("t.csv", table, 2), ("t.jsonl", listed, 1), ("t.NDJSON", listed, 1)):
        for suffix, pack in (
            ("", bytes),
            (".gz", gzip.compress),
            (".zst", lambda data: pa.compress(data, "zstd", asbytes=True)),
        ):
            path = tmp_path / f"{name}{suffix}"
            path.write_bytes(pack(data))
            assert read(path) == ([(first, "1", "a"), (first + 1, "2", "b")], [], (1, 0))
    pq.write_table(pa.table({"text": ["a"]}), tmp_path / "t.parquet")
    assert read(tmp_path / "t.parquet")[0] == [(1, None, "a")]


def test_what_is_no_table_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"^t: not a table; use one of .csv"):
        read(tmp_path / "a.txt")
    with pytest.raises(InputError, match=r"cannot be read \(no such file or directory\)"):
        read(tmp_path / "a.jsonl")


def test_a_damaged_file_is_told_of(tmp_path):
    path = tmp_path / "t.jsonl.gz"
    path.write_bytes(gzip.compress(lines(*ROWS * 50))[:-60])
    with pytest.raises(InputError, match=r"^t: damaged gzip file \(.*\); fetch or compress it"):
        read(path)


def test_damage_that_rows_meet_is_told_of(tmp_path):
    """Rows are drawn by whoever takes the chunk, long after the reader handed it on."""
    latin = tmp_path / "t.csv.gz"
    table = "id,text\n" + "".join(f'{n},"é {random.Random(n).random()}"\n' for n in range(90_000))
    latin.write_bytes(gzip.compress(table.encode("latin-1"))[:-60])
    odd = tmp_path / "t.parquet"
    texts = pa.array([b"ok", b"\xff"], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"text": texts, "date": pa.array([0, 1], pa.timestamp("s"))}), odd)
    for path, said in ((latin, "damaged gzip file"), (odd, "not a readable Parquet file")):
        with pytest.raises(InputError, match=f"^t: {said}"):
            read(path)


@pytest.mark.parametrize("block", [33, 1 << 20])
def test_a_later_part_of_a_file_goes_on_with_its_numbers(monkeypatch, block):
    monkeypatch.setattr(chunks, "BLOCK", block)
    data = b"[1]\n" + lines(*ROWS[:3]) + b"{broken\n" + lines(*ROWS[3:5])
    rows, problems, _ = read(io.BytesIO(data), format="jsonl", first=101)
    assert [row[0] for row in rows] == [102, 103, 104, 106, 107]
    assert [problem.where for problem in problems] == ["t, line 101", "t, line 105"]
