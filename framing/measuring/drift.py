"""How framing differs between sources and moves over time: estimates, comparisons and reasons.

Shapes: n units, K labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from framing.measuring.comparing import Comparisons, Levels, compare_cells
from framing.measuring.contrasts.reasons import give_reasons
from framing.measuring.cuts import (
    Cut,
    cluster_copies,
    cut_units,
    estimate_cuts,
    find_shift,
)
from framing.measuring.driftdesign import Design, Knowledge
from framing.measuring.driftnotes import (
    note_calibration,
    note_census,
    note_learnt,
    note_trained,
)
from framing.measuring.eligibility import CountableUnits, select_units
from framing.measuring.intervals import Codes, index_articles
from framing.measuring.predictions import map_cells
from framing.measuring.prevalence.cells import COLUMNS, describe_cells, find_banded
from framing.measuring.prevalence.doubts import weigh_doubts
from framing.measuring.prevalence.estimates import CellShares
from framing.measuring.prevalence.gold import Gold, UnitNames, match_codings
from framing.measuring.prevalence.tallies import UnitTable
from framing.measuring.spellings import fold_name
from framing.measuring.typicals import find_typicals
from framing.records.cells import parse_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FACTS", "TABLES", "Design", "Drift", "Knowledge", "list_rows", "measure_drift"]

TABLES = (
    *("cells", "contrasts", "trends", "turns", "decompositions"),
    *("distances", "terms", "examples", "profile_turns", "typicals"),
)

_COMPARED = tuple(name for name in TABLES if name not in {"cells", "terms", "examples", "typicals"})

FACTS = (
    *("by", "over", "model", "codebook", "level", "alpha", "margin", "resamples", "permutations"),
    *("seed", "census", "n_units", "n_articles", "n_gold", "n_gold_unmatched", "n_tests"),
    "tests",
)


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
        together, and with those of `profile_turns`.
    decompositions : pandas.DataFrame
        Of the change from the first to the last period.
    distances : pandas.DataFrame
        Between the profiles of sources; descriptive.
    profile_turns : pandas.DataFrame
        Turning points of all labels together, one a source.
    typicals : pandas.DataFrame
        The surest unit of every share.
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
    typicals: pd.DataFrame
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
    plan, instrument = design.plan, knowledge.instrument
    units = select_units(predictions, by=design.by, over=design.over)
    knowledge.check_model(units.model)
    gold = _lay_codings(predictions, units, knowledge)
    table, names = _number(units, gold)
    verdicts = weigh_doubts(knowledge.doubts, units.sources, find_banded(units.labels, instrument))
    clusters = cluster_copies(names, knowledge.copies)
    keys = list(zip(units.sources, units.periods, strict=True))
    cuts = cut_units(table, keys, verdicts, clusters=clusters)
    estimates = estimate_cuts(
        cuts,
        units.labels,
        verdicts,
        instrument=instrument,
        level=plan.level,
        census=design.census,
    )
    held: dict[str, Any] = {"verdicts": verdicts, "failures": estimates.failures}
    rows = [
        row
        for name, shares in estimates.shares.items()
        for row in describe_cells(
            *(shares, estimates.bands[name], units.labels),
            reach=estimates.reaches[name],
            naive=design.naive,
            **held,
        )
    ]
    compared = _compare(estimates.shares, cuts, units, design, clusters)
    terms, examples = give_reasons(predictions, units, compared.contrasts)
    return Drift(
        cells=pd.DataFrame(rows, columns=list(COLUMNS)),
        terms=terms,
        examples=examples,
        **{name: getattr(compared, name) for name in _COMPARED},
        typicals=find_typicals(predictions, units),
        facts=_list_facts(units, design, gold, compared, table.n_articles),
        left_out=units.left_out,
        variants=units.variants,
        notes=(
            *note_calibration(units.labels, instrument),
            *note_trained(names, knowledge.trained),
            *note_learnt(gold.n_learnt),
            *note_census(design.census, compared.n_tests),
            *knowledge.notes,
            *compared.notes,
        ),
    )


def _lay_codings(predictions: pd.DataFrame, units: CountableUnits, knowledge: Knowledge) -> Gold:
    """Lay hand codings beside the units; those that the model learnt from are left out."""
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
    cuts: Mapping[str, Cut],
    units: CountableUnits,
    design: Design,
    clusters: Codes | None,
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
        calibration=find_shift(cuts["period"].tallies) if period else None,
        clusters=clusters,
    )


def _find_source(sources: Sequence[str], name: str | None) -> str | None:
    """Give a source as it is shown, whatever its spelling."""
    shown = {fold_name(source): source for source in sources}
    return None if name is None else shown.get(fold_name(name), name)


def _list_facts(
    units: CountableUnits, design: Design, gold: Gold, compared: Comparisons, n_articles: int
) -> dict[str, Any]:
    plan = design.plan
    return {
        "by": design.by,
        "over": design.over,
        "model": units.model,
        "codebook": units.codebook,
        **{field.name: getattr(plan, field.name) for field in fields(plan)},
        "census": design.census,
        "n_units": len(units.rows),
        "n_articles": n_articles,
        "n_gold": gold.n_matched,
        "n_gold_unmatched": gold.n_unmatched,
        "n_tests": compared.n_tests,
        "tests": dict(compared.tests),
    }
