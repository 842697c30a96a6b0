"""One question of ``coverage.py`` a function: what intervals hold, and what tests find."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.learning.instruments import find_covariance
from framing.measuring.contrasts.sides import Plan
from framing.measuring.drift import Design, Knowledge, measure_drift
from framing.measuring.intervals import ArticleResampler, percentile_interval
from framing.measuring.prevalence.calibrated import explain_variance
from framing.measuring.prevalence.estimates import Calibration, estimate_cells
from framing.measuring.prevalence.instrument import Instrument
from framing.measuring.prevalence.tallies import UnitTable, tally_cells
from simulated.corpora import (
    ALIKE,
    TRAINING_SHARE,
    Corpus,
    Floats,
    Shift,
    calibrate,
    draw_corpus,
    find_mean,
)
from simulated.laying import MODEL, describe_quality, lay_table

LEVEL = 0.95
N_ARTICLES = 120
_RESAMPLES = 400


@dataclass(frozen=True, slots=True)
class Case:
    """One setting of the simulation of intervals.

    Attributes
    ----------
    shift : {"covariate", "label", "concept"}
    share : float
        True share of units with the label.
    skill : float
    n_gold : int
        Units coded by hand, as whole articles; 0 is none.
    n_articles, n_training : int
        Articles of the cell, and of the corpus that the calibration is learnt on.
    """

    shift: Shift
    share: float
    skill: float
    n_gold: int
    n_articles: int = N_ARTICLES
    n_training: int = 200


@dataclass(slots=True)
class Score:
    """How often intervals held the truth, and how wide they were."""

    held: list[bool] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)

    def add(self, low: float, high: float, truth: float) -> None:
        """Count one interval."""
        self.held.append(bool(low <= truth <= high))
        self.widths.append(float(high - low))

    @property
    def coverage(self) -> float:
        """Share of intervals that held the truth."""
        return float(np.mean(self.held))

    @property
    def width(self) -> float:
        """Mean width."""
        return float(np.mean(self.widths))


OURS, BOOTSTRAP, NAIVE = "ours", "bootstrap of probabilities", "classify and count"


def cover(case: Case, *, rounds: int, seed: int) -> dict[str, Score]:
    """Draw a training corpus and a cell again and again, and see what intervals hold.

    Beside ours: the mean probability with an article bootstrap that takes the calibration to be
    exact, and the share of units decided for with the textbook interval of a proportion.
    """
    numbers = (case.n_gold, 1000 * case.share, 10 * case.skill, case.n_articles, case.n_training)
    rng = np.random.default_rng([seed, len(case.shift), *(round(number) for number in numbers)])
    tallies = {OURS: Score(), BOOTSTRAP: Score(), NAIVE: Score()}
    for _ in range(rounds):
        home: Shift = "label" if case.shift == "label" else "covariate"
        training = draw_corpus(rng, case.n_training, TRAINING_SHARE, skill=case.skill, shift=home)
        cell = draw_corpus(rng, case.n_articles, case.share, skill=case.skill, shift=case.shift)
        known, chances = (calibrate(training, corpus.scores) for corpus in (training, cell))
        units = _lay_out(cell, chances, _draw_gold(rng, cell, case.n_gold))
        tallies[OURS].add(*_estimate(units, training, known), case.share)
        tallies[BOOTSTRAP].add(*_resample(rng, cell, chances), case.share)
        tallies[NAIVE].add(*_count(chances >= 0.5), case.share)
    return tallies


def _draw_gold(rng: np.random.Generator, cell: Corpus, n_gold: int) -> Floats:
    """Code whole articles, in an order of chance, until as many units are coded as asked for."""
    truth = np.full(len(cell.labels), np.nan)
    if n_gold:
        order = rng.permutation(cell.n_articles)
        sizes = np.bincount(cell.articles)[order]
        drawn = order[: int(np.searchsorted(np.cumsum(sizes), n_gold)) + 1]
        coded = np.isin(cell.articles, drawn)
        truth[coded] = cell.labels[coded]
    return truth


def _lay_out(cell: Corpus, chances: Floats, truth: Floats) -> UnitTable:
    n_units = len(chances)
    return UnitTable(
        probabilities=chances[:, None],
        decisions=(chances >= 0.5)[:, None],
        truth=truth[:, None],
        weights=np.ones(n_units),
        articles=cell.articles,
        n_articles=cell.n_articles,
    )


def _estimate(units: UnitTable, training: Corpus, known: Floats) -> tuple[float, float]:
    covariance = find_covariance(training.labels, known, training.articles)
    first, both, second = covariance
    calibration = Calibration(
        np.array([[[first, both], [both, second]]]), np.array([float(training.n_articles)])
    )
    tallies = tally_cells(units, [("cell", None)] * len(units.articles))
    whole = _lay_out(training, known, np.full(len(known), np.nan))
    explained = explain_variance(tally_cells(whole, [("", None)] * len(known)).tally)
    found = estimate_cells(tallies, calibration, explained=explained, level=LEVEL).by_unit
    return float(found.lows[0, 0]), float(found.highs[0, 0])


def _resample(rng: np.random.Generator, cell: Corpus, chances: Floats) -> tuple[float, float]:
    resampler = ArticleResampler.draw(cell.articles, resamples=_RESAMPLES, rng=rng)
    sums, units = np.bincount(cell.articles, chances), np.bincount(cell.articles)
    shares = resampler.replicate(lambda counts: (counts @ sums) / (counts @ units))
    low, high = percentile_interval(shares[:, None], level=LEVEL)
    return float(low[0]), float(high[0])


def _count(decided: Floats) -> tuple[float, float]:
    share, n_units = float(np.mean(decided)), len(decided)
    half = 1.96 * np.sqrt(share * (1.0 - share) / n_units)
    return share - half, share + half


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive whose sources and periods are alike, but for one change.

    Attributes
    ----------
    n_sources, n_periods, n_labels : int
    per_cell : int
        Articles of a source in a period.
    share : float
        Of every label everywhere else.
    gap : float
        By how much the first source's share of the first label lies above it.
    """

    n_sources: int = 8
    n_periods: int = 8
    n_labels: int = 6
    per_cell: int = 6
    share: float = 0.2
    gap: float = 0.0
    skill: float = 2.0


