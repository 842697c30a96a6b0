"""Tests of the comparison of start-up times."""

from __future__ import annotations

import sys

import typer
from typer.testing import CliRunner

import coldstart
from coldstart import SCIKIT_LEARN, format_costs, list_commands, take_turns
from timed.costs import Cost


def test_the_first_round_does_not_count(tmp_path, monkeypatch):
    ran = []

    def measure(command, *, folder):
        ran.append(command)
        return Cost(len(ran), 0.0, 0.0)

    monkeypatch.setattr(coldstart, "measure_command", measure)
    costs = take_turns({"a": ["a"], "b": ["b"]}, tmp_path, 2)
    assert ran == [["a"], ["b"]] * 3
    assert [cost.seconds for cost in costs["b"]] == [4, 6]


def test_ratios_are_those_of_each_round():
    def run(*seconds):
        return [Cost(s, s / 2, 0) for s in seconds]

    table = format_costs({"framing --help": run(1, 3, 2), SCIKIT_LEARN: run(10, 10, 40)})
    line = next(line for line in table.splitlines() if line.startswith("| framing --help"))
    assert [cell.strip() for cell in line.split("|")[2:-1]] == [
        *("2.000", "1.000", "0.100", "0.100", "0.125"),
    ]


def test_commands_are_run_and_laid_out(tmp_path, monkeypatch):
    all_of_them = list_commands(sys.executable, tmp_path / "one.jsonl")
    few = {"predict": all_of_them["predict"], SCIKIT_LEARN: all_of_them["python"]}
    (tmp_path / "one.jsonl").write_text('{"text": "Ore."}\n', encoding="utf-8")
    monkeypatch.setattr(coldstart, "list_commands", lambda *_: few)
    app, place = typer.Typer(), tmp_path / "out.md"
    app.command()(coldstart.run)
    done = CliRunner().invoke(app, ["--rounds", "1", "-o", str(place)])
    assert done.exit_code == 0, done.output
    assert "| predict " in place.read_text(encoding="utf-8")
