"""Articles on the same matter: those that share the most telling words, near in time.

Articles are vectors of their words, each weighed by 1 + ln(count) times ln(articles / articles
that hold it), and brought to length 1 (TF-IDF: Salton & Buckley 1988, *Term-weighting approaches
in automatic text retrieval*); the likeness of two is their cosine, 0-1.
A articles, V words, P peers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from framing.measuring.archives import Days, count_days, find_days
from framing.measuring.arrays import Bools
from framing.measuring.intervals import Codes, Floats

if TYPE_CHECKING:
    import scipy.sparse as sp

COPY = 0.8
"""Likeness from which an article is held to be a copy of another one."""

MOST = 40
"""Peers at most, the most alike first."""

ENOUGH = 10
"""With fewer peers the search goes on in a wider window."""

WIDENING = (1, 2, 4, 8)
"""What the window is multiplied by, step by step, before time is given up altogether."""

_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True, eq=False)
class Peers:
    """Articles to compare one article with.

    Attributes
    ----------
    places : array (P,)
        Their places in the archive, the most alike first.
    likeness : array (P,)
        0-1.
    floor : float
        Mean likeness of two articles, from which on they were taken.
    days : int or None
        Days before or after, at most; None where time played no part.
    n_copies : int
        Articles passed over since they copy the article, or a peer.
    """

    places: Codes
    likeness: Floats
    floor: float
    days: int | None
    n_copies: int


def weigh_words(texts: Sequence[str]) -> sp.csr_array:
    """Turn texts into vectors of length 1; words of a single text are left out.

    Returns
    -------
    csr_array (A, V)
        A text that shares no word with another is a row of zeros.

    Examples
    --------
    >>> vectors = weigh_words(["Tin fell.", "tin FELL", "Copper rose.", "Copper fell"])
    >>> likeness = (vectors @ vectors.T).toarray()
    >>> round(float(likeness[0, 1]), 2), round(float(likeness[0, 2]), 2)
    (1.0, 0.0)
    """
    import scipy.sparse as sp

    counts = [Counter(_WORD.findall(text.lower())) for text in texts]
    held = Counter(chain.from_iterable(counts))
    places = {word: at for at, word in enumerate(w for w, n in held.items() if n > 1)}
    rarity = np.log(len(texts) / np.array([held[word] for word in places], dtype=np.float64))
    rows = [[(places[word], n) for word, n in count.items() if word in places] for count in counts]
    cells = np.array([cell for row in rows for cell in row], dtype=np.float64).reshape(-1, 2)
    columns = cells[:, 0].astype(np.intp)
    values = (1 + np.log(cells[:, 1])) * rarity[columns]
    indptr = np.cumsum([0, *map(len, rows)])
    raw = sp.csr_array((values, columns, indptr), shape=(len(texts), len(places)))
    lengths = np.sqrt(raw.multiply(raw).sum(axis=1))
    scale = np.divide(1.0, lengths, out=np.zeros(len(texts)), where=lengths > 0)
    return sp.csr_array(sp.diags_array(scale) @ raw)


def average_likeness(vectors: sp.csr_array) -> float:
    """Average the cosines of all pairs of different rows, without forming them.

    >>> round(average_likeness(weigh_words(["tin fell", "tin fell", "zinc rose", "zinc rose"])), 3)
    0.333
    """
    n = vectors.shape[0]
    total = np.asarray(vectors.sum(axis=0)).ravel()
    own = float(vectors.multiply(vectors).sum())
    return float(total @ total - own) / (n * (n - 1)) if n > 1 else 0.0


def choose_peers(
    vectors: sp.csr_array,
    place: int,
    *,
    dates: Sequence[str | None],
    allowed: Bools,
    within: int | None,
    most: int = MOST,
) -> Peers:
    """Choose the articles most like one of them, copies apart.

    Articles are on the same matter if they are more like it than two of all are on average. The
    window doubles while it holds fewer than `ENOUGH` of them, and falls away at last.

    Parameters
    ----------
    vectors : csr_array (A, V)
        From `weigh_words`.
    place : int
        The article's row.
    dates : sequence of A str or None
        ISO 8601, possibly partial.
    allowed : array (A,) of bool
        Articles that may be taken.
    within : int or None
        Days between the article's date and a peer's, at first; None for any time.
    most : int

    Examples
    --------
    >>> vectors = weigh_words(["tin fell", "tin rose", "copper rose", "copper mines"])
    >>> everyone = np.ones(4, dtype=bool)
    >>> choose_peers(vectors, 0, dates=[None] * 4, allowed=everyone, within=None).places.tolist()
    [1]
    """
    likeness = np.asarray((vectors @ vectors[[place]].T).toarray()).ravel()
    floor = average_likeness(vectors)
    others = allowed & (np.arange(len(dates)) != place) & (likeness > floor)
    ranked = np.argsort(-likeness, kind="stable")
    ranked = ranked[others[ranked]]
    gaps = _measure_gaps(dates, place)
    for days in _list_windows(within if gaps is not None else None):
        near = ranked if days is None or gaps is None else ranked[gaps[ranked] <= days]
        kept, n_copies = _pass_over_copies(vectors, near, likeness, most)
        if len(kept) >= ENOUGH or days is None:
            break
    return Peers(kept, likeness[kept], floor, days, n_copies)


def _list_windows(within: int | None) -> list[int | None]:
    return [None] if within is None else [*(within * times for times in WIDENING), None]


def _measure_gaps(dates: Sequence[str | None], place: int) -> Floats | None:
    """Count the days from the article to each other; infinite where a date is missing."""
    known = {date: find_days(date) for date in dict.fromkeys(dates)}
    own = known[dates[place]]
    if own is None:
        return None
    gaps: dict[str | None, float] = {date: _measure_gap(own, days) for date, days in known.items()}
    return np.array([gaps[date] for date in dates])


def _measure_gap(own: Days, other: Days | None) -> float:
    return np.inf if other is None else float(count_days(own, other))


def _pass_over_copies(
    vectors: sp.csr_array, ranked: Codes, likeness: Floats, most: int
) -> tuple[Codes, int]:
    """Keep the first `most` that copy neither the article nor one that is kept already."""
    kept: list[int] = []
    n_copies = 0
    for candidate in ranked.tolist():
        if len(kept) == most:
            break
        like = vectors[kept] @ vectors[[candidate]].T if kept else None
        if likeness[candidate] >= COPY or (like is not None and like.max() >= COPY):
            n_copies += 1
        else:
            kept.append(candidate)
    return np.array(kept, dtype=np.intp), n_copies
