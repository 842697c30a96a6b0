"""Articles against comparable ones: what is fitted, and what is concluded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from framing.measuring.cards.peershares import (
    FEWEST_PEERS,
    FEWEST_UNITS,
    PeerShares,
    compare_shares,
    fit_peers,
    judge,
)


def draw_peers(rng, *, n=30, mean=0.4, likeness=0.1, m=12, sharp=50.0):
    """Peers whose units' probabilities are near 0 or 1, as their rates differ."""
    a, b = mean * (1 / likeness - 1), (1 - mean) * (1 / likeness - 1)
    rates = rng.beta(a, b, n)
    p = draw_units(rng, rates, m, sharp)
    return PeerShares(
        p.sum(axis=1)[:, None],
        (p * (1 - p)).sum(axis=1)[:, None],
        np.full((n, 1), float(m)),
        np.arange(n),
    )


def draw_units(rng, rates, m, sharp):
    """Probabilities (n, m) that are calibrated, by way of codes that differ as articles do."""
    carries = rng.random((len(rates), m)) < rates[:, None]
    return np.where(carries, 1 - 1 / sharp, 1 / sharp)


def compare(column, peers, *, seed=0, **options):
    (found,) = compare_shares(
        np.asarray(column)[:, None],
        peers,
        frames=["lag"],
        rng=np.random.default_rng(seed),
        **options,
    )
    return found


@pytest.mark.parametrize("column", [[0.99] * 3 + [0.01], [0.024] * 2, [0.99] * 4])
def test_no_share_lies_outside_its_own_interval(column):
    peers = draw_peers(np.random.default_rng(0))
    found = compare(column, peers)
    assert found.observed == pytest.approx(np.mean(column))
    assert found.observed_low <= found.observed <= found.observed_high
    alone = PeerShares(peers.sums[:1], peers.doubts[:1], peers.units[:1], peers.voices[:1])
    found = compare(column, alone)
    assert found.expected_low <= found.expected <= found.expected_high


def test_mean_and_likeness_are_recovered():
    rng = np.random.default_rng(0)
    peers = draw_peers(rng, n=3000, mean=0.3, likeness=0.2, sharp=1e6)
    fits = fit_peers(peers, resamples=2, rng=rng)
    assert fits.means[0, 0] == pytest.approx(0.3, abs=0.02)
    assert fits.likeness[0, 0] == pytest.approx(0.2, abs=0.02)


def test_what_classification_leaves_open_counts_as_variance():
    """All peers at 5.5 of 12 by blunt probabilities: their true counts differ all the same."""
    p = np.full(12, 0.46)
    alike = PeerShares(
        np.full((20, 1), p.sum()),
        np.full((20, 1), (p * (1 - p)).sum()),
        np.full((20, 1), 12.0),
        np.arange(20),
    )
    found = compare(p, alike)
    assert found.single_low < 0.3
    assert found.single_high > 0.6
    sure = replace(alike, doubts=np.zeros((20, 1)))
    assert fit_peers(sure, resamples=1, rng=np.random.default_rng(0)).likeness[0, 0] < 1e-5


def test_sources_count_alike_however_many_articles_they_have():
    sums = np.array([[10.0]] * 9 + [[2.0]])
    peers = PeerShares(sums, np.zeros((10, 1)), np.full((10, 1), 20.0), np.array([0] * 9 + [1]))
    fits = fit_peers(peers, resamples=1, rng=np.random.default_rng(0))
    assert fits.means[0, 0] == pytest.approx((0.5 + 0.1) / 2)


def test_a_peer_that_was_not_scored_for_a_frame_has_no_say():
    sums, units = np.array([[5.0], [0.0], [5.0]]), np.array([[10.0], [0.0], [10.0]])
    peers = PeerShares(sums, np.zeros((3, 1)), units, np.arange(3))
    assert fit_peers(peers, resamples=1, rng=np.random.default_rng(0)).means[0, 0] == 0.5


def test_verdicts():
    peers = draw_peers(np.random.default_rng(1), mean=0.5, likeness=0.03, m=14)
    assert compare(np.full(14, 0.01), peers).status == "under-stressed"
    assert compare(np.full(14, 0.99), peers).status == "over-stressed"
    found = compare(np.tile([0.02, 0.98], 7), peers)
    assert found.status == "as expected"
    assert found.expected_low < found.expected < found.expected_high
    assert found.single_low < found.expected_low < found.expected_high < found.single_high
    assert found.lacking < 1e-6
    assert found.peers_lacking < 0.01


def test_doubt_about_the_article_softens_the_verdict():
    peers = draw_peers(np.random.default_rng(1), mean=0.5, likeness=0.03, m=14)
    sure, unsure = np.full(14, 0.01), np.array([0.01] * 8 + [0.5] * 6)
    assert compare(sure, peers).p < compare(unsure, peers).p
    found = compare(unsure, peers)
    assert found.observed_low < found.observed < found.observed_high


def test_a_verdict_means_lying_outside_the_span():
    rng = np.random.default_rng(5)
    peers = draw_peers(rng, mean=0.4, likeness=0.05, m=14)
    for carried in range(15):
        column = np.where(np.arange(14) < carried, 0.999, 0.001)
        found = compare(column, peers)
        outside = not found.single_low <= carried / 14 <= found.single_high
        assert (found.status != "as expected") == outside


def test_p_values_are_adjusted_for_the_number_of_frames():
    peers = draw_peers(np.random.default_rng(1), mean=0.4, likeness=0.05, m=14)
    column = np.full(14, 0.01)
    alone = compare(column, peers)
    wide = PeerShares(
        *(np.repeat(part, 10, axis=1) for part in (peers.sums, peers.doubts, peers.units)),
        peers.voices,
    )
    others = np.tile(np.where(np.arange(14) < 6, 0.98, 0.02)[:, None], (1, 9))
    many = compare_shares(
        np.column_stack([column, others]),
        wide,
        frames=[f"f{i}" for i in range(10)],
        rng=np.random.default_rng(0),
    )
    assert many[0].p == pytest.approx(alone.p)
    assert many[0].p_adjusted == pytest.approx(min(1, 10 * alone.p))
    assert alone.p_adjusted == alone.p


@pytest.mark.parametrize(("n", "m"), [(FEWEST_PEERS - 1, 12), (30, FEWEST_UNITS - 1)])
def test_too_little_to_say(n, m):
    peers = draw_peers(np.random.default_rng(1), n=n, mean=0.5)
    found = compare(np.full(m, 0.01), peers)
    assert found.status == "cannot say"
    assert np.isnan(found.p)
    assert np.isnan(found.p_adjusted)
    assert 0 < found.expected < 1


def test_just_enough_to_say():
    peers = draw_peers(np.random.default_rng(1), n=FEWEST_PEERS, mean=0.5)
    assert compare(np.full(FEWEST_UNITS, 0.5), peers).status == "as expected"


def test_ordinary_articles_are_rarely_accused():
    rng = np.random.default_rng(2)
    flagged = []
    for _ in range(300):
        both = draw_peers(rng, n=25, mean=0.4, likeness=0.1, m=14)
        rate = rng.beta(0.4 * 9, 0.6 * 9, 1)
        column = draw_units(rng, rate, 14, 50.0)[0]
        flagged.append(compare(column, both, resamples=100).status != "as expected")
    assert np.mean(flagged) <= 0.07


def test_the_judge():
    assert judge(0.5, 0.4, 0.05, alpha=0.05) == "over-stressed"
    assert judge(0.3, 0.4, 0.05, alpha=0.05) == "under-stressed"
    assert judge(0.3, 0.4, 0.051, alpha=0.05) == "as expected"
