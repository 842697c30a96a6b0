"""What a worker makes of a piece."""

from __future__ import annotations

import io
import json
from functools import partial

import pyarrow as pa
import pytest

from framing.engines.pieces import Piece
from framing.engines.prediction import LINES, Order, choose_schema, predict_piece
from framing.schema import MismatchError
from framing.scoring.predicting import predict_batch
from framing.text.unitbatches import UNIT_SCHEMA

PIECE = Piece(1, "n.jsonl", "n", "jsonl", first=5)
TEXT = b'{"text": "The bill, in money."}\n{"id": "b", "text": "Danger in the pier.", "x": 1}\n'


@pytest.fixture
def order(model, model_file):
    return partial(Order, lambda: model_file, model.hash, n_units=(0, 2))


def predict(order, text=TEXT):
    return list(predict_piece(PIECE, io.BytesIO(text), order=order))


def test_flat_batches_are_those_of_the_pure_function(model, order):
    [flat] = predict(order("parquet", renamed={1: {1: "b~2"}}))
    cells = [
        ("n:5", "n:5", None, None, None, "paragraph", "The bill, in money.", None),
        ("b~2", "b~2", None, None, None, "paragraph", "Danger in the pier.", None),
    ]
    rows = [dict(zip(UNIT_SCHEMA.names, row, strict=True)) for row in cells]
    assert flat.equals(predict_batch(model, pa.RecordBatch.from_pylist(rows, UNIT_SCHEMA)))
    assert flat.schema.equals(choose_schema(model, "parquet"))


def test_without_evidence_none_is_looked_for(order):
    [flat] = predict(order("parquet", evidence=False))
    assert flat["evidence"].null_count == 2


def test_lines_are_whole_and_without_the_last_end(order):
    [batch] = predict(order("jsonl"))
    assert batch.schema == LINES
    first, second = (json.loads(line) for line in batch["value"][0].as_py().split("\n"))
    assert (first["id"], second["id"]) == ("n:5", "b")


def test_csv_opens_with_its_header_even_where_there_are_no_units(model, order):
    [batch] = predict(order("csv"))
    header, *rows = batch["value"][0].as_py().split("\n")
    assert header.split(",") == choose_schema(model, "parquet").names
    assert len(rows) == 2
    none = Order(order("csv").locate, model.hash, "csv", n_units=(0, 0))
    [batch] = predict(none, b"\n\n")
    assert batch["value"].to_pylist() == [header]
    nested = Order(order("csv").locate, model.hash, "jsonl", n_units=(0, 0))
    assert predict(nested, b"\n\n") == []


@pytest.mark.parametrize(("raw", "sign"), [(True, "="), (False, "'=")])
def test_formulas_are_neutralised_unless_wanted_raw(order, raw, sign):
    text = b'{"text": "=1"}\n{"text": "b"}\n'
    [batch] = predict(order("csv", raw=raw), text)
    assert f'"{sign}1"' in batch["value"][0].as_py()


def test_a_piece_that_changed_is_refused(order):
    message = "n.jsonl: had 2 units at first and 1 now; leave the files alone while they are read"
    with pytest.raises(MismatchError, match=message):
        predict(order("parquet"), TEXT[: TEXT.index(b"\n")])


def test_another_model_than_that_of_the_order_is_refused(model_file):
    order = Order(lambda: model_file, "123", "parquet", n_units=(0, 2))
    with pytest.raises(MismatchError, match="where 123 was to be used"):
        predict(order)
