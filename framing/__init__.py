"""Which frames and stances news carries, how sure that is, and how it differs between sources."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from framing.version import VERSION

__version__ = VERSION

__all__ = [
    "FramingError",
    "__version__",
    "compare_article",
    "load",
    "measure_drift",
    "plan_coding",
    "read_articles",
    "train",
]

_HOMES = {
    "FramingError": "framing.schema",
    "compare_article": "framing.cards",
    "load": "framing.interface",
    "measure_drift": "framing.measurement",
    "plan_coding": "framing.measuring.plans.planmaking",
    "read_articles": "framing.interface",
    "train": "framing.interface",
}

if TYPE_CHECKING:
    from framing.cards import compare_article
    from framing.interface import load, read_articles, train
    from framing.measurement import measure_drift
    from framing.measuring.plans.planmaking import plan_coding
    from framing.schema import FramingError


def __dir__() -> list[str]:
    """List what there is to import, for completion."""
    return list(__all__)


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: ``import framing`` alone stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module 'framing' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)
