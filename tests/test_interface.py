"""Loading, training and gathering, as Python users and the command line call them."""

from __future__ import annotations

import shutil
from functools import partial

import pandas as pd
import pytest

import framing.interface
from framing.coding.codebook import format_codebook, read_codebook
from framing.coding.scheme import Codebook, Frame
from framing.coding.sheets import sheet_columns, sheet_rows
from framing.interface import (
    check_same_codebook,
    find_default_codebook,
    gather_coded,
    gather_coders,
    load,
    read_articles,
    train,
)
from framing.records.writing import open_table
from framing.schema import CodingError, InputError, MismatchError, ModelFileError, Paragraph
from framing.shipped import find_codebook
from framing.text.segmentation import segment


@pytest.fixture
def labels(tmp_path, articles, codebook, codebook_file, corpus):
    """A folder of codings, joined to the folder of articles by paragraph id."""
    folder = tmp_path / "labels"
    folder.mkdir()
    shutil.copy(codebook_file, folder / "codebook.yaml")
    codes = {(p.article, p.text): p for p in corpus}
    lines = ["id,excerpt,frames,stance:bridge"]
    for article in read_articles(articles):
        for unit in segment(article):
            passage = codes.get((unit.article, unit.text))
            if passage:
                frames = ";".join(passage.frames) or "[]"
                lines.append(f'{unit.id},"{unit.text[:60]}",{frames},{passage.stance}')
    (folder / "adjudicated.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


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


class TestGatherCoded:
    def test_tables(self, coded_file, coded_units, codebook):
        coded = gather_coded([coded_file], codebook=codebook)
        assert [u.paragraph for u in coded.units] == [u.paragraph for u in coded_units]
        assert [u.coding.frames for u in coded.units] == [u.coding.frames for u in coded_units]
        assert [u.coding.stance for u in coded.units] == [u.coding.stance for u in coded_units]
        assert coded.codebook is codebook

    def test_articles_with_their_labels(self, articles, labels, codebook, corpus):
        problems: list = []
        coded = gather_coded(seeds=articles, labels=labels, report=problems.append)
        assert problems == []
        assert coded.codebook == codebook
        found = {(u.paragraph.article, u.paragraph.text): u.coding for u in coded.units}
        assert len(found) == 60
        for passage in corpus:
            coding = found[passage.article, passage.text]
            assert {frame for frame, on in coding.frames.items() if on} == set(passage.frames)
            assert coding.stance == {"bridge": passage.stance}

    def test_both_together(self, articles, labels, coded_file):
        assert len(gather_coded(coded_file, seeds=articles, labels=labels).units) == 120

    def test_a_codebook_beside_the_labels_folder_is_found(self, articles, labels, codebook):
        (labels / "test").mkdir()
        shutil.move(labels / "adjudicated.csv", labels / "test" / "adjudicated.csv")
        assert gather_coded(seeds=articles, labels=labels / "test").codebook == codebook

    def test_a_codebook_that_is_named_goes_before_one_beside(self, articles, labels, tmp_path):
        book = Codebook("other", "2.0.0", frames=(Frame("cost", "C"), Frame("safety", "S")))
        path = tmp_path / "other.yaml"
        path.write_text(format_codebook(book), encoding="utf-8")
        (labels / "adjudicated.csv").write_text(
            (labels / "adjudicated.csv").read_text("utf-8").replace("stance:bridge", "reason"),
            encoding="utf-8",
        )
        assert gather_coded(seeds=articles, labels=labels, codebook=path).codebook == book

    def test_a_default_codebook_makes_unmentioned_frames_absent(
        self, tmp_path, write_rows, coded_rows, codebook
    ):
        rows = [{**row, "frames": []} for row in coded_rows]
        path = write_rows(tmp_path / "c.jsonl", rows)
        first = gather_coded(path, default=codebook).units[0].coding
        assert first.frames == {"cost": False, "safety": False}
        assert gather_coded(path).units[0].coding.frames == {}

    def test_a_codebook_beside_the_labels_goes_before_the_default(self, articles, labels, codebook):
        other = Codebook("other", "2.0.0", frames=(Frame("x", "X"),))
        assert gather_coded(seeds=articles, labels=labels, default=other).codebook == codebook

    def test_coders_are_merged_and_ties_told(self, tmp_path, write_rows, coded_rows):
        first = {**coded_rows[0], "coder": "ann", "frames": ["cost"]}
        second = {**coded_rows[0], "coder": "bo", "frames": ["cost", "safety"]}
        rest = [{**row, "coder": "ann"} for row in coded_rows[1:]]
        problems: list = []
        path = write_rows(tmp_path / "c.jsonl", [first, second, *rest])
        coded = gather_coded(path, report=problems.append)
        assert coded.units[0].coding.frames == {"cost": True}
        assert [(p.where, p.lost) for p in problems] == [("coders", False)]
        assert problems[0].reason == (
            "1 of 180 cells left uncoded, since coders were split evenly "
            "(adjudicate them to use them)"
        )

    def test_a_changed_paragraph_is_named(self, articles, labels, tmp_path):
        seeds = shutil.copytree(articles, tmp_path / "seeds")
        path = seeds / "post" / "day-0.md"
        text = path.read_text("utf-8")
        path.write_text(text.replace("has doubled since", "has trebled since"), encoding="utf-8")
        problems: list = []
        coded = gather_coded(seeds=seeds, labels=labels, report=problems.append)
        assert len(coded.units) == 60 - len(problems)
        assert problems
        assert all("'post/day-0:" in p.where and p.lost for p in problems)
        assert "text has changed since it was coded; the closest now is" in problems[0].reason

    @pytest.mark.parametrize(("given", "missing"), [("seeds", "--labels"), ("labels", "--seeds")])
    def test_seeds_and_labels_come_together(self, given, missing, articles):
        with pytest.raises(InputError, match=f"{missing} is missing; give --seeds and --labels"):
            gather_coded(**{given: articles})

    def test_labels_need_a_codebook(self, articles, labels):
        (labels / "codebook.yaml").unlink()
        with pytest.raises(InputError, match="no codebook for these labels; give --codebook FILE"):
            gather_coded(seeds=articles, labels=labels)

    def test_nothing_given_is_an_error(self):
        with pytest.raises(InputError, match="no coded units; give coded data, or --seeds"):
            gather_coded()

    def test_labels_of_other_articles_leave_nothing(self, labels, tmp_path):
        (tmp_path / "seeds").mkdir()
        (tmp_path / "seeds" / "new.txt").write_text("Nobody has coded this.", encoding="utf-8")
        problems: list = []
        with pytest.raises(InputError, match="no coded units"):
            gather_coded(seeds=tmp_path / "seeds", labels=labels, report=problems.append)
        assert len(problems) == 60


class TestGatherCoders:
    def write(self, path, coder_of=None):
        lines = ["id,text,frames" + (",coder" if coder_of else "")]
        for n in range(4):
            lines += [f"a{n}:1,Text {n}.,cost{f',{c}' if c else ''}" for c in coder_of or [""]]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def test_a_column_names_the_coders(self, tmp_path):
        coders, book = gather_coders([self.write(tmp_path / "both.csv", ["ann", "bo"])])
        assert book is None
        assert {name: [c.unit for c in found] for name, found in coders.items()} == {
            "ann": ["a0:1", "a1:1", "a2:1", "a3:1"],
            "bo": ["a0:1", "a1:1", "a2:1", "a3:1"],
        }

    def test_with_a_codebook_a_file_is_a_coder(self, tmp_path, codebook, codebook_file):
        paths = [self.write(tmp_path / "ann.csv"), self.write(tmp_path / "bo.csv")]
        coders, book = gather_coders(paths, codebook=codebook_file)
        assert book == codebook
        assert list(coders) == ["ann", "bo"]
        assert coders["bo"][0].frames == {"cost": True, "safety": False}

    def test_the_codebook_beside_the_first_file_is_found(self, tmp_path, codebook, codebook_file):
        shutil.copy(codebook_file, tmp_path / "codebook.yaml")
        paths = [self.write(tmp_path / "ann.csv"), self.write(tmp_path / "bo.csv")]
        coders, book = gather_coders(paths)
        assert (list(coders), book) == (["ann", "bo"], codebook)

    def test_a_code_that_the_codebook_lacks_is_an_error(self, tmp_path):
        book = tmp_path / "book.yaml"
        book.write_text("name: b\nversion: 1.0.0\nframes:\n- id: x\n  definition: X.\n", "utf-8")
        with pytest.raises(CodingError, match=r"ann\.csv: no frame 'cost' .* in row 2, row 3"):
            gather_coders([self.write(tmp_path / "ann.csv")], codebook=book)


class TestCheckSameCodebook:
    def test_a_shared_label_will_do(self, model, coded_file):
        check_same_codebook(model, gather_coded(coded_file), where="coded.jsonl")

    def test_none_shared_is_refused_with_both_sides(self, model, tmp_path, write_rows):
        rows = [{"text": f"T{n}.", "frames": ["war", "peace"][: n % 3]} for n in range(6)]
        data = gather_coded(write_rows(tmp_path / "c.jsonl", rows))
        wanted = (
            r"^c\.jsonl: the data is coded for peace, war, the model predicts bridge, cost, safety;"
            " evaluate on data coded with the model's codebook$"
        )
        with pytest.raises(MismatchError, match=wanted):
            check_same_codebook(model, data, where="c.jsonl")


class TestFindDefaultCodebook:
    def test_one_that_is_named(self, codebook, codebook_file):
        assert find_default_codebook(codebook_file) == codebook

    def test_the_shipped_one(self):
        book = find_default_codebook(None)
        assert (book.name, len(book.frames), len(book.targets)) == ("critical-minerals", 10, 2)


def test_a_sheet_of_the_shipped_codebook_is_known_by_its_columns(tmp_path):
    """Only a codebook tells that a blank stance in a row that was read is the neutral value."""
    book = read_codebook(find_codebook())
    units = [Paragraph(f"a:{n}", "a", f"Text {n}.", 0, 7) for n in range(2)]
    rows = [row | {"coded": "x"} for row in sheet_rows(units, book, coder="ann")]
    path = tmp_path / "sheet.csv"
    with open_table(path, sheet_columns(book)) as table:
        table.write(rows)
    coded = gather_coded(path)
    assert coded.codebook == book
    assert coded.units[0].coding.stance == {"western_policy": "none", "china_policy": "none"}
    coders, known = gather_coders([path])
    assert (list(coders), known) == (["ann"], book)
