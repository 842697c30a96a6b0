"""Bad input, in the order of the list that the project was set: each is named, none is a crash.

A frame with fewer than five positives and an output path that cannot be written are in
``test_train``, Ctrl-C is in ``test_interrupt``, formulas are in ``test_predict``.
"""

from __future__ import annotations

import json
import shutil
import time

import pytest

from framing.text.reading import read_articles
from framing.text.segmentation import segment

QUICK = ("-j", "1", "--splits", "none", "--resamples", "100")

NOTHING = "error: nothing that was given could be used; mend what is told above\n"


@pytest.fixture
def predict(run, model_file):
    """Return what predicts to stdout, and gives the rows and what was said."""

    def invoke(*arguments, stdin=None):
        result = run("predict", *arguments, "-m", model_file, stdin=stdin)
        assert result.exit_code == 0, result.stderr
        return [json.loads(line) for line in result.stdout.splitlines()], result.stderr

    return invoke


@pytest.fixture
def train(run, write_rows, tmp_path):
    """Return what trains on rows, and gives the result."""

    def invoke(rows, *options):
        path = write_rows(tmp_path / "coded.jsonl", rows)
        return run("train", path, "-o", tmp_path / "m.safetensors", *QUICK, *options)

    return invoke


class TestEmptyFile:
    @pytest.mark.parametrize("content", ["", "\n", " \r\n\t\n", "\ufeff"])
    def test_a_text_is_passed_over_and_named(self, predict, tmp_path, content):
        path = tmp_path / "a.txt"
        path.write_text(content, encoding="utf-8")
        (tmp_path / "b.txt").write_text("The bill has doubled.", encoding="utf-8")
        rows, said = predict(tmp_path)
        assert [row["text"] for row in rows] == ["The bill has doubled."]
        assert f"  {path}: " in said
        assert "1 could not be used" in said

    def test_all_empty_is_zero_units_and_an_error(self, run, model_file, tmp_path):
        (tmp_path / "a.txt").touch()
        result = run("predict", tmp_path / "a.txt", "-m", model_file)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == (
            f"  {tmp_path / 'a.txt'}: empty\n1 could not be used\n"
            "0 units classified; written to stdout\n" + NOTHING
        )

    @pytest.mark.parametrize("unit", ["row", "paragraph"])
    def test_nothing_of_use_leaves_a_table_without_rows(self, run, model_file, tmp_path, unit):
        (tmp_path / "a.csv").write_text("id,text\n1,\n")
        output = tmp_path / "out.csv"
        result = run("predict", tmp_path / "a.csv", "-m", model_file, "-o", output, "--unit", unit)
        assert result.exit_code == 1
        assert result.stderr.endswith(NOTHING)
        assert output.read_text("utf-8").startswith("id,article,")
        assert len(output.read_text("utf-8").splitlines()) == 1
        assert (tmp_path / "out.quarantine.jsonl").exists()

    @pytest.mark.parametrize("unit", ["row", "paragraph"])
    def test_a_table_without_rows_is_none(self, predict, tmp_path, unit):
        (tmp_path / "a.csv").write_text("id,text\n")
        rows, said = predict(tmp_path / "a.csv", "--unit", unit)
        assert (rows, said) == ([], "0 units classified; written to stdout\n")

    def test_no_sheet_is_written_of_nothing(self, refuse, tmp_path):
        (tmp_path / "a.txt").touch()
        sheet = tmp_path / "sheet.csv"
        line = refuse("label", tmp_path / "a.txt", "-o", sheet, "--coder", "ann")
        assert f"error: {line}\n" == NOTHING
        assert not sheet.exists()

    def test_nothing_can_be_explained(self, refuse, model_file, tmp_path):
        (tmp_path / "a.txt").touch()
        assert f"error: {refuse('explain', tmp_path / 'a.txt', '-m', model_file)}\n" == NOTHING

    @pytest.mark.parametrize("command", ["train", "evaluate", "agree", "codebook init"])
    def test_coded_data(self, refuse, tmp_path, model_file, command):
        path = tmp_path / "a.csv"
        path.touch()
        extra = [model_file] if command == "evaluate" else []
        line = refuse(*command.split(), *extra, path)
        assert line == f"{path}: empty table; the first line must name the columns"

    @pytest.mark.parametrize("name", ["p.csv", "p.jsonl", "p.parquet"])
    def test_predictions(self, refuse, tmp_path, name):
        path = tmp_path / name
        path.touch()
        assert refuse("drift", path).startswith(f"{path}: ")

    def test_a_model(self, refuse, tmp_path, articles):
        path = tmp_path / "m.safetensors"
        path.touch()
        line = refuse("predict", articles, "-m", path)
        assert line.startswith(f"{path}: damaged, or not a model file (")

    def test_standard_input(self, run, model_file):
        result = run("predict", "-", "-m", model_file, stdin=b"")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "standard input: empty" in result.stderr


