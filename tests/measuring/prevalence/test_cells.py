"""Tests of the table of cells: what it says of shares in doubt, with few articles, with codings."""

import numpy as np
import pytest

from framing.measuring.predictions import find_labels
from framing.measuring.prevalence.adjusting import maximise_likelihood
from framing.measuring.prevalence.cells import COLUMNS, Band, describe_cells, find_band, find_banded
from framing.measuring.prevalence.doubts import Doubt, weigh_doubts
from framing.measuring.prevalence.estimates import Calibration, estimate_cells
from framing.measuring.prevalence.instrument import Instrument, LabelQuality
from framing.measuring.prevalence.tallies import tally_cells

NAN = float("nan")
LABELS = find_labels(["p:lag", "p:china:favor"])
QUALITY = LabelQuality((0.04, 0.0, 0.0), 0.8, 0.1, 0.3, 100, 30, 20)
INSTRUMENT = Instrument("m", {"lag": QUALITY, "china=favor": QUALITY})
EXACT = Calibration(np.zeros((2, 2, 2)), np.full(2, np.inf))


def draw(lay_units, *, n=60, coded=0, n_articles=20):
    rng = np.random.default_rng(0)
    chances = rng.random((n, 2))
    truth = np.where(np.arange(n)[:, None] < coded, rng.random((n, 2)) < chances, NAN)
    return lay_units(chances, truth, articles=np.arange(n) % n_articles)


def describe(units, keys=None, *, instrument=INSTRUMENT, census=False, **options):
    tallies = tally_cells(units, keys or [("Post", None)] * len(units.articles))
    shares = estimate_cells(tallies, EXACT, census=census)
    band = find_band(tallies, units, LABELS, instrument)
    verdicts = weigh_doubts(
        options.pop("doubts", {}), ["Post", "Herald"], find_banded(LABELS, instrument)
    )
    reach = band.reach(shares.by_unit.values)
    known = {"reach": reach, "verdicts": verdicts, "failures": {}} | options
    return list(describe_cells(shares, band, LABELS, **known))


def test_rows_come_by_cell_then_label_with_all_columns(lay_units):
    units = draw(lay_units)
    keys = [("Post", "2021"), ("", None)] * 30
    rows = describe(units, keys)
    assert all(tuple(sorted(row)) == tuple(sorted(COLUMNS)) for row in rows)
    named = [tuple(row[name] for name in ("label", "kind", "source", "period")) for row in rows]
    assert named == [
        ("lag", "frame", None, None),
        ("china=favor", "stance", None, None),
        ("lag", "frame", "Post", "2021"),
        ("china=favor", "stance", "Post", "2021"),
    ]


def test_the_band_counts_decisions_and_corrects_them(lay_units):
    units = draw(lay_units)
    row = describe(units, naive=True)[0]
    decided = units.decisions[:, 0].mean()
    assert row["naive"] == pytest.approx(decided)
    assert row["adjusted"] == pytest.approx(np.clip((decided - 0.1) / (0.8 - 0.1), 0, 1))
    whole = maximise_likelihood(units.probabilities[:, 0], 0.3, np.zeros(60, np.intp), 1)
    assert row["em"] == pytest.approx(whole[0])
    assert np.isnan(describe(units)[0]["naive"])


def test_without_the_model_there_is_no_band(lay_units):
    row = describe(draw(lay_units), instrument=None)[0]
    assert np.isnan([row["adjusted"], row["em"]]).all()
    half = describe(draw(lay_units), instrument=Instrument("m", {"lag": QUALITY}))
    assert [np.isnan(row["em"]) for row in half] == [False, True]


def test_the_band_leaves_out_what_was_not_scored(lay_units):
    units = draw(lay_units)
    units.probabilities[:30, 0] = NAN
    row = describe(units, naive=True)[0]
    assert row["naive"] == pytest.approx(units.decisions[30:, 0].mean())
    assert row["n_units"] == 30


def test_numbers_are_those_behind_the_share(lay_units):
    row = describe(draw(lay_units, coded=15))[0]
    counts = [row[name] for name in ("n_units", "n_articles", "n_gold", "n_gold_articles")]
    assert counts == [60, 20, 15, 15]
    assert (row["method"], row["status"], row["note"]) == ("prediction-powered", "estimated", "")


@pytest.mark.parametrize(
    ("n_articles", "note"),
    [(1, "1 article: no interval"), (2, "2 articles only"), (9, "9 articles only"), (10, "")],
)
def test_few_articles_are_noted(lay_units, n_articles, note):
    row = describe(draw(lay_units, n_articles=n_articles))[0]
    assert row["note"] == note
    assert np.isnan([row["low"], row["high"]]).tolist() == [n_articles == 1] * 2


def test_one_article_of_a_census_has_an_interval(lay_units):
    row = describe(draw(lay_units, n_articles=1), census=True)[0]
    assert row["low"] < row["share"] < row["high"]
    assert row["note"] == "1 article only"


