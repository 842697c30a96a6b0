"""Texts to TF-IDF vectors by a fitted vocabulary, equal to scikit-learn's ``TfidfVectorizer``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framing.scoring.ngrams import (
    CharNgramLookup,
    IndexArray,
    Span,
    find_tokens,
    find_words,
    iterate_word_ngrams,
    map_offsets,
)
from framing.scoring.recipe import FeatureRecipe, NgramBlock

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FittedBlock:
    """A block of n-grams with what training fixed.

    Attributes
    ----------
    block : NgramBlock
    terms : tuple of str
        The vocabulary, V terms in feature order.
    idf : array (V,)
        Inverse document frequency a term.
    """

    block: NgramBlock
    terms: tuple[str, ...]
    idf: FloatArray


@dataclass(frozen=True, slots=True)
class SparseRows:
    """Sparse vectors in compressed rows: row i holds ``indices[indptr[i]:indptr[i + 1]]``."""

    indptr: NDArray[np.int64]
    indices: IndexArray
    values: FloatArray

    def multiply(self, weights: NDArray[np.float32]) -> FloatArray:
        """Return the product with a dense matrix, (n, V) times (V, K)."""
        out = np.zeros((len(self.indptr) - 1, weights.shape[1]))
        for row in range(len(out)):
            start, end = self.indptr[row], self.indptr[row + 1]
            out[row] = self.values[start:end] @ weights[self.indices[start:end]]
        return out


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The words and word n-grams of one text, and what part of its vector each accounts for.

    Attributes
    ----------
    spans : tuple of (int, int)
        Where each of the m occurrences stands in the text.
    indptr : array (m + 1,)
        Occurrence i feeds the features ``indices[indptr[i]:indptr[i + 1]]``.
    indices : array
    shares : array
        Parts of the vector's entries; those of one feature sum to its entry.
    """

    spans: tuple[Span, ...]
    indptr: NDArray[np.int64]
    indices: IndexArray
    shares: FloatArray

    def multiply(self, weights: NDArray[np.float32]) -> FloatArray:
        """Return what each occurrence adds to K scores, (m, K), for weights (V, K)."""
        if not len(self.indices):
            return np.zeros((len(self.spans), weights.shape[1]))
        parts = self.shares[:, None] * weights[self.indices]
        return np.asarray(np.add.reduceat(parts, self.indptr[:-1], axis=0))


class Vectorizer:
    """Turns texts into the vectors that a model was trained on.

    Parameters
    ----------
    blocks : sequence of FittedBlock
        Their features stand side by side, in this order.
    """

    def __init__(self, blocks: Sequence[FittedBlock]) -> None:
        self.blocks = tuple(blocks)
        self.recipe = FeatureRecipe(tuple(fitted.block for fitted in self.blocks))
        offsets = np.cumsum([0, *(len(fitted.terms) for fitted in self.blocks)])
        self.n_features = int(offsets[-1])
        self._counters = tuple(
            _BlockCounter(fitted, int(offset))
            for fitted, offset in zip(self.blocks, offsets[:-1], strict=True)
        )

    def transform(self, texts: Sequence[str]) -> SparseRows:
        """Return the vectors of n texts, (n, V) in compressed rows."""
        indices: list[IndexArray] = []
        values: list[FloatArray] = []
        lengths = [0]
        for text in texts:
            lowered = text.lower()
            row = [counter.weigh(counter.count(lowered)) for counter in self._counters]
            indices.extend(part for part, _ in row)
            values.extend(part for _, part in row)
            lengths.append(sum(len(part) for part, _ in row))
        return SparseRows(
            np.cumsum(lengths, dtype=np.int64),
            np.concatenate(indices) if indices else np.empty(0, np.int32),
            np.concatenate(values) if values else np.empty(0),
        )

    def locate(self, text: str) -> Occurrences:
        """Split a text's vector over the words and word n-grams that gave rise to it."""
        lowered, original = map_offsets(text)
        spans: list[Span] = []
        lengths: list[int] = []
        indices: list[IndexArray] = []
        shares: list[FloatArray] = []
        for counter in self._counters:
            found = counter.find_occurrences(lowered)
            spans += [(original(start), original(end)) for start, end in found.spans]
            lengths += found.lengths
            indices.append(found.indices)
            shares.append(counter.share(found.indices))
        return Occurrences(
            tuple(spans),
            np.cumsum([0, *lengths]),
            np.concatenate(indices),
            np.concatenate(shares),
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """Stretches of a text, how many features each feeds, and those features one after another."""

    spans: list[Span]
    lengths: list[int]
    indices: IndexArray


class _BlockCounter:
    """Counts the features of one block, shifted to their place among all blocks."""

    def __init__(self, fitted: FittedBlock, offset: int) -> None:
        self._block = fitted.block
        self._offset = offset
        self._idf = fitted.idf
        self._index = dict(
            zip(fitted.terms, range(offset, offset + len(fitted.terms)), strict=True)
        )
        self._lookup = CharNgramLookup(self._index.get, fitted.block.low, fitted.block.high)

    def count(self, lowered: str) -> IndexArray:
        """Return the feature of every occurrence, in no particular order."""
        if self._block.analyzer == "char_wb":
            parts = [self._lookup(word) for word in lowered.split()]
            return np.concatenate(parts) if parts else np.empty(0, np.int32)
        tokens = [match.group() for match in find_tokens(lowered)]
        grams = iterate_word_ngrams(tokens, self._block.low, self._block.high)
        found = (self._index.get(gram) for gram, _, _ in grams)
        return np.array([index for index in found if index is not None], dtype=np.int32)

    def find_occurrences(self, lowered: str) -> _Found:
        """Return each stretch of the text that feeds features, with the features it feeds."""
        if self._block.analyzer == "char_wb":
            words = [(match.span(), self._lookup(match.group())) for match in find_words(lowered)]
            fed = [(span, indices) for span, indices in words if len(indices)]
            indices = np.concatenate([i for _, i in fed]) if fed else np.empty(0, np.int32)
            return _Found([span for span, _ in fed], [len(i) for _, i in fed], indices)
        matches = find_tokens(lowered)
        grams = iterate_word_ngrams([m.group() for m in matches], self._block.low, self._block.high)
        found = [
            ((matches[first].start(), matches[past - 1].end()), index)
            for gram, first, past in grams
            if (index := self._index.get(gram)) is not None
        ]
        indices = np.array([index for _, index in found], dtype=np.int32)
        return _Found([span for span, _ in found], [1] * len(found), indices)

    def weigh(self, occurrences: IndexArray) -> tuple[IndexArray, FloatArray]:
        """Return the distinct features, sorted, with their TF-IDF of unit length."""
        indices, counts = np.unique(occurrences, return_counts=True)
        tf = 1.0 + np.log(counts) if self._block.sublinear else counts.astype(np.float64)
        values = tf * self._idf[indices - self._offset]
        norm = np.sqrt(values @ values)
        return indices, values / norm if norm else values

    def share(self, occurrences: IndexArray) -> FloatArray:
        """Return the part of the vector's entry that each occurrence of a feature owns."""
        indices, values = self.weigh(occurrences)
        places = np.searchsorted(indices, occurrences)
        return np.asarray((values / np.bincount(places))[places])
