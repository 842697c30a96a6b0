"""Predictions as rows."""

from __future__ import annotations

import json
from dataclasses import replace

from framing.schema import Evidence, Paragraph, Prediction, StancePrediction
from framing.scoring.rows import flatten, list_columns, nest

PREDICTION = Prediction(
    Paragraph("a:1", "a", "=Ban; «İ»", 0, 9, "headline", "T", "@post", "2024-02"),
    ("risk",),
    {"risk": 0.123456789, "cost": 0.1},
    {"mine": StancePrediction("for", {"for": 0.75, "none": 0.25})},
    (Evidence("risk", "Ban", 0.123456, 1, 4), Evidence("mine=for", "İ", 2.0, 7, 8)),
    "model0000000",
    "book00000000",
)
BARE = Prediction(
    Paragraph("a:2", "a", "Calm.", 9, 14), (), {"risk": 0.0, "cost": 1.0}, {}, (), "m", "c"
)
BOILERPLATE = Prediction(
    Paragraph("a:3", "a", "3 Comments", 14, 24, "boilerplate"), None, None, None, (), "m", "c"
)
DOUBTFUL = replace(
    BARE,
    paragraph=Paragraph("b:1", "b", "Ann slept.", 0, 10, mention="=Ann"),
    uncertain=("risk", "cost"),
)
SURE = replace(BARE, paragraph=Paragraph("b:2", "b", "Bob.", 0, 4), uncertain=())
EVIDENCE = [
    {"label": "risk", "term": "Ban", "weight": 0.1235, "start": 1, "end": 4},
    {"label": "mine=for", "term": "İ", "weight": 2.0, "start": 7, "end": 8},
]


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


def test_flat_rows_by_hand():
    row = flatten(PREDICTION)
    assert json.loads(row.pop("evidence")) == EVIDENCE
    assert row == {
        "id": "a:1",
        "article": "a",
        "source": "@post",
        "date": "2024-02",
        "title": "T",
        "kind": "headline",
        "text": "=Ban; «İ»",
        "frames": "risk",
        "p:risk": 0.1234568,
        "p:cost": 0.1,
        "stance:mine": "for",
        "p:mine:for": 0.75,
        "p:mine:none": 0.25,
        "model": "model0000000",
        "codebook": "book00000000",
    }


def test_nested_rows_by_hand():
    assert nest(PREDICTION) == {
        "id": "a:1",
        "article": "a",
        "source": "@post",
        "date": "2024-02",
        "title": "T",
        "kind": "headline",
        "text": "=Ban; «İ»",
        "frames": ["risk"],
        "probabilities": {"risk": 0.1234568, "cost": 0.1},
        "stance": {"mine": {"value": "for", "probabilities": {"for": 0.75, "none": 0.25}}},
        "evidence": EVIDENCE,
        "model": "model0000000",
        "codebook": "book00000000",
    }


def test_target_and_doubts_stand_where_they_apply():
    flat, nested = flatten(DOUBTFUL), nest(DOUBTFUL)
    assert (flat["target"], flat["uncertain"]) == ("=Ann", "risk;cost")
    assert (nested["target"], nested["uncertain"]) == ("=Ann", ["risk", "cost"])
    assert (flatten(SURE)["uncertain"], nest(SURE)["uncertain"]) == ("[]", [])
    for row in (flatten(SURE), nest(SURE)):
        assert "target" not in row
    for found in (PREDICTION, BARE, BOILERPLATE):  # of a model that promises nothing
        assert not {"target", "uncertain"} & {*flatten(found), *nest(found)}


def test_none_present_is_not_unscored():
    assert (flatten(BARE)["frames"], flatten(BARE)["evidence"]) == ("[]", None)
    assert (nest(BARE)["frames"], nest(BARE)["stance"], nest(BARE)["evidence"]) == ([], {}, [])
    flat, nested = flatten(BOILERPLATE), nest(BOILERPLATE)
    assert flat["frames"] is None
    assert not [name for name in flat if name.startswith(("p:", "stance:"))]
    assert nested["frames"] is nested["probabilities"] is nested["stance"] is None
    assert nested["evidence"] == []


def test_a_row_has_a_column_for_all_it_holds(wild, pointed):
    for model, mention in ((wild, None), (pointed, "ban")):
        unit = Paragraph("a:1", "a", "İzmir ban", 0, 9, mention=mention)
        units = [unit, BOILERPLATE.paragraph]
        columns = list_columns(model)
        scored, unscored = (flatten(found) for found in model.predict_paragraphs(units))
        assert list(scored) == list(columns)
        assert set(unscored) < set(columns)