class TestBinaryFile:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"%PDF-1.7 ...", "this is a PDF, not text"),
            (b"PK\x03\x04....", "this is a ZIP archive, or a Word or Excel file, not text"),
            (bytes(range(256)) * 9, "this is binary data, not text"),
        ],
    )
    def test_it_is_passed_over_and_named(self, predict, tmp_path, data, reason):
        path = tmp_path / "a.txt"
        path.write_bytes(data)
        sound = tmp_path / "b.txt"
        sound.write_text("The bill has doubled.")
        rows, said = predict(path, sound)
        assert [row["text"] for row in rows] == ["The bill has doubled."]
        assert f"  {path}: {reason}\n" in said

    @pytest.mark.parametrize("name", ["c.csv", "c.jsonl", "c.parquet"])
    @pytest.mark.parametrize("command", ["train", "drift"])
    def test_as_a_table(self, refuse, tmp_path, command, name):
        path = tmp_path / name
        path.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 9)
        assert refuse(command, path).startswith(f"{path}")


def test_a_folder_with_none_readable(refuse, tmp_path, model_file):
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    line = refuse("predict", tmp_path, "-m", model_file)
    assert line.startswith(f"{tmp_path}: nothing to read in this folder; it may hold .txt, .md")


class TestCsvWithoutText:
    @pytest.fixture
    def path(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_text("id,body\n1,The bill.\n", encoding="utf-8")
        return path

    @pytest.mark.parametrize("unit", ["paragraph", "row"])
    def test_articles(self, refuse, path, model_file, unit):
        line = refuse("predict", path, "-m", model_file, "--unit", unit)
        assert line == (
            f"{path}: no column 'text' among 'id', 'body'; name the column of the texts 'text'"
        )

    def test_coded_data(self, refuse, path):
        line = refuse("train", path)
        assert line.startswith(f"{path}: no column 'text' among ")
        assert line.endswith("; name the column of the texts 'text'")


class TestRowWithNullText:
    def test_it_is_passed_over_and_named(self, predict, tmp_path):
        path = tmp_path / "a.jsonl"
        path.write_text('{"id": 1, "text": null}\n{"id": 2, "text": "The bill."}\n', "utf-8")
        rows, said = predict(path, "--unit", "row")
        assert [row["id"] for row in rows] == ["2"]
        assert f"  {path}, row 1: no text\n1 could not be used\n" in said

    def test_in_coded_data(self, train, coded_rows):
        result = train([{**coded_rows[0], "text": None}, *coded_rows[1:]])
        assert result.exit_code == 0
        assert "coded.jsonl, line 1: no text\n1 could not be used\n" in result.stderr
        assert "Trained on 59 coded units" in result.stdout


class TestLongLine:
    def test_five_megabytes_in_one_line_are_cut_and_none_is_lost(self, predict, tmp_path):
        path = tmp_path / "a.txt"
        path.write_text("bridge " * 714_285 + "end", encoding="utf-8")
        start = time.perf_counter()
        rows, _ = predict(path, "--no-evidence")
        assert time.perf_counter() - start < 30
        assert max(len(row["text"]) for row in rows) <= 1000
        assert sum(len(row["text"].split()) for row in rows) == 714_286
        assert len({row["id"] for row in rows}) == len(rows)

    def test_without_a_blank(self, predict, tmp_path):
        path = tmp_path / "a.txt"
        path.write_text("x" * 1_000_000, encoding="utf-8")
        rows, _ = predict(path, "--no-evidence")
        assert sum(len(row["text"]) for row in rows) == 1_000_000

    def test_as_one_cell_of_a_table(self, predict, tmp_path):
        path = tmp_path / "a.csv"
        path.write_text("text\n" + "bridge " * 100_000, encoding="utf-8")
        (row,), _ = predict(path, "--unit", "row", "--no-evidence")
        assert len(row["text"]) >= 699_999


class TestInvalidUtf8:
    def test_in_the_middle_of_a_text(self, predict, tmp_path):
        path = tmp_path / "a.txt"
        path.write_bytes("The café’s bill ".encode() + b"\xff\xfe" + " — has doubled.".encode())
        (row,), said = predict(path)
        assert row["text"] == "The café’s bill \ufffd\ufffd — has doubled."
        assert "2 bytes could not be read as utf-8 (kept as U+FFFD)" in said
        assert "1 used with a remark" in said

    def test_in_a_table(self, predict, tmp_path):
        path = tmp_path / "a.jsonl"
        path.write_bytes(b'{"text": "The bill \xff has doubled."}\n{"text": "Swans."}\n')
        rows, said = predict(path, "--unit", "row")
        assert [row["text"] for row in rows] == ["The bill \ufffd has doubled.", "Swans."]
        assert "UTF-8" in said


class TestUnknownFrame:
    def test_in_coded_data(self, train, coded_rows, codebook_file):
        rows = [*coded_rows[:-1], {**coded_rows[-1], "frames": ["costs"]}]
        result = train(rows, "-c", codebook_file)
        assert result.exit_code == 1
        assert "no frame 'costs' (did you mean 'cost'?) in line 60; correct" in result.stderr

    def test_an_unknown_value(self, train, coded_rows, codebook_file):
        rows = [*coded_rows[:-1], {**coded_rows[-1], "stance": {"bridge": "maybe"}}]
        result = train(rows, "-c", codebook_file)
        assert result.exit_code == 1
        assert "'maybe'" in result.stderr
        assert "line 60" in result.stderr

    def test_in_labels(self, refuse, articles, codebook_file, tmp_path):
        shutil.copy(codebook_file, tmp_path / "codebook.yaml")
        path = tmp_path / "ann.csv"
        path.write_text("id,frames\npost/day-0:1234,tolls\n", encoding="utf-8")
        line = refuse("train", "--seeds", articles, "--labels", tmp_path)
        assert line.startswith(f"{path}: no frame 'tolls'")
        assert "in row 2" in line


def test_a_coding_of_a_paragraph_whose_text_has_changed(
    run, articles, codebook_file, corpus, tmp_path
):
    coded = {(p.article, p.text): p for p in corpus}
    lines = ["id,excerpt,frames,stance:bridge"]
    for article in read_articles(articles):
        for unit in segment(article):
            if passage := coded.get((unit.article, unit.text)):
                frames = ";".join(passage.frames) or "[]"
                lines.append(f'{unit.id},"{unit.text[:60]}",{frames},{passage.stance}')
    labels, seeds = tmp_path / "labels", shutil.copytree(articles, tmp_path / "seeds")
    labels.mkdir()
    shutil.copy(codebook_file, labels / "codebook.yaml")
    (labels / "ann.csv").write_text("\n".join(lines), encoding="utf-8")
    path = seeds / "post" / "day-0.md"
    path.write_text(path.read_text("utf-8").replace("bill for", "bills for"), encoding="utf-8")
    changed = [p for p in corpus if p.article == "post/day-0" and "bill for" in p.text]
    command = ("train", "--seeds", seeds, "--labels", labels, *QUICK)
    result = run(*command, "-o", tmp_path / "m.safetensors")
    assert result.exit_code == 0
    assert f"Trained on {60 - len(changed)} coded units" in result.stdout
    assert "coding of 'post/day-0:" in result.stderr
    assert "by ann: the paragraph's text has changed since it was coded" in result.stderr
    assert f"{len(changed)} could not be used" in result.stderr


class TestOneClassOnly:
    def test_a_frame_that_is_everywhere(self, train, coded_rows):
        result = train([{**row, "frames": ["cost"], "stance": None} for row in coded_rows])
        assert result.exit_code == 1
        assert result.stderr == (
            "error: nothing can be learnt (cost: 0 units without it, 5 are needed); "
            "code more units\n"
        )

    def test_a_stance_with_one_value(self, train, coded_rows):
        result = train([{**row, "stance": {"bridge": "favor"}} for row in coded_rows])
        assert result.exit_code == 0
        assert "every unit has the value 'favor': the target is left out" in result.stderr


class TestDuplicateIds:
    def test_of_rows_that_agree(self, train, coded_rows):
        result = train([*coded_rows, coded_rows[0]])
        assert "Trained on 60 coded units" in result.stdout
        assert "line 61: repeats 'post/day-0:0' of " in result.stderr

    def test_of_rows_that_contradict(self, train, coded_rows):
        result = train([*coded_rows, {**coded_rows[0], "frames": []}])
        assert result.exit_code == 1
        assert "'post/day-0:0' is coded twice with different codes for frame" in result.stderr

    def test_of_other_texts(self, train, coded_rows):
        result = train([*coded_rows, {**coded_rows[0], "text": "Something else."}])
        assert result.exit_code == 1
        assert "the id 'post/day-0:0' already stands for another text" in result.stderr

    def test_of_articles_and_units_to_predict(self, predict, tmp_path):
        path = tmp_path / "a.jsonl"
        path.write_text('{"id": "a", "text": "Bills."}\n{"id": "a", "text": "Swans."}\n', "utf-8")
        rows, said = predict(path, "--unit", "row")
        assert [row["id"] for row in rows] == ["a", "a~2"]
        assert "row 2: id 'a' comes again; renamed 'a~2'" in said
        rows, said = predict(path)
        assert [row["article"] for row in rows] == ["a", "a~2"]


class TestDates:
    @pytest.mark.parametrize("date", ["soon", "04/05/2025", "2025-13-01", "0000-00-00"])
    def test_one_that_does_not_parse_is_left_out_and_named(self, predict, tmp_path, date):
        path = tmp_path / "a.jsonl"
        path.write_text(json.dumps({"text": "The bill.", "date": date}), encoding="utf-8")
        (row,), said = predict(path)
        assert row["date"] is None
        assert f"{path}, row 1: date left out: " in said
        assert "1 used with a remark" in said

    def test_in_front_matter(self, predict, tmp_path):
        path = tmp_path / "a.md"
        path.write_text("---\ndate: soon\n---\nThe bill.\n", encoding="utf-8")
        (row,), said = predict(path)
        assert row["date"] is None
        assert "date left out: 'soon' is not a date; write it as YYYY-MM-DD" in said

    def test_in_coded_data(self, train, coded_rows):
        result = train([{**coded_rows[0], "date": "soon"}, *coded_rows[1:]])
        assert result.exit_code == 0
        assert "line 1: date left out: 'soon' is not a date" in result.stderr

    def test_without_any_there_is_no_change_over_time(self, run, refuse, tmp_path, model_file):
        path, output = tmp_path / "a.jsonl", tmp_path / "p.csv"
        path.write_text('{"text": "The bill.", "source": "S"}', encoding="utf-8")
        run("predict", path, "-m", model_file, "-o", output)
        line = refuse("drift", output, "--over", "year")
        assert line.startswith("no unit is left to count (1 ")
        assert "write dates as YYYY-MM-DD" in line


def test_an_output_path_that_cannot_be_written(refuse, articles, model_file, tmp_path):
    for output in (tmp_path / "none" / "p.csv", tmp_path / "file" / "p.csv"):
        (tmp_path / "file").touch()
        line = refuse("predict", articles, "-m", model_file, "-o", output)
        assert line.startswith(f"{output}: cannot be written (")
        assert line.endswith("; choose another place")
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    line = refuse("predict", articles, "-m", model_file, "-o", folder)
    assert line == f"{folder}: this is a folder; name a file"


def test_html_inside_a_text_stays_text(predict, tmp_path):
    path = tmp_path / "a.jsonl"
    text = 'The bill <script>alert("1")</script> & <b>more</b>'
    path.write_text(json.dumps({"text": text}), encoding="utf-8")
    (row,), _ = predict(path, "--unit", "row")
    assert row["text"] == text
