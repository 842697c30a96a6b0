"""Dates, lists and formulas in cells."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.records.cells import (
    format_list,
    is_missing,
    neutralise_formula,
    parse_date,
    parse_list,
    parse_text,
    replace_surrogates,
    restore_formula,
)

ANY_CHARACTER = st.characters(exclude_categories=())


@pytest.mark.parametrize("value", [None, float("nan"), pd.NaT, pd.NA, "", " \t\u00a0\u2028"])
def test_missing(value):
    assert is_missing(value)
    assert parse_text(value) is None
    assert parse_date(value) is None
    assert parse_list(value) is None


@pytest.mark.parametrize("value", [0, 0.0, False, "0", "nan", "None", [], {}, "\u200b"])
def test_not_missing(value):
    assert not is_missing(value)


@pytest.mark.parametrize(
    ("value", "text"), [(" a\u00a0", "a"), (7, "7"), (False, "False"), ("İ", "İ")]
)
def test_text(value, text):
    assert parse_text(value) == text


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2024-02-29", "2024-02-29"),
        ("2024-2-9", "2024-02-09"),
        (" 2024-02 ", "2024-02"),
        ("2024", "2024"),
        (2024, "2024"),
        (2024.0, "2024"),
        (20240229, "2024-02-29"),
        ("20240229", "2024-02-29"),
        ("2024-02-29T23:59:59.5+09:00", "2024-02-29"),
        ("2024-02-29 23:59", "2024-02-29"),
        ("2024/2/9", "2024-02-09"),
        ("2024.02.09", "2024-02-09"),
        ("14/05/2025", "2025-05-14"),
        ("05/13/2025", "2025-05-13"),
        ("13/12/2025", "2025-12-13"),
        ("14.05.2025", "2025-05-14"),
        ("4/4/2025", "2025-04-04"),
        ("4 April 2025", "2025-04-04"),
        ("April 4th, 2025", "2025-04-04"),
        ("Fri. 4 Apr. 2025", "2025-04-04"),
        ("Wednesday, 12 Mar 2025", "2025-03-12"),
        ("Sept. 1, 2025", "2025-09-01"),
        ("may 2025", "2025-05"),
        ("٢٠٢٥-٠٤-٠٤", "2025-04-04"),
        (dt.date(2024, 2, 29), "2024-02-29"),
        (dt.datetime(2024, 2, 29, 23, 59, tzinfo=dt.UTC), "2024-02-29"),
        (pd.Timestamp("2024-02-29 23:59"), "2024-02-29"),
    ],
)
def test_dates(value, date):
    assert parse_date(value) == date


@settings(deadline=None)
@given(st.dates())
def test_dates_are_read_back(date):
    assert parse_date(date.isoformat()) == parse_date(date) == date.isoformat()


@pytest.mark.parametrize(
    "value",
    [
        *("soon", "2025-13", "2025-02-30", "0000", "32/01/2025", "13/13/2025", "2025/13/01"),
        *("20251301", "0/5/2025", "31 February 2025", "25", "2025-04-04x", "1e400", "2010.5"),
        *("²025", True, float("inf"), -5, 10**30),
    ],
)
def test_what_is_not_a_date_is_named(value):
    with pytest.raises(ValueError, match="date") as error:
        parse_date(value)
    assert str(error.value) == f"'{value}' is not a date; write it as YYYY-MM-DD"


def test_long_text_is_cut_in_the_message():
    with pytest.raises(ValueError, match=r"^'x{40}' is not a date"):
        parse_date("x" * 999)


@pytest.mark.parametrize(
    ("value", "ways"),
    [
        ("04/05/2025", "'2025-05-04' and '2025-04-05'"),
        ("4.5.2025", "'2025-05-04' and '2025-04-05'"),
        ("12/1/2025", "'2025-01-12' and '2025-12-01'"),
    ],
)
def test_order_of_day_and_month_is_not_guessed(value, ways):
    with pytest.raises(ValueError, match="can be") as error:
        parse_date(value)
    remedy = "write it as YYYY-MM-DD"
    assert str(error.value) == f"'{value}' can be read in two ways, {ways}; {remedy}"


@pytest.mark.parametrize(
    ("value", "items"),
    [
        ("a; b ;;c", ["a", "b", "c"]),
        ("a, b", ["a, b"]),
        (";", []),
        ("[]", []),
        (" [ ] ", []),
        ('["a, b", "c;d", null, " "]', ["a, b", "c;d"]),
        ("[1, 2]", ["1", "2"]),
        ("['a', 'b']", ["a", "b"]),
        ("[a; b]", ["a", "b"]),
        ("[", ["["]),
        ([], []),
        (["a ", None, float("nan"), ""], ["a"]),
        (("a",), ["a"]),
        ([1, True], ["1", "True"]),
    ],
)
def test_lists(value, items):
    assert parse_list(value) == items


def test_brackets_without_end_are_no_crash():
    assert len(parse_list("[" * 5000 + "]" * 5000)) == 1


@pytest.mark.parametrize("value", [5, 0.5, True, {"a": 1}])
def test_what_is_not_a_list_is_named(value):
    with pytest.raises(ValueError, match="list") as error:
        parse_list(value)
    assert str(error.value) == f"'{value}' is not a list"


@pytest.mark.parametrize("items", [None, [], ["a"], ["a", "b c", "ß:=["]])
def test_lists_are_read_back(items):
    assert parse_list(format_list(items)) == items


@pytest.mark.parametrize("opener", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_are_neutralised(opener):
    assert neutralise_formula(f"{opener}1") == f"'{opener}1"
    assert restore_formula(f"'{opener}1") == f"{opener}1"


@pytest.mark.parametrize("text", ["", "a=b", "'tis", "'", " =1", "1-2", "«=1»"])
def test_other_texts_stay(text):
    assert neutralise_formula(text) == restore_formula(text) == text


@settings(deadline=None)
@given(st.text(st.sampled_from("'=+-@\t\ra")) | st.text())
def test_formulas_are_read_back(text):
    neutral = neutralise_formula(text)
    assert not neutral.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert restore_formula(neutral) == text


@settings(deadline=None)
@given(st.text(ANY_CHARACTER))
def test_lone_surrogates_become_replacement_characters(text):
    mended = replace_surrogates(text)
    mended.encode()
    whole = [character for character in text if not "\ud800" <= character <= "\udfff"]
    if len(whole) == len(text):
        assert mended == text
    assert [c for c in mended if c in whole] == [c for c in mended if c != "\ufffd" or c in whole]


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("a\ud800b", "a\ufffdb"),
        ("\udc00\ud800", "\ufffd\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("é\ud800", "é\ufffd"),
    ],
)
def test_each_surrogate_is_replaced_alone(text, mended):
    assert replace_surrogates(text) == mended
