"""``framing agree``: alpha by label, for files of coders in any of the formats."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def coders(tmp_path, coded_rows, write_rows):
    """Two coders of 60 units; on ``cost`` the second differs from the first in six of them."""

    def code(row, name, n):
        swapped = sorted({*row["frames"]} ^ {"cost"}) if name == "bo" and n % 10 == 0 else None
        return {**row, "coder": name, "frames": row["frames"] if swapped is None else swapped}

    rows = [code(row, name, n) for name in ("ann", "bo") for n, row in enumerate(coded_rows)]
    return write_rows(tmp_path / "coders.jsonl", rows)


def test_alpha_is_krippendorffs(run, coders):
    """60 units, 48 presents in all of 120 codes, six pairs that differ.

    Observed disagreement 6/60, expected 2 * n1 * n0 / (n * (n - 1)) with n1 presents.
    """
    result = run("agree", coders, "--resamples", 100, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = {item["label"]: item for item in json.loads(result.stdout)}
    assert list(found) == ["cost", "safety", "bridge"]
    counts = found["cost"]["counts"]
    n1, n0 = counts["present"], counts["absent"]
    assert n1 + n0 == 120
    expected = 2 * n1 * n0 / (120 * 119)
    assert found["cost"]["alpha"]["value"] == pytest.approx(1 - (6 / 60) / expected)
    assert found["cost"]["percent"] == pytest.approx(0.9)
    assert found["safety"]["alpha"]["value"] == 1


def test_as_a_table(run, coders):
    result = run("agree", coders, "--resamples", 100)
    lines = result.stdout.splitlines()
    assert lines[0].startswith("| label  |")
    assert any(
        line.startswith("| safety | 1.00 [1.00, 1.00] |      1.00 |    60") for line in lines
    )


def test_seed_decides_the_intervals(run, coders):
    def first(seed):
        command = ("agree", coders, "--resamples", 100, "--seed", seed, "--json")
        return json.loads(run(*command).stdout)[0]["alpha"]

    assert first(1) == first(1) != first(2)


def test_one_labels_file_a_coder(run, tmp_path, codebook_file):
    for name, marks in (("ann", "cost"), ("bo", "safety")):
        lines = ["id,excerpt,frames", *(f"a{n}:1,x,{marks if n else '[]'}" for n in range(4))]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    paths = (tmp_path / "ann.csv", tmp_path / "bo.csv")
    result = run("agree", *paths, "-c", codebook_file, "--resamples", 100, "--json")
    assert result.exit_code == 0
    cost, safety, _ = json.loads(result.stdout)
    assert cost["counts"] == safety["counts"] == {"absent": 5, "present": 3}
    assert cost["percent"] == 0.25


def test_one_file_of_coded_data_a_coder(run, tmp_path, coded_rows, write_rows):
    """Without a column ``coder`` a file's name is its coder's."""
    ann = write_rows(tmp_path / "ann.jsonl", coded_rows)
    bo = write_rows(tmp_path / "bo.jsonl", [{**row, "frames": []} for row in coded_rows])
    result = run("agree", ann, bo, "--resamples", 100, "--json")
    assert result.exit_code == 0, result.stderr
    found = {item["label"]: item for item in json.loads(result.stdout)}
    assert found["cost"]["counts"] == {"absent": 96, "present": 24}
    assert found["cost"]["percent"] == pytest.approx(36 / 60)
    assert found["cost"]["prevalence"] == {"ann": {"present": 0.4}, "bo": {"present": 0.0}}


def test_codings_without_texts_need_a_codebook(refuse, tmp_path):
    for name in ("ann", "bo"):
        (tmp_path / f"{name}.csv").write_text("id,excerpt,frames\na:1,x,cost\n", encoding="utf-8")
    line = refuse("agree", tmp_path / "ann.csv", tmp_path / "bo.csv")
    assert line == (
        f"{tmp_path / 'ann.csv'}: codings without texts and without a codebook; "
        "give --codebook FILE"
    )


def test_one_coder_is_not_enough(refuse, coded_file):
    line = refuse("agree", coded_file)
    assert line == (
        "agreement needs two or more coders, and there are 1; give the codings of another one"
    )


def test_no_unit_in_common(refuse, tmp_path, coded_rows, write_rows):
    rows = [{**row, "coder": "ann" if n < 30 else "bo"} for n, row in enumerate(coded_rows)]
    line = refuse("agree", write_rows(tmp_path / "c.jsonl", rows))
    assert line == "the coders ann, bo have no unit in common; give codings of the same units"
