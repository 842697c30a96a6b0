"""The best split of a weighted series into two levels, found by `ruptures`.

Shapes: T periods.
"""

from __future__ import annotations

import numpy as np

from framing.measuring.intervals import Codes, Floats


def fit_split(values: Floats, weights: Floats, places: Codes) -> int:
    """Find the split that leaves the least weighted squares about the two means.

    Parameters
    ----------
    values, weights : arrays (T,)
        Values of weight 0 are passed over.
    places : array
        Splits that may be chosen, as the first index after them; at least one.

    Returns
    -------
    int
        The first place after the split.

    Examples
    --------
    >>> fit_split(np.array([0.0, 0.0, 1.0, 1.0]), np.ones(4), np.array([1, 2, 3]))
    2
    """
    import ruptures

    cost = _make_cost(weights, places)
    found = ruptures.Binseg(custom_cost=cost, min_size=1, jump=1)
    found.fit(np.asarray(values, dtype=np.float64))
    return int(found.predict(n_bkps=1)[0])


def _make_cost(weights: Floats, places: Codes) -> object:
    """Make the cost of a segment for `ruptures`: weighted squares about its mean.

    A segment that a split elsewhere than in `places` would make costs the earth.
    """
    from ruptures.base import BaseCost

    class WeightedSquares(BaseCost):  # type: ignore[misc]
        """Weighted squares about the mean, from running sums."""

        model = "weighted-squares"
        min_size = 1

        def fit(self, signal: Floats) -> WeightedSquares:
            self.signal = signal.reshape(-1, 1)
            values = self.signal[:, 0]
            parts = np.array([weights, weights * values, weights * values**2])
            self.running = np.concatenate([np.zeros((3, 1)), parts.cumsum(axis=1)], axis=1)
            self.ends = {0, len(values), *places.tolist()}
            return self

        def error(self, start: int, end: int) -> float:
            if start not in self.ends or end not in self.ends:
                return 1e300
            weight, first, second = self.running[:, end] - self.running[:, start]
            return float(max(second - first**2 / weight, 0.0)) if weight > 0 else 0.0

    return WeightedSquares()
