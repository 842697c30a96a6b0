"""Arrow arrays through their buffers."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.records import arrays
from framing.records.arrays import (
    build_texts,
    literal,
    pack_flags,
    pack_numbers,
    pack_texts,
    read_flags,
    read_numbers,
    read_texts,
    repeat_text,
)

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=5)


@settings(deadline=None)
@given(st.lists(TEXT | st.none(), max_size=20))
def test_texts_are_those_of_pyarrow(texts):
    found = pack_texts(texts)
    found.validate(full=True)
    assert found.equals(pa.array(texts, pa.string()))


@settings(deadline=None)
@given(st.lists(TEXT | st.none(), max_size=20), st.integers(0, 9), st.integers(0, 9))
def test_texts_are_read_from_any_slice(texts, start, length):
    part = pa.array(texts, pa.string()).slice(min(start, len(texts)), length)
    offsets, data = read_texts(part)
    assert build_texts(offsets, data).to_pylist() == [text or "" for text in part.to_pylist()]


def test_lone_surrogates_are_replaced():
    assert pack_texts(["a\ud800", "\udc00b"]).to_pylist() == ["a\ufffd", "\ufffdb"]


def test_missing_texts_are_null():
    found = build_texts(np.array([0, 1, 1]), b"a", missing=np.array([False, True]))
    assert found.to_pylist() == ["a", None]
    assert found.null_count == 1


def test_more_than_an_array_can_hold_is_refused(monkeypatch):
    monkeypatch.setattr(arrays, "MOST_BYTES", 3)
    with pytest.raises(OverflowError):
        pack_texts(["ab", "cd"])


@pytest.mark.parametrize("kind", [np.int32, np.int64, np.float64])
def test_numbers_are_those_of_pyarrow(kind):
    table = np.arange(12, dtype=kind).reshape(4, 3)
    missing = np.array([True, False, False, True])
    for numbers in (table[:, 1], table[::2, 0], np.empty(0, kind)):
        gone = missing[: len(numbers)]
        assert pack_numbers(numbers).equals(pa.array(numbers))
        assert pack_numbers(numbers, missing=gone).equals(pa.array(numbers, mask=gone))


@settings(deadline=None)
@given(st.lists(st.floats(allow_nan=False) | st.none(), max_size=20), st.integers(0, 9))
def test_numbers_are_read_from_any_slice(numbers, start):
    part = pa.array(numbers, pa.float64()).slice(min(start, len(numbers)))
    np.testing.assert_array_equal(read_numbers(part), part.to_numpy(zero_copy_only=False))


@settings(deadline=None)
@given(st.lists(st.booleans(), max_size=40), st.integers(0, 20))
def test_flags_there_and_back(flags, start):
    found = pack_flags(np.array(flags, dtype=np.bool_))
    assert found.equals(pa.array(flags, pa.bool_()))
    part = found.slice(min(start, len(flags)))
    assert read_flags(part).tolist() == part.to_pylist()


def test_a_text_beside_arrays():
    joined = pc.binary_join_element_wise(pack_texts(["a", "b"]), literal("é"), literal(""))
    assert joined.to_pylist() == ["aé", "bé"]
    assert literal(None).as_py() is None
    assert repeat_text("é", 3).to_pylist() == ["é"] * 3
    assert repeat_text("x", 0).to_pylist() == []


def test_pandas_is_not_needed():
    code = (
        "import sys, numpy as np; from framing.records.arrays import *; pack_texts(['a', None]);"
        "read_numbers(pack_numbers(np.ones(2))); read_flags(pack_flags(np.ones(2, bool)));"
        "literal('a'); repeat_text('a', 2); print('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
