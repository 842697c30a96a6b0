"""A trained model against codings that it has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from framing.coding.scheme import Codebook
from framing.learning.dataset import Dataset, build_dataset, hash_articles
from framing.learning.design import Design
from framing.learning.judgements import Judgements, judge_promises, measure_frames, measure_stances
from framing.measuring.promises import Promise
from framing.measuring.reports import FrameReport, StanceReport
from framing.schema import CodedUnit, InputError, describe
from framing.scoring.model import Model

_BATCH = 1024


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """How well a model judges coded units.

    Attributes
    ----------
    model, codebook, data : str
        Content hashes.
    frames : FrameReport or None
    promises : mapping of str to Promise
        How the sure decisions did; empty where the model promises nothing.
    stances : mapping of str to StanceReport
    n_units, n_articles : int
    n_known_articles : int
        Those that the model was trained on; the figures are only fair where there are none.
    left_out : mapping of str to int
        Why units or codes were not used, to how many they were.
    """

    model: str
    codebook: str
    data: str
    frames: FrameReport | None
    promises: Mapping[str, Promise]
    stances: Mapping[str, StanceReport]
    n_units: int
    n_articles: int
    n_known_articles: int
    left_out: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        content: dict[str, Any] = describe(self)
        return content


def evaluate(
    model: Model, units: Sequence[CodedUnit], *, design: Design | None = None
) -> EvaluationReport:
    """Measure a model on coded units, with article-bootstrap intervals.

    Labels that the model does not predict, and stance values that it does not know, are left out.

    Raises
    ------
    InputError
        If no unit is coded for anything that the model predicts.
    """
    kept = [unit for unit in units if unit.paragraph.kind != "boilerplate"]
    dataset = build_dataset(kept, restrict_codebook(model))
    coded = (
        ~np.isnan(dataset.frames).all(axis=1) if dataset.frame_ids else np.zeros(len(kept), bool)
    )
    for stance in dataset.stances:
        coded = coded | (stance.codes >= 0)
    if not coded.any():
        raise InputError(
            "no unit is coded for anything that the model predicts",
            fix="use data coded with the model's codebook",
        )
    judged = judge(model, dataset)
    resampling = (design or Design()).resampling
    return EvaluationReport(
        model=model.hash,
        codebook=model.codebook.hash,
        data=dataset.hash,
        frames=measure_frames(dataset, judged, resampling),
        promises=judge_promises(dataset, judged, resampling) if model.promises else {},
        stances=measure_stances(dataset, judged, resampling),
        n_units=int(coded.sum()),
        n_articles=len(set(dataset.groups[coded])),
        n_known_articles=len(
            set(hash_articles(dataset.articles)) & set(model.training.get("articles", ()))
        ),
        left_out={
            "boilerplate": len(units) - len(kept),
            "not coded for what the model predicts": int((~coded).sum()),
            "stance codes that the model does not know": _count_unknown(model, kept),
        },
    )


def _count_unknown(model: Model, units: Sequence[CodedUnit]) -> int:
    """Count codes of values that a target's head lacks: the model is wrong there, unmeasured."""
    values = {head.target: head.values for head in model.stances}
    codes = [item for unit in units for item in unit.coding.stance.items()]
    return sum(value not in values[target] for target, value in codes if target in values)


def restrict_codebook(model: Model) -> Codebook:
    """Return the part of a model's codebook that it predicts."""
    values = {head.target: set(head.values) for head in model.stances}
    return replace(
        model.codebook,
        frames=tuple(f for f in model.codebook.frames if f.id in model.frame_ids),
        targets=tuple(
            replace(
                target,
                values=tuple(v for v in target.values if v.id in values[target.id]),
                neutral=target.neutral if target.neutral in values[target.id] else None,
            )
            for target in model.codebook.targets
            if target.id in values
        ),
    )


def judge(model: Model, dataset: Dataset) -> Judgements:
    """Let a model judge every unit of a dataset laid out by its own codebook."""
    starts = range(0, len(dataset), _BATCH)
    scores = [
        model.score(dataset.texts[start : start + _BATCH], dataset.mentions[start : start + _BATCH])
        for start in starts
    ]
    probabilities = np.vstack([part.frames for part in scores])
    stances = {}
    for head in model.stances:
        shares = np.vstack([part.stances[head.target] for part in scores])
        stances[head.target] = (shares, [head.values[best] for best in head.decide(shares)])
    thresholds = np.array([head.threshold for head in model.frames])
    sure = np.ones_like(probabilities, dtype=np.bool_)
    for column, frame_head in enumerate(model.frames):
        sure[:, column] = ~frame_head.doubt(probabilities[:, column])
    return Judgements(probabilities, probabilities >= thresholds, sure, stances)
