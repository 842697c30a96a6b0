"""Terms by which a model may know a source or a date rather than a frame, and what they are worth.

A model that has learnt who writes, or when, does well on its own sources and badly on others
(Landeiro & Culotta 2018, *Robust text classification under confounding shift*).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from framing.learning.counting import CountedBlock, Counts, count_ngrams
from framing.learning.crossfitting import Job, Workers, fit_jobs
from framing.learning.crossvalidation import judge_crossed
from framing.learning.dataset import Dataset, FloatArray, IntArray
from framing.learning.design import Design
from framing.learning.splits import Split, assign_folds, find_obstacle
from framing.measuring.judging.gains import compare
from framing.measuring.judging.reports import MICRO
from framing.schema import Estimate

Clue = Literal["outlet", "date", "one source"]

TOP_TERMS = 40
"""Terms looked at a frame: those that add most to it, over the units that carry it."""

_FEWEST_UNITS = 3
_MOSTLY = 0.8
_SHORTEST_NAME = 4
_DATE = re.compile(
    r"january|february|april|june|july|august|september|october|november|december|"
    r"(mon|tues|wednes|thurs|fri|satur|sun)day|(19|20)\d\d"
)


@dataclass(frozen=True, slots=True)
class SourceCue:
    """A term that weighs for a frame and says more of who wrote, or when, than of the frame.

    Attributes
    ----------
    label : str
        Frame.
    term : str
        In lower case.
    clue : {"outlet", "date", "one source"}
        It holds a word of a source's name and stands mostly there; it names a month (but March
        and May, which are verbs too), a weekday or a year; or one source, which has less than half
        of the frame's units, has at least four fifths of the units that hold the term (a byline, a
        dateline, a habit).
    source : str or None
        The source it stands in most.
    n_units : int
        That hold it.
    """

    label: str
    term: str
    clue: Clue
    source: str | None
    n_units: int


@dataclass(frozen=True, slots=True)
class MaskingLoss:
    """What a frame's F1 loses, out of fold, when all source cues are blanked; with its interval.

    `split` says what was held out whole: sources, or articles where copies leave nothing to train
    on otherwise or there is one source.
    """

    label: str
    f1: Estimate
    split: Split


def find_source_cues(counts: Counts, dataset: Dataset, job: Job) -> list[SourceCue]:
    """Look through the terms that add most to each frame for those that tell source or date."""
    rows, recipe = np.arange(len(dataset)), job.candidate.features
    ((_, fitted),) = fit_jobs(counts, dataset, rows, [job])
    (features,) = counts.transform(recipe, rows)
    cues: list[SourceCue] = []
    start = 0
    for block in counts.select(recipe):
        columns = slice(start, start + len(block.terms))
        start = columns.stop
        if block.block.analyzer != "word":
            continue  # parts of words say nothing to a reader, and fall with the words
        weights = fitted.coefficients[columns]
        for column, frame in enumerate(dataset.frame_ids):
            carriers = np.flatnonzero(dataset.frames[:, column] > 0)
            if len(carriers):
                means = np.asarray(features[carriers][:, columns].mean(axis=0)).ravel()
                top = _pick_top(means * weights[:, column])
                cues += _suspect(block, dataset, frame, carriers, top)
    return cues


def _pick_top(contributions: FloatArray) -> IntArray:
    order = np.argsort(-contributions, kind="stable")[:TOP_TERMS]
    return order[contributions[order] > 0]


def _suspect(
    block: CountedBlock, dataset: Dataset, frame: str, carriers: IntArray, terms: IntArray
) -> Iterator[SourceCue]:
    held = block.tf[: len(dataset), terms].tocsc()  # the rows of pseudo-units left aside
    for place, column in enumerate(terms):
        units = held.indices[held.indptr[place] : held.indptr[place + 1]]
        term = str(block.terms[column])
        source, share = _find_main([dataset.sources[unit] for unit in units])
        own = np.mean([dataset.sources[unit] == source for unit in carriers]) if source else 1.0
        clue = _classify(term, source, share, own=float(own), n_units=len(units))
        if clue:
            yield SourceCue(frame, term, clue, source, len(units))


def _find_main(sources: Sequence[str | None]) -> tuple[str | None, float]:
    """Return the source that occurs most, and its share of all."""
    names = [source for source in sources if source is not None]
    if not names:
        return None, 0.0
    main = max(dict.fromkeys(names), key=names.count)
    return main, names.count(main) / len(sources)


def _classify(
    term: str, source: str | None, share: float, *, own: float, n_units: int
) -> Clue | None:
    words = term.split()
    if any(_DATE.fullmatch(word) for word in words):
        return "date"
    if source is None or share < _MOSTLY:
        return None
    named = re.findall(r"\w+", source.lower())
    if any(word in named for word in words if len(word) >= _SHORTEST_NAME):
        return "outlet"
    return "one source" if n_units >= _FEWEST_UNITS and own < 0.5 else None


def measure_masking(
    counts: Counts,
    dataset: Dataset,
    job: Job,
    cues: Sequence[SourceCue],
    *,
    design: Design,
    workers: Workers,
) -> tuple[MaskingLoss, ...]:
    """Judge all units with and without the cues, whole sources held out where there are several.

    Returns
    -------
    tuple of MaskingLoss
        One a frame, then all frames together (micro-F1); above 0 where the cues helped.
    """
    if not cues:
        return ()
    spread = {"n_folds": design.n_folds, "seed": design.seed}
    split: Split = "grouped" if find_obstacle(dataset, "source", **spread) else "source"
    folds = assign_folds(dataset, split, **spread)
    plain = replace(dataset, stances=())
    masked = replace(plain, texts=mask_terms(dataset.texts, [cue.term for cue in cues]))
    recounted = count_ngrams(masked.all_texts, [job.candidate.features], n_units=len(masked))
    with_cues, without = (
        judge_crossed(counted, data, folds, (job,), design=design, workers=workers)
        for counted, data in ((counts, plain), (recounted, masked))
    )
    parts = [(frame, slice(k, k + 1)) for k, frame in enumerate(dataset.frame_ids)]
    parts.append((MICRO, slice(None)))
    return tuple(
        MaskingLoss(
            label,
            compare(
                dataset.frames[:, columns],
                with_cues.decisions[:, columns],
                without.decisions[:, columns],
                dataset.groups,
                **design.resampling.begin(),
            ).micro_f1,
            split,
        )
        for label, columns in parts
    )


def mask_terms(texts: Sequence[str], terms: Sequence[str]) -> tuple[str, ...]:
    """Blank every word of some terms, wherever the term stands, whatever the case.

    Examples
    --------
    >>> mask_terms(["Meridian said on Monday that Mondays are slow."], ["monday", "meridian said"])
    (' on  that Mondays are slow.',)
    """
    longest_first = sorted(set(terms), key=len, reverse=True)
    # The tokeniser passes over words of one letter, so a term may have some inside.
    gaps = [r"\W+(?:\w\W+)*".join(map(re.escape, term.split())) for term in longest_first]
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(gaps)})(?!\w)", re.IGNORECASE)
    return tuple(pattern.sub("", text) for text in texts)
