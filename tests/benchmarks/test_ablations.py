"""Tests of the ablations: what is changed, how it is rated, and what the script says."""

import doctest
import math
import sys
import warnings

import numpy as np
import pytest

import ablations
from ablations import CHANGES, Rated, format_changes, list_changes, rate_changes
from framing.learning.candidates import FRAMES, MENTIONS, PLAIN, STANCES, Candidate
from framing.learning.crossfitting import Job, Workers
from framing.learning.dataset import build_dataset
from framing.learning.searching import Ground, score_jobs
from framing.learning.selection import rate
from framing.learning.splits import assign_folds
from framing.learning.training import count_candidates


@pytest.fixture
def dataset(coded_units, codebook):
    return build_dataset(coded_units, codebook)


@pytest.fixture
def few(monkeypatch):
    """Leave two changes."""
    changes = {name: CHANGES[name] for name in ("classes balanced", "C times ten")}
    monkeypatch.setattr(ablations, "CHANGES", changes)
    monkeypatch.setattr(ablations, "FRAMES_ONLY", {})
    monkeypatch.setattr(ablations, "STANCES_ONLY", {})


def test_every_change_is_of_one_field_but_the_usual_is_none(dataset):
    for label, usual in ((None, FRAMES.usual), ("bridge", STANCES.usual)):
        changes = list_changes(label, dataset, usual)
        assert next(iter(changes)) == "usual"
        assert changes["usual"] == usual
        assert len(set(changes.values())) == len(changes)
        assert changes["C times ten"].C == 10 * usual.C
        for candidate in list(changes.values())[1:]:
            fields = ("recipe", "C", "emphasis", "prior", "polarity", "balanced")
            assert sum(getattr(candidate, f) != getattr(usual, f) for f in fields) == 1


def test_what_means_nothing_to_a_label_is_not_tried(dataset):
    assert "codebook not read" in list_changes(None, dataset, FRAMES.usual)
    assert "codebook not read" not in list_changes("bridge", dataset, STANCES.usual)
    assert "no shared polarity" in list_changes("bridge", dataset, STANCES.usual)
    assert "words around 1-3" in list_changes("bridge", dataset, MENTIONS.usual)
    assert "words around 1-3" not in list_changes("bridge", dataset, STANCES.usual)


def test_changes_are_rated_out_of_fold(dataset, few):
    usual = Candidate(PLAIN, C=3.0)
    rated = rate_changes(dataset, None, usual, workers=1, seed=2)
    assert [row.name for row in rated] == ["usual", "classes balanced", "C times ten"]
    folds = assign_folds(dataset, "grouped", n_folds=5, seed=2)
    ground, job = Ground(np.arange(60), folds), Job(None, Candidate(PLAIN, C=30.0))
    counts = count_candidates(dataset, [job.candidate])
    (scores,) = score_jobs(counts, dataset, [ground], [[job]], workers=Workers())
    for metric, found in rated[2].ratings.items():
        expected = rate(None, scores[job], dataset, ground.rows, folds, metric)
        np.testing.assert_allclose(found, expected)


def test_folds_that_cannot_be_rated_do_not_count():
    nan = math.nan
    ratings = [np.array([0.5, nan, 0.7]), np.array([0.6, nan, 0.9])]
    rows = [
        Rated(name, dict.fromkeys(ablations.COLUMNS, part))
        for name, part in zip(("usual", "other"), ratings, strict=True)
    ]
    alone = Rated("one fold", dict.fromkeys(ablations.COLUMNS, np.array([nan, nan, 0.8])))
    nowhere = Rated("none", dict.fromkeys(ablations.COLUMNS, np.full(3, nan)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lines = format_changes([*rows, alone, nowhere]).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    assert cells[0][:3] == ["usual", ".600", "+0.0000 ± 0.0000"]
    assert cells[1][:3] == ["other", ".750", "+0.1500 ± 0.0500"]
    assert cells[2][:3] == ["one fold", ".800", "+0.1000 ± nan"]
    assert cells[3][2] == "+nan ± nan"


def invoke(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["ablations.py", *map(str, arguments)])
    with pytest.raises(SystemExit) as leaving:
        ablations.start(ablations.run)
    return leaving.value.code, *capsys.readouterr()


def test_the_script_writes_a_table_a_label(monkeypatch, capsys, coded_file, few):
    code, out, err = invoke(monkeypatch, capsys, coded_file)
    assert code == 0
    lines = out.splitlines()
    assert lines[0].startswith("60 units of 12 articles (data ")
    assert [line.split(":")[0] for line in lines if line.startswith("### ")] == [
        *("### frames", "### bridge")
    ]
    assert len([line for line in lines if line.startswith("| usual")]) == 2
    assert err.splitlines() == ["frames ...", "bridge ..."]


def test_what_cannot_be_used_is_said_in_one_line(monkeypatch, capsys, tmp_path):
    code, out, err = invoke(monkeypatch, capsys, tmp_path / "none.jsonl")
    assert (code, out) == (1, "")
    assert err.startswith("error: ")
    assert len(err.splitlines()) == 1


def test_examples_hold():
    assert doctest.testmod(ablations).failed == 0
