"""Flat predictions as nested lines of JSON."""

from __future__ import annotations

import json

import pytest

from framing.scoring.nesting import nest_batch
from framing.scoring.predicting import predict_batch
from framing.text.unitbatches import pack_units


def spell(model, units, **options):
    batch = pack_units(units)
    return nest_batch(model, predict_batch(model, batch, **options), batch["target"]).to_pylist()


@pytest.mark.parametrize("evidence", [True, False])
def test_lines_are_those_of_single_predictions_byte_for_byte(any_model, odd_units, nest, evidence):
    predictions = any_model.predict_paragraphs(odd_units, evidence=evidence)
    expected = [json.dumps(nest(p), ensure_ascii=False) + "\n" for p in predictions]
    assert spell(any_model, odd_units, evidence=evidence) == expected


def test_nothing_gives_nothing(any_model):
    assert spell(any_model, []) == []


def test_what_boilerplate_lacks_is_null(pointed, odd_units):
    lines = spell(pointed, [unit for unit in odd_units if unit.kind == "boilerplate"])
    for row in map(json.loads, lines):
        assert row["frames"] is row["probabilities"] is row["stance"] is None
        assert row["evidence"] == []
        assert "uncertain" not in row


def test_a_target_stands_where_there_is_one_whatever_the_model(tiny, pointed, odd_units):
    for model in (tiny, pointed):
        rows = [json.loads(line) for line in spell(model, odd_units)]
        assert [row.get("target") for row in rows] == [unit.mention for unit in odd_units]
        assert ["target" in row for row in rows] == [bool(unit.mention) for unit in odd_units]
    flat = predict_batch(tiny, pack_units(odd_units))
    assert "target" not in json.loads(nest_batch(tiny, flat)[1].as_py())
