"""A folder of part files is whole, or is not there."""

from __future__ import annotations

import pytest

from framing.engines.folders import name_parts, open_folder
from framing.schema import OutputError


def test_a_folder_gets_its_name_at_the_end(tmp_path):
    path = tmp_path / "out.csv"
    with open_folder(path) as folder:
        assert not path.exists()
        assert folder.parent == tmp_path
        assert folder.name.startswith(".out.csv.")
        (folder / "x").write_text("1")
    assert [file.name for file in path.iterdir()] == ["x"]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_nothing_is_left_of_a_run_that_fails(tmp_path, error):
    def fail():
        with open_folder(tmp_path / "out.csv") as folder:
            (folder / "x").write_text("1")
            raise error

    with pytest.raises(error):
        fail()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("noun", ["file", "folder"])
def test_what_stands_there_stays(tmp_path, noun):
    path = tmp_path / "out.csv"
    path.write_text("mine") if noun == "file" else path.mkdir()
    message = f"out.csv: there is a {noun} already; name another, or remove it"
    with pytest.raises(OutputError, match=message), open_folder(path):
        pytest.fail("nothing should be done")
    assert path.exists()
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_without_a_folder_is_refused(tmp_path):
    path = tmp_path / "none" / "out.csv"
    message = "cannot be written .no such file or directory.; choose another place"
    with pytest.raises(OutputError, match=message), open_folder(path):
        pytest.fail("nothing should be done")


def test_parts_are_numbered_in_order(tmp_path):
    files = [tmp_path / name for name in ("z", "a", "m")]
    for file in files:
        file.write_text(file.name)
    name_parts(files, tmp_path, ".csv.gz")
    texts = {file.name: file.read_text() for file in tmp_path.iterdir()}
    assert texts == {f"part-0000{n}.csv.gz": name for n, name in enumerate("zam")}
