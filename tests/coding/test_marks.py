"""Cells of coded rows."""

import pytest

from framing.coding.marks import Marks, format_value, parse_mark, parse_marks
from framing.coding.mistakes import Mistakes
from framing.schema import CodingError


def parse(**values):
    mistakes = Mistakes()
    marks = parse_marks(values, place="a.csv, row 2", mistakes=mistakes)
    mistakes.refuse(fix="mend")
    return marks


@pytest.mark.parametrize("cell", ["x", "X", "1", 1, 1.0, "yes", " Y ", "TRUE", True, "present"])
def test_present(cell):
    assert parse_mark(cell) is True


@pytest.mark.parametrize("cell", ["0", 0, 0.0, "no", "N", "FALSE", False, "absent", "-"])
def test_absent(cell):
    assert parse_mark(cell) is False


@pytest.mark.parametrize("cell", [None, "", "  ", float("nan")])
def test_blank(cell):
    assert parse_mark(cell) is None


@pytest.mark.parametrize("cell", ["?", "2", "maybe", "xx", 0.5])
def test_neither(cell):
    with pytest.raises(ValueError, match="is not a mark; write x for present, 0 for absent"):
        parse_mark(cell)


@pytest.mark.parametrize(
    ("cell", "text"), [(-1, "-1"), (-1.0, "-1"), (0.5, "0.5"), (False, "false"), ("1.0", "1.0")]
)
def test_values_of_any_type(cell, text):
    assert format_value(cell) == text


@pytest.mark.parametrize(
    ("cell", "listed"),
    [
        ("a;b", ("a", "b")),
        (" a ; ", ("a",)),
        ("[]", ()),
        ([], ()),
        (["a", None, " b "], ("a", "b")),
        ([1.0, 2], ("1", "2")),
        ('["a, b", null, "c"]', ("a, b", "c")),
        ("['a', 'b']", ("a", "b")),
        (3, ("3",)),
        ("", None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_list_of_frames(cell, listed):
    assert parse(frames=cell) == Marks("a.csv, row 2", listed)


def test_object_of_frames():
    assert parse(frames={"a": True, "b ": 0, "c": None}).marked == {"a": True, "b": False}


def test_object_of_frames_with_something_else():
    with pytest.raises(CodingError, match=r"a\.csv: column 'frames': 'maybe' is not a mark.*row 2"):
        parse(frames={"a": "maybe"})


@pytest.mark.parametrize(
    ("values", "stance"),
    [
        ({"stance": {"law": "pro", "tax": None}}, {"law": "pro"}),
        ({"stance": '{"law": "pro"}'}, {"law": "pro"}),
        ({"stance": [("law", "pro")]}, {"law": "pro"}),
        (
            {"stance:law": " pro ", "stance:tax": "", "Stance: fee ": -1.0},
            {"law": "pro", "fee": "-1"},
        ),
        ({"target": "law", "stance": "pro"}, {"law": "pro"}),
        ({"target": 7, "stance": 1}, {"7": "1"}),
        ({"stance": "pro"}, {"stance": "pro"}),
        ({"target": "law", "stance": None}, {}),
        ({"target": "law"}, {}),
        ({"stance": {}}, {}),
    ],
)
def test_stance(values, stance):
    assert parse(**values).stance == stance


def test_only_a_target_column_makes_a_mention():
    assert parse(target="law", stance="pro").mention == "law"
    assert parse(stance="pro").mention is None
    assert parse(target="tax", stance={"law": "pro"}).mention is None


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("{law: pro", "column 'stance': not a JSON object of target and value"),
        (["law"], "column 'stance': not an object of target and value"),
        ({"law": {"value": "pro"}}, "column 'stance': the value for 'law' is not one text"),
    ],
)
def test_stance_that_cannot_be_read(cell, message):
    with pytest.raises(CodingError) as caught:
        parse(stance=cell)
    assert str(caught.value) == f"a.csv: {message} in row 2; mend"


def test_empty_marks():
    assert parse(text="hello").is_empty
    assert not parse(frames="[]").is_empty
    assert not parse(stance="pro").is_empty
