"""Boilerplate: every rule finds its golden cases, and no statement is taken for one."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from framing.text.boilerplate import find_boilerplate, find_rule
from framing.text.rules import FORMS, KEYED_FORMS

GOLDEN = json.loads((Path(__file__).parent / "golden" / "boilerplate.json").read_text("utf-8"))
CASES = [(rule, text) for rule, texts in GOLDEN["cases"].items() for text in texts]


@pytest.mark.parametrize(("rule", "text"), CASES)
def test_golden(rule, text):
    assert find_rule(text) == rule


@pytest.mark.parametrize("text", GOLDEN["negative"])
def test_statements_are_spared(text):
    assert find_rule(text) is None


@pytest.mark.xfail(strict=True, raises=AssertionError)
@pytest.mark.parametrize("text", GOLDEN["known failures"])
def test_known_failures(text):
    assert find_rule(text) is None


def test_every_rule_has_a_case():
    assert set(GOLDEN["cases"]) == set(FORMS) >= set(KEYED_FORMS)


def find_first(block):
    """Name a rule as `find_rule` does, by trying every form in turn."""
    for name, forms in FORMS.items():
        for form in (*forms, *KEYED_FORMS.get(name, {}).values()):
            if re.fullmatch(form, block, re.IGNORECASE):
                return name
    return None if any(character.isalnum() for character in block) else "end mark"


@pytest.mark.parametrize("text", [text for _, text in CASES] + GOLDEN["negative"])
def test_no_rule_is_passed_over(text):
    odd = [text.replace(*pair) for pair in ("sſ", "iı", "Iİ", "iİ", "k\N{KELVIN SIGN}")]
    for form in (text, text.upper(), text.title(), text.lower(), *odd):
        assert find_rule(form) == find_first(form)


@pytest.mark.parametrize(
    "block",
    [
        "Desk | 3 March 2020",
        "The Courier | Vol. 12",
        "(Ann Lee and Bo Li contributed to this report.)",
        "Members only | You must be logged in to vote",
        "Keep up to date. Enter your email below",
        "Too many letters? Unsubscribe at any time.",
        "The Courier Ltd, all rights reserved",
        "Any reproduction is prohibited.",
        "What is said here is not intended to be legal advice.",
        "This letter isn't investment advice.",
        "The paper is not responsible for the content of external sites.",
        "The opinions expressed here are those of the author.",
        "By Élodie Ångström",
        "Her views in this piece are personal and not the fund's.",
        "She has worked in mines. Views are personal.",
        "The fund holds no shares in any of the companies named.",
    ],
)
def test_form_that_opens_with_a_name_or_with_anything(block):
    assert find_rule(block) is not None
    assert find_rule(block) == find_first(block)


def test_long_block_says_something():
    assert find_rule("© 2024 " + "word " * 100) is None


def test_header_above_a_rating_row():
    blocks = ["Claim ClarityDetail RiskUse", "HighLowMedium", "Claim ClarityDetail RiskUse"]
    assert find_boilerplate(blocks) == ["rating", "rating", None]


def test_titles_below_a_bare_read_more():
    blocks = [
        "Read more:",
        "What gallium is used for?",
        "Prices since 2018",
        "It rose.",
        "Who pays",
    ]
    assert find_boilerplate(blocks) == ["read more", "read more", "read more", None, None]


def test_label_with_its_own_link_takes_no_neighbour():
    assert find_boilerplate(["Read more: Five charts", "Prices since 2018"])[1] is None


def test_rules_do_not_run_away():
    begun = time.perf_counter()
    for text in (
        "a " * 199,
        "High " * 79,
        "A. " * 130,
        "| " * 200,
        "By " + "Aa " * 130,
        "share " * 66,
        "by " + "aa " * 130,
        "follow " + "aa, " * 98,
        "more from " + "a, " * 130,
        "follow " + "a.-" * 131,
    ):
        find_rule(text)
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    "opening", ["Related articles: ", "More from Maple: ", "Also in this issue: ", "Share: "]
)
def test_a_long_list_of_links_does_not_hang(opening):
    started = time.perf_counter()
    for part in ("zinc; ", "zinc | ", "U.S. tin; "):
        find_rule((opening + part * 60)[:390] + "U.S. tin.")
    assert time.perf_counter() - started < 1.0
