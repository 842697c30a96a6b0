"""Commands that are known before they are imported."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib import import_module

import pytest

from framing.cli import app as home
from framing.cli.commands import COMMANDS, DeferredCommand, load_command
from framing.cli.values import PlainCommand


@pytest.mark.parametrize("name", COMMANDS)
def test_each_line_is_the_first_of_the_commands_own_help(name):
    assert COMMANDS[name] == inspect.cleandoc(load_command(name).help).splitlines()[0]


def test_the_page_is_that_of_the_commands_themselves(run, monkeypatch):
    def load_all() -> list[object]:
        commands = [load_command(name) for name in COMMANDS]
        commands[-1].name = "codebook"  # a group has its name from where it is added
        return commands

    monkeypatch.setenv("COLUMNS", "100")
    page = run("--help").stdout
    monkeypatch.setattr(home, "list_commands", load_all)
    assert page == run("--help").stdout
    assert "Classify articles" in page


@pytest.mark.parametrize("name", COMMANDS)
def test_all_commands_read_their_words_alike(name):
    command = load_command(name)
    parts = getattr(command, "commands", {name: command}).values()
    assert {type(part) for part in parts} == {PlainCommand}


def test_no_second_output_takes_the_place_of_the_first(run, tmp_path):
    result = run("drift", "p.csv", "-o", tmp_path / "a.csv", "--output", tmp_path / "b.html")
    assert result.exit_code == 2
    assert "'--output' / '-o': it is given twice; give one value" in result.stderr


def test_listing_imports_none_of_them():
    code = (
        "import sys\nfrom framing.cli.commands import COMMANDS, list_commands\nlist_commands()\n"
        "assert not [c for c in COMMANDS if f'framing.cli.{c}' in sys.modules]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_the_modules_own(name):
    module, command = import_module(f"framing.cli.{name}"), load_command(name)
    if name == "codebook":
        assert list(command.commands) == ["show", "check", "init"]
    else:
        assert command.name == name
        assert command.callback.__wrapped__ is module.run


def test_the_command_behind_is_what_reads_the_words():
    deferred = DeferredCommand("predict", help="...")
    context = deferred.make_context("predict", ["a.txt", "-j", "3"])
    assert context.command is not deferred
    assert (list(context.params["articles"]), context.params["workers"]) == (["a.txt"], 3)
