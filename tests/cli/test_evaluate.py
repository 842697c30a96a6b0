"""``framing evaluate``: a model against new codings, with the model's codebook behind them."""

from __future__ import annotations

import json
import shutil

import pytest

from framing.text.reading import read_articles
from framing.text.segmentation import segment


@pytest.fixture
def judge(run, model_file, write_rows, tmp_path):
    """Return what evaluates rows of coded data and gives the report."""

    def evaluate(rows, *options):
        path = write_rows(tmp_path / "coded.jsonl", rows)
        result = run("evaluate", model_file, path, "--resamples", 100, "--json", *options)
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    return evaluate


def test_a_model_that_is_right_throughout(judge, coded_rows, model):
    report = judge(coded_rows)
    assert (report["model"], report["codebook"]) == (model.hash, model.codebook.hash)
    assert (report["n_units"], report["n_articles"]) == (60, 12)
    assert report["data"] == model.training["data"]
    assert report["frames"]["micro"]["f1"]["value"] == 1
    assert report["stances"]["bridge"]["accuracy"]["value"] == 1


def test_figures_follow_the_codings(judge, coded_rows):
    """Half of what the model calls ``cost`` is coded otherwise: precision 1/2, recall 1."""
    with_cost = [row for row in coded_rows if "cost" in row["frames"]]
    rest = [row for row in coded_rows if "cost" not in row["frames"]]
    wrong = [{**row, "frames": [f for f in row["frames"] if f != "cost"]} for row in with_cost[::2]]
    report = judge([*wrong, *with_cost[1::2], *rest])
    cost = report["frames"]["labels"]["cost"]
    assert cost["n_positive"] == 12
    assert cost["precision"]["value"] == pytest.approx(0.5)
    assert cost["recall"]["value"] == 1
    assert cost["f1"]["value"] == pytest.approx(2 / 3)


def test_a_frame_that_occurs_nowhere_in_the_data_is_absent_and_not_uncoded(judge, coded_rows):
    """24 paragraphs are called ``safety``, and none is: precision 24/48 over both frames."""
    rows = [{**row, "frames": [f for f in row["frames"] if f == "cost"]} for row in coded_rows]
    micro = judge(rows)["frames"]["micro"]
    assert micro["precision"]["value"] == pytest.approx(0.5)
    assert micro["recall"]["value"] == 1


def test_as_a_table(run, model_file, coded_file, model):
    result = run("evaluate", model_file, coded_file, "--resamples", 100)
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"Model {model.hash} (codebook {model.codebook.hash}) on 60 coded units" in result.stdout
    assert "| cost          |    24 | 1.00 [1.00, 1.00] |" in result.stdout
    assert "| bridge: oppose |    12 |" in result.stdout


def test_a_card_opens_with_the_evaluation(run, model_file, coded_file, model, tmp_path):
    card = tmp_path / "card.md"
    command = ("evaluate", model_file, coded_file, "--resamples", 100, "--card", card)
    result = run(*command)
    text = card.read_text("utf-8")
    assert text.startswith(f"# Model {model.hash}\n")
    assert result.stdout.strip() in text
    assert f"{model_file.stat().st_size / 1e6:.1f} MB" in text


def test_a_page_shows_a_diagram_for_each_frame(run, model_file, coded_file, model, tmp_path):
    page = tmp_path / "report.html"
    result = run("evaluate", model_file, coded_file, "--resamples", 100, "--html", page)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"Model {model.hash}")
    source = page.read_text("utf-8")
    assert f"<title>Evaluation of model {model.hash}</title>" in source
    assert source.count('<svg viewBox="0 0 246 306" role="img"') == 2
    assert "Reliability diagram of Cost: shares that carry" in source
    for head in model.frames:
        assert f"threshold {head.threshold:.2f}".replace(" 0.", " .") in source


def test_curves_stand_in_the_report(judge, coded_rows):
    frames = judge(coded_rows)["frames"]
    assert list(frames["reliability"]) == ["cost", "safety"]
    assert sum(frames["reliability"]["cost"]["n_units"]) == 60


