"""Tests of all comparisons of a corpus, together."""

import numpy as np
import pytest

from framing.measuring.comparing import Levels, compare_cells
from framing.measuring.contrasts.sides import Plan
from framing.measuring.predictions import Label
from framing.schema import InputError

QUICK = Plan(resamples=20, permutations=400)


def make_levels(make_sums, draw, shares, *, n, seed=0):
    """Corpora of `n` articles a source and period; shares are (sources, periods, labels)."""
    shares = np.asarray(shares, dtype=float)
    n_sources, n_periods, n_labels = shares.shape
    cells = np.repeat(np.arange(n_sources * n_periods), n)
    sums, units = draw(np.random.default_rng(seed), shares.reshape(-1, n_labels)[cells])
    sources, periods = np.divmod(cells, n_periods)
    names = [f"s{s}" for s in range(n_sources)]
    years = [f"{2015 + t}" for t in range(n_periods)]
    return Levels(
        source=make_sums([(name, None) for name in names], sources, sums, units),
        period=make_sums([("", year) for year in years], periods, sums, units),
        source_period=make_sums(
            [(name, year) for name in names for year in years], cells, sums, units
        ),
    )


def make_labels(n):
    return [Label(f"l{k}", "frame", f"p:l{k}") for k in range(n)]


def collect(found):
    return {name: getattr(found, name) for name in ("contrasts", "trends", "turns")}


def test_everything_is_compared(make_sums, draw):
    levels = make_levels(make_sums, draw, np.full((3, 6, 2), 0.3), n=5)
    found = compare_cells(levels, make_labels(2), QUICK, clusters=np.arange(90))
    # 3 pairs, and first with last in 3 sources and over all; 4 trends; 4 turns; times 2 labels
    assert len(found.contrasts) == 2 * (3 + 4)
    assert len(found.trends) == 8
    assert (found.turns.p > 0.05).sum() <= 8 <= len(found.turns) + 2
    assert found.contrasts.comparison.value_counts().to_dict() == {"source": 6, "period": 8}
    assert found.decompositions.part.unique().tolist() == ["total", "within", "mix", "copies"]
    assert len(found.distances) == 3
    assert found.profile_turns.source.tolist() == ["s0", "s1", "s2"]
    assert [note[:23] for note in found.notes][:2] == [
        *("6 periods can give no t", "intervals at turning po"),
    ]
    tested = {name: table.p.notna().sum() for name, table in collect(found).items()}
    assert found.tests == {**tested, "profile_turns": 3, "equivalence": 0}
    assert found.n_tests == sum(found.tests.values())


def test_the_same_seed_gives_the_same_numbers(make_sums, draw):
    levels = make_levels(make_sums, draw, np.full((3, 5, 2), 0.3), n=5)
    one, other = (compare_cells(levels, make_labels(2), QUICK) for _ in range(2))
    for name, table in collect(one).items():
        assert table.equals(collect(other)[name])


def test_without_time_only_sources_are_compared(make_sums, draw):
    levels = Levels(make_levels(make_sums, draw, np.full((3, 2, 1), 0.3), n=5).source)
    found = compare_cells(levels, make_labels(1), QUICK)
    assert [len(t) for t in (found.contrasts, found.trends, found.turns)] == [3, 0, 0]
    assert len(found.decompositions) == len(found.profile_turns) == 0


def test_what_can_not_be_compared_is_said(make_sums, draw):
    levels = make_levels(make_sums, draw, np.full((1, 2, 1), 0.3), n=1)
    found = compare_cells(levels, make_labels(1), QUICK)
    assert len(found.contrasts) == 0
    assert found.notes == (
        "one source only: sources are not compared",
        "1 source with fewer than two periods of two articles: no change from first to last",
        "1 source with fewer than three periods: no trend",
        "1 source with too few periods or articles for a turning point",
    )


@pytest.mark.parametrize(
    ("periods", "note"),
    [
        (4, "2 sources with fewer than five periods: the trend is not tested"),
        (5, "5 periods can give no trend a p-value below 0.017"),
        (6, "6 periods can give no trend a p-value below 0.0028"),
    ],
)
def test_what_few_periods_can_tell_of_a_trend_is_said(make_sums, draw, periods, note):
    levels = make_levels(make_sums, draw, np.full((2, periods, 1), 0.3), n=4)
    found = compare_cells(levels, make_labels(1), QUICK)
    assert note in found.notes
    assert found.trends.p.isna().all() == (periods < 5)


def test_what_first_and_last_are_held_against_is_said(make_sums, draw):
    told = (
        "2 sources with fewer than four periods: first and last are compared by what articles "
        "differ by, as so few can not show what periods differ by anyway"
    )
    for periods in (3, 4):
        levels = make_levels(make_sums, draw, np.full((2, periods, 1), 0.3), n=6)
        found = compare_cells(levels, make_labels(1), QUICK)
        assert (told in found.notes) == (periods < 4)


