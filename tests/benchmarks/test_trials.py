"""Tests of the trials: what counts as held, what is coded, and what is tested."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulated import trials
from simulated.corpora import Corpus, draw_corpus
from simulated.trials import BOOTSTRAP, NAIVE, OURS, Archive, Case, Score, cover, try_archive

SMALL = Archive(n_sources=3, n_periods=3, n_labels=2, per_cell=4)


@pytest.fixture
def cell():
    return draw_corpus(np.random.default_rng(0), 60, 0.3, skill=2.0, shift="covariate")


def test_an_interval_holds_what_lies_on_its_bounds_and_between():
    score = Score()
    for low, high in ((0.1, 0.3), (0.2, 0.4), (0.3, 0.5), (0.21, 0.5)):
        score.add(low, high, 0.2)
    assert score.held == [True, True, False, False]
    assert score.coverage == 0.5
    assert score.width == pytest.approx((0.2 + 0.2 + 0.2 + 0.29) / 4)


class TestCover:
    def test_every_interval_of_every_round_is_counted_against_the_share(self, monkeypatch):
        bounds = iter([(0.0, 0.1), (0.1, 0.3), (0.25, 0.3)])
        monkeypatch.setattr(trials, "_estimate", lambda *_: next(bounds))
        found = cover(Case("covariate", 0.2, 2.0, 0, 10, 20), rounds=3, seed=0)
        assert list(found) == [OURS, BOOTSTRAP, NAIVE]
        assert found[OURS].held == [False, True, False]
        assert {len(score.held) for score in found.values()} == {3}

    @pytest.mark.parametrize("n_gold", [0, 60])
    def test_ours_holds_mostly_and_counting_hardly_ever(self, n_gold):
        found = cover(Case("covariate", 0.1, 2.0, n_gold, 60, 100), rounds=40, seed=1)
        assert found[OURS].coverage >= 0.85
        assert found[NAIVE].coverage <= 0.3
        assert found[BOOTSTRAP].width < found[OURS].width

    def test_only_codings_mend_a_shift_of_meaning(self):
        coded, bare = (
            cover(Case("concept", 0.3, 2.0, n_gold), rounds=30, seed=2)[OURS].coverage
            for n_gold in (100, 0)
        )
        assert coded >= 0.85
        assert bare <= 0.3

    def test_seeds_and_settings_draw_anew(self):
        case = Case("covariate", 0.3, 2.0, 25, 12, 30)
        one, same, other = (cover(case, rounds=2, seed=seed) for seed in (3, 3, 4))
        assert one == same
        assert one[OURS].widths != other[OURS].widths
        shifted = cover(Case("label", 0.3, 2.0, 25, 12, 30), rounds=2, seed=3)
        assert one[OURS].widths != shifted[OURS].widths

    def test_a_label_shift_is_calibrated_on_labels_that_cause_texts(self, monkeypatch):
        drawn = []

        def draw(rng, n_articles, share, *, skill, shift):
            drawn.append((n_articles, share, shift))
            return draw_corpus(rng, n_articles, share, skill=skill, shift=shift)

        monkeypatch.setattr(trials, "draw_corpus", draw)
        for shift, home in (("label", "label"), ("concept", "covariate")):
            drawn.clear()
            cover(Case(shift, 0.3, 2.0, 0, 12, 30), rounds=1, seed=0)
            assert drawn == [(30, 0.2, home), (12, 0.3, shift)]


class TestGold:
    def test_whole_articles_are_coded_until_there_are_enough(self, cell):
        truth = trials._draw_gold(np.random.default_rng(1), cell, 50)
        coded = ~np.isnan(truth)
        sizes = np.bincount(cell.articles)
        drawn = np.unique(cell.articles[coded])
        assert coded.sum() == sizes[drawn].sum()
        assert 50 <= coded.sum() < 50 + sizes.max()
        assert (truth[coded] == cell.labels[coded]).all()

    def test_none_or_all_are_coded(self, cell):
        rng = np.random.default_rng(1)
        assert np.isnan(trials._draw_gold(rng, cell, 0)).all()
        assert not np.isnan(trials._draw_gold(rng, cell, 10**6)).any()


def test_counting_gives_the_textbook_interval():
    low, high = trials._count(np.array([True] * 20 + [False] * 80))
    assert (low, high) == pytest.approx((0.2 - 1.96 * 0.04, 0.2 + 1.96 * 0.04))


def test_the_bootstrap_draws_articles(cell):
    rng = np.random.default_rng(2)
    chances = np.where(cell.articles % 2, 0.9, 0.1)
    low, high = trials._resample(rng, cell, chances)
    assert low < chances.mean() < high
    # As wide as 60 articles are, not as their hundreds of units would be.
    sizes = np.bincount(cell.articles)
    parts = np.bincount(cell.articles, chances - chances.mean())
    assert high - low == pytest.approx(2 * 1.96 * np.sqrt((parts**2).sum()) / sizes.sum(), rel=0.2)
    alike = trials._resample(rng, cell, np.full(len(chances), 0.3))
    assert alike == pytest.approx((0.3, 0.3))


class TestArchive:
    def test_all_that_was_tested_is_given(self):
        table = try_archive(SMALL, seed=1)
        assert set(table["family"]) == {"contrasts", "trends", "profile_turns"}
        assert {"label", "a", "b", "comparison", "p", "stands"} <= set(table.columns)
        assert set(table["label"].dropna()) == {"label0", "label1"}
        pd.testing.assert_frame_equal(table, try_archive(SMALL, seed=1))
        assert not table["p"].equals(try_archive(SMALL, seed=2)["p"])

    @pytest.mark.parametrize("gap", [0.0, 0.3])
    def test_the_first_source_alone_is_apart_in_the_first_label(self, gap):
        archive = Archive(n_sources=3, n_periods=2, n_labels=2, per_cell=150, gap=gap)
        table, instrument = trials._draw_archive(archive, np.random.default_rng(3))
        assert len(table["article"].unique()) == 3 * 2 * 150
        assert table["id"].is_unique
        assert set(table["date"]) == {"2010", "2011"}
        means = table.groupby("source")[["p:label0", "p:label1"]].mean()
        for source, row in means.iterrows():
            wanted = 0.2 + (gap if source == "source 0" else 0.0)
            assert row["p:label0"] == pytest.approx(wanted, abs=0.05)
            assert row["p:label1"] == pytest.approx(0.2, abs=0.05)
        decided = [frames.split(";") for frames in table["frames"]]
        assert [("label0" in names) for names in decided] == (table["p:label0"] >= 0.5).tolist()
        assert (instrument.model, set(instrument.labels)) == ("simulated", {"label0", "label1"})
        quality = instrument.labels["label1"]
        assert quality.n_articles == 400
        assert quality.prior == pytest.approx(0.2, abs=0.05)
        assert quality.sensitivity > 0.3 > quality.false_alarms

    def test_a_wide_gap_is_found(self):
        wide = Archive(n_sources=3, n_periods=3, n_labels=2, per_cell=12, gap=0.4)
        table = try_archive(wide, seed=0)
        found = table[table["stands"].astype(bool) & (table["family"] == "contrasts")]
        assert set(found["label"]) == {"label0"}
        assert {"source 0"} <= {*found["a"], *found["b"]}


def test_a_corpus_is_laid_out_for_the_estimate():
    corpus = Corpus(np.array([0, 0, 1]), np.zeros(3), np.array([True, False, True]))
    units = trials._lay_out(corpus, np.array([0.2, 0.5, 0.7]), np.array([1.0, 0.0, np.nan]))
    assert units.decisions[:, 0].tolist() == [False, True, True]
    assert (units.n_articles, units.weights.tolist()) == (2, [1.0, 1.0, 1.0])
