"""How a baseline's scores become decisions: by thresholds and weights chosen as ours are.

Shapes: m units, F frames, V values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from compared.questions import FAR, Group
from framing.learning.calibration import fit_frame_heads, fit_stance_head
from framing.learning.dataset import Dataset, FloatArray, IntArray
from framing.learning.judgements import Judgements
from framing.scoring.heads import FrameHead, StanceHead


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """Probabilities of m units, (m, F) of frames being present or (m, V), and decided values."""

    shares: FloatArray
    decided: IntArray


@dataclass(frozen=True, slots=True)
class FrameRule:
    """A sigmoid and a threshold a frame; `span` holds the margins that its sigmoids were fitted to.

    What a fold could not learn is scored farther out than any margin, and brought back to its ends.
    """

    heads: tuple[FrameHead, ...]
    span: tuple[float, float]

    def read(self, scores: FloatArray) -> Verdict:
        """Decide by scores (m, F, 2)."""
        margins = np.clip(find_margins(scores), *self.span)
        shares = np.column_stack([h.calibrate(margins[:, k]) for k, h in enumerate(self.heads)])
        thresholds = np.array([head.threshold for head in self.heads])
        return Verdict(shares, (shares >= thresholds).astype(np.intp))


@dataclass(frozen=True, slots=True)
class StanceRule:
    """A temperature, and a weight a value; scores are divided by their `spread` first."""

    head: StanceHead
    spread: float

    def read(self, scores: FloatArray) -> Verdict:
        """Decide by scores (m, 1, V)."""
        shares = self.head.calibrate(_level(scores[:, 0], self.spread))
        return Verdict(shares, self.head.decide(shares)[:, None])


Rule = FrameRule | StanceRule


def fit_rule(dataset: Dataset, group: Group, rows: IntArray, scores: FloatArray) -> Rule:
    """Choose how a group is decided, for macro-F1, from scores (m, Q, V) out of fold at some rows.

    By the functions that choose for ours: Platt's sigmoid and a threshold a frame, drawn toward the
    one that is best for all frames; a temperature and weights for the values of a target.
    """
    if group.target is None:
        return _fit_frames(dataset, rows, find_margins(scores))
    known = scores[np.abs(scores) < FAR / 2]
    spread = float(np.std(known)) if len(known) else 0.0
    spread = spread or 1.0
    whole = _place(_level(scores[:, 0], spread), rows, len(dataset))
    return StanceRule(fit_stance_head(dataset.stance(group.target), whole, rows), spread)


def find_margins(scores: FloatArray) -> FloatArray:
    """Return by how much "present" is ahead of "absent", (m, F), of scores (m, F, 2)."""
    return np.asarray(scores[:, :, 1] - scores[:, :, 0])


def _fit_frames(dataset: Dataset, rows: IntArray, margins: FloatArray) -> FrameRule:
    known = margins[np.abs(margins) < FAR / 2]
    span = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    whole = _place(np.clip(margins, *span), rows, len(dataset))
    return FrameRule(fit_frame_heads(dataset, whole, rows), span)


def _level(scores: FloatArray, spread: float) -> FloatArray:
    """Bring scores (m, V) of any kind to one measure, the highest of a unit at 0."""
    return np.asarray((scores - scores.max(axis=1, keepdims=True)) / spread)


def _place(part: FloatArray, rows: IntArray, n_units: int) -> FloatArray:
    whole = np.full((n_units, part.shape[1]), np.nan)
    whole[rows] = part
    return whole


def join_verdicts(
    groups: Sequence[Group], verdicts: Sequence[Verdict], *, n_units: int
) -> Judgements:
    """Put what was decided for each group together."""
    probabilities, decisions = np.zeros((n_units, 0)), np.zeros((n_units, 0), dtype=np.bool_)
    stances = {}
    for group, verdict in zip(groups, verdicts, strict=True):
        if group.target is None:
            probabilities, decisions = verdict.shares, verdict.decided > 0
        else:
            decided = [group.values[value] for value in verdict.decided[:, 0]]
            stances[group.target] = (verdict.shares, decided)
    return Judgements(probabilities, decisions, np.ones_like(decisions), stances)
