"""Templates of self-contained pages: all text is escaped, and nothing is fetched from elsewhere."""

from __future__ import annotations

from typing import Any


def render(template: str, **content: Any) -> str:
    """Fill one of the templates that stand beside this module; a missing name is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("framing.reporting", package_path="."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(content)
