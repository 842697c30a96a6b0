"""Records of CSV and their header."""

from __future__ import annotations

import re

import pytest

from framing.records.csvrows import Layout, read_records, tell_encoding
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
    records = [["1", "a\udce9"], ["", ""], ["2"], ["3", "c"], [""]]
    rows = read_records(
        records, layout, "t", problems.append, unread=re.compile("[\udc80-\udcff]"), first=7
    )
    assert [(row.number, row.values["text"]) for row in rows] == [(7, "a\ufffd"), (10, "c")]
    assert problems == [
        Problem("t, row 7", "1 bytes could not be read (kept as U+FFFD)", "1 a\ufffd", lost=False),
        Problem("t, row 9", "1 cells where the header has 2", "2"),
    ]


@pytest.mark.parametrize("records", [[["1", 'a\n"']], []])
def test_a_quote_that_is_left_open_is_told_of(records):
    problems = []
    layout = Layout(("id", "text"), ("ID", "Text"), ",")
    list(read_records(records, layout, "t", problems.append, unread=re.compile("x")))
    [problem] = problems
    assert problem.where == f"t, row {1 + len(records)}"
    assert problem.reason.startswith("a quote is opened and never closed")
    assert problem.content == ('1 a "' if records else "ID Text")


def test_the_encoding_is_told_from_whole_lines():
    assert tell_encoding("a\né".encode()[:-1], where="t") == "utf-8"
    assert tell_encoding(b"caf\xe9\n", where="t") == "cp1252"
