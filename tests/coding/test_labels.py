"""Labels: one CSV a coder, and which of them count."""

import pytest

from framing.coding.joining import join_codings
from framing.coding.labels import (
    Label,
    find_label_files,
    label_columns,
    label_rows,
    read_labels,
)
from framing.coding.scheme import Codebook, Frame, StanceTarget, StanceValue
from framing.records.writing import open_table
from framing.schema import CodedUnit, Coding, CodingError, InputError, Paragraph

LAW = StanceTarget("law", "Law", "", (StanceValue("pro"), StanceValue("none")), "none")
BOOK = Codebook(
    "demo", "1.0.0", frames=(Frame("risk", "Risk"), Frame("gain", "Gain")), targets=(LAW,)
)
HEAD = "id,excerpt,frames,stance:law\n"


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(HEAD + text, encoding="utf-8")
    return folder


def test_columns():
    assert list(label_columns(BOOK)) == ["id", "excerpt", "frames", "stance:law"]
    assert list(label_columns(BOOK, reason=True))[-1] == "reason"


def test_rows_written_are_rows_read(tmp_path):
    paragraphs = [Paragraph(f"a:{n}", "a", f"=Text {n}", 0, 7) for n in range(4)]
    codings = [
        Coding("a:0", "ann", {"risk": True, "gain": True}, {"law": "pro"}),
        Coding("a:1", "ann", {"risk": False, "gain": False}, {"law": "none"}),
        Coding("a:2", "ann", {}, {"law": "pro"}),
        Coding("a:3", "ann", {"risk": True, "gain": False}, {}),
    ]
    units = [CodedUnit(p, c) for p, c in zip(paragraphs, codings, strict=True)]
    path = tmp_path / "ann.csv"
    with open_table(path, label_columns(BOOK)) as table:
        table.write(label_rows(units, BOOK))
    labels = read_labels(path, BOOK)
    assert [Coding(x.unit, x.coder, x.frames, x.stance) for x in labels] == codings
    assert [label.excerpt for label in labels] == [p.text for p in paragraphs]
    assert [u.paragraph for u in join_codings(paragraphs, labels)] == paragraphs


def test_a_list_cannot_say_which_frames_were_coded():
    unit = CodedUnit(Paragraph("a:1", "a", "t", 0, 1), Coding("a:1", "", {"risk": True}))
    with pytest.raises(CodingError) as caught:
        list(label_rows([unit], BOOK))
    assert str(caught.value) == (
        "'a:1' is not coded for frame 'gain'; "
        "code every frame or none, or keep the codings in a sheet"
    )


def test_the_only_file(tmp_path):
    write(tmp_path, ann="a:1,It began,Risk,\na:2,,[],PRO\na:3,,,\n")
    assert read_labels(tmp_path, BOOK) == [
        Label("a:1", "ann", {"risk": True, "gain": False}, {}, "It began"),
        Label("a:2", "ann", {"risk": False, "gain": False}, {"law": "pro"}),
    ]


def test_adjudicated_goes_before_all(tmp_path):
    write(tmp_path, ann="a:1,,risk,\n", bo="a:1,,gain,\n", adjudicated="a:1,,[],none\n")
    (label,) = read_labels(str(tmp_path), BOOK)
    assert (label.coder, label.frames["risk"]) == ("adjudicated", False)


def test_else_the_majority_and_ties_are_reported(tmp_path):
    problems = []
    write(tmp_path, ann="a:1,,risk,pro\n", bo="a:1,,risk;gain,none\n", cy="a:2,,[],\n")
    first, second = read_labels(tmp_path, BOOK, report=problems.append)
    assert (first.coder, first.frames, first.stance) == ("majority", {"risk": True}, {})
    assert second.coder == "cy"
    (problem,) = problems
    assert problem.where == str(tmp_path)
    assert problem.reason == (
        "2 of 5 cells have no majority and are left uncoded; settle them in adjudicated.csv"
    )
    assert not problem.lost


def test_hidden_and_other_files_are_passed_over(tmp_path):
    write(tmp_path, ann="a:1,,risk,\n")
    for name in (".ann.csv", "codebook.yaml", "README.md"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert find_label_files(tmp_path) == [tmp_path / "ann.csv"]


def test_a_sheet_is_taken_too(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text(
        "id,text,coded,frame:risk,frame:gain,stance:law,coder\n"
        "a:1,One,x,x,,,ann\na:2,Two,,,,,ann\na:3,Three,,,0,pro,\n",
        encoding="utf-8",
    )
    assert read_labels(path, BOOK) == [
        Label("a:1", "ann", {"risk": True, "gain": False}, {"law": "none"}, "One"),
        Label("a:3", "sheet", {"gain": False}, {"law": "pro"}, "Three"),
    ]


def test_nothing_there(tmp_path):
    with pytest.raises(InputError) as caught:
        read_labels(tmp_path / "no", BOOK)
    assert str(caught.value) == f"{tmp_path / 'no'}: no such file or folder; check the path"
    with pytest.raises(InputError) as caught:
        read_labels(tmp_path, BOOK)
    assert str(caught.value) == (
        f"{tmp_path}: no CSV of codings in this folder; add one file a coder"
    )


def test_no_id_column(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("unit,frames\na,risk\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_labels(path, BOOK)
    told = "no column 'id' among 'unit', 'frames'; name the column of the ids 'id'"
    assert str(caught.value) == f"{path}: {told}"


def test_a_coding_without_id_is_reported(tmp_path):
    problems = []
    write(tmp_path, ann="a:1,,risk,\n,Who am I,gain,\n,,,\n")
    assert len(read_labels(tmp_path, BOOK, report=problems.append)) == 1
    (problem,) = problems
    assert (problem.reason, problem.content) == ("a coding without an id", "Who am I")
    assert problem.where.endswith("ann.csv, row 3")


def test_unknown_codes_are_listed_with_their_rows(tmp_path):
    write(tmp_path, ann="a:1,,rsik,\na:2,,risk,prp\na:3,,rsik,\n")
    with pytest.raises(CodingError) as caught:
        read_labels(tmp_path, BOOK)
    assert str(caught.value) == (
        f"{tmp_path / 'ann.csv'}: no frame 'rsik' (did you mean 'risk'?) in row 2, row 4, "
        "no value for stance 'law' 'prp' (did you mean 'pro'?) in row 3; "
        "correct them, or use the codebook that they were made with"
    )


def test_no_sink_is_needed(tmp_path):
    write(tmp_path, ann="a:1,,risk,\na:1,,risk,\n,,gain,\n", bo="a:1,,gain,\n")
    assert [label.unit for label in read_labels(tmp_path, BOOK)] == []


def test_repeats_and_contradictions(tmp_path):
    problems = []
    write(tmp_path, ann="a:1,,risk,\na:1,,risk,\n")
    assert len(read_labels(tmp_path, BOOK, report=problems.append)) == 1
    assert problems[0].reason.startswith("repeats 'a:1'")
    write(tmp_path, ann="a:1,,risk,\na:1,,gain,\n")
    with pytest.raises(CodingError, match="'a:1' is coded twice by coder 'ann'"):
        read_labels(tmp_path, BOOK)
