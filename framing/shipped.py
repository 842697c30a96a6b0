"""Where the codebook, the seeds, their codings and the model stand that come with the package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def find_shipped(name: str) -> Path:
    """Return the path of a folder that comes with the package: in the wheel, or in the checkout.

    >>> find_shipped("labels").name
    'labels'
    """
    installed = _PACKAGE / "_shipped" / name
    return installed if installed.exists() else _PACKAGE.parent / name


def find_codebook() -> Path:
    """Return the path of the shipped codebook."""
    return find_shipped("labels") / "codebook.yaml"


def find_model() -> Path:
    """Return the path of the shipped model."""
    return find_shipped("models") / "critical-minerals.safetensors"
