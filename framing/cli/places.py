"""Where results go: checked before long work, so that nothing is lost and nothing overwritten."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from framing.schema import InputError, OutputError

_MODEL_SUFFIX = ".safetensors"


def check_place(path: Path) -> None:
    """Refuse a file that could not be written, before long work rather than after it.

    Raises
    ------
    OutputError
        If it is a folder, its folder is missing or closed to us, or it is ``-``.
    """
    if str(path) == "-":
        raise OutputError("this cannot go to standard output", where="-", fix="name a file")
    if path.is_dir():
        raise OutputError("this is a folder", where=str(path), fix="name a file")
    if _is_device(path):
        return
    folder = path.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        reason = "permission denied" if folder.is_dir() else "no such folder"
        raise OutputError(
            f"cannot be written ({reason})", where=str(path), fix="choose another place"
        )


def check_model_place(path: Path) -> None:
    """Refuse a model file that could not be written, or that nothing would take for one.

    Raises
    ------
    OutputError
        As `check_place`, or if it ends in anything but .safetensors and is no device.
    """
    check_place(path)
    if path.suffix.lower() != _MODEL_SUFFIX and not _is_device(path):
        raise OutputError(
            "a model file ends in .safetensors",
            where=str(path),
            fix=f"name it {path.stem or 'model'}{_MODEL_SUFFIX}",
        )


def check_table(path: Path, *, others: Sequence[str] = ()) -> None:
    """Refuse a table whose suffix names no format, before long work rather than after it.

    Parameters
    ----------
    path : Path
    others : sequence of str
        Suffixes that stand for something else than a table.

    Raises
    ------
    InputError
        If it is none of these, and none of .csv, .jsonl and .parquet.
    """
    from framing.records.tables import find_format

    if path.suffix.lower() not in others and find_format(path) is None:
        allowed = ", ".join([*others, ".csv", ".jsonl"])
        raise InputError(
            "the suffix names no format", where=str(path), fix=f"use {allowed} or .parquet"
        )


def check_new(path: Path, noun: str) -> None:
    """Refuse a file that is there already, where it may hold hours of somebody's work.

    Raises
    ------
    OutputError
        If there is a file; `noun` says what it is.
    """
    if path.is_file():
        raise OutputError(
            f"there is a {noun} already", where=str(path), fix="name another, or move it away"
        )


def check_apart(outputs: Iterable[Path | None], *, inputs: Iterable[Path | str | None]) -> None:
    """Refuse an output that would overwrite an input or another output; a device may be both.

    Parameters
    ----------
    outputs : iterable of path or None
        None stands for an output that was not asked for.
    inputs : iterable of path or None
        Drawn only where an output stands already.

    Raises
    ------
    OutputError
        If two are the same file.
    """
    files = [path for path in outputs if path is not None and not _is_device(path)]
    for number, path in enumerate(files):
        if any(_are_same(path, other) for other in files[:number]):
            raise OutputError(
                "two outputs would go there", where=str(path), fix="give each a file of its own"
            )
    standing = [path for path in files if path.exists()]
    for given in inputs if standing else ():
        for path in standing:
            if given is not None and _are_same(path, Path(given)):
                raise OutputError(
                    "this is an input, which would be overwritten",
                    where=str(path),
                    fix="name another file for the output",
                )


def list_coded_files(
    data: Sequence[Path] | None,
    *,
    seeds: Path | None = None,
    labels: Path | None = None,
    codebook: Path | None = None,
) -> Iterator[Path]:
    """Yield the files that coded units would be gathered from."""
    from framing.coding.labels import find_label_files
    from framing.text.reading import list_inputs

    yield from data or ()
    if codebook is not None:
        yield codebook
    if seeds is not None:
        yield from list_inputs([seeds])
    if labels is not None:
        files = find_label_files(labels)
        yield from files
        yield from (folder / "codebook.yaml" for folder in list(files[0].parents)[:2])


def _is_device(path: Path) -> bool:
    return path.exists() and not path.is_file()


def _are_same(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()
