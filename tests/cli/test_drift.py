"""``framing drift``: shares by source and period, as table, JSON and file."""

from __future__ import annotations

import csv
import json
import re
from statistics import mean

import pandas as pd
import pytest

from framing import measurement
from framing.measuring.contrasts import decomposition

QUICK = ("--resamples", 100, "--permutations", 100)


@pytest.fixture
def measure(run, predictions, model_file):
    """Return what runs the command with the model and gives its JSON."""

    def invoke(*options, table=predictions):
        result = run("drift", table, "-m", model_file, *QUICK, "--json", *options)
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    return invoke


def pick(content, label="cost", source=None, period=None):
    key = (label, source, period)
    (cell,) = (c for c in content["cells"] if (c["label"], c["source"], c["period"]) == key)
    return cell


@pytest.fixture
def few_a_period(monkeypatch):
    """Let periods of the four articles that there are be taken apart."""
    monkeypatch.setattr(decomposition, "FEWEST_ARTICLES", 2)


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


def test_other_units_under_the_same_ids_are_refused_and_copies_left_out(
    run, refuse, predictions, tmp_path
):
    table = pd.read_csv(predictions, dtype=str)
    other = tmp_path / "other.csv"
    table.assign(source="Elsewhere").to_csv(other, index=False)
    line = refuse("drift", predictions, other)
    assert re.match(r"the id '\S+' stands for units that differ: source '.+' and 'Elsewhere'", line)
    assert "give ids that differ" in line
    result = run("drift", predictions, predictions, "--resamples", 100, "--json")
    assert json.loads(result.stdout)["left_out"]["repeated id"] > 0


def test_articles_of_two_sources_that_share_an_id_are_clusters_of_their_own(
    run, predictions, tmp_path
):
    """As archives predicted folder by folder have them: ids of units differ, of articles not."""
    table = pd.read_csv(predictions, dtype=str).assign(source="Here")
    other = table.assign(source="Elsewhere", id=table["id"] + "x")
    path = tmp_path / "both.csv"
    pd.concat([table, other]).to_csv(path, index=False)
    result = run("drift", path, "--resamples", 100, "--json")
    counts = {c["source"]: c["n_articles"] for c in json.loads(result.stdout)["cells"]}
    assert counts["Here"] == counts["Elsewhere"] == counts[None] / 2


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
    allowed = ".html, .htm, .json, .csv, .jsonl or .parquet"
    assert line == f"{path}: the suffix names no format; use {allowed}"


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


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def draw_sheet(run, predictions, codebook_file, tmp_path):
    """Return what draws a sheet by ``framing plan`` and fills it in, with as many slips."""

    def draw(name="sheet.csv", *, slips=0, weighted=True, table=predictions):
        path = tmp_path / name
        aim = ("--detect", "0.4", "--between", "Weir Post", "Mill Herald", "--frame", "cost")
        result = run("plan", table, *aim, "-c", codebook_file, "-o", path)
        assert result.exit_code == 0, result.stderr
        rows = read_csv(path)
        for number, row in enumerate(rows):
            row["coded"] = "x"
            money, danger = ("money" in row["text"].lower(), "danger" in row["text"].lower())
            row["frame:cost"] = "x" if money != (number < slips) else ""
            row["frame:safety"] = "x" if danger else ""
            row["stance:bridge"] = "none"
            if not weighted:
                del row["inclusion_probability"]
        return write_csv(path, rows)

    return draw


