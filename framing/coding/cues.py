"""Suggestions to a coder: where a codebook's cue terms stand in a text. Never a coding."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framing.coding.scheme import Codebook

_GAP = r"[\s\-\u2010\u2011]+"


def suggest_by_cues(text: str, codebook: Codebook) -> dict[str, list[tuple[str, int, int]]]:
    """Find the cue terms of each frame.

    A term matches whole words in any case; a ``*`` at the end of a word stands for any ending, and
    blank and hyphen for each other.

    Returns
    -------
    dict of str to list of (term, start, end)
        Only frames with a hit, in the codebook's order; the term as it stands in the text.

    Examples
    --------
    >>> from framing.coding.scheme import Codebook, Frame
    >>> book = Codebook("demo", "1.0.0", frames=(Frame("risk", "Risk", cues=("volatil*",)),))
    >>> suggest_by_cues("Volatility rose.", book)
    {'risk': [('Volatility', 0, 10)]}
    """
    found = {}
    for frame in codebook.frames:
        pattern = _compile_cues(frame.cues)
        hits = [(m[0], m.start(), m.end()) for m in pattern.finditer(text)] if pattern else []
        if hits:
            found[frame.id] = hits
    return found


@lru_cache(maxsize=256)
def _compile_cues(cues: tuple[str, ...]) -> re.Pattern[str] | None:
    """Longer cues first, so that the longest of those that open at one place is shown."""
    terms = sorted((cue.strip() for cue in cues), key=len, reverse=True)
    patterns = [_write_pattern(term) for term in terms if term.strip("* ")]
    bounded = rf"(?<!\w)(?:{'|'.join(patterns)})"
    return re.compile(bounded, re.IGNORECASE) if patterns else None


def _write_pattern(term: str) -> str:
    r"""End where no word character follows: ``\b`` fails for a term that ends in a sign.

    >>> bool(re.search(_write_pattern("lion's shar*"), "the lion\u2019s shares"))
    True
    """
    words = [_write_word(word) for word in re.split(r"[\s-]+", term) if word]
    return rf"{_GAP.join(words)}(?!\w)"


def _write_word(word: str) -> str:
    stem = re.escape(word.rstrip("*")).replace("'", "['\u2019]")
    return stem + (r"\w*" if word.endswith("*") else "")
