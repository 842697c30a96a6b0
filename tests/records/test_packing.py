"""Packed files."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pyarrow as pa
import pytest

from framing.records.packing import (
    explain_damage,
    find_packing,
    open_binary,
    pack,
    strip_packing,
)
from framing.schema import InputError

DATA = b"one\ntwo\n" * 5000


def write(path, data=DATA):
    with path.open("wb") as stream, pack(stream, path) as packed:
        packed.write(data)
    return path


def read(path):
    with explain_damage(str(path), path), open_binary(path) as stream:
        return stream.read()


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.csv.zst", "T.CSV.ZST"])
def test_there_and_back(tmp_path, name):
    path = write(tmp_path / name)
    assert read(path) == DATA
    packed = len(path.read_bytes()) < len(DATA)
    assert packed == (find_packing(path) is not None)
    with open_binary(path) as stream:
        assert [next(stream), next(stream)] == [b"one\n", b"two\n"]
    assert read(write(path, b"")) == b""


def test_others_can_unpack_it(tmp_path):
    assert gzip.decompress(write(tmp_path / "t.gz").read_bytes()) == DATA
    packed = write(tmp_path / "t.zst").read_bytes()
    assert pa.decompress(packed, len(DATA), "zstd", asbytes=True) == DATA


@pytest.mark.parametrize(
    ("name", "kind"), [("t.csv.gz", "gzip"), ("t.csv.zst", "zstd"), ("t.jsonl.ZST", "zstd")]
)
@pytest.mark.parametrize("damage", ["cut", "foreign", "bytes"])
def test_damage_is_told_of(tmp_path, name, kind, damage):
    path = write(tmp_path / name)
    packed = bytearray(path.read_bytes())
    packed[8:20] = bytes(12) if damage == "bytes" else packed[8:20]
    foreign = b"id,text\n1,a\n"
    path.write_bytes(foreign if damage == "foreign" else packed[: -5 if damage == "cut" else None])
    with pytest.raises(InputError) as error:
        read(path)
    assert str(error.value).startswith(f"{path}: damaged {kind} file (")
    assert str(error.value).endswith("); fetch or compress it again")


@pytest.mark.parametrize("suffix", [".gz", ".zst", ""])
def test_a_missing_file_is_told_of(tmp_path, suffix):
    path = tmp_path / f"t.csv{suffix}"
    with pytest.raises(
        InputError, match=r"cannot be read \(no such file or directory\); check the"
    ):
        read(path)


def test_a_folder_is_told_of(tmp_path):
    (tmp_path / "t.zst").mkdir()
    with pytest.raises(InputError, match=r"cannot be read \(is a directory\); check the"):
        read(tmp_path / "t.zst")


def test_a_stream_is_as_it_is():
    stream = io.BytesIO(DATA)
    with open_binary(stream) as same:
        assert same is stream
    assert not stream.closed


@pytest.mark.parametrize(
    ("name", "plain"), [("a.csv.gz", "a.csv"), ("a.csv.ZST", "a.csv"), ("a.csv", "a.csv")]
)
def test_names(name, plain):
    assert strip_packing(Path(name)).name == plain
