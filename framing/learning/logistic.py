"""L2-penalised logistic regressions by the batch: many targets and settings on one matrix.

Truncated Newton steps (Lin, Weng & Keerthi 2008, *Trust region Newton method for large-scale
logistic regression*), taken for all problems at once in the span of the rows (Kimeldorf & Wahba
1971): coefficients are kept as n dual coordinates a problem, so that all but one product with the
matrix and one with its transpose, both shared by the whole batch, are sums over n numbers instead
of V. Letters: n rows, V features, B problems, m outputs a problem (1 is logistic, more is softmax).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from framing.learning.dataset import Float32

TOLERANCE = 1e-4
"""Where the gradient has shrunk to this share of where it began, a problem may be solved."""

_LOOSER = 500.0
"""It is, where the gradient is no longer than this times the tolerance, as a share of the
coefficients' length: they are no further than a gradient's length from the optimum, since the
penalty alone bends as much. Where a gradient begins says little of large weights."""

_NOTHING = 1e-6
"""Below this share of the weights' sum a first gradient is rounding: there is nothing to learn."""

_MOST_NEWTON_STEPS = 100
_MOST_INNER_STEPS = 80
_MOST_STALLED_STEPS = 5
"""Where single precision ends, steps no longer help: the best point so far is returned."""

_FAR = 0.01
"""A point is far from the optimum where its last step promised this share of its own square, and
more than rounding."""

_INNER_TOLERANCE = 0.1
_WILD = 1e4
"""What is left of a step grows this much only where single precision has lost its way."""

_PAST_THE_END = 0.3
"""The last step aims at this share of the gradient that is asked for, and no further."""

