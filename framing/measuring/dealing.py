"""p-values of differences between shares, articles being dealt to the sides anew.

Articles of one distribution are dealt exactly; that only the shares are equal is tested in large
samples (`framing.measuring.shuffling`). A small side whose articles differ far more than those of a
large one is accused too often: in simulations of no difference (articles drawn from beta
distributions of weight 1 and 5, mean .3, with 30 articles against 100), .064 of the p-values were
below .05, where Welch's test gave .068; the other way round .039.
Shapes: G groups, D differences, K labels, M columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from framing.measuring.intervals import Floats
from framing.measuring.shuffling import Moments, count_arrangements, shuffle_sums
from framing.measuring.sides import Side, draw_errors
from framing.measuring.spans import Draws, pool_freedoms
from framing.measuring.tails import Tail
from framing.measuring.testing import permutation_p


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
        gap=(a.gradients - b.gradients)[None],
        split=lambda sums: (sums[..., :1, :], sums[..., 1:, :]),
        counts=np.array([[side.summarise().n_articles] for side in (a, b)]),
    )
    return np.asarray(p[0])


def compare_groups(
    groups: Sequence[Side],
    draws: Draws,
    *,
    names: Sequence[object],
    gap: Floats,
    split: Callable[[Floats], tuple[Floats, Floats]],
    counts: Floats,
) -> Floats:
    """Test D differences, dealing all articles to the groups anew: p-values (D, K).

    Parameters
    ----------
    groups : sequence of G Side
    draws : Draws
    names : sequence
        Of the test.
    gap : array (D, K, 2)
        Difference of the sides' gradients.
    split : callable
        Turns sums of groups (..., G, M) into those of both sides, two arrays (..., D, M).
    counts : array (2, D, K)
        Articles of each side.
    """
    rng, permutations = draws.plan.rng("permutations", *names), draws.plan.permutations
    sizes = np.array([len(side.sums) for side in groups])
    moments = Moments.take(
        *(np.concatenate([getattr(side, part) for side in groups]) for part in ("sums", "units"))
    )
    variance = draws.vary(gap)
    observed = moments.compare(*split(moments.observe(sizes)), variance=variance)
    permuted = []
    for sums in shuffle_sums(moments.columns, sizes, permutations=permutations, rng=rng):
        errors = draw_errors(draws.covariances, len(sums), rng)
        shift = np.einsum("dkj,bkj->bdk", gap, errors)
        permuted.append(moments.compare(*split(sums), shift=shift, variance=variance))
    return permutation_p(
        observed,
        np.concatenate(permuted),
        smallest=np.where(variance > 0, 0.0, np.exp(-count_arrangements(counts))),
        tail=Tail(pool_freedoms(counts)),
    )
