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
    read_gold,
    read_groups,
    read_weights,
    rename_groups,
)
from framing.schema import InputError, MismatchError, ModelFileError

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


class TestReadingGold:
    """Coded data and sheets with their texts; labels that know units by their ids alone."""

    def label(self, path, **codes):
        rows = [f"{name},{frames}" for name, frames in codes.items()]
        path.write_text("\n".join(["id,frames", *rows, ""]), encoding="utf-8")
        return path

    def read(self, *paths, codebook=None, report=None):
        found = read_gold(paths, codebook, report=report)
        return {unit.coding.unit: unit.coding.frames.get("cost") for unit in found}

    def test_labels_need_no_texts(self, codebook, tmp_path):
        path = self.label(tmp_path / "ann.csv", u1="cost", u2="[]", u3="")
        assert self.read(path, codebook=codebook) == {"u1": True, "u2": False}
        assert self.read(str(path), codebook=codebook) == {"u1": True, "u2": False}

    def test_labels_alone_need_a_codebook(self, tmp_path):
        path = self.label(tmp_path / "ann.csv", u1="cost")
        told = r"ann.csv: codings without texts and without a codebook; give the model that made"
        with pytest.raises(InputError, match=told):
            read_gold(path, None)

    def test_labels_of_another_codebook_are_refused(self, codebook, tmp_path):
        path = self.label(tmp_path / "ann.csv", u1="beauty")
        with pytest.raises(InputError, match=r"ann.csv.*beauty"):
            read_gold(path, codebook)

    def test_several_coders_vote_over_files(self, codebook, tmp_path):
        paths = [
            self.label(tmp_path / f"{name}.csv", u1=first, u2=second)
            for name, first, second in (
                *(("ann", "cost", "[]"), ("bo", "[]", "cost")),
                *(("cy", "cost", "[]"), ("di", "safety", "cost")),
            )
        ]
        problems = []
        assert self.read(*paths[:3], codebook=codebook) == {"u1": True, "u2": False}
        found = self.read(*paths, codebook=codebook, report=problems.append)
        assert found == {"u1": None, "u2": None}
        assert [problem.reason for problem in problems] == [
            "2 of 4 cells left uncoded, since coders were split evenly"
        ]

    def test_several_coders_of_one_file_vote_too(self, codebook, tmp_path, predictions):
        gold = make_gold(predictions).iloc[:4]
        votes = (("ann", "cost"), ("bo", "[]"), ("cy", "cost"))
        table = pd.concat([gold.assign(coder=coder, frames=says) for coder, says in votes])
        table.to_csv(tmp_path / "gold.csv", index=False)
        assert set(self.read(tmp_path / "gold.csv", codebook=codebook).values()) == {True}

    def test_labels_and_coded_data_may_come_together(self, codebook, tmp_path, predictions):
        gold = make_gold(predictions).iloc[:2].assign(frames="cost")
        gold.to_csv(tmp_path / "gold.csv", index=False)
        one, other = gold["id"]
        path = tmp_path / "ann.csv"
        path.write_text(f"id,frames\n{one},[]\nelse,cost\n", encoding="utf-8")
        found = self.read(tmp_path / "gold.csv", path, codebook=codebook)
        assert found == {one: None, other: True, "else": True}

    def test_a_folder_of_labels_is_read(self, codebook, tmp_path):
        self.label(tmp_path / "ann.csv", u1="cost")
        self.label(tmp_path / "adjudicated.csv", u1="[]")
        assert self.read(tmp_path, codebook=codebook) == {"u1": False}
        assert read_weights(tmp_path) == {}

    def test_sheets_are_read_as_their_columns_say(self, codebook, tmp_path):
        path = tmp_path / "sheet.csv"
        rows = (
            "id,text,coded,frame:cost,frame:safety,stance:bridge",
            "u1,It costs.,x,x,,favor",
            "u2,It is old.,x,,,",
            "u3,Not yet.,,,,",
        )
        path.write_text("\n".join([*rows, ""]), encoding="utf-8")
        first, second, blank = (unit.coding for unit in read_gold(path, codebook))
        assert first.frames == {"cost": True, "safety": False}
        assert first.stance == {"bridge": "favor"}
        assert second.frames == {"cost": False, "safety": False}
        assert (blank.frames, blank.stance) == ({}, {})

    def test_a_missing_file_is_told(self, codebook, tmp_path):
        with pytest.raises(InputError, match=r"none.csv: cannot be read"):
            read_gold(tmp_path / "none.csv", codebook)

    def test_labels_correct_as_coded_data_do(self, predictions, stranger, tmp_path):
        gold = make_gold(predictions, weight=[1.0, 2.0, 3.0] * 24)
        path = tmp_path / "ann.csv"
        gold.drop(columns=["article", "text"]).to_csv(path, index=False)
        expected = measure(predictions, model=stranger, gold=gold).cells
        given = measure(predictions, model=stranger, gold=path).cells
        pd.testing.assert_frame_equal(given, expected)


