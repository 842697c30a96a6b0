"""Cleaning: golden cases, sound text untouched, cleaning twice the same as once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from framing.schema import Article
from framing.text.cleaning import REPAIRS, Look, clean_article, clean_text

GOLDEN = Path(__file__).parent / "golden"
ORDINARY = frozenset(map(chr, range(0x20, 0x7F))) | {"\n"}
BLANKS = dict.fromkeys(map(ord, " \n"))
TOKENS = [
    "*",
    "**",
    "_",
    "__",
    "#",
    "-",
    "•",
    "–",
    "—",
    ">",
    "<",
    "</p>",
    "<br/>",
    "<b>",
    "</b>",
    "<!--",
    "-->",
    "&",
    "&amp;",
    "&lt;",
    "&gt;",
    "&nbsp;",
    "&#10;",
    "amp;",
    "lt;",
    ";",
    "[",
    "]",
    "](",
    "](http://a.b)",
    "[link]",
    ")",
    "(",
    "---",
    "===",
    "***",
    "1.",
    "!",
    ".",
    "?",
    ":",
    "|",
    "a",
    "b",
    "s",
    "S",
    "It",
    "โ",
    "ย",
    "โ€",
    "€",
    "™",
    "รฉ",
    "Ã©",
    "â€™",
    "กข",
    "कि",
    "م",
    '"',
    "“",
    "”",
    "’",
    "ﬁ",
    "the\xa0price",
]
TOKENS += ["\n", "\n\n", "\r", "\t", " ", "  ", "\0", "\x80", "\x92", "\x85", "\xad", "\ufeff"]
TOKENS += [
    "\u200b",
    "\u200d",
    "\ud83d",
    "\ude00",
    "\u0301",
    "(opens in a new tab)",
    "the price rose",
]
nasty = st.one_of(
    st.lists(st.sampled_from(TOKENS), max_size=14).map("".join),
    st.text(st.characters(), max_size=40),
)


def load(name: str, group: str) -> list[Any]:
    cases = json.loads((GOLDEN / name).read_text(encoding="utf-8"))[group]
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", load("cleaning.json", "cases") + load("misreadings.json", "cases"))
def test_golden(case):
    assert clean_text(case["text"]).text == case["clean"]


@pytest.mark.parametrize(
    "case", load("cleaning.json", "negative") + load("misreadings.json", "negative")
)
def test_sound_text_stays(case):
    cleaned = clean_text(case["text"])
    assert cleaned.text == case["text"]
    assert cleaned.repairs == ()


@pytest.mark.xfail(strict=True, raises=AssertionError)
@pytest.mark.parametrize(
    "case", load("cleaning.json", "known failures") + load("misreadings.json", "known failures")
)
def test_known_failures(case):
    assert clean_text(case["text"]).text == case["clean"]


@settings(max_examples=400, deadline=None)
@given(nasty)
@example("&" + "amp;" * 30 + "lt;b&gt;")
@example("<b" * 20 + ">" * 20)
@example("_*" * 20 + "x" + "*_" * 20)
def test_cleaning_twice_is_cleaning_once(text):
    cleaned = clean_text(text).text
    again = clean_text(cleaned)
    assert again.text == cleaned
    assert again.repairs == ()


@settings(max_examples=200, deadline=None)
@given(nasty)
def test_blocks_stand_alone(text):
    cleaned = clean_text(text).text
    for block in cleaned.split("\n\n"):
        assert "\n" not in block
        assert block == block.strip(" \t")
    cleaned.encode("utf-8")


@settings(max_examples=200, deadline=None)
@given(nasty, st.none() | nasty)
def test_cleaning_an_article_twice(text, title):
    article = clean_article(Article("a", text, title=title))
    assert clean_article(article) == article


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("abcdefg XYZ"), max_size=80))
def test_plain_words_stay(text):
    words = " ".join(text.split())
    assert clean_text(words).text == words


@pytest.mark.parametrize("repair", REPAIRS, ids=lambda repair: repair.mend.__name__)
@settings(max_examples=100, deadline=None)
@given(text=nasty)
@example(text="b ")
@example(text=" b")
@example(text="b \na")
@example(text="b  a")
@example(text="• b\n- a")
@example(text="(opens in a new tab)")
def test_repair_is_needed_where_it_has_a_trace(repair, text):
    look = Look.at(text)
    assert repair.is_needed(look) == (repair.trace.search(look.lines) is not None)


@pytest.mark.parametrize(
    "repair",
    [repair for repair in REPAIRS if repair.signs],
    ids=lambda repair: repair.mend.__name__,
)
def test_signs_are_all_that_a_repair_has_to_see(repair):
    characters = "".join(map(chr, range(0x110000)))
    signs = Look.at(characters).signs
    assert signs == "".join(character for character in characters if character not in ORDINARY)
    assert repair.signs.findall(characters.translate(BLANKS)) == repair.signs.findall(signs)


@settings(max_examples=100)
@given(st.text(st.characters(), max_size=20) | nasty)
def test_signs_keep_their_order(text):
    assert Look.at(text).signs == "".join(c for c in text if c not in ORDINARY)


def test_blanks_around_a_line_are_repaired_only_after_it():
    assert clean_text(" a ").repairs == (("unify_spaces", 1),)
    assert clean_text(" a").repairs == ()


def test_repairs_are_counted_where_lines_open_and_close():
    cleaned = clean_text(" \n> a \n• b \n## c \nd ")
    assert dict(cleaned.repairs) == {
        "unify_spaces": 5,
        "remove_quote_marks": 1,
        "unify_headings": 1,
        "unify_bullets": 1,
        "arrange_blocks": 1,
    }


def test_repairs_are_counted():
    cleaned = clean_text("Chinaโs and Japanโs (opens in a new tab) share (opens in a new tab)")
    assert cleaned.repairs == (("restore_misread", 2), ("remove_link_residue", 2))


def test_title_is_the_first_block_once():
    once = clean_article(
        Article("a", "**Prices Rise**\n\nThey rose by a fifth.", title="Prices rise")
    )
    assert once.text == "# Prices Rise\n\nThey rose by a fifth."
    assert once.title == "Prices rise"


def test_title_is_added_above_the_text():
    article = clean_article(Article("a", "They rose by a fifth.", title="- *Prices* rise"))
    assert article.text == "# Prices rise\n\nThey rose by a fifth."
    assert article.title == "Prices rise"


def test_title_without_letters_is_none():
    assert clean_article(Article("a", "They rose.", title=" *** ")).title is None


def test_title_is_found_in_the_text():
    article = clean_article(
        Article("a", "Cobalt Doubles\nThe metal has doubled in price since May.")
    )
    assert article.title == "Cobalt Doubles"
    assert article.text.startswith("# Cobalt Doubles\n\n")


def test_long_line_is_cleaned_in_linear_time():
    for unit in (
        "* _ [ < & ( # ",
        "Prices’ “rise” – é ",
        "&amp;",
        "<b ",
        " (",
        "\t \t",
        "[a](",
        "> ",
    ):
        clean_text(unit * (400_000 // len(unit)))
