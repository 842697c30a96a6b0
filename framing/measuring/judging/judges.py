"""Scores of decisions as functions of article counts, so that a resample is a matrix product.

Shapes: n units, F frames, V stance values, A articles, b resamples at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import ArticleResampler, Floats
from framing.measuring.rates import (
    Ranking,
    average_defined,
    average_precision,
    calibration_error,
    compute_rates,
    divide,
    rank_units,
    sum_by_article,
    sum_residuals,
)

ERROR_COLUMN = 4
"""Place of the calibration error among the scores of a frame."""


@dataclass(frozen=True, slots=True, eq=False)
class Tallies:
    """True positives, decisions and positives of each article and label: arrays (A, K)."""

    found: Floats
    claimed: Floats
    present: Floats

    @classmethod
    def count(cls, truth: Bools, decided: Bools, resampler: ArticleResampler) -> Tallies:
        """Count truth and decisions (n, K) by article."""
        return cls(*(_sum(part, resampler) for part in (truth & decided, decided, truth)))

    def score(self, counts: Floats) -> Floats:
        """Give precision, recall and F1 of every label, then pooled: an array (b, K + 1, 3)."""
        return np.stack(compute_rates(*self.weigh(counts)), axis=-1)

    def weigh(self, counts: Floats) -> tuple[Floats, Floats, Floats]:
        """Sum the tallies under counts (b, A): three arrays (b, K + 1), the last column pooled."""
        found, claimed, present = (
            append_pool(counts @ part) for part in (self.found, self.claimed, self.present)
        )
        return found, claimed, present

    def support(self) -> Floats:
        """Count the articles that precision, recall and F1 rest on: an array (K + 1, 3).

        Precision rests on articles with a decision (with a positive, if nothing is decided),
        recall and F1 on articles with a positive.
        """
        claimed, present = count_articles(self.claimed), count_articles(self.present)
        return np.stack([np.where(claimed > 0, claimed, present), present, present], axis=-1)


def append_pool(values: Floats) -> Floats:
    """Append the sum of each row.

    >>> append_pool(np.array([[1.0, 2.0]])).tolist()
    [[1.0, 2.0, 3.0]]
    """
    return np.concatenate([values, values.sum(axis=1, keepdims=True)], axis=1)


def count_articles(sums: Floats) -> Floats:
    """Count the articles with anything, a label and pooled: (A, K) to (K + 1,).

    >>> count_articles(np.array([[2.0, 0.0], [1.0, 1.0]])).tolist()
    [2.0, 1.0, 2.0]
    """
    return np.asarray((append_pool(sums) > 0).sum(axis=0), dtype=np.float64)


def _sum(cells: Bools, resampler: ArticleResampler) -> Floats:
    return sum_by_article(cells.astype(np.float64), resampler.codes, resampler.n_articles)


@dataclass(frozen=True, slots=True, eq=False)
class FrameJudge:
    """Everything that the scores of F frames need, summed by article or sorted once.

    Attributes
    ----------
    tallies : Tallies
    units : array (A, F + 1)
        Coded units of each article, the last column pooled.
    residuals : tuple of F + 1 arrays (A, 10)
    rankings : tuple of F + 1 Ranking
    """

    tallies: Tallies
    units: Floats
    residuals: tuple[Floats, ...]
    rankings: tuple[Ranking, ...]

    @classmethod
    def prepare(
        cls,
        truth: Bools,
        coded: Bools,
        *,
        scores: Floats,
        decided: Bools,
        resampler: ArticleResampler,
    ) -> FrameJudge:
        """Sum and sort what is coded; all arrays are (n, F)."""
        columns = np.eye(coded.shape[1], dtype=np.bool_)
        masks = [coded & column for column in columns] + [coded]
        cells = [(truth[m], scores[m], resampler.codes[np.nonzero(m)[0]]) for m in masks]
        return cls(
            Tallies.count(truth, decided, resampler),
            append_pool(_sum(coded, resampler)),
            tuple(sum_residuals(t, s, a, resampler.n_articles) for t, s, a in cells),
            tuple(rank_units(*cell) for cell in cells),
        )

    def score(self, counts: Floats) -> Floats:
        """Score every frame, then micro and macro: an array (b, F + 2, 5).

        The last axis is precision, recall, F1, average precision, calibration error.
        """
        rates = self.tallies.score(counts)
        ranked = [average_precision(ranking, counts) for ranking in self.rankings]
        errors = [
            calibration_error(residuals, units, counts)
            for residuals, units in zip(self.residuals, self.units.T, strict=True)
        ]
        rows = np.concatenate([rates, np.stack([ranked, errors], axis=-1).swapaxes(0, 1)], axis=2)
        present = self.tallies.weigh(counts)[2][:, None, :-1] > 0
        macro = average_defined(rows[:, :-1].swapaxes(1, 2), present)
        return np.concatenate([rows, macro[:, None]], axis=1)

    def support(self) -> Floats:
        """Count the articles that each score rests on: an array (F + 2, 5)."""
        rates = self.tallies.support()
        units = (self.units > 0).sum(axis=0)[:, None]
        rows = np.concatenate([rates, rates[:, 1:2], units], axis=1)
        return np.concatenate([rows, rows[-1:]])


@dataclass(frozen=True, slots=True, eq=False)
class StanceJudge:
    """Everything that the scores of V stance values need, summed by article.

    Attributes
    ----------
    tallies : Tallies
        One column a value.
    units : array (A,)
        Coded units of each article.
    residuals : array (A, 10)
        Of the decided value's probability.
    """

    tallies: Tallies
    units: Floats
    residuals: Floats

    @classmethod
    def prepare(
        cls, truth: Bools, decided: Bools, *, confidence: Floats, resampler: ArticleResampler
    ) -> StanceJudge:
        """Sum by article; truth and decided are one-hot (n, V), confidence is (n,)."""
        right = np.asarray((truth & decided).any(axis=1), dtype=np.bool_)
        tallies = Tallies.count(truth, decided, resampler)
        residuals = sum_residuals(right, confidence, resampler.codes, resampler.n_articles)
        return cls(tallies, tallies.present.sum(axis=1), residuals)

    def score(self, counts: Floats) -> Floats:
        """Score every value, then all: an array (b, V + 1, 3).

        The last axis is precision, recall and F1; in the last row it is macro-F1, accuracy and
        calibration error.
        """
        found, _, present = self.tallies.weigh(counts)
        rates = self.tallies.score(counts)[:, :-1]
        macro = average_defined(rates[:, :, 2], present[:, :-1] > 0)
        error = calibration_error(self.residuals, self.units, counts)
        whole = np.stack([macro, divide(found[:, -1], present[:, -1]), error], axis=-1)
        return np.concatenate([rates, whole[:, None]], axis=1)

    def support(self) -> Floats:
        """Count the articles that each score rests on: an array (V + 1, 3)."""
        articles = (self.units > 0).sum()
        return np.concatenate([self.tallies.support()[:-1], np.full((1, 3), float(articles))])


@dataclass(frozen=True, slots=True, eq=False)
class PairJudge:
    """Two systems on the same units, by their difference in F1."""

    ours: Tallies
    theirs: Tallies

    @classmethod
    def prepare(
        cls, truth: Bools, ours: Bools, theirs: Bools, *, resampler: ArticleResampler
    ) -> PairJudge:
        """Sum both systems' decisions (n, F) by article."""
        return cls(*(Tallies.count(truth, decided, resampler) for decided in (ours, theirs)))

    def score(self, counts: Floats) -> Floats:
        """Subtract micro- and macro-F1 of theirs from ours: an array (b, 1, 2)."""
        gains = _average_f1(self.ours, counts) - _average_f1(self.theirs, counts)
        return gains[:, None]

    def support(self) -> Floats:
        """Count the articles with a positive, on which both rest: an array (1, 2)."""
        return np.full((1, 2), self.ours.support()[-1, 2])


def _average_f1(tallies: Tallies, counts: Floats) -> Floats:
    """Micro- and macro-F1 under counts (b, A): an array (b, 2)."""
    f1 = tallies.score(counts)[:, :, 2]
    present = tallies.weigh(counts)[2][:, :-1] > 0
    return np.stack([f1[:, -1], average_defined(f1[:, :-1], present)], axis=-1)
