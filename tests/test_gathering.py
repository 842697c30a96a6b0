"""Gathering coded units from tables, from articles with their labels, and from both."""

from __future__ import annotations

import shutil

import pytest

from framing.coding.codebook import format_codebook, read_codebook
from framing.coding.scheme import Codebook, Frame
from framing.coding.sheets import sheet_columns, sheet_rows
from framing.gathering import (
    check_same_codebook,
    find_default_codebook,
    gather_coded,
    gather_coders,
)
from framing.records.writing import open_table
from framing.schema import CodingError, InputError, MismatchError, Paragraph
from framing.shipped import find_codebook
from framing.text.reading import read_articles
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

    def test_labels_that_the_default_codebook_lacks_are_left_out_and_named(
        self, tmp_path, write_rows, coded_rows, codebook
    ):
        rows = [dict(row) for row in coded_rows[:4]]
        rows[1]["frames"] = ["costs"]
        rows[2] |= {"frames": None, "stance": {"bridge": "favour", "tunnel": "favor"}}
        path = write_rows(tmp_path / "c.jsonl", rows)
        problems: list = []
        units = gather_coded(path, default=codebook, report=problems.append).units
        assert [(p.where, p.reason, p.lost) for p in problems] == [
            (str(path), f"{reason}: left out in line {line}", False)
            for reason, line in (
                ("no frame 'costs' (did you mean 'cost'?)", 2),
                ("no value for stance 'bridge' 'favour' (did you mean 'favor'?)", 3),
                ("no stance target 'tunnel' (known: bridge)", 3),
            )
        ]
        assert units[1].coding.frames == {"cost": False, "safety": False}
        assert (dict(units[2].coding.frames), dict(units[2].coding.stance)) == ({}, {})
        with pytest.raises(CodingError, match="no frame 'costs'"):
            gather_coded(path, codebook=codebook, default=codebook)

    def test_data_of_which_the_default_codebook_knows_nothing_are_refused(
        self, tmp_path, write_rows, codebook
    ):
        rows = [{"text": f"Text {n}.", "frames": ["war"], "stance:peace": "pro"} for n in range(3)]
        path = write_rows(tmp_path / "c.jsonl", rows)
        with pytest.raises(CodingError, match=r"no frame 'war' \(known: cost, safety\) in line 1"):
            gather_coded(path, default=codebook)

    def test_labels_beside_articles_may_name_more_than_the_default_codebook(
        self, articles, labels, codebook
    ):
        (labels / "codebook.yaml").unlink()
        path = labels / "adjudicated.csv"
        path.write_text(path.read_text("utf-8").replace(",safety,", ",safty,"), encoding="utf-8")
        problems: list = []
        coded = gather_coded(
            seeds=articles, labels=labels, default=codebook, report=problems.append
        )
        assert len(coded.units) == 60
        (problem,) = problems
        assert problem.reason.startswith("no frame 'safty' (did you mean 'safety'?): left out in ")
        with pytest.raises(CodingError, match="no frame 'safty'"):
            gather_coded(seeds=articles, labels=labels, codebook=codebook)

    def test_targets_that_no_text_holds_are_counted(self, tmp_path, write_rows):
        text, values = "Critics praised Ann\u00a0O’Neill, part", ("pro", "con", "pro", "con")
        names = ("Ann O'Neill", "Ann O'Neil", "Bo", "ann o’neill")
        rows = [
            {"text": f"{text} {n}.", "target": name, "stance": value}
            for n, (name, value) in enumerate(zip(names, values, strict=True))
        ]
        path, problems = write_rows(tmp_path / "c.jsonl", rows), []
        gather_coded(path, report=problems.append)
        told = [(p.where, p.reason, p.lost) for p in problems]
        reason = "2 of 4 targets are not in their text; write them as it does"
        assert told[1:] == [("column 'target'", reason, False)]
        problems.clear()
        gather_coded(write_rows(path, rows[::3]), report=problems.append)
        assert len(problems) == 1  # how the column was read

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

    def test_a_default_makes_texts_needless_and_yields_to_one_beside(
        self, tmp_path, codebook, codebook_file
    ):
        path = tmp_path / "ann.csv"
        path.write_text("id,frames\na:1,cost;beauty\na:2,beauty\n", encoding="utf-8")
        problems: list = []
        coders, book = gather_coders([path], default=codebook, report=problems.append)
        assert book == codebook
        assert coders["ann"][0].frames == {"cost": True, "safety": False}
        assert any("beauty" in problem.reason for problem in problems)
        shutil.copy(codebook_file, tmp_path / "codebook.yaml")
        with pytest.raises(CodingError, match="no frame 'beauty'"):
            gather_coders([path], default=Codebook("other", "1.0.0"))

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
