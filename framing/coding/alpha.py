"""Krippendorff's alpha for nominal data, missing codes allowed.

After K. Krippendorff, *Computing Krippendorff's Alpha-Reliability* (2011), section C.
Letters: m coders, U units, V values; n_uc codes of value c on unit u; m_u codes on unit u.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

NOT_CODED = -1
"""Stands in a matrix of codes where a coder did not code a unit."""

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]


def compute_alpha(reliability_data: Sequence[Sequence[Any]]) -> float:
    """Compute Krippendorff's alpha for nominal data.

    Parameters
    ----------
    reliability_data : m sequences of U values
        One row a coder, one column a unit; None is not coded, any other value is a code.

    Returns
    -------
    float
        NaN where no unit has two codes, or all codes are the same.

    Examples
    --------
    >>> round(compute_alpha([list("aabbdcccedda"), list("babbbccceddd")]), 3)
    0.692
    """
    values = sorted({v for row in reliability_data for v in row if v is not None}, key=str)
    index = {value: code for code, value in enumerate(values)}
    codes = np.array([[index.get(v, NOT_CODED) for v in row] for row in reliability_data])
    n_uc = count_values(codes, n_values=len(values))
    return float(alpha_nominal(count_matches(n_uc).sum(), pairable_values(n_uc).sum(axis=0)))


def count_values(codes: Codes, *, n_values: int) -> Codes:
    """Count how many coders gave each unit each value: codes (m, U) to n_uc (U, V)."""
    counts: Codes = (codes[:, :, np.newaxis] == np.arange(n_values)).sum(axis=0)
    return counts


def pairable_values(n_uc: Codes) -> Codes:
    """Keep the counts of units with two or more codes, and put 0 for others: (U, V)."""
    pairable: Codes = n_uc * (n_uc.sum(axis=1, keepdims=True) >= 2)
    return pairable


def count_matches(n_uc: Codes) -> Floats:
    """Sum the coincidence matrix' diagonal a unit: n_uc (n_uc - 1) / (m_u - 1), as (U,)."""
    m_u = n_uc.sum(axis=1)
    matches: Floats = (n_uc * (n_uc - 1)).sum(axis=1) / np.maximum(m_u - 1, 1)
    return matches


def alpha_nominal(o_cc: Any, n_c: Any) -> Floats:
    """Compute alpha from sums over units: matches o_cc (...,), pairable values n_c (..., V).

    alpha = 1 - (n - 1) (n - sum o_cc) / (n^2 - sum n_c^2); NaN where the denominator is 0, for
    then there is one value at the most.
    """
    matches, totals = np.asarray(o_cc, dtype=float), np.asarray(n_c, dtype=float)
    n = totals.sum(axis=-1)
    expected = n**2 - (totals**2).sum(axis=-1)
    varied = expected > 0
    ratio = (n - 1) * (n - matches) / np.where(varied, expected, 1.0)
    return np.where(varied, 1.0 - ratio, np.nan)
