"""A user's whole way: a sheet, filled in a spreadsheet, to a model and what it says."""

from __future__ import annotations

import csv
import io
import json
import shutil

import pytest

QUICK = ("-j", "1", "--splits", "none", "--resamples", "100")
ACCENTED = "Café owner José said: “The bill for the bridge has doubled.”"


@pytest.fixture(scope="module")
def archive(tmp_path_factory, articles):
    """The corpus, and one article with characters that are not ASCII."""
    folder = shutil.copytree(articles, tmp_path_factory.mktemp("way") / "archive")
    text = f"---\nsource: Weir Post\ndate: 2023-01-02\n---\n\n{ACCENTED}\n"
    (folder / "post" / "day-12.md").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def fill(archive, corpus):
    """Return what fills a sheet as a coder would, and saves it as a European Excel does."""
    codes = {passage.text: passage for passage in corpus}

    def save(path, *, slips=0):
        with io.StringIO(path.read_text(encoding="utf-8-sig"), newline="") as stream:
            rows = list(csv.DictReader(stream))
        for number, row in enumerate(rows):
            passage = codes.get(row["text"])
            frames = set(passage.frames if passage else ["cost"] if "Café" in row["text"] else [])
            if number < slips:
                frames ^= {"cost"}
            row["coded"] = "x"
            for frame in frames:
                row[f"frame:{frame}"] = "X"
            stance = passage.stance if passage else "none"
            row["stance:bridge"] = "" if stance == "none" and number % 2 else stance
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, list(rows[0]), delimiter=";", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        path.write_bytes(out.getvalue().encode("cp1252"))
        return rows

    return save


@pytest.fixture(scope="module")
def sheets(run, archive, fill, codebook_file, tmp_path_factory):
    """The sheets of two coders; the second slips in six units."""
    folder = tmp_path_factory.mktemp("sheets")
    for coder, slips in (("ann", 0), ("bo", 6)):
        path = folder / f"{coder}.csv"
        command = ("label", archive, "-o", path, "-c", codebook_file, "--coder", coder)
        assert run(*command, "--suggest", "cues").exit_code == 0
        fill(path, slips=slips)
    return folder


@pytest.fixture(scope="module")
def trained_file(run, sheets):
    """A model of the first coder's sheet."""
    path = sheets / "m.safetensors"
    result = run("train", sheets / "ann.csv", "-o", path, *QUICK)
    assert result.exit_code == 0, result.stderr
    assert "Trained on 73 coded units of 13 articles from 3 sources" in result.stdout
    assert result.stderr.startswith("model ")
    return path


def test_an_unfilled_sheet_is_refused_with_what_to_do(
    run, refuse, archive, codebook_file, tmp_path
):
    path = tmp_path / "sheet.csv"
    run("label", archive, "-o", path, "-c", codebook_file, "--coder", "ann")
    line = refuse("train", path, "-o", tmp_path / "m.safetensors", *QUICK)
    assert line.startswith(f"{path}: ")
    assert "coded" in line


def test_predict(run, archive, trained_file, corpus, tmp_path):
    output = tmp_path / "p.jsonl"
    assert run("predict", archive, "-m", trained_file, "-o", output).exit_code == 0
    rows = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    by_text = {row["text"]: row for row in rows}
    for passage in corpus:
        assert by_text[passage.text]["frames"] == list(passage.frames)
        assert by_text[passage.text]["stance"]["bridge"]["value"] == passage.stance
    assert "cost" in by_text[ACCENTED]["frames"]


def test_a_units_id_is_the_same_in_sheet_and_predictions(run, archive, sheets, trained_file):
    with (sheets / "ann.csv").open(encoding="cp1252", newline="") as stream:
        wanted = [row["id"] for row in csv.DictReader(stream, delimiter=";")]
    result = run("predict", archive, "-m", trained_file)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in rows if row["kind"] != "boilerplate"] == wanted


def test_evaluate(run, sheets, trained_file):
    command = ("evaluate", trained_file, sheets / "bo.csv", "--resamples", 100, "--json")
    report = json.loads(run(*command).stdout)
    assert report["n_units"] == 73
    right = report["frames"]["labels"]["cost"]
    assert right["f1"]["value"] < 1
    assert report["frames"]["labels"]["safety"]["f1"]["value"] == 1


def test_explain(run, archive, trained_file):
    result = run("explain", archive / "post" / "day-12.md", "-m", trained_file)
    assert ACCENTED in result.stdout
    assert "  cost (probability " in result.stdout


def test_drift(run, archive, trained_file, tmp_path):
    output = tmp_path / "p.parquet"
    run("predict", archive, "-m", trained_file, "-o", output)
    command = ("drift", output, "--by", "source", "--over", "year", "--resamples", 100, "--json")
    content = json.loads(run(*command).stdout)
    assert content["n_units"] == 73
    years = {"2020", "2021", "2022", "2023"}
    assert {cell["period"] for cell in content["cells"]} == {None, *years}


@pytest.mark.parametrize("with_codebook", [False, True])
def test_agree(run, sheets, codebook_file, with_codebook):
    extra = ("-c", codebook_file) if with_codebook else ()
    command = ("agree", sheets / "ann.csv", sheets / "bo.csv", *extra)
    result = run(*command, "--resamples", 100, "--json")
    assert result.exit_code == 0
    found = {item["label"]: item for item in json.loads(result.stdout)}
    assert found["cost"]["percent"] == pytest.approx(67 / 73)
    assert found["safety"]["alpha"]["value"] == found["bridge"]["alpha"]["value"] == 1
    assert found["bridge"]["alpha"]["n_units"] == 73


def test_two_coders_together_train_on_what_they_agree_on(run, sheets, tmp_path):
    command = ("train", sheets / "ann.csv", sheets / "bo.csv", "-o", tmp_path / "m.safetensors")
    result = run(*command, *QUICK)
    assert result.exit_code == 0
    assert "6 of 219 cells left uncoded, since coders were split evenly" in result.stderr
    assert "Trained on 73 coded units" in result.stdout


def test_codebook_init_check_and_show(run, sheets, tmp_path):
    path = tmp_path / "book.yaml"
    assert run("codebook", "init", sheets / "ann.csv", "-o", path).exit_code == 0
    assert "2 frames, 1 stance targets with 3 values" in run("codebook", "check", path).stdout
    assert "### Cost (`cost`)" in run("codebook", "show", path).stdout
    command = ("train", sheets / "ann.csv", "-c", path, "-o", tmp_path / "m.safetensors")
    assert run(*command, *QUICK).exit_code == 0
