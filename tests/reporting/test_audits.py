"""Tests of the audit as Markdown, from numbers that are all different."""

import pytest

from framing.reporting.audits import DISPUTE_COLUMNS, format_audit, list_disputes


def extent(n):
    return {"n_units": n, "n_articles": n + 1, "n_sources": n + 2}


def unit(name, text="A levy | was raised."):
    return {"id": name, "source": "Weir Post", "text": text}


def estimate(value):
    return {"value": value, "low": value - 0.01, "high": value + 0.01}


@pytest.fixture
def content():
    return {
        "tally": {
            "whole": extent(200),
            "framed": extent(100),
            "unframed": extent(50),
            "frames": {"cost": extent(31)},
            "stances": {"bridge": {"favor": extent(41)}},
            "density": 1.25,
        },
        "skipped": [{"label": "rare", "reason": "4 units with it, 5 are needed"}],
        "candidate": "word1-1|C:1/1",
        "disputes": [
            {
                "unit": unit(f"u{n}", f"Text {n} " + "long " * 30),
                "label": "cost",
                "code": "present",
                "other": "absent",
                "probability": n / 100,
            }
            for n in range(1, 13)
        ],
        "n_codes": {"cost": 120, "bridge": 60},
        "copies": [
            {"first": unit("a:1"), "second": unit("b:2"), "resemblance": 0.75, "same": False}
        ],
        "cues": [
            {
                "label": "cost",
                "term": "weir",
                "clue": "outlet",
                "source": "Weir Post",
                "n_units": 7,
            }
        ],
        "losses": [{"label": "cost", "f1": estimate(0.07), "split": "source"}],
        "curves": [
            {
                "label": "cost",
                "n_articles": [10, 20],
                "average_precision": [estimate(0.41), estimate(0.52)],
                "gain": estimate(0.03),
            }
        ],
    }


def test_counts_stand_in_their_cells(content):
    text = format_audit(content)
    assert "| all           |   200 |      201 |     202 |" in text
    assert "| no frame      |    50 |       51 |      52 |" in text
    assert "| cost          |    31 |       32 |      33 |" in text
    assert "| bridge: favor |    41 |       42 |      43 |" in text
    assert ".50 of the units coded for frames carry none; one carries 1.25 on average." in text
    assert "- rare: 4 units with it, 5 are needed" in text


def test_disputes_are_counted_and_ten_are_shown_cut(content):
    text = format_audit(content)
    assert "12 codes are disputed." in text
    assert "| cost   |       12 |   .10 |" in text
    assert "| bridge |        0 |   .00 |" in text
    assert "The 10 least probable:" in text
    assert "Text 10 long" in text
    assert "Text 11 long" not in text
    assert "present (.01) |       absent |" in text
    assert all(len(line) < 170 for line in text.splitlines() if line.startswith("| Text"))


def test_copies_cues_and_curves_stand_in_their_cells(content):
    text = format_audit(content)
    assert "1 units copy one of another article" in text
    assert "1 of them coded differently" in text
    assert "| a:1  |       b:2 |        0.75 |          no |" in text
    assert "F1 that is lost, whole sources held out" in text
    assert "| cost  | weir | outlet | Weir Post |     7 |" in text
    assert "| cost  | .07 [.06, .08] |" in text
    assert "| cost  |         .41 |         .52 |   .030 [.020, .040] |" in text


def test_parts_that_were_not_made_are_not_told(content):
    for name in ("disputes", "copies", "cues", "losses", "curves"):
        content[name] = None
    text = format_audit(content)
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## What is coded"]
    assert list(list_disputes(content)) == []


def test_nothing_found_is_said(content):
    for name in ("disputes", "copies", "cues", "losses", "curves"):
        content[name] = []
    content["tally"]["density"] = None
    text = format_audit(content)
    assert "0 codes are disputed." in text
    assert "least probable" not in text
    assert "No unit copies one of another article." in text
    assert "No strong term of any frame tells the source or the date." in text
    assert "No frame to draw a curve for." in text
    assert "on average" not in text.split("## Disputed")[0]


def test_disputes_are_rows_with_the_whole_text(content):
    rows = list(list_disputes(content))
    assert len(rows) == 12
    assert set(rows[0]) == set(DISPUTE_COLUMNS)
    assert rows[0]["id"] == "u1"
    assert rows[0]["text"].count("long") == 30
    assert rows[11]["probability"] == 0.12
