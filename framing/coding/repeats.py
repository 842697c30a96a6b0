"""A unit that one coder coded twice: exact repeats are dropped, contradictions refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from framing.schema import Coding, CodingError, Problem, ProblemSink

if TYPE_CHECKING:
    from collections.abc import Iterable

C = TypeVar("C", bound=Coding)


def combine_repeats(
    codings: Iterable[tuple[str, C]], *, report: ProblemSink | None = None
) -> list[C]:
    """Return one coding a unit and coder, in the order in which each was first met.

    Rows that code different cells of a unit add up. A row that adds nothing is reported as lost.

    Parameters
    ----------
    codings : iterable of (str, Coding)
        Each with its place, ``file, row N``.
    report : callable, optional

    Raises
    ------
    CodingError
        If two rows of one coder give one cell different codes.

    Examples
    --------
    >>> first, second = Coding("1", stance={"x": "pro"}), Coding("1", frames={"f": True})
    >>> combine_repeats([("a, row 2", first), ("a, row 3", second)])
    [Coding(unit='1', coder='', frames={'f': True}, stance={'x': 'pro'})]
    """
    seen: dict[tuple[str, str], tuple[str, C]] = {}
    for place, coding in codings:
        key = (coding.unit, coding.coder)
        if key not in seen:
            seen[key] = (place, coding)
            continue
        first_place, first = seen[key]
        _refuse_contradiction(first_place, first, place, coding)
        if (
            coding.frames.keys() <= first.frames.keys()
            and coding.stance.keys() <= first.stance.keys()
        ):
            if report:
                report(Problem(place, f"repeats '{coding.unit}' of {first_place}", coding.unit))
            continue
        both = replace(
            first,
            frames={**first.frames, **coding.frames},
            stance={**first.stance, **coding.stance},
        )
        seen[key] = (first_place, both)
    return [coding for _, coding in seen.values()]


def _refuse_contradiction(first_place: str, first: Coding, place: str, second: Coding) -> None:
    frames = [f for f in first.frames if second.frames.get(f, first.frames[f]) != first.frames[f]]
    targets = [t for t in first.stance if second.stance.get(t, first.stance[t]) != first.stance[t]]
    if not frames and not targets:
        return
    cell = f"frame '{frames[0]}'" if frames else f"stance '{targets[0]}'"
    coder = f" by coder '{first.coder}'" if first.coder else ""
    raise CodingError(
        f"'{second.unit}' is coded twice{coder} with different codes for {cell} "
        f"(the first is {first_place})",
        where=place,
        fix="delete one, or name the two coders in a column 'coder'",
    )
