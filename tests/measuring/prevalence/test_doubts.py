"""Tests of what speaks against probabilities: hand codings that differ, sources in doubt."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit

from framing.measuring.predictions import find_labels
from framing.measuring.prevalence.doubts import (
    Doubt,
    Mistrust,
    check_calibration,
    distrust,
    explain_failures,
    weigh_doubts,
)
from framing.measuring.prevalence.estimates import Calibration

NAN = float("nan")


def test_residuals_are_truth_less_probability_weighted(tally):
    found = check_calibration(tally([0.5, 0.2, 0.4], [1, 0, NAN], weights=[3, 1, 9]))
    assert found.residuals == pytest.approx([(3 * 0.5 - 0.2) / 4])


def test_errors_are_those_of_clusters(tally):
    rng = np.random.default_rng(0)
    articles = np.repeat(np.arange(12), 5)
    truth = np.repeat(rng.random(12) < 0.5, 5).astype(float)
    found = check_calibration(tally(np.full(60, 0.3), truth, articles=articles))
    means = truth.reshape(12, 5).mean(axis=1) - 0.3
    error = means.std(ddof=1) / np.sqrt(12)
    assert found.errors == pytest.approx([error])
    assert found.p == pytest.approx([2 * stats.t.sf(abs(means.mean()) / error, 11)])


def test_errors_are_never_less_than_chance_alone_gives(tally):
    chances = np.array([0.01, 0.02] * 10)
    found = check_calibration(tally(chances, np.zeros(20)))
    assert found.errors == pytest.approx([np.sqrt((chances * (1 - chances)).sum()) / 20])
    assert found.p > 0.5


@pytest.mark.parametrize("base", [0.01, 0.05, 0.3])
def test_probabilities_that_are_right_are_rarely_rejected(tally, base):
    rng, failed = np.random.default_rng(0), 0
    for _ in range(300):
        chances = expit(np.log(base / (1 - base)) + rng.normal(0, 0.5, 60))
        failed += check_calibration(tally(chances, rng.random(60) < chances)).failed[0]
    assert failed <= 9  # of 300 at a level of 1%


def test_probabilities_that_are_wrong_are_rejected(tally):
    rng = np.random.default_rng(1)
    chances = rng.uniform(0.1, 0.4, 100)
    truth = rng.random(100) < chances + 0.3
    found = check_calibration(tally(chances, truth, articles=np.arange(100) // 2))
    assert found.failed.tolist() == [True]
    assert found.residuals == pytest.approx([0.3], abs=0.1)


@pytest.mark.parametrize(
    ("n_articles", "errors_known", "tested"), [(1, False, False), (4, True, False), (5, True, True)]
)
def test_few_articles_test_nothing(tally, n_articles, errors_known, tested):
    truth = [1.0] * 20
    found = check_calibration(tally([0.1] * 20, truth, articles=np.arange(20) % n_articles))
    assert np.isnan(found.errors[0]) != errors_known
    assert np.isnan(found.p[0]) != tested
    assert found.failed.tolist() == [tested]


def test_without_codings_nothing_is_known(tally):
    found = check_calibration(tally([0.1, 0.9]))
    assert np.isnan([found.residuals, found.errors, found.p]).all()
    assert found.failed.tolist() == [False]


def test_a_failure_adds_what_codings_differ_by_to_the_offset(tally):
    sums = tally(np.full((10, 2), 0.2))
    known = Calibration(np.full((2, 2, 2), 0.01), np.array([50.0, 50.0]))
    mistrust = Mistrust(np.array([0.08, 0.08]), np.array([0.01, 0.1]), np.array([0.001, 0.4]))
    found = distrust(known, mistrust, sums)
    assert found.covariances[0] == pytest.approx(
        np.array([[0.01 + (0.08 / 0.16) ** 2, 0.01], [0.01, 0.01]])
    )
    assert (found.covariances[1] == 0.01).all()
    assert (known.covariances == 0.01).all()
    # the standard error of a share of the same units is what the codings differ by
    widened = found.covariances[0, 0, 0] - 0.01
    assert 0.2 * 0.8 * np.sqrt(widened) == pytest.approx(0.08)


def test_what_was_not_coded_adds_nothing(tally):
    sums = tally(np.full((10, 1), 0.2))
    known = Calibration(np.zeros((1, 2, 2)), np.array([np.inf]))
    found = distrust(known, check_calibration(sums), sums)
    assert (found.covariances == 0).all()


def test_failures_say_how_much_and_which_way():
    labels = find_labels(["p:lag", "p:risk", "p:hope"])
    mistrust = Mistrust(
        np.array([0.123, -0.2, 0.5]), np.full(3, 0.01), np.array([0.001, 0.002, NAN])
    )
    assert dict(explain_failures(labels, mistrust)) == {
        0: "hand codings find lag more often than its probabilities say, by 0.12",
        1: "hand codings find risk less often than its probabilities say, by 0.20",
    }


DOUBTS = {"Post": Doubt("refused", "of another kind"), "Herald": Doubt("widened", "old texts")}


SOURCES = ("Herald", "Mail", "Post")
BANDED = np.array([True, False])


def test_doubts_hold_for_their_source_and_for_all_together():
    verdicts = weigh_doubts(DOUBTS, SOURCES, BANDED)
    assert verdicts.judge("Post", 0) == DOUBTS["Post"]
    assert verdicts.judge("Herald", 0) == DOUBTS["Herald"]
    assert verdicts.judge("Mail", 0) is None
    told = "of texts in doubt: Herald; without Post, refused"
    assert verdicts.judge("", 0) == Doubt("widened", told)
    assert weigh_doubts({}, SOURCES, BANDED).judge("", 0) is None
    one = weigh_doubts({"Post": DOUBTS["Post"]}, SOURCES, BANDED)
    assert one.judge("", 0) == Doubt("noted", "without Post, refused")


def test_doubts_without_a_band_refuse():
    verdicts = weigh_doubts(DOUBTS, SOURCES, BANDED)
    told = "old texts; nothing says how far off the share may be"
    assert verdicts.judge("Herald", 1) == Doubt("refused", told)
    assert verdicts.judge("", 1) == Doubt("noted", "without Herald, Post, refused")
    assert verdicts.find_widened([("Herald", None)]).tolist() == [[True, False]]


def test_doubts_of_periods_are_about_these_alone():
    doubt = Doubt("widened", "in 2021 old texts", ("2021",))
    verdicts = weigh_doubts({"Herald": doubt}, SOURCES, BANDED)
    keys = [("Herald", "2020"), ("Herald", "2021"), ("Herald", None), ("Mail", "2021")]
    assert verdicts.find_widened(keys)[:, 0].tolist() == [False, True, True, False]
    assert verdicts.find_refused(keys)[:, 1].tolist() == [False, True, True, False]
    assert verdicts.judge("", 0, "2020") is None
    assert verdicts.judge("", 0, "2021") == Doubt("widened", "of texts in doubt: Herald")
    assert verdicts.names_periods("Herald")
    assert not verdicts.names_periods("Mail")


def test_all_together_are_refused_where_every_source_is():
    doubts = dict.fromkeys(SOURCES, DOUBTS["Post"])
    assert weigh_doubts(doubts, SOURCES, BANDED).judge("", 0) == Doubt("refused", "all sources are")


def test_doubts_find_their_source_whatever_its_spelling():
    verdicts = weigh_doubts(
        {"THE  post": DOUBTS["Post"], "Sun": DOUBTS["Post"]}, ["The Post"], BANDED
    )
    assert verdicts.doubts == {"The Post": DOUBTS["Post"]}


def test_cells_of_refused_sources_are_found():
    keys = [("Herald", "2020"), ("Mail", "2020"), ("Post", "2020"), ("Post", None), ("", None)]
    found = weigh_doubts(DOUBTS, SOURCES, BANDED).find_refused(keys)
    assert found[:, 0].tolist() == [False, False, True, True, False]
    assert found[:, 1].tolist() == [True, False, True, True, False]
    assert not weigh_doubts({}, SOURCES, BANDED).find_refused(keys).any()
