"""Rows out of tables as people, spreadsheets and programs write them."""

from __future__ import annotations

import csv
import gc
import gzip
import io
import json
import os
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.records.packing import open_binary
from framing.records.rows import Row, normalise_column
from framing.records.tables import (
    find_format,
    read_rows,
)
from framing.schema import InputError, Problem

CELL = st.text(st.characters(exclude_characters="\ufeff", exclude_categories=("Cs",)))


class Drip(io.RawIOBase):
    """A stream as a pipe or a socket gives it: a few bytes at a time, and no way back."""

    def __init__(self, data: bytes, *, repeat: bytes = b"") -> None:
        self._data = data
        self._repeat = repeat
        self.drawn = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def readinto(self, buffer):
        if len(self._data) < 97:
            self._data += self._repeat
        size = min(97, len(buffer))
        piece, self._data = self._data[:size], self._data[size:]
        buffer[: len(piece)] = piece
        self.drawn += len(piece)
        return len(piece)


def read(data, kind="csv"):
    """Return the values of all rows, and the problems."""
    problems = []
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    rows = list(read_rows(stream, format=kind, report=problems.append, name="t"))
    return [row.values for row in rows], problems


def fail(data, kind="csv"):
    with pytest.raises(InputError) as error:
        read(data, kind)
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", "csv"),
        ("a.TSV", "csv"),
        ("a.b.jsonl.gz", "jsonl"),
        ("a.ndjson", "jsonl"),
        ("a.json", "jsonl"),
        ("a.PARQUET", "parquet"),
        ("a.csv.txt", None),
        ("a.gz", None),
        ("csv", None),
        (".csv", None),
    ],
)
def test_suffixes(name, kind):
    assert find_format(Path(name)) == kind


def test_other_files_are_refused(tmp_path):
    with pytest.raises(InputError) as error:
        next(read_rows(tmp_path / "a.txt"))
    assert str(error.value) == (
        f"{tmp_path / 'a.txt'}: not a table; "
        "use one of .csv, .tsv, .jsonl, .ndjson, .json, .parquet"
    )
    with pytest.raises(InputError, match=r"^standard input: not a table"):
        next(read_rows(io.BytesIO(b"a\n1\n")))


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet", "a.csv.gz"])
def test_a_missing_file_is_named(tmp_path, name):
    with pytest.raises(InputError) as error:
        next(read_rows(tmp_path / name))
    place = tmp_path / name
    assert (
        str(error.value) == f"{place}: cannot be read (no such file or directory); check the path"
    )


def test_a_folder_is_named(tmp_path):
    with pytest.raises(InputError, match=r"cannot be read \(is a directory\); check the path"):
        next(read_rows(tmp_path, format="csv"))


# --- CSV


def test_rows_are_numbered_as_in_a_spreadsheet():
    data = b'id,text\n1,"two\nlines"\n\n,\n2,b\n'
    assert list(read_rows(io.BytesIO(data), format="csv")) == [
        Row(2, {"id": "1", "text": "two\nlines"}),
        Row(5, {"id": "2", "text": "b"}),
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_as_spreadsheets_save_it(ending, delimiter, encoding):
    lines = [["id", "text"], ["1", '"Prix; élevé, 3|4\t5 €"'], ["2", '"«é»"']]
    text = "".join(delimiter.join(cells) + ending for cells in lines)
    rows, problems = read(text.encode(encoding))
    assert rows == [{"id": "1", "text": "Prix; élevé, 3|4\t5 €"}, {"id": "2", "text": "«é»"}]
    assert not problems


@settings(deadline=None)
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5), st.booleans())
def test_any_cells_are_read_back(cells, with_mark):
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerows([("first", "second"), *cells])
    data = stream.getvalue().encode("utf-8-sig" if with_mark else "utf-8")
    controls = sum(
        (byte < 32 and byte not in (9, 10, 11, 12, 13, 27)) or byte == 127 for byte in data
    )
    if controls > 0.04 * len(data):  # refused as binary
        return
    expected = [{"first": a, "second": b} for a, b in cells if a or b]
    assert read(data) == (expected, [])


