"""What stands on a page but says nothing: by its own form, or by what stands next to it.

Precision comes first: a rule must match the whole block, and a block that makes a statement is
never boilerplate. Boilerplate is kept and marked, and neither scored nor counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from framing.text.rules import FORMS, KEYED_FORMS, ONE_SENTENCE

_LONGEST = 400
_LONGEST_LINK = 120
_GLUED = re.compile(r"[a-z][A-Z][a-z]")
_CLOSED = re.compile(r"[.!;:][\"'”’)]*\Z")
_BARE_LABEL = re.compile(r"[^.!?]{0,40}(?::|more|articles|stories|read|news)\Z", re.IGNORECASE)


def find_boilerplate(blocks: Sequence[str]) -> list[str | None]:
    """Name the rule that makes each block boilerplate; None for a block that says something.

    Parameters
    ----------
    blocks : sequence of str
        An article's blocks in order, without their marks.

    Examples
    --------
    >>> find_boilerplate(["Highlights", "China leads.", "Claim ClarityDetail", "HighLow"])
    ['section label', None, 'rating', 'rating']
    """
    found = [find_rule(block) for block in blocks]
    listing = False
    for place, block in enumerate(blocks):
        if found[place] is None:
            following = found[place + 1] if place + 1 < len(blocks) else None
            if following == "rating" and _is_header_row(block):
                found[place] = "rating"
            elif listing and _is_link(block):
                found[place] = "read more"
        listing = found[place] == "read more" and (listing or bool(_BARE_LABEL.match(block)))
    return found


def find_rule(block: str) -> str | None:
    """Name the first rule that a block matches on its own.

    >>> find_rule("Spread the word:"), find_rule("Source: the ministry said nothing. It waits.")
    ('share bar', None)
    """
    if len(block) > _LONGEST:
        return None
    rules, small = _compile_rules(), block.lower()
    odd = "ſ" in block or "ı" in block or "İ" in block  # they match s and i, but do not become them
    found = {name for key, name, form in rules.keyed if (odd or key in small) and form.match(block)}
    may_open = odd or rules.sieve.match(small) is not None
    if found or may_open:
        for name, forms in rules.exact.items():
            if name in found or (may_open and forms.match(block)):
                return name
    return None if any(map(str.isalnum, block)) else "end mark"


@dataclass(frozen=True, slots=True)
class _Rules:
    """Rules as patterns.

    Attributes
    ----------
    sieve : re.Pattern
        Matches, in small letters, every block that an exact rule matches, and perhaps others.
    exact : dict of str to re.Pattern
        All forms of a rule but those with a key, in the order in which rules are tried.
    keyed : tuple of (str, str, re.Pattern)
        What a block must hold, in small letters, to match; the rule's name; its form.
    """

    sieve: re.Pattern[str]
    exact: dict[str, re.Pattern[str]]
    keyed: tuple[tuple[str, str, re.Pattern[str]], ...]


@cache
def _compile_rules() -> _Rules:
    return _Rules(
        _compile([_relax(form) for forms in FORMS.values() for form in forms]),
        {name: _compile(forms, re.IGNORECASE) for name, forms in FORMS.items()},
        tuple(
            (key, name, _compile([form], re.IGNORECASE))
            for name, forms in KEYED_FORMS.items()
            for key, form in forms.items()
        ),
    )


def _compile(forms: Sequence[str], flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(forms)})\Z", flags)


def _relax(form: str) -> str:
    """Rewrite a form for small letters, which show no names and no sentences."""
    return form.replace(ONE_SENTENCE, "").replace("A-Z", "a-z").replace("À-Þ", "à-þ×")


def _is_header_row(block: str) -> bool:
    """Tell a row of column names that were pasted together without blanks from a headline."""
    return (
        len(block) <= 2 * _LONGEST_LINK and bool(_GLUED.search(block)) and not _CLOSED.search(block)
    )


def _is_link(block: str) -> bool:
    """Tell the title of another page from a paragraph that follows a bare "Read more"."""
    return len(block) <= _LONGEST_LINK and not _CLOSED.search(block)
