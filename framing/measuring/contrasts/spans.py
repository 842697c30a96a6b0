"""Intervals of differences from resampled articles and drawn errors of calibration.

Percentiles of a bootstrap of few articles lie too close: they are stretched about the difference,
by n / (n - 1) in variance and from normal to Student's t (Hesterberg 2015, *What teachers should
know about the bootstrap*, section 5.3), with the degrees of freedom of Welch (1947).
Shapes: K labels, B resamples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framing.measuring.contrasts.sides import Plan, Summary
from framing.measuring.intervals import Floats, percentile_interval
from framing.measuring.rates import divide
from framing.measuring.testing import equivalence_p

Replicates = tuple[Floats, Floats]
"""Resampled sums and units of a side: two arrays (B, K)."""


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """What every comparison at one level shares.

    Attributes
    ----------
    plan : Plan
    covariances : array (K, 2, 2)
        Of each label's calibration.
    errors : array (B, K, 2)
        Drawn with those covariances.
    noise : array (B, K)
        Standard normals, for what the articles do not show.
    """

    plan: Plan
    covariances: Floats
    errors: Floats
    noise: Floats

    @classmethod
    def prepare(cls, covariances: Floats, plan: Plan) -> Draws:
        """Draw the errors of calibration, and the noise."""
        noise = plan.rng("noise").standard_normal((plan.resamples, len(covariances)))
        return cls(plan, covariances, plan.draw_calibration(covariances), noise)

    def keep(self, labels: Sequence[int]) -> Draws:
        """Keep some labels."""
        kept = list(labels)
        return Draws(self.plan, self.covariances[kept], self.errors[:, kept], self.noise[:, kept])

    def vary(self, gradients: Floats) -> Floats:
        """Variance that calibration adds to what moves by gradients (..., K, 2): (..., K)."""
        variance = np.einsum("...ki,kij,...kj->...k", gradients, self.covariances, gradients)
        return np.asarray(np.maximum(variance, 0))

    def move(self, gradients: Floats) -> Floats:
        """Turn the drawn errors into errors of what moves by gradients (K, 2): (B, K)."""
        return np.asarray(np.einsum("kj,bkj->bk", gradients, self.errors))


@dataclass(frozen=True, slots=True, eq=False)
class Unrest:
    """What periods differ by, as it bears on a difference between them: arrays (K,).

    Attributes
    ----------
    variance : array
        Added to that of the difference.
    reach : array
        Standard errors from the difference to its bounds, at least.
    """

    variance: Floats
    reach: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """A difference with its interval and equivalence test: arrays (K,)."""

    difference: Floats
    low: Floats
    high: Floats
    p_equivalent: Floats


def describe_difference(
    sides: tuple[Summary, Summary],
    drawn: tuple[Replicates, Replicates],
    draws: Draws,
    *,
    sign: int = 1,
    unrest: Unrest | None = None,
) -> Span:
    """Give the difference of the first side's share and the second's, turned by `sign`.

    Returns
    -------
    Span
        Without an interval where a side has no more articles than cells, as then nothing shows how
        articles of one cell differ. Bounds lie within -1 and 1.

    Examples
    --------
    >>> from framing.measuring.contrasts.sides import Side
    >>> ones, rng = np.ones((3, 1)), np.random.default_rng(0)
    >>> side = Side(ones * [[0], [1], [1]], ones, np.zeros((1, 2)))
    >>> drawn = [side.replicate(resamples=1000, rng=rng) for _ in range(2)]
    >>> draws = Draws.prepare(np.zeros((1, 2, 2)), Plan(margin=0.1))
    >>> sides = side.summarise(), side.summarise()
    >>> span = describe_difference(sides, (drawn[0], drawn[1]), draws)
    >>> float(span.difference[0]), bool(span.low[0] < 0 < span.high[0])
    (0.0, True)
    """
    a, b = sides
    plan, difference = draws.plan, a.shares - b.shares
    off = stretch_apart(sides, drawn, draws, unrest=unrest)
    moved = sign * (difference + off + draws.move(a.gradients - b.gradients))
    low, high = percentile_interval(moved, level=plan.level)
    nothing = np.full(low.shape, np.nan)
    return Span(
        sign * difference,
        np.clip(low, -1, 1),
        np.clip(high, -1, 1),
        nothing if plan.margin is None else equivalence_p(moved, plan.margin),
    )


def stretch_apart(
    sides: tuple[Summary, Summary],
    drawn: tuple[Replicates, Replicates],
    draws: Draws,
    *,
    unrest: Unrest | None = None,
) -> Floats:
    """Give how far each resampled difference lies from the difference, stretched: (B, K).

    What the articles of the sides do not show is drawn from a normal and added, and so is what
    periods differ by.
    """
    from scipy.stats import norm, t

    offs, variances = [], []
    for side, (sums, units) in zip(sides, drawn, strict=True):
        widened = np.sqrt(divide(side.n_articles, side.spare))  # NaN without freedom
        offs.append((divide(sums, units) - side.shares) * widened)
        variances.append(_vary(offs[-1]) + side.extra)
    freedoms = np.array([side.freedom for side in sides])
    freedom = add_freedoms(np.array(variances), freedoms)
    tail = (1 + draws.plan.level) / 2
    reach, extra = t.ppf(tail, np.maximum(freedom, 1)), sides[0].extra + sides[1].extra
    if unrest is not None:
        reach, extra = np.maximum(reach, unrest.reach), extra + unrest.variance
    noise = draws.noise * np.sqrt(extra)
    return np.asarray((offs[0] - offs[1] + noise) * (reach / norm.ppf(tail)))


def student_p(a: Summary, b: Summary, variance: Floats) -> Floats:
    """Test that two sides have one share by Welch's t: p-values (K,).

    Parameters
    ----------
    a, b : Summary
    variance : array (K,)
        That calibration adds.
    """
    from scipy.stats import t

    variances, freedoms = (
        np.array([getattr(side, name) for side in (a, b)]) for name in ("variance", "freedom")
    )
    score = divide(np.abs(a.shares - b.shares), np.sqrt(variances.sum(axis=0) + variance))
    return np.asarray(2 * t.sf(score, np.maximum(add_freedoms(variances, freedoms), 1)))


def add_freedoms(variances: Floats, freedoms: Floats) -> Floats:
    """Degrees of freedom of a sum of variances (2, ...), by Welch and Satterthwaite.

    >>> add_freedoms(np.array([1.0, 1.0]), np.array([9.0, 9.0])).tolist()
    18.0
    """
    parts = np.nan_to_num(divide(variances**2, np.maximum(freedoms, 1.0)))
    added = divide(variances.sum(axis=0) ** 2, parts.sum(axis=0))
    return np.where(np.isnan(added), freedoms.min(axis=0), added)


def pool_freedoms(counts: Floats) -> Floats:
    """Welch's degrees of freedom of sides of counts (2, ...) articles that vary alike.

    >>> pool_freedoms(np.array([10.0, 10.0])).tolist()
    18.0
    """
    return add_freedoms(divide(np.ones_like(counts), counts), np.maximum(counts - 1, 0))


def _vary(offs: Floats) -> Floats:
    """Variance of replicates (B, K) over those that are defined; 0 if fewer than two are."""
    defined = (~np.isnan(offs)).sum(axis=0).astype(np.float64)
    mean = divide(np.nansum(offs, axis=0), defined)
    return np.nan_to_num(divide(np.nansum((offs - mean) ** 2, axis=0), defined - 1))
