"""Drift, printed and written."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import pytest

from framing.reporting.drift import format_drift, write_drift
from framing.schema import InputError, OutputError


def read_rows(text):
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_a_row_a_label_and_source(drift):
    rows = read_rows(format_drift(drift))
    assert rows[0] == ["label", "source", "share", "naive", "units", "articles"]
    assert ["cost", "Herald", ".75 [.75, .75]", "1.00", "6", "2"] in rows
    assert ["cost", "Post", ".25 [.25, .25]", ".00", "6", "2"] in rows
    assert ["law=pro", "Post", ".70 [.70, .70]", "1.00", "6", "2"] in rows
    assert ["law=con", "Post", ".30 [.30, .30]", ".00", "6", "2"] in rows


def test_counts_hashes_and_what_was_left_out(drift):
    text = format_drift(drift)
    assert text.startswith(f"12 units of 4 articles; model {'m' * 12}, codebook {'c' * 12}.")
    assert "Left out: 1 boilerplate." in text
    assert "Note: 2 articles: " in text


def test_over_time_there_is_a_column_more(drift):
    cells = drift.cells.assign(period="2024")
    rows = read_rows(format_drift(replace(drift, over="year", cells=cells)))
    assert rows[0][:3] == ["label", "source", "year"]
    assert rows[1][2] == "2024"


def test_the_column_is_named_as_it_was_asked_for(drift):
    assert read_rows(format_drift(replace(drift, by="title")))[0][1] == "title"


def test_csv_holds_numbers_and_json_holds_all(drift, tmp_path):
    write_drift(drift, tmp_path / "d.csv")
    with (tmp_path / "d.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    cells = drift.to_dict()["cells"]
    assert [float(row["share"]) for row in rows] == [cell["share"] for cell in cells]
    assert [int(row["n_units"]) for row in rows] == [cell["n_units"] for cell in cells]
    write_drift(drift, tmp_path / "d.json")
    assert json.loads((tmp_path / "d.json").read_text("utf-8")) == drift.to_dict()


def test_a_source_that_opens_like_a_formula_does_not_run(drift, tmp_path):
    cells = drift.cells.assign(source="=1+1")
    write_drift(replace(drift, cells=cells), tmp_path / "d.csv")
    with (tmp_path / "d.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["source"] for row in csv.DictReader(stream)} == {"'=1+1"}


def test_a_suffix_of_no_format(drift, tmp_path):
    with pytest.raises(InputError, match=r"d\.txt: the suffix names no table format"):
        write_drift(drift, tmp_path / "d.txt")


@pytest.mark.parametrize("name", ["d.csv", "d.json"])
def test_a_place_that_cannot_be_written(drift, tmp_path, name):
    with pytest.raises(OutputError, match="cannot be written"):
        write_drift(drift, tmp_path / "none" / name)
