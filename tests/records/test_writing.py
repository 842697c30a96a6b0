"""Tables and texts that stand whole or not at all."""

from __future__ import annotations

import csv
import errno
import gzip
import io
import json
import os
import stat
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.records.tables import read_rows
from framing.records.writing import open_table, write_atomically, write_text
from framing.schema import InputError, OutputError

COLUMNS = {"id": "text", "p": "number", "frames": "list"}
ROWS = [
    {"id": "1", "p": 0.25, "frames": ["a", "b"], "extra": "x"},
    {"id": "İ\u2028\n\r", "p": None, "frames": []},
    {"id": None, "frames": None},
]
FORMATS = ["csv", "jsonl", "parquet"]


def write(path, rows, columns=COLUMNS, **options):
    with open_table(path, columns, **options) as table:
        table.write(rows)
    return path


def break_off(path, error):
    with write_atomically(path) as stream:
        stream.write(b"half")
        raise error


def break_off_table(path, error):
    def interrupted():
        yield from ROWS * 1000
        raise error

    with open_table(path, COLUMNS) as table:
        table.write(ROWS * 1000)
        table.write(interrupted())


def values(path):
    return [row.values for row in read_rows(path, report=pytest.fail)]


# --- whole or not at all


def test_a_file_appears_when_the_block_ends(tmp_path):
    path = tmp_path / "a.bin"
    with write_atomically(path) as stream:
        stream.write(b"new")
        stream.flush()
        assert not path.exists()
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_who_reads_the_old_file_goes_on_reading_it(tmp_path):
    path = tmp_path / "a"
    write_text(path, "old and whole")
    with path.open() as stream:
        write_text(path, "new")
        assert stream.read() == "old and whole"
    assert path.read_text() == "new"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
@pytest.mark.parametrize("old", [b"old", None])
def test_what_stood_there_stays_when_the_block_fails(tmp_path, error, old):
    path = tmp_path / "a.bin"
    if old:
        path.write_bytes(old)
    with pytest.raises(error):
        break_off(path, error)
    assert list(tmp_path.iterdir()) == ([path] if old else [])
    assert not old or path.read_bytes() == old


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.jsonl", "t.jsonl.gz", "t.parquet"])
def test_no_half_table_is_left(tmp_path, error, name):
    path = write(tmp_path / name, ROWS)
    before = path.read_bytes()
    with pytest.raises(error):
        break_off_table(path, error)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_the_part_is_hidden_beside_the_file(tmp_path):
    with write_atomically(tmp_path / "a.csv"):
        [part] = tmp_path.iterdir()
        assert part.name == f".a.csv.{os.getpid()}.part"


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(OutputError) as error, write_atomically(tmp_path):
        pass
    assert str(error.value) == f"{tmp_path}: this is a folder; name a file"


def test_a_place_that_does_not_exist_is_told_of(tmp_path):
    path = tmp_path / "none" / "a.csv"
    with pytest.raises(OutputError) as error:
        write(path, ROWS)
    reason = "cannot be written (no such file or directory); choose another place"
    assert str(error.value) == f"{path}: {reason}"


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match=r"cannot be written \(not a directory\)"):
        write_text(tmp_path / "file" / "a.txt", "x")


@pytest.mark.parametrize("length", [250, 300])
def test_a_name_that_is_too_long_is_told_of(tmp_path, length):
    with pytest.raises(OutputError, match=r"cannot be written \(file name too long\)"):
        write_text(tmp_path / ("a" * length), "x")


def test_a_folder_that_may_not_be_written_to(tmp_path, monkeypatch):
    def refuse(self, mode):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may write anywhere
    with pytest.raises(OutputError, match=r"cannot be written \(permission denied\); choose"):
        write_text(tmp_path / "a", "x")


def test_a_disk_that_fills_up_keeps_the_old_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises(OutputError, match=r"cannot be written \(no space left on device\)"):
        break_off_table(path, OSError(28, "No space left on device"))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def spare_devices(monkeypatch):
    """Keep code that is wrong, run by root, from replacing a device of this machine by a file."""

    def refuse(path, *_args, **_options):
        pytest.fail(f"{path} was about to be removed, replaced or written beside")

    def open_device(self, *args, **options):
        return real_open(self, *args, **options) if self.is_char_device() else refuse(self)

    real_open = Path.open
    monkeypatch.setattr(Path, "open", open_device)
    for name in ("remove", "rename", "replace", "unlink"):
        monkeypatch.setattr(os, name, refuse)


def is_full_device(path):
    return path.is_char_device() and path.stat().st_rdev == os.makedev(1, 7)


