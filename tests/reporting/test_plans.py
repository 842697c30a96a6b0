"""Plans as Markdown, and as a sheet to code."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from framing.coding.scheme import Codebook, Frame
from framing.measuring.plans.plan import CodingPlan, FrameNeed, StratumPlan
from framing.measuring.plans.planning import Aim
from framing.reporting.plans import (
    PROBABILITY,
    format_plan,
    list_plan_columns,
    list_plan_rows,
    make_codebook,
)

PLAN = CodingPlan(
    comparison="source",
    a="Post",
    b="Herald",
    aim=Aim(0.1, 0.9, 0.01, 1.7),
    frame="lag",
    frames=(
        FrameNeed("lag", 0.11, 0.22, 31, 217, 0.033, 0.099, 0.91),
        FrameNeed("risk", 0.12, 0.23, None, None, 0.144, 0.155, 0.36),
    ),
    strata=tuple(StratumPlan("Post", f"20{i}", 10, 5, 0.5) for i in range(22)),
    articles={"a": 0.5, "c": 1.0},
    n_articles=31,
    n_units=219,
    n_archive=320,
    n_archive_units=2400,
    seed=7,
    model="m",
    codebook="c",
    notes=("a note",),
)

BOOK = Codebook("demo", "1.0.0", frames=(Frame("lag", "Lag"), Frame("risk", "Risk")))


def test_what_to_do_comes_first():
    parts = format_plan(PLAN).split("\n\n")
    assert parts[1] == (
        "Code 31 of 320 articles whole (219 of 2400 units) to find a change of 0.1 in the share of "
        "lag between Post and Herald with a chance of 0.9 (two-sided test at 0.01)."
    )
    assert parts[2] == "Note: a note."


def test_needs_and_strata_as_tables():
    text = format_plan(PLAN)
    rows = {
        line.split("|")[1].strip(): [cell.strip() for cell in line.split("|")[2:-1]]
        for line in text.splitlines()
        if line.startswith("| ")
    }
    assert rows["lag"] == [".11", ".22", "31", "217", ".099", ".91", ".033"]
    assert rows["risk"] == [".12", ".23", "too few", "", ".155", ".36", ".144"]
    assert rows["Post"] == ["2019", "10", "5", "0.500"]
    assert "2 more strata are not listed." in text
    assert "design effect of 1.7" in text
    assert "(seed 7)" in text
    assert "articles are taken to be a sample" in text


def test_a_census_is_named():
    assert "the archive is taken to be all there is" in format_plan(
        replace(PLAN, aim=Aim(0.1, is_census=True))
    )


def make_predictions():
    unit = {"source": "Post", "date": "2025-01-02", "title": "On tin", "kind": "paragraph"}
    return pd.DataFrame(
        [
            unit | {"id": "a:1", "article": "a", "text": "Tin fell.", "p:lag": 0.5},
            unit | {"id": "b:1", "article": "b", "text": "Not drawn."},
            unit | {"id": "a:2", "article": "a", "text": "Share this", "kind": "boilerplate"},
            unit | {"id": "a:3", "article": "a", "text": "Tin rose.", "date": None},
            unit | {"id": "a:1", "article": "a", "text": "Tin fell."},
            unit | {"id": "c", "article": None, "text": "On its own.", "kind": "headline"},
        ]
    )


def test_the_sheet_holds_all_units_of_the_articles_drawn():
    rows = list(list_plan_rows(PLAN, make_predictions(), BOOK, coder="ann"))
    assert [(row["id"], row["article"], row[PROBABILITY]) for row in rows] == [
        ("a:1", "a", 0.5),
        ("a:3", "a", 0.5),
        ("c", "c", 1.0),
    ]
    first = rows[0]
    assert list(first) == list(list_plan_columns(BOOK))
    assert (first["text"], first["source"], first["date"]) == ("Tin fell.", "Post", "2025-01-02")
    assert (first["frame:lag"], first["frame:risk"], first["coded"]) == ("", "", "")
    assert (first["coder"], rows[1]["date"], rows[2]["kind"]) == ("ann", "", "headline")


def test_articles_that_share_a_name_are_told_by_their_source():
    table = make_predictions()
    table.loc[1, ["article", "source"]] = ["a", "Mail"]
    plan = replace(PLAN, articles={"a (mail)": 0.5})
    rows = list(list_plan_rows(plan, table, BOOK))
    assert [(row["id"], row["article"]) for row in rows] == [("b:1", "a (mail)")]


def test_a_codebook_of_what_the_predictions_hold():
    columns = ["id", "p:lag", "p:china:favor", "p:china:none", "p:risk"]
    book = make_codebook(pd.DataFrame(columns=columns))
    assert book.frame_ids == ("lag", "risk")
    assert book.values("china") == ("favor", "none")


@pytest.mark.parametrize("column", ["title", "kind"])
def test_columns_that_may_lack(column):
    rows = list(list_plan_rows(PLAN, make_predictions().drop(columns=column), BOOK))
    assert rows[0]["id"] == "a:1"
