"""N-grams counted once, and each fold's TF-IDF derived from the counts, exactly as by a refit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

from framing.learning.dataset import FloatArray, IntArray
from framing.learning.polarity import group_terms, list_terms
from framing.schema import InputError
from framing.scoring.counters import Document, FittedBlock, iterate_occurrences
from framing.scoring.recipe import FeatureRecipe, NgramBlock


@dataclass(frozen=True, slots=True, eq=False)
class CountedBlock:
    """One block's counts over all units.

    Attributes
    ----------
    block : NgramBlock
    terms : array (V,) of str
        Every term that stands in ``min_df`` units, and so can in some fold, and every word of the
        polarity lists where they are asked for.
    tf : sparse array (n, V)
        Counts, sublinear where the block says so.
    groups : sparse array (V, g)
        Which terms share a weight.
    """

    block: NgramBlock
    terms: NDArray[np.object_]
    tf: sp.csr_array
    groups: sp.csr_array

    def weigh(self, rows: IntArray) -> FloatArray:
        """Return the idf (V,) learnt from some rows, 0 for terms below ``min_df`` there.

        Smoothed as in scikit-learn: ln((1 + n) / (1 + df)) + 1. Where no term reaches ``min_df``,
        all that occur are kept. Terms that share a weight are kept even where they do not occur.
        """
        df = np.bincount(self.tf[rows].indices, minlength=len(self.terms))
        kept = (df >= min(self.block.min_df, int(df.max(initial=0)))) & (df > 0)
        kept |= np.diff(self.groups.indptr) > 0
        idf = np.log((1.0 + len(rows)) / (1.0 + df)) + 1.0
        return np.where(kept, idf, 0.0)

    def transform(self, rows: IntArray, idf: FloatArray) -> sp.csr_array:
        """Return TF-IDF rows as long as the block weighs; terms without idf are dropped."""
        picked = self.tf[rows]
        picked.data *= idf[picked.indices]
        picked.eliminate_zeros()
        norms = np.sqrt(picked.multiply(picked).sum(axis=1)) / self.block.weight
        lengths = np.repeat(np.where(norms > 0, norms, 1.0), np.diff(picked.indptr))
        picked.data /= lengths
        return picked

    def share(self, idf: FloatArray) -> sp.csr_array:
        """Return how the terms make up each shared weight's feature, (V, g): every use alike."""
        weights = np.divide(1.0, idf, out=np.zeros_like(idf), where=idf > 0)
        return sp.csr_array(sp.diags_array(weights) @ self.groups)

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

    def share(self, recipe: FeatureRecipe, train: IntArray) -> sp.csr_array:
        """Return how all terms make up the features of shared weights, (V, G)."""
        parts = [block.share(block.weigh(train)) for block in self.select(recipe)]
        return sp.csr_array(sp.block_diag(parts, "csr"))


def count_ngrams(
    texts: Sequence[str],
    recipes: Sequence[FeatureRecipe],
    *,
    mentions: Sequence[str | None] | None = None,
    polarity: bool = False,
) -> Counts:
    """Count the n-grams of every block that occurs in the recipes.

    Parameters
    ----------
    texts : sequence of n str
    recipes : sequence of FeatureRecipe
    mentions : sequence of n str or None, optional
        How each text names the target that it is coded for.
    polarity : bool
        Whether words of the polarity lists are to share weights.

    Raises
    ------
    InputError
        If no text holds a single n-gram.
    """
    blocks = dict.fromkeys(block for recipe in recipes for block in recipe.blocks)
    named = mentions or [None] * len(texts)
    counted = tuple(_count_block(texts, named, block, polarity=polarity) for block in blocks)
    if not any(block.tf.nnz for block in counted):
        raise InputError("the texts hold no words", fix="check the column 'text'")
    return Counts(counted)


def _count_block(
    texts: Sequence[str], mentions: Sequence[str | None], block: NgramBlock, *, polarity: bool
) -> CountedBlock:
    plain = block.field == "text" and block.analyzer != "mark"
    found, counts = (
        _count_plainly(texts, block) if plain else _count_closely(texts, mentions, block)
    )
    df = np.bincount(counts.indices, minlength=counts.shape[1])
    shared = set(list_terms(block)) if polarity else set()
    kept = (df >= min(block.min_df, int(df.max(initial=1)))) | np.fromiter(
        (term in shared for term in found), np.bool_, len(found)
    )
    terms, counts = found[kept], sp.csr_array(counts[:, np.flatnonzero(kept)])
    counts.sort_indices()  # joblib hands workers read-only memory, where it could not be done
    if block.sublinear:
        counts.data = 1.0 + np.log(counts.data)
    more = np.array(sorted(shared.difference(terms)), dtype=object)
    terms = np.concatenate([terms, more])
    counts.resize((len(texts), len(terms)))
    groups = group_terms(block, list(terms)) if polarity else sp.csr_array((len(terms), 0))
    return CountedBlock(block, terms, counts, groups)


_Counted = tuple[NDArray[np.object_], sp.csr_array]


def _count_plainly(texts: Sequence[str], block: NgramBlock) -> _Counted:
    """Count as scikit-learn does; n-grams within words once for each different word."""
    vectorizer = CountVectorizer(
        analyzer=block.analyzer, ngram_range=(block.low, block.high), dtype=np.float64
    )
    try:
        if block.analyzer == "char_wb":
            words, uses = _count_words(texts)
            counts = sp.csr_array(uses @ sp.csr_array(vectorizer.fit_transform(words)))
        else:
            counts = sp.csr_array(vectorizer.fit_transform(list(texts)))
    except ValueError:  # scikit-learn's word for texts without any term
        return np.empty(0, object), sp.csr_array((len(texts), 0))
    return vectorizer.get_feature_names_out().astype(object), counts


def _count_words(texts: Sequence[str]) -> tuple[list[str], sp.csr_array]:
    """List the different words of texts, as white space parts them, and count each text's."""
    numbers: dict[str, int] = {}
    found = [
        [numbers.setdefault(word, len(numbers)) for word in text.lower().split()] for text in texts
    ]
    indptr = np.cumsum([0, *map(len, found)])
    indices = np.array([number for words in found for number in words], np.intp)
    uses = sp.csr_array((np.ones(len(indices)), indices, indptr), shape=(len(texts), len(numbers)))
    uses.sum_duplicates()
    return list(numbers), uses


def _count_closely(
    texts: Sequence[str], mentions: Sequence[str | None], block: NgramBlock
) -> _Counted:
    """Count what scikit-learn does not know of: marks, and what depends on a mention."""
    columns: dict[str, int] = {}
    indptr: list[int] = [0]
    indices: list[int] = []
    weights: list[float] = []
    for text, mention in zip(texts, mentions, strict=True):
        sums: dict[int, float] = {}
        for terms, _, weight in iterate_occurrences(block, Document.read(text, mention)):
            for term in terms:
                column = columns.setdefault(term, len(columns))
                sums[column] = sums.get(column, 0.0) + weight
        indices += sums.keys()
        weights += sums.values()
        indptr.append(len(indices))
    shape = (len(texts), len(columns))
    cells = np.array(weights, np.float64), np.array(indices, np.intp), indptr
    counts = sp.csr_array(cells, shape=shape)
    order = np.argsort(np.array(list(columns), dtype=str), kind="stable")
    found = np.array(list(columns), dtype=object)[order]
    return found, sp.csr_array(counts[:, order])
