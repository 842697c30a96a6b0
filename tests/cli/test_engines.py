"""``framing predict --engine``: what it does, says and refuses."""

from __future__ import annotations

import json
import sys

import pytest

from framing.scoring.predictionfiles import read_predictions

LINES = (
    {"id": "a", "text": "The bill, in money, has doubled."},
    {"id": "a", "text": "Danger in the pier."},
    {"id": "b", "text": ""},
    {"text": "The council meets.", "date": "soon"},
)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in LINES), encoding="utf-8")
    return path


def test_dask_says_and_writes_what_a_local_run_does(run, table, model_file, tmp_path):
    pytest.importorskip("distributed", reason="Dask is not installed")
    results, tables = [], []
    for engine in ("local", "dask"):
        output = tmp_path / f"{engine}.csv"
        command = ("predict", table, "--unit", "row", "-m", model_file, "-o", output)
        results.append(run(*command, "--engine", engine))
        tables.append(read_predictions(output))
        quarantine = tmp_path / f"{engine}.quarantine.jsonl"
        results[-1].problems = quarantine.read_text("utf-8")
    local, dask = results
    assert (local.exit_code, dask.exit_code) == (0, 0)
    assert dask.stderr == local.stderr.replace("local.", "dask.")
    assert "1 could not be used, 2 used with a remark" in dask.stderr
    assert "3 units classified; written to" in dask.stderr
    assert dask.problems == local.problems
    assert tables[0].equals(tables[1])
    assert tables[1]["id"].tolist() == ["a", "a~2", "news:4"]


def test_nothing_of_use_is_an_error_there_too(run, model_file, tmp_path):
    pytest.importorskip("distributed", reason="Dask is not installed")
    table, output = tmp_path / "blank.jsonl", tmp_path / "out.csv"
    table.write_text('{"text": ""}\n')
    command = ("predict", table, "--unit", "row", "-m", model_file, "-o", output)
    result = run(*command, "--engine", "dask")
    assert result.exit_code == 1
    assert result.stderr.endswith("nothing that was given could be used; mend what is told above\n")
    assert [path.name for path in output.iterdir()] == ["part-00000.csv"]


def test_strict_stops_at_the_first_row_lost_and_leaves_nothing(refuse, table, model_file, tmp_path):
    pytest.importorskip("distributed", reason="Dask is not installed")
    output = tmp_path / "out.csv"
    command = ("predict", table, "--unit", "row", "-m", model_file, "-o", output)
    message = refuse(*command, "--engine", "dask", "--strict")
    assert message == f"{table}, row 3: no text; mend it, or leave out --strict"
    assert not output.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--engine", "dask"), "add --unit row"),
        (("--engine", "spark", "--unit", "paragraph"), "add --unit row"),
        (("--unit", "row", "--engine-address", "tcp://x:1"), "it needs --engine"),
        (("--engine", "ray"), "'ray' is not one of"),
    ],
)
def test_what_an_engine_cannot_do_is_wrong_usage(run, table, model_file, options, message):
    result = run("predict", table, "-m", model_file, "-o", "out.csv", *options)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())


@pytest.mark.parametrize(
    ("articles", "output", "message"),
    [
        ("news.jsonl", "-", "-: an engine writes a folder; name it: -o predictions.parquet"),
        ("news.jsonl", "out.txt", "out.txt: the suffix names no format that engines write"),
        ("none.jsonl", "out.csv", "none.jsonl: no such file or folder; check the path"),
        ("-", "out.csv", "-: standard input cannot be shared out"),
    ],
)
def test_inputs_and_outputs_are_checked_before_an_engine_is_started(
    refuse, table, model_file, monkeypatch, articles, output, message
):
    monkeypatch.chdir(table.parent)
    monkeypatch.setattr("framing.cli.engines._start", lambda *_: pytest.fail("too late"))
    command = ("predict", articles, "--unit", "row", "-m", model_file, "-o", output)
    assert refuse(*command, "--engine", "spark").startswith(message)


def test_a_folder_that_is_there_is_refused_before_an_engine_is_started(
    refuse, table, model_file, tmp_path, monkeypatch
):
    (tmp_path / "out.csv").mkdir()
    monkeypatch.setattr("framing.cli.engines._start", lambda *_: pytest.fail("too late"))
    command = ("predict", table, "--unit", "row", "-m", model_file, "-o", tmp_path / "out.csv")
    assert "there is a folder already" in refuse(*command, "--engine", "spark")


@pytest.mark.parametrize("name", ["dask", "spark"])
def test_a_missing_engine_names_its_extra(refuse, table, model_file, tmp_path, monkeypatch, name):
    for module in ("distributed", "dask.dataframe", "pyspark.sql", "pyspark.errors"):
        monkeypatch.setitem(sys.modules, module, None)
    command = ("predict", table, "--unit", "row", "-m", model_file, "-o", tmp_path / "out.csv")
    message = refuse(*command, "--engine", name)
    assert message == f"{name.title()} is not installed; pip install 'framing[{name}]'"
    assert [path.name for path in tmp_path.iterdir()] == ["news.jsonl"]
