"""Keys spelled otherwise than expected."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.records.jsonkeys import has_odd_keys
from framing.records.rows import normalise_column

NAMES = ("id", "text", "date", "article", "source", "title", "target")
FIRST = b'{"id": "1", "text": "a"}\n'


def judge(line, keys=NAMES):
    return has_odd_keys(FIRST + line, keys, NAMES)


@pytest.mark.parametrize(
    "line",
    [
        b'{"Text": "a"}',
        b'{"id": "1", "TEXT": "a"}',
        b'{"id":"1","ARTICLE":"a"}',
        b'{"x": 1, " text": "a"}',
        b'{"x": 1, "text  ": "a"}',
        b'{"x": 1, "          article": "a"}',
        b'{"x": 1, "article          ": "a"}',
        b'{"x": 1, "TeXt" : "a"}',
        b'{"x": 1, "TeXt"\t \t:"a"}',
        rb'{"x": 1, "te\u0078t": "a"}',
        rb'{"x": 1, "\u0054ext": "a"}',
        rb'{"x": 1, "text\t": "a"}',
        rb'{"x": 1, "article\u3000": "a"}',
        rb'{"x": 1, "\u00a0text": "a"}',
        rb'{"x": 1, "\ntext": "a"}',
        '{"x": 1, "\u3000\u3000\u3000date": "a"}'.encode(),
        '{"x": 1, "article\u3000\u3000": "a"}'.encode(),
    ],
)
def test_other_spellings_are_found(line):
    assert judge(line)


@pytest.mark.parametrize(
    "line",
    [
        FIRST,
        b'{"id" : "1", "text" : "a"}',
        b'{"update": 1, "my_date": 2, "headline_text": 3, "Description": 4, "x": {"y": 1}}',
        b'{"text": "Text: TEXT : and \\"Text\\": or \\"TEXT\\" : too"}',
        '{"text": "«Text» : ARTICLE : caf\u00e9"}'.encode(),
        rb'{"text": "caf\u00e9: \u00e9t\u00e9", "Url": "\u003c\u0026"}',
        b'{"candidates": 1, "kinds": "Text"}',
    ],
)
def test_what_is_spelled_as_expected_passes(line):
    assert not judge(line)


def test_a_spelling_that_is_expected_passes_and_the_plain_one_does_not():
    keys = ("ID", *NAMES[1:])
    assert not judge(b'{"ID": "1"}', keys)
    assert has_odd_keys(b'{"ID": "1", "x": 1}\n{"id": "1", "x": 1}', keys, NAMES)


BLANKS = st.text(st.sampled_from(" \t\n\u00a0\u3000\u2028\x1f"), max_size=3)
KEYS = st.tuples(
    BLANKS,
    st.sampled_from([*NAMES, "x", "update", "a date"]),
    st.sampled_from([str, str.upper]),
    BLANKS,
).map(lambda parts: parts[0] + parts[2](parts[1]) + parts[3])


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS, st.sampled_from([1, "Text: ", {"ID": 1}]), max_size=3), st.booleans())
def test_no_other_spelling_is_missed(values, ascii_only):
    line = json.dumps(values, ensure_ascii=ascii_only).encode()
    odd = any(normalise_column(key) in NAMES and key not in NAMES for key in values)
    assert judge(line) or not odd


def test_short_blocks():
    assert not has_odd_keys(b"{}", NAMES, NAMES)
    assert not has_odd_keys(b"", NAMES, NAMES)
