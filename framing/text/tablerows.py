"""Rows of a table, one by one, as raw articles or as units that are left as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from framing.records.cells import is_missing, parse_date, parse_text
from framing.records.packing import strip_packing
from framing.records.rows import Row, require_column
from framing.records.tables import TableFormat, read_rows
from framing.schema import Article, Paragraph, Problem, ProblemSink
from framing.text.takenids import TakenIds


@dataclass(frozen=True, slots=True)
class Table:
    """A table to read: a file, or a stream with its format."""

    source: Path | BinaryIO
    name: str
    stem: str
    format: TableFormat | None = None


def describe_table(path: Path) -> Table:
    """Return a file as a table named as its user named it.

    >>> describe_table(Path("data/news.csv.gz")).stem
    'news'
    """
    return Table(path, str(path), strip_packing(path).stem)


def read_row_articles(table: Table, *, report: ProblemSink) -> Iterator[Article]:
    """Yield one raw article a row, under its ``article``, its ``id``, or ``stem:row``.

    Raises
    ------
    InputError
        If there is no column ``text``.
    """
    rows = read_rows(table.source, format=table.format, report=report, name=table.name)
    for row, place in _skip_blank(require_texts(rows, table.name), table.name, report):
        values = row.values
        name = parse_text(values.get("article")) or parse_text(values.get("id"))
        yield Article(
            id=name or f"{table.stem}:{row.number}",
            text=str(values["text"]),
            title=parse_text(values.get("title")),
            source=parse_text(values.get("source")),
            date=read_date(values.get("date"), place=place, report=report),
            kind=parse_text(values.get("kind")),
            origin=place,
        )


def build_units(
    rows: Iterable[Row],
    *,
    name: str,
    stem: str,
    report: ProblemSink,
    seen: TakenIds | None = None,
) -> Iterator[Paragraph]:
    """Make each row one unit, its text untouched, under its ``id`` or ``stem:row``.

    The column ``target``, where there is one, names whom the text is asked about.

    Parameters
    ----------
    rows : iterable of Row
        Of a table that is known to have a column ``text``.
    name, stem : str
        What the table is called in messages, and in ids.
    report : callable
        Receives a Problem for each row without text, date left out, or id that comes again.
    seen : TakenIds, optional
        Ids that are taken already; it is added to.
    """
    seen = seen or TakenIds()
    for row, place in _skip_blank(rows, name, report):
        values, text = row.values, str(row.values["text"])
        given = parse_text(values.get("id")) or f"{stem}:{row.number}"
        unit = seen.name_apart(given, place=place, report=report)
        yield Paragraph(
            id=unit,
            article=parse_text(values.get("article")) or unit,
            text=text,
            start=0,
            end=len(text),
            title=parse_text(values.get("title")),
            source=parse_text(values.get("source")),
            date=read_date(values.get("date"), place=place, report=report),
            mention=parse_text(values.get("target")),
        )


def require_texts(rows: Iterable[Row], name: str) -> Iterator[Row]:
    """Yield the rows of a table by that name.

    Raises
    ------
    InputError
        If the first has no column ``text``.
    """
    for number, row in enumerate(rows):
        if number == 0:
            require_column("text", row.values, where=name)
        yield row


def _skip_blank(rows: Iterable[Row], name: str, report: ProblemSink) -> Iterator[tuple[Row, str]]:
    """Yield rows that have a text, with their places."""
    for row in rows:
        place = f"{name}, row {row.number}"
        if is_missing(row.values.get("text")):
            report(Problem(place, "no text", _show(row.values)))
            continue
        yield row, place


def _show(values: dict[str, Any]) -> str:
    return " ".join(str(value) for value in values.values() if not is_missing(value))[:200]


def read_date(value: Any, *, place: str, report: ProblemSink) -> str | None:
    """Return a date in ISO 8601; one that cannot be read is reported and left out."""
    try:
        return parse_date(value)
    except ValueError as error:
        report(Problem(place, f"date left out: {error}", str(value)[:200], lost=False))
        return None


def name_articles_apart(
    articles: Iterable[Article], *, report: ProblemSink, seen: Counter[str] | None = None
) -> Iterator[Article]:
    """Yield articles under distinct ids: one that comes again gets ``~2``, ``~3``.

    Parameters
    ----------
    articles : iterable of Article
    report : callable
        Receives a Problem for each id that comes again.
    seen : Counter, optional
        Ids that are taken already; it is added to.

    Examples
    --------
    >>> twice = [Article("a", "One."), Article("a", "Two.")]
    >>> [article.id for article in name_articles_apart(twice, report=print)]
    Problem(where='', reason="id 'a' comes again; renamed 'a~2'", content='', lost=False)
    ['a', 'a~2']
    """
    seen = Counter() if seen is None else seen
    for article in articles:
        name = name_apart(article.id, seen, place=article.origin, report=report)
        yield article if name == article.id else replace(article, id=name)


def name_apart(name: str, seen: Counter[str], *, place: str, report: ProblemSink) -> str:
    """Return a name that was not seen before, and report one that was."""
    seen[name] += 1
    if seen[name] == 1:
        return name
    apart = f"{name}~{seen[name]}"
    while apart in seen:
        seen[name] += 1
        apart = f"{name}~{seen[name]}"
    seen[apart] += 1
    report(Problem(place, f"id '{name}' comes again; renamed '{apart}'", lost=False))
    return apart
