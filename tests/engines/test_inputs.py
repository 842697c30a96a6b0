"""What engines can read, and what is refused before one is started."""

from __future__ import annotations

import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from framing.engines.inputs import list_tables
from framing.records.tables import read_rows
from framing.schema import InputError


def test_tables_come_in_order_with_what_is_needed_of_them(tables):
    listed = list(list_tables([tables]))
    assert [table.path.name for table in listed] == sorted(path.name for path in tables.iterdir())
    assert [table.format for table in listed] == ["jsonl", "jsonl", "csv", "parquet"]
    assert [table.is_whole for table in listed] == [False, True, True, False]
    assert listed[1].stem == "b"
    assert listed[3].columns == ("id", "text", "source", "Date", "title", "article")
    assert listed[3].types[3] == "timestamp[us, tz=UTC]"
    assert all(table.path.is_absolute() for table in listed)


def test_a_table_is_called_as_its_user_calls_it(tables, monkeypatch):
    monkeypatch.chdir(tables)
    [table] = list_tables(["c.csv"])
    assert (table.name, table.path) == ("c.csv", tables / "c.csv")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        (
            "x.txt",
            b"A text.",
            "no table by its suffix, which is what engines go by; rename it, or use --engine local",
        ),
        ("x.jsonl.zst", b"", "engines read .gz or plain files; unpack it first"),
        (
            "x.jsonl.gz",
            b"PK not gzip",
            "damaged gzip file (Not a gzipped file (b'PK')); fetch or compress it again",
        ),
        (
            "x.jsonl",
            b'\n [{"text": "A."}]',
            "one JSON array cannot be read in pieces; "
            "write one JSON object a line, or use --engine local",
        ),
        (
            "x.csv",
            b"id,words\n1,A.\n",
            "no column 'text' among 'id', 'words'; name the column of the texts 'text'",
        ),
        ("x.csv", b"", "empty table; the first line must name the columns"),
        (
            "x.parquet",
            b"PAR1",
            "not a readable Parquet file (Parquet file size is 4 bytes, smaller than the minimum "
            "file footer (8 bytes)); write it again",
        ),
    ],
)
def test_what_cannot_be_read_in_pieces_is_refused(tmp_path, name, data, message):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError) as refused:
        list(list_tables([path]))
    assert str(refused.value) == f"{path}: {message}"


def test_an_array_is_found_in_a_packed_file(tmp_path):
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress(b"[]"))
    with pytest.raises(InputError, match="one JSON array"):
        list(list_tables([path]))


def test_a_parquet_file_without_texts_is_refused(tmp_path):
    pq.write_table(pa.table({"words": ["A."]}), tmp_path / "x.parquet")
    with pytest.raises(InputError, match="no column 'text' among 'words'"):
        list(list_tables([tmp_path / "x.parquet"]))


def test_a_damaged_parquet_file_is_told_of_as_without_an_engine(tmp_path):
    path = tmp_path / "x.parquet"
    path.write_bytes(b"PAR1" + b"\xff" * 60 + b"\x3c\0\0\0PAR1")
    told = []
    for read in (lambda: list(list_tables([path])), lambda: list(read_rows(path))):
        with pytest.raises(InputError, match="not a readable Parquet file") as refused:
            read()
        told.append(str(refused.value))
    assert told[0] == told[1]


def test_standard_input_is_refused():
    with pytest.raises(InputError, match="standard input cannot be shared out; name files"):
        list(list_tables(["-"]))
