"""The codebook that ships: whole, readable, and true to its own names."""

from pathlib import Path

import pytest

from framing.coding.codebook import parse_codebook, read_codebook
from framing.coding.cues import suggest_by_cues

PATH = Path(__file__).parents[2] / "labels" / "codebook.yaml"


@pytest.fixture(scope="module")
def book():
    return read_codebook(PATH)


def test_holds_ten_frames_and_two_targets(book):
    assert book.name == "critical-minerals"
    assert book.version == "1.1.0"
    assert book.frame_ids == (
        "china_dominance",
        "trade_coercion",
        "western_policy_lag",
        "supply_vulnerability",
        "capacity_building",
        "allied_cooperation",
        "diplomatic_bargaining",
        "investor_risk",
        "market_opportunity",
        "environmental_cost",
    )
    assert book.target_ids == ("western_policy", "china_policy")
    assert len(book.rules) == 10


def test_every_frame_is_complete(book):
    for frame in book.frames:
        assert frame.definition.endswith(".")
        assert frame.include, frame.id
        assert frame.exclude, frame.id
        assert 6 <= len(frame.cues) <= 15, frame.id


def test_stances_are_defined_and_have_a_neutral_value(book):
    for target in book.targets:
        assert book.values(target.id) == ("favor", "against", "none")
        assert target.neutral == "none"
        assert target.definition
        assert all(value.definition for value in target.values)


def test_every_cue_can_be_found(book):
    for frame in book.frames:
        for cue in frame.cues:
            text = f"So ({cue.replace('*', '')}), they say."
            assert frame.id in suggest_by_cues(text, book), cue


def test_mentioned_ids_exist(book):
    known = {*book.frame_ids, *book.target_ids}
    texts = [*book.rules, *(text for frame in book.frames for text in frame.exclude)]
    words = {word.strip(".,;:()") for text in texts for word in text.split() if "_" in word}
    assert words
    assert words <= known


def test_no_key_of_the_file_is_written_twice_or_lost(book):
    assert parse_codebook(PATH.read_text(encoding="utf-8")).hash == book.hash
