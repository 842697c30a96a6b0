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

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from framing.text.duplicates import NEAR, Copy, resemble

_WORD = re.compile(r"\w+")
_SHINGLE = 3
_BANDS, _ROWS = 32, 4
_MULTIPLIERS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
_EDGES = np.arange(_BANDS * _ROWS, dtype=np.uint64) << np.uint64(57)
Words = NDArray[np.uint64]


def find_near_copies(texts: Sequence[str], *, near: float = NEAR) -> list[Copy]:
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
    codes = _Codes()
    signatures = [_sign(text, codes) for text in texts]
    pairs = sorted(set(_pair_up(signatures)))
    found = (Copy(one, two, resemble(texts[one], texts[two])) for one, two in pairs)
    return [copy for copy in found if copy.resemblance >= near]


def _pair_up(signatures: Sequence[Words | None]) -> Iterator[tuple[int, int]]:
    for band in range(_BANDS):
        part = slice(band * _ROWS, (band + 1) * _ROWS)
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for place, signature in enumerate(signatures):
            if signature is not None:
                buckets[signature[part].tobytes()].append(place)
        for members in buckets.values():
            yield from pairwise(members)
            yield from ((members[0], other) for other in members[2:])


class _Codes(dict[str, int]):
    """Hashes of words, each computed once."""

    def __missing__(self, word: str) -> int:
        code = self[word] = zlib.crc32(word.encode())
        return code


def _sign(text: str, codes_of: _Codes) -> Words | None:
    """Return the signature (H,) of the text's shingles; None without any."""
    words = _WORD.findall(text.lower())
    if len(words) < _SHINGLE:
        return None
    codes = np.fromiter(map(codes_of.__getitem__, words), np.uint64, len(words))
    with np.errstate(over="ignore"):
        mixed = codes[:-2] * _MULTIPLIERS[0] + codes[1:-1]
        mixed = (mixed ^ (mixed >> np.uint64(29))) * _MULTIPLIERS[1] + codes[2:]
        mixed = (mixed ^ (mixed >> np.uint64(32))) * _MULTIPLIERS[0]
    return _fill_bins(np.unique(mixed ^ (mixed >> np.uint64(31))))


def _fill_bins(hashes: Words) -> Words:
    """Take the first of the sorted hashes in each bin, or of the next bin that has one."""
    firsts = np.searchsorted(hashes, _EDGES)
    filled = np.flatnonzero(np.diff(firsts, append=len(hashes)))
    nearest = np.searchsorted(filled, np.arange(len(_EDGES)))
    lender = filled[nearest % len(filled)]
    distance = (lender - np.arange(len(_EDGES))) % len(_EDGES)
    with np.errstate(over="ignore"):
        return np.asarray(hashes[firsts[lender]] + distance.astype(np.uint64), np.uint64)
