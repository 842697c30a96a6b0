"""Archives without any difference, each with something that intervals and tests have to bear.

Each design draws one archive and says what is true of it; `try_design` measures it and notes which
intervals hold that and how small p-values are. Where all is well intervals hold 95 times in 100,
and 5 p-values in 100 lie below .05.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from framing.measuring.contrasts.sides import Plan
from framing.measuring.drift import Design, Drift, Knowledge, measure_drift
from framing.measuring.prevalence.instrument import Instrument
from framing.schema import CodedUnit, Coding, Paragraph
from simulated.corpora import TRAINING_SHARE, Corpus, Shift, calibrate, draw_corpus
from simulated.laying import MODEL, describe_quality, lay_table

LABEL = "label0"
SKILL = 2.0
EFFECT = 0.5
"""Standard deviation of what a month does to the log-odds of a share."""

_RESAMPLES, _PERMUTATIONS = 400, 1000


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Articles of one source and date, some of which are coded by hand.

    Attributes
    ----------
    source, date : str
    corpus : Corpus
    n_coded : int
        Articles coded, drawn with equal chances within the part.
    printed : int
        Sources that print every article, each calling it another name; they are SOURCE0,
        SOURCE1, ... if there are several.
    """

    source: str
    date: str
    corpus: Corpus
    n_coded: int = 0
    printed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """An archive, how it is measured, and the quantities to look at."""

    parts: list[Part]
    looks: list[Look]
    design: Mapping[str, object] = field(default_factory=dict)
    weighted: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """A quantity: the table and the row that hold it, and what is true; None: only p is looked at.

    A blank `a` or `source` in `where` is all of them together.
    """

    name: str
    table: str
    where: Mapping[str, str | None]
    truth: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What a report said of a quantity: whether its interval held, how wide it was, and p."""

    design: str
    quantity: str
    held: float
    width: float
    p: float


BETWEEN = Look("difference of sources", "contrasts", {"comparison": "source"})
OVER = Look("first to last period", "contrasts", {"comparison": "period"})
TURN = Look("turn", "turns", {}, None)
TREND = Look("trend", "trends", {}, 0.0)
PROFILE = Look("turn of the profile", "profile_turns", {}, None)
OVER_TIME = [OVER, TURN, TREND, PROFILE]

Draw = Callable[[np.random.Generator], Drawn]


def draw(
    rng: np.random.Generator, n_articles: int, share: float, shift: Shift = "covariate"
) -> Corpus:
    """Draw articles of a share."""
    return draw_corpus(rng, n_articles, share, skill=SKILL, shift=shift)


def code_few(rng: np.random.Generator, *, n_coded: int, share: float) -> Drawn:
    """Draw two sources of 60 articles and the same share, so many of each coded by hand."""
    parts = [Part(name, "2020", draw(rng, 60, share), n_coded) for name in ("A", "B")]
    return Drawn(parts, [BETWEEN, _look_at("A", share)])


def code_one_side(rng: np.random.Generator, *, n_coded: int) -> Drawn:
    """Draw two sources alike, of which one alone has codings."""
    parts = [Part("A", "2020", draw(rng, 60, 0.2), n_coded), Part("B", "2020", draw(rng, 60, 0.2))]
    return Drawn(parts, [BETWEEN])


def weigh(rng: np.random.Generator) -> Drawn:
    """Draw two strata a source, coded with chances of .1 and .5; in one a score means more."""
    parts = [
        part
        for name in ("A", "B")
        for part in (
            Part(name, "2020", draw(rng, 100, 0.15), 10),
            Part(name, "2021", draw(rng, 40, 0.4, "concept"), 20),
        )
    ]
    # both strata have six units an article on average
    return Drawn(parts, [BETWEEN, _look_at("A", (100 * 0.15 + 40 * 0.4) / 140)], weighted=True)


def count_all(rng: np.random.Generator, *, n_coded: int) -> Drawn:
    """Draw a census: the share is that of the very articles."""
    corpus = draw(rng, 120, 0.2)
    look = _look_at("A", float(corpus.labels.mean()))
    return Drawn([Part("A", "2020", corpus, n_coded)], [look], {"census": True})


def vary_months(rng: np.random.Generator, *, effect: float) -> Drawn:
    """Draw 24 months of 12 articles, whose events move the log-odds; no trend and no turn."""
    shares = expit(logit(0.25) + rng.normal(0.0, effect, 24))
    parts = [
        Part("A", f"{2020 + m // 12}-{m % 12 + 1:02}", draw(rng, 12, float(share)))
        for m, share in enumerate(shares)
    ]
    return Drawn(parts, OVER_TIME, {"over": "month"})


def vary_years(rng: np.random.Generator, *, n_years: int, effect: float) -> Drawn:
    """Draw a few years of 60 articles, whose events move the log-odds; no trend and no turn."""
    shares = expit(logit(0.25) + rng.normal(0.0, effect, n_years))
    parts = [Part("A", str(2015 + t), draw(rng, 60, float(s))) for t, s in enumerate(shares)]
    return Drawn(parts, OVER_TIME, {"over": "year"})


def code_years(rng: np.random.Generator) -> Drawn:
    """Draw eight years of 20 articles, four of which are coded."""
    parts = [Part("A", str(2015 + t), draw(rng, 20, 0.25), 4) for t in range(8)]
    return Drawn(parts, OVER_TIME, {"over": "year"})


def print_copies(rng: np.random.Generator) -> Drawn:
    """Draw 12 stories a year, each printed by eight sources."""
    parts = [Part("S", year, draw(rng, 12, 0.25), printed=8) for year in ("2020", "2021")]
    pooled = Look("first to last period", "contrasts", {"comparison": "period", "source": None})
    return Drawn(parts, [pooled, _look_at(None, 0.25)], {"over": "year"})


def print_elsewhere(rng: np.random.Generator) -> Drawn:
    """Draw a source of 40 articles beside seven that print the same 12 stories."""
    parts = [Part("A", "2020", draw(rng, 40, 0.25)), Part("S", "2020", draw(rng, 12, 0.25), 0, 7)]
    apart = Look("difference from the rest", "contrasts", {"comparison": "source", "a": "A"})
    return Drawn(parts, [apart])


def unbalance(rng: np.random.Generator, *, n_articles: int, share: float) -> Drawn:
    """Draw a source of 10 articles beside a larger one."""
    parts = [Part(name, "2020", draw(rng, n, share)) for name, n in (("A", 10), ("B", n_articles))]
    return Drawn(parts, [BETWEEN, _look_at("A", share)])


def _look_at(source: str | None, share: float) -> Look:
    return Look("share", "cells", {"source": source, "period": None}, share)


DESIGNS: Mapping[str, Draw] = {
    **{
        f"{n} of 60 articles coded a side, share {share:g}": partial(
            code_few, n_coded=n, share=share
        )
        for share in (0.2, 0.05)
        for n in (4, 10, 30)
    },
    "10 of 60 articles of one side coded": partial(code_one_side, n_coded=10),
    "coded with chances of .1 and .5, weighted": weigh,
    "census, none coded": partial(count_all, n_coded=0),
    "census, 30 of 120 articles coded": partial(count_all, n_coded=30),
    "24 months without events": partial(vary_months, effect=0.0),
    "24 months with events": partial(vary_months, effect=EFFECT),
    **{
        f"{n} years {'with' if effect else 'without'} events": partial(
            vary_years, n_years=n, effect=effect
        )
        for n in (4, 6, 8)
        for effect in (0.0, EFFECT)
    },
    "4 of 20 articles coded a year, 8 years": code_years,
    "12 stories a year in 8 sources each": print_copies,
    "40 articles beside 12 stories in 7 sources each": print_elsewhere,
    **{
        f"10 against {n} articles, share {s:g}": partial(unbalance, n_articles=n, share=s)
        for n, s in ((100, 0.35), (100, 0.2), (100, 0.1), (400, 0.3), (400, 0.1))
    },
}


def try_design(name: str, *, seed: int) -> list[Seen]:
    """Draw an archive of a design, measure it, and say what was found of each quantity."""
    rng = np.random.default_rng([seed, list(DESIGNS).index(name)])
    drawn = DESIGNS[name](rng)
    drift = measure(drawn, rng, seed)
    return [seen for look in drawn.looks for seen in _look(name, look, drift)]


def measure(drawn: Drawn, rng: np.random.Generator, seed: int) -> Drift:
    """Lay an archive out as predictions with codings, and measure its drift."""
    training = draw_corpus(rng, 400, TRAINING_SHARE, skill=SKILL, shift="covariate")
    quality = describe_quality(training, calibrate(training, training.scores))
    plan = Plan(resamples=_RESAMPLES, permutations=_PERMUTATIONS, seed=seed)
    table = _lay_out(drawn, training)
    codings, weights = _code(drawn, table, rng)
    knowledge = Knowledge(
        instrument=Instrument(MODEL, {LABEL: quality}),
        gold=codings,
        weights=weights if drawn.weighted else {},
        copies=_name_copies(table) if any(part.printed > 1 for part in drawn.parts) else {},
    )
    return measure_drift(table, design=Design(plan=plan, **drawn.design), knowledge=knowledge)


def _lay_out(drawn: Drawn, training: Corpus) -> pd.DataFrame:
    """Lay out all parts as often as they are printed; articles are PRINT/PART/NUMBER."""
    articles, sources, dates, scores = [], [], [], []
    prints = [
        (copy, number, part)
        for copy in range(max(part.printed for part in drawn.parts))
        for number, part in enumerate(drawn.parts)
        if copy < part.printed
    ]
    for copy, number, part in prints:
        own = part.corpus.articles
        articles += [f"{copy}/{number}/{article}" for article in own]
        sources += [part.source if part.printed == 1 else f"{part.source}{copy}"] * len(own)
        dates += [part.date] * len(own)
        scores.append(part.corpus.scores)
    chances = calibrate(training, np.concatenate(scores))
    return lay_table(articles, sources, dates, {LABEL: chances})


def _code(
    drawn: Drawn, table: pd.DataFrame, rng: np.random.Generator
) -> tuple[list[CodedUnit], dict[str, float]]:
    """Code whole articles of each part; a coding's weight is one over its chance."""
    truth = np.concatenate([part.corpus.labels for part in drawn.parts])
    codings, weights = [], {}
    for number, part in enumerate(drawn.parts):
        n_articles = part.corpus.n_articles
        chosen = {f"0/{number}/{a}" for a in rng.permutation(n_articles)[: part.n_coded]}
        for place in np.flatnonzero(table["article"].isin(chosen)):
            name, article = table["id"][place], table["article"][place]
            coding = Coding(name, frames={LABEL: bool(truth[place])})
            codings.append(CodedUnit(Paragraph(name, article, "", 0, 0), coding))
            weights[name] = n_articles / part.n_coded
    return codings, weights


def _name_copies(table: pd.DataFrame) -> dict[str, str]:
    """Name each article, as units name it, by the story that it prints."""
    return {f"article {name}": name.partition("/")[2] for name in table["article"].unique()}


def _look(design: str, look: Look, drift: Drift) -> Iterator[Seen]:
    """Read a quantity off a report; none where the report has no such row."""
    table = getattr(drift, look.table)
    for column, wanted in look.where.items():
        table = table[table[column].isna() if wanted is None else table[column] == wanted]
    if len(table):
        row = table.iloc[0]
        held = width = float("nan")
        if look.truth is not None and not np.isnan(row["low"]):
            held = float(row["low"] <= look.truth <= row["high"])
            width = float(row["high"] - row["low"])
        yield Seen(design, look.name, held, width, float(row.get("p", float("nan"))))
