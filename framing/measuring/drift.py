"""How framing differs between sources and moves over time: estimates, comparisons and reasons.

Shapes: n units, K labels.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.measuring.calibrated import explain_variance
from framing.measuring.cells import COLUMNS, describe_cells, find_band
from framing.measuring.comparing import Comparisons, Levels, compare_cells
from framing.measuring.corrected import CellKey
from framing.measuring.decomposition import FEWEST_ARTICLES, CalibrationShift
from framing.measuring.doubts import (
    Doubt,
    check_calibration,
    distrust,
    explain_failures,
    find_refused,
)
from framing.measuring.eligibility import CountableUnits, select_units
from framing.measuring.gold import Gold, UnitKey, UnitNames, match_codings
from framing.measuring.instrument import Instrument
from framing.measuring.intervals import Codes, index_articles
from framing.measuring.periods import check_over
from framing.measuring.predictions import Label, map_cells
from framing.measuring.prevalence import Calibration, CellShares, estimate_cells, refuse_cells
from framing.measuring.reasons import give_reasons
from framing.measuring.sides import Plan
from framing.measuring.spellings import fold_name
from framing.measuring.tallies import CellTally, UnitTable, tally_cells
from framing.records.cells import parse_text
from framing.schema import CodedUnit, MismatchError

if TYPE_CHECKING:
    import pandas as pd

TABLES = (
    *("cells", "contrasts", "trends", "turns", "decompositions"),
    *("distances", "terms", "examples", "profile_turns"),
)

FACTS = (
    *("by", "over", "model", "codebook", "level", "alpha", "margin", "resamples", "permutations"),
    *("seed", "census", "n_units", "n_articles", "n_gold", "n_gold_unmatched", "n_tests"),
)


@dataclass(frozen=True, slots=True)
class Design:
    """How drift is measured.

    Attributes
    ----------
    by : str
        Column that names the source.
    over : {"year", "quarter", "month"} or None
        Width of a period.
    against : str or None
        Source that each other one is compared with.
    census : bool
        The articles are all that there are: nothing is left to their sampling.
    naive : bool
        Give shares of units decided, too: biased, for comparison only.
    plan : Plan
        Level, margin, resamples, permutations and seed of comparisons.
    """

    by: str = "source"
    over: str | None = None
    against: str | None = None
    census: bool = False
    naive: bool = False
    plan: Plan = field(default_factory=Plan)

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises
        ------
        InputError
            If `over` is no width of a period.
        """
        if self.over is not None:
            check_over(self.over)


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """What is known besides the predictions.

    Attributes
    ----------
    instrument : Instrument or None
        Of the model that made them; without it calibration is taken to be exact.
    gold : sequence of CodedUnit
        Hand codings of some of the units.
    weights : mapping of UnitKey to float
        Coded unit to one over its chance to be drawn.
    doubts : mapping of str to Doubt
        Sources whose texts are foreign to the model.
    copies : mapping of str to str
        Article to the name that it shares with its near-copies.
    trained : collection of str
        Articles that the model learnt from.
    """

    instrument: Instrument | None = None
    gold: Sequence[CodedUnit] = ()
    weights: Mapping[UnitKey, float] = field(default_factory=dict)
    doubts: Mapping[str, Doubt] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)
    trained: Collection[str] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Drift:
    """Shares of every label in every cell, what differs, what moves, and what it rests on.

    Tables are DataFrames whose columns docs/formats.md describes; `source` is None where all are
    pooled, `period` where time is.

    Attributes
    ----------
    cells : pandas.DataFrame
        Shares with their bounds.
    contrasts, trends, turns : pandas.DataFrame
        Differences between sources and periods, trends and turning points, with p-values corrected
        together.
    decompositions : pandas.DataFrame
        Of the change from the first to the last period.
    distances : pandas.DataFrame
        Between the profiles of sources; descriptive.
    profile_turns : pandas.DataFrame
        Turning points of all labels together, one a source, corrected among themselves.
    terms, examples : pandas.DataFrame
        What sets the sides of the contrasts that stand apart, and paragraphs that show it.
    facts : mapping of str to value
        The names of `FACTS`.
    left_out : mapping of str to int
        Reason to number of rows not counted.
    variants : mapping of str to tuple of str
        Source shown, to the other spellings that were counted with it.
    notes : tuple of str
        What could not be said.
    """

    cells: pd.DataFrame
    contrasts: pd.DataFrame
    trends: pd.DataFrame
    turns: pd.DataFrame
    decompositions: pd.DataFrame
    distances: pd.DataFrame
    terms: pd.DataFrame
    examples: pd.DataFrame
    profile_turns: pd.DataFrame
    facts: Mapping[str, Any]
    left_out: Mapping[str, int]
    variants: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Give a copy of the cells."""
        return self.cells.copy()

    def to_dict(self) -> dict[str, Any]:
        """Give everything as JSON values; what is not known is None."""
        tables = {name: list_rows(getattr(self, name)) for name in TABLES}
        return {
            **self.facts,
            "left_out": dict(self.left_out),
            "variants": {name: list(others) for name, others in self.variants.items()},
            "notes": list(self.notes),
            **tables,
        }


def list_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give a table's rows with None where nothing is known.

    >>> import pandas as pd
    >>> list_rows(pd.DataFrame({"share": [0.5, float("nan")]}))
    [{'share': 0.5}, {'share': None}]
    """
    known = table.astype(object).where(table.notna(), None)
    return [{str(name): cell for name, cell in row.items()} for row in known.to_dict("records")]


