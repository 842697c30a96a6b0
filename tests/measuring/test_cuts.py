"""Tests of the cells of every cut: what counts in them, and who answers for it."""

from dataclasses import replace

import numpy as np
import pytest

from framing.measuring.cuts import (
    cluster_copies,
    cut_units,
    estimate_cuts,
    find_shift,
    trust,
)
from framing.measuring.predictions import find_labels
from framing.measuring.prevalence.doubts import Doubt, weigh_doubts
from framing.measuring.prevalence.instrument import Instrument, LabelQuality
from framing.measuring.prevalence.tallies import tally_cells

LABELS = find_labels(["p:lag", "p:risk"])
QUALITY = LabelQuality((0.04, 0.01, 0.02), 0.8, 0.1, 0.3, 100, 30, 20)
INSTRUMENT = Instrument("m", {"lag": QUALITY})
BANDED = np.array([True, False])
SOURCES = ("Herald", "Mail", "Post")


def lay(lay_units, *, timed=True):
    rng = np.random.default_rng(0)
    units = lay_units(rng.random((180, 2)), articles=np.arange(180) // 3)
    keys = [
        (SOURCES[article % 3], f"202{article // 3 % 2}" if timed else None)
        for article in units.articles.tolist()
    ]
    return units, keys


def test_time_is_cut_where_it_is_known(lay_units):
    verdicts = weigh_doubts({}, SOURCES, BANDED)
    units, keys = lay(lay_units)
    cuts = cut_units(units, keys, verdicts)
    assert list(cuts) == ["source", "all", "source x period", "period"]
    assert cuts["period"].tallies.keys == (("", "2020"), ("", "2021"))
    assert cuts["source"].tallies.strata[0].keys == (("Herald", "2020"), ("Herald", "2021"))
    assert list(cut_units(*lay(lay_units, timed=False), verdicts)) == ["source", "all"]


def test_refused_sources_are_left_out_of_pools_label_by_label(lay_units):
    units, keys = lay(lay_units)
    doubts = {"Post": Doubt("refused", "foreign"), "Mail": Doubt("widened", "old")}
    cuts = cut_units(units, keys, weigh_doubts(doubts, SOURCES, BANDED))
    assert cuts["all"].tallies.tally.units.sum(axis=0).tolist() == [120, 60]
    assert cuts["period"].tallies.tally.n_articles.sum(axis=0).tolist() == [40, 20]
    assert cuts["source"].tallies.tally.units.sum(axis=0).tolist() == [180, 180]


def test_where_all_are_refused_none_is_left_out(lay_units):
    doubts = dict.fromkeys(SOURCES, Doubt("refused", "foreign"))
    cuts = cut_units(*lay(lay_units), weigh_doubts(doubts, SOURCES, BANDED))
    assert cuts["all"].tallies.tally.units.sum(axis=0).tolist() == [180, 180]


def test_copies_are_blocks_in_pools_alone(lay_units):
    clusters = np.arange(60) // 3
    cuts = cut_units(*lay(lay_units), weigh_doubts({}, SOURCES, BANDED), clusters=clusters)
    rows = {name: len(cut.tallies.tally.units) for name, cut in cuts.items()}
    assert rows == {"source": 60, "all": 20, "source x period": 60, "period": 20}


def test_comparisons_reach_as_far_as_doubts(lay_units):
    doubts = {"Post": Doubt("refused", "foreign"), "Mail": Doubt("widened", "old")}
    verdicts = weigh_doubts(doubts, SOURCES, BANDED)
    cuts = cut_units(*lay(lay_units), verdicts)
    estimates = estimate_cuts(cuts, LABELS, verdicts, instrument=INSTRUMENT)
    plain = estimate_cuts(cuts, LABELS, weigh_doubts({}, SOURCES, BANDED), instrument=INSTRUMENT)
    source, before = (found.shares["source"].corrected for found in (estimates, plain))
    assert source.usable.tolist() == [[True, True], [True, False], [False, False]]
    band = estimates.bands["source"]
    reach = band.reach(estimates.shares["source"].by_unit.values).farther[1, 0]
    further = source.extras - before.extras
    assert further[1, 0] == pytest.approx((reach / 1.96) ** 2)
    assert (further[[0, 2]] == 0).all()
    # "all" is without Post, and half of it Mail's: by as much of it may be off
    assert estimates.reaches["all"].farther[0, 0] == pytest.approx(reach / 2)
    refused = {"Post": doubts["Post"]}
    left = weigh_doubts(refused, SOURCES, BANDED)
    calm = estimate_cuts(cut_units(*lay(lay_units), left), LABELS, left, instrument=INSTRUMENT)
    pooled = [found.shares["all"].corrected.extras[0, 0] for found in (estimates, calm)]
    assert pooled[0] - pooled[1] == pytest.approx((reach / 2 / 1.96) ** 2)


def test_a_foreign_period_widens_itself_and_its_part_of_what_pools_it(lay_units):
    doubt = Doubt("widened", "in 2021 of another kind", periods=("2021",))
    verdicts = weigh_doubts({"Mail": doubt}, SOURCES, BANDED)
    cuts = cut_units(*lay(lay_units), verdicts)
    found = estimate_cuts(cuts, LABELS, verdicts, instrument=INSTRUMENT)
    cells, shares = found.reaches["source x period"], found.shares["source x period"]
    place = shares.corrected.keys.index(("Mail", "2021"))
    assert cells.farther[:, 0].nonzero()[0].tolist() == [place]
    reach, units = cells.farther[place, 0], shares.n_units[place, 0]
    for name, cell, whole in (("source", 1, 60), ("period", 1, 90), ("all", 0, 180)):
        own = found.reaches[name].farther[:, 0]
        assert own.nonzero()[0].tolist() == [cell]
        assert own[cell] == pytest.approx(reach * units / whole)


def test_a_period_without_a_band_is_refused_alone(lay_units):
    doubt = Doubt("widened", "in 2021 of another kind", periods=("2021",))
    verdicts = weigh_doubts({"Mail": doubt}, SOURCES, BANDED)
    cuts = cut_units(*lay(lay_units), verdicts)
    units = cuts["period"].tallies.tally.units
    assert (units.sum(axis=0) == [180, 150]).all()
    found = estimate_cuts(cuts, LABELS, verdicts, instrument=INSTRUMENT)
    usable = found.shares["source x period"].corrected.usable[:, 1]
    keys = found.shares["source x period"].corrected.keys
    assert [key for key, given in zip(keys, usable, strict=True) if not given] == [("Mail", "2021")]


def test_the_models_account_of_calibration_is_read_by_label():
    found = trust(LABELS, INSTRUMENT)
    assert found.covariances.tolist() == [[[0.04, 0.01], [0.01, 0.02]], [[0, 0], [0, 0]]]
    assert found.n_articles.tolist() == [QUALITY.n_articles, np.inf]


def test_copies_share_a_number():
    copies = {"article a": "x", "article c": "x"}
    codes = cluster_copies(["article a", "article b", "article c"], copies)
    assert codes[0] == codes[2] != codes[1]
    assert cluster_copies(["article a"], {}) is None


def test_a_shift_of_calibration_is_that_of_the_last_period_against_the_first(lay_units):
    chances = np.full(60, 0.3)
    truth = np.tile([1.0, 0.0], 30)
    truth[20:40] = 1.0  # the middle period does not count
    units = lay_units(chances, truth)
    periods = np.repeat(["2020", "2021", "2022"], 20)
    shift = find_shift(tally_cells(units, [("", period) for period in periods]))
    assert shift.residuals == pytest.approx(np.array([[0.2], [0.2]]))
    assert shift.variances == pytest.approx(np.full((2, 1), 0.25 / 19), rel=1e-6)
    # As in the change taken apart, periods of fewer than five articles are no ends.
    odd = lay_units(chances, np.append(np.ones(4), truth[4:]))
    thin = ["2019"] * 4 + periods.tolist()[4:]
    other = find_shift(tally_cells(odd, [("", period) for period in thin]))
    assert other.residuals == pytest.approx(np.array([[0.2], [0.2]]))
    assert find_shift(tally_cells(units, [("", "2020")] * 60)) is None
    bare = replace(units, truth=np.full_like(units.truth, np.nan))
    assert find_shift(tally_cells(bare, [("", period) for period in periods])) is None
