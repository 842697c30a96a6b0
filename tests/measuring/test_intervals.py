"""Tests of the article bootstrap."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.measuring import intervals
from framing.measuring.intervals import (
    ArticleResampler,
    check_level,
    index_articles,
    percentile_interval,
    reflect_interval,
    resample_weights,
)
from framing.schema import InputError


def draw(groups, *, resamples=50, seed=0):
    return ArticleResampler.draw(groups, resamples=resamples, rng=np.random.default_rng(seed))


@settings(deadline=None)
@given(st.lists(st.one_of(st.integers(), st.text(max_size=3), st.none()), max_size=30))
def test_articles_are_numbered_by_first_appearance(groups):
    codes, n_articles = index_articles(groups)
    assert n_articles == len(set(groups))
    assert list(dict.fromkeys(codes.tolist())) == list(range(n_articles))
    assert [groups[i] == groups[j] for i in range(len(groups)) for j in range(i)] == [
        codes[i] == codes[j] for i in range(len(groups)) for j in range(i)
    ]


def test_numpy_groups_are_numbered_like_lists():
    groups = [7, 3, 7]
    assert index_articles(np.array(groups))[0].tolist() == index_articles(groups)[0].tolist()


@pytest.mark.parametrize("n_articles", [1, 2, 7, 40])
def test_each_resample_draws_as_many_articles_as_there_are(n_articles):
    _, counts = resample_weights(range(n_articles), resamples=30, rng=np.random.default_rng(1))
    assert counts.shape == (30, n_articles)
    assert counts.dtype.kind == "i"
    assert (counts >= 0).all()
    assert (counts.sum(axis=1) == n_articles).all()


def test_counts_have_the_moments_of_a_multinomial():
    _, counts = resample_weights(range(5), resamples=20_000, rng=np.random.default_rng(2))
    covariance = np.cov(counts.T)
    assert counts.mean(axis=0) == pytest.approx(np.ones(5), abs=0.03)
    assert np.diag(covariance) == pytest.approx(np.full(5, 0.8), abs=0.04)
    assert covariance[0, 1] == pytest.approx(-0.2, abs=0.03)


def test_counts_do_not_depend_on_how_they_are_cut_into_chunks(monkeypatch):
    resampler = draw(range(7), resamples=23)
    whole = np.concatenate(list(resampler.chunks()))
    monkeypatch.setattr(intervals, "CHUNK_CELLS", 21)
    parts = list(resampler.chunks())
    assert [len(part) for part in parts] == [3] * 7 + [2]
    assert np.array_equal(np.concatenate(parts), whole)
    assert [len(part) for part in resampler.chunks(width=21)] == [1] * 23


def test_the_same_generator_state_gives_the_same_resamples():
    first, again, other = draw("abc"), draw("abc"), draw("abc", seed=1)
    assert np.array_equal(next(first.chunks()), next(again.chunks()))
    assert not np.array_equal(next(first.chunks()), next(other.chunks()))


def test_successive_draws_from_one_generator_differ():
    rng = np.random.default_rng(0)
    one, two = (resample_weights("abcdef", resamples=9, rng=rng)[1] for _ in range(2))
    assert not np.array_equal(one, two)


def test_replicates_stand_in_the_order_of_the_resamples(monkeypatch):
    monkeypatch.setattr(intervals, "CHUNK_CELLS", 8)
    resampler = draw("abcd", resamples=11)
    whole = np.concatenate(list(resampler.chunks()))
    assert np.array_equal(resampler.replicate(lambda counts: counts[:, 0]), whole[:, 0])


def test_no_articles_give_empty_resamples():
    resampler = draw([], resamples=3)
    assert resampler.replicate(lambda counts: counts).shape == (3, 0)


def test_resamples_below_one_are_refused():
    with pytest.raises(InputError, match=r"^0 resamples asked for; ask for 1 or more$"):
        draw("ab", resamples=0)


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.floats(-5, 5), st.just(float("nan"))), min_size=1, max_size=40),
    st.floats(0.01, 0.99),
)
def test_intervals_are_the_quantiles_of_what_is_defined(values, level):
    low, high = percentile_interval(np.array(values), level=level)
    defined = [value for value in values if not np.isnan(value)]
    if not defined:
        assert np.isnan(low)
        assert np.isnan(high)
    else:
        tails = [(1 - level) / 2, (1 + level) / 2]
        assert [float(low), float(high)] == pytest.approx(np.quantile(defined, tails), abs=1e-9)


def test_columns_have_intervals_of_their_own():
    samples = np.array([[[0.0, 5.0]], [[1.0, np.nan]], [[2.0, 7.0]]])
    low, high = percentile_interval(samples, level=0.5)
    assert low.tolist() == [[0.5, 5.5]]
    assert high.tolist() == [[1.5, 6.5]]


def test_no_resample_gives_no_interval():
    low, high = percentile_interval(np.zeros((0, 2)))
    assert np.isnan(low).all()
    assert np.isnan(high).all()


@pytest.mark.parametrize("level", [0, 1, 95, -0.5])
def test_levels_that_are_no_share_are_refused(level):
    with pytest.raises(InputError, match=rf"^level is {level}; give a share above 0 and below 1"):
        check_level(level)
    with pytest.raises(InputError, match="level is"):
        percentile_interval(np.zeros(3), level=level)


def test_a_reflected_interval_reaches_the_value_and_stops_at_zero():
    values, lows, highs = (
        np.array([0.3, 0.1, 0.5]),
        np.array([0.2, 0.15, 0.4]),
        np.array([0.5, 0.5, 0.45]),
    )
    low, high = reflect_interval(values, lows, highs)
    assert low == pytest.approx([0.1, 0.0, 0.5])
    assert high == pytest.approx([0.4, 0.1, 0.6])


def test_intervals_cover_the_mean_of_clustered_units():
    rng = np.random.default_rng(3)
    sizes = np.full(60, 5.0)
    covered = 0
    for _ in range(200):
        sums = sizes * rng.normal(0.4, 0.1, size=60)
        resampler = ArticleResampler.draw(range(60), resamples=200, rng=rng)
        shares = resampler.replicate(lambda c, sums=sums: (c @ sums) / (c @ sizes))
        low, high = percentile_interval(shares)
        covered += bool(low <= 0.4 <= high)
    assert 0.89 <= covered / 200 <= 0.99
