"""Loading, training and gathering, as Python users and the command line call them."""

from __future__ import annotations

from functools import partial

import pandas as pd
import pytest

import framing.interface
from framing.interface import (
    load,
    train,
)
from framing.schema import InputError, ModelFileError


@pytest.fixture
def quick(monkeypatch, small_settings):
    """Training that does as little as it can."""
    from framing.learning import training

    searches = {name: getattr(small_settings, name) for name in ("frames", "stances", "mentions")}
    monkeypatch.setattr(training, "Settings", partial(training.Settings, splits=(), **searches))


class TestLoad:
    def test_a_saved_model_comes_back(self, model, model_file):
        assert load(model_file).hash == model.hash
        assert load(str(model_file)).hash == model.hash

    def test_without_a_path_it_is_the_shipped_one(self, monkeypatch, model, model_file):
        monkeypatch.setattr(framing.interface, "find_model", lambda: model_file)
        assert load().hash == model.hash

    def test_a_missing_file_is_said_so(self, tmp_path):
        with pytest.raises(ModelFileError, match=r"m\.safetensors: no such file; check the path"):
            load(tmp_path / "m.safetensors")


@pytest.mark.usefixtures("quick")
class TestTrain:
    def test_a_path_a_list_and_a_frame_give_the_same_model(self, coded_file, coded_rows):
        hashes = {
            train(data).hash
            for data in (coded_file, str(coded_file), [coded_file], pd.DataFrame(coded_rows))
        }
        assert len(hashes) == 1

    def test_what_it_learns_is_what_was_coded(self, coded_file, codebook, codebook_file, corpus):
        model = train(coded_file, codebook_file)
        assert model.codebook == codebook
        table = model.predict([passage.text for passage in corpus])
        assert table["frames"].tolist() == [";".join(p.frames) or "[]" for p in corpus]
        assert table["stance:bridge"].tolist() == [p.stance for p in corpus]

    def test_seed_and_version_are_on_record(self, coded_file):
        training = train(coded_file, seed=7).training
        assert training["signature"].endswith("|seed:7")
        assert training["versions"]["framing"] == framing.interface.VERSION

    def test_what_is_optimised_promised_and_reported_is_as_asked(self, coded_file):
        options = {"optimise": "micro-f1", "precision": 0.75, "resamples": 50}
        training = train(coded_file, splits=["random", "random"], **options).training
        wanted = "|optimise:micro-f1|precision:0.75|resamples:50|seed:0"
        assert training["signature"].endswith(wanted)
        assert [split["split"] for split in training["splits"]] == ["random"]
        assert training["splits"][0]["frames"]["resamples"] == 50
        assert train(coded_file, splits=()).training["splits"] == []

    @pytest.mark.parametrize(
        ("options", "reason"),
        [
            ({"optimise": "f1"}, "'f1' cannot be optimised; choose one of macro-f1, micro-f1"),
            ({"precision": 1.0}, "a precision of 1 cannot be promised; give a share from 0.5"),
            ({"splits": ["article"]}, "there is no split 'article'; choose of grouped, random"),
            ({"resamples": 0}, "0 resamples asked for; ask for 1 or more"),
        ],
    )
    def test_what_is_not_to_be_had_is_refused_before_the_work(self, tmp_path, options, reason):
        with pytest.raises(InputError, match=f"^{reason}"):
            train(tmp_path / "none.csv", **options)

    def test_rows_that_cannot_be_used_are_told(self, tmp_path, write_rows, coded_rows):
        rows = [{**coded_rows[0], "text": None}, *coded_rows[1:]]
        problems: list = []
        model = train(write_rows(tmp_path / "c.jsonl", rows), report=problems.append)
        assert [(p.reason, p.lost) for p in problems] == [("no text", True)]
        assert problems[0].where.endswith("c.jsonl, line 1")
        assert model.training["n_units"] == 59

    def test_nothing_to_learn_is_an_error(self, tmp_path, write_rows, coded_rows):
        rows = [{**row, "frames": ["cost"], "stance": None} for row in coded_rows]
        with pytest.raises(InputError, match=r"nothing can be learnt \(cost: 0 units without it"):
            train(write_rows(tmp_path / "c.jsonl", rows))


def test_all_ways_of_splitting_are_reported_unless_told(coded_file, monkeypatch):
    from framing.learning import training

    asked = []

    def note(units, codebook, *, settings, **_):
        asked.append(settings.splits)
        return None, None

    monkeypatch.setattr(training, "train", note)
    for splits in (None, ["source"], ()):
        train(coded_file, splits=splits)
    assert asked == [("grouped", "random", "source"), ("source",), ()]
