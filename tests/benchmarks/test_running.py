"""Tests of what the scripts share."""

import sys

import pytest

from framing.schema import InputError
from running import start, tell


def test_what_is_told_stands_beside_the_output(capsys):
    tell("round 1")
    assert capsys.readouterr() == ("", "round 1\n")


def test_a_script_gets_its_options_and_ends_well(monkeypatch):
    given = []

    def script(size: int = 5):
        given.append(size)

    monkeypatch.setattr(sys, "argv", ["script.py", "--size", "7"])
    with pytest.raises(SystemExit) as leaving:
        start(script)
    assert (leaving.value.code or 0, given) == (0, [7])


def test_an_error_is_one_line(monkeypatch, capsys):
    def script():
        raise InputError("no rows", where="a.csv", fix="give some")

    monkeypatch.setattr(sys, "argv", ["script.py"])
    with pytest.raises(SystemExit) as leaving:
        start(script)
    assert leaving.value.code == 1
    assert capsys.readouterr() == ("", "error: a.csv: no rows; give some\n")
