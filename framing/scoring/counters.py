"""Counts of one block's features in one text, and the stretch of text that each comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framing.scoring.mentions import Occurrence, find_mentions, iterate_around
from framing.scoring.ngrams import (
    CharNgramLookup,
    IndexArray,
    Span,
    find_marks,
    find_tokens,
    find_words,
    iterate_char_ngrams,
    iterate_word_ngrams,
    list_word_ngrams,
)
from framing.scoring.recipe import NgramBlock

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Document:
    """A text in lower case, and where it names the target that it is read for."""

    lowered: str
    mention: str = ""
    mentions: tuple[Span, ...] = ()

    @classmethod
    def read(cls, text: str, mention: str | None = None) -> Document:
        """Lower a text and find the mention in it."""
        lowered = text.lower()
        if not mention:
            return cls(lowered)
        return cls(lowered, mention.lower(), tuple(find_mentions(text, lowered, mention)))

    @property
    def place(self) -> Span:
        """The first mention; where there is none, nothing at the beginning."""
        return self.mentions[0] if self.mentions else (0, 0)


@dataclass(frozen=True, slots=True)
class FittedBlock:
    """A block of n-grams with what training fixed.

    Attributes
    ----------
    block : NgramBlock
    terms : sequence of str
        The vocabulary, V terms in feature order: a tuple, or packed as in a model file.
    idf : array (V,)
        Inverse document frequency a term.
    """

    block: NgramBlock
    terms: Sequence[str]
    idf: FloatArray


@dataclass(frozen=True, slots=True)
class Found:
    """Stretches of a text, how many features each feeds, and those features one after another.

    ``weights`` says what each occurrence of a feature counts; None is 1 everywhere.
    """

    spans: list[Span]
    lengths: list[int]
    indices: IndexArray
    weights: FloatArray | None = None


def iterate_occurrences(block: NgramBlock, document: Document) -> Iterable[Occurrence]:
    """Yield all that a block counts in a text, known or not."""
    if block.field == "around":
        yield from iterate_around(block, document.lowered, document.mentions)
    elif block.field == "mention":
        inside = Document(document.mention)
        for terms, _, weight in _iterate_text(block, inside.lowered):
            yield Occurrence(terms, document.place, weight)
    else:
        yield from _iterate_text(block, document.lowered)


def _iterate_text(block: NgramBlock, lowered: str) -> Iterable[Occurrence]:
    if block.analyzer == "char_wb":
        for match in find_words(lowered):
            grams = list(iterate_char_ngrams(match.group(), block.low, block.high))
            yield Occurrence(grams, match.span(), 1.0)
        return
    matches = find_marks(lowered) if block.analyzer == "mark" else find_tokens(lowered)
    tokens = [match.group() for match in matches]
    for gram, first, past in iterate_word_ngrams(tokens, block.low, block.high):
        yield Occurrence((gram,), (matches[first].start(), matches[past - 1].end()), 1.0)


class BlockCounter:
    """Counts the features of one block, shifted to their place among all blocks."""

    def __init__(self, fitted: FittedBlock, offset: int) -> None:
        self._block = fitted.block
        self._offset = offset
        self._idf = fitted.idf
        self._index = dict(
            zip(fitted.terms, range(offset, offset + len(fitted.terms)), strict=True)
        )
        self._lookup = CharNgramLookup(self._index.get, fitted.block.low, fitted.block.high)

    def count(self, document: Document) -> tuple[IndexArray, FloatArray | None]:
        """Return the feature of every occurrence, in no particular order, and what each counts."""
        if self._block.field != "text":
            found = self.find_occurrences(document)
            return found.indices, found.weights
        if self._block.analyzer == "char_wb":
            parts = [self._lookup(word) for word in document.lowered.split()]
            return (np.concatenate(parts) if parts else np.empty(0, np.int32)), None
        find = find_marks if self._block.analyzer == "mark" else find_tokens
        tokens = [match.group() for match in find(document.lowered)]
        grams = list_word_ngrams(tokens, self._block.low, self._block.high)
        known = [index for index in map(self._index.get, grams) if index is not None]
        return np.array(known, dtype=np.int32), None

    def find_occurrences(self, document: Document) -> Found:
        """Return each stretch of the text that feeds features, with the features it feeds."""
        spans: list[Span] = []
        lengths: list[int] = []
        indices: list[int] = []
        weights: list[float] = []
        for terms, span, weight in iterate_occurrences(self._block, document):
            known = [index for term in terms if (index := self._index.get(term)) is not None]
            if known:
                spans.append(span)
                lengths.append(len(known))
                indices += known
                weights += [weight] * len(known)
        counted = np.array(weights) if self._block.field == "around" else None
        return Found(spans, lengths, np.array(indices, dtype=np.int32), counted)

    def weigh(
        self, occurrences: IndexArray, weights: FloatArray | None = None
    ) -> tuple[IndexArray, FloatArray]:
        """Return the distinct features, sorted, with their TF-IDF; as long as the block weighs."""
        if weights is None:
            indices, counts = np.unique(occurrences, return_counts=True)
        else:
            indices, places = np.unique(occurrences, return_inverse=True)
            counts = np.bincount(places, weights, minlength=len(indices))
        tf = 1.0 + np.log(counts) if self._block.sublinear else counts.astype(np.float64)
        values = tf * self._idf[indices - self._offset]
        norm = np.sqrt(values @ values) / self._block.weight
        return indices, values / norm if norm else values

    def share(self, found: Found) -> FloatArray:
        """Return the part of the vector's entry that each occurrence of a feature owns."""
        indices, values = self.weigh(found.indices, found.weights)
        places = np.searchsorted(indices, found.indices)
        owned = np.ones(len(places)) if found.weights is None else found.weights
        return np.asarray(owned * (values / np.bincount(places, owned))[places])
