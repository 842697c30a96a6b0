"""Tests of the figures of judgements, against scikit-learn's of the same decisions."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, average_precision_score, f1_score

from framing.learning.design import Resampling
from framing.learning.judgements import (
    Judgements,
    judge_promises,
    measure_frames,
    measure_stances,
    report_split,
)
from framing.measuring.judging.gains import compare, compare_stance

DRAWN = Resampling(5, resamples=30)
VALUES = ("favor", "oppose", "none")


@pytest.fixture(scope="module")
def dataset(lay_out):
    """120 units of 40 articles with two frames and a target, none of them coded throughout."""
    rng = np.random.default_rng(0)
    codes = (rng.random((120, 2)) < 0.4).astype(float)
    codes[:9, 0] = codes[100:, 1] = np.nan
    stance = rng.integers(-1, 3, 120)
    return lay_out(codes, groups=np.arange(120) // 3, stances=[(VALUES, stance)])


def draw(dataset, skill, *, seed):
    """Draw judgements that follow the codes by as much as their skill."""
    rng = np.random.default_rng(seed)
    codes = np.nan_to_num(dataset.frames)
    probabilities = rng.random((120, 2)) * (1 - skill) + skill * codes
    (stance,) = dataset.stances
    shares = rng.dirichlet(np.ones(3), 120) + skill * (stance.codes[:, None] == np.arange(3))
    shares /= shares.sum(axis=1, keepdims=True)
    decided = [VALUES[best] for best in shares.argmax(axis=1)]
    sure = rng.random((120, 2)) < 0.6
    return Judgements(probabilities, probabilities >= 0.4, sure, {"target 0": (shares, decided)})


@pytest.fixture(scope="module")
def ours(dataset):
    return draw(dataset, 0.5, seed=1)


@pytest.fixture(scope="module")
def naive(dataset):
    return draw(dataset, 0.1, seed=2)


@pytest.fixture(scope="module")
def report(dataset, ours, naive):
    folds = np.arange(120) % 3
    return report_split(dataset, "random", folds, ours, naive, nested=False, resampling=DRAWN)


@pytest.mark.parametrize("system", ["ours", "naive"])
def test_frames_have_the_figures_of_their_own_system(report, dataset, system, request):
    judged = request.getfixturevalue(system)
    figures = report.frames if system == "ours" else report.naive_frames
    for column, scores in enumerate(figures.labels.values()):
        kept = ~np.isnan(dataset.frames[:, column])
        truth = dataset.frames[kept, column]
        assert scores.n_units == kept.sum()
        assert scores.f1.value == pytest.approx(f1_score(truth, judged.decisions[kept, column]))
        assert scores.average_precision.value == pytest.approx(
            average_precision_score(truth, judged.probabilities[kept, column])
        )
    assert figures == measure_frames(dataset, judged, DRAWN)
    assert (figures.resamples, figures.n_articles) == (30, 40)  # articles, though units are split


@pytest.mark.parametrize("system", ["ours", "naive"])
def test_stances_have_the_figures_of_their_own_system(report, dataset, system, request):
    judged = request.getfixturevalue(system)
    figures = report.stances if system == "ours" else report.naive_stances
    (stance,) = dataset.stances
    kept = stance.codes >= 0
    truth = [VALUES[code] for code in stance.codes[kept]]
    decided = np.array(judged.stances["target 0"][1])[kept]
    scores = figures["target 0"]
    assert scores.accuracy.value == pytest.approx(accuracy_score(truth, decided))
    assert scores.macro_f1.value == pytest.approx(f1_score(truth, decided, average="macro"))
    assert scores.n_units == kept.sum()
    assert figures == measure_stances(dataset, judged, DRAWN)


def test_the_gain_is_ours_over_the_naive_ones(report, dataset, ours, naive):
    expected = compare(
        dataset.frames,
        ours.decisions,
        naive.decisions,
        dataset.groups,
        rng=np.random.default_rng(5),
        resamples=30,
    )
    assert report.gain == expected
    assert report.gain.micro_f1.value > 0.1


def test_the_gain_in_a_stance_is_ours_over_the_naive_one(report, dataset, ours, naive):
    (stance,) = dataset.stances
    expected = compare_stance(
        [VALUES[code] if code >= 0 else None for code in stance.codes],
        ours.stances["target 0"][1],
        naive.stances["target 0"][1],
        VALUES,
        dataset.groups,
        rng=np.random.default_rng(5),
        resamples=30,
    )
    assert report.stance_gains == {"target 0": expected}
    gain, both = expected.macro_f1.value, (report.stances, report.naive_stances)
    first, second = (stances["target 0"].macro_f1.value for stances in both)
    assert gain == pytest.approx(first - second)
    assert gain > 0.1


def test_promises_are_of_our_sure_decisions_on_coded_units(report, dataset, ours):
    assert report.promises == judge_promises(dataset, ours, DRAWN)
    for column, frame in enumerate(dataset.frame_ids):
        truth, promise = dataset.frames[:, column], report.promises[frame]
        coded, sure = ~np.isnan(truth), ours.sure[:, column]
        for estimate, present in ((promise.present, True), (promise.absent, False)):
            said = coded & sure & (ours.decisions[:, column] == present)
            assert estimate.n_units == said.sum() > 10
            assert estimate.value == pytest.approx(np.mean(truth[said] == present))
        assert promise.uncertain == pytest.approx(np.mean(~sure[coded]))
        assert promise.n_units == coded.sum()


def test_the_report_says_how_it_was_split(report):
    assert (report.split, report.n_folds, report.nested) == ("random", 3, False)


def test_the_seed_decides_the_intervals_alone(dataset, ours):
    first, again, other = (
        measure_frames(dataset, ours, replace(DRAWN, seed=seed)).micro.f1 for seed in (1, 1, 2)
    )
    assert first == again
    assert (first.value, first.low) == (other.value, pytest.approx(other.low, abs=0.1))
    assert first != other


def test_without_frames_there_is_nothing_to_gain(lay_out, dataset, ours, naive):
    (stance,) = dataset.stances
    bare = lay_out(groups=dataset.groups, stances=[(VALUES, stance.codes)])
    nothing = np.zeros((120, 0))
    blind = [Judgements(nothing, nothing > 0, nothing > 0, j.stances) for j in (ours, naive)]
    report = report_split(
        bare, "grouped", np.arange(120) % 2, *blind, nested=True, resampling=DRAWN
    )
    assert (report.frames, report.naive_frames, report.gain) == (None, None, None)
    assert report.promises == {}
    assert report.stances == measure_stances(dataset, ours, DRAWN)
