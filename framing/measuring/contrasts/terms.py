"""The terms that separate two sides of a contrast, and the paragraphs that show them.

Weighted log-odds with an informative Dirichlet prior: Monroe, Colaresi & Quinn (2008), *Fightin'
Words*, equations 15-22. An article counts a term at most once, by the largest weight of the units
that hold it, so that no single article makes a term.
Shapes: n units, V terms.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from framing.measuring.intervals import Codes, Floats, index_articles

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Numbers = NDArray[np.int32]

WORD = re.compile(r"[^\W\d_]{2,}")

FEWEST_ARTICLES = 3
"""A term that fewer articles hold, on both sides together, is not given."""

PRIOR = 500.0
"""Weight of the prior, in occurrences spread over all terms as they are spread in all units."""


@dataclass(frozen=True, slots=True, eq=False)
class TermTable:
    """Which terms stand in which units.

    Attributes
    ----------
    terms : list of V str
        Words of two letters or more, in lower case, and pairs of neighbours.
    holds : sparse array (n, V)
        1 where a unit holds a term.
    """

    terms: list[str]
    holds: csr_array[Any, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class SeparatingTerm:
    """A term that one side uses more.

    Attributes
    ----------
    term : str
    z : float
        Log-odds ratio over its standard error; positive for side a.
    count_a, count_b : float
        Articles that use it, each by the largest weight of its units that do.
    """

    term: str
    z: float
    count_a: float
    count_b: float


def find_words(text: str) -> list[str]:
    """Split a text into lower-case words of two letters or more.

    >>> find_words("China's 3 export-quotas, a U.S. view")
    ['china', 'export', 'quotas', 'view']
    """
    return WORD.findall(text.lower())


class Numbering:
    """Numbers of words, by first appearance; what is asked for again is not parted again."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._texts: dict[str, Numbers] = {}

    def number(self, text: str) -> Numbers:
        """Give the numbers of a text's words, from `find_words`."""
        if text not in self._texts:
            words = find_words(text)
            for word in words:
                if word not in self._numbers:
                    self._numbers[word] = len(self.names)
                    self.names.append(word)
            numbers = map(self._numbers.__getitem__, words)
            self._texts[text] = np.fromiter(numbers, np.int32, len(words))
        return self._texts[text]


def tabulate_terms(
    texts: Sequence[str], *, fewest: int = FEWEST_ARTICLES, numbering: Numbering | None = None
) -> TermTable:
    """Find the words, and pairs of neighbouring words, of every text.

    Parameters
    ----------
    texts : sequence of n str
    fewest : int
        Terms in fewer texts are left out: they can not be in enough articles.
    numbering : Numbering, optional
        Of all tables that may hold the same texts.

    Examples
    --------
    >>> table = tabulate_terms(["rare earth", "earth"], fewest=1)
    >>> table.terms, table.holds.toarray().tolist()
    (['rare', 'earth', 'rare earth'], [[1.0, 1.0, 1.0], [0.0, 1.0, 0.0]])
    """
    from scipy.sparse import csr_array

    numbering = numbering or Numbering()
    found = [numbering.number(text) for text in texts]
    whole = np.concatenate([np.empty(0, np.int32), *found])
    distinct, words = _number_anew(whole)
    units = np.repeat(np.arange(len(found)), [len(unit) for unit in found])
    next_to = units[1:] == units[:-1]
    pairs, codes = np.unique(
        words[:-1][next_to] * len(distinct) + words[1:][next_to], return_inverse=True
    )
    rows = np.concatenate([units, units[1:][next_to]])
    columns = np.concatenate([words, codes + len(distinct)])
    n_terms = len(distinct) + len(pairs)
    holds = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(found), n_terms))
    holds.sum_duplicates()
    holds.data[:] = 1.0
    kept = np.flatnonzero(np.bincount(holds.indices, minlength=n_terms) >= fewest)
    single, paired = kept[kept < len(distinct)], pairs[kept[kept >= len(distinct)] - len(distinct)]
    names = [numbering.names[at] for at in distinct.tolist()]
    terms = [names[at] for at in single.tolist()] + [
        f"{names[pair // len(names)]} {names[pair % len(names)]}" for pair in paired.tolist()
    ]
    return TermTable(terms, holds[:, kept])


def _number_anew(numbers: Numbers) -> tuple[Numbers, Codes]:
    """Give the distinct numbers by first appearance, and the place of each among them."""
    distinct, firsts, places = np.unique(numbers, return_index=True, return_inverse=True)
    order = np.argsort(firsts)
    return distinct[order], np.argsort(order)[places]


