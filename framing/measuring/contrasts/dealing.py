"""p-values of differences between shares, articles being dealt to the sides anew.

Articles of one distribution are dealt exactly; that only the shares are equal is tested in large
samples (`framing.measuring.contrasts.shuffling`). A small side whose articles differ far more than
those of a large one is accused too often: in simulations of no difference (articles drawn from beta
distributions of weight 1 and 5, mean .3, with 30 articles against 100), .064 of the p-values were
below .05, where Welch's test gave .068; the other way round .039. Where few coded articles correct
a share, all of its variance comes from them, and dealing them out among all others shows too little
of it: p is at least that of Welch's t, with their degrees of freedom. Shapes: G groups, D
differences, K labels, M columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from framing.measuring.contrasts.shuffling import Moments, count_arrangements, shuffle_sums
from framing.measuring.contrasts.sides import ROUNDING, Side, Summary, draw_errors
from framing.measuring.contrasts.spans import Draws, pool_freedoms, student_p
from framing.measuring.intervals import Floats
from framing.measuring.tails import Tail
from framing.measuring.testing import permutation_p

FEWEST_ARTICLES = 2
"""Of a side that is tested."""


def compare_pair(a: Side, b: Side, draws: Draws, names: Sequence[object]) -> Floats:
    """Test that two sides have one share, permuting articles between them: p-values (K,).

    Parameters
    ----------
    a, b : Side
    draws : Draws
    names : sequence
        Of the test: what is drawn depends on them and on the seed.
    """
    p = compare_groups(
        (a, b),
        draws,
        names=names,
        sides=[(a.summarise(), b.summarise())],
        split=lambda sums: (sums[..., :1, :], sums[..., 1:, :]),
    )
    return np.asarray(p[0])


def compare_groups(
    groups: Sequence[Side],
    draws: Draws,
    *,
    names: Sequence[object],
    sides: Sequence[tuple[Summary, Summary]],
    split: Callable[[Floats], tuple[Floats, Floats]],
) -> Floats:
    """Test D differences, dealing all articles to the groups anew: p-values (D, K).

    Drawn errors of calibration, and of what articles do not show, are added to the differences.

    Parameters
    ----------
    groups : sequence of G Side
    draws : Draws
    names : sequence
        Of the test.
    sides : sequence of D pairs of Summary
        That are compared.
    split : callable
        Turns sums of groups (..., G, M) into those of both sides, two arrays (..., D, M).

    Returns
    -------
    array (D, K)
        NaN where a side has fewer than two articles: one may be odd, and shows no spread.
    """
    rng, permutations = draws.plan.rng("permutations", *names), draws.plan.permutations
    sizes = np.array([len(side.sums) for side in groups])
    moments = Moments.take(
        *(np.concatenate([getattr(side, part) for side in groups]) for part in ("sums", "units"))
    )
    gap = np.array([a.gradients - b.gradients for a, b in sides])
    extra = np.array([a.extra + b.extra for a, b in sides])
    counts = np.array([[side.n_articles for side in pair] for pair in sides]).swapaxes(0, 1)
    calibration = draws.vary(gap)
    variance = calibration + extra
    observed = moments.compare(*split(moments.observe(sizes)), variance=variance)
    permuted = []
    for sums in shuffle_sums(moments.columns, sizes, permutations=permutations, rng=rng):
        errors = draw_errors(draws.covariances, len(sums), rng)
        shift = np.einsum("dkj,bkj->bdk", gap, errors)
        shift += np.sqrt(extra) * rng.standard_normal(shift.shape)
        permuted.append(moments.compare(*split(sums), shift=shift, variance=variance))
    p = permutation_p(
        observed,
        np.concatenate(permuted),
        smallest=np.where(calibration > 0, 0.0, np.exp(-count_arrangements(counts))),
        tail=Tail(pool_freedoms(counts)),
    )
    few = np.array([a.lacking + b.lacking for a, b in sides]) > ROUNDING
    student = np.array(
        [student_p(a, b, own) for (a, b), own in zip(sides, calibration, strict=True)]
    )
    p = np.where(few, np.fmax(p, student), p)
    return np.where(counts.min(axis=0) < FEWEST_ARTICLES, np.nan, p)
