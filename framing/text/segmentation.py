"""Cleaned articles to units with stable ids, offsets and kinds (Krippendorff 2019, chapter 5)."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from framing.schema import Article, Paragraph, UnitKind
from framing.text.boilerplate import find_boilerplate
from framing.text.headlines import is_headline, says_the_same
from framing.text.sentences import split_block

_MARKS = ("# ", "- ")
_HASH_BYTES = 4


class _Block(NamedTuple):
    start: int
    text: str
    mark: str


def segment(article: Article) -> tuple[Paragraph, ...]:
    r"""Cut a cleaned article into units.

    Parameters
    ----------
    article : Article
        As :func:`framing.text.cleaning.clean_article` returns it.

    Returns
    -------
    tuple of Paragraph
        In reading order; ``article.text[p.start:p.end] == p.text`` holds for each, and marks of
        headlines and bullets lie outside. Ids are ``article:hash``; a text that comes again gets
        ``-2``, ``-3``.

    Examples
    --------
    >>> article = Article("a", "# Prices\n\nThey rose.\n\n- In China\n\n0 Comments")
    >>> [(unit.kind, unit.text) for unit in segment(article)][1:3]
    [('paragraph', 'They rose.'), ('bullet', 'In China')]
    """
    blocks = list(_find_blocks(article.text))
    kinds = _find_kinds(blocks, article.title)
    seen: dict[str, int] = {}
    units = []
    for block, kind in zip(blocks, kinds, strict=True):
        for start, end in split_block(block.text):
            text = block.text[start:end]
            units.append(
                Paragraph(
                    id=_name_unit(article.id, text, seen),
                    article=article.id,
                    text=text,
                    start=block.start + start,
                    end=block.start + end,
                    kind=kind,
                    title=article.title,
                    source=article.source,
                    date=article.date,
                )
            )
    return tuple(units)


def _find_blocks(text: str) -> Sequence[_Block]:
    blocks = []
    start = 0
    for line in text.split("\n"):
        marked = line.startswith(_MARKS) and not line[2:].isspace() and len(line) > 2
        body = line[2:].lstrip() if marked else line.lstrip()
        skipped = len(line) - len(body)
        if body:
            blocks.append(_Block(start + skipped, body.rstrip(), line[0] if marked else ""))
        start += len(line) + 1
    return blocks


def _find_kinds(blocks: Sequence[_Block], title: str | None) -> list[UnitKind]:
    rules = find_boilerplate([block.text for block in blocks])
    if blocks and title and blocks[0].mark == "#" and says_the_same(blocks[0].text, title):
        rules[0] = None
    kinds: list[UnitKind] = []
    for place, (block, rule) in enumerate(zip(blocks, rules, strict=True)):
        if rule is not None:
            kinds.append("boilerplate")
        elif block.mark:
            kinds.append("headline" if block.mark == "#" else "bullet")
        else:
            following = _look_ahead(blocks, rules, place)
            kinds.append("headline" if is_headline(block.text, following) else "paragraph")
    return kinds


def _look_ahead(blocks: Sequence[_Block], rules: Sequence[str | None], place: int) -> list[str]:
    window = range(place + 1, min(place + 6, len(blocks)))
    return [blocks[other].text for other in window if rules[other] is None]


def _name_unit(article: str, text: str, seen: dict[str, int]) -> str:
    digest = hash_text(text)
    times = seen[digest] = seen.get(digest, 0) + 1
    return f"{article}:{digest}-{times}" if times > 1 else f"{article}:{digest}"


def hash_text(text: str) -> str:
    r"""Return 8 hex digits (BLAKE2b) that stand for a text, however its accents are composed.

    >>> hash_text("caf\u00e9") == hash_text("cafe\u0301")
    True
    """
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    data = composed.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=_HASH_BYTES).hexdigest()
