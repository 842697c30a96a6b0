"""Several coders of one unit made into one coding, by majority in each cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from framing.schema import CodedUnit, Coding

MERGED_CODER = "majority"

V = TypeVar("V", bound=Hashable)
C = TypeVar("C", bound=Coding)


@dataclass(frozen=True, slots=True)
class Merged:
    """Units with one coding each, and what the merging cost.

    Attributes
    ----------
    units : list of CodedUnit
        In the order in which each was first met.
    cells : int
        Cells that any coder coded.
    tied : int
        Cells left uncoded, for no code had more coders than every other.
    """

    units: list[CodedUnit]
    cells: int
    tied: int


def merge_coders(units: Iterable[CodedUnit]) -> Merged:
    """Merge the codings of each unit by majority a cell; a tie is left uncoded.

    A cell is a unit and a frame, or a unit and a stance target. Coders who left it uncoded do not
    vote. A unit with one coder keeps its coding as it is.

    Examples
    --------
    >>> from framing.schema import Paragraph
    >>> unit = Paragraph("1", "a", "text", 0, 4)
    >>> votes = [("ann", True), ("bo", True), ("cy", False)]
    >>> coded = [CodedUnit(unit, Coding("1", coder, {"risk": vote})) for coder, vote in votes]
    >>> merge_coders(coded).units[0].coding.frames
    {'risk': True}
    """
    grouped: dict[str, list[CodedUnit]] = {}
    for unit in units:
        grouped.setdefault(unit.paragraph.id, []).append(unit)
    codings, cells, tied = merge_codings(u.coding for group in grouped.values() for u in group)
    merged = [
        CodedUnit(group[0].paragraph, coding)
        for group, coding in zip(grouped.values(), codings, strict=True)
    ]
    return Merged(merged, cells, tied)


def merge_codings(codings: Iterable[C]) -> tuple[list[C], int, int]:
    """Merge codings by unit; returns them, the number of cells, and of tied cells."""
    grouped: dict[str, list[C]] = {}
    for coding in codings:
        grouped.setdefault(coding.unit, []).append(coding)
    merged, cells, tied = [], 0, 0
    for group in grouped.values():
        frames, frame_ties = _vote([coding.frames for coding in group])
        stance, stance_ties = _vote([coding.stance for coding in group])
        coder = group[0].coder if len(group) == 1 else MERGED_CODER
        merged.append(replace(group[0], coder=coder, frames=frames, stance=stance))
        tied += frame_ties + stance_ties
        cells += len(frames) + len(stance) + frame_ties + stance_ties
    return merged, cells, tied


def _vote(ballots: Sequence[Mapping[str, V]]) -> tuple[dict[str, V], int]:
    """Count each cell's codes; returns the winners and the number of ties."""
    votes: dict[str, Counter[V]] = {}
    for ballot in ballots:
        for cell, code in ballot.items():
            votes.setdefault(cell, Counter())[code] += 1
    winners = {
        cell: counts.most_common(1)[0][0] for cell, counts in votes.items() if _is_won(counts)
    }
    return winners, len(votes) - len(winners)


def _is_won(counts: Counter[V]) -> bool:
    best = counts.most_common(2)
    return len(best) == 1 or best[0][1] > best[1][1]
