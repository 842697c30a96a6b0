"""Predictions in files."""

from __future__ import annotations

import gzip
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from framing.records.cells import restore_formula
from framing.records.tables import read_rows
from framing.schema import InputError
from framing.scoring.outputs import open_predictions
from framing.scoring.predicting import predict_batch
from framing.scoring.rows import list_columns
from framing.text.unitbatches import pack_units


def write(path, model, *unit_lists, **options):
    with open_predictions(path, model, **options) as writer:
        for units in unit_lists:
            batch = pack_units(units)
            writer.write(predict_batch(model, batch), batch["target"])
    return path


def test_every_format_says_what_was_predicted(any_model, odd_units, tmp_path, flatten, nest):
    predictions = any_model.predict_paragraphs(odd_units)
    columns = list(list_columns(any_model))
    rows = [{name: flatten(p).get(name) for name in columns} for p in predictions]
    halves = odd_units[:30], odd_units[30:]
    path = write(tmp_path / "p.parquet", any_model, *halves)
    assert pq.read_table(path).to_pylist() == rows
    path = write(tmp_path / "p.jsonl", any_model, *halves)
    lines = path.read_bytes().decode().split("\n")
    assert lines == [*(json.dumps(nest(p), ensure_ascii=False) for p in predictions), ""]
    path = write(tmp_path / "p.csv", any_model, *halves)
    found = [row.values for row in read_rows(path, report=pytest.fail)]
    assert list(found[0]) == columns
    for line, row in zip(found, rows, strict=True):
        for name, cell in row.items():
            if isinstance(cell, float):
                assert float(line[name]) == cell
            else:
                assert restore_formula(line[name]) == (cell or "")


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_packed(tiny, odd_units, tmp_path, suffix):
    plain = write(tmp_path / f"p.{suffix}", tiny, odd_units).read_bytes()
    assert (
        gzip.decompress(write(tmp_path / f"p.{suffix}.gz", tiny, odd_units).read_bytes()) == plain
    )
    packed = write(tmp_path / f"p.{suffix}.zst", tiny, odd_units).read_bytes()
    assert pa.decompress(packed, len(plain), "zstd", asbytes=True) == plain


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_no_units_make_an_empty_table(tiny, tmp_path, suffix):
    path = write(tmp_path / f"p.{suffix}", tiny)
    assert list(read_rows(path, report=pytest.fail)) == []
    if suffix != "jsonl":
        assert path.stat().st_size > 0


def test_formulas_are_left_alone_with_raw(tiny, odd_units, tmp_path):
    formula = next(unit for unit in odd_units if unit.text.startswith("="))
    for raw, text in ((False, f"'{formula.text}"), (True, formula.text)):
        path = write(tmp_path / "p.csv", tiny, [formula], raw=raw)
        [row] = read_rows(path, report=pytest.fail)
        assert row.values["text"] == text


def test_standard_output_gets_lines_at_once(tiny, odd_units):
    stream = io.BytesIO()
    with open_predictions("-", tiny, stdout=stream) as writer:
        batch = pack_units(odd_units[:1])
        writer.write(predict_batch(tiny, batch), batch["target"])
        assert stream.getvalue().endswith(b"}\n")
    assert not stream.closed


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "csv.zst", "jsonl", "parquet"])
def test_no_half_file_is_left(tiny, odd_units, tmp_path, suffix):
    def break_off():
        with open_predictions(tmp_path / f"p.{suffix}", tiny) as writer:
            writer.write(predict_batch(tiny, pack_units(odd_units)))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert list(tmp_path.iterdir()) == []


def test_a_suffix_must_name_a_format(tiny, tmp_path):
    with pytest.raises(InputError, match="the suffix names no table format"):
        write(tmp_path / "p.txt", tiny)
