"""What article cards are worth: whether they leave the ordinary in peace and miss what was cut.

    framing predict seeds -o predictions.csv
    python benchmarks/cards.py predictions.csv --articles 150

First, ordinary articles are held against the others: their shares should lie within the span of a
single article as often as it promises, and hardly any be called over- or under-stressed. Then the
paragraphs with a frame are cut out of articles that carry it in 30% or more of their units: the
card should list the frame among those left out.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from framing.measuring.archives import read_archive
from framing.measuring.cards.cardmaking import make_card
from framing.scoring.predictionfiles import read_predictions

if TYPE_CHECKING:
    import pandas as pd

CUT = 0.3
"""Probability from which a paragraph is cut out, and share from which an article carries much."""

FEWEST = 6
"""Units that an article must have left."""


def try_ordinary(table: pd.DataFrame, names: list[str]) -> Counter[str]:
    """Count what cards say of articles as they are."""
    tally: Counter[str] = Counter()
    for name in names:
        card = make_card(table[table["article"] == name], table, resamples=300)
        tally.update(frame.status for frame in card.frames)
        tally["inside"] += sum(f.single_low <= f.observed <= f.single_high for f in card.frames)
        tally["left out"] += len(card.left_out)
        tally["frames"] += len(card.frames)
        tally["articles"] += 1
    return tally


def try_cut(table: pd.DataFrame, cases: list[tuple[str, str]]) -> Counter[str]:
    """Count what cards say of a frame whose paragraphs were cut out of an article."""
    tally: Counter[str] = Counter()
    for name, frame in cases:
        units = table[(table["article"] == name) & (table["kind"] != "boilerplate")]
        rest = units[units[f"p:{frame}"] < CUT]
        if len(rest) < FEWEST:
            continue
        card = make_card(rest, table, resamples=300)
        (found,) = (item for item in card.frames if item.frame == frame)
        tally[found.status] += 1
        tally["lacking"] += found.lacking > 1 / 2
        tally["left out"] += frame in card.left_out
        tally["articles"] += 1
    return tally


def choose_cases(table: pd.DataFrame, n: int, seed: int) -> tuple[list[str], list[tuple[str, str]]]:
    """Draw articles, and pairs of an article and a frame that it carries much."""
    archive, rng = read_archive(table), np.random.default_rng(seed)
    shares = archive.sums / archive.units
    carried = [
        (archive.articles[place], archive.frames[k]) for place, k in np.argwhere(shares >= CUT)
    ]
    names = [archive.articles[place] for place in rng.permutation(len(archive.articles))[:n]]
    return names, [carried[place] for place in rng.permutation(len(carried))[:n]]


def main() -> None:
    """Print both tallies."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("predictions", type=Path)
    parser.add_argument("--articles", type=int, default=150)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    table = read_predictions(options.predictions)
    names, cases = choose_cases(table, options.articles, options.seed)
    print("ordinary articles:", dict(try_ordinary(table, names)))
    print("cut articles:", dict(try_cut(table, cases)))


if __name__ == "__main__":
    main()
