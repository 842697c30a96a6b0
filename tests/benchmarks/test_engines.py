"""Tests of what engines add: the tables, the clock and the figures."""

import json

import pytest

import engines
from engines import Outcome, format_report, time_prediction, write_table
from framing.schema import FramingError


def test_a_table_repeats_with_its_seed(tmp_path):
    first = write_table(tmp_path, 3, 5, seed=1).read_text()
    assert [len(json.loads(line)["text"].split()) for line in first.splitlines()] == [5, 5, 5]
    assert write_table(tmp_path, 3, 5, seed=1).read_text() == first
    assert write_table(tmp_path, 3, 5, seed=2).read_text() != first


def test_start_and_rows_are_told_apart():
    seconds = {("local", 10): 1.0, ("local", 100): 1.9, ("dask", 10): 3.5, ("dask", 100): 8}
    outcomes = [Outcome(engine, rows, taken) for (engine, rows), taken in seconds.items()]
    outcomes += [Outcome(engine, rows, taken + 90) for (engine, rows), taken in seconds.items()]
    outcomes += outcomes[:4]
    lines = format_report(outcomes, workers=2, words=7, seed=3).splitlines()
    assert "medians of 3 rounds, 2 workers, texts of 7 words" in lines[0]
    assert [cell.strip() for cell in lines[2].split("|")[1:-1]] == [
        *("engine", "10 rows", "100 rows", "start", "a million more rows"),
    ]
    assert [cell.strip() for cell in lines[4].split("|")[1:-1]] == [
        *("local", "1.0", "1.9", "0.9", "10000.0"),
    ]
    assert [cell.strip() for cell in lines[5].split("|")[1:-1]] == [
        *("dask", "3.5", "8.0", "3.0", "50000.0"),
    ]


def test_every_engine_is_timed_on_both_tables_in_turn(monkeypatch, tmp_path, capsys):
    runs = []
    monkeypatch.setattr(engines, "time_prediction", lambda *run: runs.append(run[1:]) or 1.0)
    engines.run(rows=20, workers=3, rounds=2, words=2)
    assert runs == [(engine, 3) for engine in ("local", "dask", "spark")] * 4
    assert "| local" in capsys.readouterr().out


def test_a_run_is_timed_and_its_output_removed(tmp_path):
    table = write_table(tmp_path, 3, 5, seed=1)
    assert time_prediction(table, "local", 1) > 0
    assert list(tmp_path.iterdir()) == [table]


def test_a_run_that_fails_is_an_error_and_says_why(tmp_path):
    table = tmp_path / "x.jsonl"
    table.write_text('{"words": 1}\n')
    with pytest.raises(FramingError, match=r"local failed: error: .* no column 'text'"):
        time_prediction(table, "local", 1)
