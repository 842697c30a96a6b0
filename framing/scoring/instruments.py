"""Read off a model file how well the model measures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from framing.measuring.instrument import Instrument, LabelQuality
from framing.scoring.model import Model

_NAMES = {field.name for field in fields(LabelQuality)}


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
    first, both, second = covariance
    if first < 0 or second < 0 or both**2 > first * second * (1.0 + 1e-6):
        return None
    return LabelQuality(covariance=(first, both, second), **numbers)


def _is_number(item: Any) -> bool:
    return isinstance(item, int | float) and not isinstance(item, bool) and math.isfinite(item)