@pytest.mark.skipif(not is_full_device(Path("/dev/full")), reason="no device that is always full")
@pytest.mark.usefixtures("spare_devices")
def test_a_full_device_is_told_of():
    with pytest.raises(OutputError, match=r"/dev/full: cannot be written \(no space left"):
        write(Path("/dev/full"), ROWS * 9999, format="jsonl")


@pytest.mark.skipif(not Path("/dev/null").is_char_device(), reason="no device that takes all")
@pytest.mark.usefixtures("spare_devices")
def test_a_device_stays_a_device():
    before = set(Path("/dev").iterdir())
    write(Path("/dev/null"), ROWS, format="csv")
    write_text(Path("/dev/null"), "x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert not {path for path in set(Path("/dev").iterdir()) - before if "part" in path.name}


def test_a_pipe_is_written_to(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_text(path, "through")
        assert os.read(reading, 99) == b"through"
    finally:
        os.close(reading)
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_a_reader_that_has_gone_is_not_the_outputs_fault(tmp_path):
    with pytest.raises(BrokenPipeError), write_atomically(tmp_path / "a"):
        raise BrokenPipeError


@pytest.mark.parametrize("dangling", [False, True])
def test_a_link_stays_a_link(tmp_path, dangling):
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "target", tmp_path / "link"
    if not dangling:
        target.write_text("old")
    link.symlink_to(target)
    write_text(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert list((tmp_path / "far").iterdir()) == [target]


def test_text_is_utf8_whatever_it_holds(tmp_path):
    write_text(tmp_path / "a", "é\r\n\ud800")
    assert (tmp_path / "a").read_bytes() == b"\xc3\xa9\r\n?"


# --- formats


def test_jsonl_by_hand(tmp_path):
    path = write(tmp_path / "t.jsonl", ROWS)
    assert path.read_bytes().decode() == (
        '{"id": "1", "p": 0.25, "frames": ["a", "b"], "extra": "x"}\n'
        '{"id": "İ\u2028\\n\\r", "p": null, "frames": []}\n'
        '{"id": null, "frames": null}\n'
    )


def test_parquet_by_hand(tmp_path):
    table = pq.read_table(write(tmp_path / "t.parquet", ROWS))
    assert [str(field.type) for field in table.schema] == [
        "string",
        "double",
        "list<element: string>",
    ]
    assert table.to_pydict() == {
        "id": ["1", "İ\u2028\n\r", None],
        "p": [0.25, None, None],
        "frames": [["a", "b"], [], None],
    }


@pytest.mark.parametrize("kind", FORMATS)
def test_rows_may_come_in_several_lots(tmp_path, kind):
    whole = write(tmp_path / f"a.{kind}", ROWS * 3)
    with open_table(tmp_path / f"b.{kind}", COLUMNS) as table:
        table.write(ROWS)
        table.write([])
        table.write(row for row in ROWS)
        table.write(ROWS)
    assert values(tmp_path / f"b.{kind}") == values(whole)
    assert len(values(whole)) in {6, 9}  # a CSV row of blanks alone is no row to a reader


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_a_full_disk_is_the_error_that_is_told(kind):
    class FullDisk(io.BytesIO):
        def write(self, data):
            if self.tell() + len(data) > 100:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data)

    def fill():
        with open_table("-", {"a": "text"}, stdout=FullDisk(), format=kind) as table:
            table.write({"a": f"{number}"} for number in range(9000))

    with pytest.raises(OSError, match="No space left") as error:
        fill()
    assert error.value.errno == errno.ENOSPC


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_a_table_that_fails_twice_tells_the_first_error(kind, monkeypatch):
    def refuse():
        raise OSError(errno.EIO, "second")

    def fail():
        with open_table("-", {"a": "text"}, stdout=io.BytesIO(), format=kind) as table:
            monkeypatch.setattr(table, "close", refuse)
            raise KeyError("first")

    with pytest.raises(KeyError, match="first"):
        fail()


def test_lots_of_a_few_rows_make_one_group_of_parquet(tmp_path):
    with open_table(tmp_path / "t.parquet", COLUMNS) as table:
        for row in ROWS:
            table.write([row])
    assert pq.ParquetFile(tmp_path / "t.parquet").num_row_groups == 1


@pytest.mark.parametrize("kind", FORMATS)
def test_a_table_without_rows(tmp_path, kind):
    path = write(tmp_path / f"t.{kind}", [])
    assert values(path) == []
    if kind == "csv":
        assert path.read_text() == "id,p,frames\n"
    if kind == "parquet":
        assert pq.read_table(path).column_names == ["id", "p", "frames"]


@pytest.mark.parametrize("name", ["t.csv.gz", "t.jsonl.gz", "t.CSV.GZ"])
def test_packed_tables(tmp_path, name):
    packed = write(tmp_path / name, ROWS * 99)
    plain = write(tmp_path / name[:-3], ROWS * 99)
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    flags, time = packed.read_bytes()[3], packed.read_bytes()[4:8]
    assert (flags, time) == (0, bytes(4))  # neither name nor date: the same rows, the same bytes


@settings(deadline=None)
@given(st.lists(st.fixed_dictionaries({"a": st.text(), "b": st.text(min_size=1)}), max_size=4))
def test_any_text_is_read_back(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("t")
    columns = {"a": "text", "b": "text"}
    for kind in ("jsonl", "parquet"):
        assert values(write(folder / f"t.{kind}", rows, columns)) == rows
    path = write(folder / "t.csv", rows, columns, raw=True)
    with path.open(encoding="utf-8", newline="") as stream:
        assert [*csv.DictReader(stream)] == rows


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl", "t.parquet"])
def test_lone_surrogates_do_not_stop_a_table(tmp_path, name):
    rows = [{"id": "a\ud800", "frames": ["\udc00", "b"]}, {"id": "c", "frames": None}]
    read = values(write(tmp_path / name, rows))
    assert read[0]["id"] in {"a?", "a\ufffd"}
    assert read[1]["id"] == "c"


@pytest.mark.parametrize("opener", "=+-@\t\r")
def test_formulas_are_neutralised_unless_raw(tmp_path, opener):
    cell = f"{opener}HYPERLINK(1)"
    rows, columns = (
        [{"=a": cell, "n": -1.5, "l": [cell]}],
        {"=a": "text", "n": "number", "l": "list"},
    )
    neutral = values(write(tmp_path / "n.csv", rows, columns))
    assert neutral == [{"'=a": f"'{cell}", "n": "-1.5", "l": f"'{cell}"}]
    raw = values(write(tmp_path / "r.csv", rows, columns, raw=True))
    assert raw == [{"=a": cell, "n": "-1.5", "l": cell}]


@pytest.mark.parametrize("name", ["t.jsonl", "t.parquet"])
def test_formulas_are_left_alone_where_nothing_runs_them(tmp_path, name):
    assert values(write(tmp_path / name, [{"id": "=1"}]))[0]["id"] == "=1"


def test_a_mark_for_spreadsheets(tmp_path):
    path = write(tmp_path / "t.csv", ROWS, mark=True)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,p")
    assert path.read_bytes().count(b"\xef\xbb\xbf") == 1


@pytest.mark.parametrize("name", ["t.txt", "t", "t.gz", "-"])
def test_a_suffix_must_name_a_format(tmp_path, name):
    path = name if name == "-" else tmp_path / name
    with pytest.raises(InputError) as error:
        write(path, ROWS)
    reason = "the suffix names no table format; use .csv, .jsonl or .parquet"
    assert str(error.value) == f"{path}: {reason}"
    assert list(tmp_path.iterdir()) == []


def test_a_format_may_be_given(tmp_path):
    path = write(tmp_path / "t.txt", [{"id": "1"}], format="jsonl")
    assert json.loads(path.read_bytes()) == {"id": "1"}


# --- standard output


@pytest.mark.parametrize("kind", [*FORMATS, None])
def test_standard_output_stays_open(tmp_path, kind, monkeypatch):
    monkeypatch.chdir(tmp_path)
    stream = io.BytesIO()
    write("-", ROWS, stdout=stream, format=kind)
    assert not stream.closed
    expected = write(tmp_path / f"t.{kind or 'jsonl'}", ROWS).read_bytes()
    assert stream.getvalue() == expected
    assert not (tmp_path / "-").exists()


def test_standard_output_gets_its_rows_at_once():
    stream = io.BytesIO()
    with open_table("-", COLUMNS, stdout=stream) as table:
        table.write(ROWS[:1])
        assert stream.getvalue().endswith(b"}\n")


@pytest.mark.parametrize("suffix", FORMATS)
def test_flags_are_true_false_or_unknown(tmp_path, suffix):
    path = tmp_path / f"t.{suffix}"
    write(path, [{"f": True}, {"f": False}, {"f": None}], {"f": "flag"})
    if suffix == "parquet":
        assert pq.read_table(path)["f"].to_pylist() == [True, False, None]
        assert str(pq.read_table(path).schema.field("f").type) == "bool"
    elif suffix == "csv":
        assert path.read_text("utf-8") == 'f\nTrue\nFalse\n""\n'
    else:
        assert [json.loads(line)["f"] for line in path.read_text().splitlines()] == [
            *(True, False, None),
        ]