class TestGold:
    @pytest.fixture(autouse=True)
    def _learn_elsewhere(self, monkeypatch):
        """Take the model for one that learnt from other articles."""
        monkeypatch.setattr(measurement, "find_trained", lambda *_: frozenset())

    def test_a_plans_sheet_filled_in_corrects_with_its_probabilities(
        self, measure, draw_sheet, predictions, tmp_path
    ):
        rows = read_csv(predictions)
        again = [
            row | {name: f"{row[name]}~{n}" for name in ("id", "article")}
            for n in range(4)
            for row in rows
        ]
        archive = write_csv(tmp_path / "archive.csv", again)
        sheet = draw_sheet(table=archive)
        drawn = [row for row in read_csv(sheet) if row["source"] == "Weir Post"]
        chances = {float(row["inclusion_probability"]) for row in drawn}
        assert 0 < max(chances) < 1
        content = measure("--gold", sheet, table=archive)
        assert (content["n_gold"], content["n_gold_unmatched"]) == (len(read_csv(sheet)), 0)
        cell = pick(content, source="Weir Post")
        assert (cell["method"], cell["n_gold"]) == ("prediction-powered", len(drawn))
        told = [row for row in rows if row["kind"] != "boilerplate"]
        money = ["money" in row["text"].lower() for row in told if row["source"] == "Weir Post"]
        assert cell["low"] < mean(money) < cell["high"]

    def test_the_probabilities_are_weighed_by(self, measure, draw_sheet):
        sheet = draw_sheet(slips=9)
        rows = read_csv(sheet)
        for number, row in enumerate(rows):
            row["inclusion_probability"] = "0.05" if number < 9 else "1"
        coded = draw_sheet("even.csv", slips=9, weighted=False)
        uneven, even = (
            pick(measure("--gold", given), source=rows[0]["source"])
            for given in (write_csv(sheet, rows), coded)
        )
        assert uneven["n_gold"] == even["n_gold"] > 10
        assert uneven["share"] != pytest.approx(even["share"], abs=1e-3)

    def test_a_sheet_half_done_counts_what_is_done(self, measure, draw_sheet):
        sheet = draw_sheet()
        rows = read_csv(sheet)
        for row in rows[20:]:
            row.update(
                {name: "" for name in row if name == "coded" or name[:5] in ("frame", "stanc")}
            )
        assert measure("--gold", write_csv(sheet, rows))["n_gold"] == 20

    def test_a_sheet_not_begun_is_refused(self, refuse, draw_sheet, predictions, model_file):
        sheet = draw_sheet()
        rows = [
            {name: "" if ":" in name or name == "coded" else cell for name, cell in row.items()}
            for row in read_csv(sheet)
        ]
        write_csv(sheet, rows)
        line = refuse("drift", predictions, "-m", model_file, "--gold", sheet, *QUICK)
        assert line.startswith(f"{sheet}: ")
        assert "coded" in line

    def test_coded_data_match_by_article_and_text(self, measure, predictions, corpus, tmp_path):
        rows = [
            {"article": passage.article, "text": passage.text, "frames": ";".join(passage.frames)}
            for passage in corpus
        ]
        rows = [row | {"frames": row["frames"] or "[]"} for row in rows]
        articles = {row["text"]: row["article"] for row in read_csv(predictions)}
        rows = [row | {"article": articles[row["text"]]} for row in rows]
        content = measure("--gold", write_csv(tmp_path / "gold.csv", rows))
        assert (content["n_gold"], content["n_gold_unmatched"]) == (60, 0)
        assert pick(content, source="Weir Post")["method"] == "prediction-powered"

    def test_labels_without_texts_match_by_id(self, measure, draw_sheet, tmp_path):
        sheet = draw_sheet()
        whole = measure("--gold", sheet)
        labels = [
            {
                "id": row["id"],
                "frames": ";".join(f for f in ("cost", "safety") if row[f"frame:{f}"]) or "[]",
                "stance:bridge": row["stance:bridge"],
                "inclusion_probability": row["inclusion_probability"],
            }
            for row in read_csv(sheet)
        ]
        path = write_csv(tmp_path / "labels.csv", labels)
        assert measure("--gold", path)["cells"] == whole["cells"]

    def test_labels_without_texts_need_the_model(self, refuse, predictions, tmp_path):
        path = write_csv(tmp_path / "labels.csv", [{"id": "u1", "frames": "cost"}])
        assert refuse("drift", predictions, "--gold", path, *QUICK) == (
            f"{path}: codings without texts and without a codebook; give the model that made the "
            "predictions (--model)"
        )

    def test_several_files_are_one_gold(self, measure, draw_sheet, tmp_path):
        sheet = draw_sheet()
        rows = read_csv(sheet)
        paths = [write_csv(tmp_path / f"{n}.csv", rows[n::2]) for n in (0, 1)]
        together = measure("--gold", paths[0], "--gold", paths[1])
        assert together["cells"] == measure("--gold", sheet)["cells"]

    def test_gold_that_matches_nothing(self, refuse, predictions, coded_rows, write_rows, tmp_path):
        rows = [{**row, "id": f"x{n}", "article": "x"} for n, row in enumerate(coded_rows)]
        path = write_rows(tmp_path / "gold.jsonl", rows)
        assert refuse("drift", predictions, "--gold", path, *QUICK) == (
            "none of 60 hand-coded units is among those predicted; code units of the predictions "
            "(framing plan draws them), and keep their ids"
        )

    def test_a_chance_that_is_none(self, refuse, predictions, draw_sheet):
        sheet = draw_sheet()
        rows = read_csv(sheet)
        rows[0]["inclusion_probability"] = "1.5"
        line = refuse("drift", predictions, "--gold", write_csv(sheet, rows), *QUICK)
        assert line.startswith(f"{sheet}, unit {rows[0]['id']}: chance to be drawn is 1.5; ")

    def test_a_missing_file(self, refuse, predictions, tmp_path):
        path = tmp_path / "gold.csv"
        line = refuse("drift", predictions, "--gold", path, *QUICK)
        assert line.startswith(f"{path}: cannot be read (no such file")


