"""A plan of hand coding as Markdown, and the sheet of the articles that it drew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from framing.coding.scheme import Codebook, Frame, StanceTarget, StanceValue
from framing.coding.sheets import sheet_columns, sheet_rows
from framing.measuring.eligibility import name_articles
from framing.measuring.plans.plan import CodingPlan, FrameNeed
from framing.measuring.predictions import find_labels, map_cells
from framing.records.cells import parse_text
from framing.records.writing import ColumnType
from framing.reporting.blocks import Block, Heading, Table, format_blocks
from framing.reporting.tables import format_share
from framing.schema import Paragraph

if TYPE_CHECKING:
    import pandas as pd

PROBABILITY = "inclusion_probability"
"""Column of the chance that the sample holds a row's article, above 0 and at most 1."""

UNIT_COLUMNS = ("id", "article", "source", "date", "title", "kind", "text")

_STRATA_SHOWN = 20


def format_plan(plan: CodingPlan) -> str:
    """Write a plan as Markdown: what to code, what each frame needs, how the articles are drawn."""
    return format_blocks(_list_blocks(plan))


def _list_blocks(plan: CodingPlan) -> Iterator[Block]:
    yield Heading("What to code")
    yield sum_up(plan)
    yield from (f"Note: {note}." for note in plan.notes)
    yield Heading("What each frame needs")
    yield Table(
        ["frame", plan.a, plan.b, "articles", "units", "detects", "power", "if all were coded"],
        [_list_cells(need) for need in plan.frames],
    )
    yield explain_needs(plan)
    yield Heading("How the articles are drawn")
    yield Table(
        [plan.comparison, "stratum", "articles", "to code", "probability"],
        [
            [s.cell, s.stratum, str(s.n_articles), str(s.n_coded), f"{s.probability:.3f}"]
            for s in plan.strata[:_STRATA_SHOWN]
        ],
    )
    more = len(plan.strata) - _STRATA_SHOWN
    yield explain_draw(plan) + (f" {more} more strata are not listed." if more > 0 else "")


def sum_up(plan: CodingPlan) -> str:
    """Say in a few sentences what is to be done, and what it is good for."""
    aim = plan.aim
    return (
        f"Code {plan.n_articles} of {plan.n_archive} articles whole ({plan.n_units} of "
        f"{plan.n_archive_units} units) to find a change of {aim.detect:g} in the share of "
        f"{plan.frame} between {plan.a} and {plan.b} with a chance of {aim.power:g} (two-sided "
        f"test at {aim.alpha:g})."
    )


def _list_cells(need: FrameNeed) -> list[str]:
    return [
        need.frame,
        format_share(need.share_a),
        format_share(need.share_b),
        "too few" if need.n_articles is None else str(need.n_articles),
        "" if need.n_units is None else str(need.n_units),
        format_share(need.detectable, 3),
        format_share(need.power),
        format_share(need.smallest, 3),
    ]


def explain_needs(plan: CodingPlan) -> str:
    """Say what the columns mean, and on what the numbers rest."""
    aim = plan.aim
    rest = (
        "the archive is taken to be all there is"
        if aim.is_census
        else "articles are taken to be a sample of what the sources write"
    )
    return (
        "Shares of units now, by calibrated probabilities alone. Articles and units: to be coded "
        "for this frame alone. Detects, power: the change that the planned sample finds with a "
        f"chance of {aim.power:g}, and the chance that it finds {aim.detect:g}. The last column: "
        "the smallest change to be found if every article were coded. Reckoned for an estimate "
        "from all predictions, corrected by the coded articles, where probabilities are calibrated "
        f"and units of one article err alike with a design effect of {aim.design_effect:g} (assumed"
        f"; --design-effect); {rest}. For one comparison: where many are tested together, as in "
        "framing drift, the chance is smaller."
    )


def explain_draw(plan: CodingPlan) -> str:
    """Say how the sample is drawn, and how it is fed back."""
    return (
        "Numbers by Neyman's allocation in whole articles; within a stratum at equal steps from a "
        f"random start (seed {plan.seed}), in order of source and date. Code every row of the "
        "sheet and keep its column inclusion_probability: framing drift PREDICTIONS --gold SHEET "
        "weights by it."
    )


def list_plan_columns(codebook: Codebook) -> dict[str, ColumnType]:
    """Return the columns of the sheet: those of a coding sheet, and the inclusion probability."""
    return sheet_columns(codebook) | {PROBABILITY: "number"}


def list_plan_rows(
    plan: CodingPlan, predictions: pd.DataFrame, codebook: Codebook, *, coder: str = ""
) -> Iterator[dict[str, Any]]:
    """Yield the units of the articles drawn, ready to be coded; boilerplate is left out."""
    for unit, row in zip(*_list_units(plan, predictions, codebook, coder), strict=True):
        yield row | {PROBABILITY: plan.articles[unit.article]}


def _list_units(
    plan: CodingPlan, predictions: pd.DataFrame, codebook: Codebook, coder: str
) -> tuple[list[Paragraph], list[dict[str, str]]]:
    names = [name for name in UNIT_COLUMNS if name in predictions.columns]
    columns = [map_cells(predictions[name], parse_text) for name in names]
    cells = (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))
    units: dict[str, Paragraph] = {}
    for row, name in zip(cells, name_articles(predictions), strict=True):
        article = name or row["id"] or ""
        if article in plan.articles and row.get("kind") != "boilerplate":
            units.setdefault(row["id"] or "", _make_unit(row, article))
    return list(units.values()), list(sheet_rows(units.values(), codebook, coder=coder))


def _make_unit(row: dict[str, str | None], article: str) -> Paragraph:
    text = row.get("text") or ""
    return Paragraph(
        row["id"] or "",
        article,
        text,
        0,
        len(text),
        kind=row.get("kind") or "paragraph",  # type: ignore[arg-type]
        title=row.get("title"),
        source=row.get("source"),
        date=row.get("date"),
    )


def make_codebook(predictions: pd.DataFrame) -> Codebook:
    """Make a codebook of what some predictions hold: names, without definitions."""
    labels = find_labels([str(name) for name in predictions.columns])
    values: dict[str, list[StanceValue]] = {}
    for label in labels:
        if label.kind == "stance":
            values.setdefault(label.target, []).append(StanceValue(label.value))
    frames = tuple(Frame(label.name, label.name) for label in labels if label.kind == "frame")
    targets = tuple(StanceTarget(t, t, "", tuple(found)) for t, found in values.items())
    return Codebook("predictions", "1.0.0", frames=frames, targets=targets)
