"""``framing plan``: a sample to code, and the way back."""

from __future__ import annotations

import csv
import json

import pandas as pd
import pytest

from framing.coding.codings import read_coded

BETWEEN = ("--between", "2020", "2021")


def read_sheet(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_plan_as_markdown(run, predictions):
    result = run("plan", predictions, "--detect", 0.4, *BETWEEN)
    assert result.exit_code == 0
    assert result.stdout.startswith("### What to code\n\nCode ")
    assert "between 2020 and 2021 with a chance of 0.8" in result.stdout
    assert result.stderr == ""


def test_the_sheet_can_be_coded_and_read_back(run, predictions, tmp_path, codebook_file):
    path = tmp_path / "sample.csv"
    command = ("plan", predictions, "--detect", 0.4, *BETWEEN, "-o", path, "--coder", "ann")
    result = run(*command, "-c", codebook_file, "--json")
    plan = json.loads(result.stdout)
    assert result.stderr.startswith(f"{plan['n_units']} units of {plan['n_articles']} articles to")
    rows = read_sheet(path)
    assert len(rows) == plan["n_units"]
    assert {r["article"]: float(r["inclusion_probability"]) for r in rows} == plan["articles"]
    assert {r["coder"] for r in rows} == {"ann"}
    assert {r[name] for r in rows for name in ("coded", "frame:cost", "stance:bridge")} == {""}
    known = pd.read_csv(predictions).set_index("id")
    for row in rows:
        assert row["text"] == known.loc[row["id"], "text"]
        assert known.loc[row["id"], "kind"] != "boilerplate"
        row["coded"], row["frame:cost"] = "x", "x" if "money" in row["text"] else ""
    filled = tmp_path / "filled.csv"
    pd.DataFrame(rows).to_csv(filled, index=False)
    units = read_coded([filled])
    assert [unit.paragraph.id for unit in units] == [row["id"] for row in rows]
    assert any(unit.coding.frames["cost"] for unit in units)
    assert run("evaluate", "-h").exit_code == 0


def test_without_a_codebook_the_columns_are_those_of_the_predictions(run, predictions, tmp_path):
    path = tmp_path / "sample.csv"
    run("plan", predictions, "--detect", 0.4, *BETWEEN, "-o", path)
    columns = list(read_sheet(path)[0])
    assert columns[7:] == [
        "coded",
        "frame:cost",
        "frame:safety",
        "stance:bridge",
        "note",
        "coder",
        "inclusion_probability",
    ]


def test_options_reach_the_plan(run, predictions):
    command = ("plan", predictions, "--detect", 0.5, "--between", "Weir Post", "Mill Herald")
    options = ("--power", 0.7, "--alpha", 0.1, "--design-effect", 1.2, "--census", "--seed", 3)
    result = run(*command, *options, "--frame", "safety", "--over", "month", "--json")
    content = json.loads(result.stdout)
    assert content["aim"] == {
        "detect": 0.5,
        "power": 0.7,
        "alpha": 0.1,
        "design_effect": 1.2,
        "is_census": True,
    }
    assert (content["comparison"], content["frame"], content["seed"]) == ("source", "safety", 3)


def test_a_plan_for_a_stance(run, predictions):
    command = ("plan", predictions, "--detect", 0.6, *BETWEEN, "--json")
    columns = pd.read_csv(predictions).columns
    value = next(name for name in columns if name.startswith("p:bridge:")).removeprefix("p:bridge:")
    plan = json.loads(run(*command, "--frame", f"bridge={value}").stdout)
    assert plan["frame"] == f"bridge={value}"
    assert {need["frame"].partition("=")[0] for need in plan["frames"]} == {"bridge"}
    assert {need["frame"] for need in json.loads(run(*command).stdout)["frames"]} == {
        "cost",
        "safety",
    }


def test_without_frames_the_stances_are_planned_for(run, predictions, tmp_path):
    table = pd.read_csv(predictions).drop(columns=["p:cost", "p:safety"])
    table.to_csv(tmp_path / "stances.csv", index=False)
    result = run("plan", tmp_path / "stances.csv", "--detect", 0.6, *BETWEEN, "--json")
    assert json.loads(result.stdout)["frame"].startswith("bridge=")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--detect", 0), "detect is 0.0; give a change of share above 0 and below 1"),
        (("--detect", 1.5), "detect is 1.5; give a change of share above 0 and below 1"),
        (("--detect", 0.1, "--power", 1), "power is 1.0; give a chance above 0.05 and below 1"),
        (("--detect", 0.4, *BETWEEN, "--frame", "law"), "no frame 'law'; choose from cost, safety"),
        (
            ("--detect", 0.4, *BETWEEN, "--frame", "safty"),
            "no frame 'safty'; did you mean 'safety'?",
        ),
        (
            ("--detect", 0.4, *BETWEEN, "--frame", "bridge=favour"),
            "no frame 'bridge=favour'; did you mean 'bridge=favor'?",
        ),
        (("--detect", 0.001, *BETWEEN), "the archive is too small: coding all 8 articles would"),
        (("--detect", 0.4), "no two years and no two sources have 20 articles each; name two"),
        (("--detect", 0.4, "--between", "A", "B"), "'A' is no source or period that fits; "),
    ],
)
def test_refusals(refuse, predictions, options, told):
    assert refuse("plan", predictions, *options).startswith(told)


def test_one_article_only(refuse, predictions, tmp_path):
    path = tmp_path / "one.csv"
    table = pd.read_csv(predictions)
    table[table["article"] == "post/day-0"].to_csv(path, index=False)
    line = refuse("plan", path, "--detect", 0.1, *BETWEEN)
    assert line == "2020 has 1 article; compare cells with two or more"


def test_no_texts(refuse, predictions, tmp_path):
    path = tmp_path / "bare.csv"
    pd.read_csv(predictions).drop(columns="text").to_csv(path, index=False)
    assert refuse("plan", path, "--detect", 0.1).startswith("these predictions hold no texts")


def test_a_sheet_that_is_there_and_the_input_are_never_overwritten(refuse, predictions, tmp_path):
    path = tmp_path / "sample.csv"
    path.write_text("hours of work", encoding="utf-8")
    line = refuse("plan", predictions, "--detect", 0.4, "-o", path)
    assert line == f"{path}: there is a sheet already; name another, or move it away"
    line = refuse("plan", predictions, "--detect", 0.4, "-o", predictions)
    assert line.startswith(f"{predictions}: this is an input, which would be overwritten; ")
    line = refuse("plan", predictions, "--detect", 0.4, "-o", tmp_path / "s.xlsx")
    assert line == f"{tmp_path / 's.xlsx'}: a sheet is a CSV file; name it .csv"


def test_another_codebook(refuse, predictions, codebook_file, tmp_path):
    other = tmp_path / "other.yaml"
    text = codebook_file.read_text("utf-8")
    other.write_text(text.replace("1.2.0", "1.3.0"), encoding="utf-8")
    command = ("plan", predictions, "--detect", 0.4, *BETWEEN, "-c", other)
    line = refuse(*command, "-o", tmp_path / "s.csv")
    assert line.startswith(f"{other}: this is codebook ")
    assert not (tmp_path / "s.csv").exists()
