"""Records of CSV and their header."""

from __future__ import annotations

import re

import pytest

from framing.records.csvrows import CLOSING, Layout, Records, read_records, tell_encoding
from framing.schema import InputError, Problem


def test_a_header_tells_columns_and_delimiter():
    layout, records = Layout.read(' ID ;"a,b";Text\n', ["1;2,3;4\n"], where="t")
    assert (layout.names, layout.delimiter) == (("id", "a,b", "text"), ";")
    assert layout.header == (" ID ", "a,b", "Text")
    assert list(records) == [["1", "2,3", "4"]]


def test_two_columns_of_one_name_are_refused():
    with pytest.raises(InputError, match="t: two columns are named 'text'; rename one"):
        Layout.read("Text,text\n", [], where="t")


def test_records_are_numbered_from_any_row():
    layout = Layout(("id", "text"), ("ID", "Text"), ",")
    problems = []
    records = Records(["1,a\udce9\n", ",\n", "2\n", "3,c\n", CLOSING], delimiter=",")
    rows = read_records(
        records, layout, "t", problems.append, unread=re.compile("[\udc80-\udcff]"), first=7
    )
    assert [(row.number, row.values["text"]) for row in rows] == [(7, "a\ufffd"), (10, "c")]
    assert problems == [
        Problem("t, row 7", "1 byte could not be read (kept as U+FFFD)", "1 a\ufffd", lost=False),
        Problem("t, row 9", "1 cells where the header has 2", "2"),
    ]


@pytest.mark.parametrize("lines", [["1,a\n", '2,"b\n', "3,c\n"], ["1,a\n", '2,"b\n']])
def test_lines_after_an_open_quote_are_lost_and_counted_from_any_line(lines):
    problems = []
    layout = Layout(("id", "text"), ("ID", "Text"), ",")
    rows = list(
        read_records(
            Records([*lines, CLOSING], delimiter=","),
            layout,
            "t",
            problems.append,
            unread=re.compile("x"),
            first=7,
            n_lines=20,
        )
    )
    [problem] = problems
    assert problem.where == "t, row 8"
    assert problem.reason.startswith("a quote opens in line 22 and is never closed")
    assert problem.lost == (len(lines) > 2)
    kept = [(7, "a"), (8, "b\n")] if len(lines) == 2 else [(7, "a")]
    assert [(row.number, row.values["text"]) for row in rows] == kept


def test_the_encoding_is_told_from_whole_lines():
    assert tell_encoding("a\né".encode()[:-1], where="t") == "utf-8"
    assert tell_encoding(b"caf\xe9\n", where="t") == "cp1252"
