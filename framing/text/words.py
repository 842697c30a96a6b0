"""Texts as numbered words, so that what looks at words need not part every text anew.

A word is a run of letters, digits and underscores, in lower case. n texts, V distinct words.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.intp]

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of n texts, one text after the other.

    Attributes
    ----------
    vocabulary : list of V str
        By first appearance.
    codes : array of int32
        Place in the vocabulary of every word.
    starts : array (n + 1,)
        Where each text's words begin in `codes`; the last is where the last text's end.
    """

    vocabulary: list[str]
    codes: NDArray[np.int32]
    starts: IntArray

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.starts) - 1

    def tell(self, look: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Tell of every distinct word (V,) whether it is looked for."""
        return np.fromiter(map(look, self.vocabulary), np.bool_, len(self.vocabulary))

    def count(self, wanted: NDArray[np.bool_]) -> IntArray:
        """Count the words of each text (n,) that are among those wanted (V,)."""
        before = np.concatenate([[0], np.cumsum(wanted[self.codes], dtype=np.intp)])
        return np.asarray(np.diff(before[self.starts]), np.intp)

    def join(self, groups: IntArray, n_groups: int) -> Words:
        """Join the texts of each group (n,), in their order, to one text."""
        order = np.argsort(groups, kind="stable")
        lengths = np.diff(self.starts)
        sizes = np.bincount(groups, weights=lengths, minlength=n_groups).astype(np.intp)
        starts = np.concatenate([[0], np.cumsum(sizes)])
        parts = [self.codes[self.starts[at] : self.starts[at + 1]] for at in order.tolist()]
        return Words(self.vocabulary, np.concatenate([self.codes[:0], *parts]), starts)

    def split(self) -> Iterator[NDArray[np.int32]]:
        """Yield the codes of each text."""
        for start, end in zip(self.starts[:-1].tolist(), self.starts[1:].tolist(), strict=True):
            yield self.codes[start:end]


class _Numbers(dict[str, int]):
    """Numbers of words, by first appearance."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


def index_words(texts: Sequence[str]) -> Words:
    """Part texts into words, and number these.

    Examples
    --------
    >>> words = index_words(["Tin, tin!", "No 1 tin_can"])
    >>> words.vocabulary, words.codes.tolist(), words.starts.tolist()
    (['tin', 'no', '1', 'tin_can'], [0, 0, 1, 2, 3], [0, 2, 5])
    >>> words.count(words.tell(lambda word: len(word) > 2)).tolist()
    [2, 1]
    """
    numbers, codes, starts = _Numbers(), array("i"), [0]
    for text in texts:
        codes.extend(map(numbers.__getitem__, _WORD.findall(text.lower())))
        starts.append(len(codes))
    return Words(list(numbers), np.asarray(codes, np.int32), np.array(starts, np.intp))
