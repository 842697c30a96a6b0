"""Tests of the solver against scikit-learn's, and of what makes a point the optimum."""

import warnings

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from framing.learning import logistic
from framing.learning.logistic import TOLERANCE, Problems, fit_problems

FINE = 1e-5
"""A tolerance far below the usual one, at which two solvers have to agree."""


def write_rows(n, width, *, seed=0):
    """Return n sparse rows of unit length (n, width), with a column of ones behind them."""
    rng = np.random.default_rng(seed)
    dense = rng.random((n, width)) * (rng.random((n, width)) < 0.3)
    dense /= np.maximum(np.linalg.norm(dense, axis=1), 1e-9)[:, None]
    return np.hstack([dense, np.ones((n, 1))])


def draw_codes(rows, *, values=2, seed=1):
    """Draw what each row is coded as, 0 to values - 1, by a linear rule with much noise."""
    rng = np.random.default_rng(seed)
    logits = rows[:, :-1] @ rng.normal(size=(rows.shape[1] - 1, values)) * 3
    return (logits - logits.mean(axis=0) + rng.gumbel(size=logits.shape)).argmax(axis=1)


def solve(rows, problems, **options):
    """Return the coefficients of problems that have to be solved."""
    found = fit_problems(rows, problems, **options)
    assert not found.unsolved.any()
    return found.coefficients


def fit_anyhow(rows, problems, **options):
    return fit_problems(rows, problems, **options).coefficients


def fit(rows, codes, C, *, scales=None, tolerance=TOLERANCE, solver=solve):
    """Fit one problem: logistic for codes of 0 and 1 (n,), softmax for one-hot rows (n, m)."""
    codes = np.asarray(codes, np.float32)
    targets = codes.reshape(len(codes), 1, -1)
    weights = np.broadcast_to(np.asarray(C, np.float32), len(codes))[:, None]
    given = None if scales is None else np.asarray(scales, np.float32)[:, None, :]
    problems = Problems(targets, weights, given)
    return solver(sp.csr_array(rows), problems, tolerance=tolerance)[:, 0]


def measure_gradient(rows, codes, C, weights, scales=None):
    """Return the length of the gradient, in 64 bits, as a share of its length at zero."""
    codes = np.asarray(codes, float).reshape(len(codes), -1)
    C = np.broadcast_to(np.float32(C).astype(float), len(codes))[:, None]
    scales = np.ones(weights.shape) if scales is None else np.asarray(scales, np.float32)

    def differentiate(weights):
        margins = rows @ weights
        if codes.shape[1] == 1:
            shares = 1 / (1 + np.exp(-margins))
        else:
            powers = np.exp(margins - margins.max(axis=1, keepdims=True))
            shares = powers / powers.sum(axis=1, keepdims=True)
        return weights / scales + scales * (rows.T @ (C * (shares - codes)))

    weights = np.asarray(weights, float)
    return np.linalg.norm(differentiate(weights)) / np.linalg.norm(differentiate(0 * weights))


SHAPES = [(60, 8), (60, 200), (400, 30)]


@pytest.mark.parametrize(("n", "width"), SHAPES)
@pytest.mark.parametrize("C", [0.1, 1.0, 10.0, 100.0])
def test_one_output_is_liblinears_with_the_intercept_penalised(n, width, C):
    rows = write_rows(n, width)
    codes = draw_codes(rows)
    theirs = LogisticRegression(
        C=C, solver="liblinear", intercept_scaling=1, tol=1e-10, max_iter=10_000
    ).fit(rows[:, :-1], codes)
    expected = theirs.decision_function(rows[:, :-1])
    usual, fine = fit(rows, codes, C), fit(rows, codes, C, tolerance=FINE)
    np.testing.assert_allclose((rows @ usual)[:, 0], expected, atol=0.02)
    np.testing.assert_allclose((rows @ fine)[:, 0], expected, atol=1e-3)
    np.testing.assert_allclose(fine[:-1, 0], theirs.coef_[0], atol=1e-3)
    assert fine[-1, 0] == pytest.approx(theirs.intercept_[0], abs=1e-3)