@pytest.mark.parametrize(("coded", "told"), [(1, "1 hand coding does"), (9, "9 hand codings do")])
def test_codings_too_few_are_noted(lay_units, coded, told):
    row = describe(draw(lay_units, coded=coded))[0]
    assert row["note"] == f"{told} not correct the share (it takes 10 in 3 articles)"
    assert row["method"] == "calibrated-mean"


def test_a_failed_calibration_is_told_where_no_codings_correct(lay_units):
    units = draw(lay_units, coded=30)
    keys = [("Herald", None)] * 30 + [("Post", None)] * 30
    rows = describe(units, keys, failures={0: "hand codings find lag more often"})
    told = [(row["source"], row["label"], row["status"], row["note"]) for row in rows]
    assert told == [
        ("Herald", "lag", "estimated", ""),
        ("Herald", "china=favor", "estimated", ""),
        ("Post", "lag", "widened", "hand codings find lag more often"),
        ("Post", "china=favor", "estimated", ""),
    ]


def test_refused_cells_have_no_share(lay_units):
    doubts = {"Post": Doubt("refused", "texts of another kind")}
    for row in describe(draw(lay_units), doubts=doubts, failures={0: "too often"}):
        names = ("share", "low", "high", "article_share", "article_low", "article_high")
        assert np.isnan([row[name] for name in names]).all()
        assert row["status"] == "refused"
        assert row["note"].endswith("texts of another kind")


def test_widened_cells_reach_to_what_other_assumptions_say(lay_units):
    units = draw(lay_units)
    plain = describe(units)[0]
    row = describe(units, doubts={"Post": Doubt("widened", "old texts")})[0]
    others = [row["adjusted"], row["em"]]
    assert (row["share"], row["status"], row["note"]) == (plain["share"], "widened", "old texts")
    assert (row["low"], row["high"]) == (min(plain["low"], *others), max(plain["high"], *others))
    assert (row["low"], row["high"]) != (plain["low"], plain["high"])
    assert row["article_share"] == plain["article_share"]
    assert np.isnan([row["article_low"], row["article_high"]]).all()  # the band is of units


def test_doubts_that_widen_nothing_are_not_called_widened(lay_units):
    chances = np.random.default_rng(0).random((60, 2))
    decided = chances > np.quantile(chances, 0.55, axis=0)
    units = lay_units(chances, articles=np.arange(60) % 20, decisions=decided)
    keen = LabelQuality((0.04, 0.0, 0.0), 0.8, 0.1, chances[:, 0].mean(), 100, 30, 20)
    row = describe(
        units,
        instrument=Instrument("m", {"lag": keen}),
        doubts={"Post": Doubt("widened", "old texts")},
    )[0]
    assert row["low"] < min(row["adjusted"], row["em"])
    assert max(row["adjusted"], row["em"]) < row["high"]
    assert (row["status"], row["note"]) == ("doubted", "old texts")


def test_doubts_without_a_band_to_widen_to_are_refused(lay_units):
    row = describe(
        draw(lay_units), instrument=None, doubts={"Post": Doubt("widened", "old texts")}
    )[0]
    assert np.isnan([row["share"], row["low"], row["high"]]).all()
    assert row["status"] == "refused"
    assert row["note"] == "old texts; nothing says how far off the share may be"


def test_the_band_reaches_to_the_farther_of_its_ends():
    shares = np.array([[0.3, 0.3, 0.3]])
    band = Band(shares, np.array([[0.2, NAN, NAN]]), np.array([[0.35, 0.5, NAN]]))
    reach = band.reach(shares)
    assert reach.down == pytest.approx(np.array([[0.1, 0.0, 0.0]]))
    assert reach.up == pytest.approx(np.array([[0.05, 0.2, 0.0]]))
    assert reach.farther == pytest.approx(np.array([[0.1, 0.2, 0.0]]))


def test_a_band_takes_decisions_or_scores_that_tell_labels_apart():
    blind = LabelQuality((0.04, 0.0, 0.0), 0.5, 0.5, 0.0, 100, 30, 20)
    found = [Instrument("m", {"lag": quality}) for quality in (QUALITY, blind)]
    assert [find_banded(LABELS, given).tolist() for given in (*found, None)] == [
        *([True, False], [False, False], [False, False])
    ]


def test_widening_gives_no_interval_where_there_is_none(lay_units):
    doubts = {"Post": Doubt("widened", "old texts")}
    row = describe(draw(lay_units, n_articles=1), doubts=doubts)[0]
    assert np.isnan([row["low"], row["high"]]).all()
    assert row["note"] == "1 article: no interval; old texts"


@pytest.mark.parametrize("severity", ["widened", "refused"])
def test_codings_answer_doubts(lay_units, severity):
    units = draw(lay_units, coded=30)
    plain = describe(units, naive=True)[0]
    doubts = {"Post": Doubt(severity, "old texts")}
    assert describe(units, doubts=doubts, naive=True)[0] == plain
