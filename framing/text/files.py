"""One file's bytes to a raw article: what it says of itself first, then its page, then its path."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from framing.records.cells import parse_date, parse_text
from framing.records.decoding import Decoded, decode_bytes
from framing.records.packing import explain_damage, open_binary, strip_packing
from framing.schema import Article, InputError, Problem, ProblemSink
from framing.text.extraction import Page, extract_page, find_charset
from framing.text.frontmatter import split_front_matter
from framing.text.paths import resolve
from framing.text.tablerows import read_date

_DATED_NAME = re.compile(r"(\d{4}-\d{2}(?:-\d{2})?)(?!\d)")
_PAGES = {".html", ".htm"}


def read_file(path: Path, *, report: ProblemSink) -> Article | None:
    """Read a file into a raw article; None, and a Problem, where it is empty, binary or damaged."""
    data = _read_bytes(path, report)
    is_page = strip_packing(path).suffix.lower() in _PAGES
    text = None if data is None else decode(data, str(path), is_page=is_page, report=report)
    if text is None:
        return None
    return interpret(text, name_file(path), is_page=is_page, path=path, report=report)


def name_file(path: Path) -> str:
    """Return a file's id, ``folder/stem``, the same from wherever it was named.

    >>> name_file(Path("/archive/courier/2011-03-24-hall.md.gz"))
    'courier/2011-03-24-hall'
    """
    resolved = resolve(path)
    parts = [part for part in (resolved.parent.name, strip_packing(resolved).stem) if part]
    return unicodedata.normalize("NFC", "/".join(parts))


def _read_bytes(path: Path, report: ProblemSink) -> bytes | None:
    try:
        with open_binary(path) as stream, explain_damage(str(path), path):
            return stream.read()
    except InputError as error:
        report(Problem(str(path), error.what))
    return None


def decode(data: bytes, where: str, *, report: ProblemSink, is_page: bool = False) -> str | None:
    """Decode what is not empty; bytes that cannot be read are kept as U+FFFD and reported."""
    if not data.strip():
        report(Problem(where, "empty"))
        return None
    try:
        decoded = _decode_page(data, where) if is_page else decode_bytes(data, where=where)
    except InputError as error:
        report(Problem(where, error.what))
        return None
    if decoded.replaced:
        plural = "s" * (decoded.replaced > 1)
        reason = f"{decoded.replaced} byte{plural} could not be read as {decoded.encoding}"
        report(Problem(where, f"{reason} (kept as U+FFFD)", decoded.text[:200], lost=False))
    return decoded.text


def _decode_page(data: bytes, where: str) -> Decoded:
    """Trust a page's own word on its encoding where its bytes bear it out."""
    for encoding in ("utf-8-sig", find_charset(data)):
        if encoding and b"\0" not in data[:1024]:
            try:
                return Decoded(data.decode(encoding), encoding)
            except UnicodeDecodeError:
                continue
    return decode_bytes(data, where=where)


def interpret(
    text: str, name: str, *, report: ProblemSink, is_page: bool = False, path: Path | None = None
) -> Article:
    """Make a raw article of a decoded text.

    Parameters
    ----------
    text : str
    name : str
        Its id where front matter gives none.
    report : callable
        Receives a Problem for front matter or a date that cannot be read.
    is_page : bool
        Whether it is HTML.
    path : Path, optional
        Whose folder stands for the source and whose name may open with a date.
    """
    where = str(path) if path else "standard input"
    matter = split_front_matter(text)
    if matter.problem:
        report(Problem(where, matter.problem, text[:200], lost=False))
    page = extract_page(matter.body) if is_page else Page(matter.body)
    values = matter.values
    date = read_date(values.get("date"), place=where, report=report) or _accept_date(page.date)
    return Article(
        id=parse_text(values.get("id")) or name,
        text=page.text,
        title=parse_text(values.get("title")) or page.title,
        source=parse_text(values.get("source")) or page.source or _find_folder(path),
        date=date or _find_date(path),
        kind=parse_text(values.get("kind")),
        origin=where,
    )


def _accept_date(value: str | None) -> str | None:
    try:
        return parse_date(value)
    except ValueError:
        return None


def _find_folder(path: Path | None) -> str | None:
    return resolve(path).parent.name or None if path else None


def _find_date(path: Path | None) -> str | None:
    match = _DATED_NAME.match(path.name) if path else None
    return _accept_date(match[1]) if match else None
