"""Tests of the uncertain band: promises kept on new data, and nothing sure that cannot be."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from framing.learning.bands import find_band, measure_likeness
from framing.scoring.heads import NEVER, FrameHead

ONE_SIDE = math.erf(1.645 / math.sqrt(2))  # the confidence of an interval with 5% on a side

cells = st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=40)
promises = st.sampled_from([0.57, 0.71, 0.87, 0.93])
thresholds = st.sampled_from([0.05, 0.3125, 0.5, 0.675, 0.95])


def lay(found):
    grid, codes = np.array(found, dtype=float).reshape(-1, 2).T
    return codes > 0, grid / 40


def sigmoid(scores):
    return 1 / (1 + np.exp(-scores))


def is_doubtful(band, shares):
    return FrameHead("f", 1.0, 0.0, 0.5, 1, 1, band=band).doubt(np.asarray(shares))


# By the definition


def keeps(right, promise):
    """Ask SciPy whether Wilson's interval lies above what is promised, but for 5% of luck."""
    interval = binomtest(int(right.sum()), len(right)).proportion_ci(ONE_SIDE, method="wilson")
    return interval.low >= promise


@settings(max_examples=200, deadline=None)
@given(cells, promises, thresholds)
def test_sure_are_the_most_units_that_keep_the_promise_on_their_side(found, promise, threshold):
    present, shares = lay(found)
    low, high = find_band(present, shares, promise, threshold=threshold)
    cuts = [cut for cut in np.unique(shares) if keeps(present[shares >= cut], promise)]
    least = max(min(cuts, default=NEVER), threshold)
    np.testing.assert_array_equal(shares >= high, shares >= least)
    cuts = [cut for cut in np.unique(shares) if keeps(~present[shares <= cut], promise)]
    surely_absent = (shares <= max(cuts, default=-1.0)) & (shares < threshold)
    np.testing.assert_array_equal(shares < low, surely_absent)


def measure_by_pairs(errors, groups):
    """Average the products of two errors of one group, pair by pair, over the mean square."""
    n = len(errors)
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j and groups[i] == groups[j]]
    square = np.mean(errors**2) if n else 0.0
    if not pairs or not square:
        return 0.0
    return np.clip(np.mean([errors[i] * errors[j] for i, j in pairs]) / square, 0.0, 1.0)


grouped = st.lists(st.tuples(st.integers(0, 8), st.booleans(), st.integers(0, 4)), max_size=80)


@settings(max_examples=200, deadline=None)
@given(grouped, st.sampled_from([0.3, 0.57, 0.71]))
def test_units_of_an_article_count_as_fewer_by_their_design_effect(found, promise):
    grid, codes, groups = np.array(found, dtype=int).reshape(-1, 3).T
    present, shares = codes > 0, grid / 8
    likeness = measure_by_pairs(present - shares, groups)
    assert measure_likeness(present - shares, groups) == pytest.approx(likeness)

    def keeps_by_score(cut):  # Wilson's interval is what his score test does not reject
        out = shares >= cut
        sizes = np.bincount(groups[out])
        effect = 1 + ((sizes**2).sum() / out.sum() - 1) * likeness
        error = np.sqrt(promise * (1 - promise) * effect / out.sum())
        return present[out].mean() - promise >= 1.645 * error

    _, high = find_band(present, shares, promise, threshold=0.05, groups=groups)
    cuts = [cut for cut in np.unique(shares) if keeps_by_score(cut)]
    np.testing.assert_array_equal(shares >= high, shares >= max(min(cuts, default=NEVER), 0.05))


@settings(max_examples=200, deadline=None)
@given(cells, promises, thresholds)
def test_units_of_as_many_articles_are_units_without_any(found, promise, threshold):
    alone = find_band(*lay(found), promise, threshold=threshold)
    groups = np.random.default_rng(0).permutation(len(found))
    assert find_band(*lay(found), promise, threshold=threshold, groups=groups) == alone


def test_units_that_say_one_thing_count_once():
    present = np.repeat(np.arange(60) < 40, 10)
    shares = np.repeat(np.linspace(1, 0, 60), 10)
    once = find_band(present[::10], shares[::10], 0.9, threshold=0.3)
    groups = np.repeat(np.arange(60), 10)
    assert find_band(present, shares, 0.9, threshold=0.3, groups=groups) == pytest.approx(once)
    assert find_band(present, shares, 0.9, threshold=0.3) != pytest.approx(once)


