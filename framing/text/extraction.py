"""Web pages to blocks and metadata: trafilatura's XML, or the page's own tags where it finds none.

Barbaresi, A. (2021), "Trafilatura", ACL-IJCNLP System Demonstrations. Nothing is ever fetched.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:-]{2,40})", re.I)
_LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)*<(?:!doctype\s+html|html|head|body|article|div|p|h[1-6])\b",
    re.I | re.S,
)
_BREAK = "\ue000"  # a private character, which XML can hold
_FEWEST_CHARACTERS = 100
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}
_BLOCKS = {"h1": "# ", "h2": "# ", "h3": "# ", "h4": "# ", "li": "- ", "p": "", "blockquote": ""}


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a page, its blocks marked as in a cleaned article, and what it says of itself."""

    text: str
    title: str | None = None
    source: str | None = None
    date: str | None = None


def looks_like_html(text: str) -> bool:
    """Tell a web page from plain text by how it opens.

    >>> looks_like_html("<!doctype html><p>Ore"), looks_like_html("Ore < 5")
    (True, False)
    """
    return _LOOKS_LIKE_HTML.match(text[:2000].lstrip("\ufeff")) is not None


def find_charset(data: bytes) -> str | None:
    """Return the encoding that a page names for itself, if Python knows it.

    >>> find_charset(b'<meta charset="shift_jis">')
    'shift_jis'
    """
    match = _CHARSET.search(data[:4096])
    if not match:
        return None
    name = match[1].decode("ascii").lower()
    try:
        "".encode(name)
    except LookupError:
        return None
    return "cp1252" if name in {"iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii"} else name


def extract_page(html: str) -> Page:
    """Extract the article from a page: paragraphs, headings, bullets, tables; no comments.

    Examples
    --------
    >>> page = extract_page("<html><body><h1>Ore</h1><p>Prices rose.</p></body></html>")
    >>> "Prices rose." in page.text
    True
    """
    html = html.replace("\0", "")
    document = _extract(html) if html.strip() else None
    body = getattr(document, "body", None)
    text = "\n\n".join(_read_xml(body)) if body is not None else ""
    if len(text) < _FEWEST_CHARACTERS:
        text = max("\n\n".join(_read_tags(html)), text, key=len)
    return Page(
        text,
        title=getattr(document, "title", None),
        source=getattr(document, "sitename", None),
        date=getattr(document, "date", None),
    )


def _extract(html: str) -> Any:
    """Run trafilatura without its log, which would reach the terminal, and without the clock."""
    import trafilatura

    log = logging.getLogger("trafilatura")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        return trafilatura.bare_extraction(
            html,
            include_comments=False,
            include_tables=True,
            with_metadata=True,
            deduplicate=False,
            date_extraction_params=dict(_DATES),
        )
    finally:
        log.setLevel(level)


def _read_xml(body: Any) -> Iterator[str]:
    """Yield a block for each leaf of trafilatura's tree."""
    for element in body:
        if element.tag == "head":
            yield f"# {_read_text(element)}"
        elif element.tag == "list":
            yield from (f"- {_read_text(item)}" for item in element.iter("item"))
        elif element.tag == "table":
            yield from (_read_row(row) for row in element.iter("row"))
        elif element.tag in {"quote", "div", "body"} and len(element):
            yield from _read_open(element)
        elif element.tag not in {"graphic", "lb"}:
            yield _read_text(element, broken=True)
        if element.tail and element.tail.strip():
            yield " ".join(element.tail.split())


def _read_open(element: Any) -> Iterator[str]:
    """Yield the words before the first child, then the children."""
    if all(child.tag in {"lb", "hi", "ref", "del", "code"} for child in element):
        yield _read_text(element, broken=True)
        return
    if element.text and element.text.strip():
        yield " ".join(element.text.split())
    yield from _read_xml(element)


def _read_text(element: Any, *, broken: bool = False) -> str:
    """Return all words of an element; a line break in it ends a line where `broken` is set."""
    if broken:
        for mark in element.iter("lb"):
            mark.tail = f"{_BREAK}{mark.tail or ''}"
    text = " ".join("".join(element.itertext()).split())
    return re.sub(f" ?(?:{_BREAK} ?)+", "\n\n", text).strip()


def _read_row(row: Any) -> str:
    cells = [" ".join("".join(cell.itertext()).split()) for cell in row.iter("cell")]
    return f"| {' | '.join(cells)} |"


def _read_tags(html: str) -> Iterator[str]:
    """Yield the paragraphs, headings and list items of a page as its own tags give them."""
    from lxml import etree
    from lxml import html as parser

    try:
        root = parser.document_fromstring(html.encode("utf-8", "replace"), _make_parser())
    except (etree.ParserError, ValueError):
        return
    for element in root.xpath("//script|//style|//noscript|//template"):
        element.drop_tree()
    found = False
    for element in root.iter(*_BLOCKS):
        if any(child.tag in _BLOCKS for child in element.iterdescendants()):
            continue
        text = " ".join(element.text_content().split())
        if text:
            found = True
            yield _BLOCKS[element.tag] + text
    if not found:
        body = root.find("body")
        yield " ".join((body if body is not None else root).text_content().split())


def _make_parser() -> Any:
    from lxml import html as parser

    return parser.HTMLParser(encoding="utf-8", no_network=True)
