"""Tests of the archive that is drawn, and of the clock that a run of the command carries."""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

import archives
from archived import drawing, stages
from archived.drawing import Size, draw_articles, draw_predictions
from archived.stages import STAGES, Clock, find_peak
from archives import MEGABYTES, SECONDS, Outcome, format_report, report_drift
from framing.foreignness import find_misfits
from framing.measuring.eligibility import select_units
from framing.schema import FramingError
from framing.scoring.modelfile import load_model
from framing.shipped import find_model

SMALL = Size(n_units=700, n_sources=3, n_months=5, n_frames=2)


@pytest.fixture(scope="module")
def table():
    return draw_predictions(SMALL, seed=1)


class TestArchive:
    def test_it_is_as_large_as_asked_for_and_all_of_it_counts(self, table):
        units = select_units(table, by="source", over="month")
        assert len(table) == len(units.rows) == 700
        assert (len(set(units.sources)), len(set(units.periods))) == (3, 5)
        assert [label.kind for label in units.labels] == ["frame"] * 2
        assert set(table["text"].str.split().str.len().between(5, 120)) == {True}

    def test_it_repeats_with_its_seed(self, table):
        assert table.equals(draw_predictions(SMALL, seed=1))
        assert not table["text"].equals(draw_predictions(SMALL, seed=2)["text"])

    def test_frames_beyond_the_models_are_made_up(self):
        columns = draw_predictions(Size(20, 1, 1, 12), seed=0).columns
        assert [name for name in columns if name.startswith("p:frame_")] == [
            "p:frame_10",
            "p:frame_11",
        ]

    def test_some_articles_print_another_sources(self, table, monkeypatch):
        monkeypatch.setattr(drawing, "COPIED", 0.5)
        copied = draw_articles(SMALL, np.random.default_rng(0))
        assert 0.3 < np.mean(copied.originals != np.arange(len(copied.originals))) < 0.6
        texts = draw_predictions(SMALL, seed=0).groupby("article", sort=False)["text"].first()
        assert 0.3 < texts.duplicated().mean() < 0.6
        assert not table["text"].duplicated().all()

    def test_no_source_is_doubted_for_how_its_scores_lie(self):
        table = draw_predictions(Size(n_units=4000, n_sources=2, n_months=4, n_frames=10), seed=0)
        model = load_model(find_model())
        assert find_misfits(table, by="source", model=model) == {}
        middling = table.assign(**{name: 0.3 for name in table if name.startswith("p:")})
        assert len(find_misfits(middling, by="source", model=model)) == 2

    def test_decisions_and_evidence_are_the_probabilities(self, table):
        frames = [name[2:] for name in table if name.startswith("p:")]
        held = [frames[0] in row.split(";") for row in table["frames"]]
        assert held == (table[f"p:{frames[0]}"] >= 0.5).tolist()
        first = json.loads(table["evidence"][0])[0]
        assert table["text"][0].startswith(first["term"])
        assert first["label"] == max(frames, key=lambda frame: table[f"p:{frame}"][0])


class TestClock:
    def test_every_stage_names_a_function_that_there_is(self):
        code = "from archived.stages import Clock; Clock().watch()"
        done = subprocess.run(
            [sys.executable, "-c", code],
            check=False,
            cwd=archives.FOLDER,
            env={"PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
        )
        assert done.stderr == ""

    def test_it_counts_the_seconds_of_a_stage_even_of_one_that_fails(self, monkeypatch):
        ticks = iter([1.0, 3.5, 10.0, 11.0])
        monkeypatch.setattr(stages, "perf_counter", lambda: next(ticks))
        clock = Clock()
        assert clock._time("turns", lambda number: number + 1)(1) == 2
        with pytest.raises(ZeroDivisionError):
            clock._time("turns", lambda: 1 / 0)()
        assert clock.seconds["turns"] == 3.5
        assert sum(clock.seconds.values()) == 3.5

    def test_peak_memory_is_that_of_this_process(self):
        if Path("/proc/self/status").exists():
            assert 20 < find_peak() < 20_000
        else:
            assert math.isnan(find_peak())


def make_outcome(form, seconds):
    return Outcome(form, 12.3, seconds, seconds - 1, 456.7, dict.fromkeys(STAGES, 0.5))


def test_the_least_seconds_of_each_format_stand_beside_the_marks():
    outcomes = [make_outcome("csv", 70.0), make_outcome("parquet", 30.0), make_outcome("csv", 50.0)]
    text = format_report(SMALL, outcomes, n_articles=60, seed=4)
    assert text.startswith("700 predictions of 60 articles, 3 sources, 5 months, 2 frames, ")
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()]
    assert ["csv", "12", "50.0", f"{SECONDS:.0f}", "49.0", "457", f"{MEGABYTES:.0f}"] in lines
    assert ["parquet", "12", "30.0", f"{SECONDS:.0f}", "29.0", "457", f"{MEGABYTES:.0f}"] in lines
    rest = 50.0 - 0.5 * len(STAGES)
    assert ["the rest", f"{rest:.1f}", f"{rest - 20:.1f}"] in lines


def test_a_command_that_fails_is_an_error_and_says_why(tmp_path):
    path = tmp_path / "predictions.csv"
    path.write_text("id\n1\n", encoding="utf-8")
    with pytest.raises(FramingError, match=r"'framing drift' failed: .*no column 'frames'"):
        report_drift(path)


def test_a_tiny_archive_is_reported_in_both_formats(tmp_path):
    app = typer.Typer()
    app.command()(archives.run)
    place = tmp_path / "archives.md"
    options = ["--units", "300", "--sources", "2", "--months", "4", "--frames", "2"]
    done = CliRunner().invoke(app, [*options, "-o", str(place)])
    assert done.exit_code == 0, done.output
    text = place.read_text(encoding="utf-8")
    assert "| csv " in text
    assert "| parquet " in text
    (reading,) = (line for line in text.splitlines() if line.startswith("| reading"))
    assert all(float(cell) >= 0 for cell in reading.split("|")[2:4])


def test_a_bad_place_is_refused_before_the_work(tmp_path):
    app = typer.Typer()
    app.command()(archives.run)
    done = CliRunner().invoke(app, ["-o", str(tmp_path)])
    assert done.exit_code != 0
    assert not list(tmp_path.iterdir())
