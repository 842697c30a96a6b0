"""Ways of holding units out: at random, by article, by source.

Articles are spread so that every fold gets its share of every frame, rare ones first, after
Sechidis, Tsoumakas & Vlahavas (2011), with whole articles in the place of single examples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from framing.learning.dataset import Dataset, FloatArray, IntArray
from framing.schema import InputError

Split = Literal["grouped", "random", "source"]
SPLITS: tuple[Split, ...] = ("grouped", "random", "source")

_MOST_SOURCE_FOLDS = 10


def assign_folds(dataset: Dataset, split: Split, *, n_folds: int, seed: int) -> IntArray:
    """Give each unit the number of the fold that holds it out, 0 to at most `n_folds` - 1.

    ``source`` holds out one source a fold, or, where there are more than 10, whole sources in as
    many folds as the others have.
    """
    rows = np.arange(len(dataset))
    if split == "random":
        return spread_rows(dataset, rows, rows, n_folds=n_folds, seed=seed)
    if split == "grouped":
        return spread_articles(dataset, rows, n_folds=n_folds, seed=seed)
    codes = _code_sources(dataset.sources)
    if codes.max() < _MOST_SOURCE_FOLDS:
        return codes
    return spread_rows(dataset, rows, codes, n_folds=n_folds, seed=seed)


def spread_rows(
    dataset: Dataset, rows: IntArray, units: IntArray, *, n_folds: int, seed: int
) -> IntArray:
    """Spread some rows, whole groups of `units` (n,), over folds; returns their folds (m,)."""
    _, groups = np.unique(units[rows], return_inverse=True)
    rng = np.random.default_rng(seed)
    return spread_groups(groups, _features(dataset)[rows], n_folds=n_folds, rng=rng)


def spread_articles(dataset: Dataset, rows: IntArray, *, n_folds: int, seed: int) -> IntArray:
    """Spread the articles of some rows over folds; returns their folds (m,).

    Where copies would leave a fold nothing to train on, articles that share some stay together.
    """
    folds = spread_rows(dataset, rows, dataset.groups, n_folds=n_folds, seed=seed)
    if _leaves_some(rows, folds, dataset.clusters):
        return folds
    joined = _join_articles(dataset.groups, dataset.clusters, rows)
    return spread_rows(dataset, rows, joined, n_folds=n_folds, seed=seed)


def _join_articles(groups: IntArray, clusters: IntArray, rows: IntArray) -> IntArray:
    """Give articles of which some `rows` copy each other one number; an array (n,)."""
    n_groups, n_clusters = int(groups.max()) + 1, int(clusters.max()) + 1
    cells = np.ones(len(rows)), (groups[rows], n_groups + clusters[rows])
    links = sp.coo_array(cells, shape=(n_groups + n_clusters,) * 2)
    _, numbers = connected_components(links, directed=False)
    return np.asarray(numbers[groups], dtype=np.intp)


def _leaves_some(rows: IntArray, folds: IntArray, clusters: IntArray) -> bool:
    """Tell whether something is left to train on whatever fold is held out."""
    return all(
        len(train) or not (folds != fold).any()
        for fold, train in _list_trained(rows, folds, clusters)
    )


def _list_trained(
    rows: IntArray, folds: IntArray, clusters: IntArray
) -> Iterator[tuple[int, IntArray]]:
    """Yield each fold with the rows that may be trained on: the others', without its copies."""
    for fold in np.unique(folds):
        others = rows[folds != fold]
        yield int(fold), others[~np.isin(clusters[others], clusters[rows[folds == fold]])]


def hold_out(
    rows: IntArray, folds: IntArray, clusters: IntArray
) -> list[tuple[IntArray, IntArray]]:
    """Pair what each fold trains on with what it holds out, of `rows` (m,) with their folds (m,).

    Copies of a unit held out, whose `clusters` (n,) say so, are not trained on.

    Raises
    ------
    InputError
        If nothing is left to train on.

    Examples
    --------
    >>> rows, clusters = np.arange(4), np.array([0, 1, 0, 2])
    >>> [(a.tolist(), b.tolist()) for a, b in hold_out(rows, np.array([0, 0, 1, 1]), clusters)]
    [([3], [0, 1]), ([1], [2, 3])]
    """
    if not _leaves_some(rows, folds, clusters):
        raise InputError(
            "the units are copies of each other, so none can be held out",
            fix="take repeated rows out of the coded data",
        )
    return [(train, rows[folds == fold]) for fold, train in _list_trained(rows, folds, clusters)]


