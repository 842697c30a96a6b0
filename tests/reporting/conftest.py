"""Numbers to print: each different, so that one in the wrong cell is seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, count, product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control, norm

from framing.measuring.contrasts.sides import Plan
from framing.measuring.drift import Design, measure_drift
from framing.reporting.accounts import TABLES, open_account

SCORES = ("precision", "recall", "f1", "average_precision", "calibration_error")

CURVE = {
    "n_units": [36, 0, 9, 0, 0, 3, 0, 0, 2, 10],
    "predicted": [0.05, None, 0.25, None, None, 0.56, None, None, 0.84, 0.95],
    "observed": [0.125, None, 0.2222, None, None, 0.25, None, None, 0.5, 1.0],
    "low": [0.08, None, 0.1, None, None, 0.1, None, None, None, 1.0],
    "high": [0.2, None, 0.35, None, None, 0.5, None, None, None, 1.0],
}
"""Of 60 units: too low, right, too high, one article, all alike."""


class Numbers:
    """Hands out estimates .01, .02, ... each with an interval of its own, as JSON values."""

    def __init__(self) -> None:
        self._next = count(1)

    def estimate(self):
        value = next(self._next) / 100
        return {"value": value, "low": value - 0.005, "high": value + 0.005}

    def scores(self, n_positive):
        counts = {"n_units": 60, "n_positive": n_positive, "n_articles": 12}
        return {name: self.estimate() for name in SCORES} | counts

    def frames(self, **positives):
        labels = {name: self.scores(number) for name, number in positives.items()}
        averages = {"micro": self.scores(48), "macro": self.scores(49)}
        curves = dict.fromkeys(labels, CURVE)
        return {"labels": labels, **averages, "reliability": curves, "level": 0.95}

    def stance(self, **units):
        values = {
            value: {name: self.estimate() for name in SCORES[:3]} | {"n_units": number}
            for value, number in units.items()
        }
        names = ("macro_f1", "accuracy", "calibration_error")
        return {"values": values, "n_units": 60} | {name: self.estimate() for name in names}

    def promises(self, **sure):
        """Take of each frame how many units are surely present, and surely absent."""
        return {
            name: {
                "present": self.estimate() | {"n_units": present},
                "absent": self.estimate() | {"n_units": absent},
                "uncertain": 1 - (present + absent) / 60,
                "n_units": 60,
            }
            for name, (present, absent) in sure.items()
        }


@pytest.fixture
def numbers():
    return Numbers()


@pytest.fixture
def training(numbers):
    """A training report as JSON values: two ways of splitting, two frames, one target."""
    splits = [
        {
            "split": split,
            "n_folds": folds,
            "nested": split == "grouped",
            "frames": numbers.frames(cost=24, risk=9),
            "naive_frames": numbers.frames(cost=24, risk=9),
            "gain": {f"{key}_f1": numbers.estimate() for key in ("micro", "macro")},
            "stances": {"law": numbers.stance(pro=20, con=40)},
            "naive_stances": {"law": numbers.stance(pro=20, con=40)},
            "promises": numbers.promises(cost=(21, 27), risk=(3, 54)),
            "stance_gains": {"law": {n: numbers.estimate() for n in ("macro_f1", "accuracy")}},
        }
        for split, folds in (("grouped", 5), ("source", 3))
    ]
    return {
        "signature": "framing:9.9|seed:0",
        "data": "0123456789ab",
        "settings": {"frames": "word1-2|C:10", "law": "word1-2|C:10"},
        "skipped": [{"label": "rare", "reason": "4 units with it, 5 are needed"}],
        "splits": splits,
        "dropped": [],
        "precision": 0.9,
        "n_positive": {"cost": 24, "risk": 9},
        "n_units": 61,
        "n_articles": 12,
        "n_sources": 3,
        "versions": {"framing": "9.9", "numpy": "2.0"},
    }


@pytest.fixture
def drift():
    """Two sources of two articles; every probability of a source is the same, so bounds meet it."""
    rows = [
        {
            "id": f"{source}{article}:{unit}",
            "article": f"{source}{article}",
            "source": source,
            "kind": "paragraph",
            "date": "2024-05-06",
            "frames": "cost" if share > 0.5 else "[]",
            "p:cost": share,
            "stance:law": "pro",
            "p:law:pro": 0.7,
            "p:law:con": 0.3,
            "model": "m" * 12,
            "codebook": "c" * 12,
        }
        for source, share in (("Post", 0.25), ("Herald", 0.75))
        for article in "ab"
        for unit in range(3)
    ]
    rows.append({**rows[0], "id": "x", "kind": "boilerplate"})
    return measure_drift(pd.DataFrame(rows), design=Design(plan=Plan(resamples=100)))


FRAMES = {
    "trade_coercion": "Trade coercion",
    "supply_vulnerability": "Supply vulnerability",
    "china_dominance": "China dominance",
    "western_policy_lag": "Western policy lag",
    "capacity_building": "Capacity building",
    "environmental_cost": "Environmental cost",
    "market_opportunity": "Market opportunity",
    "investor_risk": "Investor risk",
    "allied_cooperation": "Allied cooperation",
    "technology_race": "Technology race",
}
LABEL_NAMES = {**FRAMES, "china_policy": "China's policy"}
OUTLETS = (
    *("The Harbour Ledger", "Great River Daily", "Rampart Weekly", "Oxide & Alloy Bulletin"),
    *("Tailwater Magazine", "Institute for Strategic Inputs", "Meridian Newswire"),
    *("Northern Courier", "The Assay", "Lakeside Tribune", "Delta Financial Review", "Ore Post"),
)
SAYINGS = (
    "Licences for the heavy elements now take a quarter to arrive, and buyers call that leverage.",
    "A furnace in one province decides what a factory on another continent can ship in spring.",
    "The programme was announced twice, funded once and has yet to break ground.",
    "Analysts at two banks raised their price targets and, in a footnote, their doubts.",
    "Residents below the tailings dam keep a list of dates on which the water changed colour.",
    "Three governments signed for a shared stockpile; the fourth sent an observer.",
)
MOST_WITH_REASONS = 60
WORDS = ("licence", "quota", "leverage", "stockpile", "tailings", "permit", "offtake", "magnet")


@dataclass(frozen=True)
class InventedDrift:
    """Stands for `framing.measuring.drift.Drift`: facts, and tables as data frames."""

    facts: dict
    tables: dict

    def to_dict(self):
        known = {
            name: table.astype(object).where(table.notna(), None).to_dict("records")
            for name, table in self.tables.items()
        }
        return self.facts | known

    def change(self, **changed):
        """Return a copy with other facts, or with tables made of rows."""
        tables = {n: pd.DataFrame(v) for n, v in changed.items() if n in self.tables}
        facts = {n: v for n, v in changed.items() if n not in self.tables}
        return replace(self, facts=self.facts | facts, tables=self.tables | tables)


class Inventor:
    """Makes up a corpus with sources that differ, trends, a turning point and thin cells."""

    def __init__(self, n_sources, n_periods, n_frames, *, seed=0, margin=0.05):
        self.rng = np.random.default_rng(seed)
        sets = -(-n_sources // len(OUTLETS))
        names = [n if not k else f"{n} {k + 1}" for k in range(sets) for n in OUTLETS]
        self.sources = names[:n_sources]
        self.periods = [f"{2023 + m // 12}-{m % 12 + 1:02}" for m in range(n_periods)]
        self.labels = [*list(FRAMES)[:n_frames], "china_policy=favor", "china_policy=against"]
        self.margin = margin
        shape = (n_sources, n_periods, len(self.labels))
        base = np.linspace(-0.4, -2.4, len(self.labels))
        own = self.rng.normal(0, 0.22, shape[::2])
        time = np.linspace(0, n_periods / 12, n_periods)
        rise = np.where(np.arange(shape[2]) == 1, 0.35, 0.0)
        logits = base + own[:, None] + rise * time[:, None]
        if n_sources > 1 and n_periods > 4:
            logits[1, n_periods // 2 :, 0] += 1.6
            logits[2, n_periods // 3 :, 2] -= 1.5
        self.truth = 1 / (1 + np.exp(-logits))
        size = self.rng.lognormal(2.6, 0.5, n_sources)
        size[-1] = 1.5
        self.articles = self.rng.poisson(size[:, None] * np.ones(n_periods)) if n_periods else None

    def invent(self):
        cells = list(self._invent_cells())
        contrasts = [*self._contrast_sources(), *self._contrast_periods()]
        trends, turns = list(self._invent_trends()), list(self._invent_turns())
        tests = [*contrasts, *trends, *turns]
        adjusted = false_discovery_control([row["p"] for row in tests]) if tests else []
        for row, p in zip(tests, adjusted, strict=True):
            row.update(p_adjusted=float(p), stands=bool(p <= 0.05))
        claims = [row for row in contrasts if row["p_equivalent"] is not None]
        equal = false_discovery_control([row["p_equivalent"] for row in claims]) if claims else []
        for row, p in zip(claims, equal, strict=True):
            row.update(p_equivalent_adjusted=float(p), equivalent=bool(p <= 0.05))
        standing = [n for n, row in enumerate(contrasts) if row["stands"]][:MOST_WITH_REASONS]
        tables = {
            "cells": cells,
            "contrasts": contrasts,
            "trends": trends,
            "turns": turns,
            "profile_turns": list(self._turn_profiles()),
            "decompositions": list(self._decompose()),
            "distances": list(self._measure_distances()),
            "terms": [row for n in standing for row in self._list_terms(n)],
            "examples": [row for n in standing for row in self._quote(n, contrasts[n])],
            "typicals": [self._pick(cell) for cell in cells if cell["share"] is not None],
        }
        facts = {
            "by": "source",
            "over": "month" if self.periods else None,
            "model": "3f9c2b7a10de",
            "codebook": "84be01c5f2aa",
            "level": 0.95,
            "alpha": 0.05,
            "margin": self.margin,
            "resamples": 1000,
            "permutations": 1999,
            "seed": 7,
            "n_units": int(self.articles.sum() * 9),
            "n_articles": int(self.articles.sum()),
            "n_tests": len(tests),
            "left_out": {"boilerplate": 1204, "without a date": 37},
            "variants": {"Ore Post": ["The Ore Post", "ORE POST"]},
            "census": False,
            "notes": [],
        }
        return InventedDrift(facts, {name: pd.DataFrame(rows) for name, rows in tables.items()})

    def _estimate(self, sources, periods, k):
        n = self.articles[np.ix_(sources, periods)]
        total = int(n.sum())
        if not total:
            return None, 0, 0
        truth = float((self.truth[np.ix_(sources, periods, [k])][..., 0] * n).sum() / total)
        error = float(np.sqrt(truth * (1 - truth) / (3 * total) + 0.008**2))
        share = float(np.clip(truth + error * self.rng.normal() * 0.8, 0.002, 0.995))
        return share, error, total

    def _invent_cells(self):
        everyone, always = range(len(self.sources)), range(len(self.periods))
        for s in (None, *everyone):
            for t in (None, *always):
                for k, label in enumerate(self.labels):
                    rows = everyone if s is None else [s]
                    yield self._cell(label, k, s, t, rows, always if t is None else [t])

    def _cell(self, label, k, s, t, rows, columns):
        share, error, n = self._estimate(list(rows), list(columns), k)
        thin, odd = n < 2, s is not None and s % 5 == 3 and k == 4
        status = "refused" if thin else "widened" if odd else "estimated"
        note = {
            "refused": "1 article: too few for an interval",
            "widened": "a classifier tells these texts from the model's (AUC .83)",
        }.get(status, "")
        gold = 40 if s in {0, 1} and t is None else 0
        wide = 1.96 * (2 if odd else 1)
        low, high = (
            (None, None)
            if thin
            else (max(0.0, share - wide * error), min(1.0, share + wide * error))
        )
        shown = None if thin else share
        return {
            "label": label,
            "kind": "stance" if "=" in label else "frame",
            "source": None if s is None else self.sources[s],
            "period": None if t is None else self.periods[t],
            "share": shown,
            "low": low,
            "high": high,
            "method": "prediction-powered" if gold else "calibrated-mean",
            "article_share": shown,
            "article_low": low,
            "article_high": high,
            "naive": share and share * 0.8,
            "adjusted": share and share * 1.1,
            "em": share and share * 1.05,
            "n_units": n * 9,
            "n_articles": n,
            "n_gold": gold,
            "n_gold_articles": gold // 4,
            "status": status,
            "note": note,
        }

    def _compare(self, k, comparison, names, sides, source):
        """Compare two sides; for periods the second is the later."""
        (share_a, error_a, n_a), (share_b, error_b, n_b) = (self._estimate(*s, k) for s in sides)
        if min(n_a, n_b) < 2:
            return None
        sign = 1 if comparison == "source" else -1
        difference, error = sign * (share_a - share_b), float(np.hypot(error_a, error_b))
        inside = (self.margin - abs(difference)) / error if self.margin else None
        p_equivalent = None if inside is None else float(norm.sf(inside))
        return {
            "label": self.labels[k],
            "kind": "stance" if "=" in self.labels[k] else "frame",
            "comparison": comparison,
            "a": names[0],
            "b": names[1],
            "source": source,
            "share_a": share_a,
            "share_b": share_b,
            "difference": difference,
            "low": difference - 1.96 * error,
            "high": difference + 1.96 * error,
            "p": float(2 * norm.sf(abs(difference) / error)),
            "p_adjusted": None,
            "stands": None,
            "p_equivalent": p_equivalent,
            "p_equivalent_adjusted": None,
            "equivalent": None,
            "n_articles_a": n_a,
            "n_articles_b": n_b,
        }

    def _contrast_sources(self):
        n, always = len(self.sources), list(range(len(self.periods)))
        for s, k in product(range(n if n > 1 else 0), range(len(self.labels))):
            others = [o for o in range(n) if o != s]
            sides = (([s], always), (others, always))
            row = self._compare(k, "source", (self.sources[s], None), sides, None)
            yield from [row] if row else []

    def _contrast_periods(self):
        n, half = len(self.periods), len(self.periods) // 2
        if n < 2:
            return
        for s, k in product((None, *range(len(self.sources))), range(len(self.labels))):
            rows = list(range(len(self.sources))) if s is None else [s]
            sides = ((rows, [half - 1]), (rows, [n - 1]))
            names = (self.periods[half - 1], self.periods[n - 1])
            where = None if s is None else self.sources[s]
            row = self._compare(k, "period", names, sides, where)
            yield from [row] if row else []

    def _invent_trends(self):
        if len(self.periods) < 3:
            return
        for s, k in product((None, *range(len(self.sources))), range(len(self.labels))):
            slope = (0.35 if k == 1 else 0.0) + self.rng.normal(0, 0.06 if s is None else 0.15)
            error = 0.06 if s is None else 0.15
            yield {
                "label": self.labels[k],
                "kind": "stance" if "=" in self.labels[k] else "frame",
                "source": None if s is None else self.sources[s],
                "slope": slope,
                "low": slope - 1.96 * error,
                "high": slope + 1.96 * error,
                "p": float(2 * norm.sf(abs(slope) / error)),
                "p_adjusted": None,
                "stands": None,
                "first": self.periods[0],
                "last": self.periods[-1],
                "n_periods": len(self.periods),
                "n_articles": 300,
            }

    def _invent_turns(self):
        n = len(self.periods)
        if n < 6 or len(self.sources) < 3:
            return
        for s, k, t, p in ((1, 0, n // 2, 0.0005), (2, 2, n // 3, 0.0005), (0, 3, n // 2, 0.4)):
            before, after = (self.truth[s, part, k].mean() for part in (slice(t), slice(t, n)))
            change = float(after - before)
            yield {
                "label": self.labels[k],
                "kind": "frame",
                "source": self.sources[s],
                "period": self.periods[t],
                "before": float(before),
                "after": float(after),
                "difference": change,
                "low": change - 0.06,
                "high": change + 0.06,
                "p": p,
                "p_adjusted": None,
                "stands": None,
            }

    def _decompose(self):
        if len(self.periods) < 2:
            return
        for k, label in enumerate(self.labels):
            parts = {"within": 0.05 - 0.01 * k, "mix": 0.012, "calibration": 0.004, "copies": 0.007}
            for part, value in {"total": sum(parts.values()), **parts}.items():
                yield {
                    "label": label,
                    "kind": "stance" if "=" in label else "frame",
                    "first": self.periods[0],
                    "last": self.periods[-1],
                    "part": part,
                    "value": value,
                    "low": value - 0.02,
                    "high": value + 0.02,
                }

    def _turn_profiles(self):
        for number, source in enumerate(self.sources if self.periods else ()):
            p = min(0.0004 + number / 10, 1.0)
            judged = {"p": p, "p_adjusted": min(10 * p, 1.0), "stands": number == 0}
            sizes = {"smallest": 1e-6, "n_articles_before": 40, "n_articles_after": 30}
            place = {"source": source, "period": self.periods[len(self.periods) // 2]}
            yield place | {"distance": 4.2 - number / 10} | judged | sizes

    def _measure_distances(self):
        for a, b in combinations(self.sources, 2):
            distance = float(abs(self.rng.normal(0.02, 0.02)))
            p = float(self.rng.uniform(0.0005, 1))
            yield {"a": a, "b": b, "distance": distance, "p": p, "expected": 0.012}

    def _list_terms(self, contrast):
        for side, sign in (("a", 1), ("b", -1)):
            for rank, term in enumerate(WORDS):
                z = sign * (6.5 - 0.5 * rank)
                counts = {"count_a": 40 - rank, "count_b": 9 + rank}
                yield {"contrast": contrast, "side": side, "term": term, "z": z, **counts}

    def _pick(self, cell):
        """The surest unit of a share, with a text that tells which it is."""
        place = {name: cell[name] for name in ("label", "source", "period")}
        article = f"{cell['source'] or 'wire'}/{cell['period'] or 'any'}"
        return place | {
            "id": f"{article}:{cell['label']}",
            "article": article,
            "unit_source": cell["source"] or "The Assay",
            "date": "2024-05-06",
            "probability": 0.97,
            "text": f"Typical of {cell['label']} in {article}.",
        }

    def _quote(self, contrast, row):
        for side in ("a", "b"):
            at_source = row["comparison"] == "source"
            own = row[side] if at_source else row["source"]
            for n in range(3):
                source = own or self.sources[(contrast + n) % len(self.sources)]
                yield {
                    "contrast": contrast,
                    "side": side,
                    "id": f"{source[:6]}/{contrast}:{n}",
                    "article": f"{source[:6]}/{contrast}",
                    "source": source,
                    "date": f"2023-{n + 4:02}-11",
                    "probability": 0.97 - n / 50,
                    "text": SAYINGS[(contrast + n + (side == "b") * 3) % len(SAYINGS)],
                }


@pytest.fixture(scope="session")
def invent():
    """Make up a drift of so many sources, periods and frames."""

    def make(n_sources=12, n_periods=24, n_frames=6, **options):
        return Inventor(n_sources, n_periods, n_frames, **options).invent()

    return make


@pytest.fixture(scope="session")
def invented(invent):
    return invent()


@pytest.fixture(scope="session")
def label_names():
    return LABEL_NAMES


EVIL = "<script>alert(1)</script> \"quoted\" & 'it' <img src=x onerror=alert(2)> $x_1$ {{ 7 }}"


@pytest.fixture(scope="session")
def evil():
    """A text that would do harm if it were taken for anything but text."""
    return EVIL


ROWS = {
    "cells": {
        "label": "cost",
        "kind": "frame",
        "source": "Post",
        "period": None,
        "share": 0.3,
        "low": 0.2,
        "high": 0.4,
        "method": "calibrated-mean",
        "article_share": 0.28,
        "article_low": 0.17,
        "article_high": 0.39,
        "n_units": 90,
        "n_articles": 30,
        "naive": 0.25,
        "adjusted": 0.31,
        "em": 0.32,
        "status": "estimated",
        "note": "",
    },
    "contrasts": {
        "label": "cost",
        "kind": "frame",
        "comparison": "source",
        "a": "Post",
        "b": None,
        "source": None,
        "share_a": 0.45,
        "share_b": 0.3,
        "difference": 0.15,
        "low": 0.08,
        "high": 0.22,
        "p": 0.0004,
        "p_adjusted": 0.003,
        "stands": True,
        "p_equivalent": None,
        "p_equivalent_adjusted": None,
        "equivalent": None,
        "n_articles_a": 20,
        "n_articles_b": 80,
    },
    "trends": {
        "label": "cost",
        "kind": "frame",
        "source": None,
        "slope": 0.5,
        "low": 0.2,
        "high": 0.8,
        "p": 0.001,
        "p_adjusted": 0.004,
        "stands": True,
        "first": "2023-01",
        "last": "2024-06",
        "n_periods": 18,
        "n_articles": 100,
    },
    "turns": {
        "label": "cost",
        "kind": "frame",
        "source": "Post",
        "period": "2024-03",
        "before": 0.2,
        "after": 0.4,
        "difference": 0.2,
        "low": 0.1,
        "high": 0.3,
        "p": 0.002,
        "p_adjusted": 0.01,
        "stands": True,
    },
    "profile_turns": {
        "source": "Post",
        "period": "2024-03",
        "distance": 2.34,
        "p": 0.0006,
        "p_adjusted": 0.012,
        "stands": True,
        "smallest": 0.0004,
        "n_articles_before": 1200,
        "n_articles_after": 7,
    },
}
FACTS = {
    "by": "source",
    "over": "month",
    "model": "m" * 12,
    "codebook": "c" * 12,
    "level": 0.95,
    "alpha": 0.05,
    "margin": None,
    "resamples": 1000,
    "permutations": 999,
    "seed": 0,
    "n_units": 360,
    "n_articles": 40,
    "n_tests": 12,
    "tests": {"contrasts": 7, "trends": 1, "turns": 2, "profile_turns": 0, "equivalence": 2},
    "left_out": {},
    "variants": {},
    "census": False,
    "notes": [],
}


@pytest.fixture(scope="session")
def row():
    """Make a row of a table, with the values that a test is about."""

    def make(table, **values):
        return ROWS[table] | values

    return make


@pytest.fixture(scope="session")
def account():
    """Make an account of a few rows and facts; cost is called Costs."""

    def make(*, origin=None, **content):
        tables = {name: pd.DataFrame(v) for name, v in content.items() if name in TABLES}
        facts = {name: v for name, v in content.items() if name not in TABLES}
        drift = InventedDrift(FACTS | facts, tables)
        return open_account(drift, names={"cost": "Costs", "law": "The law"}, origin=origin)

    return make
