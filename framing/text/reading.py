"""Articles from files, folders, globs, tables and standard input."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from framing.records.beginnings import tell_file_format
from framing.records.tables import find_format, read_rows
from framing.schema import Article, InputError, Problem, ProblemSink
from framing.text.paths import FoundFile, find_files, is_readable, is_table
from framing.text.standardinput import STDIN, describe_stdin, read_stdin
from framing.text.tablerows import (
    Table,
    describe_table,
    name_articles_apart,
    read_row_articles,
)

if TYPE_CHECKING:
    import pyarrow as pa

_PREDICTED = {"frames", "evidence", "model", "codebook"}
QUARANTINE_SUFFIX = ".quarantine.jsonl"


@dataclass(frozen=True, slots=True)
class FileDocument:
    """A file that is still to be read; `again` counts files that would bear the same id."""

    path: Path
    again: int = 1


Document = FileDocument | Article
"""A file to open, or a raw article out of a table."""


def find_documents(
    paths: Sequence[str | Path], *, stdin: BinaryIO | None = None, report: ProblemSink
) -> Iterator[Document]:
    """Yield what there is to read, cheaply: files unopened, and tables row by row.

    Parameters
    ----------
    paths : sequence of str or Path
        Files, folders, globs, or ``-`` for standard input.
    stdin : binary stream, optional
        What ``-`` stands for: a text, a web page, or a table, as its beginning tells.
    report : callable
        Receives a Problem for each row without text, date left out, or id that comes again.

    Raises
    ------
    InputError
        If a path is missing, a folder or glob holds nothing readable, a table has no column
        ``text``, or ``-`` is given without a stream.
    """
    from framing.text.files import name_file

    seen: Counter[str] = Counter()
    files = list(find_files([path for path in paths if str(path) != STDIN]))
    if any(str(path) == STDIN for path in paths):
        yield from name_articles_apart(read_stdin(stdin, report=report), report=report, seen=seen)
    for found in files:
        table = _find_table(found)
        if table is None:
            name = name_file(found.path)
            seen[name] += 1
            yield FileDocument(found.path, seen[name])
            continue
        articles = _read_table(table, found, report)
        yield from name_articles_apart(articles, report=report, seen=seen)


def list_inputs(paths: Sequence[str | Path]) -> Iterator[Path]:
    """Yield the files that would be read: not what an earlier command wrote into a folder.

    Raises
    ------
    InputError
        If a path is missing, or a folder or glob holds nothing readable.
    """
    for found in find_files([path for path in paths if str(path) != STDIN]):
        if found.named or not _was_written(found.path):
            yield found.path


def _was_written(path: Path) -> bool:
    """Tell an output of ours; a table that cannot be read is somebody else's."""
    try:
        return is_table(path) and _is_output(path)
    except InputError:
        return False


def _find_table(found: FoundFile) -> Table | None:
    """Return a file that was named as a table by its suffix, or by its beginning; others by suffix.

    None where it is none.
    """
    if is_table(found.path) or (found.named and find_format(found.path) is not None):
        return describe_table(found.path)
    known = not found.named or is_readable(found.path)
    kind = None if known else tell_file_format(found.path)
    return replace(describe_table(found.path), format=kind) if kind else None


def _read_table(table: Table, found: FoundFile, report: ProblemSink) -> Iterator[Article]:
    """Yield a table's articles; one that cannot be used stops the batch only if it was named.

    What an earlier command wrote into a folder of articles is none of them.
    """
    try:
        if not found.named and _is_output(found.path):
            reason = "written by framing, so no articles; to read it, name the file"
            report(Problem(str(found.path), reason, lost=False))
            return
        yield from read_row_articles(table, report=report)
    except InputError as error:
        if found.named:
            raise
        report(Problem(error.where or str(found.path), error.what))


