"""Tests of the simulation's script: settings, tables, options and refusals."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pandas as pd
import pytest

from simulated import trials
from simulated.designs import Seen
from simulated.trials import BOOTSTRAP, NAIVE, OURS, Archive, Case, Score

NAN = float("nan")
SCRIPT = Path(trials.__file__).parents[1] / "coverage.py"


def load_script():
    """Load the script by its path: an installed package has its name."""
    spec = importlib.util.spec_from_file_location("coverage_script", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


script = load_script()


def make_scores(ours, bootstrap=0.5, naive=0.1):
    def score(coverage, width):
        held = [number < 100 * coverage for number in range(100)]
        return Score(held, [width] * 100)

    pairs = zip(
        (OURS, BOOTSTRAP, NAIVE), ((ours, 0.2), (bootstrap, 0.1), (naive, 0.05)), strict=True
    )
    return {name: score(*numbers) for name, numbers in pairs}


def read_rows(table):
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in table.splitlines()
        if line.startswith("|") and not line.startswith("|:")
    ]


class TestCases:
    def test_every_setting_stands_once(self):
        cases = script.list_cases()
        assert len(set(cases)) == len(cases)
        coded = [case for case in cases if case.n_gold]
        assert {case.shift for case in coded} == {"covariate", "label", "concept"}
        assert {case.n_gold for case in coded} == set(script.GOLD)
        bare = [case for case in cases if not case.n_gold]
        assert {case.shift for case in bare} == {"covariate", "label", "concept"}
        for some in (coded, bare):
            assert {case.share for case in some} == set(script.SHARES)
            assert {case.skill for case in some} == set(script.SKILLS)
        assert {case.n_articles for case in bare} == {*script.N_ARTICLES}

    def test_they_are_run_one_by_one(self, monkeypatch):
        monkeypatch.setattr(script, "cover", lambda case, *, rounds, seed: (case, rounds, seed))
        cases = script.list_cases()[:3]
        found = script.run_cases(cases, rounds=7, seed=2, workers=1)
        assert found == {case: (case, 7, 2) for case in cases}

    def test_archives_are_drawn_anew_with_and_without_a_gap(self, monkeypatch):
        monkeypatch.setattr(script, "try_archive", lambda archive, *, seed: (archive, seed))
        tested = script.run_archives(3, seed=5, workers=1)
        assert list(tested) == [0.0, *script.GAPS]
        for gap, found in tested.items():
            assert [archive.gap for archive, _ in found] == [gap] * 3
            assert [seed for _, seed in found] == [5, 6, 7]


class TestCoverage:
    @pytest.fixture
    def found(self):
        cases = script.list_cases()
        coverages = [0.93 + 0.02 * (number % 3) for number in range(len(cases))]  # .93, .95, .97
        return {
            case: make_scores(coverage) for case, coverage in zip(cases, coverages, strict=True)
        }

    def test_there_is_a_part_for_each_question(self, found):
        parts = list(script.format_coverage(found))
        assert [part for part in parts if part.startswith("##")] == [
            "## Shares with hand codings in the cell",
            "## Shares without hand codings, where a score means what it meant in training",
            "## Shares without hand codings, where it does not",
        ]
        assert len(parts) == 8

    def test_cells_stand_in_their_column(self, found):
        case = Case("label", 0.1, 3.0, 100)
        found[case] = make_scores(0.42)
        header, *rows = read_rows(list(script.format_coverage(found))[2])
        assert header == ["shift", "share", "units coded", "skill 1", "skill 2", "skill 3"]
        assert len(rows) == 3 * len(script.SHARES) * len(script.GOLD)
        ((row, column),) = (
            (row, place) for row in rows for place, cell in enumerate(row) if "0.420" in cell
        )
        assert (row[:3], header[column]) == (["label", "0.10", "100"], "skill 3")
        assert row[column] == "0.420 (width 0.200)"

    def test_so_do_those_without_codings(self, found):
        case = Case("covariate", 0.6, 1.0, 0, 20, 60)
        found[case] = make_scores(0.42)
        header, *rows = read_rows(list(script.format_coverage(found))[5])
        assert header[:3] == ["share", "articles", "training articles"]
        (row,) = (row for row in rows if any("0.420" in cell for cell in row))
        assert row[:4] == ["0.60", "20", "60", "0.420 (width 0.200)"]

    def test_a_summary_counts_the_settings_whose_coverage_is_near(self):
        cases = [Case("covariate", share, 2.0, 0) for share in (0.1, 0.2, 0.3, 0.4)]
        coverages = (0.92, 0.93, 0.97, 0.98)
        found = {case: make_scores(c) for case, c in zip(cases, coverages, strict=True)}
        header, ours, bootstrap, naive = read_rows(script._summarise(cases, found))
        assert header == [
            *("interval", "coverage", "lowest and highest", "settings within .93-.97", "width")
        ]
        assert ours == [OURS, "0.950", "0.920 to 0.980", "50%", "0.200"]
        assert bootstrap == [BOOTSTRAP, "0.500", "0.500 to 0.500", "0%", "0.100"]
        assert naive[0] == NAIVE

    def test_where_nothing_holds_all_three_stand_side_by_side(self, found):
        header, *rows = read_rows(list(script.format_coverage(found))[-1])
        assert header == ["shift", "share", OURS, BOOTSTRAP, NAIVE]
        assert {row[0] for row in rows} == {"label", "concept"}
        assert all(row[3].startswith("0.500") and row[4].startswith("0.100") for row in rows)


def make_archive(*rows):
    columns = ["family", "comparison", "label", "a", "b", "p", "stands"]
    return pd.DataFrame(rows, columns=columns)


GAP = ("contrasts", "source", "label0", "source 0", None, 0.001, True)
MISSED = ("contrasts", "source", "label0", "source 0", None, 0.2, False)
BESIDE = ("contrasts", "source", "label0", "source 3", None, 0.01, True)
PERIOD = ("contrasts", "period", "label0", "2010", "2011", 0.01, True)
OTHER = ("contrasts", "source", "label1", "source 0", None, 0.01, True)
TREND = ("trends", None, "label0", None, None, 0.01, True)
QUIET = ("trends", None, "label0", None, None, 0.6, False)


class TestTests:
    @pytest.mark.parametrize(
        ("rows", "gap", "false"),
        [
            ([GAP], True, 0),
            ([MISSED, BESIDE], False, 0),
            ([GAP, BESIDE, PERIOD], True, 1 / 3),
            ([GAP, OTHER, TREND, QUIET], True, 2 / 3),
            ([MISSED, TREND], False, 1),
            ([MISSED, QUIET], False, 0),
        ],
    )
    def test_what_is_found_and_what_is_false(self, rows, gap, false):
        table = make_archive(*rows)
        assert script._find_gap(table) == gap
        assert script._count_false(table) == pytest.approx(false)

    def test_the_gap_may_stand_on_either_side(self):
        turned = ("contrasts", "source", "label0", "source 1", "source 0", 0.001, True)
        assert script._find_gap(make_archive(turned))

    def test_the_table_says_how_often(self):
        tested = {0.0: [make_archive(MISSED, QUIET), make_archive(OTHER, QUIET)]}
        tested |= {gap: [make_archive(GAP), make_archive(MISSED, TREND)] for gap in script.GAPS}
        title, said, table = script.format_tests(tested)
        archive = Archive()
        assert title == "## Tests"
        assert said.startswith(f"{archive.n_sources} sources, {archive.n_periods} years, ")
        assert said.endswith("about 2 tests an archive.")
        assert read_rows(table)[1:] == [
            ["archives without change in which anything stands", "0.500"],
            ["p below .05 without change: contrasts", "0.500"],
            ["p below .05 without change: trends", "0.000"],
            *(
                row
                for gap in script.GAPS
                for row in (
                    [f"a source .20 + {gap:.2f} found", "0.500"],
                    ["false among what stands then", "0.500"],
                )
            ),
        ]


def make_seen(design, number, quantity="share", *, p=0.5):
    return Seen(design, quantity, float(number % 4 > 0), 0.1 + 0.1 * (number % 2), p)


class TestDesigns:
    def test_archives_of_each_are_drawn_anew(self, monkeypatch):
        monkeypatch.setattr(script, "DESIGNS", {"a": None, "b": None})
        monkeypatch.setattr(script, "try_design", lambda name, *, seed: [(name, seed)])
        found = script.run_designs(2, seed=5, workers=1)
        assert found == [("a", 5), ("a", 6), ("b", 5), ("b", 6)]

    def test_a_row_a_design_and_quantity(self):
        found = [make_seen("a", number, p=0.01 * number) for number in range(8)]
        found += [Seen("a", "turn", NAN, NAN, 0.04), Seen("a", "turn", NAN, NAN, 0.05)]
        found += [Seen("b", "share", 1.0, 0.3, NAN)]
        title, said, table = script.format_designs(found)
        assert title == "## What archives have to bear"
        assert "hold .95 of the time" in said
        assert read_rows(table) == [
            ["design", "quantity", "held", "width", "p < .05", "archives"],
            ["a", "share", "0.750", "0.150", "0.625", "8"],
            ["a", "turn", "", "", "0.500", "2"],
            ["b", "share", "1.000", "0.300", "", "1"],
        ]


def invoke(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["coverage.py", *map(str, arguments)])
    with pytest.raises(SystemExit) as leaving:
        script.start(script.run)
    return leaving.value.code or 0, *capsys.readouterr()


class TestScript:
    @pytest.fixture
    def small(self, monkeypatch):
        """Leave a few settings, and archives that are soon measured."""
        for name, kept in (("SHARES", (0.3,)), ("SKILLS", (2.0,)), ("GOLD", (25,))):
            monkeypatch.setattr(script, name, kept)
        monkeypatch.setattr(script, "N_ARTICLES", (4,))
        monkeypatch.setattr(script, "GAPS", (0.15,))
        tiny = Archive(n_sources=3, n_periods=2, n_labels=1, per_cell=3)
        monkeypatch.setattr(script, "Archive", lambda: tiny)
        monkeypatch.setattr(script, "DESIGNS", {"10 against 400 articles, share 0.3": None})
        monkeypatch.setattr(script, "try_design", lambda name, *, seed: [make_seen(name, seed)])

    def test_tiny_numbers_give_all_tables(self, small, monkeypatch, capsys, tmp_path):
        path = tmp_path / "coverage.md"
        options = ("--rounds", 20, "--archives", 10, "-j", 1, "--seed", 3)
        code, out, err = invoke(monkeypatch, capsys, *options, "-o", path)
        assert (code, out) == (0, "")
        text = path.read_text(encoding="utf-8")
        head = "20 corpora a setting, 10 archives a question, seed 3; "
        assert text.startswith(head)
        assert text.count("## ") == 5
        assert err.splitlines() == [
            "7 settings of 20 corpora ...",
            "10 archives without change, and with gaps of 0.15 ...",
            "1 designs of 20 archives ...",
        ]

    def test_without_a_file_they_go_to_stdout(self, small, monkeypatch, capsys):
        monkeypatch.setattr(script, "cover", lambda *_, **__: make_scores(0.95))
        monkeypatch.setattr(script, "try_archive", lambda *_, **__: make_archive(GAP, QUIET))
        code, out, _ = invoke(monkeypatch, capsys, "-j", 1)
        assert code == 0
        assert out.startswith("200 corpora a setting, 200 archives a question, seed 0; ")
        assert out.count("## ") == 5

    @pytest.mark.parametrize(
        ("only", "titles"),
        [
            ("tests", ["## Tests"]),
            ("designs", ["## What archives have to bear"]),
            ("designs,tests", ["## Tests", "## What archives have to bear"]),
        ],
    )
    def test_parts_are_run_alone(self, small, monkeypatch, capsys, only, titles):
        monkeypatch.setattr(script, "try_archive", lambda *_, **__: make_archive(GAP, QUIET))
        code, out, _ = invoke(monkeypatch, capsys, "-j", 1, "--only", only)
        assert code == 0
        assert [line for line in out.splitlines() if line.startswith("## ")] == titles

    def test_a_part_that_there_is_not_is_wrong_usage(self, monkeypatch, capsys):
        code, _, err = invoke(monkeypatch, capsys, "--only", "shares")
        assert code == 2
        assert "none of intervals,tests,designs" in " ".join(err.replace("│", " ").split())

    @pytest.mark.parametrize("place", ["", "none/coverage.md"])
    def test_a_bad_place_is_refused_before_the_work(self, monkeypatch, capsys, tmp_path, place):
        code, out, err = invoke(monkeypatch, capsys, "-o", tmp_path / place)
        assert (code, out) == (1, "")
        assert err.startswith(f"error: {tmp_path / place}: ")
        assert len(err.splitlines()) == 1

    @pytest.mark.parametrize("option", [("--rounds", 19), ("--archives", 9), ("-j", -1)])
    def test_too_few_are_wrong_usage(self, monkeypatch, capsys, option):
        assert invoke(monkeypatch, capsys, *option)[0] == 2
