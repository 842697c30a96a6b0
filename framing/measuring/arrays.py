"""Truth, probabilities and decisions as arrays, checked once before anything is computed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from framing.measuring.intervals import Floats
from framing.schema import CodingError, InputError

Bools = NDArray[np.bool_]


def read_truth(truth: ArrayLike, n_labels: int) -> tuple[Bools, Bools]:
    """Split codings (n, F) into what is present and what is coded.

    Parameters
    ----------
    truth : array (n, F)
        1 present, 0 absent, NaN not coded.
    n_labels : int
        F.

    Returns
    -------
    present, coded : arrays (n, F) of bool
        `present` is False where not coded.

    Raises
    ------
    InputError
        If there are not F columns, or a value is none of 1, 0 and NaN.

    Examples
    --------
    >>> present, coded = read_truth([[1, 0, float("nan")]], 3)
    >>> present.tolist(), coded.tolist()
    ([[True, False, False]], [[True, True, False]])
    """
    values = np.asarray(truth, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] != n_labels:
        raise InputError(
            f"codings have shape {values.shape} and there are {n_labels} labels",
            fix="give one row a unit and one column a label",
        )
    coded = ~np.isnan(values)
    strange = values[coded & (values != 0) & (values != 1)]
    if strange.size:
        raise InputError(
            f"codings hold {strange[0]:g}", fix="use 1 for present, 0 for absent, NaN for not coded"
        )
    return values == 1, coded


def read_probabilities(probabilities: ArrayLike, needed: Bools) -> Floats:
    """Check probabilities (n, F) where they are needed, and set them to 0 elsewhere.

    Raises
    ------
    InputError
        If the shape is not that of `needed`, or a needed value is NaN or not within 0-1.

    Examples
    --------
    >>> read_probabilities([[0.5, float("nan")]], np.array([[True, False]])).tolist()
    [[0.5, 0.0]]
    """
    values = np.asarray(probabilities, dtype=np.float64)
    _check_shape("probabilities", values.shape, needed.shape)
    outside = values[needed & ~((values >= 0) & (values <= 1))]
    if outside.size:
        raise InputError(
            f"a probability is {outside[0]:g}", fix="give calibrated probabilities, 0 to 1"
        )
    return np.where(needed, values, 0.0)


def read_decisions(decisions: ArrayLike, needed: Bools) -> Bools:
    """Check decisions (n, F), and set them to False where they are not needed.

    Raises
    ------
    InputError
        If the shape is not that of `needed`, or the values are not true or false.

    Examples
    --------
    >>> read_decisions([[True, True]], np.array([[True, False]])).tolist()
    [[True, False]]
    """
    values = np.asarray(decisions)
    _check_shape("decisions", values.shape, needed.shape)
    if not np.isin(values, (0, 1)).all():
        raise InputError("decisions are not true or false", fix="apply the thresholds first")
    return values.astype(np.bool_) & needed


def mark_values(column: Sequence[str | None], kept: Bools, values: Sequence[str]) -> Bools:
    """Mark which of V values each kept entry of a column (n,) holds: an array (n kept, V).

    Raises
    ------
    CodingError
        If a kept entry is none of `values`.

    Examples
    --------
    >>> mark_values(["for", None], np.array([True, False]), ["for", "against"]).tolist()
    [[True, False]]
    """
    chosen = [value for value, keep in zip(column, kept, strict=True) if keep]
    strange = sorted({str(value) for value in chosen} - set(values))
    if strange:
        raise CodingError(
            f"stance {strange[0]!r} is none of {', '.join(values)}",
            fix="correct it, or leave those units out",
        )
    marks = [value == option for value in chosen for option in values]
    return np.array(marks, dtype=np.bool_).reshape(len(chosen), len(values))


def check_length(name: str, length: int, n_units: int) -> None:
    """Refuse a list that does not have one entry a unit.

    Raises
    ------
    InputError
        With both numbers.

    Examples
    --------
    >>> check_length("groups", 3, 2)
    Traceback (most recent call last):
    framing.schema.InputError: 3 groups for 2 units; give one a unit
    """
    if length != n_units:
        raise InputError(f"{length} {name} for {n_units} units", fix="give one a unit")


def _check_shape(name: str, shape: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    if shape != wanted:
        raise InputError(
            f"{name} have shape {shape} and codings {wanted}",
            fix="give one row a unit and one column a label",
        )