def separate_terms(
    table: TermTable,
    weights: Floats,
    articles: Sequence[Hashable],
    sides: tuple[Codes, Codes],
    *,
    most: int = 10,
) -> tuple[list[SeparatingTerm], list[SeparatingTerm]]:
    """Find the terms that separate the units of two sides that carry a label.

    Parameters
    ----------
    table : TermTable
    weights : array (n,)
        How much each unit carries the label, 0-1: its probability, or 1 and 0 for decided units.
    articles : sequence of n hashables
    sides : two arrays
        Places of the units of each side.
    most : int
        Terms a side.

    Returns
    -------
    two lists of SeparatingTerm
        The terms of side a and of side b, the most separating first.

    Examples
    --------
    >>> table = tabulate_terms(["dirty mine"] * 3 + ["clean mine"] * 3)
    >>> sides = np.arange(3), np.arange(3, 6)
    >>> ours, theirs = separate_terms(table, np.ones(6), range(6), sides, most=1)
    >>> ours[0].term, theirs[0].term, ours[0].count_a
    ('dirty', 'clean', 3.0)
    """
    counted = [_count(table, weights, articles, side) for side in sides]
    (count_a, held_a), (count_b, held_b) = counted
    z = weigh_log_odds(count_a, count_b)
    z = np.where(held_a + held_b >= FEWEST_ARTICLES, z, 0.0)
    ours, theirs = (
        [
            SeparatingTerm(table.terms[at], float(z[at]), float(count_a[at]), float(count_b[at]))
            for at in _find_largest(sign * z, table.terms, most)
        ]
        for sign in (1.0, -1.0)
    )
    return ours, theirs


def _find_largest(values: Floats, names: Sequence[str], most: int) -> list[int]:
    """Find the places of the largest values above 0, ties in order of their names."""
    above = np.flatnonzero(values > 0)
    if len(above) > most > 0:
        bound = np.partition(values[above], -most)[-most]
        above = above[values[above] >= bound]
    return sorted(above.tolist(), key=lambda at: (-values[at], names[at]))[:most]


def _count(
    table: TermTable, weights: Floats, articles: Sequence[Hashable], side: Codes
) -> tuple[Floats, Floats]:
    """Sum each term's largest weight in every article, and count the articles: two arrays (V,)."""
    codes, _ = index_articles([articles[at] for at in side.tolist()])
    held = table.holds[side].tocoo()
    weight = np.asarray(weights, dtype=np.float64)[side][held.row]
    carried = weight > 0
    n_terms = len(table.terms)
    cells = codes[held.row[carried]] * n_terms + held.col[carried]
    pairs, places = np.unique(cells, return_inverse=True)
    largest = np.zeros(len(pairs))
    np.maximum.at(largest, places, weight[carried])
    terms = pairs % n_terms
    counts = np.bincount(terms, weights=largest, minlength=n_terms)
    held_in = np.bincount(terms, minlength=n_terms)
    return counts.astype(np.float64), held_in.astype(np.float64)


def weigh_log_odds(count_a: Floats, count_b: Floats, *, prior: float = PRIOR) -> Floats:
    """Weigh how much more one side uses each term (V,): z-scores, positive for side a.

    The prior adds `prior` occurrences to each side, spread over the terms as in both sides
    together; the log-odds ratio is divided by its approximate standard error (Monroe et al. 2008,
    equations 16, 20 and 22).

    Examples
    --------
    >>> weigh_log_odds(np.array([5.0, 1.0]), np.array([1.0, 5.0])).round(3).tolist()
    [0.356, -0.356]
    """
    together = count_a + count_b
    total = together.sum()
    if total <= 0:
        return np.zeros(len(together))
    pseudo = prior * together / total
    odds, variance = np.zeros(len(together)), np.zeros(len(together))
    with np.errstate(divide="ignore", invalid="ignore"):
        for sign, counts in ((1, count_a), (-1, count_b)):
            own = counts + pseudo
            odds += sign * (np.log(own) - np.log(counts.sum() + prior - own))
            variance += 1 / own
        z = odds / np.sqrt(variance)
    return np.where((together > 0) & np.isfinite(z), z, 0.0)


def pick_examples(
    weights: Floats, articles: Sequence[Hashable], ids: Sequence[str], side: Codes, *, most: int = 3
) -> list[int]:
    """Pick the units of a side that carry a label most, one an article.

    Parameters
    ----------
    weights : array (n,)
        Probabilities; a NaN is never picked.
    articles : sequence of n hashables
    ids : sequence of n str
        Settle ties, so that the order of rows does not.
    side : array
        Places of the units of the side; leave out what must not be quoted.
    most : int

    Returns
    -------
    list of int
        Places among the n units, the most typical first.

    Examples
    --------
    >>> weights, side = np.array([0.9, 0.8, 0.7]), np.arange(3)
    >>> pick_examples(weights, ["a", "a", "b"], ["a:1", "a:2", "b:1"], side)
    [0, 2]
    """
    known = [at for at in side.tolist() if not np.isnan(weights[at])]
    picked: dict[Hashable, int] = {}
    for at in sorted(known, key=lambda at: (-weights[at], ids[at])):
        if len(picked) == most:
            break
        picked.setdefault(articles[at], at)
    return list(picked.values())