def test_a_page_of_stances_alone(run, coded_rows, write_rows, tmp_path):
    rows = [{name: row[name] for name in ("text", "article", "stance")} for row in coded_rows]
    path, model = write_rows(tmp_path / "c.jsonl", rows), tmp_path / "m.safetensors"
    page, trained = tmp_path / "evaluated.html", tmp_path / "trained.html"
    options = ("-j", 1, "--splits", "random", "--resamples", 100, "--html", trained)
    assert run("train", path, "-o", model, *options).exit_code == 0
    result = run("evaluate", model, path, "--resamples", 100, "--html", page)
    assert (result.exit_code, result.stderr) == (0, "")
    for source in (page.read_text("utf-8"), trained.read_text("utf-8")):
        assert "bridge: oppose" in source
        assert "coded for no frame, so there is no diagram" in source
        assert "<svg" not in source


@pytest.mark.parametrize("option", ["--card", "--html"])
def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    refuse, model_file, coded_file, tmp_path, monkeypatch, option
):
    monkeypatch.setattr("framing.gathering.gather_coded", pytest.fail)
    place = tmp_path / "none" / "file"
    line = refuse("evaluate", model_file, coded_file, option, place)
    assert line == f"{place}: cannot be written (no such folder); choose another place"


@pytest.mark.parametrize("option", ["--card", "--html"])
@pytest.mark.parametrize("place", ["model", "data", "labels"])
def test_nothing_is_overwritten(
    refuse, model_file, coded_file, articles, tmp_path, monkeypatch, option, place
):
    monkeypatch.setattr("framing.gathering.gather_coded", pytest.fail)
    files = {"model": tmp_path / "m.safetensors", "data": tmp_path / "c.jsonl"}
    files["model"].write_bytes(model_file.read_bytes())
    files["data"].write_bytes(coded_file.read_bytes())
    files["labels"] = tmp_path / "adjudicated.csv"
    files["labels"].write_text("id,frames\n", encoding="utf-8")
    command = ("evaluate", files["model"], files["data"], "--seeds", articles)
    line = refuse(*command, "--labels", tmp_path, option, files[place])
    assert line.startswith(f"{files[place]}: this is an input, which would be overwritten; ")
    assert files["model"].read_bytes() == model_file.read_bytes()


def test_card_and_page_are_two_files(refuse, model_file, coded_file, tmp_path):
    place = tmp_path / "x"
    line = refuse("evaluate", model_file, coded_file, "--card", place, "--html", place)
    assert line == f"{place}: two outputs would go there; give each a file of its own"


def test_codings_beside_articles(run, model_file, articles, codebook_file, tmp_path, corpus):
    coded = {(p.article, p.text): p for p in corpus}
    units = [u for a in read_articles(articles) for u in segment(a)]
    lines = ["id,frames"]
    lines += [
        f"{u.id},{';'.join(coded[u.article, u.text].frames) or '[]'}"
        for u in units
        if (u.article, u.text) in coded
    ]
    (tmp_path / "adjudicated.csv").write_text("\n".join(lines), encoding="utf-8")
    shutil.copy(codebook_file, tmp_path / "codebook.yaml")
    command = ("evaluate", model_file, "--seeds", articles, "--labels", tmp_path)
    result = run(*command, "--resamples", 100, "--json")
    assert json.loads(result.stdout)["n_units"] == 60


def test_an_unknown_frame_is_left_out_and_named_with_its_rows(
    run, model_file, coded_rows, write_rows, tmp_path
):
    rows = [*coded_rows[:3], {**coded_rows[3], "frames": ["costs", "safety"]}]
    path = write_rows(tmp_path / "c.jsonl", rows)
    result = run("evaluate", model_file, path, "--resamples", 100, "--json")
    assert result.exit_code == 0
    assert result.stderr == (
        f"  {path}: no frame 'costs' (did you mean 'cost'?): left out in line 4\n"
        "1 used with a remark\n"
    )
    assert json.loads(result.stdout)["frames"]["labels"]["safety"]["n_positive"] == 2


def test_data_of_which_the_model_knows_no_label_are_refused(
    refuse, model_file, write_rows, tmp_path
):
    path = write_rows(tmp_path / "c.jsonl", [{"text": "A text.", "frames": ["war"]}])
    line = refuse("evaluate", model_file, path)
    assert line == (
        f"{path}: no frame 'war' (known: cost, safety) in line 1; "
        "correct them, or use the codebook that they were made with"
    )


