"""The nouns, the errors, and their way into JSON and between processes."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle

import pytest

from framing import schema
from framing.schema import (
    CodebookError,
    CodedUnit,
    Coding,
    CodingError,
    Estimate,
    Evidence,
    FramingError,
    InputError,
    MismatchError,
    ModelFileError,
    OutputError,
    Paragraph,
    Prediction,
    Problem,
    StancePrediction,
    describe,
)

ERRORS = [
    FramingError,
    *(InputError, CodebookError, CodingError, ModelFileError, OutputError, MismatchError),
]
UNIT = Paragraph("a:1", "a", "Ban.", 0, 4)
NOUNS = [
    UNIT,
    schema.Article("a", "Ban."),
    Coding("a:1", "ann", {"risk": True}, {"mine": "for"}),
    CodedUnit(UNIT, Coding("a:1")),
    Evidence("risk", "Ban", 0.5, 0, 3),
    StancePrediction("for", {"for": 1.0}),
    Prediction(UNIT, ("risk",), {"risk": 0.9}, {}, (), "m", "c"),
    Prediction(
        Paragraph("a:2", "a", "Ann left.", 0, 9, mention="Ann"),
        *((), {"risk": 0.5}, {"mine": StancePrediction("for", {"for": 1.0})}, (), "m", "c"),
        uncertain=("risk",),
    ),
    Estimate(0.5, 0.25, 0.75, 8, 2, "wilson"),
    Problem("t.csv, row 2", "no text"),
]


@pytest.mark.parametrize("kind", ERRORS)
@pytest.mark.parametrize(
    ("where", "fix", "message"),
    [
        ("news.csv", "name it", "news.csv: no column 'text'; name it"),
        ("news.csv", None, "news.csv: no column 'text'"),
        (None, "name it", "no column 'text'; name it"),
        ("", "", "no column 'text'"),
        (None, None, "no column 'text'"),
    ],
)
def test_errors_say_where_what_and_what_to_do(kind, where, fix, message):
    error = kind("no column 'text'", where=where, fix=fix)
    assert str(error) == message
    assert (error.what, error.where, error.fix) == ("no column 'text'", where, fix)


@pytest.mark.parametrize("kind", ERRORS)
@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))])
def test_errors_survive_the_way_between_processes(kind, way):
    found = way(kind("damaged", where="m", fix="train again"))
    assert type(found) is kind
    assert str(found) == "m: damaged; train again"
    assert (found.what, found.where, found.fix) == ("damaged", "m", "train again")


def test_the_tree_of_errors_is_as_drawn():
    parents = {kind: kind.__bases__ for kind in ERRORS}
    assert parents.pop(FramingError) == (Exception,)
    for kind in (CodebookError, CodingError, ModelFileError):
        assert parents.pop(kind) == (InputError,)
    assert set(parents.values()) == {(FramingError,)}
    assert all(kind.__name__ in (FramingError.__doc__ or "") for kind in ERRORS)
    defined = [item for item in vars(schema).values() if isinstance(item, type)]
    assert {item for item in defined if issubclass(item, Exception)} == set(ERRORS)


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: type(noun).__name__)
def test_nouns_do_not_change_and_travel(noun):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(noun, dataclasses.fields(noun)[0].name, "other")
    assert not hasattr(noun, "__dict__")
    assert pickle.loads(pickle.dumps(noun)) == noun


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: type(noun).__name__)
def test_nouns_become_json(noun):
    found = describe(noun)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert list(found) == [field.name for field in dataclasses.fields(noun)]


def test_a_coding_of_nothing_shares_nothing():
    assert Coding("a:1").frames == {}
    assert Coding("a:1").frames is not Coding("a:2").frames


def test_units_name_nobody_and_predictions_promise_nothing_unless_told():
    assert UNIT.mention is None
    assert Prediction(UNIT, (), {}, {}, (), "m", "c").uncertain is None
    found = describe(NOUNS[7])
    assert (found["paragraph"]["mention"], found["uncertain"]) == ("Ann", ["risk"])