class TestReadingGroups:
    def read(self, path, text):
        path.write_text(text, encoding="utf-8")
        return read_groups(path)

    def test_names_and_their_sources(self, tmp_path):
        text = "\ufeffPress: [The Post, Mail]\n2024:\n  - 7\n  - Ötztaler Bote\nnone yet: []\n"
        assert self.read(tmp_path / "g.yaml", text) == {
            "Press": ["The Post", "Mail"],
            "2024": ["7", "Ötztaler Bote"],
            "none yet": [],
        }

    @pytest.mark.parametrize(
        "text",
        ["", "[]", "{}", "Press: Post", "- Press", "Press: {a: b}", "Press: [[a]]", "Press: [~]"],
    )
    def test_anything_else_is_refused(self, tmp_path, text):
        told = r"g.yaml: these are no groups; write 'name: \[source, source\]' a line$"
        with pytest.raises(InputError, match=told):
            self.read(tmp_path / "g.yaml", text)

    @pytest.mark.parametrize(
        "text", ["Press: [a", "a: [2024-13-45]", "a: !!python/name:os.path [b]"]
    )
    def test_what_is_no_yaml_is_refused(self, tmp_path, text):
        with pytest.raises(InputError, match=r"g.yaml: the groups cannot be read; give a YAML"):
            self.read(tmp_path / "g.yaml", text)

    def test_what_is_no_text_or_no_file_is_refused(self, tmp_path):
        (tmp_path / "g.yaml").write_bytes(b"\xff\xfe\x00")
        for path in (tmp_path / "g.yaml", tmp_path / "none.yaml", tmp_path):
            with pytest.raises(InputError, match=r": the groups cannot be read; give a YAML file$"):
                read_groups(path)


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

    def test_units_are_told_by_id_and_by_article_and_text(self, tmp_path):
        rows = [
            {"id": "a", "article": "x", "text": "=Tin", "weight": 2},
            {"article": "y", "text": "Lead. ", "weight": 3},
            {"article": "z", "weight": 4},
            {"text": "Zinc.", "weight": 5},
        ]
        gold, path = pd.DataFrame(rows), tmp_path / "gold.csv"
        expected = {"a": 2.0, ("x", "=Tin"): 2.0, ("y", "Lead. "): 3.0}
        assert read_weights(gold) == expected
        gold.replace("=Tin", "'=Tin").to_csv(path, index=False)
        assert read_weights(path) == expected
        bad = gold.assign(weight=[2, 0, 1, 1])
        with pytest.raises(InputError, match=r"^gold, row 2: weight is 0; "):
            read_weights(bad)

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

    def test_articles_that_share_a_name_stay_two_in_a_group(self):
        table = pd.DataFrame({"source": ["Post", "Mail", "Sun"], "article": ["1", "1", "2"]})
        renamed = rename_groups(table, "source", {"Press": ["Post", "Mail"]})
        assert renamed["article"].tolist() == ["1 (post)", "1 (mail)", "2"]

    def test_numbers_are_sources_too(self):
        table = pd.DataFrame({"desk": [1, 2, 3]})
        renamed = rename_groups(table, "desk", {"odd": ["1", "3"]})
        assert renamed["desk"].tolist() == ["odd", "2", "odd"]

    def test_numbers_in_a_column_with_gaps_are_whole(self):
        renamed = rename_groups(pd.DataFrame({"desk": [1, 2, None]}), "desk", {"odd": ["1"]})
        assert renamed["desk"].tolist() == ["odd", "2", None]

    def test_a_group_may_be_called_as_a_source_of_its_own_only(self):
        renamed = rename_groups(self.TABLE, "source", {"Post": ["Post", "Mail"]})
        assert set(renamed["source"].dropna()) == {"Post", "Herald"}
        told = "^'Post' is a source beside the group 'the Post'; put it into a group, or call the"
        with pytest.raises(InputError, match=told):
            rename_groups(self.TABLE, "source", {"the Post": ["Mail"]})

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

    def test_articles_of_two_sources_that_share_a_name_are_two(self):
        table = self.make((1, LINES[:2]), (1, LINES[2:]), (2, LINES[:2]))
        table["source"] = ["Post", "Post", "Mail", "Post", "Post"]
        assert set(name_copies(table)) == {"article 1 (post)", "article 2"}

    def test_without_texts_or_articles_there_are_none(self):
        table = self.make(("a", LINES), ("b", LINES))
        assert name_copies(table.drop(columns="text")) == {}
        assert name_copies(table.drop(columns="article")) == {}
        assert name_copies(table.assign(article=None)) == {}
        assert name_copies(table.assign(text=None)) == {}

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
