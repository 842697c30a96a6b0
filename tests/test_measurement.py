"""Tests of what Python users call to measure drift: models, gold, groups, weights, copies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import framing
from framing.measurement import measure_drift, name_copies, read_weights, rename_groups
from framing.schema import InputError, MismatchError

QUICK = {"resamples": 50, "permutations": 50}
LINES = (
    "The minister opened the bridge and praised everyone who had paid for it.",
    "Tolls will pay for the deck, said the council, and for the paint as well.",
    "A ferry would have been cheaper, in the view of those who live upstream.",
)


@pytest.fixture(scope="module")
def predictions(model, articles):
    return model.predict(framing.read_articles(articles))


def make_gold(predictions, **columns):
    """Hand codings of all units that are no boilerplate: those with money in them cost."""
    rows = predictions[predictions["kind"] != "boilerplate"]
    gold = rows[["id", "article", "text"]].reset_index(drop=True)
    says = ["cost" if "money" in text.lower() else "[]" for text in gold["text"]]
    return gold.assign(frames=says, **columns)


def measure(predictions, **options):
    return measure_drift(predictions, **{**QUICK, **options})


def pick(drift, label="cost", source="Weir Post"):
    cells = drift.cells
    own = (cells["label"] == label) & (cells["source"] == source) & cells["period"].isna()
    (row,) = cells[own].to_dict("records")
    return row


class TestModels:
    def test_the_model_widens_and_gives_the_band(self, predictions, model):
        bare, known = measure(predictions), measure(predictions, model=model)
        assert pick(known)["share"] == pick(bare)["share"]
        assert pick(known)["high"] - pick(known)["low"] > pick(bare)["high"] - pick(bare)["low"]
        assert np.isnan(pick(bare)["em"])
        assert 0 <= pick(known)["em"] <= 1
        assert bare.notes[0].startswith("the model's own account of its calibration is not known")
        assert not any("calibration" in note for note in known.notes)

    def test_a_path_will_do(self, predictions, model, model_file):
        expected = measure(predictions, model=model).cells
        pd.testing.assert_frame_equal(measure(predictions, model=str(model_file)).cells, expected)

    def test_the_shipped_model_is_found_where_it_made_them(
        self, predictions, model, model_file, monkeypatch
    ):
        monkeypatch.setattr("framing.measurement.find_model", lambda: model_file)
        expected = measure(predictions, model=model).cells
        pd.testing.assert_frame_equal(measure(predictions).cells, expected)
        other = predictions.assign(model="another")
        assert np.isnan(pick(measure(other))["em"])

    def test_without_a_shipped_model_nothing_is_known_of_it(
        self, predictions, monkeypatch, tmp_path
    ):
        monkeypatch.setattr("framing.measurement.find_model", lambda: tmp_path / "none")
        assert np.isnan(pick(measure(predictions))["em"])

    def test_a_model_that_did_not_make_them_is_refused(self, predictions, model):
        other = replace(model, hash="f" * 64)
        with pytest.raises(MismatchError, match=r"^the predictions are of model .*; give --model"):
            measure(predictions, model=other)


class TestGold:
    def test_codings_correct(self, predictions, model):
        drift = measure(predictions, model=model, gold=make_gold(predictions))
        row = pick(drift)
        assert (row["method"], row["n_gold"]) == ("prediction-powered", 24)
        census = pick(measure(predictions, gold=make_gold(predictions), census=True))
        assert census["low"] == pytest.approx(census["high"])

    def test_a_path_a_list_and_a_frame_give_the_same(self, predictions, tmp_path):
        gold = make_gold(predictions, weight=[1.0, 2.0, 3.0] * 24)
        path, one, two = (tmp_path / f"{name}.csv" for name in ("all", "one", "two"))
        gold.to_csv(path, index=False)
        gold.iloc[:30].to_csv(one, index=False)
        gold.iloc[30:].to_csv(two, index=False)
        expected = measure(predictions, gold=gold).cells
        for given in (path, str(path), [path], [one, str(two)]):
            pd.testing.assert_frame_equal(measure(predictions, gold=given).cells, expected)

    def test_weights_and_chances_to_be_drawn_are_the_same(self, predictions):
        chances = np.array([0.25, 0.5, 1.0] * 24)
        plain, by_weight, by_chance = (
            pick(measure(predictions, gold=make_gold(predictions, **columns)))
            for columns in ({}, {"weight": 1 / chances}, {"inclusion_probability": chances})
        )
        assert by_weight["share"] == pytest.approx(by_chance["share"])
        assert by_weight["share"] != pytest.approx(plain["share"], abs=1e-6)

    def test_codings_that_cannot_be_read_are_reported(self, predictions):
        gold = make_gold(predictions)
        gold.loc[3, "text"] = None
        problems = []
        measure(predictions, gold=gold, report=problems.append)
        assert [problem.reason for problem in problems] == ["no text"]

    def test_codings_of_other_units_are_refused(self, predictions):
        gold = make_gold(predictions)
        gold = gold.assign(id=gold["id"] + "x", article="elsewhere")
        with pytest.raises(InputError, match=r"^none of 72 hand-coded units is among those"):
            measure(predictions, gold=gold)

    def test_weights_without_ids_are_not_lost_in_silence(self, predictions):
        gold = make_gold(predictions, weight=2.0)
        gold.loc[:9, "id"] = None
        with pytest.raises(InputError, match=r"^10 of 72 hand-coded units have no weight"):
            measure(predictions, gold=gold)


class TestWeights:
    def test_rows_without_either_have_none(self):
        gold = pd.DataFrame(
            {
                "id": ["a", "b", "c", None],
                "weight": [2, None, None, 3],
                "inclusion_probability": [0.1, 0.25, None, 0.5],
            }
        )
        assert read_weights(gold) == {"a": 2.0, "b": 4.0}
        assert read_weights(gold[["id"]]) == {}

    @pytest.mark.parametrize(
        ("column", "cell", "told"),
        [
            ("weight", 0, "weight is 0"),
            ("weight", -1.5, "weight is -1.5"),
            ("weight", "much", "weight is much"),
            ("weight", float("inf"), "weight is inf"),
            ("inclusion_probability", 2, "chance to be drawn is 2"),
            ("inclusion_probability", 0, "chance to be drawn is 0"),
            ("inclusion_probability", -0.5, "chance to be drawn is -0.5"),
            ("inclusion_probability", "rarely", "chance to be drawn is rarely"),
        ],
    )
    def test_others_are_refused(self, column, cell, told, tmp_path):
        gold = pd.DataFrame({"id": ["a"], column: [cell]})
        fix = "give a weight above 0, or a probability from 0 to 1$"
        with pytest.raises(InputError, match=f"^gold, unit a: {told}; {fix}"):
            read_weights(gold)
        path = tmp_path / "gold.csv"
        gold.to_csv(path, index=False)
        with pytest.raises(InputError, match=f"gold.csv, unit a: {told}"):
            read_weights([path])


class TestGroups:
    TABLE = pd.DataFrame({"source": ["Post", "the post", "Herald", " Mail", None]})

    def test_groups_stand_in_the_place_of_their_sources_however_spelled(self):
        renamed = rename_groups(self.TABLE, "source", {"Press": ["The Post", "Mail"]})
        assert renamed["source"].tolist() == ["Press", "Press", "Herald", "Press", None]
        assert self.TABLE["source"].tolist()[0] == "Post"

    def test_numbers_are_sources_too(self):
        table = pd.DataFrame({"desk": [1, 2, 3]})
        renamed = rename_groups(table, "desk", {"odd": ["1", "3"]})
        assert renamed["desk"].tolist() == ["odd", "2", "odd"]

    def test_a_source_named_twice_is_refused(self):
        told = "^'post' stands in the groups 'one' and 'two'; name each source once$"
        with pytest.raises(InputError, match=told):
            rename_groups(self.TABLE, "source", {"one": ["Post"], "two": ["post"]})
        with pytest.raises(InputError, match=r"^'Post' stands twice in the group 'one'; name"):
            rename_groups(self.TABLE, "source", {"one": ["Post", "Post"]})

    def test_groups_of_no_source_are_refused(self):
        told = "^no source of the groups is among the predictions; name sources as the column 'sour"
        with pytest.raises(InputError, match=told):
            rename_groups(self.TABLE, "source", {"one": ["Times"]})

    def test_they_are_compared(self, predictions):
        groups = {"Waterside": ["weir post", "Ferry Gazette"]}
        drift = measure(predictions, groups=groups)
        assert set(drift.cells["source"].dropna()) == {"Waterside", "Mill Herald"}
        assert set(drift.contrasts["a"]) | set(drift.contrasts["b"]) == {"Waterside", "Mill Herald"}

    def test_a_column_that_is_missing_is_told_by_whoever_measures(self, predictions):
        with pytest.raises(InputError, match=r"^no column 'outlet' to group by"):
            measure(predictions, by="outlet", groups={"one": ["Weir Post"]})


class TestCopies:
    def make(self, *articles, kind="paragraph"):
        rows = [
            {"article": name, "text": text, "kind": kind}
            for name, texts in articles
            for text in texts
        ]
        return pd.DataFrame(rows)

    def test_near_copies_share_a_name(self):
        table = self.make(("a", LINES), ("b", LINES[:2]), ("c", LINES[2:]), ("d", LINES))
        names = name_copies(table)
        assert set(names) == {"article a", "article b", "article d"}
        assert set(names.values()) == {"copies of article a"}

    def test_boilerplate_makes_no_copies(self):
        footer = self.make(("a", LINES), ("b", LINES), kind="boilerplate")
        table = self.make(("a", ["Tin fell by a tenth this week."]), ("b", ["Swans nest again."]))
        assert name_copies(pd.concat([table, footer])) == {}
        assert len(name_copies(pd.concat([table, footer.assign(kind="paragraph")]))) == 2

    def test_numbered_articles_are_named_as_units_name_them(self):
        table = self.make((1, LINES), (2, LINES))
        assert set(name_copies(table)) == {"article 1", "article 2"}

    def test_without_texts_or_articles_there_are_none(self):
        table = self.make(("a", LINES), ("b", LINES))
        assert name_copies(table.drop(columns="text")) == {}
        assert name_copies(table.drop(columns="article")) == {}
        assert name_copies(table.assign(article=None)) == {}
        assert name_copies(table.assign(text=None)) == {}

    def test_they_are_looked_for_over_time_unless_told_not_to(self, predictions):
        again = predictions[predictions["article"] == predictions["article"].iloc[0]]
        again = again.assign(id=again["id"] + "x", article="reprint", source="Mill Herald")
        table = pd.concat([predictions, again], ignore_index=True)
        parts = {
            copies: set(measure(table, over="year", copies=copies).decompositions["part"])
            for copies in (True, False)
        }
        assert parts[True] - parts[False] == {"copies"}


def test_options_reach_what_measures(predictions):
    options = {"margin": 0.2, "level": 0.9, "alpha": 0.1, "seed": 3, "against": "Mill Herald"}
    drift = measure(predictions, over="year", census=True, naive=True, **options)
    for name in ("margin", "level", "alpha", "seed"):
        assert drift.facts[name] == options[name]
    assert (drift.facts["resamples"], drift.facts["permutations"]) == (50, 50)
    assert (drift.facts["over"], drift.facts["census"]) == ("year", True)
    assert drift.cells["naive"].notna().all()
    sources = drift.contrasts[drift.contrasts["comparison"] == "source"]
    assert set(sources["b"]) == {"Mill Herald"}
    assert drift.contrasts["p_equivalent"].notna().any()