def measure_drift(
    predictions: pd.DataFrame, *, design: Design | None = None, knowledge: Knowledge | None = None
) -> Drift:
    """Estimate how common each label is in each source and period, and compare.

    Nothing depends on the order of rows. A cell's share depends on its own units alone; its
    interval also on what all units together say of how far the probabilities can be trusted.

    Parameters
    ----------
    predictions : pandas.DataFrame
        Output of ``framing predict``.
    design : Design, optional
    knowledge : Knowledge, optional

    Returns
    -------
    Drift

    Raises
    ------
    InputError
        If the table cannot be used (`framing.measuring.eligibility.select_units`), or the design
        makes no sense.
    MismatchError
        If the predictions come from more than one model or codebook, or the instrument is another.

    Examples
    --------
    >>> import pandas as pd
    >>> unit = {"source": "Post", "kind": "paragraph", "frames": "lag", "model": "m"}
    >>> rows = [unit | {"id": f"{a}:1", "article": a, "codebook": "c"} for a in "ab"]
    >>> drift = measure_drift(pd.DataFrame(rows).assign(**{"p:lag": [0.9, 0.5]}))
    >>> drift.cells.loc[0, ["label", "source", "share", "n_articles"]].to_dict()
    {'label': 'lag', 'source': 'Post', 'share': 0.7, 'n_articles': 2}
    """
    import pandas as pd

    design, knowledge = design or Design(), knowledge or Knowledge()
    units = select_units(predictions, by=design.by, over=design.over)
    knowledge = replace(knowledge, doubts=name_doubts(knowledge.doubts, units.sources))
    _check_instrument(units, knowledge.instrument)
    gold = _lay_gold(predictions, units, knowledge)
    table, names = _number(units, gold)
    cuts = {name: tally_cells(table, keys) for name, keys in list_cuts(units).items()}
    shares, failures = estimate_cuts(cuts, units.labels, design, knowledge)
    rows = [
        row
        for name in cuts
        for row in describe_cells(
            shares[name],
            find_band(cuts[name], table, units.labels, knowledge.instrument),
            units.labels,
            doubts=knowledge.doubts,
            failures=failures,
            naive=design.naive,
        )
    ]
    compared = _compare(shares, cuts, units, design, knowledge, names)
    terms, examples = give_reasons(predictions, units, compared.contrasts)
    return Drift(
        cells=pd.DataFrame(rows, columns=list(COLUMNS)),
        contrasts=compared.contrasts,
        trends=compared.trends,
        turns=compared.turns,
        decompositions=compared.decompositions,
        distances=compared.distances,
        terms=terms,
        examples=examples,
        profile_turns=compared.profile_turns,
        facts=_list_facts(units, design, gold, compared, table.n_articles),
        left_out=units.left_out,
        variants=units.variants,
        notes=(
            *_note_calibration(units.labels, knowledge.instrument),
            *_note_trained(names, knowledge.trained),
            *_note_learnt(gold.n_learnt),
            *_note_census(design, compared.n_tests),
            *compared.notes,
        ),
    )


