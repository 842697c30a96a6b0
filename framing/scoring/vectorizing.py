"""Texts to TF-IDF vectors by a fitted vocabulary, equal to scikit-learn's ``TfidfVectorizer``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from framing.scoring.counters import BlockCounter, Document, FittedBlock, FloatArray
from framing.scoring.ngrams import IndexArray, Span, map_offsets
from framing.scoring.recipe import FIELDS, FeatureRecipe, Field

__all__ = ["FittedBlock", "Occurrences", "SparseRows", "Vectorizer"]


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
        self._offsets = offsets[:-1].tolist()
        self.n_features = int(offsets[-1])

    @cached_property
    def _counters(self) -> tuple[BlockCounter, ...]:
        """One counter a block; made when first needed, since they need terms as strings."""
        return tuple(map(BlockCounter, self.blocks, self._offsets))

    def transform(
        self,
        texts: Sequence[str],
        mentions: Sequence[str | None] | None = None,
        *,
        fields: Collection[Field] = FIELDS,
    ) -> SparseRows:
        """Return the vectors of n texts, (n, V) in compressed rows.

        Parameters
        ----------
        texts : sequence of n str
        mentions : sequence of n str or None, optional
            How each text names the target that it is read for.
        fields : collection of {"text", "mention", "around"}
            Blocks that read something else are left out.
        """
        counters = [
            counter
            for fitted, counter in zip(self.blocks, self._counters, strict=True)
            if fitted.block.field in fields
        ]
        indices: list[IndexArray] = []
        values: list[FloatArray] = []
        lengths = [0]
        for text, mention in zip(texts, mentions or [None] * len(texts), strict=True):
            document = Document.read(text, mention)
            row = [counter.weigh(*counter.count(document)) for counter in counters]
            indices.extend(part for part, _ in row)
            values.extend(part for _, part in row)
            lengths.append(sum(len(part) for part, _ in row))
        return SparseRows(
            np.cumsum(lengths, dtype=np.int64),
            np.concatenate(indices) if indices else np.empty(0, np.int32),
            np.concatenate(values) if values else np.empty(0),
        )

    def locate(self, text: str, mention: str | None = None) -> Occurrences:
        """Split a text's vector over the words and word n-grams that gave rise to it."""
        _, original = map_offsets(text)
        document = Document.read(text, mention)
        spans: list[Span] = []
        lengths: list[int] = []
        indices: list[IndexArray] = []
        shares: list[FloatArray] = []
        for counter in self._counters:
            found = counter.find_occurrences(document)
            spans += [(original(start), original(end)) for start, end in found.spans]
            lengths += found.lengths
            indices.append(found.indices)
            shares.append(counter.share(found))
        return Occurrences(
            tuple(spans),
            np.cumsum([0, *lengths]),
            np.concatenate(indices),
            np.concatenate(shares),
        )
