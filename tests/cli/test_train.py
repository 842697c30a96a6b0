"""``framing train``: a model file, its figures, and what could not be learnt."""

from __future__ import annotations

import json

import pytest

from framing.interface import load

QUICK = ("-j", "1", "--splits", "none", "--resamples", "100")


def test_figures_on_stdout_and_the_rest_on_stderr(run, coded_file, codebook_file, tmp_path):
    output = tmp_path / "m.safetensors"
    result = run("train", coded_file, "-c", codebook_file, "-o", output, *QUICK)
    assert result.exit_code == 0
    model = load(output)
    assert result.stdout.startswith("Trained on 60 coded units of 12 articles from 3 sources")
    assert f"Signature: `{model.training['signature']}`" in result.stdout
    assert result.stderr == f"model {model.hash} written to {output}\n"
    assert model.codebook.name == "bridges"


def test_splits_are_reported_beside_the_naive_pipeline(run, coded_file, tmp_path):
    output = tmp_path / "m.safetensors"
    options = ("-j", "1", "--splits", "grouped, source", "--resamples", "100", "--json")
    result = run("train", coded_file, "-o", output, *options)
    content = json.loads(result.stdout)
    assert [split["split"] for split in content["splits"]] == ["grouped", "source"]
    assert [split["n_folds"] for split in content["splits"]] == [5, 3]
    assert content["splits"][0]["naive_frames"]["micro"]["f1"]["value"] is not None
    assert content == load(output).training


def test_seed_and_resamples_are_signed(run, coded_file, tmp_path):
    options = ("-j", "1", "--splits", "none", "--resamples", "123", "--seed", "5", "--json")
    result = run("train", coded_file, "-o", tmp_path / "m.safetensors", *options)
    assert json.loads(result.stdout)["signature"].endswith("|resamples:123|seed:5")


def test_a_card_is_written(run, coded_file, tmp_path):
    output, card = tmp_path / "m.safetensors", tmp_path / "card.md"
    assert run("train", coded_file, "-o", output, "--card", card, *QUICK).exit_code == 0
    text = card.read_text(encoding="utf-8")
    assert text.startswith(f"# Model {load(output).hash}\n")
    assert f"{output.stat().st_size / 1e6:.1f} MB" in text


def test_several_files_are_one_corpus(run, coded_rows, write_rows, tmp_path):
    halves = [
        write_rows(tmp_path / "a.jsonl", coded_rows[:30]),
        write_rows(tmp_path / "b.jsonl", coded_rows[30:]),
    ]
    result = run("train", *halves, "-o", tmp_path / "m.safetensors", "--json", *QUICK)
    assert json.loads(result.stdout)["n_units"] == 60


def test_a_rare_frame_is_skipped_and_said(run, coded_rows, write_rows, tmp_path):
    rows = [
        {**row, "frames": [*row["frames"], *(["rare"] if n < 4 else [])]}
        for n, row in enumerate(coded_rows)
    ]
    output = tmp_path / "m.safetensors"
    result = run("train", write_rows(tmp_path / "c.jsonl", rows), "-o", output, *QUICK)
    assert result.exit_code == 0
    assert "Not learnt:\n\n- rare: 4 units with it, 5 are needed\n" in result.stdout
    assert load(output).frame_ids == ("cost", "safety")


def test_a_frame_with_five_is_learnt(run, coded_rows, write_rows, tmp_path):
    rows = [
        {**row, "frames": [*row["frames"], *(["rare"] if n % 12 == 0 else [])]}
        for n, row in enumerate(coded_rows)
    ]
    output = tmp_path / "m.safetensors"
    result = run("train", write_rows(tmp_path / "c.jsonl", rows), "-o", output, *QUICK)
    assert "Not learnt" not in result.stdout
    assert load(output).frame_ids == ("cost", "rare", "safety")


@pytest.mark.parametrize("name", ["output", "card"])
def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    refuse, coded_file, tmp_path, monkeypatch, name
):
    monkeypatch.setattr("framing.interface.gather_coded", pytest.fail)
    places = {"output": tmp_path / "m.safetensors", "card": tmp_path / "card.md"}
    places[name] = tmp_path / "none" / "file"
    line = refuse("train", coded_file, "-o", places["output"], "--card", places["card"])
    assert line == f"{places[name]}: cannot be written (no such folder); choose another place"


def test_nothing_is_left_where_training_fails(refuse, coded_rows, write_rows, tmp_path):
    rows = [{**row, "article": "one"} for row in coded_rows]
    path = write_rows(tmp_path / "c.jsonl", rows)
    line = refuse("train", path, "-o", tmp_path / "m.safetensors", *QUICK)
    assert line == (
        "all coded units are of one article, so none can be held out; "
        "code at least two articles, or fill the column 'article'"
    )
    assert [item.name for item in tmp_path.iterdir()] == ["c.jsonl"]


def test_without_data(refuse, tmp_path):
    line = refuse("train", "-o", tmp_path / "m.safetensors")
    assert line == "no coded units; give coded data, or --seeds and --labels"
