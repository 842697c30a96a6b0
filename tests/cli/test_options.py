"""Options that several commands share."""

from __future__ import annotations

import os

import pytest
import typer

from framing.cli.options import count_workers, read_names


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


def test_names_are_read_once_each_in_their_order():
    assert read_names("b, a,b", "a,b,c", option="--only") == ["b", "a"]
    with pytest.raises(typer.BadParameter, match="'d' is none of a,b,c"):
        read_names("a,d", "a,b,c", option="--only")
