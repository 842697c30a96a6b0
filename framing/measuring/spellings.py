"""One name for a source that is spelled in several ways."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spellings:
    """Names brought to one spelling each.

    Attributes
    ----------
    shown : mapping of str to str
        Each spelling met, to the one shown.
    variants : mapping of str to tuple of str
        Names that were spelled in more than one way, to their other spellings.
    """

    shown: Mapping[str, str]
    variants: Mapping[str, tuple[str, ...]]


def fold_name(name: str) -> str:
    r"""Reduce a name to what is compared: no case, no doubled blanks, no leading "the".

    >>> fold_name("The  Daily\tPost "), fold_name("daily post"), fold_name("The")
    ('daily post', 'daily post', 'the')
    """
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return folded.removeprefix("the ")


def unify_spellings(names: Sequence[str]) -> Spellings:
    """Show each name in its most frequent spelling (the first of the alphabet if even).

    Parameters
    ----------
    names : sequence of str
        One an occurrence.

    Examples
    --------
    >>> spellings = unify_spellings(["The Post", "the post", "The Post", "Herald"])
    >>> spellings.shown["the post"], dict(spellings.variants)
    ('The Post', {'The Post': ('the post',)})
    """
    groups: dict[str, list[str]] = {}
    counts = Counter(names)
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        groups.setdefault(fold_name(name), []).append(name)
    shown = {name: group[0] for group in groups.values() for name in group}
    variants = {group[0]: tuple(group[1:]) for group in groups.values() if len(group) > 1}
    return Spellings(shown, variants)
