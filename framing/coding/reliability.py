"""How far coders agree on each frame and stance target, with intervals over articles.

Units are nested in articles, so whole articles are resampled: A. C. Davison and D. V. Hinkley,
*Bootstrap Methods and their Application* (1997), section 3.8. Letters: m coders, U units,
V values, A articles, B resamples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from framing.coding.alpha import (
    NOT_CODED,
    Codes,
    Floats,
    alpha_nominal,
    compute_alpha,
    count_matches,
    count_values,
    pairable_values,
)
from framing.schema import Coding, CodingError, Estimate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from framing.coding.scheme import Codebook

__all__ = ["Agreement", "compute_alpha", "measure_agreement"]

ABSENT, PRESENT = "absent", "present"
METHOD = "Krippendorff's alpha (nominal), article bootstrap"

_MOST_WEIGHTS = 1 << 21


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far coders agree on one frame or one stance target.

    Attributes
    ----------
    label : str
        Frame or target id.
    kind : {"frame", "stance"}
    alpha : Estimate
        At most 1; 0 is chance, and below it is worse than chance. It rests on the units that two
        or more coders coded.
    percent : float
        Share (0-1) of pairs of codes in which both coders say the same, each unit weighing as its
        number of codes.
    counts : mapping of str to int
        Codes a value on those units, all coders together.
    prevalence : mapping of str to mapping of str to float
        By coder: the share (0-1) of each value among the coder's codes on those units; for a
        frame only of ``present``. Empty for a coder who shares no unit.
    n_single : int
        Units that one coder alone coded, which say nothing on agreement.
    reason : str
        Why alpha or its interval is NaN, or rests on fewer resamples; else empty.
    """

    label: str
    kind: Literal["frame", "stance"]
    alpha: Estimate
    percent: float
    counts: Mapping[str, int]
    prevalence: Mapping[str, Mapping[str, float]]
    n_single: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Table:
    """The reliability data of one label: codes (m, U), -1 for not coded; value names (V)."""

    label: str
    kind: Literal["frame", "stance"]
    values: tuple[str, ...]
    codes: Codes


def measure_agreement(
    codings_by_coder: Mapping[str, Iterable[Coding]],
    *,
    rng: np.random.Generator,
    articles: Mapping[str, str] | None = None,
    codebook: Codebook | None = None,
    resamples: int = 1000,
    level: float = 0.95,
) -> tuple[Agreement, ...]:
    """Measure agreement on each frame (present or absent) and each stance target.

    A value such as ``none`` is a code like any other; what a coder did not code is missing. The
    interval is that of the percentiles over B resamples of whole articles, the same for all labels.

    Parameters
    ----------
    codings_by_coder : mapping of str to iterable of Coding
        At least two coders; one coding a unit each.
    rng : numpy.random.Generator
    articles : mapping of str to str, optional
        Unit id to article id; what stands before the last ``:`` of the unit's id if not given.
    codebook : Codebook, optional
        Gives the labels and their order; otherwise those that occur, sorted.
    resamples : int
        B.
    level : float
        Coverage of the interval.

    Raises
    ------
    CodingError
        If there are fewer than two coders, a coder coded a unit twice, or no unit is shared.

    Examples
    --------
    >>> ann = [Coding("a:1", frames={"risk": True}), Coding("b:1", frames={"risk": False})]
    >>> result = measure_agreement({"ann": ann, "bo": ann}, rng=np.random.default_rng(0))
    >>> result[0].label, result[0].alpha.value, result[0].percent
    ('risk', 1.0, 1.0)
    """
    coders = {coder: _index_units(coder, codings) for coder, codings in codings_by_coder.items()}
    units = _list_units(coders)
    groups = [_find_article(unit, articles) for unit in units]
    names, article_of = np.unique(np.array(groups, dtype=object).astype(str), return_inverse=True)
    tables = list(_tabulate(coders, units, codebook))
    counts = [count_values(table.codes, n_values=len(table.values)) for table in tables]
    sums = [_sum_by_article(n_uc, article_of, n_articles=len(names)) for n_uc in counts]
    samples = _resample_alphas(sums, n_articles=len(names), resamples=resamples, rng=rng)
    return tuple(
        _describe(table, n_uc, by_article, sample, coders=tuple(coders), level=level)
        for table, n_uc, by_article, sample in zip(tables, counts, sums, samples, strict=True)
    )


def _index_units(coder: str, codings: Iterable[Coding]) -> dict[str, Coding]:
    by_unit: dict[str, Coding] = {}
    for coding in codings:
        if coding.unit in by_unit:
            raise CodingError(
                f"coder '{coder}' coded '{coding.unit}' twice", fix="keep one coding a unit"
            )
        by_unit[coding.unit] = coding
    return by_unit


def _list_units(coders: Mapping[str, Mapping[str, Coding]]) -> list[str]:
    if len(coders) < 2:
        raise CodingError(
            f"agreement needs two or more coders, and there are {len(coders)}",
            fix="give the codings of another one",
        )
    units = list(dict.fromkeys(unit for codings in coders.values() for unit in codings))
    if sum(map(len, coders.values())) == len(units):
        raise CodingError(
            f"the coders {', '.join(coders)} have no unit in common",
            fix="give codings of the same units",
        )
    return units


