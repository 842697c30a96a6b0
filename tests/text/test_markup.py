"""Markup that shows in the text; more cases in golden/cleaning.json."""

from __future__ import annotations

import pytest

from framing.text import markup


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("<p>a</p>", "\na\n"),
        ("a<BR />b", "a\nb"),
        ('<a href="http://x.y/?a=b&c">a</a>', "a"),
        ("<img src=x.png alt='a b'>", ""),
        ("<script>if (a) b()</script>c", "c"),
        ("<!-- a\nb -->c", "c"),
        ("a-->", "a"),
        ("--> a", " a"),
        ("a --> b", "a --> b"),
        ("a <b and c> d", "a <b and c> d"),
        ("x <p and q> y", "x <p and q> y"),
        ("<rare> earth", "<rare> earth"),
    ],
)
def test_tags(text, bare):
    assert markup.remove_tags(text) == bare


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("*a*", "a"),
        ("**a b** c", "a b c"),
        ("***a***", "a"),
        ("_a b_", "a b"),
        ("(*a*),", "(a),"),
        ("a*b*c", "a*b*c"),
        ("* a *", "* a *"),
        ("*a\nb*", "*a\nb*"),
        ("__init__", "__init__"),
        ("__Very__ so", "Very so"),
        ("a_b_c", "a_b_c"),
        ("\\*a*", "\\*a*"),
        ("\\_a b_", "\\_a b_"),
        ("****a***", "****a***"),
    ],
)
def test_emphasis(text, bare):
    assert markup.remove_emphasis(text) == bare


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("[a](https://x.y)", "a"),
        ('[a](/x "t")', "a"),
        ("[a](#part)", "a"),
        ("[a](mailto:b@c.d)", "a"),
        ("[a](his word)", "[a](his word)"),
        ("![a b](c.png)", ""),
        ("[1]: https://x.y t\nb", "\nb"),
        ("[Note]: see below", "[Note]: see below"),
    ],
)
def test_links(text, bare):
    assert markup.unwrap_links(text) == bare


@pytest.mark.parametrize(
    ("text", "unified"),
    [
        ("### a ###", "# a"),
        ("A title\n=====", "# A title"),
        ("b\n\nA title\n---\nc", "b\n\n# A title\nc"),
        ("one\ntwo\n---", "one\ntwo\n"),
        ("* * *", ""),
        ("**Who pays**", "# Who pays"),
        ("**Who pays.**", "**Who pays.**"),
        ("**Who** pays", "**Who** pays"),
        ("#tag", "#tag"),
        ("a -- b", "a -- b"),
    ],
)
def test_headings(text, unified):
    assert markup.unify_headings(text) == unified


@pytest.mark.parametrize("mark", ["•", "‣", "◦", "·", "*", "–", "- ", "▪"])
def test_bullets(mark):
    assert markup.unify_bullets(f"  {mark} a") == "  - a"


@pytest.mark.parametrize("text", ["-5", "*a", "–a", "— a", "- a", "a • b", "•", "-- a"])
def test_bullets_spared(text):
    assert markup.unify_bullets(text) == text


def test_quote_marks():
    assert markup.remove_quote_marks("> a\n>b\n> > c\n>5\na > b") == "a\nb\nc\n>5\na > b"


@pytest.mark.parametrize(
    ("text", "unified"),
    [
        ("## a\n# b ##\nc", "# a\n# b\nc"),
        ("**a**\n**b**", "# a\n# b"),
        ("---\na\n***", "\na\n"),
        ("a\n---", "# a"),
        ("\na\n---", "\na\n"),
        ("\n\na\n===\n\nb\n---\n", "\n\n# a\n\n# b\n"),
        ("c\na\n---", "c\na\n"),
    ],
)
def test_headings_at_either_end(text, unified):
    assert markup.unify_headings(text) == unified


def test_marks_of_neighbouring_lines():
    assert markup.unify_bullets("• a\n• b\n\t* c") == "- a\n- b\n\t- c"
    assert markup.remove_quote_marks("> a\n> b\n>>c") == "a\nb\nc"
    assert markup.unwrap_links("[a]: https://b.org\n[c]: /d e\nf") == "\n\nf"