_LINE_STEPS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Problems:
    """B problems on the same rows.

    Attributes
    ----------
    targets : array (n, B, m)
        With one output 1 and 0; with several, 1 at the row's value and 0 elsewhere.
    weights : array (n, B)
        What a row's loss weighs, C included; 0 leaves it out.
    scales : array (V, B, m) or None
        What each feature is multiplied by before the fit; None is 1 everywhere.
    """

    targets: Float32
    weights: Float32
    scales: Float32 | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """B and m."""
        _, n_problems, outputs = self.targets.shape
        return n_problems, outputs


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Where B problems ended.

    Attributes
    ----------
    coefficients : array (V, B, m)
        For the features as they are given: scales are multiplied in. There is no intercept: give a
        column of ones for one that is penalised like the rest.
    unsolved : array (B,) of bool
        Which are still far from the optimum: their weights are too large for single precision or
        for the steps that are taken at most.
    """

    coefficients: Float32
    unsolved: NDArray[np.bool_]


def fit_problems(
    features: sp.csr_array | sp.csc_array, problems: Problems, *, tolerance: float = TOLERANCE
) -> Solution:
    """Minimise ``|w|^2 / 2 + sum of weight * loss`` for every problem.

    Parameters
    ----------
    features : sparse array (n, V)
    problems : Problems
    tolerance : float

    Examples
    --------
    >>> X = sp.csr_array(np.array([[1.0, 1.0], [2.0, 1.0], [-1.0, 1.0], [-2.0, 1.0]]))
    >>> present = np.array([1, 1, 0, 0], np.float32)[:, None, None]
    >>> found = fit_problems(X, Problems(present, np.full((4, 1), 10.0, np.float32)))
    >>> (X @ found.coefficients[:, 0]).ravel().round(1).tolist()
    [2.3, 4.6, -2.3, -4.6]
    """
    return _Batch(sp.csc_array(features, dtype=np.float32), problems).solve(tolerance)


class _Batch:
    """One batch of problems on its way to the optimum.

    Every primal vector v lives as dual coordinates a, v = scale * X'a, beside its margins X v; both
    are arrays (n, B, m), and the inner product of two vectors is that of one's coordinates with the
    other's margins.
    """

    def __init__(self, columns: sp.csc_array, problems: Problems) -> None:
        self._columns = columns
        self._transposed = columns.T
        self.problems = problems
        scales = problems.scales
        self._squares = None if scales is None else scales**2
        self.losses = _logistic if problems.shape[1] == 1 else _softmax

    def solve(self, tolerance: float) -> Solution:
        """Return the best point that is found of each problem."""
        solved = np.zeros_like(self.problems.targets)
        places = np.arange(solved.shape[1])
        unsolved = np.zeros(len(places), np.bool_)
        batch, coordinates, margins = self, solved.copy(), solved.copy()
        gradient, _ = self.losses(margins, self.problems)
        (slopes,) = self.spread(gradient)
        first = _measure(gradient, slopes)
        rounding = _NOTHING * self.problems.weights.sum(axis=0, dtype=np.float64)
        best = norm = np.where(first > rounding, first, 0.0)
        size, promise, stalled = np.zeros((3, len(places)))
        for _ in range(_MOST_NEWTON_STEPS):
            goal = tolerance * np.minimum(first, _LOOSER * size)
            unsolved[places] = (norm > goal) & (promise > _FAR * size**2 + rounding[places])
            left = (norm > goal) & (stalled < _MOST_STALLED_STEPS)
            if not left.any():
                break
            if not left.all():  # problems that are solved no longer take part
                batch, places = batch.pick(left), places[left]
                first, norm, goal, best, stalled = (
                    part[left] for part in (first, norm, goal, best, stalled)
                )
                coordinates, margins, gradient, slopes = (
                    part[:, left] for part in (coordinates, margins, gradient, slopes)
                )
            way, rise = batch.descend(gradient, slopes, margins, _force(norm, first, goal))
            promise = -_dot(gradient, rise)
            length = _each(batch.measure(coordinates, margins, way, rise))
            coordinates = coordinates + length * way
            residual, _ = batch.losses(margins + length * rise, batch.problems)
            # Added up over steps, margins would drift away from the coordinates: made anew.
            margins, slopes = batch.spread(coordinates, residual)
            gradient, slopes = coordinates + residual, margins + slopes
            norm, size = _measure(gradient, slopes), _measure(coordinates, margins)
            better = norm < best
            solved[:, places[better]] = coordinates[:, better]
            best, stalled = np.minimum(norm, best), np.where(better, 0, stalled + 1)
        return Solution(self.lift(solved)[:, 0], unsolved)

    def pick(self, kept: NDArray[np.bool_]) -> _Batch:
        """Return the batch of some of the problems, on the same matrix."""
        problems = self.problems
        scales = None if problems.scales is None else problems.scales[:, kept]
        return _Batch(
            self._columns, Problems(problems.targets[:, kept], problems.weights[:, kept], scales)
        )

    def lift(self, *vectors: Float32) -> Float32:
        """Turn k vectors' dual coordinates into coefficients, (V, k, B, m)."""
        outputs = np.stack(vectors, axis=1)
        width = int(np.prod(outputs.shape[1:]))  # spelt out, since there may be no rows
        weights = self._transposed @ outputs.reshape(len(outputs), width)
        weights = weights.reshape(-1, *outputs.shape[1:])
        if self._squares is not None:
            weights *= self._squares[:, None]
        return np.asarray(weights, np.float32)

    def spread(self, *vectors: Float32) -> list[Float32]:
        """Return the margins of each vector; the one step that walks over the matrix."""
        weights = self.lift(*vectors)
        margins = self._columns @ weights.reshape(len(weights), -1)
        return list(np.moveaxis(margins.reshape(-1, *weights.shape[1:]), 1, 0))

    def descend(
        self,
        gradient: Float32,
        slopes: Float32,
        margins: Float32,
        forcing: NDArray[np.float64],
    ) -> tuple[Float32, Float32]:
        """Solve Hessian times way = -gradient by conjugate gradients; returns way and margins."""
        way, rise = np.zeros_like(gradient), np.zeros_like(gradient)
        batch, places = self, np.arange(gradient.shape[1])
        _, bend = self.losses(margins, self.problems)
        rest, rest_margins = -gradient, -slopes
        aim, aim_margins = rest.copy(), rest_margins.copy()
        size = _dot(rest, rest_margins)
        goal, wild = forcing**2 * size, _WILD * size
        for _ in range(_MOST_INNER_STEPS):
            image = aim + bend(aim_margins)
            # The penalty alone bends as much as the rest is long: a step is never longer than 1.
            curve = np.maximum(_dot(image, aim_margins), np.maximum(size, 1e-30))
            length = _each(size / curve)
            way[:, places] += length * aim
            rise[:, places] += length * aim_margins
            rest -= length * image
            (rest_margins,) = batch.spread(rest)
            before, size = size, _dot(rest, rest_margins)
            left = (size > goal) & (size < wild)
            if not left.any():
                break
            if not left.all():
                batch, places = batch.pick(left), places[left]
                before, size, goal, wild = (part[left] for part in (before, size, goal, wild))
                rest, rest_margins, aim, aim_margins = (
                    part[:, left] for part in (rest, rest_margins, aim, aim_margins)
                )
                _, bend = batch.losses(margins[:, places], batch.problems)
            turn = _each(size / np.maximum(before, 1e-30))
            aim = rest + turn * aim
            aim_margins = rest_margins + turn * aim_margins
        return way, rise

    def measure(
        self, coordinates: Float32, margins: Float32, way: Float32, rise: Float32
    ) -> NDArray[np.float64]:
        """Find how far to go along each way: Newton steps in one variable, on margins alone."""
        along, square = _dot(coordinates, rise), _dot(way, rise)
        length = np.ones(len(along))
        for _ in range(_LINE_STEPS):
            residual, bend = self.losses(margins + _each(length) * rise, self.problems)
            slope = along + length * square + _dot(residual, rise)
            curve = square + _dot(bend(rise), rise)
            length = np.clip(length - slope / np.maximum(curve, 1e-30), 0.05, 4.0)
        return length