def test_quoted_header_after_a_mark():
    assert read(b'\xef\xbb\xbf"Text","a,b"\n1,2\n')[0] == [{"text": "1", "a,b": "2"}]


def test_delimiters_within_quotes_do_not_count():
    assert read(b'"a,b,c,d";e\n1;2\n')[0] == [{"a,b,c,d": "1", "e": "2"}]


def test_commas_in_the_rows_do_not_count():
    assert read(b"a;b\r1;2,3,4,5\r")[0] == [{"a": "1", "b": "2,3,4,5"}]


def test_nul_bytes_are_kept():
    text = b"a long enough text that is not binary for all that"
    assert read(b"id,text\n1,\0" + text + b"\n")[0] == [{"id": "1", "text": "\0" + text.decode()}]


def test_huge_cells_are_read():
    cell = "word, " * 100_000
    assert read(f'id,text\n1,"{cell}"\n'.encode())[0] == [{"id": "1", "text": cell}]


def test_wrong_cell_counts_are_reported():
    rows, problems = read(b"id,text\n1,a,b\n2\n3,c\n")
    assert rows == [{"id": "3", "text": "c"}]
    assert problems == [
        Problem("t, row 2", "3 cells where the header has 2", "1 a b"),
        Problem("t, row 3", "1 cells where the header has 2", "2"),
    ]


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"\n\n1,2\n", b",,\n1,2,3\n", b"\xef\xbb\xbf", b'""\n']
)
def test_a_table_needs_names(data):
    assert fail(data) == "t: empty table; the first line must name the columns"


@pytest.mark.parametrize("data", [b"a,a\n", b"Text, text\n1,2\n"])
def test_two_columns_of_one_name_are_refused(data):
    name = "a" if data.startswith(b"a") else "text"
    assert fail(data) == f"t: two columns are named '{name}'; rename one"


def test_columns_without_names_are_no_obstacle():
    assert read(b",text,\n1,a,2\n")[0][0]["text"] == "a"


def test_standard_columns_are_recognised_in_any_case():
    assert normalise_column(" TEXT ") == "text"
    assert normalise_column(" Outlet ") == "Outlet"
    assert read(b"Source,Frames,Outlet\na,b,c\n")[0] == [
        {"source": "a", "frames": "b", "Outlet": "c"}
    ]


def test_a_header_alone_has_no_rows():
    assert read(b"id,text\n") == ([], [])


OPEN = "a quote opens in line {} and is never closed"


@pytest.mark.parametrize(
    ("data", "n_rows", "row", "lost"),
    [
        (b'id,text\n1,a\n2,"b\n3,c\n', 1, 3, ", so its row and 1 more line are lost"),
        (b'id,text\n1,a\n2,"b\n3,c\n4,d', 1, 3, ", so its row and 2 more lines are lost"),
        (b'text,id\na,1\n"b,2\nc,3\n', 1, 3, ", so its row and 1 more line are lost"),
        (b'text,id\na,1\n"b,2\n', 1, 3, ", so its row is lost"),
        (b'id,"text\n1,a\n', 0, 1, ", so its row and 1 more line are lost"),
        (b'id,"text\n', 0, 1, ", so its row is lost"),
        (b'id,text\n1,a\n2,"b\n', 2, 3, None),
        (b'id,text\n1,a\n2,"b', 2, 3, None),
        (b'id,text\n1,a\n2,"', 2, 3, None),
    ],
)
def test_what_is_lost_to_a_quote_that_is_never_closed_is_told(data, n_rows, row, lost):
    rows, problems = read(data)
    assert len(rows) == n_rows
    [problem] = problems
    assert problem.where == f"t, row {row}"
    assert problem.reason == OPEN.format(row) + (lost or "; its cell ends with the file")
    assert problem.lost == bool(lost)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_that_a_quote_out_of_place_joins_are_lost_and_told(ends):
    lines = [
        "id,text",
        '0,"x',
        'y"',
        "1,a",
        '2,"b',
        "3,c",
        "4,d",
        '5,"e"',
        "6,f",
        '7,"g ""h""',
        'i"',
    ]
    rows, problems = read(ends.join(lines).encode())
    kept = {"0": f"x{ends}y", "1": "a", "6": "f", "7": f'g "h"{ends}i'}
    assert {row["id"]: row["text"] for row in rows} == kept
    [problem] = problems
    assert problem.reason == "a quote out of place joins lines 5 to 8, so they are lost"
    assert (problem.where, problem.lost) == ("t, row 4", True)
    assert problem.content.startswith("2 b 3,c 4,d 5,e")


