"""Punkt, loaded by itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

from framing.text.punkt import load_punkt
from framing.text.sentences import ABBREVIATIONS

TEXT = (
    "Prof. Hall of the U.S. Geological Survey doubts it. China, e.g., has approx. 5 kg. of it! "
    "“Who pays?” he asked. Nobody did... The rest follows at 5 p.m. in Perth. End"
)

ALONE = """
import sys
from framing.text.punkt import load_punkt
spans = list(load_punkt({"prof", "u.s", "e.g", "approx", "kg", "p.m"}).span_tokenize(sys.argv[1]))
loaded = {name.partition(".")[0] for name in sys.modules}
print(spans, sorted(loaded & {"nltk", "sklearn", "scipy", "pandas"}))
import nltk
print(len(nltk.sent_tokenize.__module__), nltk.FreqDist("aab")["a"])
"""


@pytest.fixture(scope="module")
def alone():
    """What a process says that loads Punkt by itself, and NLTK afterwards."""
    command = [sys.executable, "-c", ALONE, TEXT]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def test_it_cuts_as_all_of_nltk_does(alone):
    import nltk  # noqa: F401  then `load_punkt` takes it as it is

    spans = list(load_punkt({"prof", "u.s", "e.g", "approx", "kg", "p.m"}).span_tokenize(TEXT))
    assert TEXT[slice(*spans[0])].endswith("doubts it.")
    assert len(spans) > 4
    assert alone[0] == f"{spans} []"


def test_nltk_is_whole_for_whoever_imports_it_later(alone):
    assert alone[1].endswith(" 2")


def test_abbreviations_end_no_sentence():
    text = "It was Prof. Hall who doubted it. They paid approx. 5 dollars for it."
    assert len(list(load_punkt(ABBREVIATIONS).span_tokenize(text))) == 2
    assert len(list(load_punkt([]).span_tokenize(text))) == 4
