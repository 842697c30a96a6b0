"""Tests of shares in cells: which estimator, what leaves them alone, and how often bounds hold."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from framing.measuring.prevalence.calibrated import average_probabilities, explain_variance
from framing.measuring.prevalence.estimates import Calibration, estimate_cells, refuse_cells
from framing.measuring.prevalence.powered import power_predictions
from framing.measuring.prevalence.tallies import tally_cells
from framing.schema import InputError

NAN = float("nan")
KEYS = [("Post", None)] * 120
SEEDS = st.integers(0, 2**32 - 1)


def trust(n_labels=1):
    return Calibration(np.zeros((n_labels, 2, 2)), np.full(n_labels, np.inf))


def estimate(units, keys=None, calibration=None, **options):
    tallies = tally_cells(units, keys or [("Post", None)] * len(units.articles))
    return estimate_cells(tallies, calibration or trust(units.truth.shape[1]), **options)


def draw(lay_units, seed=0, *, n=120, coded=40):
    """Two labels of units in two sources; some of the first source's are coded."""
    rng = np.random.default_rng(seed)
    articles = np.sort(rng.integers(0, 24, n))
    chances = expit(rng.normal(-0.5, 1.5, (n, 2)))
    chances[rng.random((n, 2)) < 0.05] = NAN
    truth = np.where(rng.random((n, 2)) < np.nan_to_num(chances), 1.0, 0.0)
    truth[coded:] = NAN
    weights = rng.integers(1, 4, n)
    units = lay_units(chances, truth, articles=articles, weights=weights)
    return units, [("Herald" if article < 12 else "Post", None) for article in articles]


def list_numbers(shares):
    return [
        *(shares.by_unit.values, shares.by_unit.lows, shares.by_unit.highs),
        *(shares.by_article.values, shares.by_article.lows, shares.by_article.highs),
        *(shares.n_units, shares.n_articles, shares.n_gold, shares.n_gold_articles),
    ]


def test_codings_correct_the_cells_that_hold_them(lay_units):
    units, keys = draw(lay_units)
    shares = estimate(units, keys)
    assert shares.by_unit.methods.tolist() == [["prediction-powered"] * 2, ["calibrated-mean"] * 2]
    tallies = tally_cells(units, keys)
    herald, post = (part for _, part in tallies.split())
    explained = explain_variance(tallies.tally)
    assert shares.by_unit.values[0] == pytest.approx(power_predictions(herald).values)
    plain = average_probabilities(post, explained=explained)
    assert shares.by_unit.values[1] == pytest.approx(plain.values)
    alike = power_predictions(herald.weigh_articles_alike())
    assert shares.by_article.values[0] == pytest.approx(alike.values)


def test_labels_choose_each_for_itself(lay_units):
    units, keys = draw(lay_units)
    units.truth[:, 1] = NAN
    shares = estimate(units, keys)
    assert shares.by_unit.methods.tolist() == [
        ["prediction-powered", "calibrated-mean"],
        ["calibrated-mean", "calibrated-mean"],
    ]
    assert np.isfinite(shares.by_unit.values).all()
    assert (shares.corrected.gradients[0, 0] == 0).all()
    assert (shares.corrected.gradients[0, 1] != 0).any()


def test_codings_that_find_nothing_leave_a_variance_and_the_freedom_of_the_coded(lay_units):
    articles = np.repeat(np.arange(40), 3)
    chances = np.full(120, 0.1)
    truth = np.where(articles < 4, 0.0, NAN)
    shares = estimate(lay_units(chances, truth, articles=articles))
    sums = shares.corrected
    assert (sums.vary()[0, 0], shares.by_unit.values[0, 0]) == (0, 0)
    spread = power_predictions(
        tally_cells(lay_units(chances, truth, articles=articles), KEYS).tally
    )
    assert sums.extras[0] == pytest.approx(spread.spread.variance)
    assert sums.freedoms[0, 0] == pytest.approx(min(39, spread.spread.freedom[0]))


def test_the_freedom_is_of_coded_articles_where_codings_correct(lay_units):
    rng = np.random.default_rng(0)
    articles = np.repeat(np.arange(40), 5)
    chances = rng.uniform(0.2, 0.6, 200)
    truth = np.where(articles < 5, rng.random(200) < 0.4, NAN)
    coded = estimate(lay_units(chances, truth, articles=articles)).corrected
    plain = estimate(lay_units(chances, articles=articles)).corrected
    assert coded.freedoms[0, 0] < 12
    assert plain.freedoms[0, 0] == 39


