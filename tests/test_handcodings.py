"""Tests of hand codings as files hold them, and of their weights."""

from __future__ import annotations

import pandas as pd
import pytest

import framing
from framing.handcodings import read_gold, read_weights
from framing.schema import InputError


@pytest.fixture(scope="module")
def predictions(model, articles):
    return model.predict(framing.read_articles(articles))


def make_gold(predictions, **columns):
    """Hand codings of all units that are no boilerplate: those with money in them cost."""
    rows = predictions[predictions["kind"] != "boilerplate"]
    gold = rows[["id", "article", "text"]].reset_index(drop=True)
    says = ["cost" if "money" in text.lower() else "[]" for text in gold["text"]]
    return gold.assign(frames=says, **columns)


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

    def test_labels_may_be_a_frame(self, codebook):
        table = pd.DataFrame({"id": ["u1", "u2", "u3"], "frames": ["cost", "[]", None]})
        found = read_gold(table, codebook)
        assert {unit.coding.unit: unit.coding.frames.get("cost") for unit in found} == {
            "u1": True,
            "u2": False,
        }
        with pytest.raises(
            InputError, match=r"^gold: codings without texts and without a codebook"
        ):
            read_gold(table, None)

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

    def test_a_unit_has_one_weight(self, tmp_path):
        one, other = tmp_path / "one.csv", tmp_path / "other.csv"
        one.write_text("id,coder,weight\na,ann,2\na,bo,2.0000001\nb,ann,3\n", encoding="utf-8")
        other.write_text("id,inclusion_probability\nb,0.3333333\na,0.25\n", encoding="utf-8")
        assert read_weights(one) == {"a": 2.0, "b": 3.0}
        told = (
            r"other.csv, row 3: a weight of 4 for the unit that has 2 in .*one.csv, row 2; "
            r"give each unit one weight or inclusion probability$"
        )
        with pytest.raises(InputError, match=told):
            read_weights([one, other])
        twice = pd.DataFrame({"article": ["x", "x"], "text": ["Tin.", "Tin."], "weight": [1, 2]})
        with pytest.raises(
            InputError, match=r"^gold, row 2: a weight of 2 for the unit that has 1"
        ):
            read_weights(twice)
        assert (
            len(read_weights(twice.assign(id=["x:1", "x:2"]))) == 3
        )  # two units that say the same
