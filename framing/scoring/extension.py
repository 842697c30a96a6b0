"""The compiled extension, where the package was built with one; None elsewhere."""

from __future__ import annotations

from types import ModuleType

kernel: ModuleType | None
try:
    from framing.scoring import _kernel as kernel
except ImportError:
    kernel = None
