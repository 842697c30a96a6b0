"""Tests of what a measurement says of itself."""

import pytest

from framing.measuring.driftnotes import note_calibration, note_census, note_learnt, note_trained
from framing.measuring.predictions import find_labels
from framing.measuring.prevalence.instrument import Instrument, LabelQuality

LABELS = find_labels(["p:lag", "p:risk"])
QUALITY = LabelQuality((0.04, 0.01, 0.02), 0.8, 0.1, 0.3, 100, 30, 20)


def test_labels_whose_calibration_is_not_known_are_named():
    (bare,) = note_calibration(LABELS, None)
    assert bare.startswith("the model's own account of its calibration is not known")
    (partly,) = note_calibration(LABELS, Instrument("m", {"lag": QUALITY}))
    assert partly.startswith("the model's own account of its calibration of risk is not known")
    assert list(note_calibration(LABELS[:1], Instrument("m", {"lag": QUALITY}))) == []


def test_articles_of_training_are_counted():
    (told,) = note_trained(["a", "b", "c"], {"b", "z"})
    assert told == (
        "1 of 3 articles had a part in the model's training; its probabilities are too sure"
    )
    assert list(note_trained(["a"], ())) == []


@pytest.mark.parametrize(
    ("n", "told"),
    [
        (0, []),
        (1, ["1 coding is of texts that the model learnt from and left out"]),
        (7, ["7 codings are of texts that the model learnt from and left out"]),
    ],
)
def test_codings_of_training_texts_are_counted(n, told):
    assert list(note_learnt(n)) == told


def test_a_census_is_told_where_something_is_tested():
    assert len(list(note_census(True, 3))) == 1
    assert list(note_census(True, 0)) == list(note_census(False, 3)) == []