def estimate_cuts(
    cuts: Mapping[str, CellTally], labels: Sequence[Label], design: Design, knowledge: Knowledge
) -> tuple[dict[str, CellShares], dict[int, str]]:
    """Estimate the cells of every cut, with one account of what calibration may hide.

    Returns
    -------
    shares : dict of str to CellShares
        By cut. What is refused and not coded is in no comparison.
    failures : dict of int to str
        Place of a label whose calibration fails, to what the hand codings say.
    """
    whole = cuts["all"].tally
    mistrust = check_calibration(whole)
    calibration = distrust(trust(labels, knowledge.instrument), mistrust, whole)
    explained = explain_variance(whole)
    shares = {
        name: refuse_cells(
            estimate_cells(
                cut, calibration, explained=explained, level=design.plan.level, census=design.census
            ),
            find_refused(cut.keys, knowledge.doubts),
        )
        for name, cut in cuts.items()
    }
    return shares, dict(explain_failures(labels, mistrust))


def list_cuts(units: CountableUnits) -> dict[str, list[CellKey]]:
    """Name the cell of each unit in every cut; "" is all sources together."""
    n_units = len(units.sources)
    cuts: dict[str, list[CellKey]] = {
        "source": [(source, None) for source in units.sources],
        "all": [("", None)] * n_units,
    }
    if any(units.periods):
        pairs = list(zip(units.sources, units.periods, strict=True))
        cuts["source x period"] = pairs
        cuts["period"] = [("", period) for period in units.periods]
    return cuts


def trust(labels: Sequence[Label], instrument: Instrument | None) -> Calibration:
    """Read off an instrument how sure each label's calibration is."""
    covariances, n_articles = np.zeros((len(labels), 2, 2)), np.full(len(labels), np.inf)
    for k, label in enumerate(labels):
        quality = instrument.labels.get(label.name) if instrument else None
        if quality:
            first, both, second = quality.covariance
            covariances[k] = [[first, both], [both, second]]
            n_articles[k] = quality.n_articles
    return Calibration(covariances, n_articles)


def _note_calibration(labels: Sequence[Label], instrument: Instrument | None) -> Iterator[str]:
    """Say of which labels the model does not say how sure its calibration is."""
    known = instrument.labels if instrument else {}
    lacking = [label.name for label in labels if label.name not in known]
    if lacking:
        named = "" if len(lacking) == len(labels) else f" of {', '.join(lacking)}"
        yield (
            f"the model's own account of its calibration{named} is not known: intervals without "
            "hand codings take it to be exact, and are too narrow"
        )


def _note_trained(articles: Sequence[str], trained: Collection[str]) -> Iterator[str]:
    """Say how many of the articles the model learnt from: it has seen how they were coded."""
    known = len(set(articles) & set(trained))
    if known:
        whose = "its" if known == 1 else "their"
        yield (
            f"{known} of {len(articles)} articles had a part in the model's training; {whose} "
            "probabilities are too sure"
        )


def _note_learnt(n_codings: int) -> Iterator[str]:
    """Say how many codings cannot correct, since the model learnt from what they are of."""
    if n_codings:
        told = "coding is" if n_codings == 1 else "codings are"
        yield f"{n_codings} {told} of texts that the model learnt from and left out"


def _note_census(design: Design, n_tests: int) -> Iterator[str]:
    """Say that a census speaks of shares alone."""
    if design.census and n_tests:
        yield (
            "differences, trends and turning points, their intervals and tests, still treat the "
            "articles as a sample; the census counts for shares alone"
        )


