"""Tests of how well a model measures: the covariance of calibration, misses and false alarms."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit, logit

from framing.learning.instruments import (
    describe_scores,
    find_covariance,
    judge_instrument,
    judge_label,
)
from framing.scoring.heads import FrameHead, StanceHead
from framing.scoring.instruments import read_instrument

NAN = float("nan")


def draw(seed=0, *, n=400, n_articles=60):
    rng = np.random.default_rng(seed)
    groups = rng.integers(0, n_articles, n)
    odds = rng.normal(-1, 1, n_articles)[groups] + rng.normal(0, 1, n)
    return rng.random(n) < expit(odds), expit(odds), groups


def add_up_sandwich(present, chances, groups):
    """Bread and meat of the logistic regression on the log-odds, article by article."""
    bread, meat = np.zeros((2, 2)), np.zeros((2, 2))
    held = sorted(set(groups.tolist()))
    for group in held:
        score = np.zeros(2)
        for at in np.flatnonzero(groups == group):
            x = np.array([1.0, logit(chances[at])])
            bread += chances[at] * (1 - chances[at]) * np.outer(x, x)
            score += x * (present[at] - chances[at])
        meat += np.outer(score, score)
    inverse = np.linalg.inv(bread)
    return inverse @ meat @ inverse * len(held) / (len(held) - 1)


def test_the_covariance_is_that_of_the_sandwich():
    present, chances, groups = draw()
    expected = add_up_sandwich(present, chances, groups)
    found = find_covariance(present, chances, groups)
    assert found == pytest.approx((expected[0, 0], expected[0, 1], expected[1, 1]), rel=1e-4)


def test_the_covariance_is_that_of_learning_calibration_again():
    """Offsets and slopes fitted to corpora whose probabilities are right scatter by it."""
    fits, found = [], []
    for seed in range(200):
        present, chances, groups = draw(seed)
        design, weights = np.column_stack([np.ones(400), logit(chances)]), np.array([0.0, 1.0])
        for _ in range(8):
            p = expit(design @ weights)
            information = (design * (p * (1 - p))[:, None]).T @ design
            weights = weights + np.linalg.solve(information, design.T @ (present - p))
        fits.append(weights)
        found.append(find_covariance(present, chances, groups))
    scatter = np.cov(np.array(fits).T)
    mean = np.mean(found, axis=0)
    assert mean[[0, 2]] == pytest.approx([scatter[0, 0], scatter[1, 1]], rel=0.3)
    assert mean[1] == pytest.approx(scatter[0, 1], abs=0.3 * np.sqrt(mean[0] * mean[2]))


def test_articles_that_agree_leave_less_known():
    present, chances, groups = draw()
    one = find_covariance(present, chances, groups)
    four = (np.repeat(part, 4) for part in (present, chances, groups))
    assert find_covariance(*four) == pytest.approx(one, rel=1e-4)
    free = find_covariance(np.repeat(present, 4), np.repeat(chances, 4), np.arange(1600))
    assert free[0] < one[0] / 2


def test_neither_names_nor_order_of_articles_count():
    present, chances, groups = draw()
    order = np.random.default_rng(1).permutation(400)
    found = find_covariance(present[order], chances[order], 7 * groups[order] + 3)
    assert found == pytest.approx(find_covariance(present, chances, groups), rel=1e-4)


def test_probabilities_that_are_all_alike_have_an_offset_alone():
    present = np.array([True, False, False, False] * 10)
    variance, both, slope = find_covariance(present, np.full(40, 0.25), np.arange(40))
    # the score of a unit is 3/4 or -1/4, the information 3/16 a unit
    meat = 10 * (9 / 16) + 30 * (1 / 16)
    assert variance == pytest.approx(meat * 40 / 39 / (40 * 3 / 16) ** 2, rel=1e-4)
    assert (both, slope) == (0, 0)


@pytest.mark.parametrize("edge", [0.0, 1.0])
def test_probabilities_of_zero_and_one_are_no_obstacle(edge):
    present, chances, groups = draw()
    chances[:20] = edge
    present[:20] = edge > 0
    found = find_covariance(present, chances, groups)
    assert np.isfinite(found).all()
    assert found[0] > 0


def test_misses_and_false_alarms_are_counted():
    present = np.array([True, True, True, True, False, False, False, False, False])
    decided = np.array([True, True, True, False, True, False, False, False, False])
    quality = judge_label(present, np.linspace(0.9, 0.1, 9), decided, np.arange(9) // 2)
    assert (quality.sensitivity, quality.false_alarms) == (0.75, 0.2)
    assert quality.prior == pytest.approx(4 / 9, abs=1e-6)
    assert (quality.n_units, quality.n_positive, quality.n_articles) == (9, 4, 5)


@pytest.mark.parametrize("present", [[True, True], [False, False], []])
def test_of_a_label_that_is_everywhere_or_nowhere_nothing_is_said(present):
    n = len(present)
    truth, groups = np.array(present, dtype=bool), np.arange(n)
    assert judge_label(truth, np.full(n, 0.5), truth, groups) is None


def test_every_label_is_judged_by_its_own_scores(lay_out):
    rng = np.random.default_rng(0)
    n = 60
    truth = (rng.random((n, 2)) < 0.4).astype(float)
    truth[:10, 0] = NAN
    truth[:, 1] = 0.0
    codes = rng.integers(0, 2, n)
    codes[50:] = -1
    dataset = lay_out(truth, groups=np.arange(n) // 3, stances=[(("favor", "none"), codes)])
    scores = rng.normal(size=(n, 4))
    scores[12, 0] = NAN
    frames = [FrameHead(f"frame {k}", 1.5, -0.5, 0.4, n, 20) for k in range(2)]
    stance = StanceHead("target 0", ("favor", "none"), "none", 2.0, (1.0, 0.8), 50, (25, 25))
    found = judge_instrument(dataset, scores, frames, [stance])
    assert list(found) == ["frame 0", "target 0=favor", "target 0=none"]  # frame 1 is nowhere
    known = ~np.isnan(truth[:, 0]) & ~np.isnan(scores[:, 0])
    chances = expit(1.5 * scores[known, 0] - 0.5)
    present = truth[known, 0] > 0
    assert found["frame 0"]["n_units"] == 49
    assert found["frame 0"]["sensitivity"] == pytest.approx(
        (chances[present] >= 0.4).mean(), abs=1e-6
    )
    covariance = find_covariance(present, chances, dataset.groups[known])
    assert found["frame 0"]["covariance"] == list(covariance)
    shares = expit((scores[:50, 2] - scores[:50, 3]) / 2.0)
    decided = shares >= 0.8 * (1 - shares)
    none = found["target 0=none"]
    assert none["prior"] == pytest.approx((codes[:50] == 1).mean(), abs=1e-6)
    assert none["false_alarms"] == pytest.approx((~decided)[codes[:50] == 0].mean(), abs=1e-6)
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_training_keeps_it_and_the_model_file_brings_it_back(model, model_file):
    from framing.scoring.modelfile import load_model

    instrument = read_instrument(load_model(model_file))
    assert instrument.model == model.hash
    assert instrument == read_instrument(model)
    wanted = {"cost", "safety", *(f"bridge={value}" for value in ("favor", "oppose", "none"))}
    assert set(instrument.labels) == wanted
    cost = instrument.labels["cost"]
    assert (cost.n_units, cost.n_positive, cost.n_articles, cost.prior) == (60, 24, 12, 0.4)
    assert cost.sensitivity > cost.false_alarms


class TestScores:
    HEADS = (FrameHead("frame 0", 1.0, 0.0, 0.5, 9, 9), FrameHead("frame 1", 1.0, 0.0, 0.5, 9, 9))

    def draw(self, lay_out, *, n_sources=20, n_articles=5, rare=0):
        """Eight units an article; the scores of source 0 say nothing of its codes."""
        rng = np.random.default_rng(0)
        n = n_sources * n_articles * 8
        sources = np.repeat(np.arange(n_sources), n // n_sources)
        codes = np.column_stack([rng.random(n) < 0.3, np.arange(n) < rare]).astype(float)
        scores = rng.normal(np.where(codes > 0, 2.0, -2.0), 1.0)
        scores[sources == 0] = 0.1
        dataset = lay_out(
            codes, groups=np.repeat(np.arange(n // 8), 8), sources=[f"s{s}" for s in sources]
        )
        return dataset, scores

    def test_it_gives_the_laws_of_frames_and_what_sources_seldom_exceed(self, lay_out):
        dataset, scores = self.draw(lay_out)
        found = describe_scores(dataset, scores, self.HEADS)
        assert list(found["frames"]) == ["frame 0"]  # the other has no unit with it
        law = found["frames"]["frame 0"]
        assert law["at"] == sorted(law["at"])
        assert law["present"][-1] < 1 <= 1.01 * law["absent"][-1]
        assert 0.2 < found["usual"] < 0.4  # of twenty, the odd one is the hundredth part

    def test_thresholds_are_as_predictions_write_them(self, lay_out):
        dataset, scores = self.draw(lay_out)
        at = describe_scores(dataset, scores, self.HEADS)["frames"]["frame 0"]["at"]
        assert at == [round(number, 7) for number in at]
        assert set(at) <= set(expit(scores[:, 0]).round(7).tolist())

    def test_units_that_are_not_coded_have_no_part_in_the_laws(self, lay_out):
        dataset, scores = self.draw(lay_out)
        dataset.frames[::2, 0] = NAN
        scores[::2, 0] = 5.0
        at = describe_scores(dataset, scores, self.HEADS)["frames"]["frame 0"]["at"]
        assert 0.9933071 not in at

    @pytest.mark.parametrize(
        "given", [{"n_sources": 19}, {"n_articles": 4}, {"n_sources": 20, "n_articles": 1}]
    )
    def test_of_few_or_small_sources_it_says_nothing(self, lay_out, given):
        assert describe_scores(*self.draw(lay_out, **given), self.HEADS) == {}

    def test_units_without_a_source_are_of_none(self, lay_out):
        dataset, scores = self.draw(lay_out)
        bare = replace(dataset, sources=(None,) * 40 + dataset.sources[40:])
        assert describe_scores(bare, scores, self.HEADS) == {}

    def test_rare_frames_are_left_out(self, lay_out):
        for rare, names in ((49, ["frame 0"]), (50, ["frame 0", "frame 1"])):
            found = describe_scores(*self.draw(lay_out, rare=rare), self.HEADS)
            assert list(found["frames"]) == names

    def test_without_frames_there_is_nothing(self, lay_out):
        dataset, _ = self.draw(lay_out)
        assert describe_scores(dataset, np.zeros((len(dataset), 0)), ()) == {}
