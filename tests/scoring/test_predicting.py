"""Units in, flat predictions out."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from framing.schema import InputError, Paragraph
from framing.scoring import predicting
from framing.scoring.predicting import predict_batch
from framing.scoring.rows import list_columns
from framing.scoring.scorers import make_scorer
from framing.text.unitbatches import UNIT_COLUMNS, pack_units


@pytest.mark.parametrize("evidence", [True, False])
def test_rows_are_those_of_single_predictions(any_model, odd_units, flatten, evidence):
    found = predict_batch(any_model, pack_units(odd_units), evidence=evidence).to_pylist()
    predictions = any_model.predict_paragraphs(odd_units, evidence=evidence)
    expected = [flatten(prediction) for prediction in predictions]
    columns = list(list_columns(any_model))
    assert found == [{name: row.get(name) for name in columns} for row in expected]
    assert any(row["evidence"] for row in found) == evidence
    assert [row["frames"] is None for row in found] == [
        unit.kind == "boilerplate" for unit in odd_units
    ]


def test_columns_have_one_order_and_type(any_model, odd_units):
    columns = list_columns(any_model)
    types = {"text": pa.string(), "number": pa.float64()}
    expected = pa.schema([(name, types[kind]) for name, kind in columns.items()])
    for units in (odd_units, [], [replace(odd_units[0], kind="boilerplate")]):
        found = predict_batch(any_model, pack_units(units))
        assert found.schema == expected
        found.validate(full=True)
        assert len(found) == len(units)


def test_batches_may_be_cut_anywhere(any_model, odd_units):
    units = pack_units(odd_units)
    whole = predict_batch(any_model, units)
    for size in (1, 7, 59):
        parts = [
            predict_batch(any_model, units.slice(start, size))
            for start in range(0, len(units), size)
        ]
        assert pa.Table.from_batches(parts).combine_chunks() == pa.Table.from_batches([whole])


def test_only_an_id_and_a_text_are_needed_besides_metadata(pointed):
    units = pack_units([Paragraph("a:1", "a", "ban", 0, 3)])
    bare = units.select([name for name in UNIT_COLUMNS if name != "target"])
    more = bare.append_column("extra", pa.array([1]))
    for batch in (bare, more):
        [row] = predict_batch(pointed, batch).to_pylist()
        assert (row["frames"], row["stance:target"], row["target"]) == ("risk", None, None)
    unknown = units.set_column(5, "kind", pa.nulls(1, pa.string()))
    assert predict_batch(pointed, unknown)["frames"].to_pylist() == ["risk"]


@pytest.mark.parametrize(
    "kind", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
)
def test_strings_of_any_type_give_the_same(any_model, odd_units, kind):
    units = pack_units(odd_units)
    columns = [
        column.dictionary_encode() if pa.types.is_dictionary(kind) else column.cast(kind)
        for column in units.columns
    ]
    other = pa.RecordBatch.from_arrays(columns, names=units.schema.names)
    assert predict_batch(any_model, other).equals(predict_batch(any_model, units))


@pytest.mark.parametrize("kind", ["compiled", "python"])
@pytest.mark.parametrize("bad", [None, b"\xff"])
def test_a_text_that_cannot_be_scored_is_named_by_its_row_in_the_batch(
    tiny, monkeypatch, kind, bad
):
    if kind == "compiled":
        pytest.importorskip("framing.scoring._kernel")
    monkeypatch.setattr(type(tiny), "scorer", property(lambda model: make_scorer(model, kind)))
    kinds = ["boilerplate", "paragraph", "boilerplate", "paragraph"]
    first = None if bad is None else "ban"  # of boilerplate, which needs no text
    texts = pa.array([first, "ban", "ban", bad], pa.binary()).view(pa.string())
    units = pack_units([Paragraph(f"a:{n}", "a", "", 0, 0, kind) for n, kind in enumerate(kinds)])
    units = units.set_column(6, "text", texts)
    where = "chunk 0" if kind == "python" and bad else "row 3"
    with pytest.raises(InputError, match=f"^{where}: "):
        predict_batch(tiny, units)
    found = predict_batch(tiny, units.slice(0, 3)) if bad is None else None
    assert found is None or found["frames"].is_valid().to_pylist() == [False, True, False]


@pytest.mark.parametrize("kinds", [("paragraph", "paragraph"), ("boilerplate", "paragraph")])
@pytest.mark.parametrize(("name", "where"), [("text", "row 0"), ("id", "the batch of units")])
def test_offsets_out_of_order_are_refused(tiny, kinds, name, where):
    units = pack_units([Paragraph(f"a:{n}", "a", "ban", 0, 3, k) for n, k in enumerate(kinds)])
    offsets = pa.py_buffer(np.array([0, 1 << 30, 3], np.int32))
    broken = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"ban")])
    place = units.schema.get_field_index(name)
    with pytest.raises(InputError, match=f"^{where}: "):
        predict_batch(tiny, units.set_column(place, name, broken))


def test_figures_are_rounded_in_one_place(tiny, monkeypatch):
    units = pack_units([Paragraph("a:1", "a", "ban good", 0, 8)])
    [row] = predict_batch(tiny, units).to_pylist()
    share = 1 / (1 + math.exp(-(2 * (0.25 + 2 / math.sqrt(2)) - 1)))
    assert row["p:risk"] == round(share, 7) != share
    assert [item["weight"] for item in json.loads(row["evidence"])] == [1.4142, 0.7071]
    monkeypatch.setattr(predicting, "PROBABILITY_DIGITS", 2)
    monkeypatch.setattr(predicting, "WEIGHT_DIGITS", 1)
    [row] = predict_batch(tiny, units).to_pylist()
    assert row["p:risk"] == round(share, 2)
    assert [item["weight"] for item in json.loads(row["evidence"])] == [1.4, 0.7]


@pytest.mark.parametrize("n_frames", [1, 31, 32, 33, 70])
def test_any_number_of_frames_is_joined(tiny, n_frames):
    frames = tuple(
        replace(tiny.frames[0], id=f"f{n}", threshold=(0.4 if n % 3 else 0.9))
        for n in range(n_frames)
    )
    alike = np.zeros(n_frames, dtype=int)
    columns = [*alike, 1, 2, 3]
    model = replace(
        tiny,
        frames=frames,
        coefficients=tiny.coefficients[:, columns],
        intercepts=tiny.intercepts[columns],
    )
    units = [Paragraph(f"a:{n}", "a", text, 0, 9) for n, text in enumerate(["ban", "lift", "calm"])]
    found = predict_batch(model, pack_units(units), evidence=False)["frames"].to_pylist()
    expected = [";".join(p.frames) or "[]" for p in model.predict_paragraphs(units)]
    assert found == expected
    assert len(set(found)) > 1
