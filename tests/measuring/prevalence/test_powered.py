"""Tests of prediction-powered shares: by plain formulas, by leaving out, and by drawing again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import expit

from framing.measuring.prevalence.powered import (
    FEWEST_CODED_ARTICLES,
    FEWEST_CODINGS,
    find_correctable,
    find_unlike,
    power_predictions,
    tune_power,
)

NAN = float("nan")
SEEDS = st.integers(0, 2**32 - 1)


def draw(seed, *, n=300, coded=100, skew=0.0):
    """Single units: probabilities that are off by `skew` on the log-odds, and codes of some."""
    rng = np.random.default_rng(seed)
    odds = rng.normal(-0.5, 1.5, n)
    truth = (rng.random(n) < expit(odds)).astype(float)
    return expit(odds + skew), np.where(np.arange(n) < coded, truth, NAN)


def read_power(chances, truth, power):
    """The estimator as its authors write it, for single units."""
    coded = ~np.isnan(truth)
    return power * chances.mean() + (truth - power * chances)[coded].mean()


def add_influences(chances, truth, power):
    """Sum of squares of what each single unit moves the estimate by, unit by unit."""
    coded, total = ~np.isnan(truth), 0.0
    rest = (truth - power * chances)[coded].mean()
    for p, y in zip(chances, truth, strict=True):
        moved = power * (p - chances.mean()) / len(chances)
        moved += 0.0 if np.isnan(y) else (y - power * p - rest) / coded.sum()
        total += moved**2
    return total


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("skew", [0.0, 1.0])
def test_single_units_give_what_plain_formulas_give(tally, seed, skew):
    chances, truth = draw(seed, skew=skew)
    best = minimize_scalar(
        lambda power: add_influences(chances, truth, power), bounds=(0, 1), method="bounded"
    ).x
    found = power_predictions(tally(chances, truth))
    assert found.values == pytest.approx([read_power(chances, truth, best)], abs=1e-6)
    assert found.n_units == pytest.approx([100])


def test_the_variance_is_that_of_the_influences_where_finds_are_many(tally):
    chances, truth = draw(1, n=20_000, coded=5_000)
    found = power_predictions(tally(chances, truth), power=np.array([0.8]))
    assert found.spread.variance == pytest.approx([add_influences(chances, truth, 0.8)], rel=0.005)
    assert found.spread.freedom > 1000


def test_full_power_is_prediction_powered_inference_and_none_is_the_mean_of_the_codings(tally):
    chances, truth = draw(2)
    sums = tally(chances, truth)
    plain = power_predictions(sums, power=np.ones(1)).values
    classical = power_predictions(sums, power=np.zeros(1)).values
    assert plain == pytest.approx([chances.mean() + np.nanmean(truth - chances)])
    assert classical == pytest.approx([np.nanmean(truth)])


def test_predictions_that_say_nothing_have_no_power(tally):
    _, truth = draw(3)
    found = power_predictions(tally(np.full(300, 0.3), truth))
    assert found.values == pytest.approx([np.nanmean(truth)])


def test_predictions_that_are_right_have_full_power(tally):
    rng = np.random.default_rng(4)
    truth = (rng.random(300) < 0.4).astype(float)
    found = power_predictions(tally(truth, np.where(np.arange(300) < 100, truth, NAN)))
    assert found.values == pytest.approx([truth.mean()])


def test_predictions_that_are_wrong_way_round_are_left_aside(tally):
    chances, truth = draw(5)
    assert power_predictions(tally(1 - chances, truth)).values == pytest.approx([np.nanmean(truth)])


def test_where_all_is_coded_the_share_is_that_of_the_codings(tally):
    chances, truth = draw(6, n=80, coded=80)
    sums = tally(chances, truth, articles=np.arange(80) // 4)
    assert power_predictions(sums).values == pytest.approx([truth.mean()])
    census = power_predictions(sums, census=True)
    assert census.values == pytest.approx([truth.mean()])
    assert census.spread.variance == pytest.approx([0])
    alike = power_predictions(sums.weigh_articles_alike(), census=True)
    assert alike.values == pytest.approx([truth.mean()])
    assert alike.spread.variance == pytest.approx([0])


def draw_articles(seed, *, n_articles=150, n_coded=90):
    rng = np.random.default_rng(seed)
    articles = np.repeat(np.arange(n_articles), rng.integers(1, 9, n_articles))
    odds = rng.normal(-0.5, 1, n_articles)[articles] + rng.normal(0, 1, len(articles))
    truth = (rng.random(len(articles)) < expit(odds + 0.5)).astype(float)
    return articles, expit(odds), np.where(articles < n_coded, truth, NAN)


def test_the_variance_is_that_of_leaving_out_articles(tally):
    articles, chances, truth = draw_articles(0)
    power = np.array([0.7])
    whole = power_predictions(tally(chances, truth, articles=articles), power=power)
    values = []
    for article in range(150):
        kept = articles != article
        part = tally(chances[kept], truth[kept], articles=articles[kept])
        values.append(power_predictions(part, power=power).values[0])
    jackknife = 149 / 150 * ((np.array(values) - np.mean(values)) ** 2).sum()
    assert whole.spread.variance == pytest.approx([jackknife], rel=0.04)


def test_the_variance_is_that_of_drawing_articles_again(tally):
    articles, chances, truth = draw_articles(1)
    rng, values = np.random.default_rng(0), []
    members = [np.flatnonzero(articles == article) for article in range(150)]
    for _ in range(600):
        drawn = rng.integers(0, 150, 150)
        rows = np.concatenate([members[article] for article in drawn])
        sizes = [len(members[article]) for article in drawn]
        again = tally(chances[rows], truth[rows], articles=np.repeat(np.arange(150), sizes))
        values.append(power_predictions(again).values[0])
    whole = power_predictions(tally(chances, truth, articles=articles))
    assert whole.spread.variance == pytest.approx([np.var(values)], rel=0.15)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.booleans())
def test_corrected_sums_make_the_share_and_vary_as_the_estimate_does(tally, seed, alike):
    articles, chances, truth = draw_articles(seed, n_articles=20, n_coded=12)
    weights = np.random.default_rng(seed).integers(1, 5, len(articles))
    sums = tally(chances, truth, articles=articles, weights=weights)
    sums = sums.weigh_articles_alike() if alike else sums
    found = power_predictions(sums, power=np.array([0.6]))
    units = sums.units.sum(axis=0)
    assert found.sums.sum(axis=0) / units == pytest.approx(found.values)
    influences = (found.sums - found.values * sums.units) / units
    assert influences.sum() == pytest.approx(0, abs=1e-9)
    # by numbers: what a little more of each article does to the share
    for place in range(3):
        more = np.ones((len(sums.units), 1))
        more[place] += 1e-6
        parts = {name: getattr(sums, name) * more for name in type(sums).__slots__}
        moved = power_predictions(type(sums)(**parts), power=np.array([0.6])).values
        slope = (moved - found.values) / 1e-6
        assert slope == pytest.approx(influences[place], abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_neither_order_nor_names_nor_the_scale_of_weights_count(tally, seed):
    articles, chances, truth = draw_articles(seed, n_articles=20, n_coded=12)
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 5, len(articles))
    base = power_predictions(tally(chances, truth, articles=articles, weights=weights))
    order, names = rng.permutation(len(articles)), rng.permutation(20)
    others = (
        tally(chances[order], truth[order], articles=articles[order], weights=weights[order]),
        tally(chances, truth, articles=names[articles], weights=weights),
        tally(chances, truth, articles=articles, weights=2 * weights),
    )
    for other in map(power_predictions, others):
        assert other.values == pytest.approx(base.values)
        assert other.spread.variance == pytest.approx(base.spread.variance)
        assert other.n_units == pytest.approx(base.n_units)


def test_weights_undo_unequal_chances(tally):
    """Units that were four times as likely to be coded count a quarter."""
    chances = np.array([0.5] * 8)
    truth = [1, 1, 1, 1, 0, NAN, NAN, NAN]
    found = power_predictions(tally(chances, truth, weights=[1, 1, 1, 1, 4, 1, 1, 1]))
    assert found.values == pytest.approx([0.5])
    assert found.n_units == pytest.approx([8**2 / (4 + 16)])


def draw_strata(rng, chances, truth, *, taken):
    """Code all of the first half, and some of the second."""
    half = len(truth) // 2
    coded = np.append(np.arange(half), half + rng.choice(half, taken, replace=False))
    weights = np.ones(len(truth))
    weights[half:] = half / taken
    codes = np.full(len(truth), NAN)
    codes[coded] = truth[coded]
    return chances, codes, weights


def test_in_a_census_only_the_choice_of_the_coded_is_left_to_chance(tally):
    """The variance over draws of the codings from one fixed corpus, with unequal chances."""
    rng = np.random.default_rng(7)
    odds = rng.normal(0, 1.5, 400)
    truth, chances = (rng.random(400) < expit(odds)).astype(float), expit(odds)
    values, variances = [], []
    for _ in range(300):
        p, y, w = draw_strata(rng, chances, truth, taken=40)
        found = power_predictions(tally(p, y, weights=w), census=True)
        values.append(found.values[0])
        variances.append(found.spread.variance[0])
    assert np.mean(values) == pytest.approx(truth.mean(), abs=0.01)
    assert 0.9 < np.mean(variances) / np.var(values) < 1.6


def test_a_census_has_less_to_fear_than_a_sample(tally):
    articles, chances, truth = draw_articles(2)
    sums = tally(chances, truth, articles=articles)
    sample, census = power_predictions(sums), power_predictions(sums, census=True)
    assert census.spread.variance < 0.8 * sample.spread.variance


def test_labels_that_no_one_coded_are_not_known(tally):
    chances = np.random.default_rng(0).random((30, 2))
    truth = np.full((30, 2), NAN)
    truth[:20, 0] = chances[:20, 0] > 0.5
    for census in (False, True):
        found = power_predictions(tally(chances, truth), census=census)
        assert np.isnan(found.values).tolist() == [False, True]
        assert np.isnan(found.spread.variance).tolist() == [False, True]


@pytest.mark.parametrize(
    ("per_article", "n_articles", "enough"),
    [(10, 1, False), (9, 2, False), (3, 3, False), (4, 3, True), (1, 9, False), (1, 10, True)],
)
def test_codings_correct_from_ten_in_three_articles_on(tally, per_article, n_articles, enough):
    assert (FEWEST_CODED_ARTICLES, FEWEST_CODINGS) == (3, 10)
    n = per_article * n_articles
    sums = tally([0.5] * (n + 1), [1] * n + [NAN], articles=np.arange(n + 1) // per_article)
    assert find_correctable(sums).tolist() == [enough]


@pytest.mark.parametrize("weighted", [False, True])
def test_coded_units_that_are_no_sample_of_all_correct_nothing(tally, weighted):
    """Units of high probability were three times as likely to be coded as the others."""
    rng = np.random.default_rng(0)
    chances = np.append(rng.uniform(0.6, 1.0, 200), rng.uniform(0.0, 0.4, 200))
    drawn = np.append(np.arange(150), np.arange(200, 250))
    truth = np.full(400, NAN)
    truth[drawn] = rng.random(200) < chances[drawn]
    weights = np.repeat([4 / 3, 4.0], 200) if weighted else None
    sums = tally(chances, truth, weights=weights)
    assert find_unlike(sums).tolist() == [not weighted]
    assert find_correctable(sums).tolist() == [weighted]


def test_samples_are_rarely_held_to_be_none(tally):
    rng, unlike = np.random.default_rng(0), 0
    for _ in range(500):
        articles = np.repeat(np.arange(40), 5)
        chances = expit(rng.normal(0, 1, 40)[articles] + rng.normal(0, 1, 200))
        truth = np.where(np.isin(articles, rng.choice(40, 12, replace=False)), 1.0, NAN)
        unlike += find_unlike(tally(chances, truth, articles=articles))[0]
    assert unlike <= 3


def test_all_units_are_a_sample_of_themselves(tally):
    rng = np.random.default_rng(0)
    chances = rng.random(30)
    assert not find_unlike(tally(chances, rng.random(30) < chances))[0]
    assert not find_unlike(tally(np.full(30, 0.3), np.where(np.arange(30) < 9, 1.0, NAN)))[0]
    assert not find_unlike(tally(chances))[0]


def test_power_minimises_and_lies_within_zero_and_one():
    rng = np.random.default_rng(0)
    predicted, coded = rng.normal(size=(2, 30, 1))
    coded = 0.3 * coded - 0.4 * predicted
    power = tune_power(predicted, coded)[0]
    sizes = [((coded + at * predicted) ** 2).sum() for at in (power - 0.01, power, power + 0.01)]
    assert sizes[1] == min(sizes)
    assert tune_power(predicted, -5 * predicted).tolist() == [1]
    assert tune_power(predicted, predicted).tolist() == [0]
    assert tune_power(0 * predicted, coded).tolist() == [0]
