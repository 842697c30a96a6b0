"""Texts that repeat each other: the resemblance of Broder (1997), computed exactly.

A. Z. Broder, *On the resemblance and containment of documents*: the share of word 3-grams that two
texts have in common, of all that either has. n texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

IntArray = NDArray[np.intp]

NEAR = 0.5
"""Texts that resemble each other this much are held to be copies."""

_WORD = re.compile(r"\w+")
_SHINGLE = 3
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Copy:
    """Two texts by their places, `first` before `second`, and their resemblance, 0-1."""

    first: int
    second: int
    resemblance: float


def find_copies(texts: Sequence[str], *, near: float = NEAR) -> list[Copy]:
    """Find pairs of texts whose resemblance is at least `near`, in the order of the texts.

    Case, punctuation and spacing do not count. A text of fewer than three words is compared as a
    whole; texts without a word resemble nothing. Of texts that are all the same, each is paired
    with the one before it, and the first alone with others.

    Examples
    --------
    >>> find_copies(["Prices rose by a fifth.", "Tin fell.", "PRICES rose, by a fifth"])
    [Copy(first=0, second=2, resemblance=1.0)]
    """
    places: dict[frozenset[tuple[str, ...]], list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(_shingle(text), []).append(place)
    places.pop(frozenset(), None)
    same = [Copy(*pair, 1.0) for held in places.values() for pair in pairwise(held)]
    alike = _compare([(held[0], shingles) for shingles, held in places.items()], near)
    return sorted([*same, *alike], key=lambda copy: (copy.first, copy.second))


def resemble(first: str, second: str) -> float:
    """Return the resemblance of two texts, 0-1.

    >>> resemble("Prices rose again.", "prices rose AGAIN")
    1.0
    """
    ours, theirs = _shingle(first), _shingle(second)
    return len(ours & theirs) / len(ours | theirs) if ours and theirs else 0.0


def number_clusters(n: int, copies: Sequence[Copy]) -> IntArray:
    """Give n texts the numbers of their clusters: copies, and copies of copies, share one.

    Examples
    --------
    >>> number_clusters(4, [Copy(0, 2, 0.8), Copy(2, 3, 0.6)]).tolist()
    [0, 1, 0, 0]
    """
    first, second = ([getattr(copy, end) for copy in copies] for end in ("first", "second"))
    links = sp.coo_array((np.ones(len(copies)), (first, second)), shape=(n, n))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.intp)


def _compare(texts: Sequence[tuple[int, frozenset[tuple[str, ...]]]], near: float) -> list[Copy]:
    """Pair texts, given by place and shingles in the order of places, that differ but little."""
    places = np.array([place for place, _ in texts], dtype=np.intp)
    sizes = np.array([len(shingles) for _, shingles in texts], dtype=np.float64)
    marks = _mark_shared([shingles for _, shingles in texts])
    copies = []
    for start in range(0, len(texts), _BLOCK):
        shared = sp.coo_array(marks[start : start + _BLOCK] @ marks.T)
        rows, columns = shared.coords[0] + start, shared.coords[1]
        resemblance = shared.data / (sizes[rows] + sizes[columns] - shared.data)
        for cell in np.flatnonzero((rows < columns) & (resemblance >= near)):
            pair = int(places[rows[cell]]), int(places[columns[cell]])
            copies.append(Copy(*pair, float(resemblance[cell])))
    return copies


def _mark_shared(texts: Sequence[frozenset[tuple[str, ...]]]) -> sp.csr_array:
    """Mark which shingles each text holds, (n, S), leaving out those of a single text."""
    counts = Counter(shingle for shingles in texts for shingle in shingles)
    numbers = {shingle: n for n, shingle in enumerate(s for s, df in counts.items() if df > 1)}
    held = [sorted(numbers[s] for s in shingles if s in numbers) for shingles in texts]
    indptr = np.cumsum([0, *map(len, held)])
    indices = np.fromiter(chain.from_iterable(held), dtype=np.intp, count=int(indptr[-1]))
    return sp.csr_array((np.ones(len(indices)), indices, indptr), shape=(len(texts), len(numbers)))


def _shingle(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    ends = range(1) if 0 < len(words) < _SHINGLE else range(len(words) - _SHINGLE + 1)
    return frozenset(tuple(words[start : start + _SHINGLE]) for start in ends)
