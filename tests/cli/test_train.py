"""``framing train``: a model file, its figures, and what could not be learnt."""

from __future__ import annotations

import json
from functools import partial

import pytest

from framing.interface import load
from framing.learning.candidates import PLAIN, Candidate, Search
from framing.reporting.tables import format_estimate

QUICK = ("-j", "1", "--splits", "none", "--resamples", "100")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Let training choose between two settings a label, which is as little as choosing can be."""
    from framing.learning import training

    search = Search(Candidate(PLAIN, C=10.0), {"C": (1.0,)})
    few = partial(training.Settings, frames=search, stances=search, mentions=search)
    monkeypatch.setattr(training, "Settings", few)


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
    output, page = tmp_path / "m.safetensors", tmp_path / "report.html"
    options = ("-j", "1", "--splits", "source, grouped", "--resamples", "100", "--json")
    options = (*options, "--html", page)
    result = run("train", coded_file, "-o", output, *options)
    content = json.loads(result.stdout)
    assert [split["split"] for split in content["splits"]] == ["source", "grouped"]
    assert [split["n_folds"] for split in content["splits"]] == [3, 5]
    assert content["splits"][0]["naive_frames"]["micro"]["f1"]["value"] is not None
    assert content == load(output).training
    curves = [list(split["frames"]["reliability"]) for split in content["splits"]]
    assert curves == [[], ["cost", "safety"]]
    source = page.read_text(encoding="utf-8")
    assert f"<title>Training of model {load(output).hash}</title>" in source
    assert source.count('<svg viewBox="0 0 246 306" role="img"') == 2
    error = content["splits"][1]["frames"]["labels"]["cost"]["calibration_error"]
    assert f"Calibration error {format_estimate(error, digits=3)}; 60 coded units" in source


def test_a_page_without_splits(run, coded_file, tmp_path):
    page = tmp_path / "report.html"
    result = run("train", coded_file, "-o", tmp_path / "m.safetensors", "--html", page, *QUICK)
    assert result.exit_code == 0
    assert "No units were held out" in page.read_text(encoding="utf-8")


def test_seed_and_resamples_are_signed(run, coded_file, tmp_path):
    options = ("-j", "1", "--splits", "none", "--resamples", "123", "--seed", "5", "--json")
    result = run("train", coded_file, "-o", tmp_path / "m.safetensors", *options)
    assert json.loads(result.stdout)["signature"].endswith("|resamples:123|seed:5")


def test_what_is_optimised_and_promised_is_signed_and_used(run, coded_file, tmp_path):
    frames = []
    for precision in ("0.5", "0.99"):
        output = tmp_path / f"{precision}.safetensors"
        options = ("--optimise", "micro-f1", "--precision", precision, "--json")
        result = run("train", coded_file, "-o", output, *options, *QUICK)
        signature = json.loads(result.stdout)["signature"]
        assert f"|optimise:micro-f1|precision:{precision}|resamples:100|" in signature
        model = load(output)
        # One threshold for all frames, and the most probable stance.
        assert len({head.threshold for head in model.frames}) == 1
        assert set(model.stances[0].weights) == {1.0}
        frames.append(model.frames)
    for loose, strict in zip(*frames, strict=True):
        assert strict.band[0] <= loose.band[0] <= loose.threshold <= loose.band[1] < 1
        assert strict.band[1] > 1  # 24 units, all right, do not show that 99 in 100 would be


def test_without_being_told_it_ranks_well_and_promises_nine_in_ten(run, coded_file, tmp_path):
    result = run("train", coded_file, "-o", tmp_path / "m.safetensors", "--json", *QUICK)
    signature = json.loads(result.stdout)["signature"]
    assert "|optimise:average-precision|precision:0.9|" in signature


@pytest.mark.parametrize(
    ("options", "hint", "reason"),
    [
        (("--optimise", "f1"), "--optimise", "macro-f1, micro-f1, average-precision"),
        (("--optimise", "Macro-F1"), "--optimise", "choose one of"),
        (("--optimise", ""), "--optimise", "choose one of"),
        *(
            (("--precision", share), "--precision", "give a share from 0.5 to below 1")
            for share in ("0.49", "1", "1.0", "90", "-0.9", "0", "nan", "inf")
        ),
    ],
)
def test_other_aims_are_wrong_usage(run, coded_file, tmp_path, monkeypatch, options, hint, reason):
    monkeypatch.setattr("framing.gathering.gather_coded", pytest.fail)
    result = run("train", coded_file, "-o", tmp_path / "m.safetensors", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    said = " ".join(result.stderr.replace("│", " ").split())
    assert f"Invalid value for {hint}" in said
    assert reason in said
    assert not list(tmp_path.iterdir())


def test_the_least_precision_will_do(run, coded_file, tmp_path):
    options = ("-o", tmp_path / "m.safetensors", "--precision", "0.5", *QUICK)
    assert run("train", coded_file, *options).exit_code == 0


def test_many_names_are_mentions_of_one_target(run, mention_file, mention_model, tmp_path):
    model = load(mention_model)
    assert [(head.target, head.values, head.mentioned) for head in model.stances] == [
        ("target", ("favor", "oppose"), True)
    ]
    assert model.sees_mentions
    assert set(model.training["settings"]) == {"frames", "target"}
    assert "around:" in model.training["settings"]["target"]
    assert "around:" not in model.training["settings"]["frames"]
    command = ("evaluate", mention_model, mention_file, "--resamples", 100, "--json")
    report = json.loads(run(*command).stdout)
    assert report["stances"]["target"]["accuracy"]["value"] > 0.95
    assert report["n_units"] == 96


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


@pytest.mark.parametrize("name", ["output", "card", "html"])
def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    refuse, coded_file, tmp_path, monkeypatch, name
):
    monkeypatch.setattr("framing.gathering.gather_coded", pytest.fail)
    names = {"output": "m.safetensors", "card": "card.md", "html": "report.html"}
    places = {option: tmp_path / file for option, file in names.items()}
    places[name] = tmp_path / "none" / "file"
    options = [part for option, place in places.items() for part in (f"--{option}", place)]
    line = refuse("train", coded_file, *options)
    assert line == f"{places[name]}: cannot be written (no such folder); choose another place"


@pytest.mark.parametrize(
    ("options", "place", "reason"),
    [
        (("-o", "{data}"), "{data}", "a model file ends in .safetensors"),
        (("-o", "{x}", "--card", "{data}"), "{data}", "this is an input"),
        (("-o", "{x}", "--html", "{book}"), "{book}", "this is an input"),
        (("-o", "{x}", "--card", "{x}"), "{x}", "two outputs would go there"),
        (("-o", "{x}", "--card", "{y}", "--html", "{y}"), "{y}", "two outputs would go there"),
        (("-o", "-"), "-", "this cannot go to standard output"),
        (("-o", "{x}", "--html", "-"), "-", "this cannot go to standard output"),
    ],
)
def test_nothing_is_overwritten(
    refuse, coded_rows, write_rows, codebook_file, tmp_path, options, place, reason
):
    data, book = write_rows(tmp_path / "c.jsonl", coded_rows), tmp_path / "book.yaml"
    book.write_bytes(codebook_file.read_bytes())
    names = {"data": data, "book": book, "x": tmp_path / "x.safetensors", "y": tmp_path / "y"}
    before = {path: path.read_bytes() for path in (data, book)}
    given = [part.format(**names) for part in options]
    line = refuse("train", data, "-c", book, *given)
    assert line.startswith(f"{place.format(**names)}: {reason}")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_stood_under_the_models_name_is_replaced(run, coded_file, tmp_path):
    output = tmp_path / "m.safetensors"
    output.write_text("yesterday's", encoding="utf-8")
    assert run("train", coded_file, "-o", output, *QUICK).exit_code == 0
    assert load(output).frame_ids == ("cost", "safety")


def test_files_are_written_before_figures_are_printed(run, coded_file, tmp_path, monkeypatch):
    """Whoever pipes the figures into ``head`` still gets a card."""
    card, page = tmp_path / "card.md", tmp_path / "page.html"
    seen = []

    def look(content):
        seen.append((card.exists(), page.exists()))
        return "figures"

    monkeypatch.setattr("framing.reporting.training.format_training", look)
    monkeypatch.setattr("framing.reporting.cards.format_training", lambda content: "")
    options = ("-o", tmp_path / "m.safetensors", "--card", card, "--html", page, *QUICK)
    assert run("train", coded_file, *options).stdout == "figures\n"
    assert seen == [(True, True)]


def test_what_cannot_be_used_is_listed_or_stops_it(run, refuse, coded_rows, write_rows, tmp_path):
    path = write_rows(tmp_path / "c.jsonl", [*coded_rows, {"id": "x", "text": None}])
    output, listed = tmp_path / "m.safetensors", tmp_path / "q.jsonl"
    line = refuse("train", path, "-o", output, "--strict", *QUICK)
    assert line == f"{path}, line 61: no text; mend it, or leave out --strict"
    assert not output.exists()
    told = run("train", path, "-o", output, "--quarantine", listed, *QUICK).stderr
    assert f"1 could not be used (listed in {listed})" in told
    assert json.loads(listed.read_text("utf-8"))["reason"] == "no text"


def test_how_targets_are_read_is_told_and_which_their_texts_lack(
    run, mention_file, write_rows, tmp_path
):
    rows = [json.loads(line) for line in mention_file.read_text("utf-8").splitlines()]
    rows[0]["target"] = "Ann Ardent"
    path = write_rows(tmp_path / "c.jsonl", rows)
    told = run("train", path, "-o", tmp_path / "m.safetensors", *QUICK).stderr.splitlines()
    assert told[:2] == [
        "  column 'target': 25 names, more than 20 or some in fewer than 10 rows: "
        "read as mentions, all of one target 'target'",
        "  column 'target': 1 of 96 targets are not in their text; write them as it does",
    ]


def test_a_split_that_cannot_be_made_and_rare_frames_are_told(
    run, coded_rows, write_rows, tmp_path
):
    rows = [
        {**row, "source": "", "frames": [*row["frames"], *(["rare"] if n % 12 == 0 else [])]}
        for n, row in enumerate(coded_rows)
    ]
    path = write_rows(tmp_path / "c.jsonl", rows)
    options = ("-j", "1", "--splits", "source", "--resamples", "100")
    result = run("train", path, "-o", tmp_path / "m.safetensors", *options)
    assert result.exit_code == 0
    assert "Not held out by source: the units name fewer than two sources.\n" in result.stdout
    assert "Unreliable, with fewer than 10 units that carry it: rare.\n" in result.stdout


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
