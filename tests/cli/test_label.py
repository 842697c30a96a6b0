"""``framing label``: a sheet that opens in a spreadsheet, with nothing filled in."""

from __future__ import annotations

import csv
import io

import pytest

FIXED = ["id", "article", "source", "date", "title", "kind", "text", "coded"]


@pytest.fixture
def sheet(run, articles, codebook_file, tmp_path):
    """Return what writes a sheet with some options, and gives its rows and what was said."""

    def write(*options):
        path = tmp_path / "sheet.csv"
        command = ("label", articles / "post", "-o", path, "-c", codebook_file, "--coder", "ann")
        result = run(*command, *options)
        assert result.exit_code == 0
        assert result.stdout == ""
        return read_sheet(path.read_bytes()), result.stderr

    return write


def read_sheet(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_one_row_a_unit_and_empty_cells(sheet, corpus):
    rows, said = sheet()
    assert list(rows[0]) == [*FIXED, "frame:cost", "frame:safety", "stance:bridge", "note", "coder"]
    texts = [row["text"] for row in rows]
    assert set(texts) > {passage.text for passage in corpus if passage.source == "Weir Post"}
    assert "3 Comments" not in texts
    assert {row["coder"] for row in rows} == {"ann"}
    filled = [row[name] for row in rows for name in list(row)[7:-1]]
    assert set(filled) == {""}
    assert said.startswith(f"{len(rows)} units to code, written to ")
    assert "Write x in a frame's cell" in said


def test_it_opens_with_a_mark_that_excel_needs(sheet, tmp_path):
    sheet()
    assert (tmp_path / "sheet.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_suggestions_of_cue_terms_stand_in_columns_of_their_own(sheet):
    rows, _ = sheet("--suggest", "cues")
    assert list(rows[0])[-3:] == ["suggest:frames", "suggest:stance:bridge", "suggest:terms"]
    by_text = {row["text"]: row for row in rows}
    cued = next(row for text, row in by_text.items() if "The bill for the bridge" in text)
    assert cued["suggest:frames"] == "cost"
    assert "bill" in cued["suggest:terms"]
    assert {row["frame:cost"] for row in rows} == {""}


def test_suggestions_of_a_model(sheet, model_file, model):
    rows, _ = sheet("--suggest", "model", "--model", model_file)
    for row in rows:
        table = model.predict([row["text"]])
        assert row["suggest:frames"] == table["frames"][0]
        assert row["suggest:stance:bridge"] == table["stance:bridge"][0]
    assert {row["stance:bridge"] for row in rows} == {""}


def test_without_a_codebook_it_is_the_shipped_one(run, articles):
    result = run("label", articles / "post" / "day-0.md", "-o", "-", "--coder", "ann")
    columns = list(read_sheet(result.stdout_bytes)[0])
    assert {"frame:china_dominance", "stance:china_policy"} < set(columns)


def test_to_stdout(run, articles, codebook_file):
    command = ("label", articles / "post" / "day-0.md", "-o", "-", "--coder", "ann")
    result = run(*command, "-c", codebook_file)
    assert len(read_sheet(result.stdout_bytes)) == 6
    assert "6 units to code, written to stdout." in result.stderr


@pytest.mark.parametrize("name", ["sheet.xlsx", "sheet.jsonl", "sheet"])
def test_a_sheet_is_a_csv_file(refuse, articles, tmp_path, name):
    path = tmp_path / name
    line = refuse("label", articles, "-o", path, "--coder", "ann")
    assert line == f"{path}: a sheet is a CSV file; name it .csv"
    assert not path.exists()


def test_a_sheet_that_is_there_is_never_overwritten(refuse, articles, tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text("hours of work", encoding="utf-8")
    line = refuse("label", articles, "-o", path, "--coder", "ann")
    assert line == f"{path}: there is a sheet already; name another, or move it away"
    assert path.read_text("utf-8") == "hours of work"


@pytest.mark.parametrize("place", ["article", "codebook", "sheet"])
def test_the_list_of_problems_overwrites_nothing(refuse, codebook_file, tmp_path, place):
    files = {"article": tmp_path / "a.txt", "codebook": tmp_path / "book.yaml"}
    files["article"].write_text("The bill has doubled.", encoding="utf-8")
    files["codebook"].write_bytes(codebook_file.read_bytes())
    before = {path: path.read_bytes() for path in files.values()}
    files["sheet"] = tmp_path / "sheet.csv"
    command = ("label", files["article"], "-c", files["codebook"], "--coder", "ann")
    line = refuse(*command, "-o", files["sheet"], "--quarantine", files[place])
    reason = "two outputs would go there" if place == "sheet" else "this is an input"
    assert line.startswith(f"{files[place]}: {reason}")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_place_that_cannot_be_written(refuse, articles, tmp_path):
    path = tmp_path / "none" / "sheet.csv"
    line = refuse("label", articles, "-o", path, "--coder", "ann")
    assert line.startswith(f"{path}: cannot be written (no such file or directory); ")


def test_the_place_of_the_list_is_checked_before_the_work(refuse, articles, tmp_path):
    sheet, place = tmp_path / "sheet.csv", tmp_path / "none" / "aside.jsonl"
    line = refuse("label", articles, "-o", sheet, "--coder", "ann", "--quarantine", place)
    assert line.startswith(f"{place}: cannot be written (no such folder); ")
    assert not sheet.exists()


def test_what_cannot_be_read_is_quarantined(run, tmp_path, codebook_file):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("The bill has doubled.", encoding="utf-8")
    (tmp_path / "in" / "b.txt").touch()
    command = ("label", tmp_path / "in", "--coder", "ann", "-c", codebook_file)
    result = run(*command, "-o", tmp_path / "sheet.csv")
    assert result.exit_code == 0
    assert "1 could not be used (listed in " in result.stderr
    assert '"reason": "empty"' in (tmp_path / "sheet.quarantine.jsonl").read_text("utf-8")
    assert run(*command, "-o", tmp_path / "other.csv", "--strict").exit_code == 1
    assert not (tmp_path / "other.csv").exists()


def test_formulas_in_texts_do_not_run_in_the_spreadsheet(run, tmp_path, codebook_file):
    path = tmp_path / "a.txt"
    path.write_text('=HYPERLINK("x") is what the bill says.', encoding="utf-8")
    result = run("label", path, "-o", "-", "--coder", "=ann", "-c", codebook_file)
    (row,) = read_sheet(result.stdout_bytes)
    assert row["text"].startswith("'=HYPERLINK")
    assert row["coder"] == "'=ann"