class TestCoders:
    @pytest.fixture
    def sheets(self, draw_sheet):
        return [draw_sheet("ann.csv"), draw_sheet("bo.csv", slips=6)]

    def test_the_report_names_their_agreement(self, run, predictions, model_file, sheets, tmp_path):
        page = tmp_path / "d.html"
        given = [part for sheet in sheets for part in ("--coders", sheet)]
        result = run("drift", predictions, "-m", model_file, *given, *QUICK, "-o", page)
        n_units = len(read_csv(sheets[0]))
        told = f"The codebook's reliability: 2 coders, {n_units} units, Krippendorff's alpha"
        assert told in page.read_text("utf-8").replace("&#39;", "'")
        assert "Reliability of the codings that the model learnt from is not" not in result.stdout
        bare = run("drift", predictions, "-m", model_file, *QUICK)
        assert "Reliability of the codings that the model learnt from is not given" in bare.stdout

    def test_labels_without_texts_follow_the_models_codebook(
        self, run, refuse, predictions, model_file, sheets, tmp_path
    ):
        paths = []
        for sheet in sheets:
            rows = [
                {"id": row["id"], "frames": "cost" if row["frame:cost"] else "[]"}
                for row in read_csv(sheet)
            ]
            paths.append(write_csv(tmp_path / f"labels-{sheet.name}", rows))
        given = [part for path in paths for part in ("--coders", path)]
        result = run("drift", predictions, "-m", model_file, *given, *QUICK)
        assert result.exit_code == 0, result.stderr
        assert "alpha below .80) on Cost" in result.stdout
        line = refuse("drift", predictions, *given, *QUICK)
        assert "codings without texts and without a codebook" in line

    def test_where_agreement_cannot_be_said_it_is_not(
        self, run, predictions, model_file, sheets, tmp_path
    ):
        paths = []
        for sheet in sheets:
            rows = [{"id": row["id"], "frames": "[]"} for row in read_csv(sheet)]
            paths.append(write_csv(tmp_path / f"labels-{sheet.name}", rows))
        given = [part for path in paths for part in ("--coders", path)]
        result = run("drift", predictions, "-m", model_file, *given, *QUICK)
        assert result.exit_code == 0, result.stderr
        assert "Reliability of the codings that the model learnt from is not" in result.stdout

    def test_one_coder_is_refused(self, refuse, predictions, model_file, sheets):
        line = refuse("drift", predictions, "-m", model_file, "--coders", sheets[0], *QUICK)
        assert "two" in line


class TestModel:
    def test_its_own_account_widens_and_its_names_are_shown(self, run, predictions, model_file):
        bare = run("drift", predictions, *QUICK)
        known = run("drift", predictions, "-m", model_file, *QUICK)
        assert "The model's own account of its calibration is not known" in bare.stdout
        assert "own account" not in known.stdout
        assert "| cost " in bare.stdout
        assert "| Cost " in known.stdout

    def test_it_says_which_articles_it_learnt_from(self, run, predictions, model_file, tmp_path):
        page = tmp_path / "d.html"
        result = run("drift", predictions, "-m", model_file, *QUICK, "-o", page)
        told = "12 of 12 articles had a part in the model's training; their probabilities are too"
        assert f"  - {told} sure.\n" in result.stdout
        assert told in page.read_text("utf-8").replace("&#39;", "'")

    def test_another_model_is_refused(self, refuse, predictions, mention_model, model):
        line = refuse("drift", predictions, "-m", mention_model, *QUICK)
        assert line.startswith(f"the predictions are of model {model.hash}, this one is ")
        assert line.endswith("; give --model the file that made them")

    def test_what_is_no_model_is_refused(self, refuse, predictions, coded_file):
        assert refuse("drift", predictions, "-m", coded_file, *QUICK).startswith(f"{coded_file}: ")