def find_obstacle(dataset: Dataset, split: Split, *, n_folds: int, seed: int) -> str | None:
    """Say why sources cannot be held out: too few, or one copies all others; None if they can."""
    if split != "source":
        return None
    if count_sources(dataset) < 2:
        return "the units name fewer than two sources"
    folds = assign_folds(dataset, split, n_folds=n_folds, seed=seed)
    if _leaves_some(np.arange(len(dataset)), folds, dataset.clusters):
        return None
    return "the units of some sources copy all the others"


def count_sources(dataset: Dataset) -> int:
    """Count the different sources that units name."""
    return len(set(dataset.sources) - {None})


def _code_sources(sources: Sequence[str | None]) -> IntArray:
    names = dict.fromkeys(sources)
    numbers = {name: number for number, name in enumerate(names)}
    return np.array([numbers[name] for name in sources], dtype=np.intp)


def _features(dataset: Dataset) -> FloatArray:
    """List what folds should share evenly: units, frames, stance values; an array (n, M)."""
    parts = [np.ones((len(dataset), 1)), np.nan_to_num(dataset.frames)]
    parts += [
        (stance.codes[:, None] == np.arange(len(stance.values))).astype(float)
        for stance in dataset.stances
    ]
    return np.hstack(parts)


def spread_groups(
    groups: IntArray, features: FloatArray, *, n_folds: int, rng: np.random.Generator
) -> IntArray:
    """Spread whole groups over folds so that each fold gets its share of each feature.

    Parameters
    ----------
    groups : array (n,)
        Group of each unit; the numbers 0 to G - 1.
    features : array (n, M)
        Non-negative counts; the first column is 1 throughout.
    n_folds : int
        At most G are used.
    rng : numpy.random.Generator
        Breaks ties.

    Returns
    -------
    array (n,)
        Fold of each unit.

    Examples
    --------
    >>> groups = np.array([0, 0, 1, 1, 2, 3])
    >>> features = np.array([[1, 1], [1, 0], [1, 1], [1, 0], [1, 0], [1, 0]])
    >>> folds = spread_groups(groups, features, n_folds=2, rng=np.random.default_rng(0))
    >>> bool(folds[0] == folds[1] != folds[2] == folds[3]), np.bincount(folds).tolist()
    (True, [3, 3])
    """
    n_groups = int(groups.max()) + 1
    n_folds = min(n_folds, n_groups)
    totals = np.zeros((n_groups, features.shape[1]))
    np.add.at(totals, groups, features)
    sums = totals.sum(axis=0)
    rarity = np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0)
    wanted = np.tile(sums / n_folds, (n_folds, 1))
    fold_of = np.empty(n_groups, dtype=np.intp)
    for group in _order_groups(totals, rarity, rng):
        fold = _find_neediest(wanted, totals[group], rarity, rng)
        fold_of[group] = fold
        wanted[fold] -= totals[group]
    return fold_of[groups]


def _order_groups(totals: FloatArray, rarity: FloatArray, rng: np.random.Generator) -> IntArray:
    """Place first what is hardest to place: groups with much of what is rare."""
    weight = (totals * rarity).sum(axis=1)
    return np.lexsort((rng.random(len(totals)), -weight))


def _find_neediest(
    wanted: FloatArray, totals: FloatArray, rarity: FloatArray, rng: np.random.Generator
) -> int:
    need: NDArray[np.float64] = wanted @ (totals * rarity**2)
    best = np.flatnonzero(np.isclose(need, need.max(), rtol=1e-12, atol=0))
    return int(rng.choice(best))
