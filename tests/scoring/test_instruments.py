"""Tests of reading off a model how well it measures."""

from dataclasses import replace

import pytest

from framing.measuring.prevalence.instrument import Instrument, LabelQuality
from framing.scoring.instruments import read_instrument

ENTRY = {
    "covariance": [0.04, -0.01, 0.02],
    "sensitivity": 0.8,
    "false_alarms": 0.1,
    "prior": 0.3,
    "n_units": 100,
    "n_positive": 30,
    "n_articles": 20,
}


def read(model, measurement):
    training = {**model.training, "measurement": measurement}
    return read_instrument(replace(model, training=training))


def test_entries_become_qualities(model):
    found = read(model, {"lag": ENTRY, "china=favor": ENTRY | {"covariance": (0.04, 0, 0)}})
    assert found == Instrument(
        model.hash,
        {
            "lag": LabelQuality((0.04, -0.01, 0.02), 0.8, 0.1, 0.3, 100, 30, 20),
            "china=favor": LabelQuality((0.04, 0, 0), 0.8, 0.1, 0.3, 100, 30, 20),
        },
    )


@pytest.mark.parametrize("given", [None, [], "good", {}])
def test_models_that_do_not_say_have_nothing(model, given):
    assert read(model, given) == Instrument(model.hash, {})
    bare = {name: item for name, item in model.training.items() if name != "measurement"}
    assert read_instrument(replace(model, training=bare)).labels == {}


@pytest.mark.parametrize(
    "change",
    [
        {"covariance": [0.04, 0.0]},
        {"covariance": 0.04},
        {"covariance": [0.04, 0.0, "0"]},
        {"covariance": [-0.04, 0.0, 0.0]},
        {"covariance": [0.04, 0.0, -0.01]},
        {"covariance": [0.04, 0.5, 0.02]},
        {"covariance": [float("nan"), 0.0, 0.0]},
        {"sensitivity": None},
        {"sensitivity": True},
        {"sensitivity": 1.2},
        {"false_alarms": -0.1},
        {"prior": float("inf")},
        {"prior": 3},
        {"n_positive": 0},
        {"n_positive": 100},
        {"n_articles": 0},
        {"more": 1},
    ],
)
def test_an_entry_that_makes_no_sense_is_left_out(model, change):
    found = read(model, {"lag": ENTRY | change, "risk": ENTRY})
    assert set(found.labels) == {"risk"}
    assert read(model, {"lag": [ENTRY]}).labels == {}


def test_an_entry_that_lacks_a_figure_is_left_out(model):
    for name in ENTRY:
        lacking = {key: item for key, item in ENTRY.items() if key != name}
        assert read(model, {"lag": lacking}).labels == {}


def test_covariances_rounded_to_six_digits_are_read(model):
    # both**2 is 1.00001 times the product of the variances
    entry = ENTRY | {"covariance": [0.0100001, -0.0200001, 0.0399999]}
    assert "lag" in read(model, {"lag": entry}).labels
