"""Occurrences of n-grams in one text, exactly those that scikit-learn counts, and where they stand.

The rules are those of ``CountVectorizer`` with ``lowercase=True`` and its default token pattern
(analyzers ``word`` and ``char_wb``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

Span = tuple[int, int]
IndexArray = NDArray[np.int32]

_TOKEN = re.compile(r"(?u)\b\w\w+\b")
_WORD = re.compile(r"\S+")
_MARK = re.compile(r"[^\w\s]")
_ONE_FORM = str.maketrans("“”„«»‘’–—", '"""""' + "''" + "--")
"""Which form of a quotation mark, apostrophe or dash stands in a text says who set it."""

_MOST_WORDS_KEPT = 200_000
_LONGEST_WORD_KEPT = 64


def find_tokens(lowered: str) -> list[re.Match[str]]:
    """Find the tokens of the ``word`` analyzer: runs of two or more word characters."""
    return list(_TOKEN.finditer(lowered))


def find_words(lowered: str) -> list[re.Match[str]]:
    """Find the words of the ``char_wb`` analyzer: runs without white space."""
    return list(_WORD.finditer(lowered))


def find_marks(text: str) -> list[re.Match[str]]:
    """Find the marks: characters that are neither of a word nor white space, in their one form.

    >>> [match.group() for match in find_marks("“Up 4% — to $2”?")]
    ['"', '%', '-', '$', '"', '?']
    """
    return list(_MARK.finditer(text.translate(_ONE_FORM)))


def iterate_word_ngrams(tokens: list[str], low: int, high: int) -> Iterator[tuple[str, int, int]]:
    """Yield each n-gram of tokens with the positions of its first token and past its last.

    >>> [gram for gram, _, _ in iterate_word_ngrams(["rare", "earth", "ban"], 1, 2)]
    ['rare', 'earth', 'ban', 'rare earth', 'earth ban']
    """
    for n in range(low, min(high, len(tokens)) + 1):
        for first in range(len(tokens) - n + 1):
            yield " ".join(tokens[first : first + n]), first, first + n


def list_word_ngrams(tokens: list[str], low: int, high: int) -> list[str]:
    """List the n-grams of tokens alone, in the order of `iterate_word_ngrams` and sooner.

    >>> list_word_ngrams(["rare", "earth", "ban"], 1, 2)
    ['rare', 'earth', 'ban', 'rare earth', 'earth ban']
    """
    grams = list(tokens) if low == 1 else []
    for n in range(max(low, 2), min(high, len(tokens)) + 1):
        grams += map(" ".join, zip(*(tokens[shift:] for shift in range(n)), strict=False))
    return grams


def iterate_char_ngrams(word: str, low: int, high: int) -> Iterator[str]:
    """Yield the n-grams of one padded word; a word no longer than n counts once, whole.

    >>> list(iterate_char_ngrams("ore", 3, 6))
    [' or', 'ore', 're ', ' ore', 'ore ', ' ore ']
    """
    padded = f" {word} "
    for n in range(low, high + 1):
        yield padded[:n]
        if n >= len(padded):
            break
        for start in range(1, len(padded) - n + 1):
            yield padded[start : start + n]


class CharNgramLookup:
    """Feature indices of a word's character n-grams, remembered word by word.

    Texts repeat their words, and the n-grams of a word depend on nothing else.
    """

    def __init__(self, find: Callable[[str], int | None], low: int, high: int) -> None:
        self._find = find
        self._low = low
        self._high = high
        self._known: dict[str, IndexArray] = {}

    def __call__(self, word: str) -> IndexArray:
        """Return the indices of the known n-grams of `word`, repeats included."""
        indices = self._known.get(word)
        if indices is None:
            if len(self._known) >= _MOST_WORDS_KEPT:
                self._known.clear()
            grams = iterate_char_ngrams(word, self._low, self._high)
            found = (self._find(gram) for gram in grams)
            indices = np.array([index for index in found if index is not None], dtype=np.int32)
            if len(word) <= _LONGEST_WORD_KEPT:
                self._known[word] = indices
        return indices


def map_offsets(text: str) -> tuple[str, Callable[[int], int]]:
    """Lower a text, and return with it the way back from its offsets to those of the original.

    Lower-casing lengthens a few characters (``İ`` becomes two), which moves all that follow.

    >>> lowered, original = map_offsets("İZMİR port")
    >>> lowered.index("port"), original(lowered.index("port"))
    (8, 6)
    """
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered, lambda offset: offset
    widths = np.array([len(character.lower()) for character in text])
    ends = np.cumsum(widths)
    # What ends within a character that became two ends after that character.
    return lowered, lambda offset: int(np.searchsorted(ends, offset)) + (offset > 0)
