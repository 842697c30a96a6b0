"""Coded data: units with their codings, out of the tables that users keep them in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

from framing.coding.joining import join_codings, take_excerpt
from framing.coding.labels import (
    MISFIT_FIX,
    Label,
    label_columns,
    label_rows,
    read_labels,
)
from framing.coding.merging import Merged, merge_coders
from framing.coding.mistakes import Mistakes
from framing.coding.repeats import combine_repeats
from framing.coding.rows import CodedRow, read_coded_rows, stem_of
from framing.coding.vocabulary import infer_vocabulary, pool_mentions, take_vocabulary
from framing.records.cells import is_missing, parse_date, parse_text
from framing.records.rows import require_column
from framing.schema import (
    CodedUnit,
    CodingError,
    InputError,
    Paragraph,
    Problem,
    ProblemSink,
    UnitKind,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from framing.coding.scheme import Codebook

__all__ = [
    "Label",
    "Merged",
    "join_codings",
    "label_columns",
    "label_rows",
    "merge_coders",
    "read_coded",
    "read_labels",
]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row that has a text, made into a paragraph; its codes are still as the coder wrote them."""

    paragraph: Paragraph
    row: CodedRow


def read_coded(
    paths: Sequence[Path | str],
    *,
    codebook: Codebook | None = None,
    report: ProblemSink | None = None,
    name_coders: bool = False,
    known_only: bool = False,
) -> list[CodedUnit]:
    """Read coded data from CSV, JSONL or Parquet files, coding sheets among them.

    Columns: ``text``; and, where there are any, ``id``, ``article``, ``source``, ``date``,
    ``title``, ``kind``, ``coder``, ``frames`` (a list, which codes every frame; blank is not
    coded) and ``stance`` (an object, columns ``stance:TARGET``, or a value beside a column
    ``target``). Others, such as ``weight``, are not read.

    The column ``target`` may hold categories or mentions. At most 20 names with at least 10 rows
    each are categories. Otherwise all are pooled into one target ``target``, and each unit keeps
    the mention that it is about.

    A row without id is called ``stem:row``; one without article is an article of its own.

    Parameters
    ----------
    paths : sequence of path
    codebook : Codebook, optional
        What may be coded; frames and targets may be called by name, in any case. Without it, what
        occurs in the data is what may be coded.
    report : callable, optional
        Receives rows left out (no text, exact repeats) and values left out (dates that are none).
    name_coders : bool
        Name a coder after the file where no column does.
    known_only : bool
        Leave out and report the names that the codebook lacks, unless it knows none.

    Returns
    -------
    list of CodedUnit
        In input order, one a unit and coder. What was not coded is absent from the mappings.

    Raises
    ------
    InputError
        If a file cannot be read, has no column ``text``, or no row has a text.
    CodingError
        If codes are not in the codebook, contradict each other, or nothing is coded.
    """
    mistakes = Mistakes()
    entries = [
        entry
        for path, stem in _name_files(paths, report)
        for entry in _read_entries(path, stem, mistakes, report, name_coders=name_coders)
    ]
    if not entries:
        raise InputError("no row has a text", where=", ".join(map(str, paths)), fix="fill 'text'")
    marks = pool_mentions([entry.row.marks for entry in entries], codebook, report=report)
    if all(mark.is_empty for mark in marks):
        raise CodingError(
            "nothing is coded",
            where=", ".join(map(str, paths)),
            fix="fill the column 'frames' ([] for none) or a column 'stance:TARGET'",
        )
    vocabulary = take_vocabulary(codebook) if codebook else infer_vocabulary(marks, report=report)
    paragraphs = _part_mentions([entry.paragraph for entry in entries], [m.mention for m in marks])
    codings = [
        (
            entry.row.place,
            vocabulary.resolve(mark, unit=paragraph.id, coder=entry.row.coder, mistakes=mistakes),
        )
        for entry, paragraph, mark in zip(entries, paragraphs, marks, strict=True)
    ]
    if known_only and any(map(vocabulary.knows, marks)):
        mistakes.pass_over(report)
    mistakes.refuse(fix=MISFIT_FIX)
    places = [entry.row.place for entry in entries]
    known = _refuse_two_texts(paragraphs, places)
    return [CodedUnit(known[c.unit], c) for c in combine_repeats(codings, report=report)]


