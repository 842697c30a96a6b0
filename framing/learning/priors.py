"""What the codebook says of its frames, as units to learn from where codings are scarce.

Each frame's name, definition, inclusion rules and cue terms count as small units that carry this
frame and no other: labelled features turned into pseudo-instances, after Druck, Mann & McCallum
(2008), *Learning from labeled features*, in the simplest of its forms. Letters: q pseudo-units,
F frames.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framing.coding.scheme import Codebook, Frame


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """Pseudo-units: their texts, and which frame each carries, an array (q, F) of 0 and 1."""

    texts: tuple[str, ...]
    frames: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of pseudo-units."""
        return len(self.texts)


def read_prior(codebook: Codebook) -> Prior:
    """Take what a codebook says of each frame apart into pseudo-units.

    A codebook that was inferred from data names its frames and says nothing of them: it gives none.

    Examples
    --------
    >>> lag = Frame("lag", "Lag", "Somebody is late.", cues=("behind", "delay*"))
    >>> read_prior(Codebook("small", "1.0.0", frames=(lag,))).texts
    ('Lag', 'Somebody is late.', 'behind', 'delay')
    """
    told = [list(_quote(frame)) for frame in codebook.frames]
    columns = [column for column, texts in enumerate(told) for _ in texts]
    frames = np.eye(len(told))[columns] if columns else np.zeros((0, len(told)))
    return Prior(tuple(text for texts in told for text in texts), frames)


def _quote(frame: Frame) -> Iterator[str]:
    if not (frame.definition or frame.include or frame.cues):
        return
    yield frame.name
    if frame.definition:
        yield frame.definition
    yield from frame.include
    yield from (cue.rstrip("*") for cue in frame.cues)
