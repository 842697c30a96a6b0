"""Hand codings laid beside predictions, unit by unit.

n units, K labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from framing.measuring.intervals import Floats
from framing.measuring.predictions import Label
from framing.schema import CodedUnit, InputError


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
    """

    truth: Floats
    weights: Floats
    n_matched: int
    n_unmatched: int

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


def match_codings(
    names: UnitNames,
    labels: Sequence[Label],
    codings: Sequence[CodedUnit],
    weights: Mapping[str, float] | None = None,
) -> Gold:
    """Lay codings beside the units that they are of, by id or else by article and text.

    Parameters
    ----------
    names : UnitNames
    labels : sequence of K Label
    codings : sequence of CodedUnit
        One a unit; of several that code the same label the last counts, and what codes nothing
        (a row of a sheet still blank) counts for nothing.
    weights : mapping of str to float, optional
        Id of a coded unit to what it stands for: one over its chance to be drawn.

    Raises
    ------
    InputError
        If no coding fits a unit, none codes a label that was predicted, or some of those that fit
        have a weight and others have none.
    """
    gold = Gold.empty(len(names.ids), len(labels))
    by_id = {name: place for place, name in enumerate(names.ids) if name}
    by_text = {
        key: place for place, key in enumerate(zip(names.articles, names.texts, strict=True))
    }
    matched: dict[int, float | None] = {}
    unmatched = 0
    coded = [unit for unit in codings if unit.coding.frames or unit.coding.stance]
    for unit in coded:
        paragraph = unit.paragraph
        place = by_id.get(paragraph.id, by_text.get((paragraph.article, paragraph.text)))
        if place is None:
            unmatched += 1
            continue
        matched[place] = (weights or {}).get(paragraph.id)
        for k, label in enumerate(labels):
            code = _read_code(unit, label)
            if code is not None:
                gold.truth[place, k] = code
    if not matched:
        raise InputError(
            f"none of {len(coded)} hand-coded units is among those predicted",
            fix="code units of the predictions (framing plan draws them), and keep their ids",
        )
    if np.isnan(gold.truth).all():
        raise InputError(
            "the hand codings name no label that was predicted",
            fix="code with the codebook that the model was trained with",
        )
    gold.weights[list(matched)] = _check_weights(list(matched.values()))
    return Gold(gold.truth, gold.weights, len(matched), unmatched)


def _check_weights(weights: Sequence[float | None]) -> list[float]:
    """Refuse weights that only some have: what stands for one unit beside others is unknown."""
    lacking = sum(weight is None for weight in weights)
    if 0 < lacking < len(weights):
        raise InputError(
            f"{lacking} of {len(weights)} hand-coded units have no weight, the others have one",
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
