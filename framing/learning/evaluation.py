"""A trained model against codings that it has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from framing.coding.scheme import Codebook
from framing.learning.dataset import Dataset, IntArray, build_dataset, find_known
from framing.learning.design import Design
from framing.learning.judgements import Judgements, judge_promises, measure_frames, measure_stances
from framing.measuring.judging.promises import Promise
from framing.measuring.judging.reports import FrameReport, StanceReport
from framing.schema import CodedUnit, Described, InputError
from framing.scoring.model import Model

_BATCH = 1024


@dataclass(frozen=True, slots=True)
class EvaluationReport(Described):
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
    n_known_articles : int or None
        Those with texts that the model was trained on; the figures are only fair where there are
        none. None where the model does not say what it was trained on.
    precision : float or None
        What sure decisions promise, 0-1; None where the model does not say.
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
    n_known_articles: int | None
    precision: float | None
    left_out: Mapping[str, int]


def evaluate(
    model: Model, units: Sequence[CodedUnit], *, design: Design | None = None
) -> EvaluationReport:
    """Measure a model on coded units, with article-bootstrap intervals.

    Labels that the model does not predict, stance values that it does not know, and stances toward
    a mention where a unit names none, are left out.

    Raises
    ------
    InputError
        If no unit is coded for anything that the model predicts.
    """
    named = [_drop_nameless(model, u) for u in units if u.paragraph.kind != "boilerplate"]
    kept = [unit for unit, _ in named]
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
        n_known_articles=_count_known(model, dataset, dataset.groups[coded]),
        precision=model.training.get("precision"),
        left_out={
            "boilerplate": len(units) - len(kept),
            "not coded for what the model predicts": int((~coded).sum()),
            "stance codes that the model does not know": _count_unknown(model, kept),
            "stance codes of units that name no target": sum(lost for _, lost in named),
        },
    )


def _drop_nameless(model: Model, unit: CodedUnit) -> tuple[CodedUnit, int]:
    """Drop the stances that a model tells of named targets alone, where a unit names none."""
    if unit.paragraph.mention and unit.paragraph.mention.strip():
        return unit, 0
    asked = {head.target for head in model.stances if head.mentioned}
    codes = unit.coding.stance
    stance = {target: value for target, value in codes.items() if target not in asked}
    return replace(unit, coding=replace(unit.coding, stance=stance)), len(codes) - len(stance)


def _count_known(model: Model, dataset: Dataset, articles: IntArray) -> int | None:
    """Count the articles that a model was trained on, if it says so, among some."""
    hashes = model.training.get("texts")
    if hashes is None:
        return None
    return len(np.intersect1d(find_known(dataset, set(hashes)), articles))


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
