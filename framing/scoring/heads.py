"""From raw scores to calibrated probabilities and decisions: one head a frame, one a stance target.

Platt (1999) scaling or an isotonic curve for a frame, temperature scaling (Guo et al., 2017) for a
target.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.schema import ModelFileError

FloatArray = NDArray[np.float64]
NEVER = 2.0
"""A bound that no probability reaches: nothing is sure."""
FEWEST_RELIABLE = 10
"""Units with a frame, below which what was learnt or measured of it is hardly more than a hint."""
_LARGEST = 1e15
"""Beyond any number that training arrives at, and far from where arithmetic overflows."""


@dataclass(frozen=True, slots=True)
class FrameHead:
    """Calibration and threshold of one frame.

    Attributes
    ----------
    id : str
    slope, offset : float
        Probability = sigmoid(slope * score + offset), unless there are knots.
    threshold : float
        The frame is present from this probability on.
    n_units, n_positive : int
        Coded units and units with the frame that it was trained on.
    knots : tuple of (float, float)
        Scores, rising, and their probabilities, between which the probability is interpolated.
    band : (float, float) or None
        Below the first probability the frame is surely absent, from the second on surely present,
        at the precision that training was asked to promise; in between it is uncertain. The
        threshold lies in between; the second is ``NEVER`` where nothing is surely present.
    """

    id: str
    slope: float
    offset: float
    threshold: float
    n_units: int
    n_positive: int
    knots: tuple[tuple[float, float], ...] = ()
    band: tuple[float, float] | None = None

    def calibrate(self, scores: FloatArray) -> FloatArray:
        """Return probabilities of the same shape as `scores`."""
        if self.knots:
            at, probabilities = zip(*self.knots, strict=True)
            return np.asarray(np.interp(scores, at, probabilities))
        logits = np.clip(self.slope * scores + self.offset, -500.0, 500.0)
        return np.asarray(1.0 / (1.0 + np.exp(-logits)))

    def doubt(self, probabilities: FloatArray) -> NDArray[np.bool_]:
        """Tell which probabilities promise too little either way; none where no band was asked."""
        if self.band is None:
            return np.zeros(np.shape(probabilities), np.bool_)
        low, high = self.band
        return np.asarray((probabilities >= low) & (probabilities < high))


@dataclass(frozen=True, slots=True)
class StanceHead:
    """Calibration and decision rule of one stance target with V values.

    Attributes
    ----------
    target : str
    values : tuple of str
        In the order of the scores.
    neutral : str or None
        The value that takes no stance; evidence is what speaks against it.
    temperature : float
        Probabilities = softmax(scores / temperature).
    weights : tuple of float
        The value decided for has the largest probability times weight.
    n_units : int
    n_by_value : tuple of int
        Coded units it was trained on, in all and a value.
    mentioned : bool
        Whether the target is whatever a unit's mention names; without one there is no stance.
    """

    target: str
    values: tuple[str, ...]
    neutral: str | None
    temperature: float
    weights: tuple[float, ...]
    n_units: int
    n_by_value: tuple[int, ...]
    mentioned: bool = False

    def calibrate(self, scores: FloatArray) -> FloatArray:
        """Return probabilities (n, V) of scores (n, V)."""
        logits = scores / self.temperature
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))

    def decide(self, probabilities: FloatArray) -> NDArray[np.intp]:
        """Return the index of the value decided for, one a row."""
        return np.asarray(np.argmax(probabilities * np.array(self.weights), axis=1))


def head_to_dict(head: FrameHead | StanceHead) -> dict[str, Any]:
    """Return a head as a JSON-ready mapping."""
    return asdict(head)


def read_frame_head(item: Any, *, where: str) -> FrameHead:
    """Rebuild a frame's head, checking every field.

    Raises
    ------
    ModelFileError
        If a field is missing or makes no sense.
    """
    numbers = ("slope", "offset", "threshold")
    counts = ("n_units", "n_positive")
    # Models of protocol 1 know neither knots nor band.
    given = {"knots": [], "band": None, **item} if isinstance(item, Mapping) else item
    fields = _check_fields(given, {"id", *numbers, *counts, "knots", "band"}, where)
    knots, band, threshold = fields["knots"], fields["band"], fields["threshold"]
    sound = (
        isinstance(fields["id"], str)
        and _are_finite([fields[name] for name in numbers])
        and _are_counts([fields[name] for name in counts])
        and 0 <= threshold <= 1
        and _are_knots(knots)
        and (band is None or _is_band(band, threshold))
    )
    if not sound:
        raise _refuse(item, where)
    return FrameHead(
        **{
            **fields,
            "knots": tuple((float(score), float(share)) for score, share in knots),
            "band": band and (float(band[0]), float(band[1])),
        }
    )


def _are_knots(items: Any) -> bool:
    """Tell whether these are pairs of scores and probabilities, neither ever falling."""
    if not isinstance(items, list) or not all(_is_pair(item) for item in items):
        return False
    return (
        all(0 <= share <= 1 for _, share in items)
        and all(one[0] < two[0] and one[1] <= two[1] for one, two in pairwise(items))
        and len(items) != 1
    )


def _is_band(item: Any, threshold: float) -> bool:
    """Tell whether these are probabilities with the threshold between; the upper may be NEVER."""
    return (
        _is_pair(item)
        and 0 <= item[0] <= threshold <= item[1]
        and (item[1] <= 1 or item[1] == NEVER)
    )


def _is_pair(item: Any) -> bool:
    return isinstance(item, list) and len(item) == 2 and _are_finite(item)


def read_stance_head(item: Any, *, where: str) -> StanceHead:
    """Rebuild a stance target's head, checking every field.

    Raises
    ------
    ModelFileError
        If a field is missing or makes no sense.
    """
    names = {"target", "values", "neutral", "temperature", "weights", "n_units", "n_by_value"}
    # Models of protocol 1 do not know of mentions.
    given = {"mentioned": False, **item} if isinstance(item, Mapping) else item
    fields = _check_fields(given, {*names, "mentioned"}, where)
    values, weights, counts = fields["values"], fields["weights"], fields["n_by_value"]
    if not all(isinstance(part, list) for part in (values, weights, counts)):
        raise _refuse(item, where)
    sound = (
        isinstance(fields["target"], str)
        and len(values) == len(weights) == len(counts) >= 2
        and all(isinstance(value, str) for value in values)
        and len(set(values)) == len(values)
        and (fields["neutral"] is None or fields["neutral"] in values)
        and _are_finite([fields["temperature"], *weights])
        and fields["temperature"] >= 1 / _LARGEST
        and all(weight > 0 for weight in weights)
        and _are_counts([fields["n_units"], *counts])
        and isinstance(fields["mentioned"], bool)
    )
    if not sound:
        raise _refuse(item, where)
    lists = {name: tuple(fields[name]) for name in ("values", "weights", "n_by_value")}
    return StanceHead(**{**fields, **lists})


def _check_fields(item: Any, names: set[str], where: str) -> Mapping[str, Any]:
    if not isinstance(item, Mapping) or set(item) != names:
        raise _refuse(item, where)
    return item


def _are_finite(numbers: list[Any]) -> bool:
    return all(type(n) in (int, float) and abs(n) <= _LARGEST for n in numbers)


def _are_counts(numbers: list[Any]) -> bool:
    return all(type(n) is int and n >= 0 for n in numbers)


def _refuse(item: Any, where: str) -> ModelFileError:
    shown = str(item)[:80]
    return ModelFileError(
        f"a head of the model is not valid ({shown})", where=where, fix="train it again"
    )
