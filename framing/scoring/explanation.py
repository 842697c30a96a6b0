"""Why a text got its labels: the log-odds split, without remainder, over its words and n-grams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from framing.schema import Evidence, Paragraph, StancePrediction
from framing.scoring.ngrams import Span

if TYPE_CHECKING:
    from framing.scoring.model import Model

TERMS_PER_LABEL = 5


@dataclass(frozen=True, slots=True)
class LabelExplanation:
    """How one label of one text came about.

    Attributes
    ----------
    label : str
        Frame id, or ``target=value``.
    probability : float
        Calibrated.
    threshold : float or None
        Probability from which a frame is present; None for a stance.
    present : bool
        Whether the label was given.
    intercept : float
        Score of a text without any known term.
    evidence : tuple of Evidence
        Every term that moved the score, the strongest first; with the intercept they sum to it.
    n_positive : int or None
        Units with the frame that it was learnt from; None for a stance.
    """

    label: str
    probability: float
    threshold: float | None
    present: bool
    intercept: float
    evidence: tuple[Evidence, ...]
    n_positive: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A text and the explanations of all its labels, frames first."""

    text: str
    labels: tuple[LabelExplanation, ...]


def find_evidence(
    model: Model,
    paragraph: Paragraph,
    frames: tuple[str, ...],
    stance: Mapping[str, StancePrediction],
) -> tuple[Evidence, ...]:
    """Find the strongest terms for the labels that a paragraph was given.

    A stance is explained against its target's neutral value; where it is neutral, not at all.
    """
    contrasts = {
        label: contrast
        for label, contrast in _contrasts(model, stance).items()
        if label in frames or ("=" in label and _is_taken(model, label, stance))
    }
    ranked = rank_terms(model, paragraph, contrasts, limit=TERMS_PER_LABEL)
    found = (term for terms in ranked.values() for term in terms)
    # A mention that the text lacks is a term without letters.
    return tuple(term for term in found if term.weight > 0 and term.term)


def explain_text(model: Model, text: str, mention: str | None = None) -> Explanation:
    """Explain every frame of a text, and the value predicted for each target."""
    paragraph = Paragraph("text", "text", text, 0, len(text), mention=mention)
    prediction = model.predict_paragraphs([paragraph])[0]
    frames, stance = prediction.frames or (), prediction.stance or {}
    probabilities = dict(prediction.probabilities or {})
    for target, found in stance.items():
        probabilities[f"{target}={found.value}"] = found.probabilities[found.value]
    thresholds = {head.id: head.threshold for head in model.frames}
    positives = {head.id: head.n_positive for head in model.frames}
    contrasts = _contrasts(model, stance)
    ranked = rank_terms(model, paragraph, contrasts)
    return Explanation(
        text,
        tuple(
            LabelExplanation(
                label,
                probabilities[label],
                thresholds.get(label),
                label in frames or _is_taken(model, label, stance),
                float(model.intercepts @ contrast),
                ranked[label],
                positives.get(label),
            )
            for label, contrast in contrasts.items()
        ),
    )


def _contrasts(
    model: Model, stance: Mapping[str, StancePrediction]
) -> dict[str, NDArray[np.float64]]:
    """Map each label to the combination (K,) of score columns that speaks for it."""
    identity = np.eye(len(model.intercepts))
    contrasts = {head.id: identity[i] for i, head in enumerate(model.frames)}
    for head in model.stances:
        if head.target not in stance:
            continue
        value = stance[head.target].value
        columns = range(len(model.intercepts))[model.columns(head.target)]
        contrast = identity[columns[head.values.index(value)]]
        if head.neutral is not None and value != head.neutral:
            contrast = contrast - identity[columns[head.values.index(head.neutral)]]
        contrasts[f"{head.target}={value}"] = contrast
    return contrasts


def _is_taken(model: Model, label: str, stance: Mapping[str, StancePrediction]) -> bool:
    """Tell whether a label is a stance other than its target's neutral value."""
    return any(
        head.target in stance
        and label == f"{head.target}={stance[head.target].value}"
        and stance[head.target].value != head.neutral
        for head in model.stances
    )


def rank_terms(
    model: Model,
    paragraph: Paragraph,
    contrasts: Mapping[str, NDArray[np.float64]],
    *,
    limit: int | None = None,
) -> dict[str, tuple[Evidence, ...]]:
    """Map each label to its terms, the strongest first, at most `limit` of them.

    Parameters
    ----------
    model : Model
    paragraph : Paragraph
    contrasts : mapping of str to array (K,)
        Label to the combination of score columns that speaks for it.
    limit : int, optional
    """
    if not contrasts:
        return {}
    text = paragraph.text
    occurrences = model.vectorizer.locate(text, paragraph.mention)
    added = occurrences.multiply(model.coefficients) @ np.column_stack(list(contrasts.values()))
    places, terms = _merge_terms(text, occurrences.spans)
    weights = np.zeros((len(places), len(contrasts)))
    np.add.at(weights, terms, added)
    return {
        label: tuple(_sort_terms(label, text, places, weights[:, column], limit))
        for column, label in enumerate(contrasts)
    }


def _merge_terms(text: str, spans: Sequence[Span]) -> tuple[list[Span], list[int]]:
    """Tell where each different term stands first, and which term each span is."""
    places: list[Span] = []
    numbers: dict[str, int] = {}
    known: dict[str, int] = {}
    terms = []
    for start, end in spans:
        raw = text[start:end]
        if raw not in known:
            place = _trim(text, (start, end))
            known[raw] = numbers.setdefault(text[place[0] : place[1]].lower(), len(places))
            if known[raw] == len(places):
                places.append(place)
        terms.append(known[raw])
    return places, terms


def _trim(text: str, span: Span) -> Span:
    """Leave out the punctuation that clings to a word, unless there is nothing else."""
    start, end = span
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return (start, end) if start < end else span


def _sort_terms(
    label: str,
    text: str,
    places: Sequence[Span],
    weights: NDArray[np.float64],
    limit: int | None,
) -> Iterator[Evidence]:
    starts = [start for start, _ in places]
    for term in np.lexsort(np.array([starts, -weights]))[:limit]:
        start, end = places[term]
        yield Evidence(label, text[start:end], float(weights[term]), start, end)
