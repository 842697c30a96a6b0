"""Tests of how many words a model does not know, and of what training says is usual."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from framing.scoring.domains import (
    Domain,
    list_words,
    read_domain,
    read_score_laws,
)
from framing.scoring.recipe import NgramBlock
from framing.scoring.vectorizing import FittedBlock, Vectorizer

SOUND = {"median": 0.1, "most": 0.2, "nearly_all": 0.4}


def know(model, *blocks):
    """Give a model other blocks of terms."""
    fitted = [FittedBlock(block, terms, np.ones(len(terms))) for block, *terms in blocks]
    return replace(model, vectorizer=Vectorizer(fitted))


def test_only_single_words_of_whole_texts_are_words_that_it_knows(tiny):
    words, pairs = NgramBlock("word", 1, 2), NgramBlock("word", 2, 2)
    letters, around = NgramBlock("char_wb", 3, 5), NgramBlock("word", 1, 1, False, field="around")
    mixed = know(tiny, (words, "tin", "tin ban"), (letters, "gold"), (around, "<rose", "rose"))
    assert list_words(mixed) == {"tin"}
    for block in (pairs, letters, around):
        assert list_words(know(tiny, (block, "tin"))) == frozenset()


def test_what_training_found_is_read(tiny):
    told = replace(tiny, training={"domain": {**SOUND, "most": 1, "nearly_all": 1.0}})
    assert read_domain(told) == Domain(0.1, 1.0, 1.0)


@pytest.mark.parametrize(
    "entry",
    [
        None,
        [0.1, 0.2, 0.4],
        "0.1",
        {},
        {"median": 0.1, "most": 0.2},
        SOUND | {"most": None},
        SOUND | {"most": "0.2"},
        SOUND | {"most": True},
        SOUND | {"median": -0.1},
        SOUND | {"nearly_all": 1.1},
        SOUND | {"nearly_all": float("nan")},
        SOUND | {"most": 0.5},
    ],
)
def test_damaged_entries_say_nothing(tiny, entry):
    assert read_domain(replace(tiny, training={"domain": entry})) is None


def test_models_without_the_entry_say_nothing(tiny):
    assert read_domain(tiny) is None


LAW = {"at": [0.1, 0.5, 0.9], "present": [0.0, 0.3, 1], "absent": (0.6, 0.9, 1.0)}
LAWS = {"frames": {"lag": LAW}, "usual": 0.08}


def test_laws_of_scores_are_read(tiny):
    found = read_score_laws(replace(tiny, training={"scores": LAWS}))
    assert found is not None
    assert (list(found.frames), found.usual) == (["lag"], 0.08)
    law = found.frames["lag"]
    assert law.at.tolist() == [0.1, 0.5, 0.9]
    assert (law.present.tolist(), law.absent.tolist()) == ([0.0, 0.3, 1.0], [0.6, 0.9, 1.0])


@pytest.mark.parametrize(
    "entry",
    [
        None,
        [],
        {},
        LAWS | {"usual": None},
        LAWS | {"usual": True},
        LAWS | {"usual": 1.5},
        LAWS | {"frames": {}},
        LAWS | {"frames": [LAW]},
        LAWS | {"frames": {"lag": None}},
        LAWS | {"frames": {"lag": LAW, "law": {}}},
        LAWS | {"frames": {"lag": LAW | {"at": [0.1, 0.9, 0.5]}}},
        LAWS | {"frames": {"lag": LAW | {"at": [0.1, 0.9]}}},
        LAWS | {"frames": {"lag": LAW | {"at": "abc"}}},
        LAWS | {"frames": {"lag": LAW | {"present": [0.0, float("nan"), 1.0]}}},
        LAWS | {"frames": {"lag": {"at": [], "present": [], "absent": []}}},
    ],
)
def test_damaged_laws_say_nothing(tiny, entry):
    assert read_score_laws(replace(tiny, training={"scores": entry})) is None