def test_calibration_is_no_part_of_what_a_cell_varies_by_more(lay_units):
    units = lay_units(np.linspace(0.1, 0.9, 60), articles=np.repeat(np.arange(20), 3))
    unsure = Calibration(np.array([[[0.3, 0.0], [0.0, 0.1]]]), np.array([50.0]))
    exact, other = (estimate(units, calibration=known) for known in (None, unsure))
    assert other.corrected.extras == pytest.approx(exact.corrected.extras)
    assert (other.by_unit.highs > exact.by_unit.highs).all()


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.integers(0, 120), st.booleans())
def test_whatever_the_estimator_sums_make_the_share(lay_units, seed, coded, census):
    units, keys = draw(lay_units, seed, coded=coded)
    shares = estimate(units, keys, census=census)
    corrected, by_unit = shares.corrected, shares.by_unit
    assert np.clip(corrected.shares(), 0, 1) == pytest.approx(by_unit.values, nan_ok=True)
    for cell in range(len(corrected.keys)):
        part = corrected.influences()[corrected.cells == cell]
        assert part.sum(axis=0) == pytest.approx(0, abs=1e-9)
    for found in (by_unit, shares.by_article):
        assert ((found.lows >= 0) & (found.highs <= 1)).all()
        assert (found.lows <= found.values + 1e-12).all()
        assert (found.values <= found.highs + 1e-12).all()
    assert (shares.n_gold <= shares.n_units).all()
    assert (shares.n_gold_articles <= shares.n_articles).all()


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_neither_order_nor_names_nor_other_cells_count(lay_units, seed):
    units, keys = draw(lay_units, seed)
    explained = np.array([0.3, 0.3])
    whole = estimate(units, keys, explained=explained)
    rng = np.random.default_rng(seed)
    order, names = rng.permutation(120), rng.permutation(24)
    shuffled = lay_units(
        units.probabilities[order],
        units.truth[order],
        articles=names[units.articles[order]],
        weights=3 * units.weights[order],
    )
    again = estimate(shuffled, [keys[at] for at in order], explained=explained)
    for one, other in zip(list_numbers(whole), list_numbers(again), strict=True):
        assert other == pytest.approx(one, nan_ok=True)
    own = np.array([source == "Post" for source, _ in keys])
    alone = lay_units(
        units.probabilities[own],
        units.truth[own],
        articles=units.articles[own],
        weights=units.weights[own],
    )
    part = estimate(alone, explained=explained)
    for one, other in zip(list_numbers(whole), list_numbers(part), strict=True):
        assert other[0] == pytest.approx(one[-1], nan_ok=True)


def test_a_cell_cut_in_two_has_the_mean_of_its_parts(lay_units):
    units, _ = draw(lay_units, coded=0)
    halves = [("Post", "2020" if article % 2 else "2021") for article in units.articles]
    whole, parts = estimate(units), estimate(units, halves)
    mean = (parts.by_unit.values * parts.n_units).sum(axis=0) / parts.n_units.sum(axis=0)
    assert whole.by_unit.values[0] == pytest.approx(mean)
    assert whole.n_articles[0].tolist() == parts.n_articles.sum(axis=0).tolist()


def test_one_article_has_a_share_and_no_interval(lay_units):
    units = lay_units([0.2, 0.4], articles=[0, 0])
    shares = estimate(units)
    assert shares.by_unit.values == pytest.approx(np.array([[0.3]]))
    assert np.isnan([shares.by_unit.lows, shares.by_unit.highs]).all()
    assert np.isnan(shares.by_article.lows).all()
    census = estimate(units, census=True).by_unit
    assert census.lows < 0.3 < census.highs


def test_what_no_one_scored_has_no_share(lay_units):
    shares = estimate(lay_units([[0.2, NAN], [0.4, NAN]]))
    assert np.isnan(shares.by_unit.values).tolist() == [[False, True]]
    assert shares.corrected.usable.tolist() == [[True, False]]
    assert (shares.n_units[0, 1], shares.n_articles[0, 1]) == (0, 0)


@pytest.mark.parametrize("value", [0.0, 1.0])
@pytest.mark.parametrize("coded", [0, 30])
def test_certainty_of_one_kind_has_bounds(lay_units, value, coded):
    truth = np.where(np.arange(30) < coded, value, NAN)
    found = estimate(lay_units([value] * 30, truth)).by_unit
    assert found.values == value
    assert 0.05 < found.highs - found.lows < 0.25


def test_codings_of_one_kind_only_leave_room(lay_units):
    rng = np.random.default_rng(0)
    truth = np.where(np.arange(80) < 40, 0.0, NAN)
    found = estimate(lay_units(rng.uniform(0, 0.1, 80), truth)).by_unit
    assert found.methods.tolist() == [["prediction-powered"]]
    assert found.lows == 0
    assert found.highs > 0.05


