"""``framing codebook``: shown, checked, started."""

from __future__ import annotations

import pytest

from framing.coding.codebook import read_codebook


def test_show_prints_what_a_coder_needs(run, codebook_file, codebook):
    result = run("codebook", "show", codebook_file)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(
        f"# How bridges are reported\n\nbridges 1.2.0 ({codebook.hash})\n"
    )


def test_show_without_a_file_prints_the_shipped_one(run):
    assert "china_dominance" in run("codebook", "show").stdout


def test_check_counts(run, codebook_file, codebook):
    result = run("codebook", "check", codebook_file)
    assert result.stdout == (
        f"bridges 1.2.0 ({codebook.hash}): 2 frames, 1 stance targets with 3 values, 1 rules\n"
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("name: b\nversion: one\nframes: []\n", "line 2"),
        ("name: b\nversion: 1.0.0\n", "no frame and no stance target"),
        ("name: b\n  version: [\n", "line 2"),
        ("", ""),
        ("- a\n- b\n", "line 1"),
        ("&a [*a]\n", ""),
    ],
)
def test_check_names_the_line(refuse, tmp_path, text, wanted):
    path = tmp_path / "book.yaml"
    path.write_text(text, encoding="utf-8")
    line = refuse("codebook", "check", path)
    assert line.startswith(str(path))
    assert wanted in line


@pytest.mark.parametrize("command", ["check", "show"])
def test_a_file_that_is_missing_or_binary(refuse, tmp_path, command):
    path = tmp_path / "book.yaml"
    assert refuse("codebook", command, path) == (
        f"{path}: cannot be read (no such file or directory); check the path"
    )
    path.write_bytes(bytes(range(256)))
    assert refuse("codebook", command, path).startswith(f"{path}: this is binary data")


def test_init_starts_one_from_data(run, coded_file, tmp_path):
    result = run("codebook", "init", coded_file, "--name", "bridges")
    assert (result.exit_code, result.stderr) == (0, "")
    path = tmp_path / "book.yaml"
    path.write_text(result.stdout, encoding="utf-8")
    book = read_codebook(path)
    assert (book.name, book.frame_ids) == ("bridges", ("cost", "safety"))
    assert book.values("bridge") == ("favor", "none", "oppose")
    assert book.target("bridge").neutral == "none"


def test_init_writes_a_file(run, coded_file, tmp_path):
    path = tmp_path / "book.yaml"
    result = run("codebook", "init", coded_file, "-o", path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"codebook written to {path}; fill in its definitions\n"
    assert run("codebook", "check", path).exit_code == 0


def test_init_where_nothing_can_be_written(refuse, coded_file, tmp_path):
    path = tmp_path / "none" / "book.yaml"
    line = refuse("codebook", "init", coded_file, "-o", path)
    assert line.startswith(f"{path}: cannot be written (no such file or directory)")


def test_init_of_data_without_codes(refuse, tmp_path, write_rows):
    path = write_rows(tmp_path / "c.jsonl", [{"text": "A text."}])
    assert refuse("codebook", "init", path).startswith(f"{path}: nothing is coded; ")


def test_init_does_not_write_over_a_codebook(refuse, coded_file, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("my definitions", encoding="utf-8")
    line = refuse("codebook", "init", coded_file, "-o", path)
    assert line == f"{path}: there is a file already; name another, or move it away"
    assert path.read_text("utf-8") == "my definitions"
