"""``framing audit``: figures on stdout, disputes in a table, and what cannot be asked for."""

from __future__ import annotations

import csv
import json

import pytest

QUICK = ("-j", "1", "--resamples", "100")


def test_all_parts_on_stdout_and_disputes_in_a_table(run, coded_file, codebook_file, tmp_path):
    output = tmp_path / "disputes.csv"
    result = run("audit", coded_file, "-c", codebook_file, "-o", output, *QUICK)
    assert result.exit_code == 0
    heads = [line for line in result.stdout.splitlines() if line.startswith("## ")]
    assert heads == [
        "## What is coded",
        "## Disputed codes",
        "## Copies",
        "## Source cues",
        "## Learning curves",
    ]
    with output.open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    assert result.stderr == f"{len(rows)} disputed codes written to {output}\n"
    assert f"{len(rows)} codes are disputed." in result.stdout


def test_counts_alone_are_quick_json(run, coded_file, codebook_file):
    result = run("audit", coded_file, "-c", codebook_file, "--only", "counts", "--json")
    content = json.loads(result.stdout)
    assert content["tally"]["whole"] == {"n_units": 60, "n_articles": 12, "n_sources": 3}
    assert content["tally"]["frames"]["cost"]["n_units"] == 24
    assert content["tally"]["stances"]["bridge"]["oppose"]["n_units"] == 12
    assert content["disputes"] is None


def test_seeds_and_labels_are_read(run, tmp_path, coded_file):
    result = run("audit", "--seeds", tmp_path)
    assert result.exit_code == 1
    assert "--labels is missing" in result.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--only", "counts,curve"), "'curve' is none of counts,disputes,copies,cues,curves"),
        (("--only", "counts", "-o", "d.csv"), "--output needs the part 'disputes'"),
    ],
)
def test_wrong_usage_is_two(run, coded_file, options, message):
    result = run("audit", coded_file, *options)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())


def test_nothing_is_overwritten(refuse, coded_rows, write_rows, tmp_path):
    path = write_rows(tmp_path / "c.jsonl", coded_rows)
    before = path.read_bytes()
    line = refuse("audit", path, "-o", path)
    assert line.startswith(f"{path}: this is an input, which would be overwritten; ")
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written_is_refused_before_the_work(refuse, coded_file, tmp_path):
    line = refuse("audit", coded_file, "-o", tmp_path / "none" / "d.csv")
    assert "no such folder" in line


def test_a_suffix_that_names_no_table_is_refused(refuse, coded_file, tmp_path):
    line = refuse("audit", coded_file, "-o", tmp_path / "d.txt")
    assert "use .csv, .jsonl or .parquet" in line
