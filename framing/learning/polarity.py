"""Words that speak well or ill, which share a weight: what a stance can know before it is taught.

Each coefficient of such a word is a part of its own plus a part that all words of its sign share
(side by side with the mention of a target, one share for each side). The shared part is learnt from
all of them together, so that praise which no training unit holds is praise still. The word lists
are this project's own.

Words that share stand in blocks that no frame sees: among the words of a text, those that no unit
holds would lengthen its vector for the frames, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib.resources import files

import numpy as np
import scipy.sparse as sp

from framing.scoring.mentions import AFTER, BEFORE
from framing.scoring.recipe import FeatureRecipe, NgramBlock

SIGNS = ("positive", "negative")


class SharingBlock(NgramBlock):
    """A block that holds every listed word, whatever ``min_df`` says; those of a sign share.

    To the scorer it is a block like any other, with the vocabulary that it was given.
    """

    __slots__ = ()


class ListedBlock(SharingBlock):
    """A block that holds listed words and nothing else."""

    __slots__ = ()


LISTED = ListedBlock("word", 1, 1, min_df=1, weight=0.3)
"""The listed words of a text, in a vector of their own."""


@cache
def read_words() -> Mapping[str, int]:
    """Read the lists: word to 0 (positive) or 1 (negative).

    Examples
    --------
    >>> [read_words().get(word) for word in ("praised", "reckless", "mineral")]
    [0, 1, None]
    """
    folder = files("framing.learning") / "words"
    return {
        word: number
        for number, sign in enumerate(SIGNS)
        for word in (folder / f"{sign}.txt").read_text("utf-8").split()
    }


def share_weights(recipe: FeatureRecipe) -> FeatureRecipe:
    """Let listed words share weights: around a mention where they stand, else in `LISTED`.

    Examples
    --------
    >>> str(share_weights(FeatureRecipe((NgramBlock("word", 1, 2),))))
    'word1-2+0.3*word1-1'
    """
    singles = [block for block in recipe.blocks if block.analyzer == "word" and block.low == 1]
    around = [block for block in singles if block.field == "around"]
    blocks = [SharingBlock(**asdict(b)) if b in around else b for b in recipe.blocks]
    plain = any(block.field == "text" for block in singles)
    return FeatureRecipe((*blocks, *([LISTED] if plain else [])))


def list_terms(block: NgramBlock) -> list[str]:
    """List the terms of a block that stand for a word of either sign and share its weight."""
    if not isinstance(block, SharingBlock):
        return []
    return [f"{side}{word}" for side in _sides(block) for word in read_words()]


def group_terms(block: NgramBlock, terms: Sequence[str]) -> sp.csr_array:
    """Mark which of V terms share which of g weights: an array (V, g) of 0 and 1."""
    known = list_terms(block)
    groups = {term: number for number, term in enumerate(known)}
    n_words = len(read_words())
    signs = list(read_words().values())
    rows = [row for row, term in enumerate(terms) if term in groups]
    numbers = [groups[terms[row]] for row in rows]
    columns = [number // n_words * len(SIGNS) + signs[number % n_words] for number in numbers]
    width = len(_sides(block)) * len(SIGNS) if known else 0
    return sp.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(terms), width))


def _sides(block: NgramBlock) -> tuple[str, ...]:
    return (BEFORE, AFTER) if block.field == "around" else ("",)
