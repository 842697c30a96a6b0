"""Which files the paths on a command line stand for: files, folders and globs."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from framing.records.packing import PACKED_SUFFIXES, find_packing, strip_packing
from framing.records.tables import TABLE_SUFFIXES, find_format
from framing.schema import InputError

TEXT_SUFFIXES = (".txt", ".md", ".markdown", ".html", ".htm")
_PACKED = 4
"""How many times as large text is before it is packed, more or less."""
_TABLES = tuple(suffix for suffix in TABLE_SUFFIXES if suffix != ".json")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read, and whether it was named itself rather than found in a folder."""

    path: Path
    named: bool


def find_files(paths: Sequence[str | Path]) -> Iterator[FoundFile]:
    """Yield each file once, in the order of the paths, folders and globs in sorted order.

    In folders, hidden files, a ``README`` that explains the folder, and files of unknown suffixes
    are passed over.

    Raises
    ------
    InputError
        If a path is empty or missing, a glob matches nothing, or a folder holds nothing readable.
    """
    seen: set[Path] = set()
    for path in paths:
        if not str(path):  # pathlib would take it for the current folder
            raise InputError("a path is empty", where="''", fix="name a file or folder")
        for found in _expand(Path(path)):
            resolved = resolve(found.path)
            if resolved not in seen:
                seen.add(resolved)
                yield found


def resolve(path: Path) -> Path:
    """Return a file's absolute path, links followed; those of a folder once for all its files.

    >>> resolve(Path("/archive/a.md"))
    PosixPath('/archive/a.md')
    """
    return _resolve(path.absolute())


@lru_cache(1 << 12)
def _resolve(path: Path) -> Path:
    return path.resolve() if path.is_symlink() else _resolve_folder(path.parent) / path.name


@lru_cache(1 << 10)
def _resolve_folder(folder: Path) -> Path:
    return folder.resolve()


def _expand(path: Path) -> list[FoundFile]:
    if path.is_dir():
        return _list_folder(path)
    if path.exists():
        return [FoundFile(path, named=True)]
    if glob.has_magic(str(path)):
        return _list_glob(path)
    raise InputError("no such file or folder", where=str(path), fix="check the path")


def _list_folder(folder: Path) -> list[FoundFile]:
    files = [
        FoundFile(path, named=False)
        for path in sorted(folder.rglob("*"))
        if is_readable(path) and not _is_aside(path.relative_to(folder)) and path.is_file()
    ]
    if not files:
        known = ", ".join((*TEXT_SUFFIXES, *_TABLES))
        raise InputError(
            "nothing to read in this folder",
            where=str(folder),
            fix=f"it may hold {known}, plain or packed ({', '.join(PACKED_SUFFIXES)})",
        )
    return files


def _list_glob(pattern: Path) -> list[FoundFile]:
    matches = [Path(match) for match in sorted(glob.glob(str(pattern), recursive=True))]  # noqa: PTH207
    if not matches:
        raise InputError("no file matches", where=str(pattern), fix="check the pattern")
    files = [FoundFile(path, named=False) for path in matches if path.is_file()]
    folders = [path for path in matches if path.is_dir()] if not files else []
    return files + [found for folder in folders for found in _list_folder(folder)]


def _is_aside(relative: Path) -> bool:
    hidden = any(part.startswith(".") for part in relative.parts)
    return hidden or strip_packing(relative).stem.upper() == "README"


def is_readable(path: Path) -> bool:
    """Tell by its suffix whether a file found in a folder is one to read.

    >>> [is_readable(Path(name)) for name in ("a.md.gz", "a.csv", "a.json", "a.py")]
    [True, True, False, False]
    """
    plain = strip_packing(path)
    return plain.suffix.lower() in TEXT_SUFFIXES or is_table(plain)


def is_table(path: Path) -> bool:
    """Tell by its suffix whether a file is a table; ``.json`` only where it was named."""
    return find_format(path) is not None and strip_packing(path).suffix.lower() in _TABLES


def measure(path: Path) -> int:
    """Return about how many bytes a file holds once unpacked; 0 if it cannot be seen."""
    try:
        size = path.stat().st_size
    except OSError:
        return 0
    return _PACKED * size if find_packing(path) else size
