"""Arrays mapped from files, against the library that wrote them."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from framing.scoring.tensors import map_tensors

KINDS = ("?", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8")


def test_arrays_of_every_type_are_those_that_were_saved(tmp_path):
    draw = np.random.default_rng(1)
    arrays = {kind: draw.integers(0, 2, (3, 5)).astype(kind) for kind in KINDS}
    arrays |= {"scalar": np.array(1.5), "empty": np.empty((0, 4)), "odd": np.arange(7, dtype="u1")}
    save_file(arrays, tmp_path / "a", {"who": "é"})
    found, metadata = map_tensors(tmp_path / "a")
    assert metadata == {"who": "é"}
    assert set(found) == set(arrays) == set(load_file(tmp_path / "a"))
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert np.array_equal(found[name], array)


def test_arrays_are_mapped_not_copied(tmp_path):
    save_file({"a": np.arange(9.0)}, tmp_path / "a")
    found, _ = map_tensors(tmp_path / "a")
    assert not found["a"].flags.writeable
    assert not found["a"].flags.owndata


def test_a_file_that_is_replaced_stays_as_it_was(tmp_path):
    save_file({"a": np.ones(3)}, tmp_path / "a")
    found, _ = map_tensors(tmp_path / "a")
    save_file({"a": np.zeros(3)}, tmp_path / "b")
    (tmp_path / "b").replace(tmp_path / "a")
    assert found["a"].tolist() == [1, 1, 1]
    assert map_tensors(tmp_path / "a")[0]["a"].tolist() == [0, 0, 0]


def test_without_metadata_there_are_none(tmp_path):
    save_file({"a": np.ones(1)}, tmp_path / "a")
    assert map_tensors(tmp_path / "a")[1] == {}


def write(path, header, data=b""):
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def test_types_that_numpy_lacks_are_refused(tmp_path):
    write(tmp_path / "a", {"a": {"dtype": "BF16", "shape": [1], "data_offsets": [0, 2]}}, b"xx")
    with pytest.raises(KeyError):
        map_tensors(tmp_path / "a")


@pytest.mark.parametrize("offsets", [[0, 8], [2, 6], [4, 0], [-4, 0]])
def test_offsets_must_be_right(tmp_path, offsets):
    write(tmp_path / "a", {"a": {"dtype": "F32", "shape": [1], "data_offsets": offsets}}, b"xxxx")
    with pytest.raises(SafetensorError):
        map_tensors(tmp_path / "a")


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        map_tensors(tmp_path / "none")
