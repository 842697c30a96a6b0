"""Texts laid out as columns."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from framing.schema import InputError
from framing.scoring.textcolumns import TextColumn, iterate_columns, lay_out_texts, list_texts

TEXTS = ["ban", "", "é😀", "x\0y"]


def unpack(column: TextColumn) -> list[str]:
    offsets = np.frombuffer(column.offsets, np.int64 if column.wide else np.int32)
    places = offsets[column.first : column.first + column.count + 1]
    data = bytes(column.data)
    return [data[s:e].decode() for s, e in pairwise(places)]


def test_strings_are_laid_out():
    column = lay_out_texts(TEXTS)
    assert unpack(column) == TEXTS
    assert (column.first, column.count, column.wide, column.apart) == (0, 4, True, ())
    assert unpack(lay_out_texts([])) == []


def test_lone_surrogates_are_set_apart():
    column = lay_out_texts(["a", "\ud800b", "c", "\udfff"])
    assert unpack(column) == ["a", "", "c", ""]
    assert column.apart == (1, 3)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_arrays_are_viewed(kind):
    array = pa.array(["x", *TEXTS, "y"], kind).slice(1, 4)
    (column,) = iterate_columns(array)
    assert unpack(column) == TEXTS == list_texts(array)
    if kind != pa.string_view():
        assert column.offsets.address == array.buffers()[1].address  # nothing was copied
        assert column.data.address == array.buffers()[2].address


def test_chunks_come_one_by_one():
    chunks = pa.chunked_array([TEXTS[:1], [], TEXTS[1:]], type=pa.string())
    columns = list(iterate_columns(chunks))
    assert [text for column in columns if column.count for text in unpack(column)] == TEXTS
    assert list_texts(chunks) == TEXTS
    assert [column.count for column in iterate_columns(pa.chunked_array([], pa.string()))] in (
        [], [0],
    )  # fmt: skip


@pytest.mark.parametrize("texts", [tuple(TEXTS), np.array(TEXTS, dtype=object)])
def test_other_sequences_will_do(texts):
    (column,) = iterate_columns(texts)
    assert unpack(column) == TEXTS


def test_nulls_are_refused_by_their_row():
    array = pa.chunked_array([["a", "b"], ["c", None]])
    for read in (list_texts, lambda texts: list(iterate_columns(texts))):
        with pytest.raises(InputError) as error:
            read(array)
        assert str(error.value) == "row 3: there is no text (null); leave the row out"


def test_numbers_are_refused():
    with pytest.raises(InputError, match="these are no texts but int64; give strings"):
        list(iterate_columns(pa.array([1])))
    with pytest.raises(InputError, match="no text"):
        list_texts(pa.array([1]))


def test_malformed_text_is_refused():
    array = pa.array([b"a", b"\xff"], pa.binary()).view(pa.string())
    with pytest.raises(InputError, match=r"chunk 1: .*UTF8.*; mend or drop it"):
        list_texts(pa.chunked_array([["a"], array]))