@pytest.mark.parametrize(("n", "width"), SHAPES)
@pytest.mark.parametrize("C", [0.1, 1.0, 10.0, 100.0])
def test_several_outputs_are_the_multinomial_regression_on_a_column_of_ones(n, width, C):
    rows = write_rows(n, width)
    codes = draw_codes(rows, values=3)
    theirs = LogisticRegression(
        C=C, solver="newton-cg", fit_intercept=False, tol=1e-8, max_iter=1000
    ).fit(rows, codes)
    expected, present = theirs.decision_function(rows), np.eye(3)[codes]
    usual, fine = fit(rows, present, C), fit(rows, present, C, tolerance=FINE)
    np.testing.assert_allclose(rows @ usual, expected, atol=0.02)
    np.testing.assert_allclose(rows @ fine, expected, atol=1e-3)
    np.testing.assert_allclose(fine, theirs.coef_.T, atol=1e-3)


def test_two_outputs_are_one_with_half_the_penalty():
    # |w|^2 + |-w|^2 for a difference of 2 w: a quarter of its square, where one output pays half.
    rows = write_rows(80, 20)
    codes = draw_codes(rows)
    two = fit(rows, np.eye(2)[codes], 5.0, tolerance=FINE)
    one = fit(rows, codes, 10.0, tolerance=FINE)
    np.testing.assert_allclose(two[:, 1] - two[:, 0], one[:, 0], atol=1e-4)
    np.testing.assert_allclose(two.sum(axis=1), 0.0, atol=1e-5)


def test_one_row_by_hand():
    # w = C / (1 + e^w) has the solution 1 where C = 1 + e.
    found = fit(np.ones((1, 1)), [1.0], 1 + np.e, tolerance=FINE)
    assert found[0, 0] == pytest.approx(1.0, abs=1e-5)
    turned = fit(np.ones((1, 1)), [0.0], 1 + np.e, tolerance=FINE)
    assert turned[0, 0] == pytest.approx(-1.0, abs=1e-5)


@pytest.mark.parametrize("values", [1, 3])
def test_weights_of_rows_are_scikit_learns_sample_weights(values):
    rows = write_rows(120, 15)
    codes = draw_codes(rows, values=max(values, 2))
    weights = np.random.default_rng(3).choice([0.0, 0.3, 1.0, 4.0], 120)
    theirs = LogisticRegression(
        C=7.0, solver="newton-cg", fit_intercept=False, tol=1e-9, max_iter=1000
    ).fit(rows, codes, sample_weight=weights)
    given = codes if values == 1 else np.eye(values)[codes]
    found = fit(rows, given, 7.0 * weights, tolerance=FINE)
    np.testing.assert_allclose(found, theirs.coef_.T, atol=5e-4)


@pytest.mark.parametrize("values", [1, 3])
def test_rows_of_no_weight_do_not_matter_at_all(values):
    rows = write_rows(90, 12)
    codes = draw_codes(rows, values=max(values, 2))
    present = np.eye(3)[codes][:, -values:]
    out = np.arange(90) % 3 == 0
    weights = np.where(out, 0.0, 10.0)
    before = fit(rows, present, weights)
    changed, turned = rows.copy(), present.copy()
    changed[out] = write_rows(90, 12, seed=9)[out] * 5
    turned[out] = np.roll(present[out], 1, axis=0)
    np.testing.assert_array_equal(fit(changed, turned, weights), before)
    left = fit(rows[~out], present[~out], 10.0, tolerance=FINE)
    np.testing.assert_allclose(fit(rows, present, weights, tolerance=FINE), left, atol=2e-4)


def test_a_weight_of_two_is_a_row_twice():
    rows = write_rows(40, 10)
    codes = draw_codes(rows)
    once = fit(rows, codes, np.where(np.arange(40) < 9, 6.0, 3.0), tolerance=FINE)
    doubled, again = np.vstack([rows, rows[:9]]), np.concatenate([codes, codes[:9]])
    np.testing.assert_allclose(fit(doubled, again, 3.0, tolerance=FINE), once, atol=1e-4)


@pytest.mark.parametrize("values", [1, 3])
def test_scales_are_a_fit_to_scaled_features_with_its_coefficients_scaled_back(values):
    rows = write_rows(100, 14)
    codes = draw_codes(rows, values=max(values, 2))
    given = codes if values == 1 else np.eye(values)[codes]
    scales = np.random.default_rng(2).uniform(0.2, 3.0, 15)
    ours = fit(rows, given, 10.0, scales=np.tile(scales[:, None], values), tolerance=FINE)
    alone = fit(rows * scales, given, 10.0, tolerance=FINE) * scales[:, None]
    np.testing.assert_allclose(ours, alone, atol=1e-3)
    theirs = LogisticRegression(
        C=10.0, solver="newton-cg", fit_intercept=False, tol=1e-9, max_iter=1000
    ).fit(rows * scales, codes)
    np.testing.assert_allclose(ours, theirs.coef_.T * scales[:, None], atol=1e-3)
    assert np.abs(ours - fit(rows, given, 10.0, tolerance=FINE)).max() > 0.1