def test_an_unknown_frame_of_a_codebook_that_was_given_is_refused(
    refuse, model_file, codebook_file, coded_rows, write_rows, tmp_path
):
    rows = [*coded_rows[:3], {**coded_rows[3], "frames": ["costs"]}]
    path = write_rows(tmp_path / "c.jsonl", rows)
    line = refuse("evaluate", model_file, path, "-c", codebook_file)
    assert line == (
        f"{path}: no frame 'costs' (did you mean 'cost'?) in line 4; "
        "correct them, or use the codebook that they were made with"
    )


OTHER = "the data follow another codebook than the model; shared labels count\n"


@pytest.mark.parametrize("given", [True, False])
def test_another_codebook_is_told_wherever_it_comes_from(
    run, model_file, articles, codebook_file, tmp_path, given
):
    text = codebook_file.read_text("utf-8")
    (tmp_path / "codebook.yaml").write_text(text.replace("1.2.0", "1.3.0"), encoding="utf-8")
    first = next(iter((articles / "post").iterdir()))
    units = [u for a in read_articles(first) for u in segment(a) if u.kind == "paragraph"]
    lines = ["id,frames", *(f"{unit.id},cost" for unit in units), ""]
    (tmp_path / "adjudicated.csv").write_text("\n".join(lines), encoding="utf-8")
    command = ("evaluate", model_file, "--seeds", articles, "--labels", tmp_path)
    options = ("-c", tmp_path / "codebook.yaml") if given else ()
    assert run(*command, "--resamples", 100, *options).stderr == OTHER
    (tmp_path / "codebook.yaml").write_text(text, encoding="utf-8")
    assert run(*command, "--resamples", 100, *options).stderr == ""


def test_what_cannot_be_used_is_listed_or_stops_it(
    run, refuse, model_file, coded_rows, write_rows, tmp_path
):
    rows = [*coded_rows, *({"text": None, "id": f"x{n}"} for n in range(9))]
    path, listed = write_rows(tmp_path / "c.jsonl", rows), tmp_path / "q.jsonl"
    command = ("evaluate", model_file, path, "--resamples", 100)
    told = run(*command, "--quarantine", listed).stderr
    assert f"9 could not be used (listed in {listed})" in told
    assert len(listed.read_text("utf-8").splitlines()) == 9
    assert "in all: 9 × no text\n9 could not be used\n" in run(*command).stderr
    line = refuse(*command, "--strict")
    assert line == f"{path}, line 61: no text; mend it, or leave out --strict"


def test_targets_that_their_text_lacks_are_counted(
    run, mention_model, mention_file, write_rows, tmp_path
):
    rows = [json.loads(line) for line in mention_file.read_text("utf-8").splitlines()]
    rows[0]["target"] = "Ann Ardent"
    del rows[1]["target"], rows[1]["stance"]
    rows[1] |= {"id": "alone", "stance:target": "favor"}
    path = write_rows(tmp_path / "c.jsonl", rows)
    result = run("evaluate", mention_model, path, "--resamples", 100)
    reason = "1 of 95 targets are not in their text; write them as it does"
    assert f"  column 'target': {reason}\n" in result.stderr
    assert "1 stance codes of units that name no target" in result.stdout


def test_a_codebook_of_other_labels_is_a_mismatch(refuse, model_file, write_rows, tmp_path):
    rows = [{"text": f"Text {n}.", "frames": ["war"]} for n in range(3)]
    path, book = write_rows(tmp_path / "c.jsonl", rows), tmp_path / "book.yaml"
    book.write_text("name: b\nversion: 1.0.0\nframes:\n- id: war\n  definition: War.\n", "utf-8")
    line = refuse("evaluate", model_file, path, "-c", book)
    assert line == (
        f"{path}: the data is coded for war, the model predicts bridge, cost, safety; "
        "evaluate on data coded with the model's codebook"
    )


def test_nothing_coded_that_the_model_predicts(refuse, model_file, write_rows, tmp_path):
    path = write_rows(tmp_path / "c.jsonl", [{"text": "A text.", "frames": None}])
    assert refuse("evaluate", model_file, path).startswith(f"{path}: nothing is coded; ")


def test_a_file_that_is_no_model(refuse, coded_file):
    line = refuse("evaluate", coded_file, coded_file)
    assert line.startswith(f"{coded_file}: damaged, or not a model file (")
    assert line.endswith("; name a .safetensors file that 'framing train' wrote")


def test_predictions_are_not_codings(refuse, model_file, predictions):
    line = refuse("evaluate", model_file, predictions)
    assert line.startswith(f"{predictions}: these are a model's predictions, not codings; ")
