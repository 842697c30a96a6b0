"""Tests of which predicted units are counted."""

import pandas as pd
import pytest

from framing.measuring.eligibility import name_articles, select_units
from framing.schema import InputError, MismatchError

UNIT = {"article": "a", "source": "Post", "date": "2025-04-01", "kind": "paragraph"}
UNIT |= {"frames": "lag", "p:lag": 0.8, "model": "m1", "codebook": "c1"}


def make_table(*changes):
    rows = [UNIT | {"id": f"u{i}"} | change for i, change in enumerate(changes)]
    return pd.DataFrame(rows)


def select(*changes, by="source", over=None):
    return select_units(make_table(*changes), by=by, over=over)


def test_units_keep_their_order_and_what_they_are():
    units = select({}, {"article": "b", "source": "Herald", "p:lag": 0.1, "frames": None})
    assert units.sources == ["Post", "Herald"]
    assert units.probabilities.tolist() == [[0.8], [0.1]]
    assert units.decisions.tolist() == [[True], [False]]
    assert units.periods == [None, None]
    assert (units.model, units.codebook, units.left_out) == ("m1", "c1", {})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"kind": "boilerplate", "p:lag": None}, "boilerplate"),
        ({"kind": "boilerplate"}, "boilerplate"),
        ({"p:lag": None}, "no probabilities"),
        ({"id": "u0"}, "repeated id"),
        ({"source": None}, "no source"),
        ({"source": "  "}, "no source"),
        ({"date": None}, "no date"),
        ({"date": "soon"}, "unreadable date"),
        ({"date": "2025"}, "date too coarse"),
    ],
)
def test_what_cannot_be_counted_is_left_out_and_counted(change, reason):
    units = select({}, change, {}, over="month")
    assert units.left_out == {reason: 1}
    assert len(units.articles) == len(units.probabilities) == 2
    assert units.periods == ["2025-04", "2025-04"]


def test_a_row_counts_under_its_first_reason():
    units = select({}, {"kind": "boilerplate", "source": None}, {"p:lag": None, "source": None})
    assert units.left_out == {"boilerplate": 1, "no probabilities": 1}


def test_dates_do_not_matter_without_periods():
    assert select({"date": None}, {"date": "soon"}).left_out == {}


def test_units_without_an_id_are_not_repeated():
    assert select({"id": None}, {"id": None}).left_out == {}


def test_an_id_of_two_units_is_refused():
    with pytest.raises(InputError, match=r"^the id 'u0' stands for .* source 'Post' and 'Herald';"):
        select({}, {"id": "u0", "source": "Herald"})


@pytest.mark.parametrize("change", [{"kind": "boilerplate"}, {"p:lag": None}])
def test_units_that_are_not_counted_take_no_id(change):
    units = select({"id": "u1", "source": "Herald"} | change, {})
    assert units.rows.tolist() == [1]
    assert sum(units.left_out.values()) == 1


@pytest.mark.parametrize("column", ["model", "codebook"])
def test_two_predictions_of_one_unit_are_told_before_their_id(column):
    with pytest.raises(MismatchError, match=rf"^predictions of 2 {column}s"):
        select({}, {"id": "u0", "p:lag": 0.1, column: "other"})


def test_headlines_and_bullets_are_counted():
    assert len(select({"kind": "headline"}, {"kind": "bullet"}).articles) == 2


def test_units_without_an_article_stand_alone():
    units = select({}, {"article": None}, {"article": ""}, {})
    assert len(set(units.articles)) == 3
    assert units.articles[0] == units.articles[3]


def test_an_article_is_never_taken_for_a_row():
    units = select({"article": "1"}, {"article": None}, {"article": "row 1"})
    assert len(set(units.articles)) == 3


def test_sources_in_several_spellings_are_one():
    units = select({}, {"source": "the post"}, {"source": "Post "}, {"source": "Herald"})
    assert units.sources == ["Post", "Post", "Post", "Herald"]
    assert units.variants == {"Post": ("the post",)}


def test_other_columns_may_group():
    units = select({"desk": 7}, {"desk": None}, by="desk")
    assert units.sources == ["7"]
    assert units.left_out == {"no desk": 1}


@pytest.mark.parametrize("column", ["model", "codebook"])
def test_mixed_files_are_refused_with_both_names(column):
    with pytest.raises(MismatchError, match=rf"^predictions of 2 {column}s: h1, h2; predict all"):
        select({column: "h2"}, {column: "h1"})


@pytest.mark.parametrize("column", ["model", "codebook"])
@pytest.mark.parametrize("missing", [None, ""])
def test_units_that_name_no_origin_are_refused(column, missing):
    with pytest.raises(InputError, match=rf"^units that name no {column}; predict them again"):
        select({}, {column: missing})


def test_origins_of_rows_left_out_do_not_matter():
    assert select({}, {"kind": "boilerplate", "model": None}).model == "m1"


@pytest.mark.parametrize(
    ("change", "over", "told"),
    [
        ({"kind": "boilerplate"}, None, r"\(2 boilerplate\); give the output of framing predict"),
        ({"source": None}, None, r"\(2 no source\); fill in the column 'source', or group by ano"),
        ({"date": "soon"}, "year", r"\(2 unreadable date\); write dates as YYYY-MM-DD, precise e"),
        ({"date": "2025"}, "month", r"\(2 date too coarse\); .* for a month, or leave the period"),
    ],
)
def test_nothing_left_says_why(change, over, told):
    with pytest.raises(InputError, match=rf"^no unit is left to count {told}"):
        select(change, change, over=over)


def test_units_know_their_rows():
    table = make_table({"kind": "boilerplate"}, {}, {"source": None}, {})
    table.index = [7, 7, 8, 9]
    units = select_units(table, by="source", over=None)
    assert units.rows.tolist() == [1, 3]


def test_articles_of_two_sources_that_share_a_name_are_two():
    units = select({}, {"source": "Herald"}, {"source": "the  POST"}, {"article": "b"})
    assert units.articles == [
        *("article a (post)", "article a (herald)", "article a (post)", "article b")
    ]
    assert select({}, {"article": None}).articles == ["article a", "row 1"]


def test_articles_are_named_by_name_where_sources_are_not_known():
    table = make_table({}, {"source": None}, {"article": "b"}, {"article": None})
    assert name_articles(table) == ["a (post)", "a (no source)", "b", None]
    assert name_articles(table.drop(columns="source")) == ["a", "a", "b", None]