def test_scales_of_one_change_nothing_and_of_zero_take_a_feature_out():
    rows = write_rows(70, 10)
    codes = draw_codes(rows)
    plain = fit(rows, codes, 5.0)
    np.testing.assert_array_equal(fit(rows, codes, 5.0, scales=np.ones((11, 1))), plain)
    scales = np.ones((11, 1))
    scales[[2, 5]] = 0.0
    ours = fit(rows, codes, 5.0, scales=scales, tolerance=FINE)
    others = np.delete(np.arange(11), [2, 5])
    assert not ours[[2, 5]].any()
    without = fit(rows[:, others], codes, 5.0, tolerance=FINE)
    np.testing.assert_allclose(ours[others], without, atol=1e-4)


@pytest.mark.parametrize("values", [1, 3])
@pytest.mark.parametrize("tolerance", [1e-2, 1e-3, TOLERANCE])
def test_the_gradient_shrinks_to_the_share_asked_for(values, tolerance):
    rows = write_rows(150, 40)
    present = np.eye(3)[draw_codes(rows, values=3)][:, :values]
    scales = np.random.default_rng(4).uniform(0.5, 2.0, (41, values))  # every output its own
    found = fit(rows, present, 20.0, scales=scales, tolerance=tolerance)
    assert measure_gradient(rows, present, 20.0, found, scales) < 1.5 * tolerance
    assert measure_gradient(rows, present, 20.0, found * 1.05, scales) > 1e-3


def test_a_looser_tolerance_stops_earlier():
    rows = write_rows(150, 40)
    codes = draw_codes(rows)
    shares = [
        measure_gradient(rows, codes, 50.0, fit(rows, codes, 50.0, tolerance=tolerance))
        for tolerance in (0.5, 1e-2, FINE)
    ]
    assert shares[0] > 1e-2 > shares[1] > 1e-4 > shares[2]


@pytest.mark.parametrize("values", [1, 3])
def test_one_code_throughout_has_its_optimum_too(values):
    rows = write_rows(50, 10)
    present = np.zeros((50, values))
    present[:, 0] = 1.0
    found = fit(rows, present, 3.0)
    assert measure_gradient(rows, present, 3.0, found) < 2 * TOLERANCE
    assert (rows @ found)[:, 0].min() > 1.0


@pytest.mark.parametrize("values", [1, 3])
def test_nothing_to_learn_from_is_all_zeros(values):
    rows = write_rows(20, 5)
    present = np.eye(3)[draw_codes(rows, values=3)][:, :values]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not fit(rows, present, 0.0).any()
        assert not fit(0 * rows, present, 1.0).any()


@pytest.mark.parametrize("C", [1.0, 1e3])
def test_separable_rows_have_a_finite_optimum(C):
    rng = np.random.default_rng(0)
    codes = np.arange(60) % 2
    rows = np.column_stack([codes, 1 - codes, rng.random((60, 6)), np.ones(60)])
    theirs = LogisticRegression(
        C=C, solver="liblinear", intercept_scaling=1, tol=1e-10, max_iter=100_000
    ).fit(rows[:, :-1], codes)
    expected = theirs.decision_function(rows[:, :-1])
    for tolerance, within in ((TOLERANCE, 0.05), (FINE, 1e-3)):
        margins = (rows @ fit(rows, codes, C, tolerance=tolerance))[:, 0]
        np.testing.assert_allclose(margins, expected, rtol=within)
        assert ((margins > 0) == codes).all()


def test_more_features_than_rows_are_separable_and_solved_alike():
    rows = write_rows(30, 500)
    codes = np.random.default_rng(5).integers(0, 3, 30)
    present = np.eye(3)[codes]
    found = fit(rows, present, 100.0)
    assert measure_gradient(rows, present, 100.0, found) < 2 * TOLERANCE
    assert ((rows @ found).argmax(axis=1) == codes).all()


