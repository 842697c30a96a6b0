"""Read off a model file how well the model measures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from framing.measuring.prevalence.instrument import Instrument, LabelQuality
from framing.scoring.model import Model

_NAMES = {field.name for field in fields(LabelQuality)}
_ROUNDING = 1e-4
"""Covariances are written with six digits."""


def read_instrument(model: Model) -> Instrument:
    """Return what training found out about each label; of models that do not say, nothing.

    A label whose entry makes no sense is left out: no estimate then leans on it.
    """
    given = model.training.get("measurement")
    labels = given if isinstance(given, Mapping) else {}
    found = {str(name): _read_quality(item) for name, item in labels.items()}
    return Instrument(model.hash, {name: item for name, item in found.items() if item})


def _read_quality(item: Any) -> LabelQuality | None:
    if not isinstance(item, Mapping) or set(item) != _NAMES:
        return None
    numbers = {name: item[name] for name in _NAMES - {"covariance"}}
    covariance = item["covariance"]
    if not isinstance(covariance, list | tuple) or len(covariance) != 3:
        return None
    if not all(_is_number(number) for number in (*numbers.values(), *covariance)):
        return None
    if not _makes_sense(numbers, covariance):
        return None
    return LabelQuality(covariance=(covariance[0], covariance[1], covariance[2]), **numbers)


def _makes_sense(numbers: Mapping[str, Any], covariance: Sequence[float]) -> bool:
    """Tell whether shares are shares, counts fit, and a covariance can be one."""
    first, both, second = covariance
    return (
        all(0 <= numbers[name] <= 1 for name in ("sensitivity", "false_alarms", "prior"))
        and 0 < numbers["n_positive"] < numbers["n_units"]
        and numbers["n_articles"] >= 1
        and min(first, second) >= 0
        and both**2 <= first * second * (1.0 + _ROUNDING)
    )


def _is_number(item: Any) -> bool:
    return isinstance(item, int | float) and not isinstance(item, bool) and math.isfinite(item)
