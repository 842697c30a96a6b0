"""A trained model: from paragraphs to calibrated probabilities, frames, stances and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from framing.coding.scheme import Codebook
from framing.schema import Paragraph, Prediction, StancePrediction
from framing.scoring.decisions import decide
from framing.scoring.explanation import Explanation, explain_text, find_evidence
from framing.scoring.heads import FrameHead, StanceHead
from framing.scoring.items import Item, list_units
from framing.scoring.scorers import Scorer, make_scorer
from framing.scoring.vectorizing import Vectorizer

if TYPE_CHECKING:
    import pandas as pd

    from framing.scoring.textcolumns import Texts

FloatArray = NDArray[np.float64]
_BATCH = 4096


@dataclass(frozen=True, slots=True)
class Scores:
    """Probabilities of n units.

    Attributes
    ----------
    frames : array (n, F)
        In the order of the model's frame heads.
    stances : mapping of str to array (n, V)
        Target to the probabilities of its values.
    """

    frames: FloatArray
    stances: Mapping[str, FloatArray]


@dataclass(frozen=True, eq=False)
class Model:
    """Everything that a prediction depends on; comes from ``framing.train`` or ``framing.load``.

    Attributes
    ----------
    codebook : Codebook
    vectorizer : Vectorizer
    frames : tuple of FrameHead
        F frames; a frame of the codebook that could not be learnt is not among them.
    stances : tuple of StanceHead
        T targets.
    coefficients : array (V, K)
        One column a frame, then one a value of each target.
    intercepts : array (K,)
    training : mapping
        How it was trained and how well it did, as JSON-ready values.
    hash : str
        First 12 hexadecimal digits of the SHA-256 of the whole content.
    """

    codebook: Codebook
    vectorizer: Vectorizer
    frames: tuple[FrameHead, ...]
    stances: tuple[StanceHead, ...]
    coefficients: NDArray[np.float32]
    intercepts: FloatArray
    training: Mapping[str, Any]
    hash: str = ""

    @property
    def frame_ids(self) -> tuple[str, ...]:
        """Ids of the frames that it predicts."""
        return tuple(head.id for head in self.frames)

    @property
    def sees_mentions(self) -> bool:
        """Whether it predicts a stance toward whatever a unit's mention names."""
        return any(head.mentioned for head in self.stances)

    @cached_property
    def makers(self) -> tuple[str, str]:
        """Hashes of the model and of its codebook, which every prediction bears."""
        return self.hash, self.codebook.hash

    @property
    def promises(self) -> bool:
        """Whether it tells sure decisions on frames from uncertain ones."""
        return any(head.band is not None for head in self.frames)

    def columns(self, target: str) -> slice:
        """Return the columns of a target's values among the coefficients."""
        start = len(self.frames)
        for head in self.stances:
            if head.target == target:
                return slice(start, start + len(head.values))
            start += len(head.values)
        raise KeyError(target)

    @cached_property
    def scorer(self) -> Scorer:
        """What scores texts; made when first needed."""
        return make_scorer(self)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "scorer"}

    def compute_logits(
        self,
        texts: Texts,
        mentions: Sequence[str | None] | None = None,
    ) -> FloatArray:
        """Return the raw scores of n texts, (n, K), before calibration.

        Raises
        ------
        InputError
            If a text of an Arrow array is null or no sound UTF-8.
        """
        return self.scorer.compute_logits(texts, mentions)

    def score(self, texts: Texts, mentions: Sequence[str | None] | None = None) -> Scores:
        """Return the calibrated probabilities of n texts.

        Parameters
        ----------
        texts : n strings, in a sequence or an Arrow array
        mentions : sequence of n str or None, optional
            How each text names the target that a stance is asked for.
        """
        logits = self.compute_logits(texts, mentions)
        columns = [head.calibrate(logits[:, i]) for i, head in enumerate(self.frames)]
        return Scores(
            np.column_stack(columns) if columns else np.empty((len(texts), 0)),
            {s.target: s.calibrate(logits[:, self.columns(s.target)]) for s in self.stances},
        )

    def predict_paragraphs(
        self, paragraphs: Sequence[Paragraph], *, evidence: bool = True
    ) -> list[Prediction]:
        """Predict n units, in order; boilerplate is passed through unscored."""
        scored = [p for p in paragraphs if p.kind != "boilerplate"]
        predictions = iter(self._predict_scored(scored, evidence=evidence))
        return [
            Prediction(paragraph, None, None, None, (), *self.makers)
            if paragraph.kind == "boilerplate"
            else next(predictions)
            for paragraph in paragraphs
        ]

    def _predict_scored(
        self, paragraphs: list[Paragraph], *, evidence: bool
    ) -> Iterator[Prediction]:
        if not paragraphs:
            return
        found = decide(self, [p.text for p in paragraphs], [p.mention for p in paragraphs])
        scores = found.scores
        for row, paragraph in enumerate(paragraphs):
            frames = tuple(
                h.id for h, on in zip(self.frames, found.present[row], strict=True) if on
            )
            stance = {
                head.target: StancePrediction(
                    head.values[found.chosen[head.target][row]],
                    dict(zip(head.values, scores.stances[head.target][row].tolist(), strict=True)),
                )
                for head in self.stances
                if paragraph.mention is not None or not head.mentioned
            }
            doubts = tuple(
                h.id for h, on in zip(self.frames, found.doubtful[row], strict=True) if on
            )
            yield Prediction(
                paragraph,
                frames,
                dict(zip(self.frame_ids, scores.frames[row].tolist(), strict=True)),
                stance,
                find_evidence(self, paragraph, frames, stance) if evidence else (),
                *self.makers,
                doubts if self.promises else None,
            )

    def predict(self, items: Item | Iterable[Item] | pd.DataFrame) -> pd.DataFrame:
        """Predict texts (one unit each), articles (cut into paragraphs) or paragraphs.

        Parameters
        ----------
        items : str, Article, Paragraph, iterable of them, or DataFrame
            Of a DataFrame each row is one unit: a column ``text``, and perhaps ``target`` and
            metadata, as ``framing predict --unit row`` reads them.

        Returns
        -------
        DataFrame
            One row a unit, in input order, with the columns of ``framing predict -o FILE.csv``.

        Raises
        ------
        InputError
            If an item is none of these, or a row has no text.
        """
        import pyarrow as pa

        from framing.scoring.predicting import predict_batch
        from framing.text.unitbatches import pack_units

        units = list_units(items)
        batches = [predict_batch(self, pack_units(()))]  # without rows, but with all columns
        while batch := list(islice(units, _BATCH)):
            batches.append(predict_batch(self, pack_units(batch)))
        table: pd.DataFrame = pa.Table.from_batches(batches).to_pandas()
        return table

    def explain(self, text: str, mention: str | None = None) -> Explanation:
        """Say how each word of a text moved each frame and stance."""
        return explain_text(self, text, mention)
