"""From paths to cleaned articles and untouched units."""

from __future__ import annotations

import io
import json

import pytest

from framing.schema import Article, InputError
from framing.text.reading import (
    FileDocument,
    find_documents,
    list_inputs,
    open_document,
    read_articles,
    read_units,
)


def write(folder, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_documents_are_cheap_and_in_order(tmp_path):
    write(tmp_path, b_dot_txt="B.", a_dot_jsonl='{"text": "A1"}\n{"text": "A2"}', c_dot_md="C.")
    documents = list(find_documents([tmp_path], report=pytest.fail))
    assert [type(document) for document in documents] == [
        Article,
        Article,
        FileDocument,
        FileDocument,
    ]


def test_articles_are_cleaned(tmp_path):
    write(
        tmp_path, news__a_dot_txt="Ore Prices Up\nChinaโs share (opens in a new tab) rose in May."
    )
    [article] = read_articles(tmp_path, report=pytest.fail)
    assert article.text == "# Ore Prices Up\n\nChina’s share rose in May."
    assert (article.id, article.title) == ("news/a", "Ore Prices Up")


def test_same_stem_twice(tmp_path):
    write(tmp_path, a__x_dot_md="One.", a__x_dot_txt="Two.", b__a__x_dot_txt="Three.")
    problems = []
    ids = [article.id for article in read_articles(tmp_path, report=problems.append)]
    assert ids == ["a/x", "a/x~2", "a/x~3"]
    assert problems[0].reason == "id 'a/x' comes again; renamed 'a/x~2'"
    assert not problems[0].lost


def test_same_stem_but_an_id_of_its_own(tmp_path):
    write(tmp_path, a__x_dot_md="One.", a__x_dot_txt="---\nid: z\n---\nTwo.")
    assert [a.id for a in read_articles(tmp_path, report=pytest.fail)] == ["a/x", "z"]


def test_same_id_in_front_matter(tmp_path):
    write(tmp_path, a_dot_md="---\nid: x\n---\nOne.", b_dot_md="---\nid: x\n---\nTwo.")
    problems = []
    ids = [article.id for article in read_articles([tmp_path], report=problems.append)]
    assert ids == ["x", "x~2"]
    assert len(problems) == 1


def test_bad_file_does_not_stop_the_others(tmp_path):
    write(tmp_path, a_dot_txt="One.", c_dot_txt="", d_dot_txt="***", e_dot_csv="body\nx\n")
    (tmp_path / "b.txt").write_bytes(b"\x89PNG\0\0\0")
    problems = []
    assert len(list(read_articles([tmp_path], report=problems.append))) == 1
    reasons = [problem.reason for problem in problems]
    assert reasons == [
        "this is a PNG picture, not text",
        "empty",
        "no text left after cleaning",
        "no column 'text' among 'body'",
    ]
    assert len(list(read_articles([tmp_path]))) == 1


def test_named_table_without_text_stops(tmp_path):
    write(tmp_path, e_dot_csv="body\nx\n")
    with pytest.raises(InputError, match="no column 'text' among 'body'"):
        list(read_articles([tmp_path / "e.csv"]))


def test_title_only_row_is_kept_as_a_headline():
    article = open_document(Article("a", "Ore *up*", title="Ore up"), report=pytest.fail)
    assert article is not None
    assert article.text == "# Ore up"


@pytest.mark.parametrize(
    ("data", "text", "title"),
    [
        (b"Ore rose in May.", "Ore rose in May.", None),
        (b"\xef\xbb\xbfOre.", "Ore.", None),
        (b"---\ntitle: Ore\n---\nIt rose.", "# Ore\n\nIt rose.", "Ore"),
        (b"<html><body><p>Ore rose in May.</p></body></html>", "Ore rose in May.", None),
    ],
)
def test_standard_input(data, text, title):
    [article] = read_articles("-", stdin=io.BytesIO(data), report=pytest.fail)
    assert (article.text, article.title, article.source) == (text, title, None)
    assert len(article.id) == len("stdin-12345678")
    assert article.id.startswith("stdin-")


def test_jsonl_on_standard_input():
    data = b'\n {"text": "One.", "id": "a"}\n{"text": "Two."}'
    articles = list(read_articles(["-"], stdin=io.BytesIO(data), report=pytest.fail))
    assert [article.id for article in articles] == ["a", "stdin:3"]


def test_empty_standard_input():
    problems = []
    assert list(read_articles("-", stdin=io.BytesIO(b" "), report=problems.append)) == []
    assert problems[0].where == "standard input"


@pytest.mark.parametrize("read", [read_articles, read_units])
def test_no_standard_input(read):
    with pytest.raises(InputError, match="-: no standard input to read; pipe a text into it"):
        list(read("-"))


def test_units_of_tables(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": " **A** ", "id": "1"}))
    [units] = read_units(tmp_path / "a.jsonl", report=pytest.fail)
    assert units["text"].to_pylist() == [" **A** "]
    [units] = read_units("-", stdin=io.BytesIO(b'{"text": "B"}'), report=pytest.fail)
    assert units["id"].to_pylist() == ["stdin:1"]


def test_units_of_a_text_are_refused(tmp_path):
    write(tmp_path, a_dot_txt="One.")
    with pytest.raises(InputError, match="not a table, so it has no rows; use --unit paragraph"):
        list(read_units([tmp_path / "a.txt"]))


@pytest.mark.parametrize("name", ["a.dat", "a"])
def test_a_named_file_of_unknown_suffix_is_a_table_where_it_begins_as_one(tmp_path, name):
    path = tmp_path / name
    path.write_text("id,text\n1,Ore\n2,Tin\n")
    articles = read_articles(path, report=pytest.fail)
    assert [article.text for article in articles] == ["Ore", "Tin"]
    [units] = read_units(path, report=pytest.fail)
    assert units["id"].to_pylist() == ["1", "2"]
    path.write_text("Ore, text and all.")
    assert [article.text for article in read_articles(path, report=pytest.fail)] == [
        "Ore, text and all."
    ]


def test_a_suffix_of_texts_is_believed(tmp_path):
    (tmp_path / "a.txt").write_text("id,text\n1,Ore\n")
    [document] = find_documents([tmp_path / "a.txt"], report=pytest.fail)
    assert isinstance(document, FileDocument)


def test_a_pattern_may_name_tables_in_json(tmp_path):
    (tmp_path / "a.json").write_text('[{"text": "Ore"}]')
    [units] = read_units(tmp_path / "*.json", report=pytest.fail)
    assert units["text"].to_pylist() == ["Ore"]


def test_ids_of_units_are_unique_across_tables(tmp_path):
    write(tmp_path, a_dot_jsonl='{"text": "A", "id": "1"}', b_dot_jsonl='{"text": "B", "id": "1"}')
    problems = []
    batches = list(read_units([tmp_path], report=problems.append))
    assert [name for units in batches for name in units["id"].to_pylist()] == ["1", "1~2"]
    assert len(problems) == 1


def test_inputs_are_what_is_read(tmp_path):
    predictions = "text,frames,evidence,model,codebook\nA text.,[],,m,c\n"
    write(
        tmp_path,
        **{"a.md": "A.", "b.csv": "text\nB.\n", "p.csv": predictions, "README.md": "Read me."},
        **{"p.quarantine.jsonl": "{}\n", "x.bin": "?", "torn.jsonl": "{"},
    )
    listed = [path.name for path in list_inputs([tmp_path])]
    assert listed == ["a.md", "b.csv", "torn.jsonl"]
    named = [tmp_path / "p.csv", "-", tmp_path / "x.bin"]
    assert list(list_inputs(named)) == [named[0], named[2]]
    with pytest.raises(InputError, match="no such file or folder"):
        list(list_inputs([tmp_path / "none"]))


def test_no_network(tmp_path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    (tmp_path / "a.html").write_text(
        '<html><head><link rel="stylesheet" href="http://example.invalid/a.css"></head>'
        '<body><p>Ore rose.</p><img src="http://example.invalid/a.png"></body></html>'
    )
    [article] = read_articles(tmp_path / "a.html", report=pytest.fail)
    assert article.text == "Ore rose."
