"""What ours gains in average precision over a baseline, paired in every resample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from framing.learning.dataset import Dataset
from framing.learning.design import Resampling
from framing.learning.judgements import Judgements
from framing.measuring.intervals import ArticleResampler, Floats
from framing.measuring.judging.estimation import estimate_scores
from framing.measuring.judging.judges import FrameJudge
from framing.schema import Estimate

LEVEL = 0.95
_PRECISION = 3
"""Place of the average precision among the scores of a frame."""


@dataclass(frozen=True, slots=True, eq=False)
class PrecisionJudge:
    """Two systems on the same units, by their difference in average precision."""

    ours: FrameJudge
    theirs: FrameJudge

    def score(self, counts: Floats) -> Floats:
        """Subtract micro and macro average precision of theirs from ours: an array (b, 1, 2)."""
        gains = self.ours.score(counts) - self.theirs.score(counts)
        return gains[:, None, -2:, _PRECISION]

    def support(self) -> Floats:
        """Count the articles with a positive, on which both rest: an array (1, 2)."""
        return self.ours.support()[None, -2:, _PRECISION]


def compare_precisions(
    dataset: Dataset, ours: Judgements, theirs: Judgements, resampling: Resampling
) -> tuple[Estimate, ...]:
    """Return the gain in micro and in macro average precision of the frames."""
    coded = ~np.isnan(dataset.frames)
    kept = coded.any(axis=1)
    resampler = ArticleResampler.draw(list(dataset.groups[kept]), **resampling.begin())
    judges = (
        FrameJudge.prepare(
            (dataset.frames > 0)[kept],
            coded[kept],
            scores=said.probabilities[kept],
            decided=said.decisions[kept] & coded[kept],
            resampler=resampler,
        )
        for said in (ours, theirs)
    )
    width = int(coded.sum())
    table = estimate_scores(PrecisionJudge(*judges), resampler, level=LEVEL, width=width)
    return table.row(0, n_units=int(kept.sum()), n_articles=resampler.n_articles)
