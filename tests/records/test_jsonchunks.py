"""Lines of JSON into columns, or not at all."""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest

from framing.records.jsonchunks import parse_lines
from framing.records.tables import read_json_rows

NAMES = ("id", "text", "date", "source")
FIRST = b'{"id": "1", "text": "a", "x": 1}'


def read(*lines, end=b"\n"):
    found = parse_lines(b"\n".join(lines) + end, NAMES)
    return None if found is None else found.to_pylist()


def row(**cells):
    return dict.fromkeys(NAMES) | cells


@pytest.mark.parametrize("end", [b"\n", b"", b"\r\n"])
def test_plain_lines(end):
    found = read(
        FIRST, b'{"text": "\\ud83d\\ude00\\u0000", "date": null, "x": [{"id": 1}]}', end=end
    )
    assert found == [row(id="1", text="a"), row(text="😀\0")]


def test_lines_may_end_as_windows_ends_them():
    assert read(FIRST + b"\r", FIRST + b"\r") == [row(id="1", text="a")] * 2


def test_columns_are_known_in_the_spelling_of_the_first_line():
    assert read(b'{"ID": "1", " Text": "a"}', b'{"ID": "2", " Text": "b"}') == [
        row(id="1", text="a"),
        row(id="2", text="b"),
    ]
    assert read(b'{"ID": "1", "Text": "a"}', b'{"id": "2", "text": "b"}') is None


def test_whole_numbers_are_text():
    lines = (b'{"id": 7, "text": "a", "date": 2010}', b'{"id": -0, "text": "b", "date": null}')
    assert read(*lines) == [row(id="7", text="a", date="2010"), row(id="0", text="b")]
    assert read(b'{"id": 123456789012345678901, "text": "a"}') is None


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b" ",
        b"null",
        b"[]",
        b'{"text": "a"',
        b'{"text": "a"}}',
        b'{"text": "a",}',
        b"{'text': 'a'}",
        b' {"text": "a"}',
        b'{"text": "a"} ',
        b'{"text": "a"} {"text": "b"}',
        b'{"text": "a"} null {"text": "b"}',
        b'{"text":\n"a"}',
        b'{"text": "a"} {"text":\n"b"}',
        b'{"text": "a\tb"}',
        b'{"text": "caf\xe9"}',
        b'{"other": "caf\xe9"}',
        rb'{"text": "a\ud800"}',
        rb'{"text": "a\udc00"}',
        rb'{"text": "\ud83dx"}',
        b'{"text": 1}',
        b'{"text": true}',
        b'{"id": 1.5, "text": "a"}',
        b'{"source": ["a"], "text": "a"}',
        b'{"text": "a", "text": "b"}',
        b'{"Text": "a"}',
        rb'{"te\u0078t": "a"}',
    ],
)
def test_remarkable_lines_are_left_to_others(line):
    assert read(FIRST, line, FIRST) is None


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b'{"body": "a"}',
        b'{"text": 1.5}',
        b'{"text": [1]}',
        b"[" * 9999,
        b'{"Text": 1, "text": 2}',
    ],
)
def test_a_first_line_must_tell_what_there_is(line):
    assert read(line, FIRST) is None


def test_nothing_at_all():
    assert parse_lines(b"", NAMES) is None
    assert parse_lines(b"\n\n", NAMES) is None
    assert read(FIRST, end=b"\n\n") is None


@pytest.mark.parametrize(
    "block",
    [b"null\n", b"{}\nnull\n", b'{"text": "a", "x": ' + b"[" * 99999 + b"]" * 99999 + b"}\n"],
)
def test_no_line_ends_the_process(block):
    """Pyarrow's own reader is brought down by some of these where they reach it unchecked."""
    code = (
        "import sys; from framing.records.jsonchunks import parse_lines;"
        "parse_lines(sys.stdin.buffer.read(), ('text',))"
    )
    subprocess.run([sys.executable, "-c", code], input=block, check=True)


PIECES = ("plain", 'a "q" b', "é“”", "😀", "line\nbreak", "\\", "\x00", "\u2028", "id: TEXT :", "")


def test_what_is_parsed_is_what_reading_line_by_line_gives():
    draw = random.Random(3)
    n_parsed = 0
    for _ in range(300):
        lines = []
        for _ in range(draw.randint(1, 6)):
            keys = draw.sample(["id", "text", "date", "source", "x", "update"], draw.randint(2, 6))
            values = {key: draw.choice([*PIECES, *PIECES, None]) for key in ["text", *keys]}
            if draw.random() < 0.05:
                values[draw.choice(["Text", "id ", "y"])] = draw.choice([1, 1.5, {"text": "b"}])
            lines.append(json.dumps(values, ensure_ascii=draw.random() < 0.5).encode())
        damaged = bytearray(b"\n".join(lines))
        if draw.random() < 0.2:
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        found = parse_lines(bytes(damaged), NAMES)
        if found is not None:
            n_parsed += 1
            rows = list(read_json_rows(bytes(damaged).split(b"\n"), "t", pytest.fail))
            cells = [[row.values.get(name) for name in NAMES] for row in rows]
            texts = [[c if c is None else str(c) for c in row] for row in cells]
            expected = [dict(zip(NAMES, row, strict=True)) for row in texts]
            assert found.to_pylist() == expected
    assert n_parsed > 150
