"""Hand codings laid beside predictions, unit by unit.

n units, K labels.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from framing.measuring.intervals import Floats
from framing.measuring.predictions import Label
from framing.schema import CodedUnit, InputError, Paragraph

UnitKey = str | tuple[str, str]
"""How a coded unit can be told: by its id, or by its article and text."""


@dataclass(frozen=True, slots=True, eq=False)
class Gold:
    """What people decided of the units of a table.

    Attributes
    ----------
    truth : array (n, K)
        1 present, 0 absent, NaN not coded.
    weights : array (n,)
        What a coding stands for; 1 where nothing else is known.
    n_matched, n_unmatched : int
        Units of the table that are coded, and coded units that are not in it.
    n_learnt : int
        Codings left out because the model learnt from their texts.
    """

    truth: Floats
    weights: Floats
    n_matched: int
    n_unmatched: int
    n_learnt: int = 0

    @classmethod
    def empty(cls, n_units: int, n_labels: int) -> Gold:
        """Return a table of units that no one coded."""
        return cls(np.full((n_units, n_labels), np.nan), np.ones(n_units), 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class UnitNames:
    """How units can be told: lists of n ids, articles and texts; None where there is none."""

    ids: Sequence[str | None]
    articles: Sequence[str | None]
    texts: Sequence[str | None]

    def find(self, paragraphs: Sequence[Paragraph]) -> list[int | None]:
        """Find each paragraph's unit by id or else by article and text: its place, or None."""
        by_id = {name: place for place, name in enumerate(self.ids) if name}
        keys = zip(self.articles, self.texts, strict=True)
        by_text = {key: place for place, key in enumerate(keys)}
        return [by_id.get(p.id, by_text.get((p.article, p.text))) for p in paragraphs]


def match_codings(
    names: UnitNames,
    labels: Sequence[Label],
    codings: Sequence[CodedUnit],
    weights: Mapping[UnitKey, float] | None = None,
    *,
    learnt: Collection[int] = (),
) -> Gold:
    """Lay codings beside the units that they are of, by id or else by article and text.

    Parameters
    ----------
    names : UnitNames
    labels : sequence of K Label
    codings : sequence of CodedUnit
        One a unit; of several that code the same label the last counts, and what codes nothing
        (a row of a sheet still blank) counts for nothing.
    weights : mapping of UnitKey to float, optional
        What a coded unit stands for: one over its chance to be drawn.
    learnt : collection of int
        Places of units whose article the model learnt from. Their codings are left out: the model
        knows them, so that they do not show how far it is off elsewhere.

    Raises
    ------
    InputError
        If no coding fits a unit, all that fit are of texts that the model learnt from, none codes a
        label that was predicted, or weights are given but not to all that fit.
    """
    coded = [unit for unit in codings if unit.coding.frames or unit.coding.stance]
    places = names.find([unit.paragraph for unit in coded])
    found = [(at, unit) for at, unit in zip(places, coded, strict=True) if at is not None]
    kept = [(at, unit) for at, unit in found if at not in learnt]
    _check_matches(len(coded), len(found), len(kept))
    gold = Gold.empty(len(names.ids), len(labels))
    for at, unit in kept:
        for k, label in enumerate(labels):
            code = _read_code(unit, label)
            if code is not None:
                gold.truth[at, k] = code
    if np.isnan(gold.truth).all():
        raise InputError(
            "the hand codings name no label that was predicted",
            fix="code with the codebook that the model was trained with",
        )
    matched = {at: _find_weight(unit.paragraph, weights or {}) for at, unit in kept}
    gold.weights[list(matched)] = _check_weights(list(matched.values()), given=bool(weights))
    n_unmatched, n_learnt = len(coded) - len(found), len({at for at, _ in found} & set(learnt))
    return Gold(gold.truth, gold.weights, len(matched), n_unmatched, n_learnt)


def _check_matches(n_coded: int, n_found: int, n_kept: int) -> None:
    if not n_found:
        raise InputError(
            f"none of {n_coded} hand-coded units is among those predicted",
            fix="code units of the predictions (framing plan draws them), and keep their ids",
        )
    if not n_kept:
        raise InputError(
            f"all {n_found} hand codings are of texts that the model learnt from",
            fix="code other texts: of these the model knows the answers",
        )


def _find_weight(paragraph: Paragraph, weights: Mapping[UnitKey, float]) -> float | None:
    """Find a weight as units are found: by id, or else by article and text."""
    return weights.get(paragraph.id, weights.get((paragraph.article, paragraph.text)))


def _check_weights(weights: Sequence[float | None], *, given: bool) -> list[float]:
    """Refuse weights that some lack: what stands for one unit beside others is unknown."""
    lacking = sum(weight is None for weight in weights)
    if given and lacking:
        told = "the others have one" if lacking < len(weights) else "those given are of others"
        raise InputError(
            f"{lacking} of {len(weights)} hand-coded units have no weight, {told}",
            fix="give each its id and its weight or inclusion_probability, or none of them",
        )
    return [1.0 if weight is None else weight for weight in weights]


def _read_code(unit: CodedUnit, label: Label) -> bool | None:
    """Tell whether the label is present; None where it was not coded."""
    coding = unit.coding
    if label.kind == "stance":
        value = coding.stance.get(label.target)
        return None if value is None else value == label.value
    return coding.frames.get(label.name)
