"""N-grams counted once, and each fold's TF-IDF derived from the counts, exactly as by a refit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

from framing.learning.dataset import FloatArray, IntArray
from framing.learning.polarity import ListedBlock, group_terms, list_terms
from framing.schema import InputError
from framing.scoring.counters import Document, FittedBlock, iterate_occurrences
from framing.scoring.ngrams import find_tokens
from framing.scoring.recipe import FeatureRecipe, NgramBlock


@dataclass(frozen=True, slots=True, eq=False)
class CountedBlock:
    """One block's counts over all units.

    Attributes
    ----------
    block : NgramBlock
    terms : array (V,) of str
        Every term that stands in ``min_df`` units, and so can in some fold (where none does, every
        term), and the listed words of blocks that hold them (`framing.learning.polarity`).
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
        all that occur are kept. Terms that share a weight are kept where one of them occurs.
        """
        df = np.bincount(self.tf[rows].indices, minlength=len(self.terms))
        kept = _keep_common(df, self.block.min_df)
        if self.groups.shape[1]:
            kept |= self.groups @ (self.groups.T @ df) > 0
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
    n_units: int | None = None,
) -> Counts:
    """Count the n-grams of every block that occurs in the recipes.

    Parameters
    ----------
    texts : sequence of n str
    recipes : sequence of FeatureRecipe
    mentions : sequence of n str or None, optional
        How each text names the target that it is coded for.
    n_units : int, optional
        How many texts are of units; the others, of pseudo-units, have no say in whether there is
        anything to learn from.

    Raises
    ------
    InputError
        If no unit holds a word.
    """
    if not any(find_tokens(text.lower()) for text in texts[:n_units]):
        raise InputError("the texts hold no words", fix="check the column 'text'")
    blocks = dict.fromkeys(block for recipe in recipes for block in recipe.blocks)
    named = mentions or [None] * len(texts)
    kinds = {block: NgramBlock(**asdict(block)) for block in blocks}  # those that share, as others
    found = {kind: _count_all(texts, named, kind) for kind in dict.fromkeys(kinds.values())}
    return Counts(tuple(_choose_terms(block, *found[kind]) for block, kind in kinds.items()))


_Counted = tuple[NDArray[np.object_], sp.csr_array]


def _count_all(texts: Sequence[str], mentions: Sequence[str | None], block: NgramBlock) -> _Counted:
    plain = block.field == "text" and block.analyzer != "mark"
    return _count_plainly(texts, block) if plain else _count_closely(texts, mentions, block)


def _choose_terms(
    block: NgramBlock, found: NDArray[np.object_], counts: sp.csr_array
) -> CountedBlock:
    """Keep what can matter of all terms found, and add listed words that were not."""
    df = np.bincount(counts.indices, minlength=counts.shape[1])
    listed = set(list_terms(block))
    kept = np.fromiter((term in listed for term in found), np.bool_, len(found))
    if not isinstance(block, ListedBlock):
        kept |= _keep_common(df, block.min_df)
    terms, counts = found[kept], sp.csr_array(counts[:, np.flatnonzero(kept)])
    counts.sort_indices()  # joblib hands workers read-only memory, where it could not be done
    if block.sublinear:
        counts.data = 1.0 + np.log(counts.data)
    terms = np.concatenate([terms, np.array(sorted(listed.difference(terms)), dtype=object)])
    counts.resize((counts.shape[0], len(terms)))
    return CountedBlock(block, terms, counts, group_terms(block, list(terms)))


def _keep_common(df: IntArray, min_df: int) -> NDArray[np.bool_]:
    """Tell which terms stand in enough units; where none does, which stand in any."""
    common = df >= min_df
    return common if common.any() else df > 0


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
    terms = list(columns)
    order = sorted(range(len(terms)), key=terms.__getitem__)  # an array of str pads every term
    found = np.array(terms, dtype=object)[order]
    return found, sp.csr_array(counts[:, order])
