"""Drift, printed and written."""

from __future__ import annotations

import csv
import json
import re

import pandas as pd
import pytest

from framing.reporting.accounts import TABLES
from framing.reporting.drift import format_drift, name_table, write_drift
from framing.reporting.driftpage import render_drift
from framing.schema import InputError, OutputError


@pytest.fixture
def said(invented, row):
    """Two sources over two years, with little to tell, as a drift."""
    cells = [
        row("cells", source=source, period=period, share=share)
        for source, share in (("Post", 0.25), ("Herald", 0.75))
        for period in ("2023", None)
    ]
    empty = {table: [] for table in TABLES}
    return invented.change(**{**empty, "cells": cells, "over": "year"})


def read_rows(text):
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


class TestPrinted:
    def test_what_was_counted_comes_first(self, said):
        assert format_drift(said).startswith(
            "29,484 units of 3,276 articles, 2023 to 2023. 299 tests, 0 of which stand; "
            "model 3f9c2b7a10de, codebook 84be01c5f2aa."
        )

    def test_a_row_a_label_source_and_period(self, said):
        rows = read_rows(format_drift(said, names={"cost": "Costs"}))
        assert rows == [
            ["label", "source", "year", "share", "naive", "units", "articles"],
            ["Costs", "Post", "2023", ".25 [.20, .40]", ".25", "90", "30"],
            ["Costs", "Post", "all", ".25 [.20, .40]", ".25", "90", "30"],
            ["Costs", "Herald", "2023", ".75 [.20, .40]", ".25", "90", "30"],
            ["Costs", "Herald", "all", ".75 [.20, .40]", ".25", "90", "30"],
        ]

    def test_the_column_is_named_as_it_was_asked_for(self, said):
        assert read_rows(format_drift(said.change(by="title")))[0][1] == "title"

    def test_without_time_there_is_no_column_of_it(self, said, row):
        text = format_drift(said.change(cells=[row("cells")], over=None))
        assert read_rows(text)[0][:3] == ["label", "source", "share"]

    def test_refused_and_widened_shares_are_marked(self, said, row):
        cells = [row("cells", status="refused", share=None)]
        cells += [row("cells", status=status) for status in ("widened", "doubted", "estimated")]
        shares = [line[2] for line in read_rows(format_drift(said.change(cells=cells)))]
        told = ".30 [.20, .40]"
        assert shares == ["share", "refused", f"{told} †", f"{told} ‡", told]

    @pytest.mark.parametrize(
        ("n_periods", "n_sources", "wanted"), [(2, 3, 9), (20, 3, 3), (2, 50, 1)]
    )
    def test_many_shares_are_cut_to_whole_sources_then_to_all(
        self, said, row, n_periods, n_sources, wanted
    ):
        cells = [
            row("cells", source=source, period=period)
            for source in (None, *map(str, range(n_sources - 1)))
            for period in (None, *(f"20{n:02}" for n in range(n_periods)))
        ]
        text = format_drift(said.change(cells=cells))
        assert len(read_rows(text)) - 1 == wanted
        left = len(cells) - wanted
        assert (f"{left:,} more shares are in the files that -o writes." in text) == bool(left)

    def test_where_no_level_is_short_the_first_shares_are_shown(self, said, row):
        cells = [row("cells", period=f"{year}") for year in range(1950, 2024)]
        text = format_drift(said.change(cells=cells))
        assert len(read_rows(text)) - 1 == 40
        assert "34 more shares are in the files that -o writes." in text

    def test_what_stands_has_its_tables(self, invented):
        text = format_drift(invented)
        for title in ("Differences between sources", "Change points", "Trends"):
            assert f"### {title} that stand: " in text
        assert "10 more are in the files that -o writes." in text
        assert "### Caveats" in text

    def test_it_is_short(self, invented):
        assert len(format_drift(invented).splitlines()) < 110

    def test_a_measured_drift_is_told_too(self, drift):
        text = format_drift(drift)
        assert re.search(
            r"\| law: pro +\| +Post +\| +\.70 \[\.\d\d, \.\d\d\] +\| +6 +\| +2 +\|", text
        )
        assert "- Left out: 1 boilerplate." in text
        assert "shares rest on fewer than 10 articles" in text

    def test_many_labels_of_a_few_sources_stand_side_by_side(self, said, row):
        cells = [
            row("cells", label=f"l{k}", source=source, period=None, share=k / 100)
            for k in range(30)
            for source in (None, "Post", "Herald")
        ]
        rows = read_rows(format_drift(said.change(cells=cells)))
        assert rows[0] == ["label", "all", "Herald", "Post"]
        assert [line[0] for line in rows[1:]] == [f"l{k}" for k in range(30)]
        assert rows[13] == ["l12", *[".12 [.20, .40]"] * 3]


