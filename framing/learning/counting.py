"""N-grams counted once, and each fold's TF-IDF derived from the counts, exactly as by a refit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

from framing.learning.dataset import FloatArray, IntArray
from framing.schema import InputError
from framing.scoring.recipe import FeatureRecipe, NgramBlock
from framing.scoring.vectorizing import FittedBlock


@dataclass(frozen=True, slots=True, eq=False)
class CountedBlock:
    """One block's counts over all units.

    Attributes
    ----------
    block : NgramBlock
    terms : array (V,) of str
        Every term that stands in ``min_df`` units, and so can in some fold.
    tf : sparse array (n, V)
        Counts, sublinear where the block says so.
    """

    block: NgramBlock
    terms: NDArray[np.object_]
    tf: sp.csr_array

    def weigh(self, rows: IntArray) -> FloatArray:
        """Return the idf (V,) learnt from some rows, 0 for terms below ``min_df`` there.

        Smoothed as in scikit-learn: ln((1 + n) / (1 + df)) + 1. Where no term reaches ``min_df``,
        all that occur are kept.
        """
        df = np.bincount(self.tf[rows].indices, minlength=len(self.terms))
        kept = df >= min(self.block.min_df, int(df.max(initial=0)))
        idf = np.log((1.0 + len(rows)) / (1.0 + df)) + 1.0
        return np.where(kept & (df > 0), idf, 0.0)

    def transform(self, rows: IntArray, idf: FloatArray) -> sp.csr_array:
        """Return TF-IDF rows of unit length; terms without idf are dropped from them."""
        picked = self.tf[rows]
        picked.data *= idf[picked.indices]
        picked.eliminate_zeros()
        norms = np.sqrt(picked.multiply(picked).sum(axis=1))
        lengths = np.repeat(np.where(norms > 0, norms, 1.0), np.diff(picked.indptr))
        picked.data /= lengths
        return picked

    def fit(self, rows: IntArray) -> FittedBlock:
        """Return the block as the model file holds it, without the terms that have no idf."""
        idf = self.weigh(rows)
        kept = np.flatnonzero(idf)
        return FittedBlock(self.block, tuple(self.terms[kept]), idf[kept])


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """The counts of every block that some recipe asks for."""

    blocks: tuple[CountedBlock, ...]

    def select(self, recipe: FeatureRecipe) -> tuple[CountedBlock, ...]:
        """Return the counted blocks of a recipe, in its order."""
        by_block = {counted.block: counted for counted in self.blocks}
        return tuple(by_block[block] for block in recipe.blocks)

    def transform(
        self, recipe: FeatureRecipe, train: IntArray, *others: IntArray
    ) -> tuple[sp.csr_array, ...]:
        """Return the TF-IDF of training rows and of other rows, learnt from the former alone."""
        counted = [(block, block.weigh(train)) for block in self.select(recipe)]
        return tuple(
            sp.csr_array(sp.hstack([block.transform(rows, idf) for block, idf in counted], "csr"))
            for rows in (train, *others)
        )


def count_ngrams(texts: Sequence[str], recipes: Sequence[FeatureRecipe]) -> Counts:
    """Count the n-grams of every block that occurs in the recipes.

    Raises
    ------
    InputError
        If no text holds a single n-gram.
    """
    blocks = dict.fromkeys(block for recipe in recipes for block in recipe.blocks)
    counted = tuple(_count_block(texts, block) for block in blocks)
    if not any(len(block.terms) for block in counted):
        raise InputError("the texts hold no words", fix="check the column 'text'")
    return Counts(counted)


def _count_block(texts: Sequence[str], block: NgramBlock) -> CountedBlock:
    vectorizer = CountVectorizer(
        analyzer=block.analyzer, ngram_range=(block.low, block.high), dtype=np.float64
    )
    try:
        counts = sp.csr_array(vectorizer.fit_transform(list(texts)))
    except ValueError:  # scikit-learn's word for texts without any term
        return CountedBlock(block, np.empty(0, object), sp.csr_array((len(texts), 0)))
    df = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = np.flatnonzero(df >= min(block.min_df, int(df.max())))
    counts = sp.csr_array(counts[:, kept])
    counts.sort_indices()  # joblib hands workers read-only memory, where it could not be done
    if block.sublinear:
        counts.data = 1.0 + np.log(counts.data)
    return CountedBlock(block, vectorizer.get_feature_names_out()[kept], counts)
