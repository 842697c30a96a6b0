"""Text in the wrong encoding; the golden cases are run by test_cleaning."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.text.misreadings import restore_misread, restore_mojibake, restore_windows

GOLDEN = json.loads((Path(__file__).parent / "golden" / "misreadings.json").read_text("utf-8"))


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_nothing_of_the_damage_is_left(case):
    assert not set(restore_misread(case["text"])) & set("โย€™")


@pytest.mark.parametrize("case", GOLDEN["negative"], ids=lambda case: case["name"])
def test_sound_text(case):
    assert restore_misread(case["text"]) == case["text"]


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from([*["’", "“", "”", "—", "–", "…", "£", "café"], "word", "Word", " ", ", "]),
        max_size=12,
    )
)
def test_whole_sequences_come_back(pieces):
    """What was only read in the wrong code page, with nothing lost, comes back exactly."""
    text = "China" + "".join(pieces) + "x"
    table = {0x80: "€", 0x85: "…", 0x91: "‘", 0x92: "’", 0x93: "“", 0x94: "”", 0x95: "•"}
    table |= {0x96: "–", 0x97: "—", 0xA0: "\xa0"}

    def show(code: int) -> str:
        return table.get(code, chr(code - 0xA1 + 0x0E01) if 0xA1 <= code <= 0xFB else chr(code))

    damaged = "".join(show(code) for code in text.encode())
    assert restore_misread(damaged) == text


def test_damaged_line_beside_a_thai_one():
    text = "Chinaโs share\nโลกต้องการแร่หายาก"
    assert restore_misread(text) == "China’s share\nโลกต้องการแร่หายาก"


def test_mojibake_of_a_long_line_is_mended_in_windows():
    text = "Chinaâ€™s share rose. " * 12_000
    assert restore_mojibake(text) == "China’s share rose. " * 12_000


def test_mojibake_leaves_sound_letters():
    assert restore_mojibake("Łódź’s “Ærø” façade…") == "Łódź’s “Ærø” façade…"


def test_windows_control_without_a_meaning_stays():
    assert restore_windows("a\x81b\x96c") == "a\x81b–c"


def test_sound_punctuation_is_no_reason_to_look_for_mojibake():
    assert restore_mojibake("“Wait…” — “no”") == "“Wait…” — “no”"


def test_mojibake_before_a_blank_is_mended():
    assert restore_mojibake("£5m toÂ spend") == "£5m to\u00a0spend"