@settings(max_examples=200, deadline=None)
@given(cells, promises, thresholds)
def test_the_threshold_lies_within_the_band(found, promise, threshold):
    low, high = find_band(*lay(found), promise, threshold=threshold)
    assert 0 <= low <= threshold <= high <= NEVER


@settings(max_examples=100, deadline=None)
@given(cells, promises, st.randoms(use_true_random=False))
def test_the_order_of_units_does_not_matter(found, promise, random):
    shuffled = random.sample(found, len(found))
    ours, theirs = (find_band(*lay(order), promise, threshold=0.3) for order in (found, shuffled))
    assert ours == theirs


@settings(max_examples=100, deadline=None)
@given(cells, promises)
def test_presence_and_absence_are_treated_alike(found, promise):
    present, shares = lay(found)
    low, high = find_band(present, shares, promise, threshold=0.3125)
    turned_low, turned_high = find_band(~present, 1 - shares, promise, threshold=1 - 0.3125)
    assert turned_low == pytest.approx(max(1 - high, 0.0), abs=1e-5)
    assert turned_high == pytest.approx(1 - low if low else NEVER, abs=1e-5)


def test_a_bound_stands_half_way_to_the_first_unit_that_is_not_sure():
    shares = np.array([0.2] * 30 + [0.6] * 4 + [0.8] * 30)
    low, high = find_band(shares > 0.7, shares, 0.9, threshold=0.5)
    assert (low, high) == pytest.approx((0.5, 0.7))  # .65 would be half-way up, but .5 decides
    low, high = find_band(shares > 0.7, shares, 0.9, threshold=0.65)
    assert (low, high) == pytest.approx((0.65, 0.7))


# What can be sure, and what cannot


@pytest.mark.parametrize(("n", "sure"), [(24, False), (25, True), (0, False)])
def test_a_promise_of_nine_tenths_takes_25_that_are_right(n, sure):
    # Wilson's lower end for n of n at z standard errors is n / (n + z ** 2).
    present = np.repeat([True, False], [n, 40])
    shares = np.repeat([0.9, 0.5], [n, 40])
    _, high = find_band(present, shares, 0.9 - 1e-9, threshold=0.4)
    assert (high < 0.9) == sure
    assert high > 0.5


def test_without_units_nothing_is_sure():
    band = find_band(np.zeros(0, bool), np.zeros(0), 0.6, threshold=0.5)
    assert is_doubtful(band, [0.0, 0.1, 0.5, 0.9, 1.0]).all()


@pytest.mark.parametrize("promise", [0.9, 0.95, 1.0])
def test_where_one_in_five_is_wrong_nothing_is_sure(promise):
    present = np.arange(500) % 5 > 0  # the most confident is wrong, too
    shares = np.linspace(0.999, 0.5, 500)
    assert is_doubtful(find_band(present, shares, promise, threshold=0.4), [0.5, 0.9, 1.0]).all()
    band = find_band(~present, 1 - shares, promise, threshold=0.6)
    assert is_doubtful(band, [0.0, 0.1, 0.5]).all()


def test_nobody_can_promise_never_to_be_wrong():
    shares = np.linspace(0, 1, 1000)
    band = find_band(shares > 0.5, shares, 1.0, threshold=0.5)
    assert is_doubtful(band, shares).all()


@pytest.mark.parametrize("present", [True, False])
@pytest.mark.parametrize("n", [*range(100, 130), 200, 333, 1000])
def test_a_frame_that_is_the_same_everywhere_is_sure_however_its_share_is_rounded(n, present):
    # Platt's smoothed share, of which there is but one: nothing else says where the bound lies.
    share = (n + 1) / (n + 2) if present else 1 / (n + 2)
    band = find_band(np.full(n, present), np.full(n, share), 0.9, threshold=0.5)
    assert not is_doubtful(band, [share]).any()
    assert is_doubtful(band, [0.5]).all()


