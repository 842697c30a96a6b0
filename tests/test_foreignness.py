"""Tests of which sources are foreign to a model, and of which articles it has learnt from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import framing
from framing import foreignness
from framing.foreignness import find_misfits
from framing.measuring.prevalence.doubts import Doubt
from framing.schema import CodedUnit, Coding, Paragraph
from framing.scoring.recipe import NgramBlock
from framing.scoring.vectorizing import FittedBlock, Vectorizer
from framing.text.fingerprints import hash_text
from framing.unittexts import read_texts

KNOWN = tuple(f"known{n}" for n in range(80))
STRANGE = tuple(f"strange{n}" for n in range(80))
GERMAN = (
    "Der Rat hat den Bau der neuen Brücke mit großer Mehrheit beschlossen.",
    "Die Kosten, so heißt es, sollen durch eine Abgabe gedeckt werden.",
    "Gegner wollen vor Gericht ziehen und verlangen ein Gutachten.",
)


@pytest.fixture(scope="module")
def knowing(model):
    """A model of eighty words, in whose training a tenth of an article's words were unknown."""
    block = FittedBlock(NgramBlock("word", 1, 1), KNOWN, np.ones(len(KNOWN)))
    domain = {"median": 0.1, "most": 0.3, "nearly_all": 0.5}
    return replace(model, vectorizer=Vectorizer([block]), training={"domain": domain})


def write(source, strange, *, n_articles=10, n_units=3, seed=0, kind="paragraph"):
    """Units of 20 words; `strange` is the share that the model lacks, or a list, one an article."""
    rng = np.random.default_rng(seed)
    shares = [strange] * n_articles if isinstance(strange, float) else strange
    rows = []
    for number, share in enumerate(shares):
        for place in range(n_units):
            n_strange = round(20 * share)
            words = [*rng.choice(STRANGE, n_strange), *rng.choice(KNOWN, 20 - n_strange)]
            article = f"{source}-{number}"
            rows.append(
                {
                    "id": f"{article}:{place}",
                    "article": article,
                    "source": source,
                    "kind": kind,
                    "text": " ".join(rng.permutation(words)),
                }
            )
    return pd.DataFrame(rows)


def code(table):
    """The units of a table as coded data."""
    return [
        CodedUnit(
            Paragraph(row["id"], row["article"], row["text"], 0, 1, source=row["source"]),
            Coding(row["id"]),
        )
        for row in table.to_dict("records")
    ]


def find_doubts(table, *, by="source", over=None, **options):
    return foreignness.find_doubts(read_texts(table, by=by, over=over), **options)


def find_trained(table, model):
    return foreignness.find_trained(read_texts(table), model)


