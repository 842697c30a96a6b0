"""Web pages: blocks, metadata, encodings, and pages in which trafilatura finds nothing."""

from __future__ import annotations

import pytest

from framing.text.extraction import extract_page, find_charset, looks_like_html

PARAGRAPH = "The council of the town voted on Monday to reopen talks about the plant at the flat. "
PAGE = f"""<!doctype html><html lang="en"><head>
<title>Council Reopens Talks</title>
<meta property="og:site_name" content="The Courier">
<meta property="article:published_time" content="2017-10-19T08:00:00Z">
</head><body><nav><a href="/">Home</a><a href="/news">News</a></nav>
<article><h1>Council Reopens Talks</h1>
<p>{PARAGRAPH * 3}</p>
<h2>What it costs</h2>
<p>{PARAGRAPH * 2}</p>
<ul><li>A first point that says something</li><li>A second point that says more</li></ul>
<p>{PARAGRAPH * 2}</p>
<p>{PARAGRAPH * 2}</p>
<table><tr><th>Oxide</th><th>Price</th></tr><tr><td>Nd</td><td>70</td></tr></table>
<blockquote><p>They asked for it, she said, and they will get it.</p></blockquote>
</article><div class="comments"><h3>Comments</h3><p>First! I never liked the plan at all.</p></div>
<script>var x = "hidden";</script></body></html>"""


def test_blocks_and_metadata():
    page = extract_page(PAGE)
    blocks = page.text.split("\n\n")
    assert (page.title, page.source, page.date) == (
        "Council Reopens Talks",
        "The Courier",
        "2017-10-19",
    )
    assert "# What it costs" in blocks
    assert "- A first point that says something" in blocks
    assert "| Oxide | Price |" in blocks
    assert "They asked for it, she said, and they will get it." in blocks
    assert not any("First!" in block or "hidden" in block for block in blocks)


def test_repeated_paragraphs_are_all_kept():
    assert extract_page(PAGE).text.count((PARAGRAPH * 2).strip()) == 3


def test_tags_alone_where_nothing_is_found():
    page = extract_page("<h2>Ore</h2><p>Up.</p><ul><li>a</li></ul><script>x</script>")
    assert page.text.split("\n\n")[-3:] == ["# Ore", "Up.", "- a"]


def test_line_break_in_a_paragraph_ends_a_line():
    page = extract_page(
        PAGE.replace("A first", "x").replace("<h2>", f"<p>One.<br>{PARAGRAPH}</p><h2>")
    )
    assert f"One.\n\n{PARAGRAPH.strip()}" in page.text


def test_nul_in_a_page():
    assert "Ore\n" in extract_page("<p>O\0re</p><p>rose</p>").text


def test_text_without_any_block():
    assert "Just words" in extract_page("<html><body>Just words</body></html>").text


@pytest.mark.parametrize("html", ["", "   ", "<html></html>", "<!-- x -->"])
def test_empty_pages(html):
    assert extract_page(html).text == ""


@pytest.mark.parametrize(
    ("text", "is_page"),
    [
        ("<!DOCTYPE html><html>", True),
        ("\ufeff\n<html>", True),
        ("<!-- a --><body>", True),
        ("<p>Ore", True),
        ("Ore <p>", False),
        ("< p", False),
        ("", False),
    ],
)
def test_looks_like_html(text, is_page):
    assert looks_like_html(text) is is_page


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'<meta charset="Windows-1251">', "windows-1251"),
        (b'<meta http-equiv="x" content="text/html; charset=iso-8859-1">', "cp1252"),
        (b'<meta charset="no-such">', None),
        (b"<p>", None),
    ],
)
def test_find_charset(data, name):
    assert find_charset(data) == name
