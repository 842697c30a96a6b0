"""How much is coded: units, articles and sources behind every frame and stance value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from framing.coding.scheme import Codebook
from framing.schema import CodedUnit, Paragraph


@dataclass(frozen=True, slots=True)
class Extent:
    """Numbers of units, and of the articles and named sources that they are of."""

    n_units: int
    n_articles: int
    n_sources: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What a body of coded units holds.

    Attributes
    ----------
    whole : Extent
        All units.
    framed, unframed : Extent
        Units coded for at least one frame, and those of them that carry none they are coded for.
    frames : mapping of str to Extent
        Frame to the units that carry it.
    stances : mapping of str to mapping of str to Extent
        Target to value to the units that hold it.
    density : float
        Frames a unit, over units coded for frames; NaN if there are none.
    """

    whole: Extent
    framed: Extent
    unframed: Extent
    frames: Mapping[str, Extent]
    stances: Mapping[str, Mapping[str, Extent]]
    density: float


def tally_codes(units: Sequence[CodedUnit], codebook: Codebook) -> Tally:
    """Count coded units by frame and by stance value, in the order of the codebook.

    Examples
    --------
    >>> from framing.coding.scheme import Frame
    >>> from framing.schema import Coding
    >>> coded = [
    ...     CodedUnit(Paragraph("a:1", "a", "", 0, 0), Coding("a:1", frames={"lag": True})),
    ...     CodedUnit(Paragraph("a:2", "a", "", 0, 0), Coding("a:2", frames={"lag": False})),
    ... ]
    >>> tally = tally_codes(coded, Codebook("small", "1", frames=(Frame("lag", "Lag"),)))
    >>> tally.frames["lag"], tally.unframed.n_units, tally.density
    (Extent(n_units=1, n_articles=1, n_sources=0), 1, 0.5)
    """
    coded = [unit for unit in units if unit.coding.frames]
    present = sum(sum(unit.coding.frames.values()) for unit in coded)
    return Tally(
        whole=_measure(units),
        framed=_measure(coded),
        unframed=_measure(u for u in coded if not any(u.coding.frames.values())),
        frames={
            frame: _measure(u for u in units if u.coding.frames.get(frame))
            for frame in codebook.frame_ids
        },
        stances={
            target: {
                value: _measure(u for u in units if u.coding.stance.get(target) == value)
                for value in codebook.values(target)
            }
            for target in codebook.target_ids
        },
        density=present / len(coded) if coded else float("nan"),
    )


def _measure(units: Iterable[CodedUnit]) -> Extent:
    paragraphs: list[Paragraph] = [unit.paragraph for unit in units]
    return Extent(
        len(paragraphs),
        len({paragraph.article for paragraph in paragraphs}),
        len({paragraph.source for paragraph in paragraphs} - {None}),
    )
