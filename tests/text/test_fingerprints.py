"""Tests of the fingerprints that model files keep of their texts."""

import pytest

from framing.text.fingerprints import hash_text


@pytest.mark.parametrize(
    ("text", "known"),
    [("The ban hurts.", "32c825a384"), ("", "7d64c5272e"), ("Gruß, \udc80", "421afd108a")],
)
def test_they_stay_what_they_are(text, known):
    assert hash_text(text) == known


def test_white_space_does_not_count_and_all_else_does():
    assert hash_text("The ban\n hurts.\u00a0") == hash_text("The ban hurts.")
    others = ("the ban hurts.", "The ban hurts", "The banhurts.")
    assert len({hash_text(text) for text in ("The ban hurts.", *others)}) == 4
