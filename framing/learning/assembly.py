"""Fitted labels put together into one model: all their coefficients, on the blocks of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from framing.coding.scheme import Codebook
from framing.learning.counting import Counts
from framing.learning.crossfitting import Job
from framing.learning.dataset import Float32
from framing.learning.fitting import LinearScores
from framing.scoring.model import Model
from framing.scoring.recipe import FeatureRecipe, NgramBlock
from framing.scoring.vectorizing import Vectorizer


def assemble_model(
    counts: Counts,
    fitted: Sequence[tuple[Job, LinearScores]],
    *,
    n_units: int,
    codebook: Codebook,
) -> Model:
    """Build a model of what was fitted on all `n_units`, in the order given, without heads yet.

    Every block stands once, however many labels use it; terms without idf are left out.
    """
    rows = np.arange(n_units)
    recipe = FeatureRecipe(
        tuple(dict.fromkeys(block for job, _ in fitted for block in job.candidate.features.blocks))
    )
    blocks = counts.select(recipe)
    starts = np.cumsum([0, *(len(block.terms) for block in blocks)])
    places = {
        block.block: slice(start, stop)
        for block, start, stop in zip(blocks, starts[:-1], starts[1:], strict=True)
    }
    columns = [
        _lay_out(scores, job.candidate.features, places, n_features=int(starts[-1]))
        for job, scores in fitted
    ]
    kept = np.concatenate([block.weigh(rows) > 0 for block in blocks])
    return Model(
        codebook=codebook,
        vectorizer=Vectorizer([block.fit(rows) for block in blocks]),
        frames=(),
        stances=(),
        coefficients=np.hstack(columns)[kept],
        intercepts=np.concatenate([scores.intercepts for _, scores in fitted]),
        training={},
    )


def _lay_out(
    fitted: LinearScores,
    recipe: FeatureRecipe,
    places: Mapping[NgramBlock, slice],
    *,
    n_features: int,
) -> Float32:
    """Put a label's coefficients where its blocks stand among those of all labels."""
    whole = np.zeros((n_features, fitted.coefficients.shape[1]), np.float32)
    start = 0
    for block in recipe.blocks:
        place = places[block]
        end = start + place.stop - place.start
        whole[place] = fitted.coefficients[start:end]
        start = end
    return whole
