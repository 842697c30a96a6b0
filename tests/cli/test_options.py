"""Options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from framing.cli.options import check_place, count_workers
from framing.schema import OutputError


def test_as_many_workers_as_wanted():
    assert count_workers(3) == 3


def test_one_worker_a_processor(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 5}, raising=False)
    assert count_workers(0) == 3


@pytest.mark.parametrize(("counted", "workers"), [(6, 6), (None, 1)])
def test_workers_where_there_is_no_affinity(monkeypatch, counted, workers):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: counted)
    assert (count_workers(0), count_workers(4)) == (workers, 4)


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
