"""What stands around the mention of a target: n-grams with their side and a weight for distance.

Two targets in one sentence share its words; what tells them apart is which words stand near, and
on which side. A term is marked ``<`` where the nearest mention follows it and ``>`` where the
mention precedes it; the mention itself reads ``@`` in word n-grams. At a distance of d tokens an
n-gram counts exp(-d / 6).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from framing.scoring.ngrams import Span, find_words, iterate_char_ngrams, iterate_word_ngrams
from framing.scoring.recipe import NgramBlock

MENTION, BEFORE, AFTER = "@", "<", ">"
REACH = 6.0
"""Tokens over which the weight of an n-gram falls to 1 / e."""

_PIECE = re.compile(r"\w+|[^\w\s]")
_ONE_FORM = str.maketrans("’‘ʼ′＇‐‑‒–—―−", "'" * 5 + "-" * 7)
"""Apostrophes and dashes are set in many forms; each is one character, so offsets stay."""


class Occurrence(NamedTuple):
    """Terms that one stretch of a text gives rise to, and what each counts."""

    terms: Sequence[str]
    span: Span
    weight: float


def find_mentions(text: str, lowered: str, mention: str | None) -> list[Span]:
    """Find where a text names its target: as it is written or else in any case; offsets in lowered.

    Any white space may stand between its words, and apostrophes and dashes have one form.

    Examples
    --------
    >>> text = "He said that he knew Hera."
    >>> find_mentions(text, text.lower(), "he"), find_mentions(text, text.lower(), "hera")
    ([(13, 15)], [(21, 25)])
    """
    if not mention or not mention.strip():
        return []
    exact = _find_words(text, mention) if len(text) == len(lowered) else []
    return exact or _find_words(lowered, mention.lower())


def _find_words(text: str, mention: str) -> list[Span]:
    words = r"\s+".join(map(re.escape, mention.translate(_ONE_FORM).split()))
    pattern = rf"(?<!\w){words}(?!\w)"
    return [match.span() for match in re.finditer(pattern, text.translate(_ONE_FORM))]


def count_missing(pairs: Iterable[tuple[str, str | None]]) -> tuple[int, int]:
    """Count texts that lack the mention they come with, and texts that come with one.

    Examples
    --------
    >>> count_missing([("Ann left.", "Ann"), ("Bo left.", "Ann"), ("Ann stayed.", None)])
    (1, 2)
    """
    named = [(text, mention) for text, mention in pairs if mention and mention.strip()]
    missing = [text for text, mention in named if not find_mentions(text, text.lower(), mention)]
    return len(missing), len(named)


def iterate_around(
    block: NgramBlock, lowered: str, mentions: Sequence[Span]
) -> Iterator[Occurrence]:
    """Yield a block's occurrences around mentions; without any, all count alike and bear no mark.

    Examples
    --------
    >>> block = NgramBlock("word", 1, 2, field="around")
    >>> found = iterate_around(block, "critics praised ann", [(16, 19)])
    >>> [(terms[0], round(weight, 2)) for terms, _, weight in found]
    [('<critics', 0.72), ('<praised', 0.85), ('@', 1.0), ('<critics praised', 0.85), \
('praised @', 1.0)]
    """
    if block.analyzer == "char_wb":
        yield from _iterate_words(block, lowered, mentions)
    else:
        yield from _iterate_grams(block, lowered, mentions)


def _iterate_words(
    block: NgramBlock, lowered: str, mentions: Sequence[Span]
) -> Iterator[Occurrence]:
    """Yield each word's character n-grams; sides are not told apart."""
    spans = [match.span() for match in find_words(lowered)]
    places = [n for n, span in enumerate(spans) if any(_overlap(span, m) for m in mentions)]
    for number, (start, end) in enumerate(spans):
        terms = list(iterate_char_ngrams(lowered[start:end], block.low, block.high))
        distance = min((abs(number - place) for place in places), default=0)
        yield Occurrence(terms, (start, end), math.exp(-distance / REACH))


def _iterate_grams(
    block: NgramBlock, lowered: str, mentions: Sequence[Span]
) -> Iterator[Occurrence]:
    tokens, spans = _cut(lowered, mentions)
    places = [number for number, token in enumerate(tokens) if token == MENTION]
    for gram, first, past in iterate_word_ngrams(tokens, block.low, block.high):
        span = (spans[first][0], spans[past - 1][1])
        if not places or any(first <= place < past for place in places):
            yield Occurrence((gram,), span, 1.0)
            continue
        place = min(places, key=lambda place: max(place - past + 1, first - place))
        side, distance = (BEFORE, place - past + 1) if place >= past else (AFTER, first - place)
        yield Occurrence((side + gram,), span, math.exp(-distance / REACH))


def _cut(lowered: str, mentions: Sequence[Span]) -> tuple[list[str], list[Span]]:
    """Cut a text into words and marks, each mention being one token."""
    tokens: list[str] = []
    spans: list[Span] = []
    start = 0
    for mention in [*mentions, None]:
        end = mention[0] if mention else len(lowered)
        for match in _PIECE.finditer(lowered, start, end):
            # A lone at sign must not pass for a mention.
            tokens.append("(at)" if match.group() == MENTION else match.group())
            spans.append(match.span())
        if mention:
            tokens.append(MENTION)
            spans.append(mention)
            start = mention[1]
    return tokens, spans


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