def test_a_census_with_everything_coded_is_known(lay_units):
    rng = np.random.default_rng(0)
    truth = (rng.random(60) < 0.3).astype(float)
    units = lay_units(rng.random(60), truth, articles=np.arange(60) // 4)
    found = estimate(units, census=True).by_unit
    assert found.values == pytest.approx(np.array([[truth.mean()]]))
    assert found.highs - found.lows == pytest.approx(np.zeros((1, 1)), abs=1e-9)
    sample = estimate(units).by_unit
    assert sample.highs - sample.lows > 0.1


def test_what_calibration_hides_widens_only_cells_without_codings(lay_units):
    units, keys = draw(lay_units)
    unsure = Calibration(np.tile(np.diag([0.25, 0.1]), (2, 1, 1)), np.full(2, 200.0))
    sure, found = estimate(units, keys).by_unit, estimate(units, keys, unsure).by_unit
    assert found.lows[0] == pytest.approx(sure.lows[0])
    assert (found.lows[1] < sure.lows[1] - 0.03).all()
    assert (found.highs[1] > sure.highs[1] + 0.03).all()
    assert found.values == pytest.approx(sure.values)


def test_refused_cells_are_in_no_comparison_unless_coded(lay_units):
    units, keys = draw(lay_units)
    shares = estimate(units, keys)
    refused = refuse_cells(shares, np.array([True, True])).corrected
    assert refused.usable.tolist() == [[True, True], [False, False]]
    assert refuse_cells(shares, np.zeros(2, bool)).corrected.usable.all()


@pytest.mark.parametrize("level", [0, 1, 95])
def test_levels_are_checked(lay_units, level):
    with pytest.raises(InputError, match=f"level is {level}"):
        estimate(lay_units([0.5, 0.5]), level=level)


def test_more_confidence_is_wider(lay_units):
    units, keys = draw(lay_units)
    narrow, wide = (estimate(units, keys, level=level).by_unit for level in (0.5, 0.99))
    assert (wide.lows < narrow.lows).all()
    assert (wide.highs > narrow.highs).all()


def count_covered(estimates, shares):
    found = [part.by_unit for part in estimates]
    return np.mean(
        [part.lows[0, 0] <= at <= part.highs[0, 0] for part, at in zip(found, shares, strict=True)]
    )


@pytest.mark.parametrize("kind", ["covariate", "label", "concept"])
def test_codings_make_bounds_hold_whatever_moved(lay_units, draw_corpus, code_articles, kind):
    """Probabilities were right before the move; 400 corpora of 60 articles, 20 of them coded."""
    rng, found, naive = np.random.default_rng(11), [], []
    for _ in range(400):
        corpus = draw_corpus(rng, 60, centre=-1.0, kind=kind)
        units = lay_units(
            expit(corpus.odds), code_articles(rng, corpus, 20), articles=corpus.articles
        )
        found.append(estimate(units))
        naive.append(estimate(replace(units, truth=np.full_like(units.truth, NAN))))
    shares = [corpus.share] * len(found)
    assert 0.92 <= count_covered(found, shares) <= 0.98
    if kind != "covariate":
        assert count_covered(naive, shares) < 0.8


def fit_calibration(odds, truth, articles):
    """Fit a logistic regression by Newton steps, and its covariance with articles as clusters."""
    design, weights = np.column_stack([np.ones_like(odds), odds]), np.zeros(2)
    for _ in range(20):
        chances = expit(design @ weights)
        information = (design * (chances * (1 - chances))[:, None]).T @ design
        weights = weights + np.linalg.solve(information, design.T @ (truth - chances))
    design = np.column_stack([np.ones_like(odds), design @ weights])
    chances = expit(design[:, 1])
    bread = np.linalg.inv((design * (chances * (1 - chances))[:, None]).T @ design)
    parts = np.zeros((articles.max() + 1, 2))
    np.add.at(parts, articles, design * (truth - chances)[:, None])
    return weights, bread @ (parts.T @ parts) @ bread


def test_bounds_of_mean_probabilities_hold_what_calibration_hides(lay_units, draw_corpus):
    """400 calibrations, each learnt on 50 articles; cells of 120 articles that lie elsewhere."""
    rng, found, bare = np.random.default_rng(5), [], []
    for _ in range(400):
        training = draw_corpus(rng, 50, centre=-1.5)
        (offset, slope), covariance = fit_calibration(
            training.odds, training.truth, training.articles
        )
        corpus = draw_corpus(rng, 120, centre=-0.5)
        units = lay_units(expit(offset + slope * corpus.odds), articles=corpus.articles)
        found.append(estimate(units, calibration=Calibration(covariance[None], np.array([50.0]))))
        bare.append(estimate(units))
    shares = [corpus.share] * len(found)
    assert 0.92 <= count_covered(found, shares) <= 0.98
    assert count_covered(bare, shares) < 0.85
