"""Columns spelled as JSON."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from framing.records.jsontext import escape_texts, quote_texts, spell_list, spell_numbers

TEXT = st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from('"\\\n\x00\x1f/'))


def dump(value):
    return json.dumps(value, ensure_ascii=False)


@settings(deadline=None)
@given(st.lists(TEXT | st.none(), max_size=8), st.integers(0, 3))
@example(["plain", "é"], 0)
@example(['"', None, "\\", "\\n"], 0)
def test_texts_are_spelled_as_json_spells_them(texts, start):
    part = pa.array(texts, pa.string()).slice(min(start, len(texts)))
    spelled = quote_texts(part)
    spelled.validate(full=True)
    assert spelled.to_pylist() == [dump(text) for text in part.to_pylist()]
    expected = [text if text is None else dump(text)[1:-1] for text in part.to_pylist()]
    assert escape_texts(part).to_pylist() == expected


def test_every_character_below_the_second_plane():
    texts = ["".join(map(chr, range(0xD800))), "".join(map(chr, range(0xE000, 0x10000)))]
    assert quote_texts(pa.array(texts)).to_pylist() == [dump(text) for text in texts]


SHARES = np.round(np.random.default_rng(0).random(5000), 7)
EDGES = [0.0, 1.0, 1e-7, 9.99e-5, 1e-4, 0.00099, 0.001, 2.0, 123.4567, 1e22, -0.5, 1e15, 1e16]


@pytest.mark.parametrize("numbers", [SHARES, SHARES / 1000, np.arange(2000) / 1e7, np.array(EDGES)])
def test_numbers_are_spelled_as_json_spells_them(numbers):
    rounded = np.round(numbers, 7)
    assert spell_numbers(rounded).to_pylist() == [dump(number) for number in rounded.tolist()]


def test_no_numbers_are_none():
    assert spell_numbers(np.empty(0)).to_pylist() == []


def test_rounded_numbers_are_short():
    """Else a share would be spelled with the 17 digits that tell it from its neighbours."""
    spelled = spell_numbers(np.round(np.arange(0.0, 1.0, 1e-4) + 3e-8, 7)).to_pylist()
    assert max(map(len, spelled)) <= 9
    assert all(float(a) < float(b) for a, b in pairwise(spelled))


def test_lists():
    assert spell_list(["é", 'a"b']) == '["é", "a\\"b"]'
    assert spell_list([]) == "[]"
