"""Tests of the designs: each archive is as its design says, and what is true of it is looked up."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from framing.measuring.drift import measure_drift
from simulated import designs
from simulated.corpora import Corpus, draw_corpus
from simulated.designs import BETWEEN, DESIGNS, TURN, Drawn, Look, Part, try_design

NAN = float("nan")


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def training(rng):
    return draw_corpus(rng, 100, 0.2, skill=2.0, shift="covariate")


def small(*labels, n_coded=0, source="A", printed=1):
    """Make a part of articles of one unit each."""
    labels = np.array(labels, np.bool_)
    corpus = Corpus(np.arange(len(labels)), labels * 1.0, labels)
    return Part(source, "2020", corpus, n_coded, printed)


class TestArchives:
    def test_few_are_coded_on_one_side_or_both(self, rng):
        both = DESIGNS["10 of 60 articles coded a side, share 0.05"](rng)
        assert [(p.source, p.n_coded, p.corpus.n_articles) for p in both.parts] == [
            ("A", 10, 60),
            ("B", 10, 60),
        ]
        assert [look.truth for look in both.looks] == [0.0, 0.05]
        one = DESIGNS["10 of 60 articles of one side coded"](rng)
        assert [part.n_coded for part in one.parts] == [10, 0]

    def test_strata_have_other_chances_and_another_meaning(self, rng):
        drawn = DESIGNS["coded with chances of .1 and .5, weighted"](rng)
        chances = {part.n_coded / part.corpus.n_articles for part in drawn.parts}
        assert chances == {0.1, 0.5}
        assert drawn.weighted
        found = [designs.weigh(np.random.default_rng(n)).parts for n in range(40)]
        labels = [np.concatenate([p.corpus.labels for p in parts[:2]]) for parts in found]
        truth = next(look.truth for look in drawn.looks if look.name == "share")
        assert np.mean(np.concatenate(labels)) == pytest.approx(truth, abs=0.02)

    def test_a_census_is_true_of_its_very_articles(self, rng):
        drawn = DESIGNS["census, 30 of 120 articles coded"](rng)
        assert drawn.design == {"census": True}
        assert drawn.looks[0].truth == drawn.parts[0].corpus.labels.mean()

    def test_events_move_months_and_nothing_else(self):
        drawn = [DESIGNS["24 months with events"](np.random.default_rng(n)) for n in range(30)]
        assert [p.date for p in drawn[0].parts[11:13]] == ["2020-12", "2021-01"]
        means = np.array([[p.corpus.labels.mean() for p in one.parts] for one in drawn])
        assert abs(means[:, :12].mean() - means[:, 12:].mean()) < 0.03
        still = np.array([[draw_share(n, m) for m in range(24)] for n in range(10)])
        assert means.var(axis=1).mean() > 1.3 * still.var(axis=1).mean()
        calm = [DESIGNS["24 months without events"](np.random.default_rng(n)) for n in range(30)]
        quiet = np.array([[p.corpus.labels.mean() for p in one.parts] for one in calm])
        assert quiet.var(axis=1).mean() < 1.2 * still.var(axis=1).mean()
        assert len(DESIGNS["4 years with events"](np.random.default_rng(0)).parts) == 4
        coded = DESIGNS["4 of 20 articles coded a year, 8 years"](np.random.default_rng(0))
        assert [part.n_coded for part in coded.parts] == [4] * 8

    def test_copies_are_printed_by_every_source(self, rng, training):
        drawn = DESIGNS["12 stories a year in 8 sources each"](rng)
        table = designs._lay_out(drawn, training)
        assert table["source"].nunique() == 8
        assert table["article"].nunique() == 2 * 12 * 8
        shares = table.groupby("source")["p:label0"].apply(list)
        assert all(own == shares.iloc[0] for own in shares)
        stories = designs._name_copies(table)
        assert set(stories) == {f"article {name}" for name in table["article"]}
        assert len(set(stories.values())) == 2 * 12

    def test_copies_stand_beside_a_source_of_its_own(self, rng, training):
        drawn = DESIGNS["40 articles beside 12 stories in 7 sources each"](rng)
        table = designs._lay_out(drawn, training)
        counts = table.groupby("source")["article"].nunique().to_dict()
        assert counts == {"A": 40, **{f"S{n}": 12 for n in range(7)}}
        assert len(set(designs._name_copies(table).values())) == 40 + 12

    def test_cells_are_of_unequal_size(self, rng):
        drawn = DESIGNS["10 against 400 articles, share 0.1"](rng)
        assert [part.corpus.n_articles for part in drawn.parts] == [10, 400]


def draw_share(*seed):
    corpus = draw_corpus(np.random.default_rng(seed), 12, 0.25, skill=2.0, shift="covariate")
    return corpus.labels.mean()


class TestCodings:
    def test_whole_articles_of_each_part_are_coded_with_their_weight(self, rng, training):
        drawn = Drawn([small(1, 0, 1, 1, n_coded=2), small(0, 0, 0, n_coded=1, source="B")], [])
        table = designs._lay_out(drawn, training)
        codings, weights = designs._code(drawn, table, rng)
        truth = dict(zip(table["id"], [1, 0, 1, 1, 0, 0, 0], strict=True))
        assert [unit.paragraph.article.split("/")[1] for unit in codings] == ["0", "0", "1"]
        assert all(
            unit.coding.frames == {"label0": bool(truth[unit.paragraph.id])} for unit in codings
        )
        assert [weights[unit.paragraph.id] for unit in codings] == [2.0, 2.0, 3.0]

    @pytest.mark.parametrize(("weighted", "printed"), [(True, 1), (False, 2)])
    def test_what_is_known_is_given(self, rng, monkeypatch, weighted, printed):
        given = {}
        monkeypatch.setattr(
            designs, "measure_drift", lambda table, **known: given.update(known, table=table)
        )
        part = small(*[1, 0] * 20, n_coded=3, printed=printed)
        designs.measure(Drawn([part], [], {"census": True}, weighted), rng, seed=3)
        knowledge = given["knowledge"]
        assert len(knowledge.gold) == 3
        assert bool(knowledge.weights) == weighted
        assert bool(knowledge.copies) == (printed > 1)
        assert (given["design"].census, given["design"].plan.seed) == (True, 3)
        assert set(knowledge.instrument.labels) == {"label0"}


class TestLooks:
    def look(self, look, **tables):
        return list(designs._look("d", look, SimpleNamespace(**tables)))

    @pytest.mark.parametrize(
        ("truth", "low", "held"), [(0.1, 0.1, 1), (0.3, 0.1, 1), (0.09, 0.1, 0), (0.31, 0.1, 0)]
    )
    def test_an_interval_holds_what_lies_within(self, truth, low, held):
        row = {"comparison": "source", "low": low, "high": 0.3, "p": 0.4}
        look = Look("x", "contrasts", {"comparison": "source"}, truth)
        (seen,) = self.look(look, contrasts=pd.DataFrame([row]))
        assert (seen.design, seen.quantity, seen.held, seen.p) == ("d", "x", held, 0.4)
        assert seen.width == pytest.approx(0.2)

    def test_the_row_is_the_one_asked_for(self):
        rows = [
            {"source": "A", "period": None, "low": 0.0, "high": 1.0},
            {"source": None, "period": "2020", "low": 0.0, "high": 1.0},
            {"source": None, "period": None, "low": 0.4, "high": 0.5},
        ]
        (seen,) = self.look(designs._look_at(None, 0.3), cells=pd.DataFrame(rows))
        assert seen.held == 0.0
        assert math.isnan(seen.p)

    def test_only_p_is_looked_at_where_nothing_is_true_or_no_interval_is_given(self):
        row = {"comparison": "source", "low": NAN, "high": NAN, "p": 0.2}
        (bare,) = self.look(BETWEEN, contrasts=pd.DataFrame([row]))
        (turn,) = self.look(TURN, turns=pd.DataFrame([row | {"low": 0.1, "high": 0.2}]))
        for seen in (bare, turn):
            assert math.isnan(seen.held)
            assert math.isnan(seen.width)
            assert seen.p == 0.2

    def test_what_a_report_lacks_is_not_seen(self):
        assert self.look(BETWEEN, contrasts=pd.DataFrame(columns=["comparison"])) == []


@pytest.mark.parametrize("name", DESIGNS)
def test_every_design_is_measured_and_all_it_looks_at_is_there(name, monkeypatch):
    monkeypatch.setattr(designs, "_RESAMPLES", 50)
    monkeypatch.setattr(designs, "_PERMUTATIONS", 100)
    seen = try_design(name, seed=1)
    looks = DESIGNS[name](np.random.default_rng(0)).looks
    assert [one.quantity for one in seen] == [look.name for look in looks]
    assert {one.design for one in seen} == {name}
    assert seen[0].held in (0.0, 1.0)


def test_archives_repeat_with_their_seed(monkeypatch):
    tables = []

    def measured(table, **known):
        tables.append(table)
        return measure_drift(table, **known)

    monkeypatch.setattr(designs, "measure_drift", measured)
    for seed in (1, 1, 2):
        try_design("10 against 400 articles, share 0.3", seed=seed)
    assert tables[0].equals(tables[1])
    assert not tables[0].equals(tables[2])