def _name_files(paths: Iterable[Path | str], report: ProblemSink | None) -> list[tuple[Path, str]]:
    """Pair each file with a name of its own for ids; a file given twice is read once."""
    named: dict[Path, tuple[Path, str]] = {}
    stems: Counter[str] = Counter()
    for path in map(Path, paths):
        if path.resolve() in named:
            if report:
                report(Problem(str(path), "given twice, read once"))
            continue
        stem = stem_of(path)
        stems[stem] += 1
        count = stems[stem]
        named[path.resolve()] = (path, stem if count == 1 else f"{stem}~{count}")
    return list(named.values())


def _read_entries(
    path: Path,
    stem: str,
    mistakes: Mistakes,
    report: ProblemSink | None,
    *,
    name_coders: bool = False,
) -> list[_Entry]:
    rows = read_coded_rows(path, mistakes=mistakes, report=report, name_coders=name_coders)
    known = next((row.values for row in rows if "text" in row.values), rows[0].values)
    fix = "give it as labels beside its articles" if "excerpt" in known else None
    require_column("text", known, where=str(path), fix=fix)
    entries = []
    for row in rows:
        paragraph = _build_paragraph(row, f"{stem}:{row.number}", report or _ignore)
        if paragraph is not None:
            entries.append(_Entry(paragraph, row))
    return entries


def _ignore(problem: Problem) -> None:
    """Stand in for a sink where the caller wants none."""


def _build_paragraph(row: CodedRow, fallback: str, report: ProblemSink) -> Paragraph | None:
    values = row.values
    if is_missing(values.get("text")):
        report(Problem(row.place, "no text", parse_text(values.get("id")) or ""))
        return None
    text = str(values["text"])
    unit = parse_text(values.get("id")) or fallback
    kind = parse_text(values.get("kind"))
    return Paragraph(
        id=unit,
        article=parse_text(values.get("article")) or unit,
        text=text,
        start=0,
        end=len(text),
        kind=cast("UnitKind", kind) if kind in get_args(UnitKind) else "paragraph",
        title=parse_text(values.get("title")),
        source=parse_text(values.get("source")),
        date=_read_date(row, text, report),
    )


def _read_date(row: CodedRow, text: str, report: Callable[[Problem], None]) -> str | None:
    try:
        return parse_date(row.values.get("date"))
    except ValueError as error:
        report(Problem(row.place, f"date left out: {error}", take_excerpt(text), lost=False))
        return None


def _part_mentions(
    paragraphs: Sequence[Paragraph], mentions: Sequence[str | None]
) -> list[Paragraph]:
    """Give each unit its mention, and a unit of its own to each further one in the same text."""
    seen: dict[str, dict[str, int]] = {}
    parted = []
    for paragraph, mention in zip(paragraphs, mentions, strict=True):
        known = seen.setdefault(paragraph.id, {}) if mention is not None else {}
        number = known.setdefault(mention or "", len(known) + 1)
        name = paragraph.id if number == 1 else f"{paragraph.id}~{number}"
        parted.append(replace(paragraph, id=name, mention=mention))
    return parted


def _refuse_two_texts(
    paragraphs: Sequence[Paragraph], places: Sequence[str]
) -> dict[str, Paragraph]:
    """Return paragraphs by id, once it is sure that an id stands for one text only."""
    known: dict[str, tuple[Paragraph, str]] = {}
    for paragraph, place in zip(paragraphs, places, strict=True):
        first, first_place = known.setdefault(paragraph.id, (paragraph, place))
        if first.text.split() != paragraph.text.split():
            raise CodingError(
                f"the id '{paragraph.id}' already stands for another text ({first_place})",
                where=place,
                fix="give each unit an id of its own",
            )
        if first.mention is None:  # a row of frames alone came before
            known[paragraph.id] = (replace(first, mention=paragraph.mention), first_place)
    return {unit: paragraph for unit, (paragraph, _) in known.items()}
