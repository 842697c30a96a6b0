"""Paragraphs that show a frame."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from framing.measuring.archives import read_archive
from framing.measuring.cards.peers import weigh_words
from framing.measuring.cards.quotes import (
    pick_strongest,
    pick_typical,
    quote_strongest,
    quote_typical,
    read_evidence,
)

ITEM = {"label": "lag", "term": "late", "weight": 1.5, "start": 4, "end": 8}


def test_typical_is_sure_and_like_the_others():
    texts = ["mines foul rivers", "mines foul wells", "mines foul rivers again", "tin fell", "tin"]
    vectors = weigh_words(texts)
    probabilities = np.array([0.9, 0.9, 0.6, 0.9, 0.1])
    picked = pick_typical(vectors, probabilities, list("ABCDE"), most=4).tolist()
    assert picked[0] == 0
    assert picked[-1] == 3
    assert 4 not in picked


def test_one_quote_a_source():
    vectors = weigh_words(["mines foul"] * 4)
    picked = pick_typical(vectors, np.array([0.9, 0.8, 0.7, 0.6]), ["A", "A", "B", "B"])
    assert picked.tolist() == [0, 2]


def test_nothing_carries_it():
    vectors = weigh_words(["mines foul"] * 2)
    assert pick_typical(vectors, np.array([0.4, 0.2]), ["A", "B"]).tolist() == []
    assert pick_strongest(np.array([0.4, 0.2])).tolist() == []


def test_the_strongest_first_and_three_at_most():
    assert pick_strongest(np.array([0.6, 0.9, 0.7, 0.8, 0.5])).tolist() == [1, 3, 2]


@pytest.mark.parametrize("cell", [[ITEM], json.dumps([ITEM]), [ITEM, ITEM | {"label": "risk"}]])
def test_evidence_from_either_format(cell):
    (item,) = read_evidence(cell, "lag", "Too late.")
    assert (item.term, item.start, item.end) == ("late", 4, 8)


@pytest.mark.parametrize(
    "cell", [None, "", "[", "{}", "[1]", '[{"label": "lag"}]', 7, [ITEM | {"end": 99}]]
)
def test_damaged_evidence_is_none(cell):
    assert list(read_evidence(cell, "lag", "Too late.")) == []


def make_table():
    unit = {
        "kind": "paragraph",
        "frames": "lag",
        "model": "m",
        "codebook": "c",
        "date": "2025-01-02",
    }
    rows = [
        unit
        | {"id": f"{a}:{u}", "article": a, "source": a.upper(), "text": "Too late.", "p:lag": p}
        | {"evidence": json.dumps([ITEM])}
        for a in "abc"
        for u, p in enumerate((0.95, 0.7, 0.2))
    ]
    rows[0]["kind"] = "headline"
    return pd.DataFrame(rows)


def test_quotes_name_where_they_stand():
    table = make_table()
    archive = read_archive(table)
    quotes = quote_typical(archive, table, ["lag"], articles=np.array([0, 2]))
    assert [(q.id, q.source, q.date, q.probability) for q in quotes] == [
        ("c:0", "C", "2025-01-02", 0.95),
        ("a:1", "A", "2025-01-02", 0.7),  # its headline is no quote
    ]
    assert [item.term for item in quotes[0].evidence] == ["late"]
    assert quote_typical(archive, table, [], articles=np.array([0])) == []


def test_an_articles_own_paragraphs():
    table = make_table().iloc[3:6]
    quotes = quote_strongest(read_archive(table), table.drop(columns="evidence"), ["lag"])
    assert [q.id for q in quotes] == ["b:0", "b:1"]
    assert quotes[0].evidence == ()