class TestWritten:
    def test_json_holds_all(self, invented, tmp_path):
        assert write_drift(invented, tmp_path / "d.json") == [tmp_path / "d.json"]
        assert json.loads((tmp_path / "d.json").read_text("utf-8")) == invented.to_dict()

    @pytest.mark.parametrize("name", ["d.html", "d.HTM"])
    def test_a_page_is_the_page(self, invented, tmp_path, label_names, name):
        assert write_drift(invented, tmp_path / name, names=label_names) == [tmp_path / name]
        page = (tmp_path / name).read_text("utf-8")
        assert page == render_drift(invented, names=label_names)

    def test_csv_holds_every_table_in_a_file_of_its_own(self, invented, tmp_path):
        paths = write_drift(invented, tmp_path / "d.csv")
        assert [path.name for path in paths] == [
            "d.csv",
            *(f"d.{table}.csv" for table in TABLES if table != "cells"),
        ]
        content = invented.to_dict()
        for table, path in zip(TABLES, paths, strict=True):
            rows = read_csv(path)
            assert list(rows[0]) == list(TABLES[table])
            assert len(rows) == len(content[table])
            first = {k: "" if v is None else str(v) for k, v in content[table][0].items()}
            assert rows[0] == first

    def test_parquet_keeps_numbers_and_flags(self, invented, tmp_path):
        write_drift(invented, tmp_path / "d.parquet")
        table = pd.read_parquet(tmp_path / "d.contrasts.parquet")
        wanted = invented.tables["contrasts"]
        assert table["p"].tolist() == wanted["p"].tolist()
        assert table["stands"].dtype == bool
        assert table["stands"].tolist() == wanted["stands"].tolist()

    def test_jsonl_is_written_packed_too(self, invented, tmp_path):
        write_drift(invented, tmp_path / "d.jsonl.gz")
        table = pd.read_json(tmp_path / "d.trends.jsonl.gz", lines=True)
        assert table["slope"].tolist() == pytest.approx(invented.tables["trends"]["slope"].tolist())

    def test_tables_without_rows_are_not_written_unless_they_stand_there(self, said, tmp_path):
        stale = tmp_path / "d.turns.csv"
        stale.write_text("of an earlier run")
        assert write_drift(said, tmp_path / "d.csv") == [tmp_path / "d.csv", stale]
        assert stale.read_text("utf-8") == ",".join(TABLES["turns"]) + "\n"
        assert len(list(tmp_path.iterdir())) == 2

    def test_a_source_that_opens_like_a_formula_does_not_run(self, said, row, tmp_path):
        write_drift(said.change(cells=[row("cells", source="=1+1")]), tmp_path / "d.csv")
        assert read_csv(tmp_path / "d.csv")[0]["source"] == "'=1+1"

    def test_a_suffix_of_no_format(self, said, tmp_path):
        with pytest.raises(InputError, match=r"d\.txt: the suffix names no table format"):
            write_drift(said, tmp_path / "d.txt")

    @pytest.mark.parametrize("name", ["d.csv", "d.json", "d.html"])
    def test_a_place_that_cannot_be_written(self, said, tmp_path, name):
        with pytest.raises(OutputError, match="cannot be written"):
            write_drift(said, tmp_path / "none" / name)

    def test_names_of_tables(self, tmp_path):
        assert name_table(tmp_path / "a.b.csv", "turns").name == "a.b.turns.csv"
        assert name_table(tmp_path / "a.jsonl.gz", "turns").name == "a.turns.jsonl.gz"