def test_the_line_of_an_open_quote_counts_those_within_cells():
    rows, problems = read(b'id,text\r\n1,"a\nb\rc"\r\n2,"d\r\n3,e\r\n')
    assert rows == [{"id": "1", "text": "a\nb\rc"}]
    assert problems == [
        Problem("t, row 3", OPEN.format(5) + ", so its row and 1 more line are lost", "2 d 3,e")
    ]


@pytest.mark.parametrize("data", [b'text\n"a"', b'text\n"a"\n', b'text\na"', b'text\n"a""b"\n\n'])
def test_closed_quotes_at_the_end_are_no_problem(data):
    rows, problems = read(data)
    assert len(rows) == 1
    assert not problems


def test_bytes_that_cannot_be_read_are_reported():
    head = "id,text\n" + "1,plain\n" * 60_000  # longer than what the encoding is told from
    rows, problems = read(head.encode() + b"2,caf\xe9 \xe9\n3,\xef\xbf\xbd\n")
    assert rows[-2:] == [{"id": "2", "text": "caf\ufffd \ufffd"}, {"id": "3", "text": "\ufffd"}]
    reason = "2 bytes could not be read (kept as U+FFFD)"
    assert problems == [Problem("t, row 60002", reason, "2 caf\ufffd \ufffd", lost=False)]


def test_bytes_that_windows_1252_lacks_are_reported():
    rows, problems = read(b"id,text\n1,caf\xe9 \x81\n")
    assert rows == [{"id": "1", "text": "café \ufffd"}]
    assert [problem.reason for problem in problems] == ["1 byte could not be read (kept as U+FFFD)"]


def test_an_accent_after_the_first_pages_still_tells_the_encoding():
    data = ("id,text\n" + "1,plain\n" * 5000 + "2,été\n").encode("cp1252")
    rows, problems = read(data)
    assert rows[-1] == {"id": "2", "text": "été"}
    assert not problems


@pytest.mark.parametrize(
    "data", [b"%PDF-1.4\nfoo", b"PK\x03\x04\x00\x00", b"a,b\n\0\1\2\3\4\5\6\7\n"]
)
def test_what_is_no_text_is_refused(data):
    assert fail(data).startswith("t: this is ")


def test_problems_may_go_nowhere():
    assert len(list(read_rows(io.BytesIO(b"a\n1,2\n3\n"), format="csv"))) == 1


# --- streams


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_stream_that_cannot_be_sought(kind):
    data = {
        "csv": b"id,text\n" + b'"1","a\nb"\n' * 500,
        "jsonl": b'{"id": "1", "text": "a\\nb"}\n' * 500,
    }
    for stream in (io.BufferedReader(Drip(data[kind])), Drip(data[kind])):
        assert read(stream, kind)[0] == [{"id": "1", "text": "a\nb"}] * 500


def test_a_pipe():
    reading, writing = os.pipe()
    with open(reading, "rb") as stream:  # noqa: PTH123  a descriptor
        with open(writing, "wb") as sink:  # noqa: PTH123
            sink.write(b"id\n1\n2\n")
        assert read(stream)[0] == [{"id": "1"}, {"id": "2"}]


@pytest.mark.parametrize(
    ("kind", "row"), [("csv", b"1,word\n"), ("jsonl", b'{"id": "1", "text": "word"}\n')]
)
def test_endless_input_is_read_as_it_is_taken(kind, row):
    drip = Drip(b"id,text\n" if kind == "csv" else b"", repeat=row * 20)
    rows = read_rows(io.BufferedReader(drip), format=kind)
    assert [row.values["id"] for row in islice(rows, 3)] == ["1"] * 3
    rows.close()
    assert drip.drawn < 2_000_000