class TestReference:
    def test_foreign_sources_are_looked_for(self, measure, coded_file):
        content = measure("--reference", coded_file)
        assert {cell["status"] for cell in content["cells"]} == {"estimated"}

    def test_a_missing_file(self, refuse, predictions, model_file, tmp_path):
        path = tmp_path / "coded.csv"
        line = refuse("drift", predictions, "-m", model_file, "--reference", path, *QUICK)
        assert line.startswith(f"{path}: cannot be read")

    def test_texts_in_another_language_are_refused(self, run, predictions, model_file, tmp_path):
        rows = read_csv(predictions)
        for row in rows:
            if row["source"] == "Mill Herald" and row["kind"] != "boilerplate":
                row["text"] = "Der Rat hat den Bau der Brücke gegen alle Stimmen beschlossen."
        path = write_csv(tmp_path / "p.csv", rows)
        lines = run("drift", path, "-m", model_file, *QUICK).stdout.splitlines()
        refused = [line for line in lines if line.startswith("|") and "refused" in line]
        assert len(refused) == 5
        assert all("Mill Herald" in line for line in refused)
        told = "4 articles only; 100% of its words are unknown to the model, "
        assert any(told in line for line in lines)


class TestGroups:
    def test_they_are_compared_in_the_place_of_their_sources(self, measure, tmp_path):
        path = tmp_path / "groups.yaml"
        path.write_text("Waterside: [weir post, Ferry Gazette]\n", encoding="utf-8")
        content = measure("--groups", path)
        assert {cell["source"] for cell in content["cells"]} == {None, "Waterside", "Mill Herald"}
        assert pick(content, source="Waterside")["n_articles"] == 8

    def test_what_cannot_be_used_is_refused(self, refuse, predictions, tmp_path):
        path = tmp_path / "groups.yaml"
        command = ("drift", predictions, "--groups", path, *QUICK)
        assert refuse(*command) == f"{path}: the groups cannot be read; give a YAML file"
        path.write_text("Waterside: [Weir Post", encoding="utf-8")
        assert refuse(*command) == f"{path}: the groups cannot be read; give a YAML file"
        path.write_text("Waterside: Weir Post", encoding="utf-8")
        assert refuse(*command) == (
            f"{path}: these are no groups; write 'name: [source, source]' a line"
        )
        path.write_text("Waterside: [Times]", encoding="utf-8")
        assert refuse(*command) == (
            "no source of the groups is among the predictions; name sources as the column "
            "'source' does"
        )


class TestComparing:
    def test_every_pair_or_all_against_one(self, measure):
        pairs = {(row["a"], row["b"]) for row in measure()["contrasts"]}
        assert len(pairs) == 3
        against = measure("--against", "weir post")["contrasts"]
        assert {row["b"] for row in against} == {"Weir Post"}
        assert {row["a"] for row in against} == {"Mill Herald", "Ferry Gazette"}

    def test_against_what_is_not_there(self, refuse, predictions):
        line = refuse("drift", predictions, "--against", "Times", *QUICK)
        assert line.startswith("no source 'Times' to compare with; use one of ")

    def test_equality_is_tested_where_a_margin_is_given(self, measure):
        plain, margin = measure(), measure("--margin", "0.3")
        assert {row["p_equivalent"] for row in plain["contrasts"]} == {None}
        assert all(row["p_equivalent"] is not None for row in margin["contrasts"])
        assert (plain["margin"], margin["margin"]) == (None, 0.3)

    def test_a_census_leaves_sampling_out(self, run, measure, predictions):
        plain, census = measure(), measure("--census")
        assert (plain["census"], census["census"]) == (False, True)
        assert pick(plain)["share"] == pick(census)["share"]
        assert pick(plain)["low"] != pick(census)["low"]
        told = "the census counts for shares alone."
        assert told in run("drift", predictions, "--census", *QUICK).stdout
        assert told not in run("drift", predictions, *QUICK).stdout

    def test_copies_are_told_from_change_unless_not_looked_for(
        self, run, predictions, tmp_path, few_a_period
    ):
        rows = read_csv(predictions)
        again = [
            row | {"id": f"{row['id']}x", "article": f"{row['article']}x", "source": "Reprints"}
            for row in rows
            if row["source"] == "Weir Post"
        ]
        path = write_csv(tmp_path / "p.csv", [*rows, *again])

        def list_parts(*options):
            result = run("drift", path, "--over", "year", *QUICK, "--json", *options)
            return {row["part"] for row in json.loads(result.stdout)["decompositions"]}

        assert list_parts() - list_parts("--no-copies") == {"copies"}

    @pytest.mark.parametrize(
        ("width", "periods"),
        [
            ("year", {"2020", "2021", "2022"}),
            ("quarter", {f"{year}-Q{n}" for year in (2020, 2021, 2022) for n in (1, 2)}),
            ("month", {f"{year}-0{n}" for year in (2020, 2021, 2022) for n in (1, 2, 3, 4)}),
        ],
    )
    def test_time_is_cut_into_periods(self, run, predictions, width, periods):
        result = run("drift", predictions, "--over", width, *QUICK, "--json")
        content = json.loads(result.stdout)
        assert {cell["period"] for cell in content["cells"]} == {None, *periods}
        several = {"period"} if width != "month" else set()  # months have an article each
        assert {row["comparison"] for row in content["contrasts"]} == {"source", *several}

    def test_dates_that_lack_leave_nothing(self, refuse, predictions, tmp_path):
        rows = [row | {"date": ""} for row in read_csv(predictions)]
        path = write_csv(tmp_path / "p.csv", rows)
        line = refuse("drift", path, "--over", "year", *QUICK)
        assert line.startswith("no unit is left to count (12 boilerplate, 72 no date); write dates")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--level", 95), "level is 95.0; give a share above 0 and below 1, such as 0.95"),
        (("--level", 0), "level is 0.0; give a share above 0 and below 1, such as 0.95"),
        (("--alpha", 0), "alpha is 0.0; give a share such as 0.05"),
        (("--alpha", 5), "alpha is 5.0; give a share such as 0.05"),
        (("--margin", 0), "margin is 0.0; give a share above 0, such as 0.05"),
        (("--margin", 10), "margin is 10.0; give a share above 0, such as 0.05"),
    ],
)
def test_numbers_that_are_no_shares_are_refused(refuse, predictions, options, told):
    assert refuse("drift", predictions, *options) == told


