"""Places of results, refused before the work where they could not be written or would be lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from framing.cli.places import (
    check_apart,
    check_model_place,
    check_new,
    check_place,
    check_table,
    list_coded_files,
)
from framing.schema import InputError, OutputError


class TestCheckPlace:
    def test_a_new_file_an_old_one_and_a_device_will_do(self, tmp_path):
        (tmp_path / "old").touch()
        for path in (tmp_path / "new", tmp_path / "old", Path(os.devnull)):
            check_place(path)

    def test_a_name_alone_stands_for_the_current_folder(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        check_place(Path("new"))

    def test_a_folder(self, tmp_path):
        with pytest.raises(OutputError, match="this is a folder; name a file"):
            check_place(tmp_path)

    def test_a_missing_folder(self, tmp_path):
        with pytest.raises(OutputError, match=r"cannot be written \(no such folder\); choose"):
            check_place(tmp_path / "none" / "file")

    def test_a_device_in_a_closed_folder_will_do(self, monkeypatch):
        monkeypatch.setattr(os, "access", lambda *_: False)
        check_place(Path(os.devnull))

    def test_a_closed_folder(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "access", lambda *_: False)
        with pytest.raises(OutputError, match=r"cannot be written \(permission denied\); choose"):
            check_place(tmp_path / "file")

    def test_standard_output(self):
        with pytest.raises(
            OutputError, match=r"^-: this cannot go to standard output; name a file$"
        ):
            check_place(Path("-"))


class TestCheckModelPlace:
    @pytest.mark.parametrize("name", ["m.safetensors", "v1.2.SAFETENSORS"])
    def test_a_model_file(self, tmp_path, name):
        check_model_place(tmp_path / name)

    def test_a_device_may_have_any_name(self):
        check_model_place(Path(os.devnull))

    @pytest.mark.parametrize(
        ("name", "better"),
        [("m.bin", "m"), ("m", "m"), ("m.safetensors.gz", "m.safetensors"), (".csv", ".csv")],
    )
    def test_another_suffix(self, tmp_path, name, better):
        with pytest.raises(OutputError) as error:
            check_model_place(tmp_path / name)
        assert str(error.value) == (
            f"{tmp_path / name}: a model file ends in .safetensors; name it {better}.safetensors"
        )

    def test_what_no_file_may_be(self, tmp_path):
        with pytest.raises(OutputError, match="this is a folder"):
            check_model_place(tmp_path)
        with pytest.raises(OutputError, match="cannot go to standard output"):
            check_model_place(Path("-"))


def test_a_table_has_a_format():
    for name in ("a.csv", "a.jsonl.gz", "a.parquet"):
        check_table(Path(name))
    with pytest.raises(InputError, match=r"a\.txt: the suffix names no format; use \.csv"):
        check_table(Path("a.txt"))


def test_what_is_there_already(tmp_path):
    check_new(tmp_path / "new", "sheet")
    check_new(Path(os.devnull), "sheet")
    (tmp_path / "old").touch()
    with pytest.raises(OutputError, match="old: there is a sheet already; name another, or move"):
        check_new(tmp_path / "old", "sheet")


class TestCheckApart:
    @pytest.fixture
    def old(self, tmp_path):
        path = tmp_path / "old.csv"
        path.touch()
        return path

    def test_files_of_their_own_will_do(self, tmp_path, old):
        check_apart((tmp_path / "a", None, tmp_path / "b"), inputs=[old, None, tmp_path / "a"])
        check_apart([old], inputs=[tmp_path / "a", str(tmp_path)])

    def test_an_input(self, old):
        wanted = (
            f"{old}: this is an input, which would be overwritten; name another file for the output"
        )
        for given in (old, str(old)):
            with pytest.raises(OutputError) as error:
                check_apart([None, old], inputs=[None, given])
            assert str(error.value) == wanted

    def test_whatever_an_input_is_called(self, tmp_path, old, monkeypatch):
        link, twin = tmp_path / "link.csv", tmp_path / "twin.csv"
        link.symlink_to(old)
        twin.hardlink_to(old)
        (tmp_path / "folder").mkdir()
        monkeypatch.chdir(tmp_path)
        for name in (link, twin, Path("old.csv"), tmp_path / "folder" / ".." / "old.csv"):
            for output, given in ((name, old), (old, name)):
                with pytest.raises(OutputError, match="this is an input"):
                    check_apart([output], inputs=[given])

    @pytest.mark.parametrize("standing", [False, True])
    def test_another_output(self, tmp_path, standing):
        path = tmp_path / "x"
        if standing:
            path.touch()
        with pytest.raises(OutputError) as error:
            check_apart((path, None, tmp_path / "y" / ".." / "x"), inputs=())
        assert str(error.value).endswith(
            "x: two outputs would go there; give each a file of its own"
        )

    def test_a_device_may_be_anything(self):
        nothing = Path(os.devnull)
        check_apart((nothing, nothing), inputs=[nothing])

    def test_inputs_are_not_looked_for_where_no_output_stands(self, tmp_path):
        check_apart([tmp_path / "new"], inputs=(pytest.fail("looked for") for _ in range(1)))


def test_files_of_coded_data(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "labels").mkdir()
    for name in ("seeds/a.md", "seeds/README.md", "labels/ann.csv", "labels/bo.csv"):
        (tmp_path / name).touch()
    data, book = [Path("a.csv"), Path("b.csv")], Path("book.yaml")
    assert list(list_coded_files(None)) == []
    assert list(list_coded_files(data, codebook=book)) == [*data, book]
    listed = list_coded_files(None, seeds=tmp_path / "seeds", labels=tmp_path / "labels")
    assert [str(path.relative_to(tmp_path)) for path in listed] == [
        "seeds/a.md",
        *("labels/ann.csv", "labels/bo.csv"),
        *("labels/codebook.yaml", "codebook.yaml"),
    ]
