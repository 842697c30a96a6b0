"""Names that people write: spellings that count as one, what can be an id, what was meant."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_RESERVED = re.compile(r"[;:=\x00-\x1f\x7f-\x9f\u2028\u2029]")
_AROUND_RESERVED = re.compile(rf"\s*{_RESERVED.pattern}[{_RESERVED.pattern[1:-1]}\s]*")
_EDGES = re.compile(r"^[\s\[-]+|[\s-]+$")
_JOINT = re.compile(r"(?<=\w)[\s_-]+(?=\w)")


def fold_name(name: str) -> str:
    """Return the form in which two spellings of one name are equal.

    Case does not matter, nor what joins words, nor what ``make_identifier`` changes; a leading
    sign does (``-1`` is not ``1``).

    Examples
    --------
    >>> fold_name("China-Dominance") == fold_name("china_dominance ")
    True
    >>> fold_name("-1") == fold_name("1")
    False
    """
    return _JOINT.sub(" ", make_identifier(name.strip()).casefold())


def is_identifier(text: str) -> bool:
    """Tell whether text can be an id: it must survive a list in one cell and a column's name.

    Examples
    --------
    >>> [is_identifier(text) for text in ("5G risk", "риск", "a;b", "p:a", "")]
    [True, True, False, False, False]
    """
    return bool(text) and text == text.strip() and text[0] != "[" and not _RESERVED.search(text)


def make_identifier(name: str) -> str:
    """Make an id of a name as people write it; characters that an id cannot hold become hyphens.

    Examples
    --------
    >>> make_identifier("5G risk"), make_identifier("p: 5G;x"), make_identifier("-1")
    ('5G risk', 'p-5G-x', '-1')
    """
    if is_identifier(name):
        return name
    return _EDGES.sub("", _AROUND_RESERVED.sub("-", name)) or "unnamed"


def name_id(identifier: str) -> str:
    """Make a readable name of an id.

    Examples
    --------
    >>> name_id("china_dominance"), name_id("5G risk")
    ('China dominance', '5G risk')
    """
    name = identifier.replace("_", " ").strip() or identifier
    return name[:1].upper() + name[1:]


def suggest(word: str, known: Sequence[str]) -> str:
    """Say what may have been meant, or what there is.

    Examples
    --------
    >>> suggest("fame", ["frames", "rules"]), suggest("x", ["frames", "rules"])
    ("did you mean 'frames'?", 'known: frames, rules')
    """
    folded = {other.casefold(): other for other in reversed(known)}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f"did you mean '{folded[close[0]]}'?" if close else f"known: {', '.join(known[:12])}"
