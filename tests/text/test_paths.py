"""Which files some paths stand for."""

from __future__ import annotations

from pathlib import Path

import pytest

from framing.schema import InputError
from framing.text.paths import find_files, resolve


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def names(folder: Path, *paths: str | Path) -> list[str]:
    return [str(found.path.relative_to(folder)) for found in find_files(paths)]


def test_folder_is_sorted_and_recursive(tmp_path):
    make(tmp_path, "b.txt", "a/c.md.gz", "a/d.csv", "a/e.py", ".hidden/f.txt", "a/.g.txt", "h.json")
    assert names(tmp_path, tmp_path) == ["a/c.md.gz", "a/d.csv", "b.txt"]


def test_hidden_parent_does_not_hide(tmp_path):
    make(tmp_path, ".store/a.txt")
    assert names(tmp_path, tmp_path / ".store") == [".store/a.txt"]


def test_file_is_read_once(tmp_path):
    make(tmp_path, "a.txt", "b.txt")
    assert names(tmp_path, tmp_path / "b.txt", tmp_path) == ["b.txt", "a.txt"]


def test_glob(tmp_path):
    make(tmp_path, "a.txt", "b.txt", "c.md", "d/e.txt")
    assert names(tmp_path, tmp_path / "*.txt") == ["a.txt", "b.txt"]
    assert names(tmp_path, tmp_path / "**" / "*.txt") == ["a.txt", "b.txt", "d/e.txt"]


def test_file_with_brackets_in_its_name(tmp_path):
    make(tmp_path, "a[1].txt")
    assert names(tmp_path, tmp_path / "a[1].txt") == ["a[1].txt"]


def test_named_file_of_any_suffix(tmp_path):
    make(tmp_path, "a.log")
    assert [found.named for found in find_files([tmp_path / "a.log"])] == [True]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("no.txt", "no such file or folder; check the path"),
        ("*.md", "no file matches; check the pattern"),
        ("empty", "nothing to read in this folder; it may hold .txt, .md, .markdown, .html"),
    ],
)
def test_errors(tmp_path, path, message):
    make(tmp_path, "empty/a.py", "b.txt")
    with pytest.raises(InputError) as error:
        list(find_files([tmp_path / path]))
    assert str(tmp_path / path) in str(error.value)
    assert message in str(error.value)


def test_an_empty_path_is_not_the_current_folder(tmp_path, monkeypatch):
    make(tmp_path, "a.txt")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"^'': a path is empty; name a file or folder$"):
        list(find_files([""]))
    assert [found.path.name for found in find_files([Path()])] == ["a.txt"]


def test_a_readme_explains_its_folder_and_is_no_article(tmp_path):
    for name in ("README.md", "readme.txt", "news.txt"):
        (tmp_path / name).write_text("Prices rose.")
    assert [found.path.name for found in find_files([tmp_path])] == ["news.txt"]
    assert [found.path.name for found in find_files([tmp_path / "README.md"])] == ["README.md"]


def test_paths_are_resolved_as_pathlib_does(tmp_path, monkeypatch):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "x.md").write_text("x")
    (tmp_path / "a" / "link.md").symlink_to(tmp_path / "a" / "x.md")
    (tmp_path / "c").symlink_to(tmp_path / "a", target_is_directory=True)
    names = ["a/x.md", "a/link.md", "c/x.md", "a/b/../x.md", "a/none.md"]
    for folder in (tmp_path, tmp_path / "a"):
        monkeypatch.chdir(folder)
        for path in (*(tmp_path / name for name in names), Path("x.md"), Path("../x.md")):
            assert resolve(path) == path.resolve()
