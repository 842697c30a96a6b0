"""Tests of what is held out."""

import csv
import json

import numpy as np
import pytest

from compared.folds import gather_material
from framing.learning.splits import assign_folds, hold_out
from framing.schema import InputError


def list_pairs(material):
    return [(fold.name, fold.train.tolist(), fold.test.tolist()) for fold in material.folds]


def test_without_a_column_articles_are_held_out_as_the_project_does(coded_file):
    material = gather_material([coded_file], n_folds=3, seed=4)
    dataset = material.dataset
    folds = assign_folds(dataset, "grouped", n_folds=3, seed=4)
    expected = hold_out(np.arange(60), folds, dataset.clusters)
    assert list_pairs(material) == [
        (str(n), train.tolist(), test.tolist()) for n, (train, test) in enumerate(expected, 1)
    ]
    for fold in material.folds:
        assert not set(dataset.groups[fold.train]) & set(dataset.groups[fold.test])
    assert material.held.tolist() == list(range(60))


def test_copies_of_what_is_held_out_are_not_learnt_from(write_coded):
    path = write_coded(lambda n: {"text": "A copy of one text."} if n in {0, 30} else {})
    material = gather_material([path], n_folds=3)
    for fold in material.folds:
        assert len({0, 30} & set(fold.train)) != 1 or not {0, 30} & set(fold.test)
    assert sum(len(fold.train) for fold in material.folds) < 2 * 60


def test_a_column_of_numbers_or_names_is_held_out_in_turn(write_coded):
    material = gather_material([write_coded(lambda n: {"fold": n % 11})])
    assert [fold.name for fold in material.folds] == [str(n) for n in range(11)]
    assert material.folds[2].test.tolist() == [2, 13, 24, 35, 46, 57]
    assert sorted([*material.folds[2].train, *material.folds[2].test]) == list(range(60))
    named = gather_material([write_coded(lambda n: {"fold": "ab"[n % 2]})])
    assert [(fold.name, len(fold.test)) for fold in named.folds] == [("a", 30), ("b", 30)]


def test_a_given_split_stands_copies_and_all(write_coded):
    path = write_coded(lambda n: {"fold": n % 2, "text": f"Copy {n // 2} of one text."})
    assert [len(fold.train) for fold in gather_material([path]).folds] == [30, 30]


def test_a_mapping_holds_out_where_it_says_test_and_dev_is_learnt_from(write_coded):
    def add(number):
        roles = {str(fold): "train" for fold in (1, 2, 3)}
        roles |= {str(1 + number % 3): "test", str(1 + (number + 1) % 3): "dev"}
        return {"folds": roles}

    material = gather_material([write_coded(add)])
    assert [fold.name for fold in material.folds] == ["1", "2", "3"]
    for number, fold in enumerate(material.folds):
        assert fold.test.tolist() == list(range(number, 60, 3))
        assert len(fold.train) == 40
    assert material.origin == "column `folds`"


def test_units_held_out_nowhere_are_only_learnt_from(write_coded):
    path = write_coded(lambda n: {"folds": {"a": "test" if n < 10 else "train"}})
    material = gather_material([path])
    assert material.held.tolist() == list(range(10))
    assert material.folds[0].train.tolist() == list(range(10, 60))


@pytest.mark.parametrize("roles", [("train", "test"), ("train", "dev", "test")])
def test_a_column_of_roles_is_one_split(write_coded, roles):
    # As two folds it would learn from the test units in turn.
    material = gather_material([write_coded(lambda n: {"fold": roles[n % len(roles)]})])
    (fold,) = material.folds
    held = [n for n in range(60) if roles[n % len(roles)] == "test"]
    assert (fold.name, fold.test.tolist()) == ("test", held)
    assert sorted([*fold.train, *fold.test]) == list(range(60))
    others = write_coded(lambda n: {"fold": ("train", "test", "b")[n % 3]})
    assert [fold.name for fold in gather_material([others]).folds] == ["b", "test", "train"]


def test_folds_in_csv_are_read_by_id(tmp_path, coded_rows):
    path = tmp_path / "coded.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "article", "text", "frames", "folds"])
        for number, row in enumerate(coded_rows):
            roles = json.dumps({"1": "test", "2": "train"} if number % 2 else {"2": "test"})
            frames = ";".join(row["frames"]) or "[]"
            writer.writerow([row["id"], row["article"], row["text"], frames, roles])
    material = gather_material([path])
    assert [fold.test[0] for fold in material.folds] == [1, 0]


def test_a_test_file_is_held_out_whole(write_coded):
    path = write_coded(rows=slice(0, 40))
    test = write_coded(name="test.jsonl", rows=slice(40, 60))
    material = gather_material([path], test=test)
    assert list_pairs(material) == [("test", list(range(40)), list(range(40, 60)))]
    assert material.take(material.held)[0].paragraph.article == "gazette/day-8"


def test_further_mentions_in_one_text_go_where_the_first_goes(write_coded):
    def add(number):
        target = f"person {number}"
        return {
            "frames": None,
            "target": target,
            "stance": ("for", "against")[number % 2],
            "fold": number % 2,
            "id": f"u{number // 2 * 2}" if number < 2 else f"u{number}",
            "text": "Two." if number < 2 else f"T {number}",
            "article": "a",
        }

    with pytest.raises(InputError, match="the unit 'u0' is in two folds"):
        gather_material([write_coded(add)])
    material = gather_material([write_coded(lambda n: {**add(n), "fold": n // 2 % 2})])
    assert [unit.paragraph.id for unit in material.data.units][:2] == ["u0", "u0~2"]
    assert material.folds[0].test[:2].tolist() == [0, 1]


def test_boilerplate_is_left_out(write_coded):
    material = gather_material([write_coded(lambda n: {"kind": "boilerplate" if n < 5 else ""})])
    assert len(material.dataset) == 55


@pytest.mark.parametrize(
    ("add", "message"),
    [
        (lambda n: {"fold": n % 2 if n else None}, "row 1: no fold"),
        (lambda n: {"fold": 1}, "holds out nothing or all"),
        (lambda n: {"folds": {"1": "train"}}, "holds out nothing or all"),
        (lambda n: {"folds": {"1": "Test"}}, "'Test' is none of train, dev, test"),
        (lambda n: {"folds": {"1": "test", "2": "test"}}, "is held out twice"),
    ],
)
def test_columns_that_make_no_folds_are_refused(write_coded, add, message):
    with pytest.raises(InputError, match=message):
        gather_material([write_coded(add)])


def test_a_column_in_one_of_two_files_is_refused(write_coded):
    first = write_coded(lambda n: {"fold": n % 2}, rows=slice(0, 40))
    second = write_coded(name="more.jsonl", rows=slice(40, 60))
    with pytest.raises(InputError, match="no fold"):
        gather_material([first, second])
    with pytest.raises(InputError, match="has no fold"):
        gather_material([second, first])