class TestWords:
    def test_sources_are_refused_widened_or_left_in_peace(self, knowing):
        shares = {"Near": 0.1, "Off": 0.4, "Far": 0.8, "Edge": 0.3}
        table = pd.concat([write(name, share) for name, share in shares.items()])
        doubts = find_doubts(table, by="source", model=knowing)
        assert {name: doubt.severity for name, doubt in doubts.items()} == {
            "Off": "widened",
            "Far": "refused",
        }
        assert doubts["Off"].reason == (
            "40% of its words are unknown to the model, 10% is usual in training"
        )
        assert doubts["Far"].reason == (
            "80% of its words are unknown to the model, 50% at most in training"
        )

    def test_it_takes_half_of_the_articles(self, knowing):
        for n_strange, expected in ((4, set()), (6, {"Post"})):
            table = write("Post", [0.9] * n_strange + [0.0] * (10 - n_strange))
            assert set(find_doubts(table, by="source", model=knowing)) == expected

    def test_an_article_is_measured_whole(self, knowing):
        """Most units are strange, but three of the four articles are not."""
        long = write("Post", 0.9, n_articles=1, n_units=27)
        short = write("Post", 0.0, n_articles=3, n_units=1).assign(article=["a", "b", "c"])
        assert find_doubts(pd.concat([long, short]), by="source", model=knowing) == {}

    def test_another_language_is_refused(self, model, articles):
        table = model.predict(framing.read_articles(articles))
        foreign = [
            {"id": f"g{n}", "article": f"g{n}", "source": "Bote", "kind": "paragraph", "text": text}
            for n, text in enumerate(GERMAN * 2)
        ]
        both = pd.concat([table, pd.DataFrame(foreign)], ignore_index=True)
        doubts = find_doubts(both, by="source", model=model)
        assert {name: doubt.severity for name, doubt in doubts.items()} == {"Bote": "refused"}

    def test_boilerplate_says_nothing_of_a_source(self, knowing):
        footers = write("Post", 1.0, n_units=9, kind="boilerplate")
        table = pd.concat([write("Post", 0.1), footers])
        assert find_doubts(table, by="source", model=knowing) == {}
        told = find_doubts(table.drop(columns="kind"), by="source", model=knowing)
        assert set(told) == {"Post"}

    def test_spellings_are_one_source(self, knowing):
        table = write("Post", 0.8)
        table.loc[:3, "source"] = "the post"
        assert list(find_doubts(table, by="source", model=knowing)) == ["Post"]

    def test_sources_may_be_numbers_and_lacking(self, knowing):
        table = write("Post", 0.8).assign(desk=[7.0] * 27 + [None] * 3)
        assert list(find_doubts(table, by="desk", model=knowing)) == ["7"]

    def test_rows_may_be_in_any_order_and_sources_alone(self, knowing):
        shares = np.random.default_rng(1).choice([0.2, 0.6], 250)  # of which 100 are drawn
        table = write("Post", shares, n_units=1)
        one = find_doubts(table, by="source", model=knowing)
        turned = table.sample(frac=1, random_state=2)
        assert find_doubts(turned, by="source", model=knowing) == one
        beside = pd.concat([write("Herald", 0.1), table])
        assert find_doubts(beside, by="source", model=knowing) == one

    def test_the_seed_draws_the_articles(self, knowing):
        table = write("Post", np.linspace(0.3, 1.0, 250), n_units=1)
        said = {
            find_doubts(table, by="source", model=knowing, seed=seed)["Post"].reason
            for seed in range(6)
        }
        assert len(said) > 1

    def test_texts_without_words_raise_no_doubt(self, knowing):
        table = write("Post", 0.8).assign(text="1 - !")
        assert find_doubts(table, by="source", model=knowing) == {}

    @pytest.mark.parametrize("column", ["text", "article", "source"])
    def test_without_texts_articles_or_sources_there_is_nothing_to_find(self, knowing, column):
        table = write("Post", 0.8)
        assert find_doubts(table.drop(columns=column), by="source", model=knowing) == {}
        assert find_doubts(table.assign(**{column: None}), by="source", model=knowing) == {}

    @pytest.mark.parametrize("training", [{}, {"domain": {"median": 0.1}}])
    def test_models_that_do_not_say_what_is_usual_doubt_nothing(self, knowing, training):
        other = replace(knowing, training=training)
        assert find_doubts(write("Post", 0.9), by="source", model=other) == {}


class TestPeriods:
    def write(self, late, *, n_articles=10):
        early = write("Post", 0.1, n_articles=30).assign(date="2020-03-01")
        other = write("Post", late, n_articles=n_articles, seed=1).assign(date="2021-03-01")
        other["article"] += "x"
        return pd.concat([early, other])

    def find(self, table, knowing, over="year"):
        return find_doubts(table, by="source", over=over, model=knowing)

    def test_a_source_that_becomes_foreign_is_widened(self, knowing):
        told = "in 2021 80% of its words are unknown to the model, 50% at most in training"
        assert self.find(self.write(0.8), knowing) == {"Post": Doubt("widened", told, ("2021",))}
        assert self.find(self.write(0.1), knowing) == {}

    def test_it_takes_periods_and_articles_enough(self, knowing):
        assert self.find(self.write(0.8), knowing, over=None) == {}
        assert self.find(self.write(0.8).drop(columns="date"), knowing) == {}
        assert self.find(self.write(0.8, n_articles=9), knowing) == {}

    def test_every_such_period_is_named(self, knowing):
        table = pd.concat([self.write(0.8), self.write(0.9).replace("2021-03-01", "2022-01-01")])
        doubt = self.find(table, knowing)["Post"]
        assert doubt.reason.startswith("in 2021 80%")
        assert doubt.reason.endswith("; so in 2022")
        assert doubt.periods == ("2021", "2022")

    def test_what_holds_of_the_whole_source_goes_before(self, knowing):
        table = self.write(0.8).assign(text=write("Post", 0.8, n_articles=40)["text"].to_numpy())
        assert self.find(table, knowing)["Post"].severity == "refused"
        assert self.find(table, knowing)["Post"].periods == ()


