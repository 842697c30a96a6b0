"""Coded data in the forms in which users keep them."""

import json
from pathlib import Path

import pytest

from framing.coding.codebook import infer_codebook
from framing.coding.codings import merge_coders, read_coded
from framing.coding.scheme import Codebook, Frame, StanceTarget, StanceValue
from framing.coding.sheets import sheet_columns, sheet_rows, suggest_from_cues
from framing.records.writing import open_table
from framing.schema import CodingError, InputError, Paragraph

LAW = StanceTarget(
    "law", "The Act", "", (StanceValue("pro"), StanceValue("con"), StanceValue("none")), "none"
)
BOOK = Codebook(
    "demo", "1.0.0", frames=(Frame("ir", "Investor risk"), Frame("gain", "Gain")), targets=(LAW,)
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_csv(text, name="news.csv", encoding="utf-8"):
    Path(name).write_text(text, encoding=encoding, newline="")
    return name


def write_jsonl(*rows, name="news.jsonl"):
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    Path(name).write_text("".join(lines), encoding="utf-8")
    return name


def read(*paths, **options):
    problems = []
    return read_coded(paths, report=problems.append, **options), problems


def refuses(kind, *paths, **options):
    with pytest.raises(kind) as caught:
        read_coded(paths, **options)
    return str(caught.value)


pytestmark = pytest.mark.usefixtures("folder")


def test_csv_with_everything():
    path = write_csv(
        "id,article,source,date,title,kind,text,frames,stance:law,coder,weight\n"
        '7,n/a,Post,2025-04,Ores,headline," Prices, up ",gain;ir,pro,ann,3\n'
        "8,,,,,column,Calm,[],,,\n"
        "9,,,,,,Quiet,,none,,\n"
    )
    (first, second, third), problems = read(path)
    assert first.paragraph == Paragraph(
        "7", "n/a", " Prices, up ", 0, 12, "headline", "Ores", "Post", "2025-04"
    )
    assert first.coding.frames == {"gain": True, "ir": True}
    assert (first.coding.stance, first.coding.coder) == ({"law": "pro"}, "ann")
    assert second.paragraph == Paragraph("8", "8", "Calm", 0, 4)
    assert second.coding.frames == {"gain": False, "ir": False}
    assert second.coding.stance == {}
    assert third.coding.frames == {}
    assert third.coding.stance == {"law": "none"}
    assert problems == []


ROWS = [
    {"id": "1", "text": "One", "frames": ["ir"], "stance": {"law": "pro"}},
    {"id": "2", "text": "Two", "frames": [], "stance": {"law": None}},
    {"id": "3", "text": "Three", "frames": None, "stance": None},
]


@pytest.mark.parametrize("form", ["jsonl", "parquet", "csv"])
def test_forms_say_the_same(form):
    path = write_jsonl(*ROWS)
    if form == "parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = "news.parquet"
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    elif form == "csv":
        path = write_csv("id,text,frames,stance:law\n1,One,ir,pro\n2,Two,[],\n3,Three,,\n")
    units, problems = read(path, codebook=BOOK)
    assert [unit.coding.frames for unit in units] == [
        {"ir": True, "gain": False},
        {"ir": False, "gain": False},
        {},
    ]
    assert [unit.coding.stance for unit in units] == [{"law": "pro"}, {}, {}]
    assert problems == []


def test_without_a_codebook_every_frame_of_all_files_is_coded():
    one = write_jsonl({"text": "One", "frames": ["a"]}, name="one.jsonl")
    two = write_jsonl({"text": "Two", "frames": ["b"]}, name="two.jsonl")
    units, _ = read(one, two)
    assert [unit.coding.frames for unit in units] == [
        {"a": True, "b": False},
        {"a": False, "b": True},
    ]


def test_names_of_the_codebook_become_ids():
    path = write_jsonl(
        {"text": "One", "frames": ["investor-RISK"], "stance": {"the act": "CON"}},
        {"text": "Two", "frames": ["IR", "gain"]},
    )
    units, _ = read(path, codebook=BOOK)
    assert units[0].coding.frames == {"ir": True, "gain": False}
    assert units[0].coding.stance == {"law": "con"}
    assert units[1].coding.frames == {"ir": True, "gain": True}


def test_names_in_any_script():
    path = write_jsonl(
        {"text": "One", "frames": ["5G risk", "риск"]}, {"text": "Two", "frames": ["稀土"]}
    )
    units, problems = read(path)
    assert infer_codebook(units).frame_ids == ("5G risk", "риск", "稀土")
    assert problems == []


def test_an_inferred_codebook_reads_the_same_data_the_same():
    path = write_jsonl(
        {"text": "One", "frames": ["Risk: 5G", "gain"], "stance": {"a=b": "x;y"}},
        {"text": "Two", "frames": ["risk- 5g", "Gain"], "stance": {"a=b": "z"}},
        {"text": "Three", "frames": ["Risk-5G", "gain"]},
    )
    units = read_coded([path])
    book = infer_codebook(units)
    assert read_coded([path], codebook=book) == units
    assert len(book.frame_ids) == 2
    assert book.frame_ids == ("Risk-5G", "gain")
    assert book.target_ids == ("a-b",)


def test_ids_where_there_are_none():
    rows = [{"text": text, "frames": []} for text in ("One", "Two")]
    one = write_jsonl(*rows, name="a.jsonl")
    two = write_jsonl({"text": "Three", "frames": ["x"]}, name="a.ndjson")
    units, _ = read(one, two)
    assert [unit.paragraph.id for unit in units] == ["a:1", "a:2", "a~2:1"]
    assert [unit.paragraph.article for unit in units] == ["a:1", "a:2", "a~2:1"]


def test_a_file_given_twice_is_read_once():
    path = write_jsonl({"text": "One", "frames": ["x"]})
    units, (problem,) = read(path, "./" + path)
    assert len(units) == 1
    assert problem.reason == "given twice, read once"
    assert len(read_coded([path, path])) == 1


def test_text_stays_as_it_is_and_a_neutralised_formula_is_restored():
    path = write_csv("text,frames\n\"  '=x\u00a0y\n\nz \",a\n'=SUM(A1),a\n")
    units, _ = read(path)
    assert [unit.paragraph.text for unit in units] == ["  '=x\u00a0y\n\nz ", "=SUM(A1)"]


def test_null_text_is_lost_and_reported():
    path = write_jsonl(
        {"id": "1", "text": None, "frames": ["a"]},
        {"id": "2", "frames": ["a"]},
        {"id": "3", "text": " ", "frames": ["a"]},
        {"id": "4", "text": "Four", "frames": ["a"]},
    )
    units, problems = read(path)
    assert [unit.paragraph.id for unit in units] == ["4"]
    assert [(p.where, p.reason, p.content, p.lost) for p in problems] == [
        (f"news.jsonl, line {n}", "no text", str(n), True) for n in (1, 2, 3)
    ]


def test_a_bad_date_is_left_out_and_reported():
    path = write_csv("text,date,frames\nOne,soon,a\nTwo,2025,a\n")
    units, (problem,) = read(path)
    assert [unit.paragraph.date for unit in units] == [None, "2025"]
    assert (problem.where, problem.lost, problem.content) == ("news.csv, row 2", False, "One")
    assert problem.reason == "date left out: 'soon' is not a date; write it as YYYY-MM-DD"


def test_spelling_variants_are_joined_and_reported():
    path = write_csv("text,frames\nOne,Risk\nTwo,risk\nThree,risk\n")
    units, (problem,) = read(path)
    assert [unit.coding.frames for unit in units] == [{"risk": True}] * 3
    assert problem.reason == "the frame 'Risk' is read as 'risk' (1 times)"


def test_unknown_frames_targets_and_values():
    path = write_csv(
        "text,frames,stance:law,stance:lew\n"
        "One,gian,pro,\nTwo,gain;gian,against,\nThree,[],,pro\nFour,gian,,\n"
    )
    assert refuses(CodingError, path, codebook=BOOK) == (
        "news.csv: no frame 'gian' (did you mean 'gain'?) in row 2, row 3, row 5, "
        "no value for stance 'law' 'against' (known: pro, con, none) in row 3, "
        "no stance target 'lew' (did you mean 'law'?) in row 4; "
        "correct them, or use the codebook that they were made with"
    )


def test_no_text_column():
    path = write_csv("id,body,frames\n1,One,a\n")
    assert refuses(InputError, path) == (
        "news.csv: no column 'text' among 'id', 'body', 'frames'; "
        "name the column of the texts 'text'"
    )


def test_a_labels_file_is_told_where_it_belongs():
    path = write_csv("id,excerpt,frames\n1,One,a\n")
    assert refuses(InputError, path).endswith("; give it as labels beside its articles")


def test_no_text_at_all():
    path = write_csv("text,frames\n ,a\n")
    assert refuses(InputError, path) == "news.csv: no row has a text; fill 'text'"


def test_nothing_coded():
    path = write_csv("text,source\nOne,Post\n")
    assert refuses(CodingError, path) == (
        "news.csv: nothing is coded; "
        "fill the column 'frames' ([] for none) or a column 'stance:TARGET'"
    )


def test_missing_file_and_other_files():
    assert "cannot be read (no such file or directory)" in refuses(InputError, "no.csv")
    assert refuses(InputError, write_csv("x", "a.txt")).startswith("a.txt: not a table")


def test_exact_repeats_are_lost_and_contradictions_refused():
    path = write_csv("id,text,frames\n1,One,a\n1,One,a\n2,Two,b\n")
    units, (problem,) = read(path)
    assert len(units) == 2
    assert (problem.where, problem.reason, problem.lost) == (
        "news.csv, row 3",
        "repeats '1' of news.csv, row 2",
        True,
    )
    path = write_csv("id,text,frames\n1,One,a\n1,One,b\n")
    assert "'1' is coded twice with different codes for frame 'a'" in refuses(CodingError, path)


def test_an_id_stands_for_one_text():
    one = write_csv("id,text,frames\n1,One,a\n", "one.csv")
    two = write_csv("id,text,frames\n1,Two,a\n", "two.csv")
    assert refuses(CodingError, one, two) == (
        "two.csv, row 2: the id '1' already stands for another text (one.csv, row 2); "
        "give each unit an id of its own"
    )


def test_coders_of_one_unit_are_units_that_can_be_merged():
    path = write_csv("id,text,frames,coder\n1,One,a,ann\n1,One,a;b,bo\n1,One,[],cy\n")
    units, _ = read(path)
    assert [unit.coding.coder for unit in units] == ["ann", "bo", "cy"]
    merged = merge_coders(units)
    assert merged.units[0].coding.frames == {"a": True, "b": False}
    assert (len(merged.units), merged.tied) == (1, 0)


def test_target_and_stance_columns_with_categories():
    rows = [
        {"id": str(n), "text": f"Text {n}", "target": target, "stance": value}
        for n in range(10)
        for target, value in (("law", "pro"), ("tax", "con"))
    ]
    units, problems = read(write_jsonl(*rows))
    assert len(units) == 10
    assert all(unit.coding.stance == {"law": "pro", "tax": "con"} for unit in units)
    assert [p.reason for p in problems] == [
        "2 names in 10 rows or more each: read as a target each"
    ]


def test_target_and_stance_columns_with_mentions():
    rows = [
        {"id": "1", "text": "Ann beat Bo.", "target": "Ann", "stance": 1, "article": "n/a"},
        {"id": "1", "text": "Ann beat Bo.", "target": "Bo", "stance": -1, "article": "n/a"},
        {"id": "2", "text": "Cy slept.", "target": "Cy", "stance": 0},
    ]
    path = write_jsonl(*rows)
    units, _ = read(path)
    assert [unit.paragraph.id for unit in units] == ["1", "1~2", "2"]
    assert [unit.paragraph.article for unit in units] == ["n/a", "n/a", "2"]
    assert [unit.coding.stance for unit in units] == [{"target": v} for v in ("1", "-1", "0")]
    book = infer_codebook(units)
    assert book.values("target") == ("-1", "0", "1")
    assert read_coded([path], codebook=book) == units


def test_a_unit_keeps_the_mention_that_it_is_about():
    rows = [
        {"id": "1", "text": "Ann beat Bo.", "target": " Ann ", "stance": 1},
        {"id": "1", "text": "Ann beat Bo.", "target": "Bo", "stance": -1},
        {"id": "2", "text": "Cy slept.", "frames": ["rest"]},
    ]
    units, _ = read(write_jsonl(*rows))
    assert [unit.paragraph.mention for unit in units] == ["Ann", "Bo", None]
    assert {unit.paragraph.text for unit in units[:2]} == {"Ann beat Bo."}


@pytest.mark.parametrize("step", [1, -1])
def test_a_row_of_frames_alone_hides_no_mention(step):
    rows = [
        {"id": "1", "text": "Ann beat Bo.", "frames": ["rest"]},
        {"id": "1", "text": "Ann beat Bo.", "target": "Ann", "stance": 1},
        {"id": "2", "text": "Cy slept.", "target": "Cy", "stance": 0},
    ]
    units, _ = read(write_jsonl(*rows[::step]))
    found = {u.paragraph.id: (u.paragraph.mention, u.coding.frames) for u in units}
    assert found == {"1": ("Ann", {"rest": True}), "2": ("Cy", {})}


def test_a_target_that_is_a_category_is_no_mention():
    rows = [
        {"text": f"Text {n}", "target": ("law", "tax")[n % 2], "stance": n % 4 // 2}
        for n in range(40)
    ]
    units, _ = read(write_jsonl(*rows))
    assert {unit.paragraph.mention for unit in units} == {None}
    assert {target for unit in units for target in unit.coding.stance} == {"law", "tax"}
    path = write_jsonl({"text": "One", "target": "The act", "stance": "pro"})
    assert read(path, codebook=BOOK)[0][0].paragraph.mention is None


def test_coders_of_one_mention_code_one_unit():
    row = {"id": "1", "text": "Ann beat Bo.", "target": "Ann", "stance": 1}
    units, _ = read(write_jsonl({**row, "coder": "x"}, {**row, "coder": "y", "stance": 0}))
    assert [(u.paragraph.id, u.paragraph.mention) for u in units] == [("1", "Ann")] * 2


def test_target_and_stance_columns_with_a_codebook():
    path = write_jsonl({"text": "One", "target": "The act", "stance": "pro"})
    assert read(path, codebook=BOOK)[0][0].coding.stance == {"law": "pro"}
    path = write_jsonl({"text": "One", "target": "Ann", "stance": "pro"})
    assert "no stance target 'Ann'" in refuses(CodingError, path, codebook=BOOK)


def fill_sheet(path, fill, **options):
    units = [Paragraph(f"n/a:{n}", "n/a", f"=Text {n}", 0, 7, date="2025") for n in range(4)]
    with open_table(path, sheet_columns(BOOK, suggestions=True), **options) as table:
        rows = list(sheet_rows(units, BOOK, coder="ann", suggest=suggest_from_cues(BOOK)))
        table.write(row | cells for row, cells in zip(rows, fill, strict=True))
    return units


@pytest.mark.parametrize("book", [BOOK, None])
def test_a_filled_sheet_goes_straight_in(book):
    units = fill_sheet(
        "sheet.csv",
        [
            {"frame:ir": "X", "stance:law": "Pro"},
            {"coded": "x"},
            {"frame:gain": "0", "stance:law": "none"},
            {},
        ],
        mark=True,
    )
    read_units, problems = read("sheet.csv", codebook=book)
    assert [unit.paragraph for unit in read_units] == units
    assert [unit.coding.coder for unit in read_units] == ["ann"] * 4
    assert [unit.coding.frames for unit in read_units] == [
        {"ir": True, "gain": False},
        {"ir": False, "gain": False},
        {"gain": False},
        {},
    ]
    value = "pro" if book else "Pro"
    assert [unit.coding.stance for unit in read_units] == [
        {"law": value},
        {"law": "none"},
        {"law": "none"},
        {},
    ]
    assert problems == []


def test_a_value_that_is_not_allowed_in_a_sheet():
    fill_sheet("sheet.csv", [{"stance:law": "maybe"}, {"coded": "x"}, {}, {}])
    assert refuses(CodingError, "sheet.csv", codebook=BOOK) == (
        "sheet.csv: no value for stance 'law' 'maybe' (known: pro, con, none) in row 2; "
        "correct them, or use the codebook that they were made with"
    )


def test_an_unfilled_sheet_says_how_to_fill_it():
    fill_sheet("sheet.csv", [{}] * 4)
    assert "nothing is filled in this coding sheet; fill the column 'coded'" in refuses(
        CodingError, "sheet.csv", codebook=BOOK
    )


def test_a_sheet_that_a_spreadsheet_saved_in_its_own_way():
    head = "id;text;coded;frame:ir;frame:gain;stance:law;coder"
    write_csv(f"{head}\r\n1;Prix élevé;x;;x;CON;ann\r\n", "sheet.csv", "cp1252")
    (unit,), _ = read("sheet.csv", codebook=BOOK)
    assert unit.paragraph.text == "Prix élevé"
    assert unit.coding.frames == {"ir": False, "gain": True}
    assert unit.coding.stance == {"law": "con"}