@pytest.mark.parametrize("data", [b"id\n1\n", b"%PDF", b""])
def test_a_stream_stays_open(data):
    stream = io.BytesIO(data)
    try:
        list(read_rows(stream, format="csv"))
    except InputError:
        gc.collect()
    assert not stream.closed
    with open_binary(stream) as same:
        assert same is stream
    assert not stream.closed


def test_a_parquet_stream_must_be_seekable():
    with pytest.raises(
        InputError, match=r"^t: Parquet is read from its end, .*; name a plain file$"
    ):
        read(io.BufferedReader(Drip(b"PAR1" * 9)), "parquet")


# --- gzip


@pytest.mark.parametrize("name", ["t.csv.gz", "t.jsonl.gz", "T.CSV.GZ"])
def test_gzip(tmp_path, name):
    path = tmp_path / name
    content = b"id\n1\n" if "csv" in name.lower() else b'{"id": "1"}\n'
    path.write_bytes(gzip.compress(content))
    assert [row.values for row in read_rows(path)] == [{"id": "1"}]


@pytest.mark.parametrize("name", ["t.csv.gz", "t.jsonl.gz"])
@pytest.mark.parametrize("damage", ["cut", "bytes", "checksum", "foreign"])
def test_damaged_gzip_is_told_of(tmp_path, name, damage):
    path = tmp_path / name
    lines = (f'{{"id": "{number}"}}\n' for number in range(2000))
    packed = bytearray(gzip.compress("".join(lines).encode()))
    if damage == "cut":
        packed = packed[: len(packed) // 2]
    elif damage == "bytes":
        packed[20:40] = bytes(20)
    elif damage == "checksum":
        packed[-8] ^= 1
    else:
        packed = bytearray(b"id,text\n1,a\n")
    path.write_bytes(packed)
    with pytest.raises(InputError) as error:
        list(read_rows(path))
    message = str(error.value)
    assert message.startswith(f"{path}: damaged gzip file (")
    assert message.endswith("); fetch or compress it again")


# --- JSONL


def test_jsonl_rows_are_numbered_by_line():
    data = b'\xef\xbb\xbf\n{"Text": "a", "x": [1, null]}\r\n\r\n  {"id": 2}'
    assert list(read_rows(io.BytesIO(data), format="jsonl")) == [
        Row(2, {"text": "a", "x": [1, None]}),
        Row(4, {"id": 2}),
    ]


def test_separators_of_other_alphabets_do_not_end_a_line():
    text = "a\u2028b\u2029c\x85d\x1ce"
    line = json.dumps({"text": text}, ensure_ascii=False)
    assert read(line.encode(), "jsonl")[0] == [{"text": text}]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "a"', "not JSON ("),
        (b"{'text': 'a'}", "not JSON ("),
        (b'{"text": "a"} {"text": "b"}', "not JSON (Extra data"),
        (b'{"x": 1' + b"0" * 5000 + b"}", "not JSON (Exceeds the limit"),
        (b'{"x": ' + b"[" * 9999 + b"]" * 9999 + b"}", "not JSON ("),
        (b'{"x": ' + b"[" * 990 + b"]" * 990 + b"}", "not JSON ("),
        (b'["text", "a"]', "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"\0\0\0\0", "not JSON ("),
    ],
)
def test_lines_that_cannot_be_read_are_reported(line, reason):
    rows, problems = read(b'{"text": "a"}\n' + line + b'\n{"text": "b"}\n', "jsonl")
    assert rows == [{"text": "a"}, {"text": "b"}]
    [problem] = problems
    assert problem.where == "t, line 2"
    assert problem.reason.startswith(reason)
    assert problem.lost
    assert len(problem.content) <= 200
    assert problem.content[:2] == line[:2].decode()


def test_nested_values_are_kept():
    values = {"stance": {"a": {"b": [1, 2.5, None, True]}}, "frames": []}
    assert read(json.dumps(values).encode(), "jsonl")[0] == [values]


def test_bytes_that_are_not_utf8_are_reported():
    rows, problems = read(b'{"text": "caf\xe9 \xe9"}\n{"text": "\xef\xbf\xbd"}\n', "jsonl")
    assert rows == [{"text": "caf\ufffd \ufffd"}, {"text": "\ufffd"}]
    [problem] = problems
    assert problem.where == "t, line 1"
    assert problem.reason == "2 bytes are not UTF-8 (kept as U+FFFD)"
    assert not problem.lost


def test_lone_surrogates_are_replaced_wherever_they_stand():
    line = rb'{"t\ud800": "a\ud800b", "x": ["\udc00", {"y": "\ud83d\ude00"}]}'
    assert read(line, "jsonl")[0] == [{"t\ufffd": "a\ufffdb", "x": ["\ufffd", {"y": "😀"}]}]


@pytest.mark.parametrize("opening", [b"", b"\xef\xbb\xbf", b"\n \n"])
def test_one_array_is_a_table_too(opening):
    data = opening + json.dumps([{"id": 1}, {"id": 2}, "x", {"id": 3}], indent=1).encode()
    rows, problems = read(data, "jsonl")
    assert rows == [{"id": 1}, {"id": 2}, {"id": 3}]
    assert [problem.reason for problem in problems] == ["not a JSON object"]


@pytest.mark.parametrize("data", [b'[{"id": 1},\n', b"[1]\n[2]\n", b"[" * 9999])
def test_a_broken_array_is_refused(data):
    message = fail(data, "jsonl")
    assert message.startswith("t: not JSON (")
    assert message.endswith("; write one JSON object a line")


def test_nothing_at_all_has_no_rows():
    assert read(b"", "jsonl") == read(b"\n \n", "jsonl") == ([], [])


# --- Parquet


def parquet(**columns):
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def test_parquet_keeps_nulls_lists_and_structures():
    data = parquet(
        Text=["a", None, "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")],
        frames=[["x", None], [], None],
        stance=[{"t": "favor"}, None, {"t": None}],
        p=[0.5, None, float("nan")],
    )
    rows, problems = read(data, "parquet")
    assert [row["text"] for row in rows] == ["a", None, "😀"]
    assert [row["frames"] for row in rows] == [["x", None], [], None]
    assert [row["stance"] for row in rows] == [{"t": "favor"}, None, {"t": None}]
    assert [row["p"] for row in rows[:2]] == [0.5, None]
    assert not problems


