"""Columns of predictions."""

from __future__ import annotations

from framing.scoring.rows import list_columns


def test_columns_by_hand(wild):
    columns = list_columns(wild)
    assert list(columns) == [
        *("id", "article", "source", "date", "title", "kind", "text", "frames"),
        *("p:city", "p:street", "p:trade"),
        *("stance:three", "p:three:favor", "p:three:against", "p:three:none"),
        *("stance:two", "p:two:no", "p:two:yes"),
        *("evidence", "model", "codebook"),
    ]
    assert {kind for name, kind in columns.items() if name.startswith("p:")} == {"number"}
    assert {kind for name, kind in columns.items() if not name.startswith("p:")} == {"text"}


def test_columns_of_mentions_and_of_what_is_uncertain(pointed):
    columns = list_columns(pointed)
    assert list(columns) == [
        *("id", "article", "source", "date", "title", "kind", "text", "target"),
        *("frames", "uncertain", "p:risk"),
        *("stance:target", "p:target:for", "p:target:against", "p:target:none"),
        *("evidence", "model", "codebook"),
    ]
    assert columns["target"] == columns["uncertain"] == "text"
