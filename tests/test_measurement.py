"""Tests of what Python users call to measure drift: models, gold, groups, weights, copies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import framing
from framing.measurement import (
    find_maker,
    measure_drift,
    name_copies,
)
from framing.schema import InputError, MismatchError, ModelFileError
from framing.unittexts import read_texts

QUICK = {"resamples": 50, "permutations": 50}
LINES = (
    "The minister opened the bridge and praised everyone who had paid for it.",
    "Tolls will pay for the deck, said the council, and for the paint as well.",
    "A ferry would have been cheaper, in the view of those who live upstream.",
)


@pytest.fixture(scope="module")
def predictions(model, articles):
    return model.predict(framing.read_articles(articles))


@pytest.fixture(scope="module")
def stranger(model):
    """The model as if it had learnt from other articles."""
    return replace(model, training={**model.training, "texts": []})


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

    def test_articles_that_it_learnt_from_are_counted(self, predictions, model):
        told = "12 of 12 articles had a part in the model's training; their probabilities are too"
        assert measure(predictions, model=model).notes[0].startswith(told)
        other = predictions.assign(text="Something else.")
        assert not any("a part in" in note for note in measure(other, model=model).notes)

    def test_sources_of_foreign_texts_are_refused(self, predictions, model, coded_units):
        foreign = predictions["source"] == "Weir Post"
        texts = predictions["text"].where(~foreign, "Der Rat hat den Bau der Brücke beschlossen.")
        drift = measure(predictions.assign(text=texts), model=model)
        assert pick(drift)["status"] == "refused"
        assert pick(drift, source="Mill Herald")["status"] == "estimated"

    def test_scores_that_lie_otherwise_widen_where_the_model_says_how_they_lay(
        self, predictions, stranger
    ):
        law = {"at": [0.1, 0.2, 0.8], "present": [0.0, 0.0, 0.5], "absent": [0.5, 1.0, 1.0]}
        laws = {"frames": {"cost": law}, "usual": 0.05}
        told = "whether scores lie as in training was not checked"
        assert any(told in note for note in measure(predictions, model=stranger).notes)
        telling = replace(stranger, training={**stranger.training, "scores": laws})
        one = predictions.assign(source="Weir Post", **{"p:cost": 0.5})
        drift = measure(one, model=telling)
        assert not any(told in note for note in drift.notes)
        assert "no mix of units" in pick(drift)["note"]
        assert pick(drift)["status"] in {"widened", "doubted"}
        assert not any(told in note for note in measure(predictions).notes)

    def test_the_reference_is_read(self, predictions, model, coded_file, tmp_path):
        measured = measure(predictions, model=model, reference=coded_file)
        assert set(measured.cells["status"]) == {"estimated"}
        with pytest.raises(InputError, match=r"none.csv: cannot be read"):
            measure(predictions, model=model, reference=tmp_path / "none.csv")

    def test_what_is_no_model_is_refused(self, predictions, tmp_path):
        path = tmp_path / "m.safetensors"
        path.write_bytes(b"none")
        with pytest.raises(ModelFileError):
            find_maker(predictions, path)

    def test_predictions_that_name_no_model_have_none(self, predictions, model_file, monkeypatch):
        monkeypatch.setattr("framing.measurement.find_model", lambda: model_file)
        assert find_maker(predictions, None) is not None
        assert find_maker(predictions.drop(columns="model"), None) is None

    def test_a_model_that_did_not_make_them_is_refused(self, predictions, model):
        other = replace(model, hash="f" * 64)
        with pytest.raises(MismatchError, match=r"^the predictions are of model .*; give --model"):
            measure(predictions, model=other)


class TestGold:
    def test_codings_correct(self, predictions, stranger):
        drift = measure(predictions, model=stranger, gold=make_gold(predictions))
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

    def test_weights_are_found_by_article_and_text_as_units_are(self, predictions, tmp_path):
        gold = make_gold(predictions, weight=[1.0, 2.0, 6.0] * 24)
        expected = measure(predictions, gold=gold).cells
        gold.loc[:9, "id"] = None
        partly, path = measure(predictions, gold=gold).cells, tmp_path / "gold.csv"
        gold.drop(columns="id").to_csv(path, index=False)
        pd.testing.assert_frame_equal(partly, expected)
        pd.testing.assert_frame_equal(measure(predictions, gold=path).cells, expected)

    def test_weights_that_some_codings_lack_are_refused(self, predictions):
        gold = make_gold(predictions, weight=2.0)
        gold.loc[:9, "weight"] = None
        with pytest.raises(InputError, match=r"^10 of 72 hand-coded units have no weight"):
            measure(predictions, gold=gold)

    def test_codings_of_what_the_model_learnt_from_correct_nothing(self, predictions, model):
        gold = make_gold(predictions)
        with pytest.raises(InputError, match=r"^all 72 hand codings are of texts that the model"):
            measure(predictions, model=model, gold=gold)
        texts = predictions["text"] + (predictions["source"] == "Weir Post").map(
            {True: "!"}
        ).fillna("")
        drift = measure(predictions.assign(text=texts), model=model, gold=gold)
        assert (pick(drift)["n_gold"], pick(drift, source="Mill Herald")["n_gold"]) == (24, 0)
        assert "48 codings are of texts that the model learnt from and left out" in drift.notes

    def test_labels_correct_as_coded_data_do(self, predictions, stranger, tmp_path):
        gold = make_gold(predictions, weight=[1.0, 2.0, 3.0] * 24)
        path = tmp_path / "ann.csv"
        gold.drop(columns=["article", "text"]).to_csv(path, index=False)
        expected = measure(predictions, model=stranger, gold=gold).cells
        given = measure(predictions, model=stranger, gold=path).cells
        pd.testing.assert_frame_equal(given, expected)


class TestGroups:
    def test_they_are_compared(self, predictions):
        groups = {"Waterside": ["weir post", "Ferry Gazette"]}
        drift = measure(predictions, groups=groups)
        assert set(drift.cells["source"].dropna()) == {"Waterside", "Mill Herald"}
        assert set(drift.contrasts["a"]) | set(drift.contrasts["b"]) == {"Waterside", "Mill Herald"}

    def test_a_column_that_is_missing_is_told_by_whoever_measures(self, predictions):
        with pytest.raises(InputError, match=r"^no column 'outlet' to group by"):
            measure(predictions, by="outlet", groups={"one": ["Weir Post"]})

    def test_members_that_are_no_source_are_told(self, predictions):
        problems = []
        groups = {"Waterside": ["weir post", "Fery Gazette"]}
        drift = measure(predictions, groups=groups, report=problems.append)
        (told,) = [note for note in drift.notes if "Fery" in note]
        assert told.endswith("did you mean 'Ferry Gazette'?")
        assert [(problem.reason, problem.lost) for problem in problems] == [(told, False)]


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
        names = name_copies(read_texts(table))
        assert set(names) == {"article a", "article b", "article d"}
        assert set(names.values()) == {"copies of article a"}

    def test_boilerplate_makes_no_copies(self):
        footer = self.make(("a", LINES), ("b", LINES), kind="boilerplate")
        table = self.make(("a", ["Tin fell by a tenth this week."]), ("b", ["Swans nest again."]))
        assert name_copies(read_texts(pd.concat([table, footer]))) == {}
        assert (
            len(name_copies(read_texts(pd.concat([table, footer.assign(kind="paragraph")])))) == 2
        )

    def test_numbered_articles_are_named_as_units_name_them(self):
        table = self.make((1, LINES), (2, LINES))
        assert set(name_copies(read_texts(table))) == {"article 1", "article 2"}

    def test_articles_of_two_sources_that_share_a_name_are_two(self):
        table = self.make((1, LINES[:2]), (1, LINES[2:]), (2, LINES[:2]))
        table["source"] = ["Post", "Post", "Mail", "Post", "Post"]
        assert set(name_copies(read_texts(table))) == {"article 1 (post)", "article 2"}

    def test_without_texts_or_articles_there_are_none(self):
        table = self.make(("a", LINES), ("b", LINES))
        assert name_copies(read_texts(table.drop(columns="text"))) == {}
        assert name_copies(read_texts(table.drop(columns="article"))) == {}
        assert name_copies(read_texts(table.assign(article=None))) == {}
        assert name_copies(read_texts(table.assign(text=None))) == {}

    def test_they_are_looked_for_over_time_unless_told_not_to(self, predictions):
        again = predictions[predictions["source"] == "Weir Post"]
        names = {name: again[name] + "x" for name in ("id", "article")}
        again = again.assign(**names, source="Reprints")
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
