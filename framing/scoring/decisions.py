"""What a model decides on n units: frames present, frames in doubt, a value for each target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from framing.scoring.model import Model, Scores
    from framing.scoring.textcolumns import Texts


@dataclass(frozen=True, slots=True)
class Decisions:
    """Probabilities of n units and what follows from them.

    Attributes
    ----------
    scores : Scores
    present : array (n, F) of bool
        Frames whose probability reaches their threshold.
    doubtful : array (n, F) of bool
        Frames that training promises too little of, either way.
    chosen : mapping of str to array (n,) of int
        Target to the place of the value decided for.
    """

    scores: Scores
    present: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]
    chosen: Mapping[str, NDArray[np.intp]]


def decide(model: Model, texts: Texts, mentions: Sequence[str | None] | None = None) -> Decisions:
    """Score n texts and decide on their labels.

    Parameters
    ----------
    model : Model
    texts : n strings, in a sequence or an Arrow array
    mentions : sequence of n str or None, optional
        How each text names the target that a stance is asked for.
    """
    scores = model.score(texts, mentions)
    doubtful = np.zeros(scores.frames.shape, dtype=np.bool_)
    for column, head in enumerate(model.frames):
        doubtful[:, column] = head.doubt(scores.frames[:, column])
    return Decisions(
        scores,
        scores.frames >= np.array([head.threshold for head in model.frames]),
        doubtful,
        {head.target: head.decide(scores.stances[head.target]) for head in model.stances},
    )
