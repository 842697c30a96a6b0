"""Tests of the unit that stands for a share."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.measuring.eligibility import select_units
from framing.measuring.typicals import TYPICALS, find_typicals

UNIT = {"kind": "paragraph", "source": "Post", "date": "2024-05-06", "model": "m", "codebook": "c"}


def make(*units):
    """Rows of id, article, probability of lag, and what differs."""
    rows = [
        UNIT
        | {"id": name, "article": name[0], "text": f"Text {name}.", "p:lag": share, "p:law": 0.1}
        | {"frames": "lag" if share >= 0.5 else "[]"}
        | changes
        for name, share, changes in units
    ]
    return pd.DataFrame(rows)


def find(table, over=None):
    found = find_typicals(table, select_units(table, by="source", over=over))
    assert list(found) == list(TYPICALS)
    places = zip(found["label"], found["source"], found["period"], strict=True)
    return dict(zip(places, found["id"], strict=True))


def test_the_surest_unit_stands_for_each_source_and_for_all():
    table = make(("a1", 0.6, {}), ("a2", 0.9, {}), ("b1", 0.7, {"source": "Mail"}))
    assert find(table) == {
        ("lag", None, None): "a2",
        ("lag", "Post", None): "a2",
        ("lag", "Mail", None): "b1",
    }


def test_periods_have_their_own():
    later = {"date": "2025-01-01"}
    found = find(make(("a1", 0.6, {}), ("a2", 0.9, later), ("b1", 0.7, {"source": "M"})), "year")
    assert found["lag", None, "2024"] == "b1"
    assert found["lag", "Post", "2024"] == "a1"
    assert found["lag", "Post", "2025"] == found["lag", "Post", None] == "a2"
    assert ("lag", "M", "2025") not in found


def test_what_is_not_decided_to_carry_a_label_stands_for_none():
    table = make(("a1", 0.4, {}), ("b1", 0.6, {"source": "Mail"}))
    assert ("lag", "Post", None) not in find(table)
    assert not [place for place in find(table) if place[0] == "law"]


def test_ties_go_by_id_whatever_the_order_of_rows():
    table = make(("b1", 0.9, {}), ("a2", 0.9, {}), ("a1", 0.9, {}))
    assert set(find(table).values()) == set(find(table[::-1]).values()) == {"a1"}


def test_boilerplate_and_gaps_stand_for_nothing():
    footer = {"kind": "boilerplate", "frames": "lag"}
    table = make(("a1", 0.9, footer), ("a2", 0.6, {}), ("a3", 0.9, {"p:lag": None}))
    assert set(find(table).values()) == {"a2"}


def test_what_is_known_of_a_unit_is_given():
    table = make(("a1", 0.9, {"date": None}), ("a2", 0.6, {}))
    found = find_typicals(table, select_units(table, by="source", over=None)).iloc[1].to_dict()
    assert found == {
        "label": "lag",
        "source": "Post",
        "period": None,
        "id": "a1",
        "article": "a",
        "unit_source": "Post",
        "date": None,
        "probability": pytest.approx(0.9),
        "text": "Text a1.",
    }


def test_without_texts_there_are_none():
    table = make(("a1", 0.9, {})).drop(columns="text")
    assert find(table) == {}
