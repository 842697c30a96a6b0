"""Plain values, beside what Typer makes of the same words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Optional

import pytest
import typer
from typer.core import TyperCommand
from typer.testing import CliRunner

from framing.cli.options import Unit
from framing.cli.values import PlainCommand, PlainValues


def build(cls: type[TyperCommand]) -> typer.Typer:
    app = typer.Typer(add_completion=False)

    @app.command(cls=cls)
    def go(  # noqa: PLR0917  an option is a parameter
        files: Annotated[Optional[list[Path]], typer.Argument()] = None,  # noqa: UP045
        whole: Annotated[int, typer.Option(min=0, max=99)] = 7,
        part: Annotated[float, typer.Option(min=0.5, max=5)] = 0.9,
        free: Annotated[int, typer.Option()] = 0,
        unit: Annotated[Unit, typer.Option()] = Unit.paragraph,
        name: Annotated[Optional[str], typer.Option()] = None,  # noqa: UP045
        names: Annotated[Optional[list[str]], typer.Option()] = None,  # noqa: UP045
        file: Annotated[Optional[Path], typer.Option()] = None,  # noqa: UP045
        pair: Annotated[Optional[tuple[str, str]], typer.Option()] = None,  # noqa: UP045
        flag: bool = True,
        there: Annotated[Path, typer.Option(exists=True)] = Path(),
        folder: Annotated[Path, typer.Option(file_okay=False)] = Path(),
        clamped: Annotated[int, typer.Option(max=9, clamp=True)] = 1,
        parsed: Annotated[str, typer.Option(parser=str.upper)] = "x",
        loose: Annotated[Unit, typer.Option(case_sensitive=False)] = Unit.row,
    ) -> None:
        plain = [files, whole, part, free, unit, name, names, file, pair, flag]
        typer.echo(repr([*plain, there, folder, clamped, parsed, loose]))

    return app


PLAIN, FULL = build(PlainCommand), build(TyperCommand)

WORDS = [
    [],
    ["a.csv"],
    ["a.csv", "é b/.."],
    ["--", "-a"],
    ["--whole", "0"],
    ["--whole", "99"],
    ["--whole", "100"],
    ["--whole", "-1"],
    ["--whole", "007"],
    ["--whole", " 7"],
    ["--whole", "+7"],
    ["--whole", "7.0"],
    ["--whole", "7.5"],
    ["--whole", "٣"],
    ["--whole", ""],
    ["--whole", "seven"],
    ["--free", "1" * 15],
    ["--free", "1" * 40],
    ["--free", "-3"],
    ["--free", "1_000"],
    ["--part", "1"],
    ["--part", "0"],
    ["--part", "6"],
    ["--part", "0.5"],
    ["--part", "0.49"],
    ["--part", "1e0"],
    ["--part", "nan"],
    ["--unit", "row"],
    ["--unit", "ROW"],
    ["--unit", "page"],
    ["--unit", ""],
    ["--name", ""],
    ["--name", " x "],
    ["--names", "a", "--names", "b"],
    ["--file", "b c.txt"],
    ["--file", ""],
    ["--file", "-"],
    ["--pair", "a", "b"],
    ["--pair", "a"],
    ["--no-flag"],
    ["--there", "nowhere"],
    ["--folder", __file__],
    ["--clamped", "12"],
    ["--parsed", "ore"],
    ["--loose", "ROW"],
]


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_a_value_is_what_typer_makes_of_it(words):
    plain, full = (CliRunner().invoke(app, words) for app in (PLAIN, FULL))
    assert (plain.exit_code, plain.stdout) == (full.exit_code, full.stdout)
    assert plain.stderr == full.stderr
    assert plain.exit_code in (0, 2)


@pytest.mark.parametrize(
    "words",
    [
        ["--name", "a", "--name", "a"],
        ["--name=a", "x.csv", "--whole", "1", "--name", "b"],
        ["--pair", "a", "b", "--pair", "c", "d"],
    ],
)
def test_a_second_value_is_refused(words):
    result = CliRunner().invoke(PLAIN, words)
    assert result.exit_code == 2
    option = "--pair" if "--pair" in words else "--name"
    assert f"'{option}': it is given twice; give one value" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--names", "a", "--names", "b"],
        ["--flag", "--no-flag", "--no-flag"],
        ["--name", "--name"],
        ["a.csv", "b.csv", "--name", "a", "--", "--name"],
    ],
)
def test_what_may_be_repeated_is_left_alone(words):
    plain, full = (CliRunner().invoke(app, words) for app in (PLAIN, FULL))
    assert (plain.exit_code, plain.stdout) == (full.exit_code, full.stdout) != (2, "")


def test_a_file_that_is_closed_to_us_is_typers_to_refuse(tmp_path, monkeypatch):
    path = tmp_path / "closed"
    path.touch()
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    plain, full = (CliRunner().invoke(app, ["--file", str(path)]) for app in (PLAIN, FULL))
    assert (plain.exit_code, plain.stderr) == (full.exit_code, full.stderr)
    assert plain.exit_code == 2


def test_the_help_is_typers():
    plain, full = (CliRunner().invoke(app, ["--help"]).stdout for app in (PLAIN, FULL))
    assert plain == full
    assert "--whole" in plain


class Parameter:
    multiple = False
    nargs = 1


class Bounds:
    min = None
    max = None


@pytest.mark.parametrize(
    ("kind", "value"),
    [(int, "7"), (int, 7), (float, "7"), (float, 0.5), (str, "x"), (Path, "x"), (Unit, "row")],
)
def test_a_plain_value_asks_nobody(kind, value):
    taken = PlainValues(kind, Bounds, pytest.fail).coerce(value, Parameter, None)
    assert type(taken) is (type(Path()) if kind is Path else kind)
    assert str(taken) == str(kind(value))


@pytest.mark.parametrize(("kind", "value"), [(int, "x"), (int, True), (str, b"x"), (bool, "yes")])
def test_all_else_is_handed_on(kind, value):
    class Full:
        @staticmethod
        def coerce(value, param, ctx):
            return "handed on", value, param, ctx

    taken = PlainValues(kind, Bounds, Full).coerce(value, Parameter, "context")
    assert taken == ("handed on", value, Parameter, "context")


def test_plain_words_load_no_checker():
    code = (
        "import sys\nsys.argv = ['framing', 'explain', '--text', 'x', '--target', ' ']\n"
        "from framing.cli.app import main\n"
        "try:\n    main()\nexcept SystemExit as leaving:\n    assert leaving.code == 2\n"
        "assert 'pydantic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
