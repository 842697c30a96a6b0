"""One file to a raw article: encodings, damage, and where its metadata come from."""

from __future__ import annotations

import gzip

import pytest

from framing.text.files import name_file, read_file


def read(tmp_path, name: str, data: bytes | str, problems: list | None = None):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_file(path, report=pytest.fail if problems is None else problems.append)


def test_path_gives_what_nothing_else_does(tmp_path):
    article = read(tmp_path, "courier/2014-08-14-dust.txt", "Dust on the road.")
    assert (article.id, article.source, article.date) == (
        "courier/2014-08-14-dust",
        "courier",
        "2014-08-14",
    )
    assert article.title is None


def test_front_matter_wins_over_the_path(tmp_path):
    text = "---\nid: d1\nsource: The Courier\ndate: 2014-08\ntitle: Dust\nkind: news\n---\nText."
    article = read(tmp_path, "courier/2014-08-14-dust.md", text)
    assert (article.id, article.source, article.date) == ("d1", "The Courier", "2014-08")
    assert (article.title, article.kind, article.text) == ("Dust", "news", "Text.")


def test_page_stands_between_front_matter_and_path(tmp_path):
    html = (
        "---\nsource: The Ledger\n---\n<html><head><title>Ore Up</title>"
        '<meta property="og:site_name" content="Site"></head><body>'
        f"<article><p>{'The price of ore rose again on Monday. ' * 8}</p></article></body></html>"
    )
    article = read(tmp_path, "x/2020-01-02-a.html", html)
    assert (article.source, article.title) == ("The Ledger", "Ore Up")
    assert article.text.startswith("The price of ore")


def test_id_is_the_same_from_anywhere(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.md").write_text("x")
    monkeypatch.chdir(tmp_path / "a")
    here = name_file(type(tmp_path)("x.md"))
    assert here == name_file(tmp_path / "a" / "x.md") == "a/x"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(tmp_path, encoding):
    text = "The café’s owner said “no” to the plan of the council on Monday."
    assert read(tmp_path, "a.txt", text.encode(encoding)).text == text


def test_page_names_its_encoding(tmp_path):
    html = '<html><head><meta charset="koi8-r"></head><p>Цены на металл выросли</p></html>'
    assert "Цены на металл выросли" in read(tmp_path, "a.html", html.encode("koi8-r")).text


def test_short_page_names_its_encoding(tmp_path):
    html = '<meta charset="shift_jis"><p>価格</p>'
    assert read(tmp_path, "a.html", html.encode("shift_jis")).text == "価格"


def test_gzip(tmp_path):
    assert read(tmp_path, "b/a.txt.gz", gzip.compress(b"Ore.")).text == "Ore."


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t", "empty"),
        ("a.txt", b"%PDF-1.7 x", "this is a PDF, not text"),
        ("a.md", bytes(range(32)) * 20, "this is binary data, not text"),
        ("a.txt.gz", b"no gzip", "damaged gzip file"),
        ("a.txt.gz", gzip.compress(b"Ore." * 999)[:-9], "damaged gzip file"),
    ],
)
def test_files_that_are_lost(tmp_path, name, data, reason):
    problems = []
    assert read(tmp_path, name, data, problems) is None
    [problem] = problems
    assert problem.lost
    assert reason in problem.reason
    assert problem.where == str(tmp_path / name)


def test_file_that_is_gone(tmp_path):
    problems = []
    assert read_file(tmp_path / "no.txt", report=problems.append) is None
    assert "cannot be read (no such file or directory)" in problems[0].reason


def test_bytes_that_cannot_be_read_are_kept_and_told(tmp_path):
    problems = []
    article = read(tmp_path, "a.txt", "Café, naïve, ".encode() + b"\xff and on", problems)
    assert article.text == "Café, naïve, \ufffd and on"
    [problem] = problems
    assert problem.reason == "1 byte could not be read as utf-8 (kept as U+FFFD)"
    assert not problem.lost


def test_broken_front_matter_and_date_keep_the_text(tmp_path):
    problems = []
    text = "---\nsource: A\ntitle: a: b: c\ndate: soon\n---\nText."
    article = read(tmp_path, "2020-05-06-x.md", text, problems)
    assert (article.text, article.source, article.title) == ("Text.", "A", "a: b: c")
    assert article.date == "2020-05-06"
    assert [problem.lost for problem in problems] == [False, False]
    assert "front matter is not YAML" in problems[0].reason
    assert "'soon' is not a date" in problems[1].reason


def test_front_matter_that_is_never_closed_is_told_and_kept(tmp_path):
    problems = []
    text = "---\nsource: The Courier\ndate: 2014-08\n\nText."
    article = read(tmp_path, "x/a.md", text, problems)
    assert (article.text, article.source, article.date) == (text, "x", None)
    [problem] = problems
    assert not problem.lost
    assert "never closed by a line of --- (not read: source, date)" in problem.reason