class TestOwn:
    def test_what_resembles_training_is_seldom_doubted(self, make_domain, knowing):
        """Outlets drawn as training articles were: hardly one in twenty is doubted."""
        rng = np.random.default_rng(0)
        domain = make_domain(rng.beta(2, 10, 400))
        model = replace(knowing, training={"domain": domain})
        tables = [write(f"Outlet {n}", rng.beta(2, 10, 8), n_units=1, seed=n) for n in range(100)]
        doubts = find_doubts(pd.concat(tables), by="source", model=model)
        assert len(doubts) <= 5
        assert all(doubt.severity == "widened" for doubt in doubts.values())

    def test_the_outlets_of_training_are_not(self, model, articles, coded_units):
        table = model.predict(framing.read_articles(articles))
        assert find_doubts(table, by="source", model=model, reference=coded_units) == {}

    @pytest.fixture
    def make_domain(self):
        def build(shares):
            names = ("median", "most", "nearly_all")
            return dict(zip(names, np.quantile(shares, [0.5, 0.9, 0.99]).tolist(), strict=True))

        return build


class TestLikeness:
    @pytest.fixture
    def training(self):
        tables = [
            write(name, 0.05, n_articles=30, seed=seed)
            for seed, name in enumerate(("Post", "Herald"))
        ]
        return code(pd.concat(tables))

    def test_a_source_that_is_told_from_training_is_widened(self, knowing, training):
        table = pd.concat([write("Far", 0.3, n_articles=30, seed=7), write("Near", 0.05, seed=8)])
        assert find_doubts(table, by="source", model=knowing) == {}
        (doubt,) = find_doubts(table, by="source", model=knowing, reference=training).items()
        assert doubt[0] == "Far"
        assert doubt[1].severity == "widened"
        assert doubt[1].reason.startswith("its texts are told from training's with an area under")

    def test_words_that_are_unknown_outweigh_it(self, knowing, training):
        table = write("Far", 0.8, seed=7)
        (doubt,) = find_doubts(table, by="source", model=knowing, reference=training).values()
        assert doubt.severity == "refused"

    def test_it_needs_no_entry_of_the_model(self, knowing, training):
        other = replace(knowing, training={})
        table = write("Far", 0.5, seed=7)
        doubts = find_doubts(table, by="source", model=other, reference=training)
        assert doubts["Far"].severity == "widened"

    def test_where_trainings_own_sources_differ_as_much_it_is_usual(self, knowing, training):
        odd = write("Odd", 0.3, n_articles=30, seed=2)
        odd["text"] = odd["text"].str.replace("strange", "odd")
        table = write("Far", 0.3, n_articles=30, seed=7)
        reference = [*training, *code(odd)]
        assert find_doubts(table, by="source", model=knowing, reference=reference) == {}
        assert find_doubts(table, by="source", model=knowing, reference=training)

    def test_rows_may_be_in_any_order(self, knowing, training):
        table = pd.concat([write("Far", 0.3, n_articles=30, seed=7), write("Near", 0.05, seed=8)])
        one = find_doubts(table, by="source", model=knowing, reference=training)
        turned = table.sample(frac=1, random_state=2)
        other = find_doubts(turned, by="source", model=knowing, reference=training[::-1])
        assert one == other