def _find_article(unit: str, articles: Mapping[str, str] | None) -> str:
    if articles is None:
        return unit.rpartition(":")[0] or unit
    return articles.get(unit, unit)


def _tabulate(
    coders: Mapping[str, Mapping[str, Coding]], units: Sequence[str], codebook: Codebook | None
) -> Iterator[_Table]:
    codings = [[coder.get(unit, Coding(unit)) for unit in units] for coder in coders.values()]
    found = [coding for row in codings for coding in row]
    frames = codebook.frame_ids if codebook else sorted({f for c in found for f in c.frames})
    targets = codebook.target_ids if codebook else sorted({t for c in found for t in c.stance})
    for frame in frames:
        codes = [[c.frames.get(frame, NOT_CODED) for c in row] for row in codings]
        yield _Table(frame, "frame", (ABSENT, PRESENT), np.array(codes, dtype=np.int64))
    for target in targets:
        used = {c.stance[target] for c in found if target in c.stance}
        known = codebook.values(target) if codebook else ()
        values = (*known, *sorted(used - set(known)))
        index = {value: code for code, value in enumerate(values)}
        codes = [[index.get(c.stance.get(target, ""), NOT_CODED) for c in row] for row in codings]
        yield _Table(target, "stance", values, np.array(codes, dtype=np.int64))


def _sum_by_article(n_uc: Codes, article_of: Codes, *, n_articles: int) -> Floats:
    """Sum what alpha needs by article: matches, then pairable values, as (A, 1 + V)."""
    by_unit = np.column_stack([count_matches(n_uc), pairable_values(n_uc)])
    sums = np.zeros((n_articles, by_unit.shape[1]))
    np.add.at(sums, article_of, by_unit)
    return sums


def _resample_alphas(
    sums: Sequence[Floats], *, n_articles: int, resamples: int, rng: np.random.Generator
) -> list[Floats]:
    """Draw articles with replacement, as counts; returns the alphas (B,) of each label."""
    parts: list[list[Floats]] = [[] for _ in sums]
    chunk = max(1, _MOST_WEIGHTS // n_articles)
    shares = np.full(n_articles, 1.0 / n_articles)
    for start in range(0, resamples, chunk):
        size = min(chunk, resamples - start)
        weights = rng.multinomial(n_articles, shares, size=size).astype(float)
        for part, by_article in zip(parts, sums, strict=True):
            drawn = weights @ by_article
            part.append(alpha_nominal(drawn[:, 0], drawn[:, 1:]))
    return [np.concatenate(part) if part else np.empty(0) for part in parts]


def _describe(
    table: _Table,
    n_uc: Codes,
    by_article: Floats,
    sample: Floats,
    *,
    coders: tuple[str, ...],
    level: float,
) -> Agreement:
    matches, totals = by_article[:, 0].sum(), by_article[:, 1:].sum(axis=0)
    n_articles = int((by_article[:, 1:].sum(axis=1) > 0).sum())
    value = float(alpha_nominal(matches, totals))
    low, high = (
        _bound(sample, level) if n_articles > 1 and not np.isnan(value) else (np.nan, np.nan)
    )
    m_u = n_uc.sum(axis=1)
    alpha = Estimate(value, low, high, int((m_u >= 2).sum()), n_articles, METHOD, level)
    return Agreement(
        table.label,
        table.kind,
        alpha,
        percent=float(matches / totals.sum()) if totals.sum() else float("nan"),
        counts={name: int(total) for name, total in zip(table.values, totals, strict=True)},
        prevalence=_share_values(table, m_u >= 2, coders),
        n_single=int((m_u == 1).sum()),
        reason=_explain(table, totals, n_articles, sample),
    )


def _bound(sample: Floats, level: float) -> tuple[float, float]:
    defined = sample[~np.isnan(sample)]
    if not defined.size:
        return float("nan"), float("nan")
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _share_values(
    table: _Table, pairable: NDArray[np.bool_], coders: Sequence[str]
) -> dict[str, dict[str, float]]:
    shares: dict[str, dict[str, float]] = {}
    for coder, codes in zip(coders, table.codes[:, pairable], strict=True):
        coded = codes[codes != NOT_CODED]
        shares[coder] = {
            name: float((coded == code).mean())
            for code, name in enumerate(table.values)
            if coded.size and (table.kind == "stance" or name == PRESENT)
        }
    return shares


def _explain(table: _Table, totals: Floats, n_articles: int, sample: Floats) -> str:
    used = [name for name, total in zip(table.values, totals, strict=True) if total]
    if not used:
        return "no unit was coded by two coders"
    if len(used) == 1:
        return f"no variation: every code is '{used[0]}'"
    if n_articles < 2:
        return "a single article: no interval"
    undefined = int(np.isnan(sample).sum())
    if undefined:
        used_of = f"{sample.size - undefined} of {sample.size} resamples"
        return f"interval from {used_of}: the others have no variation"
    return ""
