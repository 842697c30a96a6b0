"""Cue terms in a text."""

import pytest

from framing.coding.cues import suggest_by_cues
from framing.coding.scheme import Codebook, Frame


def find(text, *cues):
    book = Codebook("demo", "1.0.0", frames=(Frame("none", "None"), Frame("f", "F", cues=cues)))
    return suggest_by_cues(text, book).get("f", [])


@pytest.mark.parametrize(
    ("cue", "text", "term"),
    [
        ("ban", "A BAN was", "BAN"),
        ("volatil*", "great volatility.", "volatility"),
        ("volatil*", "volatil", "volatil"),
        ("export ban*", "export\n bans", "export\n bans"),
        ("trade war", "trade-war talk", "trade-war"),
        ("friend-shor*", "friend shoring", "friend shoring"),
        ("risk* for investors", "risks for investors", "risks for investors"),
        ("lion's share", "the lion\u2019s share", "lion\u2019s share"),
        ("U.S.", "the U.S.", "U.S."),
        ("稀土", "稀土", "稀土"),
    ],
)
def test_found(cue, text, term):
    ((found, start, end),) = find(text, cue)
    assert found == term == text[start:end]


@pytest.mark.parametrize(
    ("cue", "text"),
    [
        ("ban", "urban bank"),
        ("U.S.", "UxS."),
        ("trade war", "trade and war"),
        ("*", "any"),
        ("", "a"),
    ],
)
def test_not_found(cue, text):
    assert find(text, cue) == []


def test_the_longest_of_two_cues_is_shown_and_places_are_in_order():
    terms = [term for term, _, _ in find("ban, export bans", "export", "export ban*", "ban")]
    assert terms == ["ban", "export bans"]


def test_only_frames_with_a_hit():
    book = Codebook("d", "1.0.0", frames=(Frame("a", "A", cues=("x",)), Frame("b", "B")))
    assert suggest_by_cues("no hit", book) == {}
    assert list(suggest_by_cues("x", book)) == ["a"]
