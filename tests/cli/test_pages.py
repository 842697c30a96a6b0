"""Help without what it never shows."""

from __future__ import annotations

import subprocess
import sys

import pytest

from framing.cli import pages


def check(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_neither_markdown_nor_tracebacks_are_loaded():
    check(
        "import sys\nfrom framing.cli.pages import load_pages\nload_pages()\n"
        "assert 'typer.rich_utils' in sys.modules\n"
        "assert not {'markdown_it', 'pygments', 'rich.markdown'} & set(sys.modules)"
    )


def test_they_can_be_had_afterwards():
    check(
        "from framing.cli.pages import load_pages\nload_pages()\n"
        "from rich.markdown import Markdown\nfrom rich.traceback import Traceback\n"
        "assert Markdown('# Ore').parsed and Traceback.extract"
    )


def test_what_is_loaded_already_stays():
    check(
        "import rich.markdown, sys\nbefore = sys.modules['rich.markdown']\n"
        "from framing.cli.pages import load_pages\nload_pages()\n"
        "import typer.rich_utils\n"
        "assert sys.modules['rich.markdown'] is before\n"
        "assert typer.rich_utils.Markdown is before.Markdown"
    )


@pytest.mark.parametrize("line", ["from rich.markdown import Parser", "Markdown.parsed"])
def test_pages_that_want_more_are_loaded_whole(tmp_path, monkeypatch, line):
    (tmp_path / "wanting.py").write_text(f"from rich.markdown import Markdown\n{line}\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(pages, "_PAGES", "wanting")
    for name in ("rich.markdown", "wanting"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    pages.load_pages()
    assert "wanting" not in sys.modules
    assert "rich.markdown" not in sys.modules
