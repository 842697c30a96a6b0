"""A run on an engine writes what one process writes."""

from __future__ import annotations

import json

import pytest

from framing.engines.inputs import list_tables
from framing.engines.runs import check_output, predict_tables, survey_all
from framing.schema import InputError, OutputError
from framing.scoring.predictionfiles import read_predictions


@pytest.mark.parametrize("name", ["out.parquet", "out.csv", "out.csv.gz", "out.jsonl", "o.json.gz"])
def test_a_run_is_identical_to_the_local_one(here, tables, run_on, run_locally, tmp_path, name):
    expected = run_locally([tables], tmp_path / f"local-{name}")
    outcome = run_on(here, [tables], tmp_path / name)
    assert outcome.rows == expected.rows
    assert outcome.problems == expected.problems
    parts = sorted(path.name for path in (tmp_path / name).iterdir())
    suffix = name[name.index(".") :]
    assert parts == [f"part-{number:05d}{suffix}" for number in range(len(parts))]
    assert len(parts) > 10
    assert {path.name for path in tmp_path.iterdir()} == {name, f"local-{name}"}


def test_the_test_sees_renamed_ids_and_problems_of_all_kinds(run_locally, tables, tmp_path):
    outcome = run_locally([tables], tmp_path / "out.jsonl")
    reasons = " ".join(str(problem["reason"]) for problem in outcome.problems)
    for reason in ("comes again", "no text", "date left out", "not JSON", "cells where"):
        assert reason in reasons
    ids = [row["id"] for row in outcome.rows]
    assert len(set(ids)) == len(ids)
    assert {"u1~2~2", "u1~2", "a [1] 50% #:1"} <= set(ids)


def test_unique_ids_take_one_survey(here, numbered, monkeypatch):
    here.lay_out(list(list_tables([numbered])))
    runs = []
    monkeypatch.setattr(here, "gather", lambda work: runs.append(work) or [])
    survey_all(here, mentions=False)
    assert len(runs) == 1


def test_parts_are_read_back_as_one_table(here, numbered, run_on, tmp_path):
    for name in ("out.parquet", "out.csv", "out.jsonl"):
        run_on(here, [numbered], tmp_path / name)
        table = read_predictions(tmp_path / name)
        assert table["id"].tolist() == [f"n:{number}" for number in range(1, 301)]
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="empty: no part files in this folder"):
        read_predictions(tmp_path / "empty")


def test_tables_without_units_leave_a_table_without_rows(here, model_file, tmp_path):
    path = tmp_path / "n.jsonl"
    path.write_text('{"text": ""}\n')
    for name in ("out.parquet", "out.csv", "out.jsonl"):
        counts = predict_tables(
            here, list(list_tables([path])), model_file, tmp_path / name, report=[].append
        )
        assert counts["units"] == 0
        [part] = (tmp_path / name).iterdir()
        assert part.name == f"part-00000{part.suffix}"
    assert (tmp_path / "out.csv" / "part-00000.csv").read_text().startswith("id,article,")


def test_a_model_of_mentions_is_told_what_it_lacks(here, model, tmp_path, monkeypatch, numbered):
    path = tmp_path / "n.jsonl"
    rows = [("Ann left.", "Ann"), ("Bo left.", "Ann"), ("Cem left.", None)]
    path.write_text("".join(json.dumps({"text": t, "target": m}) + "\n" for t, m in rows))
    here.lay_out(list(list_tables([path])))
    [survey], _ = survey_all(here, mentions=True)
    assert survey.counts == {"units": 3, "missing": 1, "named": 2}


def test_a_table_that_cannot_be_used_stops_the_run(here, model_file, tmp_path):
    for name, line in (("a", '{"text": ""}'), ("b", '{"words": "x"}')):
        (tmp_path / f"{name}.jsonl").write_text(line + "\n")
    problems = []
    tables = list(list_tables([tmp_path / "a.jsonl", tmp_path / "b.jsonl"]))
    with pytest.raises(InputError, match=r"b\.jsonl: no column 'text' among 'words'"):
        predict_tables(here, tables, model_file, tmp_path / "o.csv", report=problems.append)
    assert [problem.reason for problem in problems] == ["no text"]
    assert here.shipped == []
    assert {path.name for path in tmp_path.iterdir()} == {"a.jsonl", "b.jsonl"}


def test_a_strict_report_leaves_nothing_behind(here, tables, model_file, tmp_path):
    def refuse(problem):
        raise InputError(problem.reason)

    with pytest.raises(InputError, match="not JSON"):
        predict_tables(
            here, list(list_tables([tables])), model_file, tmp_path / "o.csv", report=refuse
        )
    assert list(tmp_path.iterdir()) == []


def test_the_model_is_shipped_once_under_its_hash(here, numbered, run_on, model, tmp_path):
    run_on(here, [numbered], tmp_path / "o.csv")
    assert [path.name for path in here.shipped] == [f"{model.hash}.safetensors"]


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("-", "-: an engine writes a folder; name it: -o predictions.parquet"),
        ("out", "out: the suffix names no format that engines write; use .parquet, .csv or"),
        ("o.csv.zst", "o.csv.zst: the suffix names no format that engines write"),
    ],
)
def test_an_output_that_no_engine_writes_is_refused(output, message):
    with pytest.raises((InputError, OutputError)) as refused:
        check_output(output)
    assert str(refused.value).startswith(message)
