"""Whether keys in lines of JSON are spelled otherwise than expected, found without parsing them.

Columns are recognised in any case and with blanks around them. A parser that is told which keys to
look for passes over those that are spelled otherwise, so they must be found beforehand.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from framing.records.arrays import sort_distinct

Bytes = NDArray[np.uint8]
_QUOTE, _COLON, _BACKSLASH, _BLANK, _LETTER_U = b'":\\ u'
_TAIL = 8
"""Bytes looked at before the quote that closes a key: no name sought is as long."""
_ESCAPED_LETTER = re.compile(rb"\\u00[4-7]")
_HEXADECIMAL = frozenset("0123456789abcdef")
"""What a blank that is given by its number may end in."""
_ESCAPES = frozenset("tnrf")
"""What an escaped blank ends in else."""


def has_odd_keys(block: bytes, keys: Collection[str], names: Collection[str]) -> bool:
    r"""Tell whether a key may stand for one of some names without being one of some keys.

    It errs on the side of saying so.

    Parameters
    ----------
    block : bytes
        Lines of JSON, the keys of the first of which are known.
    keys : collection of str
        Keys that are expected.
    names : collection of str
        Names of up to seven small ASCII letters.

    Examples
    --------
    >>> lines = b'{"id": "a"}\n{"id": "b"}', b'{"id": "a"}\n{"ID": "b"}'
    >>> [has_odd_keys(block, {"id"}, {"id", "text"}) for block in lines]
    [False, True]
    """
    if len(block) < _TAIL:
        return False
    data = np.frombuffer(block, dtype=np.uint8)
    escaped = _has_escapes(data)
    if escaped and _ESCAPED_LETTER.search(block):
        return True
    starts = _find_key_ends(block, data) - _TAIL
    words = np.ndarray((len(data) - _TAIL + 1,), f"<u{_TAIL}", block, strides=(1,))
    tails = sort_distinct(words[starts[starts >= 0]])
    return any(
        _is_odd(tail.to_bytes(_TAIL, "little"), keys, names, escaped=escaped)
        for tail in tails.tolist()
    )


def _has_escapes(data: Bytes) -> bool:
    """Tell whether a character is given by its number; faster than a search for two bytes."""
    places = np.flatnonzero(data[:-1] == _BACKSLASH)
    return bool((data[places + 1] == _LETTER_U).any())


def _find_key_ends(block: bytes, data: Bytes) -> NDArray[np.intp]:
    """Return where the quotes stand that close keys: before a colon, and not escaped."""
    colons = np.flatnonzero(data == _COLON)
    colons = colons[colons > 0]
    before = data[colons - 1]
    apart = [_skip_blanks(block, colon) for colon in colons[before <= _BLANK].tolist()]
    ends = np.concatenate([colons[before == _QUOTE] - 1, np.array(apart, dtype=np.intp)])
    ends = ends[ends > 0]
    return np.asarray(ends[(data[ends] == _QUOTE) & (data[ends - 1] != _BACKSLASH)])


def _skip_blanks(block: bytes, colon: int) -> int:
    """Return the place of what precedes the blanks before a colon, or -1."""
    place = colon - 1
    while place >= 0 and block[place] <= _BLANK:
        place -= 1
    return place


def _is_odd(tail: bytes, keys: Collection[str], names: Collection[str], *, escaped: bool) -> bool:
    before, quote, key = tail.rpartition(b'"')
    if b"\\" in key or before.endswith(b"\\"):
        return True
    text = key.decode("utf-8", errors="ignore")
    if quote:
        return text not in keys and text.strip().lower() in names
    if text != text.rstrip():
        return True
    name = next((name for name in names if text.lower().endswith(name)), None)
    if name is None:
        return False
    before_name = text[: -len(name)]
    joint = before_name[-1:].lower()
    blank = not joint or joint.isspace() or (escaped and joint in _HEXADECIMAL)
    return blank or (before_name == joint and joint in _ESCAPES)  # the backslash is out of sight
