"""A model's suggestions in a coder's sheet."""

from __future__ import annotations

from framing.coding.sheets import sheet_columns, sheet_rows
from framing.records.tables import read_rows
from framing.records.writing import open_table
from framing.schema import Paragraph
from framing.scoring.suggestions import suggest_by_model


def unit(text, kind="paragraph"):
    return Paragraph("a:1", "a", text, 0, len(text), kind)


def test_suggestions_by_hand(tiny):
    suggest = suggest_by_model(tiny)
    assert suggest(unit("A ban on good things; ban it")) == {
        "suggest:frames": "risk",
        "suggest:stance:mine": "none",
        "suggest:terms": "ban",
    }
    assert suggest(unit("good bad Good")) == {
        "suggest:frames": "[]",
        "suggest:stance:mine": "for",
        "suggest:terms": "good",
    }


def test_boilerplate_gets_none(tiny):
    assert suggest_by_model(tiny)(unit("ban", "boilerplate")) == {}


def test_the_last_cell_is_never_blank(tiny):
    assert suggest_by_model(tiny)(unit("nothing known"))["suggest:terms"] == "no term found"


def test_suggestions_fill_a_sheet(tiny, tmp_path):
    columns = sheet_columns(tiny.codebook, suggestions=True)
    rows = sheet_rows([unit("=ban")], tiny.codebook, coder="ann", suggest=suggest_by_model(tiny))
    with open_table(tmp_path / "sheet.csv", columns) as table:
        table.write(rows)
    [row] = read_rows(tmp_path / "sheet.csv")
    assert row.values["frame:risk"] == row.values["stance:mine"] == row.values["coded"] == ""
    assert row.values["suggest:frames"] == "risk"
    assert row.values["suggest:terms"] == "ban"
