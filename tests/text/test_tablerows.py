"""Rows as raw articles and as units."""

from __future__ import annotations

import gzip
import io
import json

import pytest

from framing.records.rows import Row
from framing.schema import Article, InputError, Paragraph
from framing.text.tablerows import (
    Table,
    build_units,
    describe_table,
    name_articles_apart,
    read_row_articles,
    require_texts,
)


def table(*rows: dict[str, object]) -> Table:
    data = "\n".join(json.dumps(row) for row in rows).encode()
    return Table(io.BytesIO(data), "news.jsonl", "news", "jsonl")


def test_columns_become_attributes():
    row = {"text": "A.", "article": "a1", "id": "u1", "title": "T", "source": "S", "date": 2020}
    [article] = read_row_articles(table({**row, "kind": "wire"}), report=pytest.fail)
    assert article == Article("a1", "A.", "T", "S", "2020", "wire", "news.jsonl, row 1")


def test_ids_fall_back():
    rows = table({"text": "A.", "id": "u1"}, {"text": "B."})
    assert [a.id for a in read_row_articles(rows, report=pytest.fail)] == ["u1", "news:2"]


def test_rows_without_text_are_lost():
    problems = []
    rows = table({"text": "A."}, {"text": None, "id": "x"}, {"text": " "}, {"id": "y"})
    assert len(list(read_row_articles(rows, report=problems.append))) == 1
    assert [(p.where, p.reason, p.lost) for p in problems] == [
        (f"news.jsonl, row {n}", "no text", True) for n in (2, 3, 4)
    ]
    assert problems[0].content == "x"


def test_date_that_cannot_be_read_is_left_out():
    problems = []
    [article] = read_row_articles(table({"text": "A.", "date": "soon"}), report=problems.append)
    assert article.date is None
    [problem] = problems
    assert not problem.lost
    assert problem.reason == "date left out: 'soon' is not a date; write it as YYYY-MM-DD"


def test_missing_column_names_those_there_are():
    with pytest.raises(InputError) as error:
        list(read_row_articles(table({"body": "A.", "id": 1}), report=pytest.fail))
    expected = (
        "news.jsonl: no column 'text' among 'body', 'id'; name the column of the texts 'text'"
    )
    assert str(error.value) == expected


def test_each_row_is_a_unit():
    values = {"text": " A. ", "id": 7, "source": " Post ", "date": "4 May 2025", "target": "Ann"}
    rows = [Row(2, values), Row(3, {"text": "B.", "article": "b", "title": ""})]
    first, second = build_units(rows, name="t", stem="s", report=pytest.fail)
    assert first == Paragraph(
        *("7", "7", " A. ", 0, 4), source="Post", date="2025-05-04", mention="Ann"
    )
    assert second == Paragraph("s:3", "b", "B.", 0, 2)


def test_only_the_first_row_must_have_the_column():
    rows = [Row(1, {"text": "A."}), Row(2, {"body": "B."})]
    assert list(require_texts(rows, "t")) == rows
    with pytest.raises(InputError, match=r"^t: no column 'text' among 'body'; name the column"):
        list(require_texts(rows[::-1], "t"))


def test_articles_have_no_target():
    [article] = read_row_articles(table({"text": "A.", "target": "Ann"}), report=pytest.fail)
    assert article == Article("news:1", "A.", origin="news.jsonl, row 1")


def test_new_id_is_not_one_that_is_taken():
    articles = [Article("a~2", "1"), Article("a", "2"), Article("a", "3")]
    named = [a.id for a in name_articles_apart(articles, report=[].append)]
    assert named == ["a~2", "a", "a~3"]


def test_articles_of_one_id_are_told_apart():
    problems = []
    articles = [Article("a", "1"), Article("b", "2"), Article("a", "3"), Article("a", "4")]
    named = [a.id for a in name_articles_apart(articles, report=problems.append)]
    assert named == ["a", "b", "a~2", "a~3"]
    assert len(problems) == 2


def test_files_plain_and_gzip(tmp_path):
    (tmp_path / "a.csv").write_text("Text,ID\nOne.,1\n")
    with gzip.open(tmp_path / "b.csv.gz", "wt") as stream:
        stream.write("text\nTwo.\n")
    [one] = read_row_articles(describe_table(tmp_path / "a.csv"), report=pytest.fail)
    [two] = read_row_articles(describe_table(tmp_path / "b.csv.gz"), report=pytest.fail)
    assert (one.id, two.id, two.text) == ("1", "b:2", "Two.")
