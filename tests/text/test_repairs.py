"""Repairs of characters and of what pages leave behind."""

from __future__ import annotations

import pytest

from framing.text import repairs


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("क्\u200dष", True),
        ("می\u200cخواهم", True),
        ("👩\u200d👧", True),
        ("❤\ufe0f\u200d🔥", True),
        ("a\u200db", False),
        ("\u200cab", False),
        ("ภาษา\u200bไทย", True),
        ("a\u200bไ", False),
        ("שלום\u200f!", True),
        ("abc\u200f!", False),
        ("a\u00adb", False),
        ("\ufeffab", False),
        ("क\u00adख", False),
    ],
)
def test_invisible_characters(text, kept):
    assert (repairs.remove_invisible(text) == text) is kept


def test_invisible_run_at_the_edges():
    assert repairs.remove_invisible("\u200b\ufeff\u200d") == ""


def test_pair_of_surrogates_becomes_one_character():
    assert repairs.restore_surrogates("\ud83d\ude00\ud83d") == "😀\ufffd"


def test_controls_leave_line_ends():
    assert repairs.remove_controls("a\0b\x07\tc\n\r\x85") == "ab\tc\n\r\x85"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x85", "\u2028", "\x0b"])
def test_line_ends(end):
    assert repairs.unify_line_ends(f"a{end}b") == "a\nb"


@pytest.mark.parametrize("end", ["\x0c", "\u2029"])
def test_page_ends(end):
    assert repairs.unify_line_ends(f"a{end}b") == "a\n\nb"


def test_spaces_keep_indentation():
    assert repairs.unify_spaces("  - a\t b  \n\t- c \u2009d ") == "  - a b\n\t- c d"


@pytest.mark.parametrize(
    "text",
    [
        "(opens in a new tab)",
        "(Opens in new window)",
        "(this link opens in a new tab)",
        "(will open in a new window)",
        "[opens in a new browser tab]",
        "(opens in a new tab or window)",
        "(external link)",
        "[link]",
        "(opens external website)",
    ],
)
def test_link_residue(text):
    assert repairs.remove_link_residue(f"A report {text}, he said") == "A report, he said"


@pytest.mark.parametrize(
    "text", ["a shop opens in a new town", "(opens in May)", "(the missing link)", "[linked]"]
)
def test_link_residue_spares(text):
    assert repairs.remove_link_residue(text) == text


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("&amp;lt;", "<"),
        ("&amp;amp;amp;rsquo;", "’"),
        ("&#x2019;", "’"),
        ("AT&T; x", "AT&T; x"),
        ("&c.; &", "&c.; &"),
        ("&unknownword;", "&unknownword;"),
    ],
)
def test_entities(text, decoded):
    assert repairs.decode_entities(text) == decoded