def test_guesses_are_next_to_never_sure():
    # Twenty-five right in a row are luck that no draw has.
    surely = []
    for seed in range(400):
        rng = np.random.default_rng(seed)
        present, shares = rng.random(300) < 0.5, rng.random(300)
        low, high = find_band(present, shares, 0.9, threshold=0.5)
        surely.append(low > 0 or high < NEVER)
    assert np.mean(surely) == 0.0


# The promise on new data


@pytest.fixture(scope="module")
def new():
    """Logits of units that bands have not seen."""
    return np.random.default_rng(99).normal(size=4000)


@pytest.mark.parametrize("stretch", [0.4, 1.0, 2.0])  # timid, calibrated, overconfident
@pytest.mark.parametrize("promise", [0.8, 0.9])
def test_sure_decisions_keep_their_promise_on_new_data(new, promise, stretch):
    chances, told = sigmoid(2 * new), sigmoid(stretch * 2 * new)
    counts = []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        logits = 2 * rng.normal(size=400)
        present = rng.random(400) < sigmoid(logits)
        low, high = find_band(present, sigmoid(stretch * logits), promise, threshold=0.5)
        right = chances[told >= high].sum() + (1 - chances)[told < low].sum()
        counts.append((right, (told >= high).sum() + (told < low).sum()))
    right, sure = np.array(counts).T
    # All in all it is kept; one sample of 400 in twenty may miss it by .03.
    assert right.sum() / sure.sum() > promise
    missed = right[sure > 0] / sure[sure > 0] < promise - 0.03
    assert missed.mean() < 0.05
    # Nor is caution bought with silence: half of what could be sure, is.
    best = np.sort(np.maximum(chances, 1 - chances))[::-1]
    possible = (np.cumsum(best) / np.arange(1, 4001) >= promise).sum()
    assert sure.mean() > possible / 2


def draw_band(rng, *, n_articles, size, alike, grouped=True):
    """Draw articles of one chance each, whose units come out alike or each by itself."""
    logits = np.repeat(2 * rng.normal(size=n_articles), size)
    luck = np.repeat(rng.random(n_articles), size) if alike else rng.random(n_articles * size)
    groups = np.repeat(np.arange(n_articles), size) if grouped else None
    shares = sigmoid(logits)
    return find_band(luck < shares, shares, 0.9, threshold=0.5, groups=groups)


def judge_bands(new, bands):
    """Return the right and the sure among new units, band by band."""
    chances = sigmoid(2 * new)
    surely = [(chances >= high, chances < low) for low, high in bands]
    return np.array(
        [
            (chances[up].sum() + (1 - chances)[down].sum(), up.sum() + down.sum())
            for up, down in surely
        ]
    ).T


@pytest.mark.parametrize(("n_articles", "size"), [(40, 10), (80, 5), (200, 10)])
def test_the_promise_holds_where_articles_are_right_or_wrong_as_a_whole(new, n_articles, size):
    bands = [
        draw_band(np.random.default_rng(seed), n_articles=n_articles, size=size, alike=True)
        for seed in range(300)
    ]
    right, sure = judge_bands(new, bands)
    missed = right < (0.9 - 0.03) * sure
    assert missed.mean() < 0.05
    if n_articles == 200:  # enough to be sure of something
        assert right.sum() / sure.sum() > 0.9
        assert (sure > 0).mean() > 0.5


def test_articles_whose_units_go_their_own_ways_cost_little(new):
    told = [
        judge_bands(
            new,
            [
                draw_band(
                    np.random.default_rng(seed), n_articles=80, size=5, alike=False, grouped=grouped
                )
                for seed in range(100)
            ],
        )[1].mean()
        for grouped in (True, False)
    ]
    assert 0.85 * told[1] < told[0] <= told[1]


def test_a_rare_frame_is_surely_absent_and_next_to_never_surely_present(new):
    chances = sigmoid(1.5 * new - 2.5)
    assert (chances > 0.9).mean() < 0.005
    absent, present = [], []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        shares = sigmoid(1.5 * rng.normal(size=400) - 2.5)
        low, high = find_band(rng.random(400) < shares, shares, 0.9, threshold=0.3)
        absent.append(((1 - chances)[chances < low].sum(), (chances < low).sum()))
        present.append((chances >= high).mean())
    right, sure = np.array(absent).T
    assert right.sum() / sure.sum() > 0.89
    assert sure.mean() / 4000 > 0.6
    assert np.mean(present) < 0.01