def try_archive(archive: Archive, *, seed: int) -> pd.DataFrame:
    """Measure the drift of one archive, and return all that was tested.

    The rows of all tables of tests, with a column ``family`` that names each row's (contrasts,
    trends, turns, profile_turns); what one table lacks is blank.
    """
    rng = np.random.default_rng([seed, archive.n_sources, int(1000 * archive.gap)])
    predictions, instrument = _draw_archive(archive, rng)
    plan = Plan(resamples=200, permutations=1000, seed=seed)
    drift = measure_drift(
        predictions,
        design=Design(over="year", plan=plan),
        knowledge=Knowledge(instrument=instrument),
    )
    return pd.concat(
        [
            getattr(drift, family).assign(family=family)
            for family in ("contrasts", "trends", "turns", "profile_turns")
        ],
        ignore_index=True,
    )


def _draw_archive(archive: Archive, rng: np.random.Generator) -> tuple[pd.DataFrame, Instrument]:
    cells = [(s, t) for s in range(archive.n_sources) for t in range(archive.n_periods)]
    sizes = 1 + rng.poisson(5, len(cells) * archive.per_cell)
    places = np.repeat(np.arange(len(sizes)), sizes)
    sources = np.array([s for s, _ in cells]).repeat(archive.per_cell)[places]
    periods = np.array([t for _, t in cells]).repeat(archive.per_cell)[places]
    columns, labels = {}, {}
    for k in range(archive.n_labels):
        training = draw_corpus(rng, 400, TRAINING_SHARE, skill=archive.skill, shift="covariate")
        shares = np.full(archive.n_sources, archive.share)
        shares[0] += archive.gap if k == 0 else 0.0
        scores = _draw_scores(rng, places, shares[sources], archive.skill)
        known, columns[f"label{k}"] = (
            calibrate(training, part) for part in (training.scores, scores)
        )
        labels[f"label{k}"] = describe_quality(training, known)
    table = lay_table(
        [f"a{place}" for place in places],
        [f"source {s}" for s in sources],
        [str(2010 + t) for t in periods],
        columns,
    )
    return table, Instrument(MODEL, labels)


def _draw_scores(
    rng: np.random.Generator, places: NDArray[np.intp], shares: Floats, skill: float
) -> Floats:
    means = {share: find_mean(share, skill) for share in np.unique(shares)}
    common = rng.standard_normal(int(places[-1]) + 1)[places]
    own = rng.standard_normal(len(places))
    noise = np.sqrt(ALIKE) * common + np.sqrt(1.0 - ALIKE) * own
    return np.array([means[share] for share in shares]) + noise
