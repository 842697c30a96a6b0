"""Paragraphs that show a frame: the most typical of many, and the strongest of one article.

Typical is what carries the frame surely and shares the words that its carriers share: probability
times cosine with the probability-weighted mean of all carriers. n units, V words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.measuring.archives import Archive
from framing.measuring.cards.peers import weigh_words
from framing.measuring.intervals import Codes, Floats
from framing.schema import Evidence

if TYPE_CHECKING:
    import pandas as pd
    import scipy.sparse as sp

CARRIES = 0.5
"""Probability from which a unit is quoted as carrying a frame."""

QUOTES = 3
"""Quotes a frame, at most."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A paragraph that shows a frame.

    Attributes
    ----------
    frame, id, article, source : str
    date : str or None
    probability : float
    text : str
    evidence : tuple of Evidence
        Terms that spoke for the frame, where the predictions name them.
    """

    frame: str
    id: str
    article: str
    source: str
    date: str | None
    probability: float
    text: str
    evidence: tuple[Evidence, ...]


def quote_strongest(archive: Archive, table: pd.DataFrame, frames: Sequence[str]) -> list[Quote]:
    """Quote the units of an archive that carry each of some frames most surely."""
    return [
        _quote(archive, table, frame, unit)
        for frame in frames
        for unit in pick_strongest(archive.probabilities[:, archive.frames.index(frame)]).tolist()
    ]


def quote_typical(
    archive: Archive, table: pd.DataFrame, frames: Sequence[str], *, articles: Codes
) -> list[Quote]:
    """Quote units of some articles, given by place, that are typical of each of some frames.

    Headlines are not quoted: they say too little by themselves.
    """
    kinds = table["kind"].to_numpy(dtype=object)[archive.rows]
    units = np.flatnonzero(np.isin(archive.codes, articles) & (kinds != "headline"))
    if not (len(units) and frames):
        return []
    vectors = weigh_words([archive.texts[unit] for unit in units])
    sources = [archive.sources[code] for code in archive.codes[units]]
    found = []
    for frame in frames:
        probabilities = archive.probabilities[units, archive.frames.index(frame)]
        picked = pick_typical(vectors, np.nan_to_num(probabilities), sources)
        found += [_quote(archive, table, frame, unit) for unit in units[picked].tolist()]
    return found


def _quote(archive: Archive, table: pd.DataFrame, frame: str, unit: int) -> Quote:
    code, row = archive.codes[unit], archive.rows[unit]
    cell = table["evidence"].iloc[row] if "evidence" in table.columns else None
    return Quote(
        frame,
        str(table["id"].iloc[row]),
        archive.articles[code],
        archive.sources[code],
        archive.dates[code],
        float(archive.probabilities[unit, archive.frames.index(frame)]),
        archive.texts[unit],
        tuple(read_evidence(cell, frame, archive.texts[unit])),
    )


def read_evidence(cell: Any, label: str, text: str) -> Iterator[Evidence]:
    """Read the terms that spoke for a label; a cell that holds none, or is damaged, has none.

    >>> cell = '[{"label": "lag", "term": "late", "weight": 1.5, "start": 4, "end": 8}]'
    >>> [item.term for item in read_evidence(cell, "lag", "Too late.")]
    ['late']
    """
    try:
        items = json.loads(cell) if isinstance(cell, str) else list(cell or ())
        found = [Evidence(**item) for item in items if item["label"] == label]
    except (KeyError, TypeError, ValueError):
        return
    yield from (item for item in found if text[item.start : item.end] == item.term)


def pick_typical(
    vectors: sp.csr_array, probabilities: Floats, sources: Sequence[str], *, most: int = QUOTES
) -> Codes:
    """Pick units typical of a frame, the most typical first, one a source.

    Parameters
    ----------
    vectors : csr_array (n, V)
        Rows of length 1, or of zeros.
    probabilities : array (n,)
    sources : sequence of n str
    most : int

    Examples
    --------
    >>> from framing.measuring.cards.peers import weigh_words
    >>> vectors = weigh_words(["mines foul rivers", "mines foul wells", "tin fell", "tin rose"])
    >>> pick_typical(vectors, np.array([0.9, 0.8, 0.6, 0.1]), ["Post", "Herald", "Gazette", "Post"])
    array([0, 1, 2])
    """
    carriers = np.flatnonzero(probabilities >= CARRIES)
    if not len(carriers):
        return carriers
    weights = probabilities[carriers]
    middle = np.asarray(vectors[carriers].T @ weights).ravel()
    scores = np.asarray(vectors[carriers] @ middle).ravel() * weights
    ranked = carriers[np.lexsort((carriers, -weights, -scores))]
    return _one_a_source(ranked, sources, most)


def _one_a_source(ranked: Codes, sources: Sequence[str], most: int) -> Codes:
    seen: dict[str, int] = {}
    for unit in ranked.tolist():
        seen.setdefault(sources[unit], unit)
    return np.array(list(seen.values())[:most], dtype=np.intp)


def pick_strongest(probabilities: Floats, *, most: int = QUOTES) -> Codes:
    """Pick the units (n,) that carry a frame most surely.

    >>> pick_strongest(np.array([0.2, 0.6, 0.9]))
    array([2, 1])
    """
    ranked = np.argsort(-probabilities, kind="stable")
    return ranked[probabilities[ranked] >= CARRIES][:most]
