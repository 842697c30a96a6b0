"""Long blocks cut at sentence ends, by Punkt with our own abbreviations (Kiss & Strunk 2006)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from framing.text.punkt import load_punkt

LONGEST_BLOCK = 1500
LONGEST_PIECE = 1000
_SHORTEST_PIECE = 200
_NEAR = 150
_STOP = re.compile(r"[.!?]\S*\s")

ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof rev hon sr jr st mt gen col lt sgt capt cmdr adm maj gov sen rep pres amb
    vs etc al approx ca cf ed eds est fig figs no nos vol vols pp para paras art sec ch dept div
    inc corp ltd co cos plc bros assn bhd sdn ag gmbh nv llc llp
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    ave blvd rd ft sq lb lbs oz kg km mm cm mt mtu mio bn tr min max avg
    u.s u.k u.n e.u u.s.a p.r.c d.c e.g i.e a.m p.m ph.d n.b c.f v viz resp incl excl
    calif fla tex mass mich minn wash ariz colo conn ill ind kan okla ore pa tenn va wis wyo nev
    """.split()  # noqa: SIM905
)
"""Lower case, without the closing full stop."""


def split_block(text: str) -> Iterator[tuple[int, int]]:
    """Yield the offsets of the pieces of a block; a block of ordinary length is one piece.

    A block above 1,500 characters is cut at sentence ends into pieces of at most 1,000; where no
    sentence ends in reach it is cut at a blank, and where there is none, after 1,000 characters.

    Examples
    --------
    >>> list(split_block("Short."))
    [(0, 6)]
    >>> [end - start for start, end in split_block("Prices rose again on Monday. " * 60)]
    [869, 869]
    """
    if len(text) <= LONGEST_BLOCK:
        yield 0, len(text)
        return
    start = 0
    while start < len(text):
        end = _find_cut(text, start)
        stop = start + len(text[start:end].rstrip())
        if stop > start:
            yield start, stop
        start = end
        while start < len(text) and text[start].isspace():
            start += 1


def _find_cut(text: str, start: int) -> int:
    """Find the sentence end nearest to an even share of what is left, within reach."""
    left = len(text) - start
    if left <= LONGEST_PIECE:
        return len(text)
    share = min(left, 10 * LONGEST_PIECE)
    aim = share // -(-share // LONGEST_PIECE)
    reach = text[start : start + LONGEST_PIECE + 1]
    for width in (_NEAR, LONGEST_PIECE):
        ends = _find_sentence_ends(reach, aim - width, aim + width)
        if ends:
            return start + min(ends, key=lambda end: abs(end - aim))
    blank = reach.rfind(" ")
    return start + blank if blank > 0 else start + LONGEST_PIECE


def _find_sentence_ends(reach: str, low: int, high: int) -> list[int]:
    """Return where sentences end within a stretch; the last one of a stretch may run on."""
    opening = max(reach.rfind(" ", 0, max(low, 0)) + 1, 0)
    stretch = reach[opening:high]
    if not _STOP.search(stretch):
        return []
    spans = _load_splitter().span_tokenize(stretch)
    ends = [opening + end for _, end in spans][:-1]
    return [end for end in ends if end >= _SHORTEST_PIECE]


@cache
def _load_splitter() -> Any:
    return load_punkt(ABBREVIATIONS)
