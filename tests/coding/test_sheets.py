"""The coding sheet: what it offers, and how it is read once it is filled."""

import pytest

from framing.coding.mistakes import Mistakes
from framing.coding.scheme import Codebook, Frame, StanceTarget, StanceValue
from framing.coding.sheets import (
    HELP,
    is_marked_coded,
    is_sheet,
    parse_sheet_marks,
    refuse_unfilled,
    sheet_columns,
    sheet_rows,
    suggest_from_cues,
)
from framing.schema import CodingError, Paragraph

LAW = StanceTarget("law", "Law", "", (StanceValue("pro"), StanceValue("none")), "none")
BOOK = Codebook(
    "demo",
    "1.0.0",
    frames=(Frame("risk", "Risk", cues=("volatil*",)), Frame("gain", "Gain", cues=("soar*",))),
    targets=(LAW,),
)
UNITS = [
    Paragraph("n/a:1", "n/a", "Volatile prices soared.", 0, 23, "paragraph", "T", "S", "2025"),
    Paragraph("n/a:2", "n/a", "Leave a Reply", 25, 38, "boilerplate"),
    Paragraph("n/a:3", "n/a", "Volatility again", 40, 56, "headline"),
    Paragraph("n/a:4", "n/a", "Quiet.", 60, 66),
]


def parse(**values):
    mistakes = Mistakes()
    cells = {name.replace("__", ":"): value for name, value in values.items()}
    marks = parse_sheet_marks(cells, place="a.csv, row 2", mistakes=mistakes)
    mistakes.refuse(fix="mend")
    return marks


def test_columns():
    assert list(sheet_columns(BOOK)) == [
        *("id", "article", "source", "date", "title", "kind", "text", "coded"),
        *("frame:risk", "frame:gain", "stance:law", "note", "coder"),
    ]
    added = list(sheet_columns(BOOK, suggestions=True))[-3:]
    assert added == ["suggest:frames", "suggest:stance:law", "suggest:terms"]


def test_one_row_a_unit_and_none_for_boilerplate():
    rows = list(sheet_rows(UNITS, BOOK, coder="ann"))
    assert [row["id"] for row in rows] == ["n/a:1", "n/a:3", "n/a:4"]
    assert all(list(row) == list(sheet_columns(BOOK)) for row in rows)
    assert rows[0] == dict.fromkeys(sheet_columns(BOOK), "") | {
        "id": "n/a:1",
        "article": "n/a",
        "source": "S",
        "date": "2025",
        "title": "T",
        "kind": "paragraph",
        "text": "Volatile prices soared.",
        "coder": "ann",
    }


def test_suggestions_stand_apart():
    rows = list(sheet_rows(UNITS, BOOK, suggest=suggest_from_cues(BOOK)))
    assert [row["suggest:frames"] for row in rows] == ["risk;gain", "risk", ""]
    assert [row["suggest:terms"] for row in rows] == [
        *("Volatile; soared", "Volatility"),
        "no cue found",
    ]
    assert not any(row["frame:risk"] or row["coded"] for row in rows)


def test_suggestions_are_never_read():
    rows = sheet_rows(UNITS, BOOK, suggest=suggest_from_cues(BOOK))
    cells = [row | {"suggest:stance:law": "pro"} for row in rows]
    marks = [parse_sheet_marks(row, place="a, row 2", mistakes=Mistakes()) for row in cells]
    assert all(mark.is_empty for mark in marks)


@pytest.mark.parametrize(
    ("columns", "sheet"),
    [
        (["text", "frame:a"], True),
        (["text", "Frame:a"], True),
        (["text", "coded", "stance:law"], True),
        (["text", "frames", "coded"], False),
        (["text", "stance:law"], False),
        (["text", "suggest:frames"], False),
    ],
)
def test_told_by_its_columns(columns, sheet):
    assert is_sheet(columns) is sheet


@pytest.mark.parametrize(
    ("cells", "marked"),
    [
        ({"frame__risk": "x", "frame__gain": ""}, {"risk": True, "gain": False}),
        ({"frame__risk": "x", "frame__gain": "0"}, {"risk": True, "gain": False}),
        ({"frame__risk": "", "frame__gain": "0"}, {"gain": False}),
        ({"frame__a": "x", "frame__b": "0", "frame__c": ""}, {"a": True, "b": False}),
        ({"frame__risk": "", "frame__gain": ""}, {}),
        ({"frame__risk": "", "frame__gain": "", "coded": "x"}, {"risk": False, "gain": False}),
        ({"frame__risk": "", "frame__gain": "", "coded": "by Ann"}, {"risk": False, "gain": False}),
        ({"frame__risk": "", "frame__gain": "", "coded": "no"}, {}),
        ({"frame__a": "0", "frame__b": "", "coded": "1"}, {"a": False, "b": False}),
        ({" frame:x": "x"}, {}),
        ({"Frame__ risk ": "X"}, {"risk": True}),
    ],
)
def test_reading_rule_of_frames(cells, marked):
    assert parse(**cells).marked == marked


def test_reading_rule_of_stance():
    assert parse(stance__law=" PRO ").stance == {"law": "PRO"}
    blank = parse(stance__law="", coded="x")
    assert (blank.stance, blank.blank) == ({}, ("law",))
    assert parse(stance__law="").blank == ()
    assert parse(stance__law="", frame__a="x").blank == ()
    assert parse(stance__law="pro", coded="x").blank == ()


def test_anything_else_in_a_cell_is_refused():
    with pytest.raises(CodingError) as caught:
        parse(frame__risk="maybe")
    assert str(caught.value) == (
        "a.csv: column 'frame:risk': 'maybe' is not a mark; write x for present, 0 for absent "
        "in row 2; mend"
    )


def refuse(*rows, **options):
    marks = [parse(**row) for row in rows]
    refuse_unfilled(marks, where="a.csv", marked_coded=options.get("marked_coded", False))


def test_nothing_filled():
    with pytest.raises(CodingError) as caught:
        refuse({"frame__a": ""}, {"frame__a": ""})
    assert str(caught.value) == (
        "a.csv: nothing is filled in this coding sheet; fill the column 'coded' of every row that "
        "was read (blank cells then mean absent), or write 0 for absent"
    )


def test_a_frame_that_is_only_ever_present():
    with pytest.raises(CodingError) as caught:
        refuse({"frame__a": "x"}, {"frame__a": ""}, {"frame__a": "x"})
    assert str(caught.value).startswith(
        "a.csv: frame 'a' is marked present in 2 of 3 rows and absent in none; fill the column"
    )


@pytest.mark.parametrize(
    ("rows", "marked_coded"),
    [
        ([{"frame__a": "x"}, {"frame__a": "x"}], False),
        ([{"frame__a": "x"}, {"frame__a": "0"}, {"frame__a": ""}], False),
        ([{"frame__a": "x"}, {"frame__a": ""}], True),
        ([{"frame__a": "0"}, {"frame__a": ""}], False),
        ([{"stance__law": "pro"}, {"stance__law": ""}], False),
    ],
)
def test_what_is_filled_well_enough(rows, marked_coded):
    refuse(*rows, marked_coded=marked_coded)


def test_whether_the_column_coded_is_in_use():
    assert not is_marked_coded([{"coded": ""}, {"coded": "0"}, {}])
    assert is_marked_coded([{"coded": ""}, {"coded": "x"}])


def test_the_help_names_what_must_be_filled():
    assert "'coded'" in HELP
