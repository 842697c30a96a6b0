"""Ids that are taken."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from framing.text import takenids
from framing.text.takenids import TakenIds


def name_all(taken, *names):
    problems = []
    return [taken.name_apart(n, place="t, row 1", report=problems.append) for n in names], problems


def test_an_id_that_comes_again_is_renamed_and_reported():
    names, [problem] = name_all(TakenIds(), "x", "y", "x")
    assert names == ["x", "y", "x~2"]
    assert (problem.where, problem.lost) == ("t, row 1", False)
    assert problem.reason == "id 'x' comes again; renamed 'x~2'"


def test_a_new_name_is_not_one_that_is_taken():
    assert name_all(TakenIds(), "x~2", "x", "x", "x", "x~2")[0] == [
        *("x~2", "x", "x~3", "x~4", "x~2~2"),
    ]


def test_ids_are_taken_together_or_not_at_all():
    taken = TakenIds()
    assert taken.add_new(pa.array(["a", "b"]))
    assert not taken.add_new(pa.array(["c", "b"]))
    assert taken.add_new(pa.array(["c"]))
    assert not taken.add_new(pa.array(["d", "d"]))
    assert name_all(taken, "d", "a")[0] == ["d", "a~2"]
    assert taken.add_new(pa.array([], pa.string()))


def test_names_are_those_of_counting_them():
    """Names as `name_apart` of articles gives them, which remembers every name."""
    from framing.text.tablerows import name_apart

    draw = random.Random(1)
    names = [f"{draw.randrange(40)}{draw.choice(['', '~2', '~3'])}" for _ in range(400)]
    seen: Counter[str] = Counter()
    expected = [name_apart(n, seen, place="", report=[].append) for n in names]
    assert name_all(TakenIds(), *names)[0] == expected


def test_many_ids_take_few_bytes():
    taken = TakenIds()
    for start in range(0, 200_000, 5000):
        assert taken.add_new(pa.array([f"unit-{n}" for n in range(start, start + 5000)]))
    assert 12 <= taken._table.nbytes / 200_000 <= 24
    held = [taken.add_new(pa.array([f"unit-{n}"])) for n in range(0, 200_000, 997)]
    assert not any(held)
    assert taken.add_new(pa.array(["unit-200000"]))


def test_hashes_that_want_one_slot_all_find_one(monkeypatch):
    monkeypatch.setattr(takenids, "hash", lambda name: int(name) * (1 << 40), raising=False)
    taken = TakenIds()
    assert taken.add_new(pa.array([str(n) for n in range(300)]))
    assert not any(taken.add_new(pa.array([str(n)])) for n in range(300))
    assert taken.add_new(pa.array(["300"]))
    assert np.count_nonzero(taken._table) == 301


@pytest.mark.parametrize("name", ["", "0"])
def test_a_hash_of_nothing_is_a_hash(monkeypatch, name):
    monkeypatch.setattr(takenids, "hash", lambda _: 0, raising=False)
    taken = TakenIds()
    assert taken.add_new(pa.array([name]))
    assert not taken.add_new(pa.array([name]))
    assert name_all(TakenIds(), name)[0] == [name]
