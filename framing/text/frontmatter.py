"""Front matter: the YAML block between two lines of ``---`` that may open a text file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

_BLOCK = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\r|\Z)", re.S | re.M)
_LINE = re.compile(r"^(\w[\w-]*)[ \t]*:[ \t]+(\S.*)$", re.MULTILINE)
_KEY = r"\w[\w-]*[ \t]*:(?:[ \t][^\r\n]*)?(?:\r?\n|\Z)"
_UNCLOSED = re.compile(rf"\ufeff?---[ \t]*\r?\n((?:{_KEY}(?:[ \t-][^\r\n]*\r?\n)*)+)")
"""A first line of ``---``, keys right below it, and what is indented or listed under them."""
_LONGEST = 20_000
_NAMES = {
    "source": "source",
    "outlet": "source",
    "publication": "source",
    "date": "date",
    "published": "date",
    "title": "title",
    "headline": "title",
    "kind": "kind",
    "id": "id",
}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a file says about itself, under our names, and the text below.

    Attributes
    ----------
    values : mapping of str to Any
        Of ``source``, ``date``, ``title``, ``kind`` and ``id`` those that are given.
    body : str
        The text without the block.
    problem : str or None
        Why the block could not be read as YAML, though its plain lines were still used; or that it
        is never closed, so that it is part of the body.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    body: str = ""
    problem: str | None = None


def split_front_matter(text: str) -> FrontMatter:
    r"""Part a text from its front matter; a text without any comes back whole.

    ``outlet`` and ``publication`` stand for ``source``, ``published`` for ``date``, ``headline``
    for ``title``; other keys are passed over.

    Examples
    --------
    >>> matter = split_front_matter("---\noutlet: The Courier\ndate: 2014-08-14\n---\nDust.")
    >>> matter.values["source"], str(matter.values["date"]), matter.body
    ('The Courier', '2014-08-14', 'Dust.')
    """
    match = _BLOCK.match(text[:_LONGEST])
    if not match:
        return FrontMatter(body=text, problem=_explain_unclosed(text[:_LONGEST]))
    values, problem = _parse_yaml(match[1])
    if values is None and problem is None:
        return FrontMatter(body=text)
    if values is None:
        values = {name: line.strip(" \"'") for name, line in _LINE.findall(match[1])}
        if not _choose(values):
            return FrontMatter(body=text, problem=problem)
    return FrontMatter(_choose(values), text[match.end() :], problem)


def _explain_unclosed(text: str) -> str | None:
    """Say which of our names stand below a ``---`` that has no second; prose below it has none."""
    match = _UNCLOSED.match(text)
    names = _choose(dict(_LINE.findall(match[1]))) if match else {}
    if not names:
        return None
    return f"front matter is never closed by a line of --- (not read: {', '.join(names)})"


def _parse_yaml(block: str) -> tuple[dict[str, Any] | None, str | None]:
    """Return the mapping, or why there is none; neither where the block is not a mapping."""
    import yaml

    try:
        values = _load(block)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f", line {mark.line + 2}" if mark else ""
        return None, f"front matter is not YAML ({error.problem}{line})"
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return None, f"front matter is not YAML ({str(error).splitlines()[0]})"
    if not isinstance(values, dict):
        return None, None
    fits = all(re.fullmatch(r"[\w-]+", str(key)) for key in values)
    return (values, None) if fits else (None, None)


def _load(block: str) -> Any:
    """Load YAML by libyaml where it was built; what that refuses, PyYAML's own reader judges."""
    import yaml

    if hasattr(yaml, "CSafeLoader"):
        with suppress(yaml.YAMLError, ValueError, RecursionError):
            return yaml.CSafeLoader(block).get_single_data()
    return yaml.safe_load(block)


def _choose(values: Mapping[Any, Any]) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    for key, value in values.items():
        name = _NAMES.get(str(key).lower())
        if name and value is not None:
            chosen.setdefault(name, value)
    return chosen
