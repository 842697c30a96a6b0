"""Progress: a bar on a terminal, nothing in a pipe."""

from __future__ import annotations

import io
import sys

from framing.cli.progress import show_progress


class Terminal(io.StringIO):
    """A stream that takes itself for a terminal."""

    def isatty(self) -> bool:
        return True


def test_nothing_is_shown_in_a_pipe(capsys):
    with show_progress("classifying") as advance:
        advance(1, None)
        advance(2, 2)
    assert capsys.readouterr() == ("", "")


def test_a_bar_is_shown_on_a_terminal_and_only_on_stderr(monkeypatch, capsys):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with show_progress("training") as advance:
        advance(3, 4)
    assert "training" in terminal.getvalue()
    assert "3/4" in terminal.getvalue()
    assert capsys.readouterr().out == ""


def test_where_the_end_is_unknown_the_count_is_shown(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with show_progress("classifying") as advance:
        advance(17, None)
    assert "17/?" in terminal.getvalue()
