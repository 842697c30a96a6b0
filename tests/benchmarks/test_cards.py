"""Tests of the trial of cards: what is cut out, and what is counted."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cards

WORDS = [f"tin{a}{b}" for a in "abcdefghij" for b in "abcdefghij"]


@pytest.fixture
def table():
    """20 articles of 12 units on tin and 20 on oats; on tin, lag stands in half of the units."""
    rng = np.random.default_rng(0)
    unit = {
        "kind": "paragraph",
        "frames": "[]",
        "date": "2025-01-01",
        "model": "m",
        "codebook": "c",
    }
    rows = []
    for matter in ("tin", "oats"):
        for i in range(20):
            name = f"{matter}{i}"
            for u in range(12):
                text = " ".join(rng.choice(WORDS, 4)).replace("tin", matter)
                lag = 0.95 if matter == "tin" and u % 2 else 0.01
                row = {"id": f"{name}:{u}", "article": name, "source": f"S{i}", "text": text}
                rows.append(unit | row | {"p:lag": lag})
    return pd.DataFrame(rows)


def test_cases_are_articles_that_carry_a_frame_much(table):
    names, cases = cards.choose_cases(table, 15, 0)
    assert len(set(names)) == 15
    assert all(name.startswith("tin") and frame == "lag" for name, frame in cases)
    assert cards.choose_cases(table, 15, 0) == (names, cases)


def test_ordinary_articles_are_counted(table):
    tally = cards.try_ordinary(table, ["tin0", "tin1", "oats0"])
    assert tally == {"as expected": 3, "inside": 3, "left out": 0, "frames": 3, "articles": 3}


def test_what_was_cut_out_is_missed(table):
    tally = cards.try_cut(table, [("tin0", "lag"), ("tin1", "lag")])
    assert (tally["articles"], tally["left out"], tally["lacking"]) == (2, 2, 2)
    short = table[(table["article"] != "tin0") | (table.index % 12 < 4)]
    assert cards.try_cut(short, [("tin0", "lag")])["articles"] == 0


def test_the_script_prints_both(table, tmp_path, monkeypatch, capsys):
    path = tmp_path / "p.csv"
    table.to_csv(path, index=False)
    monkeypatch.setattr(sys, "argv", ["cards.py", str(path), "--articles", "2"])
    cards.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("ordinary articles: {")
    assert lines[1].startswith("cut articles: {")
    assert Path(cards.__file__).parent.name == "benchmarks"
