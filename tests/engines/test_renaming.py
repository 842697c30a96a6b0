"""Ids that come again get the names that one process would give them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.engines.renaming import (
    NotedIds,
    PlannedIds,
    find_repeated,
    hash_id,
    is_concerned,
    rename,
)
from framing.schema import Problem
from framing.text.takenids import TakenIds

NAMES = st.sampled_from(["a", "b", "c", "a~2", "a~2~2", "a~3", "b~2", "~", "a~", "ü", "\ud800"])


def ignore(problem: Problem) -> None:
    """Say nothing."""


def note(names, repeated=frozenset()):
    noted = NotedIds(repeated)
    for name in names:
        assert noted.name_apart(name, place="", report=ignore) == name
    return noted


@given(st.lists(st.lists(NAMES, max_size=8), max_size=4))
def test_pieces_rename_as_one_process(pieces):
    taken = TakenIds()
    expected = [[taken.name_apart(name, place="", report=ignore) for name in p] for p in pieces]
    repeated = find_repeated([note(names).hashes for names in pieces])
    renamed = rename([note(names, repeated).places for names in pieces])
    given_names = []
    for number, names in enumerate(pieces):
        planned = PlannedIds(renamed.get(number, {}))
        given_names.append([planned.name_apart(n, place="", report=ignore) for n in names])
    assert given_names == expected


def test_only_ids_concerned_are_listed():
    repeated = find_repeated([note(["a", "x", "y~2"]).hashes, note(["a", "z"]).hashes])
    assert repeated == {hash_id("a")}
    assert note(["x", "a~7", "a", "b~a", "ab"], repeated).places == [(1, "a~7"), (2, "a")]
    assert is_concerned("a~2~2", repeated)
    assert not is_concerned("x~a", repeated)


def test_a_hash_is_the_same_everywhere():
    assert hash_id("news:1") == 12957750924378758240
    assert note(["news:1"]).hashes.tolist() == [hash_id("news:1")]


def test_columns_are_noted_as_single_ids_are():
    noted = NotedIds(frozenset([hash_id("b")]))
    assert noted.add_new(pa.array(["a", "b"]))
    assert noted.name_apart("b~2", place="", report=ignore) == "b~2"
    assert noted.add_new(pa.array(["b"]))
    assert noted.places == [(1, "b"), (2, "b~2"), (3, "b")]
    assert noted.hashes.tolist() == [hash_id(name) for name in ("a", "b", "b~2", "b")]
    assert noted.hashes.dtype == np.uint64


def test_columns_pass_where_nothing_in_them_is_renamed():
    planned = PlannedIds({2: "c~2", 5: "f~2"})
    problems: list[Problem] = []
    assert planned.add_new(pa.array(["a", "b"]))
    assert not planned.add_new(pa.array(["c", "d"]))
    names = [planned.name_apart(n, place="row 3", report=problems.append) for n in ("c", "d")]
    assert names == ["c~2", "d"]
    assert problems == [Problem("row 3", "id 'c' comes again; renamed 'c~2'", lost=False)]
    assert planned.add_new(pa.array(["e"]))
    assert not planned.add_new(pa.array(["f"]))


@pytest.mark.parametrize("hashes", [[], [np.array([], np.uint64)], [np.array([1, 2], np.uint64)]])
def test_nothing_is_repeated_where_all_differ(hashes):
    assert find_repeated(hashes) == frozenset()
