"""Exit codes, help, and the one place where errors become a line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from framing.cli import app as home
from framing.cli.app import app
from framing.cli.commands import load_command
from framing.schema import InputError
from framing.version import VERSION

README = Path(__file__).parents[2] / "README.md"


def list_commands() -> list[str]:
    names = []
    for name in typer.main.get_command(app).commands:
        inner = getattr(load_command(name), "commands", None)
        names += [f"{name} {sub}" for sub in inner] if inner else [name]
    return names


COMMANDS = list_commands()


def test_the_commands_are_those_of_the_design():
    plain = ["demo", "label", "train", "predict", "evaluate", "explain", "drift", "card", "plan"]
    plain += ["agree", "audit"]
    assert [*plain, "codebook show", "codebook check", "codebook init"] == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_shows_an_example_that_can_be_copied(run, command, option):
    result = run(*command.split(), option)
    assert result.exit_code == 0
    assert result.stderr == ""
    examples = [line for line in result.stdout.splitlines() if "Example:" in line]
    assert len(examples) == 1
    assert f"Example: framing {command} " in examples[0] + " "
    assert examples[0].count('"') % 2 == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_the_options_of_the_example_exist(run, command):
    text = run(*command.split(), "--help").stdout
    (example,) = re.findall(r"Example: (.*)", text)
    for option in re.findall(r"(?<= )--?\w[\w-]*", example):
        assert re.search(rf"│.* {re.escape(option)}\b", text), option


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.skipif(not README.is_file(), reason="there is no README.md beside the tests")
def test_every_command_stands_in_the_readme(command):
    name, _, inner = command.partition(" ")
    pattern = rf"framing {name} [\w|]*\b{inner}\b" if inner else rf"framing {name}\b"
    assert re.search(pattern, README.read_text(encoding="utf-8"))


@pytest.mark.skipif(not README.is_file(), reason="there is no README.md beside the tests")
def test_every_command_and_option_in_the_readme_exists(run):
    blocks = re.findall(r"```console\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    lines = re.findall(r"^\$ framing (.*)$", "\n".join(blocks), re.MULTILINE)
    for line in lines:
        words = line.split(" #")[0].split()
        command = next(name for name in COMMANDS if line.startswith(name))
        text = run(*command.split(), "--help").stdout
        for option in [word for word in words if re.fullmatch(r"--?[a-z][\w-]*", word)]:
            assert re.search(rf"│.* {re.escape(option)}\b", text), line


def test_version(run, monkeypatch):
    monkeypatch.setattr("framing.scoring.extension.kernel", object())
    result = run("--version")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"framing {VERSION} (scorer: compiled)\n"


def test_version_says_that_no_scorer_was_compiled(run, monkeypatch):
    monkeypatch.setattr("framing.scoring.extension.kernel", None)
    assert "(scorer: in Python, as no C compiler" in run("--version").stdout


def test_without_a_command_it_shows_help(run):
    result = run()
    assert result.exit_code == 2
    assert "Start with: framing demo" in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("--nonsense",),
        ("predict",),
        ("predict", "a.txt", "--unit", "page"),
        ("predict", "a.txt", "--workers", "-1"),
        ("predict", "a.txt", "--workers", "two"),
        ("label", "a.txt"),
        ("label", "a.txt", "-o", "sheet.csv"),
        ("evaluate",),
        ("evaluate", "m", "c.csv", "--seed", "-1"),
        ("train", "c.csv", "--seed", str(2**32)),
        ("train", "c.csv", "--resamples", "99"),
        ("train", "c.csv", "--splits", "paragraph"),
        ("explain",),
        ("drift",),
        ("drift", "p.csv", "--over", "week"),
        ("agree",),
        ("codebook", "edit"),
        ("codebook", "init"),
    ],
)
def test_wrong_usage_is_exit_code_2(run, arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage: framing" in result.stderr


class TestErrors:
    """Errors raised inside a command, as the group turns them into lines and codes."""

    @pytest.fixture
    def fail(self, monkeypatch):
        def invoke(error: BaseException):
            broken = typer.Typer(cls=home._Commands)

            @broken.callback()
            def group() -> None:
                """Hold the command."""

            @broken.command()
            def go() -> None:
                raise error

            return CliRunner().invoke(broken, ["go"])

        return invoke

    def test_a_users_error_is_one_line(self, fail):
        result = fail(InputError("no column 'text'", where="a.csv", fix="name it"))
        assert result.exit_code == 1
        assert result.stderr == "error: a.csv: no column 'text'; name it\n"

    def test_no_memory(self, fail):
        result = fail(MemoryError())
        assert result.exit_code == 1
        assert result.stderr == ("error: not enough memory; use fewer --workers or smaller input\n")

    def test_an_interrupt(self, fail):
        result = fail(KeyboardInterrupt())
        assert result.exit_code == 130
        assert result.stderr == "interrupted; nothing was left half-written\n"

    def test_a_reader_that_has_gone_is_no_error(self, fail):
        result = fail(BrokenPipeError())
        assert (result.exit_code, result.stderr) == (0, "")

    def test_what_the_system_refuses(self, fail):
        result = fail(OSError(28, "No space left on device"))
        assert (result.exit_code, result.stderr) == (1, "error: no space left on device\n")

    def test_what_the_system_refuses_is_named(self, fail):
        result = fail(PermissionError(13, "Permission denied", "/vault"))
        assert (result.exit_code, result.stderr) == (1, "error: /vault: permission denied\n")

    def test_a_bug_is_not_hidden(self, fail):
        assert isinstance(fail(ZeroDivisionError()).exception, ZeroDivisionError)


def start(*arguments: object, **options: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "framing", *map(str, arguments)], stderr=subprocess.PIPE, **options
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("command", ["predict", "explain"])
def test_no_room_on_stdout_is_one_line(command, articles, model_file):
    with Path("/dev/full").open("wb") as full:
        process = start(command, articles, "-m", model_file, stdout=full)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors == b"error: no space left on device\n"


@pytest.mark.parametrize("command", ["predict", "explain"])
def test_a_reader_that_leaves_early_is_no_error(command, articles, model_file):
    """So little output that some is still buffered when the command ends."""
    reading, writing = os.pipe()
    os.close(reading)
    article = articles / "post" / "day-0.md"
    options = ("--no-evidence",) if command == "predict" else ()
    process = start(command, article, "-m", model_file, *options, stdout=writing)
    os.close(writing)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, b"")


def test_a_terminal_of_few_characters_is_no_error(model_file):
    process = start(
        *("explain", "--text", "The café — a loan"),
        *("-m", model_file),
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, b"")
    assert rb"The caf\xe9 \u2014 a loan" in output
