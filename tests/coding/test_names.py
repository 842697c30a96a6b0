"""Names: spellings that count as one, and what can be an id."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from framing.coding.names import fold_name, is_identifier, make_identifier, name_id, suggest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("China dominance", "china_dominance"),
        ("Friend-shoring", "friend shoring"),
        ("  NONE ", "none"),
        ("STRASSE", "straße"),
        ("Risk: 5G", "risk-5g"),
    ],
)
def test_spellings_of_one_name(one, other):
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(("one", "other"), [("-1", "1"), ("+1", "-1"), ("a", "b"), ("ab", "a b")])
def test_different_names(one, other):
    assert fold_name(one) != fold_name(other)


@pytest.mark.parametrize("text", ["a;b", "p:a", "a=b", "a\nb", " a", "", "[a", "a\u2028b", "a\x00"])
def test_what_cannot_be_an_id(text):
    assert not is_identifier(text)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
@example("\x1b[")
@example("a\x1c;")
def test_every_name_makes_an_id(name):
    made = make_identifier(name)
    assert is_identifier(made)
    assert make_identifier(made) == made


@pytest.mark.parametrize("name", ["-1", "5G risk", "риск", "稀土", "a_b", "None of these!"])
def test_a_usable_name_is_kept(name):
    assert make_identifier(name) == name


def test_reserved_characters_become_hyphens():
    assert make_identifier("Risk: 5G = high;\n now") == "Risk-5G-high-now"


def test_readable_name():
    assert name_id("investor_risk") == "Investor risk"
    assert name_id("_") == "_"


def test_suggestion_ignores_case_and_keeps_the_real_spelling():
    assert suggest("FAVOUR", ["Favor", "Against"]) == "did you mean 'Favor'?"


def test_without_a_close_name_all_are_listed():
    assert suggest("zzz", ["favor", "none"]) == "known: favor, none"
