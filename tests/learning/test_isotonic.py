"""Tests of the choice of a curve for scores: another only where the sigmoid is wrong."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from framing.learning.isotonic import calibrate_best, fit_isotonic
from framing.learning.platt import fit_platt
from framing.scoring.heads import FrameHead, head_to_dict, read_frame_head

SEEDS = range(25)


def sigmoid(scores):
    return 1 / (1 + np.exp(-scores))


def make_head(scores, present):
    slope, offset = fit_platt(scores, present)
    return FrameHead("f", slope, offset, 0.5, len(present), int(present.sum()))


def choose(scores, present, groups=None):
    groups = np.arange(len(scores)) // 3 if groups is None else groups
    return calibrate_best(make_head(scores, present), scores, present, groups)


def lose(head, scores, chances):
    """Return the expected loss of a head where the frame has these chances."""
    shares = np.clip(head.calibrate(scores), 1e-6, 1 - 1e-6)
    return float(-np.mean(chances * np.log(shares) + (1 - chances) * np.log(1 - shares)))


# The curve


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.booleans()), min_size=1, max_size=40))
def test_knots_rise_and_no_probability_is_quite_0_or_1(cells):
    scores, codes = np.array(cells, dtype=float).T
    knots = fit_isotonic(scores, codes > 0)
    at, shares = np.array(knots).T
    assert (np.diff(at) > 0).all()
    assert (np.diff(shares) >= 0).all()
    least = 1 / (len(scores) + 2)
    assert shares.min() >= least - 1e-6
    assert shares.max() <= 1 - least + 1e-6
    if len(knots) > 1:  # a file takes it
        head = FrameHead("f", 1.0, 0.0, 0.5, 1, 1, knots=knots)
        content = head_to_dict(head) | {"knots": [list(knot) for knot in knots]}
        assert read_frame_head(content, where="m") == head


def test_it_is_scikit_learns_curve_between_and_beyond_its_knots():
    rng = np.random.default_rng(0)
    scores = rng.normal(size=200).round(2)  # some tie
    present = rng.random(200) < sigmoid(scores)
    theirs = IsotonicRegression(y_min=1 / 202, y_max=201 / 202, out_of_bounds="clip")
    asked = np.linspace(-5, 5, 301)
    expected = theirs.fit(scores, present).predict(asked)
    head = FrameHead("f", 1.0, 0.0, 0.5, 200, 1, knots=fit_isotonic(scores, present))
    np.testing.assert_allclose(head.calibrate(asked), expected, atol=1e-5)


def test_the_order_of_units_does_not_matter():
    rng = np.random.default_rng(1)
    scores = rng.normal(size=300)
    present = rng.random(300) < np.where(scores > 0, 0.9, 0.1)
    order = rng.permutation(300)
    assert fit_isotonic(scores[order], present[order]) == fit_isotonic(scores, present)
    groups = np.arange(300) // 3
    ours, theirs = (
        choose(scores, present, groups),
        choose(scores[order], present[order], groups[order]),
    )
    assert ours.knots == theirs.knots != ()


# The choice


@pytest.mark.parametrize(("slope", "offset"), [(2.0, -1.0), (0.5, 0.0), (4.0, 1.0)])
def test_where_a_sigmoid_is_true_it_stays(slope, offset):
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        scores = rng.normal(size=600)
        present = rng.random(600) < sigmoid(slope * scores + offset)
        assert choose(scores, present) == make_head(scores, present)


@pytest.mark.parametrize("shape", ["steps", "steep in the middle"])
def test_where_no_sigmoid_fits_the_curve_is_nearer_to_the_truth(shape):
    bent = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        scores = rng.normal(0, 1.5, 5600)
        chances = np.select([scores < -1, scores < 1], [0.02, 0.5], 0.98)
        if shape != "steps":
            chances = sigmoid(3 * scores)
            scores = scores**3
        known = slice(600)
        present = rng.random(600) < chances[known]
        head = choose(scores[known], present)
        bent.append(bool(head.knots))
        plain = make_head(scores[known], present)
        if head.knots:
            gain = lose(plain, scores[600:], chances[600:]) - lose(
                head, scores[600:], chances[600:]
            )
            assert gain > 0.01
            assert head.threshold == plain.threshold
    assert np.mean(bent) > 0.9


def test_scores_that_are_log_odds_already_may_be_taken_as_they_are():
    as_they_are = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        scores = rng.normal(0, 1.5, 300)
        present = rng.random(300) < sigmoid(scores)
        head, plain = choose(scores, present), make_head(scores, present)
        assert head.knots == ()
        if head != plain:
            assert (head.slope, head.offset) == (1.0, 0.0)
            new = rng.normal(0, 1.5, 2000)
            assert lose(head, new, sigmoid(new)) < lose(plain, new, sigmoid(new))
        as_they_are.append(head != plain)
    assert 0.2 < np.mean(as_they_are) < 0.9


@pytest.mark.parametrize("by_article", [True, False])
def test_a_curve_is_not_chosen_for_what_it_knows_by_heart(by_article):
    # Articles of eight units, one score and one code each: parted, they betray each other.
    bent = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        own = rng.normal(size=80)
        scores = np.repeat(own, 8)
        present = np.repeat(rng.random(80) < sigmoid(1.5 * own), 8)
        groups = np.arange(640) // 8 if by_article else np.arange(640)
        bent.append(bool(choose(scores, present, groups).knots))
    assert np.mean(bent) == (0.0 if by_article else 1.0)


@pytest.mark.parametrize(("rarest", "bent"), [(49, False), (50, True)])
@pytest.mark.parametrize("turned", [False, True])
def test_fewer_than_fifty_of_a_kind_decide_nothing(rarest, bent, turned):
    # Codes part at 0, but tails are long, and two units far out on each side are the other kind.
    below, above = (10 * np.linspace(0.1, 1, n) ** 6 for n in (200, rarest))
    scores = np.concatenate([-below, above])
    present = scores > 0
    present[[198, 199, -2, -1]] ^= True
    if turned:
        scores, present = -scores, ~present
    assert min(present.sum(), (~present).sum()) == rarest
    head = choose(scores, present)
    assert bool(head.knots) == bent
    if not bent:
        assert head == make_head(scores, present)


def test_scores_that_rank_backwards_are_not_taken_for_a_curve():
    # A step would tell most units apart, but all in all the scores mislead, and so are not used.
    scores = np.repeat([0.0, 1.0, -1000.0], [100, 100, 20])
    present = scores != 0
    head = make_head(scores, present)
    assert head.slope == 0.0
    order = np.random.default_rng(0).permutation(220)
    assert calibrate_best(head, scores[order], present[order], np.arange(220)) is head
