"""Tests of learning curves: the law that is carried on, and the shares that are trained on."""

import warnings
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from framing.learning.candidates import Candidate
from framing.learning.counting import count_ngrams
from framing.learning.crossfitting import FoldTask, Job, Workers, run_task
from framing.learning.curves import SHARES, _grow, draw_curves, expect_gain
from framing.learning.design import Design
from framing.learning.priors import Prior
from framing.learning.splits import assign_folds

DESIGN = Design(n_folds=4, resamples=60, seed=1)


@pytest.fixture(scope="module")
def noisy(lay_out):
    """40 articles of 5 units whose words betray two frames some of the time."""
    rng = np.random.default_rng(0)
    codes = (rng.random((200, 2)) < 0.4).astype(float)
    codes[:7, 1] = np.nan
    words = [[f"w{i}" for i in range(k, 60, 2)] for k in range(2)]
    texts = []
    for row in codes:
        told = [str(rng.choice(words[k])) for k in range(2) if row[k] == 1 for _ in range(2)]
        texts.append(" ".join([*told, *(f"n{i}" for i in rng.integers(0, 900, 6))]))
    return lay_out(codes, groups=np.arange(200) // 5, texts=texts)


@pytest.fixture(scope="module")
def job(words):
    return Job(None, Candidate(words, C=10.0))


def draw(dataset, job, *, workers=None):
    counts = count_ngrams(dataset.all_texts, [job.candidate.recipe])
    return draw_curves(counts, dataset, job, design=DESIGN, workers=workers or Workers())


@pytest.fixture(scope="module")
def curves(noisy, job):
    return draw(noisy, job)


def test_a_power_law_is_carried_on_exactly_from_all_articles():
    sizes, power = np.array([50, 100, 150, 200]), 0.3
    errors = 2.0 * sizes**-power
    expected = 2.0 * 250.0**-power - 2.0 * 310.0**-power
    found = expect_gain(sizes, 1.0 - errors[:, None], n_articles=250, more=60)
    assert found.tolist() == pytest.approx([expected])


def test_a_falling_curve_promises_nothing_and_a_steep_one_not_too_much():
    sizes = [50, 100, 200]
    falling = np.array([[0.9], [0.8], [0.7]])
    assert expect_gain(sizes, falling, n_articles=250, more=50).tolist() == [0.0]
    steep = np.array([[0.0], [0.1], [0.8]])
    found = expect_gain(sizes, steep, n_articles=200, more=200)
    assert found.tolist() == pytest.approx([0.1])  # power 1: half the error at twice the articles


def test_of_fewer_than_three_sizes_nothing_is_said():
    found = expect_gain([10, 10, 20], np.array([[0.5], [0.6], [0.7]]), n_articles=25, more=5)
    assert np.isnan(found).all()


def test_shares_are_nested_whole_articles():
    groups = np.repeat(np.arange(8), 3)
    place = np.random.default_rng(0).permutation(8)[groups]
    train = np.flatnonzero(groups < 6)
    parts = _grow(train, place)
    assert [len(np.unique(groups[rows])) for rows in parts] == [2, 3, 4, 6]
    for small, large in pairwise(parts):
        assert set(small) < set(large)
    assert parts[-1].tolist() == train.tolist()
    assert all(len(rows) % 3 == 0 for rows in parts)


def test_every_frame_has_a_curve_that_grows_with_articles(curves, noisy):
    assert [curve.label for curve in curves] == [*noisy.frame_ids, "macro average"]
    for curve in curves:
        assert len(curve.n_articles) == len(curve.average_precision) == len(SHARES)
        assert list(curve.n_articles) == [8, 15, 22, 30]
        points = [point.value for point in curve.average_precision]
        assert points[-1] > points[0] + 0.05
        assert 0 < curve.gain.value < 1 - points[-1]
        assert curve.gain.low <= curve.gain.value <= curve.gain.high


def test_a_curve_rests_on_the_coded_units_alone(curves):
    assert curves[0].gain.n_units == 200
    assert (curves[1].gain.n_units, curves[1].gain.n_articles) == (193, 39)


def test_the_macro_average_is_the_mean_of_the_frames(curves):
    for step in range(len(SHARES)):
        frames = [curve.average_precision[step].value for curve in curves[:-1]]
        assert curves[-1].average_precision[step].value == pytest.approx(np.mean(frames))


def test_every_point_is_out_of_fold_by_its_share_of_the_articles(curves, noisy, job):
    counts = count_ngrams(noisy.texts, [job.candidate.recipe])
    folds = assign_folds(noisy, "grouped", n_folds=4, seed=1)
    place = np.random.default_rng(1).permutation(40)[noisy.groups]
    coded = ~np.isnan(noisy.frames[:, 1])
    for step in range(len(SHARES)):
        scores = np.full((200, 2), np.nan)
        for fold in range(4):
            train, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
            task = FoldTask(_grow(train, place)[step], test, (job,))
            (scores[test],) = run_task(counts, noisy, task)
        expected = average_precision_score(noisy.frames[coded, 1], scores[coded, 1])
        assert curves[1].average_precision[step].value == pytest.approx(expected)


def test_pseudo_units_raise_the_curve_where_articles_are_few(noisy, job):
    told = (" ".join(f"w{i}" for i in range(k, 60, 2)) for k in range(2))
    taught = replace(noisy, prior=Prior(tuple(told), np.eye(2)))
    heavy = Job(None, replace(job.candidate, prior=5.0))
    ours, plain = draw(taught, heavy)[-1], draw(taught, job)[-1]
    gains = [
        one.value - two.value
        for one, two in zip(ours.average_precision, plain.average_precision, strict=True)
    ]
    assert gains[0] > gains[-1] > 0
    assert plain == draw(noisy, job)[-1]  # at weight 0 they are as if they were not there


def test_workers_change_nothing_and_no_frame_no_curve(curves, noisy, job, lay_out):
    assert draw(noisy, job, workers=Workers(2)) == curves
    stances = lay_out(texts=["ice", "fire"] * 4, stances=[(("for", "none"), [0, 1] * 4)])
    assert draw(stances, job) == ()


def test_resamples_without_any_frame_have_no_average_and_no_warning(lay_out, job):
    # All that carry the frame are of one article, which a third of the resamples lack.
    groups = np.arange(40) // 5
    texts = [f"{'fire' if group == 3 else 'ice'} n{n}" for n, group in enumerate(groups)]
    dataset = lay_out((groups == 3).astype(float), texts=texts, groups=groups)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame, average = draw(dataset, job)
    assert average.average_precision == frame.average_precision
