"""Folders of part files: a folder stands under its final name whole, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from framing.records.writing import explain_failure
from framing.schema import OutputError


def check_absent(path: Path) -> None:
    """Refuse a folder that would stand where something stands already.

    Raises
    ------
    OutputError
    """
    if path.exists():
        noun = "folder" if path.is_dir() else "file"
        raise OutputError(
            f"there is a {noun} already", where=str(path), fix="name another, or remove it"
        )


@contextmanager
def open_folder(path: Path) -> Iterator[Path]:
    """Make a hidden neighbour of `path` and give it the final name once the block has ended well.

    When the block raises, Ctrl-C included, the neighbour is removed.

    Raises
    ------
    OutputError
        If something stands there already, or nothing can be written there.
    """
    check_absent(path)
    aside = path.absolute().with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with explain_failure(path):
            aside.mkdir()
            yield aside
            aside.rename(path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def name_parts(files: Sequence[Path], folder: Path, suffix: str) -> None:
    """Move files into a folder as ``part-00000``, ``part-00001``, ... with a suffix."""
    for number, file in enumerate(files):
        file.rename(folder / f"part-{number:05d}{suffix}")