class TestMisfits:
    @pytest.fixture
    def telling(self, knowing):
        law = {"at": [0.1, 0.2, 0.8, 0.9], "present": [0, 0, 0.5, 1], "absent": [0.5, 1, 1, 1]}
        return replace(knowing, training={"scores": {"frames": {"lag": law}, "usual": 0.1}})

    def write(self, source, chances, n_articles=5):
        """Articles of four units, with these probabilities over and over."""
        table = write(source, 0.0, n_articles=n_articles, n_units=4)
        return table.assign(**{"p:lag": np.resize(chances, len(table))})

    def find(self, table, telling, **options):
        return find_misfits(table, by="source", model=telling, **options)

    def test_scores_that_no_mix_gives_are_widened(self, telling):
        table = pd.concat(
            [
                self.write("Plain", [0.1, 0.2]),
                self.write("Full", [0.8, 0.9, 0.8, 0.2]),
                self.write("Middling", [0.5]),
            ]
        )
        told = (
            "no mix of units with and without the frames gives its scores (apart by 0.23, 0.10 at "
            "most in nearly all of training's sources)"
        )
        assert self.find(table, telling) == {"Middling": Doubt("widened", told)}

    def test_it_takes_five_articles(self, telling):
        assert self.find(self.write("Post", [0.5], n_articles=4), telling) == {}
        assert self.find(self.write("Post", [0.5], n_articles=5), telling)

    def test_spellings_are_one_source_and_boilerplate_none(self, telling):
        table = self.write("Post", [0.5])
        table.loc[:7, "source"] = "the post"
        assert list(self.find(table, telling)) == ["Post"]
        table.loc[:7, "kind"] = "boilerplate"
        assert self.find(table, telling) == {}
        assert self.find(table.drop(columns="kind"), telling)

    def test_what_the_model_learnt_from_is_passed_over(self, telling):
        table = self.write("Post", [0.5])
        assert self.find(table, telling, trained={"article Post-0"}) == {}
        assert self.find(table, telling, trained={"article Herald-0"})

    def test_units_without_scores_say_nothing(self, telling):
        blank = self.write("Post", [0.5]).assign(**{"p:lag": None})
        assert self.find(blank, telling) == {}
        texts = self.write("Post", [0.5]).astype({"p:lag": str})
        assert list(self.find(texts, telling)) == ["Post"]

    @pytest.mark.parametrize("column", ["article", "source", "p:lag"])
    def test_without_a_column_there_is_nothing_to_find(self, telling, column):
        assert self.find(self.write("Post", [0.5]).drop(columns=column), telling) == {}

    def test_models_that_do_not_say_doubt_nothing(self, knowing):
        assert self.find(self.write("Post", [0.5]), knowing) == {}


class TestTrained:
    @pytest.fixture
    def table(self):
        return write("Post", 0.1, n_articles=4, n_units=2)

    def learn(self, model, *texts):
        return replace(model, training={"texts": [hash_text(text) for text in texts]})

    def test_articles_are_known_by_any_of_their_texts_however_set(self, knowing, table):
        first, last = table["text"].iloc[1], table["text"].iloc[7]
        known = self.learn(knowing, first.replace(" ", "\n "), last, "another")
        assert find_trained(table, known) == {"article Post-0", "article Post-3"}

    def test_articles_that_share_a_name_are_told_by_their_source(self, knowing, table):
        other = table.assign(source="The Mail", text=table["text"] + " Indeed.")
        known = self.learn(knowing, other["text"].iloc[1])
        assert find_trained(pd.concat([table, other]), known) == {"article Post-0 (mail)"}

    def test_boilerplate_is_passed_over(self, knowing, table):
        known = self.learn(knowing, table["text"].iloc[1])
        assert find_trained(table.assign(kind="boilerplate"), known) == frozenset()

    def test_a_models_own_training_articles_are_known(self, model, articles):
        table = model.predict(framing.read_articles(articles))
        assert find_trained(table, model) == {f"article {name}" for name in table["article"]}

    def test_where_nothing_is_kept_nothing_is_known(self, knowing, table):
        assert find_trained(table, knowing) == frozenset()
        known = self.learn(knowing, table["text"].iloc[0])
        assert find_trained(table.drop(columns="text"), known) == frozenset()
        assert find_trained(table.drop(columns="article"), known) == frozenset()
        assert find_trained(table.assign(article=None), known) == frozenset()

    @pytest.mark.parametrize("entry", [None, 7, "text", {"a": 1}, [1, None, ["a"]]])
    def test_damaged_entries_know_nothing(self, knowing, table, entry):
        assert find_trained(table, replace(knowing, training={"texts": entry})) == frozenset()
