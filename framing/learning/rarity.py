"""What is too rare to learn: left out before training, and said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from framing.coding.scheme import Codebook, StanceTarget
from framing.schema import CodedUnit, Coding, InputError

FEWEST_UNITS = 5
"""A frame needs as many units with it and as many without it; a stance value, with it."""

RELIABLE_UNITS = 10
"""What is learnt of a frame that fewer units carry is not reliable."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A frame, target or stance value that could not be learnt, and why."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Learnable:
    """The units and the part of the codebook that training can use, and what it cannot."""

    units: tuple[CodedUnit, ...]
    codebook: Codebook
    skipped: tuple[Skipped, ...]


def leave_out_rare(units: Sequence[CodedUnit], codebook: Codebook) -> Learnable:
    """Leave out frames, stance values and targets that too few units can teach.

    Raises
    ------
    InputError
        If nothing is left.
    """
    skipped = [*_find_rare_frames(units, codebook), *_find_rare_values(units, codebook)]
    labels = {skip.label for skip in skipped}
    frames = tuple(frame for frame in codebook.frames if frame.id not in labels)
    targets: list[StanceTarget] = []
    for target in codebook.targets:
        values = tuple(v for v in target.values if f"{target.id}={v.id}" not in labels)
        neutral = target.neutral if target.neutral in {value.id for value in values} else None
        if len(values) >= 2:
            targets.append(replace(target, values=values, neutral=neutral))
        else:
            skipped.append(Skipped(target.id, "fewer than two values can be learnt"))
    if not frames and not targets:
        why = "; ".join(f"{skip.label}: {skip.reason}" for skip in skipped[:5])
        raise InputError(f"nothing can be learnt ({why})", fix="code more units")
    learnable = replace(codebook, frames=frames, targets=tuple(targets))
    kept = tuple(_restrict(unit, learnable) for unit in units)
    return Learnable(
        tuple(unit for unit in kept if unit.coding.frames or unit.coding.stance),
        learnable,
        tuple(skipped),
    )


def _find_rare_frames(units: Sequence[CodedUnit], codebook: Codebook) -> list[Skipped]:
    skipped = []
    for frame in codebook.frame_ids:
        codes = Counter(u.coding.frames[frame] for u in units if frame in u.coding.frames)
        for code, word in ((True, "with"), (False, "without")):
            if codes[code] < FEWEST_UNITS:
                reason = f"{codes[code]} units {word} it, {FEWEST_UNITS} are needed"
                skipped.append(Skipped(frame, reason))
                break
    return skipped


def _find_rare_values(units: Sequence[CodedUnit], codebook: Codebook) -> list[Skipped]:
    skipped = []
    for target in codebook.target_ids:
        codes = Counter(u.coding.stance.get(target) for u in units)
        for value in codebook.values(target):
            if codes[value] < FEWEST_UNITS:
                reason = f"{codes[value]} units with it, {FEWEST_UNITS} are needed"
                skipped.append(Skipped(f"{target}={value}", reason))
    return skipped


def _restrict(unit: CodedUnit, codebook: Codebook) -> CodedUnit:
    """Drop the codes that cannot be learnt."""
    frames = {f: code for f, code in unit.coding.frames.items() if f in codebook.frame_ids}
    stance = {
        target: value
        for target, value in unit.coding.stance.items()
        if target in codebook.target_ids and value in codebook.values(target)
    }
    return CodedUnit(
        unit.paragraph, Coding(unit.coding.unit, unit.coding.coder, frames=frames, stance=stance)
    )