def test_turns_that_are_tested_and_not_listed_are_counted(make_sums, draw):
    levels = make_levels(
        make_sums, draw, np.repeat([[[0.1]], [[0.8]]], 8, axis=1).reshape(1, 16, 1), n=20
    )
    found = compare_cells(levels, make_labels(1), Plan(resamples=50, permutations=400))
    hidden = found.tests["turns"] - len(found.turns)
    assert hidden > 0
    told = f"{len(found.turns) + hidden} turning points were tested; {hidden} in parts of a series"
    assert found.notes[-1].startswith(told)


def test_one_article_accuses_no_source(make_sums, draw):
    rng = np.random.default_rng(0)
    sums, units = draw(rng, np.full((31, 1), 0.2))
    sums[0] = units[0]
    cells = np.repeat([1, 0], [1, 30])
    levels = Levels(make_sums([("many", None), ("lone", None)], cells, sums, units))
    found = compare_cells(levels, make_labels(1), QUICK)
    assert found.contrasts[["p", "low", "high"]].isna().all(axis=None)
    assert found.notes == ("one article is not compared with others: lone",)


def test_one_source_is_not_tested_twice(make_sums, draw):
    levels = make_levels(make_sums, draw, np.full((1, 6, 1), 0.3), n=9)
    found = compare_cells(levels, make_labels(1), QUICK)
    for table in collect(found).values():
        assert set(table.source) == {"s0"}
    assert found.notes[0] == "one source only: sources are not compared"


def test_very_many_sources_are_compared_without_distances(make_sums, draw):
    source = make_levels(make_sums, draw, np.full((61, 1, 1), 0.3), n=3).source
    found = compare_cells(Levels(source), make_labels(1), QUICK)
    assert (len(found.contrasts), len(found.distances)) == (61, 0)
    assert found.notes == ("61 sources: distances between profiles are given for up to 60",)


def test_stances_are_no_part_of_profiles(make_sums, draw):
    levels = make_levels(make_sums, draw, np.full((2, 1, 1), 0.3), n=9)
    label = Label("china=favor", "stance", "p:china:favor")
    assert len(compare_cells(levels, [label], QUICK).distances) == 0


def test_a_source_to_compare_with_has_to_be_there(make_sums, draw):
    levels = make_levels(make_sums, draw, np.full((6, 1, 1), 0.3), n=3)
    found = compare_cells(levels, make_labels(1), QUICK, against="s1")
    assert found.contrasts.b.unique().tolist() == ["s1"]
    with pytest.raises(InputError, match="no source 'Post'"):
        compare_cells(levels, make_labels(1), QUICK, against="Post")


def test_no_change_accuses_nobody(make_sums, draw):
    smallest = []
    for seed in range(120):
        levels = make_levels(make_sums, draw, np.full((3, 5, 2), 0.25), n=6, seed=seed)
        plan = Plan(resamples=2, permutations=600, seed=seed)
        tables = collect(compare_cells(levels, make_labels(2), plan)).values()
        smallest.append(min(table.p_adjusted.min() for table in tables))
    accused = (np.array(smallest) <= 0.05).sum()
    assert accused <= 9  # 6 of 120 are due, and more than 9 once in 13 such runs
    assert min(smallest) < 0.15  # tests could have stood


def test_real_differences_are_found_and_few_others(make_sums, draw):
    shares = np.full((6, 8, 3), 0.25)
    shares[0, :, 0] = 0.55  # a source that differs
    shares[1, 4:, 1] = 0.6  # one that turned
    shares[2, :, 1] = np.linspace(0.05, 0.7, 8)  # one that rises
    true = {("source", "s0", "l0"), ("turn", "s1", "l1"), ("trend", "s2", "l1")}
    found, false, total = set(), 0, 0
    for seed in range(5):
        levels = make_levels(make_sums, draw, shares, n=12, seed=seed)
        plan = Plan(resamples=2, permutations=1000, seed=seed)
        tables = collect(compare_cells(levels, make_labels(3), plan))
        stand = {name: table[table.stands.eq(True)] for name, table in tables.items()}
        sources = stand["contrasts"][stand["contrasts"].comparison == "source"]
        found |= {("source", *row) for row in zip(sources.a, sources.label, strict=True)} & true
        for name in ("turns", "trends"):
            rows = zip(stand[name].source, stand[name].label, strict=True)
            found |= {(name.removesuffix("s"), *row) for row in rows} & true
        total += sum(map(len, stand.values()))
        false += sum((table.label == "l2").sum() for table in stand.values())
    assert found == true
    assert false <= 0.1 * total