def test_parquet_rows_are_numbered_from_one_across_batches():
    rows = list(read_rows(io.BytesIO(parquet(id=list(range(9000)))), format="parquet"))
    assert all(row.number == row.values["id"] + 1 for row in rows)
    assert len(rows) == 9000


def test_text_that_is_stored_as_bytes_is_text():
    data = parquet(text=pa.array(["café".encode(), b"\xe9", None], pa.binary()))
    assert [row["text"] for row in read(data, "parquet")[0]] == ["café", "\ufffd", None]


@pytest.mark.parametrize("damage", ["empty", "cut", "text", "utf8", "footer"])
def test_a_damaged_parquet_file_is_refused(damage):
    data = {
        "empty": b"",
        "cut": parquet(text=["a", "b"])[:-9],
        "text": b"id,text\n1,a\n",
        "utf8": parquet(text=pa.array([b"\xe9"], pa.binary()).view(pa.string())),
        "footer": b"PAR1" + b"\xff" * 60 + b"\x3c\0\0\0PAR1",
    }[damage]
    message = fail(data, "parquet")
    assert message.startswith("t: not a readable Parquet file (")
    assert message.endswith("); write it again")
    assert "\n" not in message


def test_what_the_system_says_of_a_parquet_file_is_not_laid_to_its_damage():
    class Gone(io.BytesIO):
        def read(self, *_):
            raise OSError(5, "Input/output error")

    stream = Gone(parquet(text=["a"]))
    with pytest.raises(InputError, match=r"^t: cannot be read \(input/output error\)"):
        list(read_rows(stream, format="parquet", name="t"))


def test_damaged_pages_of_parquet_are_told_of():
    stream = io.BytesIO()
    pq.write_table(pa.table({"text": ["words and words"] * 999}), stream, compression="zstd")
    data = bytearray(stream.getvalue())
    data[30:60] = bytes(30)
    with pytest.raises(InputError):
        read(bytes(data), "parquet")