def _is_output(path: Path) -> bool:
    """Tell predictions, coding sheets and quarantine files from tables of articles."""
    if path.name.endswith(QUARANTINE_SUFFIX):
        return True
    first = next(read_rows(path), None)
    columns = first.values.keys() if first else set()
    return columns >= _PREDICTED or ("coded" in columns and "coder" in columns)


def open_document(
    document: Document, *, report: ProblemSink, repairs: Counter[str] | None = None
) -> Article | None:
    """Read and clean one document; None, and a Problem, if it cannot be used.

    Parameters
    ----------
    document : FileDocument or Article
        As `find_documents` yields it.
    report : callable
        Receives a Problem for what was lost, and for flaws in what was kept.
    repairs : Counter, optional
        Receives what cleaning mended: name of the repair to number of places.
    """
    from framing.text.cleaning import clean_article

    raw = document if isinstance(document, Article) else _read_document(document, report)
    if raw is None:
        return None
    article = clean_article(raw, repairs=repairs)
    if not article.text:
        report(Problem(raw.origin, "no text left after cleaning", raw.text[:200]))
        return None
    return article


def _read_document(document: FileDocument, report: ProblemSink) -> Article | None:
    from framing.text.files import name_file, read_file

    raw = read_file(document.path, report=report)
    name = name_file(document.path)
    if raw is None or document.again == 1 or raw.id != name:
        return raw
    apart = f"{name}~{document.again}"
    report(Problem(raw.origin, f"id '{name}' comes again; renamed '{apart}'", lost=False))
    return replace(raw, id=apart)


def read_articles(
    paths: Sequence[str | Path] | str | Path,
    *,
    report: ProblemSink | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Article]:
    r"""Read, clean and yield the articles that some paths stand for.

    Parameters
    ----------
    paths : path or sequence of paths
        Files, folders, globs, tables, or ``-`` for standard input.
    report : callable, optional
        Receives a Problem for each flaw; without it flaws are passed over.
    stdin : binary stream, optional

    Raises
    ------
    InputError
        As `find_documents`.

    Examples
    --------
    >>> import io
    >>> [a.text for a in read_articles("-", stdin=io.BytesIO(b"Prices\r\nrose."))]
    ['Prices\n\nrose.']
    """
    sink = report or _ignore
    listed = [paths] if isinstance(paths, str | Path) else paths
    documents = find_documents(listed, stdin=stdin, report=sink)
    opened = (open_document(document, report=sink) for document in documents)
    yield from name_articles_apart((article for article in opened if article), report=sink)


def _ignore(problem: Problem) -> None:
    """Pass over a flaw that nobody asked about."""


def read_units(
    paths: Sequence[str | Path] | str | Path,
    *,
    report: ProblemSink | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of some tables as batches of units, their texts untouched.

    Parameters
    ----------
    paths : path or sequence of paths
        Tables, folders or globs of them, or ``-`` for JSONL or CSV on standard input.
    report : callable, optional
    stdin : binary stream, optional

    Yields
    ------
    Arrow record batch
        As `framing.text.unitbatches` describes it.

    Raises
    ------
    InputError
        If a path is not a table, or as `find_documents`.
    """
    from framing.text.tableunits import read_table_units
    from framing.text.takenids import TakenIds

    sink = report or _ignore
    listed = [paths] if isinstance(paths, str | Path) else list(paths)
    tables = list(_require_tables(listed))
    if any(str(path) == STDIN for path in listed):
        tables.insert(0, describe_stdin(stdin))
    seen = TakenIds()
    for table in tables:
        yield from read_table_units(table, report=sink, seen=seen)


def _require_tables(paths: Sequence[str | Path]) -> Iterator[Table]:
    for found in find_files([path for path in paths if str(path) != STDIN]):
        is_known = find_format(found.path) is not None
        table = describe_table(found.path) if is_known else _find_table(found)
        if table is None:
            raise InputError(
                "not a table, so it has no rows", where=str(found.path), fix="use --unit paragraph"
            )
        yield table
