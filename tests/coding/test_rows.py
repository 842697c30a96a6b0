"""Rows of files of codings."""

from pathlib import Path

import pytest

from framing.coding.mistakes import Mistakes
from framing.coding.rows import read_coded_rows, stem_of
from framing.schema import CodingError, InputError


def read(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return read_coded_rows(path, mistakes=Mistakes())


@pytest.mark.parametrize(
    ("name", "stem"),
    [("a.csv", "a"), ("a.csv.gz", "a"), ("a.b.jsonl", "a.b"), ("a", "a"), (".csv", ".csv")],
)
def test_stem(name, stem):
    assert stem_of(Path("folder") / name) == stem


def test_standard_data_have_no_coder_of_their_own(tmp_path):
    (row,) = read(tmp_path / "ann.csv", "text,frames\nhello,risk\n")
    assert (row.number, row.coder, row.marks.listed) == (2, "", ("risk",))
    assert row.place == f"{tmp_path / 'ann.csv'}, row 2"


def test_jsonl_counts_lines(tmp_path):
    (row,) = read(tmp_path / "a.jsonl", '\n{"text": "hello", "coder": "bo"}\n')
    assert row.place.endswith("a.jsonl, line 2")
    assert row.coder == "bo"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_sheet_as_spreadsheets_save_it(tmp_path, delimiter, encoding):
    lines = ["id,text,coded,frame:risk,coder", "1,Prix élevé,,x,", "2,Calme,x,,bo", ""]
    text = "\r\n".join(lines).replace(",", delimiter)
    rows = read(tmp_path / "ann.csv", text, encoding)
    assert [row.values["text"] for row in rows] == ["Prix élevé", "Calme"]
    assert [row.marks.marked for row in rows] == [{"risk": True}, {"risk": False}]
    assert [row.coder for row in rows] == ["ann", "bo"]


def test_apostrophe_before_a_formula_is_taken_off_in_csv_only(tmp_path):
    (row,) = read(tmp_path / "a.csv", "text,stance:t\n'=1+1,'-1\n")
    assert (row.values["text"], row.marks.stance) == ("=1+1", {"t": "-1"})
    (row,) = read(tmp_path / "a.jsonl", '{"text": "\'=1+1"}\n')
    assert row.values["text"] == "'=1+1"


def test_no_rows(tmp_path):
    with pytest.raises(InputError) as caught:
        read(tmp_path / "a.csv", "text,frames\n")
    assert str(caught.value) == f"{tmp_path / 'a.csv'}: no rows; give a table with one row a unit"


def test_all_bad_cells_are_gathered(tmp_path):
    with pytest.raises(CodingError) as caught:
        read(tmp_path / "a.csv", "text,frame:a\nt,maybe\nt,x\nt,maybe\n")
    assert str(caught.value) == (
        f"{tmp_path / 'a.csv'}: column 'frame:a': 'maybe' is not a mark; write x for present, "
        "0 for absent in row 2, row 4; correct these cells"
    )


@pytest.mark.parametrize("column", ["probabilities", "p:risk"])
def test_predictions_are_no_codings(tmp_path, column):
    with pytest.raises(CodingError) as caught:
        read(tmp_path / "a.csv", f"text,frames,{column},model,codebook\nt,[],0.1,m,c\n")
    assert str(caught.value).endswith(
        "these are a model's predictions, not codings; give codings made by people"
    )


def test_other_columns_that_look_like_probabilities_are_no_predictions(tmp_path):
    (row,) = read(tmp_path / "a.csv", "text,frames,p:value\nt,[],0.1\n")
    assert row.marks.listed == ()


def test_an_unfilled_sheet_is_refused(tmp_path):
    with pytest.raises(CodingError, match="nothing is filled"):
        read(tmp_path / "a.csv", "text,coded,frame:a\nt,,\n")