@pytest.fixture(scope="module")
def batch():
    """12 problems of three outputs that differ in targets, weights and scales."""
    rng = np.random.default_rng(6)
    rows = write_rows(80, 60)
    codes = np.stack([draw_codes(rows, values=3, seed=seed) for seed in range(12)], axis=1)
    weights = 10.0 ** rng.integers(-1, 3, 12) * (rng.random((80, 12)) < 0.9)
    scales = rng.uniform(0.5, 2.0, (61, 12, 3))
    problems = [part.astype(np.float32) for part in (np.eye(3)[codes], weights, scales)]
    return sp.csr_array(rows), Problems(*problems)


def pick(problems, places, outputs=3):
    """Take some of the problems, and the first of their outputs."""
    parts = (
        problems.targets[:, places, :outputs],
        problems.weights[:, places],
        problems.scales[:, places, :outputs],
    )
    return Problems(*map(np.ascontiguousarray, parts))


@pytest.mark.parametrize("outputs", [1, 3])
def test_many_problems_at_once_are_each_as_if_alone(batch, outputs):
    rows, problems = batch
    together = solve(rows, pick(problems, range(12), outputs), tolerance=FINE)
    assert together.shape == (61, 12, outputs)
    for place in range(12):
        alone = solve(rows, pick(problems, [place], outputs), tolerance=FINE)
        np.testing.assert_allclose(together[:, place], alone[:, 0], atol=5e-3)


@pytest.mark.parametrize("outputs", [1, 3])
def test_the_order_of_problems_is_the_order_of_results(batch, outputs):
    rows, problems = batch
    order = [7, 2, 11, 0, 5]
    whole = solve(rows, pick(problems, range(12), outputs), tolerance=FINE)
    part = solve(rows, pick(problems, order, outputs), tolerance=FINE)
    np.testing.assert_allclose(part, whole[:, order], atol=1e-3)
    assert np.abs(whole[:, order] - whole[:, :5]).max() > 0.1


def test_a_problem_that_is_solved_at_once_waits_unmoved_for_the_others():
    rows = write_rows(80, 60)
    codes = draw_codes(rows)
    targets = np.column_stack([codes, codes, codes])[:, :, None].astype(np.float32)
    weights = np.tile(np.float32([1e-3, 100.0, 0.0]), (80, 1))
    found = solve(sp.csr_array(rows), Problems(targets, weights))
    for place, C in enumerate((1e-3, 100.0)):
        assert measure_gradient(rows, codes, C, found[:, place]) < 2 * TOLERANCE
    assert not found[:, 2].any()


@pytest.mark.parametrize("values", [1, 3])
def test_the_order_of_rows_and_of_features_does_not_matter(values):
    rows = write_rows(90, 30)
    present = np.eye(3)[draw_codes(rows, values=3)][:, :values]
    weights = np.random.default_rng(7).uniform(0.1, 20.0, 90)
    order, places = (np.random.default_rng(8).permutation(size) for size in (90, 31))
    ours = fit(rows, present, weights, tolerance=FINE)
    turned = fit(rows[order][:, places], present[order], weights[order], tolerance=FINE)
    np.testing.assert_allclose(turned, ours[places], atol=1e-3)


def test_two_runs_agree_to_the_last_bit_and_arguments_stay_as_they_were(batch):
    rows, problems = batch
    copies = [part.copy() for part in (rows.data, problems.targets, problems.weights)]
    first = solve(rows, problems)
    np.testing.assert_array_equal(solve(rows, problems), first)
    for ours, copy in zip((rows.data, problems.targets, problems.weights), copies, strict=True):
        np.testing.assert_array_equal(ours, copy)


def test_memory_need_not_be_writeable(batch):
    rows, problems = batch
    expected = solve(rows, problems)
    locked = rows.astype(np.float32)
    parts = [problems.targets.copy(), problems.weights.copy(), problems.scales.copy()]
    for array in (locked.data, locked.indices, locked.indptr, *parts):
        array.flags.writeable = False
    np.testing.assert_array_equal(solve(locked, Problems(*parts)), expected)


def test_rows_may_come_compressed_by_column(batch):
    rows, problems = batch
    found = solve(sp.csc_array(rows), problems)
    np.testing.assert_array_equal(found, solve(rows, problems))


