"""Tests of drawn units as what drift takes."""

from __future__ import annotations

import numpy as np
import pytest

from framing.measuring.eligibility import select_units
from simulated.corpora import Corpus
from simulated.laying import MODEL, describe_quality, lay_table


def test_units_have_their_places_and_what_is_decided():
    chances = {"a": np.array([0.5, 0.2, 0.9]), "b": np.array([0.1, 0.2, 0.7])}
    table = lay_table(["x", "x", "y"], ["S", "S", "T"], ["2020", "2020", "2021"], chances)
    assert table["frames"].tolist() == ["a", "[]", "a;b"]
    units = select_units(table, by="source", over="year")
    assert units.probabilities.tolist() == [[0.5, 0.1], [0.2, 0.2], [0.9, 0.7]]
    assert (units.sources, units.periods) == (["S", "S", "T"], ["2020", "2020", "2021"])
    assert len(set(units.articles)) == 2
    assert table["id"].is_unique


def test_quality_counts_what_is_decided_in_training():
    labels = np.array([True] * 4 + [False] * 16)
    training = Corpus(np.repeat(np.arange(10), 2), np.zeros(20), labels)
    known = np.array([0.9, 0.8, 0.5, 0.1] + [0.6] * 2 + [0.2, 0.1] * 7)
    quality = describe_quality(training, known)
    assert quality.sensitivity == 0.75
    assert quality.false_alarms == pytest.approx(2 / 16)
    assert (quality.prior, quality.n_units, quality.n_positive, quality.n_articles) == (
        *(0.2, 20, 4, 10),
    )
    assert MODEL
