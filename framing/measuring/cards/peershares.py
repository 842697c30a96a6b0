"""An article's shares of frames against those of comparable articles.

A comparable article's share varies from article to article, and its few units vary about it: its
count follows a beta-binomial law, whose mean and correlation within articles are estimated by
moments (Kleinman 1973, *Proportions with extraneous variance*, JASA 68) from the articles' mean
probabilities, with what classification leaves open added to their variance. Sources count alike,
however many articles they have, and are resampled to carry what their number leaves open.
Shapes: m units of the article, F frames, P peers, S voices, B resamples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from framing.measuring.cards.countlaws import (
    compare_laws,
    count_carriers,
    expect_carriers,
    span_law,
)
from framing.measuring.intervals import ArticleResampler, Codes, Floats, percentile_interval
from framing.measuring.rates import sum_by_article

Status = Literal["over-stressed", "under-stressed", "as expected", "cannot say"]

FEWEST_PEERS = 8
"""Fewer articles cannot show how such articles differ."""

FEWEST_UNITS = 4
"""Of fewer units, one alone moves the share by more than a quarter."""

_EDGE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class PeerShares:
    """Comparable articles as sums.

    Attributes
    ----------
    sums, doubts, units : arrays (P, F)
        Of probabilities p, of p (1 - p), and of scored units.
    voices : array (P,)
        Number of each peer's source, 0 to S - 1; articles of one voice share its weight.
    """

    sums: Floats
    doubts: Floats
    units: Floats
    voices: Codes


@dataclass(frozen=True, slots=True)
class FrameComparison:
    """One frame in one article, against comparable articles; shares and chances are 0-1.

    Attributes
    ----------
    frame : str
    status : {"over-stressed", "under-stressed", "as expected", "cannot say"}
    observed, observed_low, observed_high : float
        Share of the article's units that carry it, and what classification leaves open: whole
        units, and the share itself, which may lie between them.
    expected, expected_low, expected_high : float
        Mean share of comparable articles, and what their number leaves open.
    single_low, single_high : float
        Where the share of one such article of this length lies.
    lacking : float
        Chance that no unit of the article carries it.
    peers_lacking : float
        Chance that no unit of a comparable article of this length does.
    p, p_adjusted : float
        Two-sided; adjusted for all frames compared (Benjamini & Hochberg 1995). NaN where the
        status is "cannot say".
    """

    frame: str
    status: Status
    observed: float
    observed_low: float
    observed_high: float
    expected: float
    expected_low: float
    expected_high: float
    single_low: float
    single_high: float
    lacking: float
    peers_lacking: float
    p: float
    p_adjusted: float


def compare_shares(
    probabilities: Floats,
    peers: PeerShares,
    *,
    frames: Sequence[str],
    rng: np.random.Generator,
    level: float = 0.95,
    resamples: int = 1000,
) -> list[FrameComparison]:
    """Compare an article's shares with those of comparable articles.

    Parameters
    ----------
    probabilities : array (m, F)
        Of the article's units, calibrated; without NaN.
    peers : PeerShares
        At least one.
    frames : sequence of F str
    rng : numpy.random.Generator
    level : float
        Of the intervals; frames are called over- or under-stressed at a false-discovery rate of
        1 - level.
    resamples : int

    Examples
    --------
    >>> sums = np.full((10, 1), 6.0) + np.linspace(-2, 2, 10)[:, None]
    >>> peers = PeerShares(sums, np.full((10, 1), 0.5), np.full((10, 1), 12.0), np.arange(10))
    >>> rng = np.random.default_rng(0)
    >>> (lag,) = compare_shares(np.full((12, 1), 0.01), peers, frames=["lag"], rng=rng)
    >>> lag.status, round(lag.expected, 2)
    ('under-stressed', 0.5)
    """
    from scipy.stats import false_discovery_control

    m = len(probabilities)
    fits = fit_peers(peers, resamples=resamples, rng=rng)
    laws = [count_carriers(column) for column in probabilities.T]
    awaited = [
        expect_carriers(mean, likeness, m)
        for mean, likeness in zip(fits.means[1:].T, fits.likeness[1:].T, strict=True)
    ]
    raw = [compare_laws(own, other) for own, other in zip(laws, awaited, strict=True)]
    lows, highs = percentile_interval(fits.means[1:], level=level)
    can_say = len(peers.sums) >= FEWEST_PEERS and m >= FEWEST_UNITS
    adjusted = false_discovery_control(raw) if can_say else np.full(len(raw), np.nan)
    return [
        FrameComparison(
            frame,
            judge(observed, mean, p_adjusted, alpha=1 - level),
            *_include(observed, span_law(own, level=level)),
            *_include(mean, (low, high)),
            *span_law(other, level=level),
            *(float(own[0]), float(other[0])),
            *(p if can_say else float("nan"), p_adjusted),
        )
        for frame, observed, own, mean, low, high, other, p, p_adjusted in zip(
            frames,
            probabilities.mean(axis=0).tolist(),
            laws,
            fits.means[0].tolist(),
            lows.tolist(),
            highs.tolist(),
            awaited,
            raw,
            adjusted.tolist(),
            strict=True,
        )
    ]


def _include(value: float, interval: tuple[float, float]) -> tuple[float, float, float]:
    """Give a value with its interval, widened to hold it where that steps over it."""
    low, high = interval
    return value, min(low, value), max(high, value)


def judge(observed: float, expected: float, p_adjusted: float, *, alpha: float) -> Status:
    """Say what a comparison comes to.

    >>> judge(0.0, 0.4, 0.01, alpha=0.05), judge(0.0, 0.4, float("nan"), alpha=0.05)
    ('under-stressed', 'cannot say')
    """
    if np.isnan(p_adjusted):
        return "cannot say"
    if p_adjusted > alpha:
        return "as expected"
    return "over-stressed" if observed > expected else "under-stressed"


@dataclass(frozen=True, slots=True, eq=False)
class PeerFits:
    """Means, and correlations within articles: arrays (1 + B, F), the peers as they are first."""

    means: Floats
    likeness: Floats


def fit_peers(peers: PeerShares, *, resamples: int, rng: np.random.Generator) -> PeerFits:
    """Fit beta-binomial laws to the peers as they are, and in resamples of their voices.

    >>> sums, units = np.array([[2.0], [6.0]]), np.array([[8.0], [8.0]])
    >>> peers = PeerShares(sums, np.zeros((2, 1)), units, np.array([0, 1]))
    >>> fits = fit_peers(peers, resamples=9, rng=np.random.default_rng(0))
    >>> fits.means[0].tolist(), fits.likeness[0].round(3).tolist()
    ([0.5], [0.429])
    """
    held = (peers.units > 0).astype(np.float64)
    n = np.maximum(peers.units, 1.0)
    n_voices = int(peers.voices.max()) + 1
    shares = peers.sums / n
    parts = (held, shares, shares**2, peers.doubts / n**2, held / n)
    size, *sums = (sum_by_article(part, peers.voices, n_voices) for part in parts)
    averages = [total / np.maximum(size, 1.0) for total in sums]
    resampler = ArticleResampler.draw(range(n_voices), resamples=resamples, rng=rng)
    counts = np.concatenate([np.ones((1, n_voices)), *resampler.chunks()])
    return _solve(counts, size, averages)


def _solve(counts: Floats, size: Floats, averages: Sequence[Floats]) -> PeerFits:
    """Solve the moment equations under counts (b, S) of voices, given by averages (S, F).

    The mean square about the mean, with what classification leaves open, is to be that of a
    beta-binomial share: mean (1 - mean) (r + (1 - r) / units).
    """
    speaks = (size > 0).astype(np.float64)
    total = np.maximum(counts @ speaks, 1.0)
    mean, square, noise, shortness = (counts @ average / total for average in averages)
    mean = np.clip(mean, _EDGE, 1 - _EDGE)
    lost = (counts**2) @ (speaks / np.maximum(size, 1.0)) / total**2  # to the mean's own error
    spread = np.maximum(square - mean**2, 0.0) / np.maximum(1 - lost, 0.5) + noise
    excess = spread / (mean * (1 - mean)) - shortness
    likeness = excess / np.maximum(1 - shortness, _EDGE)
    return PeerFits(mean, np.clip(likeness, _EDGE, 1 - _EDGE))
