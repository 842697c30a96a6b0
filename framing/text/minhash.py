"""Near-copies among many texts: MinHash and banding, with every pair found checked exactly.

Broder (1997), *On the resemblance and containment of documents*, for the signatures; Leskovec,
Rajaraman & Ullman, *Mining of massive datasets*, section 3.4, for the bands. What is found is what
`framing.text.duplicates.find_copies` finds, less pairs that no band brings together: of long texts
as alike as `NEAR` one pair in eight, of texts that share three shingles in four next to none, and
fewer of texts with fewer shingles than bins, whose borrowed bins agree together.
Signatures take one hash and its smallest value in each of H bins (Li, Owen & Zhang 2012, *One
permutation hashing*); an empty bin borrows from the next (Shrivastava & Li 2014). n texts.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from framing.text.duplicates import NEAR, Copy
from framing.text.words import IntArray, Words, index_words

_SHINGLE = 3
_BANDS, _ROWS = 32, 4
_BINS = _BANDS * _ROWS
_MULTIPLIERS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
_TO_BIN = np.uint64(57)
_BLOCK = 2048
"""Texts that are signed together, to bound memory."""

Hashes = NDArray[np.uint64]


def find_near_copies(texts: Sequence[str] | Words, *, near: float = NEAR) -> list[Copy]:
    """Find pairs of texts whose resemblance is at least `near`, as links of chains.

    Of texts that share a band each is compared with the one before it and with the first, so that
    copies of copies are joined without comparing all with all. Texts of fewer than three words
    resemble nothing.

    Examples
    --------
    >>> wire = "The ministry said on Friday that permits for exports would be reviewed again."
    >>> find_near_copies([wire, "Tin prices fell by a tenth this week.", wire.upper()])
    [Copy(first=0, second=2, resemblance=1.0)]
    """
    words = texts if isinstance(texts, Words) else index_words(texts)
    long = np.flatnonzero(np.diff(words.starts) >= _SHINGLE)
    if not len(long):
        return []
    hashes = np.array([zlib.crc32(word.encode()) for word in words.vocabulary], np.uint64)
    blocks = [long[at : at + _BLOCK] for at in range(0, len(long), _BLOCK)]
    signatures = np.concatenate([_sign(words, hashes, block) for block in blocks])
    pairs = long[_pair_up(signatures)].tolist()
    found = (Copy(one, two, _resemble(words, one, two)) for one, two in pairs)
    return [copy for copy in found if copy.resemblance >= near]


def _pair_up(signatures: Hashes) -> IntArray:
    """Pair texts (m, H) that share a band: rows of two places, smaller first, in order."""
    pairs = [np.empty((0, 2), np.intp)]
    for start in range(0, _BINS, _ROWS):
        band = signatures[:, start : start + _ROWS]
        order = np.lexsort(band.T)
        same = (band[order[1:]] == band[order[:-1]]).all(axis=1)
        opens = np.flatnonzero(np.concatenate([[True], ~same]))
        firsts = np.repeat(order[opens], np.diff(opens, append=len(order)))
        pairs += [
            np.column_stack([before, order])[1:][same]
            for before in (np.roll(order, 1), firsts)  # each with the one before and the first
        ]
    return np.unique(np.concatenate(pairs), axis=0)


def _sign(words: Words, hashes: Hashes, places: IntArray) -> Hashes:
    """Return the signatures (m, H) of texts of three words or more."""
    starts, sizes = words.starts[places], np.diff(words.starts)[places] - (_SHINGLE - 1)
    before = np.cumsum(sizes) - sizes
    rows = np.repeat(np.arange(len(places)), sizes)
    at = np.arange(int(sizes.sum())) + (starts - before)[rows]
    first, second, third = (hashes[words.codes[at + step]] for step in range(_SHINGLE))
    with np.errstate(over="ignore"):
        mixed = first * _MULTIPLIERS[0] + second
        mixed = (mixed ^ (mixed >> np.uint64(29))) * _MULTIPLIERS[1] + third
        mixed = (mixed ^ (mixed >> np.uint64(32))) * _MULTIPLIERS[0]
    mixed ^= mixed >> np.uint64(31)
    cells = rows * _BINS + (mixed >> _TO_BIN).astype(np.intp)
    least = np.full(len(places) * _BINS, np.iinfo(np.uint64).max)
    np.minimum.at(least, cells, mixed)
    filled = np.zeros(len(least), np.bool_)
    filled[cells] = True
    return _fill_bins(least.reshape(-1, _BINS), filled.reshape(-1, _BINS))


def _fill_bins(least: Hashes, filled: NDArray[np.bool_]) -> Hashes:
    """Let each empty bin of (m, H) borrow from the next that is filled, all around."""
    bins = np.arange(2 * _BINS)
    lenders = np.where(np.hstack([filled, filled]), bins, 2 * _BINS)
    nearest = np.minimum.accumulate(lenders[:, ::-1], axis=1)[:, ::-1][:, :_BINS]
    distance = (nearest - bins[:_BINS]).astype(np.uint64)
    with np.errstate(over="ignore"):
        return np.asarray(np.take_along_axis(least, nearest % _BINS, axis=1) + distance, np.uint64)


def _resemble(words: Words, first: int, second: int) -> float:
    """Return the resemblance of two texts, as `framing.text.duplicates.resemble` does."""
    ours, theirs = (_shingle(words, at) for at in (first, second))
    return len(ours & theirs) / len(ours | theirs)


def _shingle(words: Words, place: int) -> set[tuple[int, int, int]]:
    codes = words.codes[words.starts[place] : words.starts[place + 1]].tolist()
    return set(zip(codes, codes[1:], codes[2:], strict=False))
