"""The terms behind many labels of many units at once, as flat arrays.

Shapes: n units, m contrasts asked for in all, t terms found in all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from framing.schema import Evidence, Paragraph
from framing.scoring.explanation import rank_terms

if TYPE_CHECKING:
    from framing.scoring.model import Model
    from framing.scoring.textcolumns import Texts


@dataclass(frozen=True, slots=True)
class Requests:
    """Which contrasts of the scores are to be explained, for each of n units.

    Attributes
    ----------
    indptr : array (n + 1,) of int64
        Unit i asks for the contrasts ``indptr[i]`` to ``indptr[i + 1]``.
    first : array (m,) of int32
        Column of the scores that a contrast speaks for.
    second : array (m,) of int32
        Column that is taken off it, or -1 where the first stands alone.
    """

    indptr: NDArray[np.int64]
    first: NDArray[np.int32]
    second: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Terms:
    """The t terms that were found: by unit, then by contrast, then the strongest first.

    Attributes
    ----------
    row : array (t,) of int32
        The unit.
    contrast : array (t,) of int32
        Place of the contrast among all m, so ``Requests.first[contrast]`` is its first column.
    start, end : array (t,) of int32
        Characters of the unit's text.
    byte_start, byte_end : array (t,) of int64
        The same in bytes of its UTF-8.
    weight : array (t,) of float64
        Share of the contrast's log-odds, above 0.
    """

    row: NDArray[np.int32]
    contrast: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    byte_start: NDArray[np.int64]
    byte_end: NDArray[np.int64]
    weight: NDArray[np.float64]


def find_terms(
    model: Model,
    texts: Texts,
    mentions: Sequence[str | None] | None,
    requests: Requests,
    limit: int,
) -> Terms:
    """Find, for each contrast asked for, the terms that speak for it, at most `limit`.

    Parameters
    ----------
    model : Model
    texts : n strings, in a sequence or an Arrow array
        Without nulls.
    mentions : sequence of n str or None, optional
    requests : Requests
    limit : int

    Raises
    ------
    InputError
        If a text cannot be read.
    """
    return model.scorer.find_terms(texts, mentions, requests, limit)


def sort_terms(parts: Sequence[Terms]) -> Terms:
    """Put the terms of different units together, by unit."""
    names = [field.name for field in fields(Terms)]
    joined = [np.concatenate([getattr(part, name) for part in parts]) for name in names]
    order = np.argsort(joined[0], kind="stable")
    return Terms(*(column[order] for column in joined))


def explain_requests(
    model: Model,
    texts: Sequence[str],
    mentions: Sequence[str | None] | None,
    requests: Requests,
    limit: int,
) -> Terms:
    """Find the same terms one unit after another, by what explains a single text."""
    found: list[tuple[int, int, int, int, int, int, float]] = []
    bounds = requests.indptr.tolist()
    for row, (start, end) in enumerate(pairwise(bounds)):
        if start == end:
            continue
        text = texts[row]
        mention = mentions[row] if mentions is not None else None
        paragraph = Paragraph("", "", text, 0, len(text), mention=mention)
        contrasts = {str(place): _combine(model, requests, place) for place in range(start, end)}
        ranked = rank_terms(model, paragraph, contrasts, limit=limit)
        for place, terms in zip(range(start, end), ranked.values(), strict=True):
            # A mention that the text lacks is a term without letters.
            kept = (term for term in terms if term.weight > 0 and term.term)
            found.extend((row, place, *_place(text, term), term.weight) for term in kept)
    columns = list(zip(*found, strict=True)) or [()] * 7
    types = (np.int32, np.int32, np.int32, np.int32, np.int64, np.int64, np.float64)
    return Terms(*(np.array(c, dtype=t) for c, t in zip(columns, types, strict=True)))


def _combine(model: Model, requests: Requests, place: int) -> NDArray[np.float64]:
    """Return a contrast as the combination (K,) of score columns that it is."""
    contrast = np.zeros(len(model.intercepts))
    contrast[requests.first[place]] += 1.0
    if requests.second[place] >= 0:
        contrast[requests.second[place]] -= 1.0
    return contrast


def _place(text: str, term: Evidence) -> tuple[int, int, int, int]:
    """Return where a term stands, in characters and in bytes."""
    before, within = text[: term.start], text[term.start : term.end]
    start = len(before.encode("utf-8", "surrogatepass"))
    return term.start, term.end, start, start + len(within.encode("utf-8", "surrogatepass"))