def _force(
    norm: NDArray[np.float64], first: NDArray[np.float64], goal: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Say how exact a step must be (Eisenstat & Walker 1996) on the way from `first` to `goal`."""
    enough = _PAST_THE_END * goal / norm
    return np.minimum(_INNER_TOLERANCE, np.maximum(np.sqrt(norm / first), enough))


_Losses = tuple[Float32, Callable[[Float32], Float32]]


def _logistic(margins: Float32, problems: Problems) -> _Losses:
    """Return the derivative of the weighted loss by margins, and its second derivative's action."""
    shares = np.asarray(1.0 / (1.0 + np.exp(np.clip(-margins, -30.0, 30.0))), np.float32)
    weights = problems.weights[:, :, None]
    curve: Float32 = weights * shares * (1.0 - shares)
    residual = np.asarray(weights * (shares - problems.targets), np.float32)
    return residual, lambda change: curve * change


def _softmax(margins: Float32, problems: Problems) -> _Losses:
    powers = np.exp(margins - margins.max(axis=2, keepdims=True))
    shares = powers / powers.sum(axis=2, keepdims=True)
    weights = problems.weights[:, :, None]

    def bend(change: Float32) -> Float32:
        pulled = shares * change
        return np.asarray(
            weights * (pulled - shares * pulled.sum(axis=2, keepdims=True)), np.float32
        )

    return np.asarray(weights * (shares - problems.targets), np.float32), bend


def _dot(left: Float32, right: Float32) -> NDArray[np.float64]:
    """Return the inner product of each problem, (B,)."""
    # Added up in double precision; what else is in the batch may move the last digit alone.
    return np.asarray(np.einsum("nbm,nbm->b", left, right, dtype=np.float64))


def _measure(coordinates: Float32, margins: Float32) -> NDArray[np.float64]:
    """Return the length of a vector of each problem, (B,)."""
    return np.sqrt(np.maximum(_dot(coordinates, margins), 0.0))


def _each(factors: NDArray[np.float64]) -> Float32:
    """Lay one factor a problem out over rows and outputs."""
    return factors.astype(np.float32)[None, :, None]
