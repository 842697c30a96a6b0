"""Tests of the comparison of throughput: turns, what slices tell, tables, and a tiny run."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import throughput
from framing.schema import FramingError
from throughput import take_turns
from timed import growth
from timed.corpora import Corpus, draw_coded
from timed.costs import Cost
from timed.growth import measure_growth
from timed.models import fit_tfidf, save_wrapped
from timed.sides import SIDES, Ground, Run, list_words
from timed.stages import Stages, time_stages, write_articles
from timed.tables import Circumstances, Found, describe_machine, format_report
from timed.texts import lay_chains

NAIVE = next(side for side in SIDES if side.name == "naive")
FLOOR = next(side for side in SIDES if side.name == "floor")
OURS = next(side for side in SIDES if side.name == "ours, jsonl, 1")
VW = next(side for side in SIDES if side.name == "vowpal wabbit")


def make_ground(folder=Path(), n_units=1000):
    def make_corpus(size):
        return Corpus(size, {"jsonl": folder / "c.jsonl"}, {"jsonl": 1.5})

    return Ground(folder, make_corpus(n_units), make_corpus(10), make_corpus(110), {"words": 70})


class TestRun:
    SLICED = Run(110, Cost(3.0, 2.5, 300.0), 10, Cost(1.0, 0.5, 100.0))

    def test_what_was_measured_stands(self):
        assert self.SLICED.reckon(110) == self.SLICED.cost
        assert Run(50, Cost(1, 1, 1)).reckon(100) == Cost(1, 1, 1)

    def test_all_is_on_the_line_through_both(self):
        assert self.SLICED.reckon(1010) == Cost(21.0, 20.5, 300.0)

    def test_memory_is_reckoned_where_it_grows(self):
        run = Run(110, Cost(3.0, 2.5, 300.0), 10, Cost(1.0, 0.5, 100.0), grows=True)
        assert run.reckon(1010).megabytes == 2100.0


class TestTurns:
    @pytest.fixture
    def played(self, monkeypatch, tmp_path):
        """Return what takes turns without any process, and the order in which sides ran."""
        order = []

        def play(some, rounds, *, failing=(), missing=()):
            def run_side(side, ground, output):
                if side.name in failing:
                    raise FramingError("no ore")
                order.append(side.name)
                output.write_text("id,p:x\na,0.5\n" if side.rival else "id,p:x\na,0.75\n")
                return Run(1000, Cost(len(order), 1, 1))

            monkeypatch.setattr(throughput, "run_side", run_side)
            monkeypatch.setattr(
                throughput,
                "find_missing",
                lambda side: side.needs if side.needs in missing else None,
            )
            return take_turns(some, make_ground(tmp_path), rounds)

        play.order = order
        return play

    def test_every_other_round_goes_backwards(self, played):
        turns = played([NAIVE, FLOOR, OURS], 3)
        forth = ["naive", "floor", "ours, jsonl, 1"]
        assert played.order == [*forth, *forth[::-1], *forth]
        assert [run.cost.seconds for run in turns.runs[NAIVE]] == [1, 6, 7]

    def test_ours_is_compared_with_the_rival_of_the_same_weights(self, played):
        assert played([NAIVE, FLOOR, OURS], 1).gaps == {"ours, jsonl, 1": 0.25}
        assert played([FLOOR, OURS], 1).gaps == {"ours, jsonl, 1": 0.25}  # what was kept

    def test_a_rival_that_is_missing_or_fails_is_left_out_and_told_of(self, played):
        turns = played([NAIVE, VW, FLOOR, OURS], 2, failing=["floor"], missing=["vowpalwabbit"])
        assert turns.skipped == {
            "vowpal wabbit": "'vowpalwabbit' is not installed",
            "floor": "no ore",
        }
        assert list(turns.runs) == [NAIVE, OURS]
        assert [len(runs) for runs in turns.runs.values()] == [2, 2]

    def test_ours_must_not_fail(self, played):
        with pytest.raises(FramingError, match="no ore"):
            played([OURS], 1, failing=[OURS.name])


def test_the_naive_pipeline_runs_on_all_units_unless_it_is_too_large(monkeypatch, tmp_path):
    def run_once(side, ground, corpus, output):
        output.touch()
        return Cost(corpus.n_units, 1, 1)

    monkeypatch.setattr(throughput, "run_once", run_once)
    runs = {NAIVE: [Run(110, Cost(2, 2, 300), 10, Cost(1, 1, 100), grows=True)]}
    ground = make_ground(tmp_path)
    assert throughput.run_full(ground, runs).cost.seconds == 1000
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(throughput, "MOST_MEGABYTES", 2000)
    assert throughput.run_full(ground, runs) == "it would take some 2,080 MB"
    assert throughput.run_full(ground, {}) == "it was not among the sides"


def test_the_command_is_told_without_places_of_files():
    given = ["--units", "9", "--folder", "here", "--docs", "-o", "there", "--seed", "1"]
    told = throughput.name_command(given)
    assert told == "python benchmarks/throughput.py --units 9 --docs --seed 1"


def test_commands_say_thread_format_and_evidence():
    places = Path("m"), Path("c"), Path("o")
    words = {side.name: " ".join(list_words(side, *places)) for side in SIDES}
    assert words["naive"] == "timed.rivals naive c m o"
    predict = "framing predict c --unit row {} -m m -j {} -o o"
    assert words["ours, parquet, 2"] == predict.format("--no-evidence", 2)
    assert words["ours, evidence, 1"] == predict.format("--evidence", 1)
    assert len(words) == len(SIDES)


class TestTables:
    @pytest.fixture
    def report(self):
        def run(*seconds, **more):
            return [Run(1000, Cost(s, s / 2, 90), **more) for s in seconds]

        found = Found(
            runs={NAIVE: run(20, 50, 30), FLOOR: run(1, 2, 4), OURS: run(4, 5, 2)},
            skipped={"fasttext": "'fasttext' is not installed"},
            gaps={OURS.name: 2.5e-8},
            full=Run(1000, Cost(33, 1, 2400)),
            stages=(Stages(10, 100, 5000, {"read": 0.5, "clean": 0.25}), Cost(2.0, 1, 1)),
            growth=[
                growth.Grown("rows", 1000, Run(1000, Cost(3, 1, 77), 100, Cost(1.2, 1, 1))),
            ],
        )
        about = Circumstances("2024-05-06", "2 processors", "python t.py", 3)
        return format_report(found, make_ground(), about)

    def read(self, report, name):
        (line,) = (line for line in report.splitlines() if line.startswith(f"| {name} "))
        return [cell.strip() for cell in line.split("|")[2:-1]]

    def test_medians_ratios_round_by_round_and_the_floor(self, report):
        naive = ["1", "30.0", "33", "15000.0", "90", "1.0", "20.0"]
        assert self.read(report, "naive") == naive
        assert self.read(report, "ours, jsonl, 1")[-2:] == ["10.0", "2.5"]
        assert self.read(report, "ours, jsonl, 1")[:4] == ["1", "4.0", "250", "2000.0"]

    def test_what_was_not_measured_is_said(self, report):
        assert "`fasttext` did not run: 'fasttext' is not installed." in report
        assert "once: 33 s and 2,400 MB (reckoned from the slices: 30 s and 90 MB)" in report

    def test_circumstances_and_agreement(self, report):
        assert "Written by `python t.py` (2024-05-06, seed 3); 2 processors." in report
        assert "rival with the same weights: 2.5e-08" in report

    def test_stages_and_the_rest_of_the_command(self, report):
        assert self.read(report, "read") == ["5000.0", "200", "0.0"]
        assert self.read(report, "the rest (start, rows, writing)")[0] == "12500.0"
        assert self.read(report, "command")[1] == "50"

    def test_growth_leaves_the_start_out(self, report):
        assert self.read(report, "rows") == ["1,000", "2000.0", "1.00", "77"]

    def test_the_machine_is_told_without_its_name(self):
        assert "processors (" in describe_machine()


def write_model(chains, folder):
    texts, codes = draw_coded(chains, 60, seed=1)
    fitted = fit_tfidf(texts, codes, chains.frames, n_features=50)
    return save_wrapped(fitted, folder / "words.safetensors")


def test_growth_varies_one_thing_at_a_time(coded_units, tmp_path, monkeypatch):
    ran = []

    def run_once(side, ground, corpus, output):
        output.touch()
        model = ground.fitted(side.fitted)
        assert model.exists()
        ran.append((model.stem, corpus.n_units))
        return Cost(0.5 + corpus.n_units / 1000, 0, 0)

    monkeypatch.setattr(growth, "run_once", run_once)
    monkeypatch.setattr(growth, "VOCABULARIES", (20, 60, 10_000, 20_000))
    chains = lay_chains(coded_units, 2)
    ground = make_ground(tmp_path)
    write_model(chains, tmp_path)
    grown = list(measure_growth(ground, chains, n_units=100, n_train=60, seed=0))
    axes = [point.axis for point in grown]
    assert list(dict.fromkeys(axes)) == ["vocabulary", "frames", "words a unit", "rows"]
    sizes = [point.value for point in grown if point.axis == "vocabulary"]
    assert sizes[:2] == [20, 60]
    assert len(sizes) == 3  # all that there are, once
    assert [point.value for point in grown if point.axis == "rows"] == [25, 50, 100]
    for point in grown:
        assert point.microseconds == pytest.approx(1000)
        assert point.start == pytest.approx(0.5)
    assert ran[:2] == [("terms-20", 5), ("terms-20", 100)]


def test_stages_take_all_articles_one_after_another(coded_units, tmp_path):
    chains = lay_chains(coded_units, 2)
    write_articles(chains, 3, tmp_path / "raw", seed=0, n_words=12)
    found = time_stages(tmp_path / "raw", write_model(chains, tmp_path))
    assert (found.articles, found.units) == (3, 30)
    assert list(found.seconds) == ["read", "clean", "segment", "score"]
    assert all(seconds > 0 for seconds in found.seconds.values())
    text = (tmp_path / "raw" / "a0.md").read_text(encoding="utf-8")
    assert text.startswith("---\nsource: Source 0\n")


@pytest.fixture
def command(coded_units, monkeypatch):
    monkeypatch.setattr(throughput, "learn_chains", lambda _: lay_chains(coded_units, 2))
    app = typer.Typer()
    app.command()(throughput.run)
    return app


def test_a_tiny_corpus_is_measured(command, tmp_path, monkeypatch):
    monkeypatch.setattr(throughput, "SIDES", (NAIVE, FLOOR, OURS))
    place = tmp_path / "out.md"
    sizes = ["--units", "120", "--slice", "60", "--train", "80", "--features", "50"]
    options = [
        "--rounds",
        "1",
        "--growth",
        "0",
        "--articles",
        "2",
        "--no-full",
        "--folder",
        tmp_path / "kept",
    ]
    done = CliRunner().invoke(command, [*sizes, *map(str, options), "-o", str(place)])
    assert done.exit_code == 0, done.output
    text = place.read_text(encoding="utf-8")
    assert "| ours, jsonl, 1 |" in text
    assert "| command " in text
    gap = float(text.partition("same weights: ")[2].split()[0])
    assert 0 < gap < 1e-6
    assert (tmp_path / "kept" / "corpus" / "corpus.parquet").exists()


@pytest.mark.parametrize("options", [["--sides", "magic"], ["-o", "{folder}"]])
def test_what_cannot_be_is_refused_before_the_work(command, tmp_path, options):
    given = [option.format(folder=tmp_path) for option in options]
    assert CliRunner().invoke(command, given).exit_code != 0
    assert not list(tmp_path.iterdir())
