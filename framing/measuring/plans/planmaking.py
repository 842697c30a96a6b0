"""From predictions to a plan of hand coding.

Strata are source x period within the two cells compared, small ones pooled. The frame that needs
most articles decides, among those for which the archive is large enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from framing.measuring.archives import Archive, find_days, read_archive
from framing.measuring.intervals import Codes
from framing.measuring.periods import check_over
from framing.measuring.plans.plan import CodingPlan, FrameNeed, StratumPlan
from framing.measuring.plans.planning import (
    FEWEST_A_CELL,
    FEWEST_A_STRATUM,
    Aim,
    DifferenceVariance,
    allocate,
    build_design,
    pool_small,
    set_minima,
)
from framing.measuring.plans.sampling import draw_sample
from framing.measuring.plans.sides import NO_DATE, TwoCells, find_cells
from framing.measuring.predictions import find_labels
from framing.measuring.rates import divide
from framing.schema import InputError

if TYPE_CHECKING:
    import pandas as pd

SMALL = 10
"""Strata with fewer articles are pooled within their cell."""

POOLED = "(small ones together)"
ALL = "(all)"


def plan_coding(
    predictions: pd.DataFrame,
    aim: Aim | float,
    *,
    between: Sequence[str] = (),
    over: str = "year",
    frame: str | None = None,
    seed: int = 0,
) -> CodingPlan:
    """Plan how many articles to code by hand, and draw them.

    Parameters
    ----------
    predictions : pandas.DataFrame
        Output of ``framing predict``.
    aim : Aim or float
        A number is the change of a share to find, with a power of .8.
    between : sequence of two str
        Sources or periods to compare (`framing.measuring.plans.sides.find_cells`).
    over : {"year", "quarter", "month"}
        Width of a period where none is named, and of strata.
    frame : str, optional
        The frame that matters, or the value of a stance (``target=value``); without it, the frame
        that needs most articles, or the value where there are no frames.
    seed : int
        Of the draw.

    Raises
    ------
    InputError
        If the table cannot be used, a value is out of range, a frame or cell is not known, or the
        archive is too small.
    MismatchError
        If the predictions come from more than one model or codebook.
    """
    check_over(over)
    aim = aim if isinstance(aim, Aim) else Aim(aim)
    archive = read_archive(predictions, kind=_find_kind(predictions, frame))
    return plan_archive(archive, aim, find_cells(archive, between, over=over), frame, seed=seed)


def _find_kind(predictions: pd.DataFrame, name: str | None) -> str:
    """Tell whether a plan is for frames or for values of stances."""
    kinds = {label.name: label.kind for label in find_labels([str(c) for c in predictions.columns])}
    others = "stance" if set(kinds.values()) == {"stance"} else "frame"
    near = get_close_matches(name, kinds, n=1) if name and name not in kinds else []
    if near:
        raise InputError(f"no frame {name!r}", fix=f"did you mean {near[0]!r}?")
    return kinds.get(name or "", others)


def plan_archive(
    archive: Archive, aim: Aim, two: TwoCells, frame: str | None = None, *, seed: int = 0
) -> CodingPlan:
    """Plan for an archive that is read already; as `plan_coding`."""
    if frame is not None and frame not in archive.frames:
        raise InputError(f"no frame {frame!r}", fix=f"choose from {', '.join(archive.frames)}")
    strata = _form_strata(two)
    designs = [_build_design(archive, strata, k, aim) for k in range(len(archive.frames))]
    sizes = designs[0].sizes
    minima = set_minima(sizes, strata.cells)
    found = [allocate(design, minima, variance=aim.variance) for design in designs]
    chosen = _choose_frame(archive.frames, found, designs, frame, aim)
    coded = found[chosen]
    if coded is None:
        raise _explain_too_small(archive.frames[chosen], designs[chosen], aim)
    places, chances = _draw(archive, strata, coded, seed)
    return CodingPlan(
        comparison=two.comparison,
        a=two.names[0],
        b=two.names[1],
        aim=aim,
        frame=archive.frames[chosen],
        frames=tuple(_tell_needs(archive, strata, designs, found, coded=coded, aim=aim)),
        strata=tuple(
            StratumPlan(two.names[cell], name, int(size), int(n), float(n / size))
            for cell, name, size, n in zip(strata.cells, strata.names, sizes, coded, strict=True)
        ),
        articles={archive.articles[p]: float(c) for p, c in zip(places, chances, strict=True)},
        n_articles=len(places),
        n_units=int(archive.sizes[places].sum()),
        n_archive=len(strata.held),
        n_archive_units=int(archive.sizes[strata.held].sum()),
        seed=seed,
        model=archive.model,
        codebook=archive.codebook,
        notes=tuple(
            _note(
                archive,
                two,
                found,
                is_least=bool((coded == minima).all() and (coded < sizes).any()),
            )
        ),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Strata:
    """How the articles of both cells are cut.

    Attributes
    ----------
    held : array (a,)
        Places of the articles in the archive.
    codes : array (a,)
        Stratum of each, 0 to H - 1.
    cells : array (H,)
        Cell of each stratum.
    names : list of H str
    """

    held: Codes
    codes: Codes
    cells: Codes
    names: list[str]


def _form_strata(two: TwoCells) -> _Strata:
    """Cut both cells into strata, and pool small ones."""
    held = np.flatnonzero(two.cells >= 0)
    keys = [(int(two.cells[place]), two.strata[place]) for place in held]
    counts = Counter(keys)
    raw = sorted(counts)
    small = pool_small(
        np.array([counts[key] for key in raw], dtype=np.intp),
        np.array([cell for cell, _ in raw], dtype=np.intp),
        fewest=SMALL,
    )
    merged = {
        key: (key[0], POOLED if pooled else key[1]) for key, pooled in zip(raw, small, strict=True)
    }
    alone = {cell for cell, n in Counter(c for c, _ in set(merged.values())).items() if n == 1}
    merged = {
        key: (cell, ALL if cell in alone and name == POOLED else name)
        for key, (cell, name) in merged.items()
    }
    final = sorted(set(merged.values()))
    number = {key: at for at, key in enumerate(final)}
    return _Strata(
        held,
        np.array([number[merged[key]] for key in keys], dtype=np.intp),
        np.array([cell for cell, _ in final], dtype=np.intp),
        [name for _, name in final],
    )


def _build_design(archive: Archive, strata: _Strata, frame: int, aim: Aim) -> DifferenceVariance:
    return build_design(
        *(part[strata.held, frame] for part in (archive.sums, archive.doubts, archive.units)),
        strata=strata.codes,
        cells=strata.cells,
        aim=aim,
    )


def _choose_frame(
    frames: Sequence[str],
    found: Sequence[Codes | None],
    designs: Sequence[DifferenceVariance],
    frame: str | None,
    aim: Aim,
) -> int:
    """Choose the frame asked for, or the most demanding of those that can be served."""
    if frame is not None:
        return frames.index(frame)
    served = [k for k, coded in enumerate(found) if coded is not None]
    if not served:
        easiest = min(range(len(frames)), key=lambda k: designs[k].find_variance(designs[k].sizes))
        raise _explain_too_small(frames[easiest], designs[easiest], aim)
    return max(served, key=lambda k: int(np.sum(found[k])))  # type: ignore[arg-type]


def _explain_too_small(frame: str, design: DifferenceVariance, aim: Aim) -> InputError:
    smallest = aim.find_detectable(design.find_variance(design.sizes))
    digits = 2 if round(smallest, 2) > aim.detect else 4
    return InputError(
        f"the archive is too small: coding all {int(design.sizes.sum())} articles would detect a "
        f"change of {smallest:.{digits}f} or more in {frame}, not {aim.detect:g}",
        fix="aim at a larger change or less power, or compare larger cells",
    )


def _draw(
    archive: Archive, strata: _Strata, coded: Codes, seed: int
) -> tuple[Codes, NDArray[np.float64]]:
    whole = np.full(len(archive.articles), -1, dtype=np.intp)
    whole[strata.held] = strata.codes
    return draw_sample(whole, coded, order=_order(archive), rng=np.random.default_rng(seed))


def _order(archive: Archive) -> Codes:
    """Order articles by source and date, so that equal steps spread over both."""
    days = [(find_days(date) or (0, 0))[0] for date in archive.dates]
    keys = list(zip(archive.sources, days, archive.articles, strict=True))
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.intp)


def _tell_needs(
    archive: Archive,
    strata: _Strata,
    designs: Sequence[DifferenceVariance],
    found: Sequence[Codes | None],
    *,
    coded: Codes,
    aim: Aim,
) -> Iterator[FrameNeed]:
    own = strata.cells[strata.codes]
    units = np.bincount(strata.codes, weights=archive.sizes[strata.held]) / designs[0].sizes
    sums, scored = (
        np.stack([part[strata.held[own == cell]].sum(axis=0) for cell in (0, 1)])
        for part in (archive.sums, archive.units)
    )
    shares = divide(sums, scored)
    for k, (design, needed) in enumerate(zip(designs, found, strict=True)):
        variance = design.find_variance(coded)
        yield FrameNeed(
            frame=archive.frames[k],
            share_a=float(shares[0, k]),
            share_b=float(shares[1, k]),
            n_articles=None if needed is None else int(needed.sum()),
            n_units=None if needed is None else round(float(needed @ units)),
            smallest=aim.find_detectable(design.find_variance(design.sizes)),
            detectable=aim.find_detectable(variance),
            power=aim.find_power(variance),
        )


def _note(
    archive: Archive, two: TwoCells, found: Sequence[Codes | None], *, is_least: bool
) -> Iterator[str]:
    small = [name for name, coded in zip(archive.frames, found, strict=True) if coded is None]
    if small:
        yield f"the archive is too small to find such a change in {', '.join(small)}"
    undated = archive.dates.count(None)
    if two.comparison == "period" and undated:
        yield f"{undated} article{'' if undated == 1 else 's'} without a date take no part"
    if two.comparison == "source" and NO_DATE in two.strata:
        yield "articles without a date, or with one too coarse, are a stratum of their own"
    for code, name in enumerate(two.names):
        n = int((two.cells == code).sum())
        if n < FEWEST_A_CELL:
            yield f"{name} has {n} articles: below {FEWEST_A_CELL} intervals are too narrow"
    if is_least:
        yield (
            f"the least that can be read at its word ({FEWEST_A_CELL} articles a cell, "
            f"{FEWEST_A_STRATUM} a stratum) is more than the aim needs"
        )
