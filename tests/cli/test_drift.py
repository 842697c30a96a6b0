"""``framing drift``: shares by source and period, as table, JSON and file."""

from __future__ import annotations

import csv
import json
from statistics import mean

import pandas as pd
import pytest


def test_shares_are_the_means_of_the_probabilities(run, predictions):
    result = run("drift", predictions, "--resamples", 100, "--naive", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    content = json.loads(result.stdout)
    with predictions.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["kind"] != "boilerplate"]
    assert content["n_units"] == len(rows) == 72
    cells = {(c["label"], c["source"]): c for c in content["cells"]}
    for source in ("Weir Post", "Mill Herald", "Ferry Gazette"):
        wanted = mean(float(row["p:cost"]) for row in rows if row["source"] == source)
        assert cells["cost", source]["share"] == pytest.approx(wanted, abs=1e-6)
        assert cells["cost", source]["n_articles"] == 4
        chosen = [row["stance:bridge"] == "favor" for row in rows if row["source"] == source]
        assert cells["bridge=favor", source]["naive"] == pytest.approx(mean(chosen))


def test_as_a_table_by_year(run, predictions):
    result = run("drift", predictions, "--over", "year", "--resamples", 100)
    lines = result.stdout.splitlines()
    assert any(line.startswith("| bridge") and " Weir Post |" in line for line in lines)
    assert "2020 to 2022" in lines[0]
    assert "- Left out: 12 boilerplate." in lines


@pytest.mark.parametrize("name", ["d.csv", "d.jsonl", "d.parquet", "d.json"])
def test_cells_are_written_to_a_file_too(run, predictions, tmp_path, name):
    path = tmp_path / name
    result = run("drift", predictions, "-o", path, "--resamples", 100, "--json")
    cells = json.loads(result.stdout)["cells"]
    if name == "d.json":
        assert json.loads(path.read_text("utf-8"))["cells"] == cells
        return
    read = {"csv": pd.read_csv, "parquet": pd.read_parquet}
    table = read.get(path.suffix[1:], lambda p: pd.read_json(p, lines=True))(path)
    assert table["label"].tolist() == [cell["label"] for cell in cells]
    assert table["share"].tolist() == pytest.approx([cell["share"] for cell in cells])


def test_csv_and_jsonl_predictions_give_the_same(run, predictions, articles, model_file, tmp_path):
    path = tmp_path / "p.jsonl"
    run("predict", articles, "-m", model_file, "-o", path)
    answers = {run("drift", p, "--resamples", 100).stdout for p in (path, predictions)}
    assert len(answers) == 1


def test_several_files_are_one_corpus(run, articles, model_file, predictions, tmp_path):
    paths = []
    for folder in ("gazette", "herald", "post"):
        paths.append(tmp_path / f"{folder}.csv")
        run("predict", articles / folder, "-m", model_file, "-o", paths[-1])
    together = run("drift", *paths, "--resamples", 100)
    assert together.stdout == run("drift", predictions, "--resamples", 100).stdout
    assert together.stderr == ""


def test_by_another_column(run, predictions):
    result = run("drift", predictions, "--by", "kind", "--resamples", 100, "--json")
    cells = json.loads(result.stdout)["cells"]
    assert {cell["source"] for cell in cells} == {None, "headline", "paragraph"}


def test_seed_decides_the_resampled_intervals(run, predictions):
    def intervals(seed):
        command = ("drift", predictions, "--resamples", 100, "--seed", seed, "--json")
        return [(c["low"], c["high"]) for c in json.loads(run(*command).stdout)["contrasts"]]

    assert intervals(1) == intervals(1) != intervals(2)


@pytest.mark.parametrize("what", ["model", "codebook"])
def test_two_models_or_codebooks_are_refused(refuse, predictions, tmp_path, model, what):
    """The same articles, predicted twice: a repeated id must not hide that they disagree."""
    known = model.hash if what == "model" else model.codebook.hash
    other = tmp_path / "other.csv"
    text = predictions.read_text("utf-8")
    other.write_text(text.replace(known, "0123456789ab"), encoding="utf-8")
    line = refuse("drift", predictions, other)
    assert line == (
        f"predictions of 2 {what}s: 0123456789ab, {known}; predict all texts again with one {what},"
        " or measure each file by itself"
    )


def test_an_unknown_column_names_those_there_are(refuse, predictions):
    line = refuse("drift", predictions, "--by", "outlet")
    assert line == "no column 'outlet' to group by; use one of article, source, date, title, kind"


def test_the_target_groups_and_what_is_uncertain_does_not(
    run, refuse, mention_file, mention_model, tmp_path
):
    path = tmp_path / "p.csv"
    command = ("predict", mention_file, "--unit", "row", "-m", mention_model, "-o", path)
    assert run(*command).exit_code == 0
    assert "uncertain" in path.read_text("utf-8").partition("\n")[0].split(",")
    line = refuse("drift", path, "--by", "outlet")
    assert line.endswith("use one of article, source, date, title, kind, target")
    result = run("drift", path, "--by", "target", "--resamples", 100, "--json")
    cells = json.loads(result.stdout)["cells"]
    assert len({cell["source"] for cell in cells} - {None}) == 24


def test_a_suffix_that_stands_for_nothing(refuse, predictions, tmp_path):
    path = tmp_path / "d.txt"
    line = refuse("drift", predictions, "-o", path, "--resamples", 100)
    assert line == f"{path}: the suffix names no table format; use .csv, .jsonl or .parquet"


def test_a_place_that_cannot_be_written(refuse, predictions, tmp_path):
    path = tmp_path / "none" / "d.csv"
    line = refuse("drift", predictions, "-o", path, "--resamples", 100)
    assert line.startswith(f"{path}: cannot be written (no such folder); ")


@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_coded_data_are_not_predictions(refuse, coded_file, coded_rows, tmp_path, suffix):
    path = coded_file
    if suffix == "csv":
        path = tmp_path / "coded.csv"
        pd.DataFrame(coded_rows).drop(columns="frames").to_csv(path, index=False)
    line = refuse("drift", path)
    assert line.startswith(str(path))
    assert "framing predict" in line


def test_a_missing_file(refuse, tmp_path):
    path = tmp_path / "p.csv"
    assert refuse("drift", path) == (
        f"{path}: cannot be read (no such file or directory); check the path"
    )
