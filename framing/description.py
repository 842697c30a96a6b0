"""Nouns as JSON values: what reports print for programs, and model files hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any


def describe(value: Any) -> Any:
    """Return dataclasses, and whatever holds them, as JSON values.

    NaN and the infinities, which JSON lacks, become None.

    >>> describe({"share": float("nan"), "articles": ("a", "b")})
    {'share': None, 'articles': ['a', 'b']}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: describe(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): describe(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [describe(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


class Described:
    """What reports share: their content as JSON values."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the content as JSON values; what is undefined is None."""
        content: dict[str, Any] = describe(self)
        return content
