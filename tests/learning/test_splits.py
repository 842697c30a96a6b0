"""Tests of splits: nothing on both sides, everything held out once, rare codes in every fold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.learning.candidates import Candidate
from framing.learning.crossfitting import Job, plan_tasks
from framing.learning.splits import (
    SPLITS,
    assign_folds,
    count_sources,
    find_obstacle,
    hold_out,
    spread_articles,
    spread_groups,
    spread_rows,
)
from framing.schema import InputError

VALUES = ("favor", "oppose", "none")


@st.composite
def layouts(draw):
    n = draw(st.integers(1, 40))
    groups = draw(st.lists(st.integers(0, 12), min_size=n, max_size=n))
    frames = draw(st.lists(st.sampled_from([0.0, 1.0, np.nan]), min_size=2 * n, max_size=2 * n))
    stance = draw(st.lists(st.integers(-1, 2), min_size=n, max_size=n))
    sources = draw(st.lists(st.sampled_from([None, *"abcdefghijklm"]), min_size=n, max_size=n))
    numbers = np.unique(groups, return_inverse=True)[1]
    return np.reshape(frames, (n, 2)), numbers, stance, sources


@pytest.fixture(scope="module")
def lay(lay_out):
    def build(layout):
        frames, groups, stance, sources = layout
        return lay_out(frames, groups=groups, stances=[(VALUES, stance)], sources=sources)

    return build


def folds_by(keys, folds):
    found = {}
    for key, fold in zip(keys, folds, strict=True):
        found.setdefault(key, set()).add(int(fold))
    return found


@settings(max_examples=50, deadline=None)
@given(layout=layouts(), n_folds=st.integers(1, 7), seed=st.integers(0, 5))
def test_no_article_stands_on_both_sides_and_every_fold_is_used(lay, layout, n_folds, seed):
    dataset = lay(layout)
    folds = assign_folds(dataset, "grouped", n_folds=n_folds, seed=seed)
    assert all(len(where) == 1 for where in folds_by(dataset.groups, folds).values())
    assert set(folds) == set(range(min(n_folds, len(dataset.articles))))


@settings(max_examples=50, deadline=None)
@given(layout=layouts(), split=st.sampled_from(SPLITS))
def test_every_unit_is_held_out_exactly_once(lay, words, layout, split):
    dataset, job = lay(layout), Job(None, Candidate(words, C=1.0))
    folds = assign_folds(dataset, split, n_folds=4, seed=0)
    tasks = plan_tasks(np.arange(len(dataset)), folds, (job,), clusters=dataset.clusters)
    held = np.concatenate([task.test for task in tasks])
    assert sorted(held.tolist()) == list(range(len(dataset)))
    for task in tasks:
        both = np.concatenate([task.train, task.test])
        assert sorted(both.tolist()) == list(range(len(dataset)))


@settings(max_examples=50, deadline=None)
@given(layout=layouts())
def test_no_source_stands_on_both_sides_and_at_most_ten_have_a_fold_each(lay, layout):
    dataset = lay(layout)
    folds = assign_folds(dataset, "source", n_folds=2, seed=0)
    by_source = folds_by(dataset.sources, folds)
    assert all(len(where) == 1 for where in by_source.values())
    n_sources = len(by_source)
    assert set(folds) == set(range(n_sources if n_sources <= 10 else 2))


def test_a_source_split_holds_out_one_source_a_fold(lay_out):
    sources = ["b", "a", None, "b", "c", None]
    dataset = lay_out(np.zeros((6, 1)), sources=sources)
    folds = assign_folds(dataset, "source", n_folds=5, seed=0)
    assert folds.tolist() == [0, 1, 2, 0, 3, 2]
    assert count_sources(dataset) == 3  # who names none is not counted


def test_eleven_sources_share_the_folds(lay_out):
    dataset = lay_out(np.zeros((22, 1)), sources=[f"source {n % 11}" for n in range(22)])
    folds = assign_folds(dataset, "source", n_folds=3, seed=0)
    assert sorted(np.bincount(folds).tolist()) == [6, 8, 8]
    assert (folds[:11] == folds[11:]).all()


def test_a_random_split_parts_articles(lay_out):
    dataset = lay_out(np.zeros((40, 1)), groups=np.arange(40) // 10)
    folds = assign_folds(dataset, "random", n_folds=4, seed=0)
    assert np.bincount(folds).tolist() == [10] * 4
    assert all(len(where) > 1 for where in folds_by(dataset.groups, folds).values())


@pytest.mark.parametrize("split", ["grouped", "random"])
@pytest.mark.parametrize("seed", range(5))
def test_each_fold_gets_its_share_of_rare_frames_and_values(lay_out, split, seed):
    rng = np.random.default_rng(seed)
    frames = np.zeros((90, 2))
    first, second, third = np.split(rng.permutation(90)[:15], 3)
    frames[first, 0] = frames[second, 1] = 1  # two frames and a value of five units each
    stance = np.zeros(90, dtype=int)
    stance[third] = 1
    dataset = lay_out(frames, stances=[(VALUES[:2], stance)])
    folds = assign_folds(dataset, split, n_folds=5, seed=seed)
    for rare in (first, second, third):
        assert sorted(folds[rare]) == [0, 1, 2, 3, 4]
    assert np.bincount(folds).tolist() == [18] * 5


def test_an_article_rich_in_two_rare_frames_is_set_off_by_others():
    # Article 0 holds both; 1 and 2 hold one each, and belong together in the other fold.
    groups = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    features = np.ones((8, 3))
    features[:, 1] = [1, 0, 1, 0, 0, 0, 0, 0]
    features[:, 2] = [0, 1, 0, 0, 1, 0, 0, 0]
    for seed in range(10):
        folds = spread_groups(groups, features, n_folds=2, rng=np.random.default_rng(seed))
        assert folds[0] == folds[6] != folds[2] == folds[4]


def test_a_rare_frame_is_spread_even_at_the_cost_of_size():
    # Articles of 20, 10 and one units, and nine single ones. The second and third hold frame 1.
    groups = np.repeat(np.arange(12), [20, 10] + [1] * 10)
    features = np.ones((40, 3))
    features[:, 1:] = 0
    features[[20, 30], 1] = 1
    features[0, 2] = 1
    for seed in range(10):
        folds = spread_groups(groups, features, n_folds=2, rng=np.random.default_rng(seed))
        assert folds[20] != folds[30] == folds[0]
        assert sorted(np.bincount(folds)) in ([19, 21], [20, 20])


def test_folds_are_of_even_size_where_articles_are_not():
    sizes = [9, 5, 4, 3, 3, 2, 1, 1, 1, 1]
    groups = np.repeat(np.arange(10), sizes)
    for seed in range(10):
        rng = np.random.default_rng(seed)
        folds = spread_groups(groups, np.ones((30, 1)), n_folds=3, rng=rng)
        assert np.bincount(folds).tolist() == [10, 10, 10]


@pytest.mark.parametrize("split", ["grouped", "random"])
def test_the_seed_decides_and_nothing_else_does(lay_out, split):
    dataset = lay_out(np.zeros((60, 1)), groups=np.arange(60) // 2)
    first, again, other = (
        assign_folds(dataset, split, n_folds=5, seed=seed).tolist() for seed in (3, 3, 4)
    )
    assert first == again != other


def test_uncoded_cells_count_as_nothing_to_share(lay_out):
    frames = np.full((20, 1), np.nan)
    frames[[2, 11], 0] = 1
    for seed in range(10):
        folds = assign_folds(lay_out(frames), "grouped", n_folds=2, seed=seed)
        assert folds[2] != folds[11]
        assert np.bincount(folds).tolist() == [10, 10]


def test_more_folds_than_articles_hold_out_an_article_each(lay_out):
    dataset = lay_out(np.zeros((6, 1)), groups=[0, 0, 1, 1, 2, 2])
    folds = assign_folds(dataset, "grouped", n_folds=50, seed=0)
    assert sorted(folds.tolist()) == [0, 0, 1, 1, 2, 2]


def test_some_rows_are_spread_by_their_own_articles_alone(lay_out):
    dataset = lay_out(np.zeros((12, 1)), groups=np.arange(12) // 2)
    rows = np.array([2, 3, 10, 11, 6])
    folds = spread_rows(dataset, rows, dataset.groups, n_folds=9, seed=0)
    assert folds[0] == folds[1]
    assert folds[2] == folds[3]
    assert set(folds.tolist()) == {0, 1, 2}


@settings(max_examples=50, deadline=None)
@given(
    folds=st.lists(st.integers(0, 3), min_size=1, max_size=30),
    clusters=st.lists(st.integers(0, 40), min_size=30, max_size=30),
)
def test_no_copy_of_what_is_held_out_is_trained_on_and_all_else_is(folds, clusters):
    rows = np.arange(len(folds)) + 5
    numbers = np.array([99] * 5 + clusters)
    try:
        pairs = hold_out(rows, np.array(folds), numbers)
    except InputError:
        return
    assert sorted(np.concatenate([test for _, test in pairs])) == rows.tolist()
    for train, test in pairs:
        copied = set(numbers[test])
        assert set(train) == {r for r in set(rows) - set(test) if numbers[r] not in copied}


def test_units_that_are_all_copies_cannot_be_held_out():
    with pytest.raises(InputError, match=r"copies of each other.*; take repeated rows out"):
        hold_out(np.arange(4), np.array([0, 0, 1, 1]), np.zeros(4, dtype=np.intp))


def test_one_fold_alone_has_nothing_to_train_on():
    ((train, test),) = hold_out(np.arange(3), np.zeros(3, dtype=np.intp), np.zeros(3, np.intp))
    assert (train.tolist(), test.tolist()) == ([], [0, 1, 2])


def test_sources_that_copy_each_other_cannot_be_held_out(lay_out):
    places, sources = np.arange(12), ["Post"] * 6 + ["Herald"] * 6
    plain = lay_out(np.zeros(12), groups=places, sources=sources)
    assert find_obstacle(plain, "source", n_folds=5, seed=0) is None
    reprint = lay_out(np.zeros(12), groups=places, sources=sources, clusters=places % 6)
    copied = find_obstacle(reprint, "source", n_folds=5, seed=0)
    assert copied == "the units of some sources copy all the others"


def test_articles_that_share_copies_stay_together_where_nothing_else_can_be_trained_on(lay_out):
    # Articles 0 and 1 copy each other, as do 2 and 3 in part; of those held out two and two, the
    # folds 0, 2 and 1, 3 would leave nothing of article 0 and 1.
    groups = np.repeat(np.arange(4), 3)
    clusters = np.arange(12)
    clusters[3:6] = clusters[:3]
    clusters[9:12] = clusters[6:9]
    dataset = lay_out(np.zeros(12), groups=groups, clusters=clusters)
    for seed in range(20):
        folds = spread_articles(dataset, np.arange(12), n_folds=2, seed=seed)
        assert len(hold_out(np.arange(12), folds, clusters)) == 2
        assert folds[0] == folds[3] != folds[6] == folds[9]
    alone = lay_out(np.zeros(12), groups=groups)
    plain = spread_rows(alone, np.arange(12), groups, n_folds=2, seed=0)
    np.testing.assert_array_equal(spread_articles(alone, np.arange(12), n_folds=2, seed=0), plain)


def test_articles_are_joined_by_copies_among_the_rows_alone(lay_out):
    groups, clusters = np.repeat(np.arange(3), 2), np.array([0, 1, 0, 1, 0, 1])
    dataset = lay_out(np.zeros(6), groups=groups, clusters=clusters)
    assert not spread_articles(dataset, np.arange(6), n_folds=2, seed=0).any()
    dataset = lay_out(np.zeros(6), groups=groups, clusters=np.array([0, 1, 0, 1, 0, 5]))
    rows = np.array([0, 1, 2, 3, 5])  # the third article's copy is not among them
    for seed in range(10):
        folds = spread_articles(dataset, rows, n_folds=2, seed=seed)
        assert folds[0] == folds[1] == folds[2] == folds[3] != folds[4]


@pytest.mark.parametrize("sources", [None, ["Post"] * 3, ["Post", None, None]])
def test_one_source_cannot_be_held_out(lay_out, sources):
    single = lay_out(np.zeros(3), sources=sources)
    few = "the units name fewer than two sources"
    assert find_obstacle(single, "source", n_folds=5, seed=0) == few
    for split in ("grouped", "random"):
        assert find_obstacle(single, split, n_folds=5, seed=0) is None