@pytest.mark.parametrize("outputs", [1, 3])
def test_no_rows_give_zeros(batch, outputs):
    rows, problems = batch
    few = pick(problems, [0, 1], outputs)
    none = Problems(few.targets[:0], few.weights[:0], few.scales)
    found = solve(rows[:0], none)
    assert found.shape == (61, 2, outputs)
    assert not found.any()


def test_shape_is_problems_and_outputs(batch):
    _, problems = batch
    assert problems.shape == (12, 3)
    assert pick(problems, [4, 1], 1).shape == (2, 1)


@pytest.mark.parametrize("values", [2, 3])
def test_32_bits_are_enough_where_rows_repeat_and_their_weights_are_far_apart(values):
    rows = np.vstack([write_rows(60, 20)] * 4)  # so that a vector can be written in many ways
    codes = np.random.default_rng(3).integers(0, values, 240)
    weights = np.where(codes == 1, 2000.0, 20.0)
    theirs = LogisticRegression(
        C=1.0, solver="newton-cg", fit_intercept=False, tol=1e-9, max_iter=1000
    ).fit(rows, codes, sample_weight=weights)
    found = fit(rows, codes if values == 2 else np.eye(3)[codes], weights)
    assert found.dtype == np.float32
    expected = theirs.decision_function(rows).reshape(240, -1)
    np.testing.assert_allclose(rows @ found, expected, atol=0.05)


def measure_objective(rows, codes, C, weights):
    margins = rows @ np.asarray(weights, float)
    return weights @ weights / 2 + C * np.sum(np.logaddexp(0, margins) - codes * margins)


@pytest.mark.parametrize("width", [30, 300, 3000])
@pytest.mark.parametrize("C", [1e3, 1e4, 1e5, 1e6])
def test_large_weights_are_solved_as_well_as_by_liblinear(width, C):
    # Where few rows carry a label, the gradient begins with C and ends with the coefficients.
    rows = write_rows(400, width)
    codes = np.zeros(400)
    codes[np.random.default_rng(1).permutation(400)[:8]] = 1.0
    theirs = LogisticRegression(
        C=C, solver="liblinear", intercept_scaling=1, tol=1e-8, max_iter=100_000
    ).fit(rows[:, :-1], codes)
    expected = np.append(theirs.coef_[0], theirs.intercept_)
    found = fit(rows, codes, C)[:, 0].astype(float)
    wanted = measure_objective(rows, codes, C, expected)
    assert measure_objective(rows, codes, C, found) < wanted * (1 + 2e-4)


def test_what_takes_too_many_steps_is_said_to_be_unsolved(monkeypatch):
    rows, codes = write_rows(200, 100), np.zeros((200, 2, 1), np.float32)
    codes[:9] = 1.0
    problems = Problems(codes, np.tile(np.float32([0.1, 1e5]), (200, 1)))
    assert fit_problems(sp.csr_array(rows), problems).unsolved.tolist() == [False, False]
    monkeypatch.setattr(logistic, "_MOST_NEWTON_STEPS", 5)
    assert fit_problems(sp.csr_array(rows), problems).unsolved.tolist() == [False, True]


@pytest.mark.parametrize("outputs", [1, 2, 3])
@pytest.mark.parametrize("C", [1.0, 3.0, 7.0, 30.0, 1e4])
def test_rows_that_are_all_alike_have_nothing_to_tell(outputs, C):
    # What is left of a gradient that cancels out is rounding, and must not be followed.
    codes = np.arange(36) % max(outputs, 2)
    given = codes if outputs == 1 else np.eye(outputs)[codes]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for lengths in ([1.0, 0.5, 1.0], [0.7, 0.7, 0.5, 1.0]):
            assert np.abs(fit(np.tile(lengths, (36, 1)), given, C)).max() < 1e-6


@pytest.mark.parametrize("values", [1, 3])
@pytest.mark.parametrize("C", [1e-30, 1e7])
def test_penalties_beyond_reason_neither_overflow_nor_warn(values, C):
    rows = write_rows(40, 100)
    codes = draw_codes(rows, values=3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = fit(rows, np.eye(3)[codes][:, :values], C, solver=fit_anyhow)
    assert np.isfinite(found).all()
    if C < 1:
        assert np.abs(found).max() < 1e-25
    else:
        margins = rows @ found
        decided = margins[:, 0] > 0 if values == 1 else margins.argmax(axis=1)
        assert (decided == (codes == 0 if values == 1 else codes)).all()
