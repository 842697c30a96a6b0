"""Coded units out of what users keep them in: tables, sheets, and labels beside their articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from framing.coding.codebook import infer_codebook, read_codebook
from framing.coding.codings import join_codings, merge_coders, read_coded, read_labels
from framing.coding.scheme import Codebook
from framing.records.tables import find_format, read_rows
from framing.schema import CodedUnit, Coding, InputError, MismatchError, Problem, ProblemSink
from framing.scoring.mentions import count_missing
from framing.scoring.model import Model
from framing.shipped import find_codebook
from framing.text.reading import read_articles
from framing.text.segmentation import segment

if TYPE_CHECKING:
    import pandas as pd

PathLike = str | Path


@dataclass(frozen=True, slots=True)
class CodedData:
    """Coded units, one coding each, and the codebook that they follow."""

    units: list[CodedUnit]
    codebook: Codebook


def gather_coded(
    data: PathLike | Sequence[PathLike] | pd.DataFrame = (),
    *,
    seeds: PathLike | None = None,
    labels: PathLike | None = None,
    codebook: PathLike | Codebook | None = None,
    default: Codebook | None = None,
    report: ProblemSink | None = None,
) -> CodedData:
    """Gather coded units from tables, from articles with their labels, or from both.

    Parameters
    ----------
    data : path, sequence of paths, or DataFrame
        Coded data, coding sheets among them.
    seeds, labels : path
        A folder of articles, and the folder (or file) of codings joined to them by id.
    codebook : path or Codebook, optional
        Without it: ``codebook.yaml`` in the labels' folder or the one above, or else `default`.
    default : Codebook, optional
        Labels that it lacks are left out and reported, not refused. Without it: the shipped
        codebook for sheets that it wrote, or else what occurs in the data. A frame that occurs
        nowhere then counts as not coded, although a list without it says that it is absent.
    report : callable, optional

    Raises
    ------
    InputError
        If there is nothing coded, only one of `seeds` and `labels` is given, or labels are not in
        the codebook (of the default one: none is).
    """
    if (seeds is None) != (labels is None):
        missing = "--labels" if labels is None else "--seeds"
        raise InputError(f"{missing} is missing", fix="give --seeds and --labels together")
    found = _find_book(codebook, labels)
    book = found or default or _recognise_book(data)
    known_only = found is None and default is not None
    units = _read_tables(data, book, report, known_only=known_only)
    if seeds is not None and labels is not None:
        if book is None:
            raise InputError(
                "no codebook for these labels", where=str(labels), fix="give --codebook FILE"
            )
        units += _read_seeds(seeds, labels, book, report=report, known_only=known_only)
    if not units:
        raise InputError("no coded units", fix="give coded data, or --seeds and --labels")
    merged = merge_coders(units)
    if merged.tied and report:
        report(
            Problem(
                "coders",
                f"{merged.tied} of {merged.cells} cells left uncoded, since coders were split "
                "evenly (adjudicate them to use them)",
                lost=False,
            )
        )
    _report_missing(merged.units, report)
    return CodedData(merged.units, book or infer_codebook(merged.units, report=report))


def _report_missing(units: Sequence[CodedUnit], report: ProblemSink | None) -> None:
    """Say how many texts lack the target that they are coded for: nothing stands around it."""
    n_missing, n_named = count_missing((u.paragraph.text, u.paragraph.mention) for u in units)
    if n_missing and report:
        reason = f"{n_missing} of {n_named} targets are not in their text"
        report(Problem("column 'target'", f"{reason}; write them as it does", lost=False))


def _find_book(codebook: PathLike | Codebook | None, labels: PathLike | None) -> Codebook | None:
    if isinstance(codebook, Codebook):
        return codebook
    if codebook is not None:
        return read_codebook(codebook)
    if labels is None:
        return None
    folder = Path(labels) if Path(labels).is_dir() else Path(labels).parent
    beside = [place / "codebook.yaml" for place in (folder, folder.parent)]
    return next((read_codebook(path) for path in beside if path.is_file()), None)


def _recognise_book(data: PathLike | Sequence[PathLike] | pd.DataFrame) -> Codebook | None:
    """Return the shipped codebook if all data are sheets with exactly its frames and targets.

    Such sheets were written by it, and only a codebook says what their blank cells mean.
    """
    if not isinstance(data, str | Path | Sequence) or not data:
        return None
    book = read_codebook(find_codebook())
    wanted = {f"frame:{f}" for f in book.frame_ids} | {f"stance:{t}" for t in book.target_ids}
    for path in [data] if isinstance(data, str | Path) else data:
        first = next(read_rows(Path(path)), None) if find_format(Path(path)) else None
        columns = set(first.values) if first else set()
        if {c for c in columns if c.startswith(("frame:", "stance:"))} != wanted:
            return None
    return book


def _read_tables(
    data: PathLike | Sequence[PathLike] | pd.DataFrame,
    book: Codebook | None,
    report: ProblemSink | None,
    *,
    known_only: bool,
) -> list[CodedUnit]:
    if isinstance(data, str | Path):
        data = [data]
    if isinstance(data, Sequence):
        if not data:
            return []
        return read_coded(list(data), codebook=book, report=report, known_only=known_only)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "DataFrame.jsonl"
        data.to_json(path, orient="records", lines=True, force_ascii=False, date_format="iso")
        return read_coded([path], codebook=book, report=report, known_only=known_only)


def _read_seeds(
    seeds: PathLike,
    labels: PathLike,
    book: Codebook,
    *,
    report: ProblemSink | None,
    known_only: bool,
) -> list[CodedUnit]:
    paragraphs = [
        unit for article in read_articles(seeds, report=report) for unit in segment(article)
    ]
    codings = read_labels(labels, book, report=report, known_only=known_only)
    return join_codings(paragraphs, codings, report=report)


def gather_coders(
    paths: Sequence[PathLike],
    *,
    codebook: PathLike | None = None,
    default: Codebook | None = None,
    report: ProblemSink | None = None,
) -> tuple[dict[str, list[Coding]], Codebook | None]:
    """Gather the codings of each coder from labels files, sheets or coded data.

    Parameters
    ----------
    paths : sequence of path
        One file a coder, or files with a column ``coder``.
    codebook : path, optional
        Without it: ``codebook.yaml`` beside the first file, `default`, or else what occurs in the
        data, which then needs texts.
    default : Codebook, optional
        Labels that it lacks are left out and reported, not refused.
    report : callable, optional

    Returns
    -------
    dict of str to list of Coding
        By coder.
    Codebook or None
        The one that they follow, if it was given or found.

    Raises
    ------
    InputError
        If a file cannot be read.
    """
    own = _find_book(codebook, paths[0]) or _recognise_book(paths)
    book = own or default
    found: dict[str, list[Coding]] = {}
    if book is None:
        for unit in _read_coders(paths, report):
            found.setdefault(unit.coding.coder, []).append(unit.coding)
        return found, None
    for path in paths:
        for coding in read_labels(path, book, report=report, known_only=own is None):
            found.setdefault(coding.coder, []).append(coding)
    return found, book


def _read_coders(paths: Sequence[PathLike], report: ProblemSink | None) -> list[CodedUnit]:
    try:
        return read_coded(list(paths), report=report, name_coders=True)
    except InputError as error:
        if "'text'" not in error.what:
            raise
        raise InputError(
            "codings without texts and without a codebook",
            where=error.where,
            fix="give --codebook FILE",
        ) from error


def check_same_codebook(model: Model, data: CodedData, *, where: str) -> None:
    """Refuse codings that do not name the model's frames and targets.

    Raises
    ------
    MismatchError
        If none of the model's labels is coded in the data.
    """
    wanted = {*model.frame_ids, *(head.target for head in model.stances)}
    given = {*data.codebook.frame_ids, *data.codebook.target_ids}
    if not wanted & given:
        raise MismatchError(
            f"the data is coded for {', '.join(sorted(given)[:5])}, the model predicts "
            f"{', '.join(sorted(wanted)[:5])}",
            where=where,
            fix="evaluate on data coded with the model's codebook",
        )


def find_default_codebook(codebook: PathLike | None) -> Codebook:
    """Read a codebook, or the one that comes with the package."""
    return read_codebook(codebook or find_codebook())
