"""Rows of tables as units in columns: what is plain in one go, what is remarkable row by row."""

from __future__ import annotations

import csv
import io
import json

import pytest

from framing.records import chunks
from framing.schema import InputError
from framing.text import tableunits
from framing.text.tablerows import Table, build_units
from framing.text.tableunits import read_table_units
from framing.text.takenids import TakenIds

LINES = [
    {"id": "1", "text": "A “quoted” word.", "source": " Post ", "date": "2025-04-04"},
    {"id": "2", "text": "B.", "article": "b", "title": "T", "target": "Ann"},
    {"text": "C", "date": "4 May 2025", "source": "\u3000"},
]


def table(*rows):
    return Table(
        io.BytesIO("\n".join(map(json.dumps, rows)).encode()), "news.jsonl", "news", "jsonl"
    )


def read(*rows, **options):
    """Return all units as rows, and the problems."""
    problems = []
    batches = list(read_table_units(table(*rows), report=problems.append, **options))
    return [unit for batch in batches for unit in batch.to_pylist()], problems


@pytest.fixture
def by_columns_alone(monkeypatch):
    def refuse(*_args, **_options):
        pytest.fail("read row by row")

    monkeypatch.setattr(tableunits, "build_units", refuse)


@pytest.fixture
def by_rows(monkeypatch):
    """Count the rows that were read one by one."""
    seen = []

    def build(rows, **options):
        return build_units((seen.append(row.number) or row for row in rows), **options)

    monkeypatch.setattr(tableunits, "build_units", build)
    return seen


@pytest.mark.usefixtures("by_columns_alone")
def test_plain_rows_become_units_in_columns():
    units, problems = read(*LINES)
    assert [unit["id"] for unit in units] == ["1", "2", "news:3"]
    assert [unit["article"] for unit in units] == ["1", "b", "news:3"]
    assert [unit["text"] for unit in units] == ["A “quoted” word.", "B.", "C"]
    assert [unit["source"] for unit in units] == ["Post", None, None]
    assert [unit["date"] for unit in units] == ["2025-04-04", None, "2025-05-04"]
    assert [(unit["title"], unit["target"]) for unit in units][1] == ("T", "Ann")
    assert {unit["kind"] for unit in units} == {"paragraph"}
    assert not problems


@pytest.mark.usefixtures("by_columns_alone")
def test_a_text_is_untouched():
    text = "  **Chinaโs** \r\n\r\n share\u200b"
    assert read({"text": text, "id": 7})[0][0]["text"] == text


@pytest.mark.usefixtures("by_columns_alone")
def test_whole_numbers_are_ids_and_years():
    units, _ = read({"text": "A", "id": 7, "date": 2010}, {"text": "B", "id": -8})
    assert [(unit["id"], unit["date"]) for unit in units] == [("7", "2010"), ("-8", None)]


@pytest.mark.parametrize(
    "odd",
    [
        {"text": None},
        {"text": " "},
        {"text": "D", "date": "soon"},
        {"text": "D", "id": "1"},
        {"text": "D", "id": 1.5},
        {"TEXT": "D"},
        {"text": "D", " Source": "Post"},
        {"text": "D", "target": ["Ann"]},
    ],
)
def test_what_is_remarkable_is_read_row_by_row_to_the_same_end(odd, by_rows):
    expected_problems = []
    rows = [*LINES, odd, {"id": "9", "text": "E"}]
    units, problems = read(*rows)
    assert by_rows == [1, 2, 3, 4, 5]
    by_rows.clear()
    lines = list(chunks.read_rows(table(*rows).source, format="jsonl", report=pytest.fail))
    expected = list(
        build_units(lines, name="news.jsonl", stem="news", report=expected_problems.append)
    )
    assert [unit["id"] for unit in units] == [unit.id for unit in expected]
    assert [unit["source"] for unit in units] == [unit.source for unit in expected]
    assert [unit["target"] for unit in units] == [unit.mention for unit in expected]
    assert problems == expected_problems


def test_the_target_of_a_unit_is_how_its_text_names_it():
    rows = (
        {"text": "Ann met Bob.", "target": " Bob "},
        {"text": "Ann met Bob.", "Target": "Ann"},
        *({"text": "A.", "target": blank} for blank in (None, "", " ")),
        {"text": "No. 7 won.", "target": 7},
        {"text": "A."},
    )
    assert [unit["target"] for unit in read(*rows)[0]] == [
        "Bob",
        "Ann",
        None,
        None,
        None,
        "7",
        None,
    ]


def test_units_of_one_id_are_told_apart():
    units, problems = read(
        *({"text": t, "id": i} for t, i in [("A", "x"), ("B", "x"), ("C", "x~2"), ("D", "x")])
    )
    assert [unit["id"] for unit in units] == ["x", "x~2", "x~2~2", "x~3"]
    assert problems[0].reason == "id 'x' comes again; renamed 'x~2'"
    assert not any(problem.lost for problem in problems)


def test_ids_are_remembered_from_chunk_to_chunk(monkeypatch):
    monkeypatch.setattr(chunks, "BLOCK", 40)
    units, problems = read(*({"id": str(n % 8), "text": "A text."} for n in range(12)))
    assert [unit["id"] for unit in units][8:] == ["0~2", "1~2", "2~2", "3~2"]
    assert [problem.where for problem in problems] == [
        f"news.jsonl, row {number}" for number in (9, 10, 11, 12)
    ]


def test_ids_may_be_taken_before():
    seen = TakenIds()
    read(*LINES, seen=seen)
    assert [unit["id"] for unit in read(*LINES, seen=seen)[0]] == ["1~2", "2~2", "news:3~2"]


@pytest.mark.parametrize("block", [10, 1000])
def test_only_the_first_row_tells_whether_there_is_a_column_text(monkeypatch, block):
    monkeypatch.setattr(chunks, "BLOCK", block)
    with pytest.raises(InputError, match=r"^news.jsonl: no column 'text' among 'body'; name"):
        read({"body": "A."}, {"text": "B."})
    units, problems = read({"text": None}, {"body": "A."}, {"text": "B."})
    assert [unit["text"] for unit in units] == ["B."]
    assert [problem.reason for problem in problems] == ["no text"] * 2


@pytest.mark.usefixtures("by_columns_alone")
def test_rows_of_a_spreadsheet_are_numbered_as_there():
    stream = io.StringIO()
    csv.writer(stream).writerows([["Text", "Date"], ["A,\nB", "2025-04"], ["C", ""]])
    source = Table(io.BytesIO(stream.getvalue().encode()), "n.csv", "n", "csv")
    [units] = read_table_units(source, report=pytest.fail)
    assert units["id"].to_pylist() == ["n:2", "n:3"]
    assert units["text"].to_pylist() == ["A,\nB", "C"]
    assert units["date"].to_pylist() == ["2025-04", None]


@pytest.mark.parametrize("given", [b"", b"\n \n"])
def test_no_rows_are_no_units(given):
    assert list(read_table_units(Table(io.BytesIO(given), "n", "n", "jsonl"), report=print)) == []