@pytest.mark.parametrize("options", [("--resamples", 10), ("--permutations", 10), ("--seed", -1)])
def test_too_little_chance_is_wrong_usage(run, predictions, options):
    assert run("drift", predictions, *options).exit_code == 2


class TestOutput:
    def test_a_page(self, run, predictions, model_file, tmp_path):
        page = tmp_path / "d.html"
        command = ("drift", predictions, "-m", model_file, "--over", "year", "-o", page)
        result = run(*command, *QUICK)
        assert (result.exit_code, result.stderr) == (0, f"written: {page}\n")
        text = page.read_text("utf-8")
        assert text.lower().startswith("<!doctype html>")
        assert "Weir Post" in text
        assert 'src="http' not in text

    def test_tables_stand_beside_that_of_the_cells(self, run, predictions, tmp_path, few_a_period):
        path = tmp_path / "d.csv"
        result = run("drift", predictions, "--over", "year", "-o", path, *QUICK)
        written = [line.removeprefix("written: ") for line in result.stderr.splitlines()]
        assert written == [
            str(tmp_path / f"d{table}.csv")
            for table in (
                "",
                ".contrasts",
                ".trends",
                ".decompositions",
                ".distances",
                ".profile_turns",
                ".typicals",
            )
        ]
        assert all(read_csv(tmp_path / name) for name in written)

    @pytest.mark.parametrize(
        "option", [None, "--gold", "--coders", "--reference", "--model", "--groups"]
    )
    @pytest.mark.parametrize("suffix", ["html", "json", "csv"])
    def test_no_input_is_overwritten(self, refuse, predictions, tmp_path, option, suffix):
        path = tmp_path / f"input.{suffix}"
        path.write_text("precious", encoding="utf-8")
        given = ("drift", predictions, option, path) if option else ("drift", path)
        line = refuse(*given, "-o", path, *QUICK)
        assert line.startswith(
            f"{path}: this is an input, which would be overwritten; name another"
        )
        assert path.read_text("utf-8") == "precious"

    def test_nor_by_a_table_that_stands_beside(self, refuse, predictions, tmp_path):
        path = tmp_path / "d.contrasts.csv"
        path.write_bytes(predictions.read_bytes())
        line = refuse("drift", path, "-o", tmp_path / "d.csv", *QUICK)
        assert line.startswith(f"{path}: this is an input, which would be overwritten; ")
        assert path.read_bytes() == predictions.read_bytes()

    def test_a_folder_is_no_file(self, refuse, predictions, tmp_path):
        line = refuse("drift", predictions, "-o", tmp_path, *QUICK)
        assert line == f"{tmp_path}: this is a folder; name a file"