def _check_instrument(units: CountableUnits, instrument: Instrument | None) -> None:
    if instrument and instrument.model != units.model:
        raise MismatchError(
            f"the predictions are of model {units.model}, this one is {instrument.model}",
            fix="give --model the file that made them",
        )


def _lay_gold(predictions: pd.DataFrame, units: CountableUnits, knowledge: Knowledge) -> Gold:
    if not knowledge.gold:
        return Gold.empty(len(units.rows), len(units.labels))
    kept = predictions.iloc[units.rows]
    texts = kept["text"].tolist() if "text" in kept else [None] * len(kept)
    ids, articles = (map_cells(kept[column], parse_text) for column in ("id", "article"))
    names = UnitNames(ids, articles, texts)
    learnt = {place for place, name in enumerate(units.articles) if name in knowledge.trained}
    return match_codings(names, units.labels, knowledge.gold, knowledge.weights, learnt=learnt)


def _number(units: CountableUnits, gold: Gold) -> tuple[UnitTable, list[str]]:
    """Make the table of units, and name its articles in order of their numbers."""
    articles, n_articles = index_articles(units.articles)
    table = UnitTable(
        units.probabilities, units.decisions, gold.truth, gold.weights, articles, n_articles
    )
    return table, list(dict.fromkeys(units.articles))


def _compare(
    shares: Mapping[str, CellShares],
    cuts: Mapping[str, CellTally],
    units: CountableUnits,
    design: Design,
    knowledge: Knowledge,
    names: Sequence[str],
) -> Comparisons:
    period, both = (shares.get(name) for name in ("period", "source x period"))
    levels = Levels(
        source=shares["source"].corrected,
        period=period.corrected if period else None,
        source_period=both.corrected if both else None,
    )
    return compare_cells(
        levels,
        units.labels,
        design.plan,
        against=_find_source(units.sources, design.against),
        calibration=find_shift(cuts["period"]) if period else None,
        clusters=cluster_copies(names, knowledge.copies),
    )


def name_doubts(doubts: Mapping[str, Doubt], sources: Sequence[str]) -> dict[str, Doubt]:
    """Give doubts of the sources that there are, as they are shown, whatever their spelling."""
    shown = {fold_name(source): source for source in sources}
    named = {shown.get(fold_name(name)): doubt for name, doubt in doubts.items()}
    return {name: doubt for name, doubt in named.items() if name is not None}


def _find_source(sources: Sequence[str], name: str | None) -> str | None:
    """Give a source as it is shown, whatever its spelling."""
    shown = {fold_name(source): source for source in sources}
    return None if name is None else shown.get(fold_name(name), name)


def find_shift(periods: CellTally) -> CalibrationShift | None:
    """Compare hand codings with probabilities at both ends of the change that is taken apart."""
    tallies = [tally for _, tally in periods.split() if len(tally.units) >= FEWEST_ARTICLES]
    if len(tallies) < 2:
        return None
    ends = [check_calibration(tally) for tally in (tallies[0], tallies[-1])]
    residuals = np.array([end.residuals for end in ends])
    if np.isnan(residuals).all():
        return None
    return CalibrationShift(residuals, np.array([end.errors**2 for end in ends]))


def cluster_copies(names: Sequence[str], copies: Mapping[str, str]) -> Codes | None:
    """Give articles numbers that near-copies share; None where there are no copies."""
    if not copies:
        return None
    codes, _ = index_articles(copies.get(name, name) for name in names)
    return codes


def _list_facts(
    units: CountableUnits, design: Design, gold: Gold, compared: Comparisons, n_articles: int
) -> dict[str, Any]:
    plan = design.plan
    return {
        "by": design.by,
        "over": design.over,
        "model": units.model,
        "codebook": units.codebook,
        "level": plan.level,
        "alpha": plan.alpha,
        "margin": plan.margin,
        "resamples": plan.resamples,
        "permutations": plan.permutations,
        "seed": plan.seed,
        "census": design.census,
        "n_units": len(units.rows),
        "n_articles": n_articles,
        "n_gold": gold.n_matched,
        "n_gold_unmatched": gold.n_unmatched,
        "n_tests": compared.n_tests,
    }
