"""Codes that a model which never saw them disputes: where to look first for mistakes of coding.

Confident learning (Northcutt, Jiang & Chuang 2021), as cleanlab has it, on out-of-fold
probabilities: a code is disputed if the other one is more probable than it is, on average, for the
units that do hold it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from framing.coding.reliability import ABSENT, PRESENT
from framing.learning.dataset import NOT_CODED, Dataset, FloatArray, IntArray
from framing.learning.judgements import Judgements


@dataclass(frozen=True, slots=True)
class Dispute:
    """A code that the model would not give.

    Attributes
    ----------
    row : int
        Place of the unit in the dataset.
    label : str
        Frame or stance target.
    code, other : str
        What was coded, and what the model finds more probable.
    probability : float
        Of the code, out of fold.
    """

    row: int
    label: str
    code: str
    other: str
    probability: float


def find_disputes(dataset: Dataset, judged: Judgements) -> list[Dispute]:
    """List disputed codes, the least probable first.

    Parameters
    ----------
    dataset : Dataset
    judged : Judgements
        By models that did not see the units they judge.
    """
    found = [*_dispute_frames(dataset, judged), *_dispute_stances(dataset, judged)]
    return sorted(found, key=lambda dispute: (dispute.probability, dispute.row, dispute.label))


def _dispute_frames(dataset: Dataset, judged: Judgements) -> Iterator[Dispute]:
    for column, frame in enumerate(dataset.frame_ids):
        rows = np.flatnonzero(~np.isnan(dataset.frames[:, column]))
        present = judged.probabilities[rows, column]
        shares = np.column_stack([1.0 - present, present])
        codes = dataset.frames[rows, column].astype(np.intp)
        yield from _dispute(frame, (ABSENT, PRESENT), rows, codes, shares)


def _dispute_stances(dataset: Dataset, judged: Judgements) -> Iterator[Dispute]:
    for stance in dataset.stances:
        rows = np.flatnonzero(stance.codes != NOT_CODED)
        shares = judged.stances[stance.target][0][rows]
        yield from _dispute(stance.target, stance.values, rows, stance.codes[rows], shares)


def _dispute(
    label: str, values: tuple[str, ...], rows: IntArray, codes: IntArray, shares: FloatArray
) -> Iterator[Dispute]:
    """Dispute the codes (m,) of some rows, given the probability of each value, (m, V)."""
    from cleanlab.filter import find_label_issues

    held = np.unique(codes)
    if len(held) < 2:
        return
    among = shares[:, held] / shares[:, held].sum(axis=1, keepdims=True)
    doubtful = find_label_issues(
        np.searchsorted(held, codes), among, filter_by="confident_learning", n_jobs=1
    )
    for place in np.flatnonzero(doubtful):
        other = held[among[place].argmax()]
        if other != codes[place]:
            probability = float(shares[place, codes[place]])
            yield Dispute(int(rows[place]), label, values[codes[place]], values[other], probability)
