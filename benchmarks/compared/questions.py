"""Coded units as questions that a classifier answers.

Shapes: n units, Q questions, V values, m units held out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import f1_score

from framing.learning.dataset import NOT_CODED, Dataset, IntArray

ABSENT_PRESENT = ("absent", "present")
FAR = 1e9
"""No score lies farther out; a value that no training unit holds gets -FAR."""


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

    def measure(self, rows: IntArray, decided: IntArray) -> float:
        """Macro-F1 of decided values (m, Q) at some rows: over frames, or over a target's values.

        What has no positive is left out of the mean.
        """
        judged = range(len(self.values)) if self.target else range(1, 2)
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
