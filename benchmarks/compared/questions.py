"""Coded units as questions that a classifier answers, and its scores as judgements.

Shapes: n units, Q questions, V values, m units held out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax
from sklearn.metrics import f1_score

from framing.learning.dataset import NOT_CODED, Dataset, FloatArray, IntArray
from framing.learning.judgements import Judgements

ABSENT_PRESENT = ("absent", "present")


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Questions with the same values, tuned together: all frames, or one stance target.

    Attributes
    ----------
    target : str or None
        None for the frames.
    values : tuple of V strings
    codes : array (n, Q)
        Index of the value, -1 where not coded.
    """

    target: str | None
    values: tuple[str, ...]
    codes: IntArray

    def measure(self, rows: IntArray, scores: FloatArray) -> float:
        """Macro-F1 of scores (m, Q, V) at some rows: over frames, or over a target's values.

        What has no positive is left out of the mean.
        """
        judged = range(len(self.values)) if self.target else range(1, 2)
        decided = scores.argmax(axis=2)
        found = []
        for question in range(self.codes.shape[1]):
            codes = self.codes[rows, question]
            coded = codes != NOT_CODED
            for value in judged:
                truth, said = codes[coded] == value, decided[coded, question] == value
                if truth.any():
                    found.append(float(f1_score(truth, said, zero_division=0)))
        return float(np.mean(found)) if found else 0.0


def list_groups(dataset: Dataset) -> list[Group]:
    """List the frames as one group, if there are any, and each target as one."""
    groups = []
    if dataset.frame_ids:
        codes = np.where(np.isnan(dataset.frames), NOT_CODED, dataset.frames).astype(np.intp)
        groups.append(Group(None, ABSENT_PRESENT, codes))
    groups += [Group(s.target, s.values, s.codes[:, None]) for s in dataset.stances]
    return groups


def squash(margins: FloatArray) -> FloatArray:
    """Map margins onto 0-1, 0 onto 0.5, in their order, without running into the ends.

    >>> squash(np.array([-1.0, 0.0, 3.0])).tolist()
    [0.25, 0.5, 0.875]
    """
    return np.asarray((1.0 + margins / (1.0 + np.abs(margins))) / 2.0)


def read_judgements(
    groups: Sequence[Group], scores: Sequence[FloatArray], *, n_units: int
) -> Judgements:
    """Turn scores (m, Q, V) of each group into judgements: the highest score is decided for.

    Frames are present where the margin of ``present`` over ``absent`` is above 0; their
    probabilities are squashed margins, which only say in which order units stand.
    """
    probabilities, decisions = np.zeros((n_units, 0)), np.zeros((n_units, 0), dtype=np.bool_)
    stances = {}
    for group, part in zip(groups, scores, strict=True):
        if group.target is None:
            margins = part[:, :, 1] - part[:, :, 0]
            probabilities, decisions = squash(margins), margins > 0
        else:
            decided = [group.values[value] for value in part[:, 0].argmax(axis=1)]
            stances[group.target] = (np.asarray(softmax(part[:, 0], axis=1)), decided)
    return Judgements(probabilities, decisions, np.ones_like(decisions), stances)
