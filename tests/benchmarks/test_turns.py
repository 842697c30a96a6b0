"""Tests of the trial of planned turns: plans, tests at dates, directions, searches, groups."""

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest

import turns
from framing.measuring.contrasts.sides import Plan
from framing.measuring.trends.profileturns import measure_scales
from framing.schema import InputError
from turning.dated import (
    Case,
    judge_cases,
    list_distances,
    list_planned,
    match_constant,
    match_dates,
)
from turning.groups import borrow_turns, find_year, judge_year, pool, span_year
from turning.moves import judge_moves
from turning.outlets import Archive, Outlet, gather_outlets, name_outlets, pool_outlets
from turning.plans import PlannedTurn, find_named, parse_moves, read_plans
from turning.search import search_outlets, to_years

LABELS = ("lag", "hope", "policy=favor")
YEARS = range(2018, 2026)


def make_outlet(name, shares, *, seed=0):
    """Draw one article a year of ten units."""
    rng, shares = np.random.default_rng(seed), np.asarray(shares, float)
    sums = rng.binomial(10, shares).astype(float)
    dates = tuple(f"{2018 + at}-03-01" for at in range(len(shares)))
    return Outlet(name, dates, sums, np.full(sums.shape, 10.0))


def make_archive(outlets):
    scales = measure_scales([(outlet.sums, outlet.units) for outlet in outlets])
    return Archive({outlet.name: outlet for outlet in outlets}, LABELS, scales)


@pytest.fixture(scope="module")
def plans():
    turn = {"named": {"lag": 1}, "read": {"lag": 1, "hope": -1}}
    due = {f"t{n}": [PlannedTurn(f"t{n}", "2022", **turn)] for n in range(6)}
    return due | {f"c{n}": [] for n in range(6)}


@pytest.fixture(scope="module")
def archive():
    """Six outlets turn in 2022 and six do not."""
    turned = np.repeat([[0.2, 0.6, 0.3], [0.6, 0.2, 0.3]], 4, axis=0)
    still = np.full((8, 3), 0.3)
    outlets = [make_outlet(f"t{n}", turned, seed=n) for n in range(6)]
    return make_archive(outlets + [make_outlet(f"c{n}", still, seed=9 + n) for n in range(6)])


@pytest.fixture
def constant(archive):
    return [outlet for name, outlet in archive.outlets.items() if name.startswith("c")]


def test_moves_are_read_off_words():
    assert find_named("from lag as a reason to hope", LABELS) == {"lag": -1, "hope": 1}
    assert find_named("more hope, less lag (policy favor)", LABELS) == {
        "lag": -1,
        "hope": 1,
        "policy=favor": 1,
    }
    assert find_named("from laggards and unhope to what is hoped for", LABELS) == {}
    assert find_named("from lag", LABELS) == {"lag": 1}  # nothing says where to
    assert parse_moves("-policy=favor +lag") == {"policy=favor": -1, "lag": 1}


def test_plans_are_read_in_order_with_their_readings(tmp_path):
    path = tmp_path / "outlets.yaml"
    path.write_text(
        "train:\n"
        "  rampart-weekly:\n"
        "    turns:\n"
        "      - {from: 2022, change: programmes funded (capacity_building)}\n"
        "      - {from: 2018, change: less western_policy_lag}\n"
        "  still: {turns: []}\n",
        "utf-8",
    )
    found = read_plans(path, ["western_policy_lag", "capacity_building"])
    first, second = found["rampart-weekly"]
    assert (first.date, first.named) == ("2018", {"western_policy_lag": -1})
    assert second.named == {"capacity_building": 1}
    assert second.read == {"capacity_building": 1, "western_policy=favor": 1}
    assert found["still"] == []


def test_every_reading_is_of_a_planned_turn_and_of_labels(seeds_folder):
    from framing.coding.codebook import read_codebook

    book = read_codebook(seeds_folder.parent / "labels" / "codebook.yaml")
    labels = [frame.id for frame in book.frames]
    labels += [f"{target.id}={value.id}" for target in book.targets for value in target.values]
    found = read_plans(seeds_folder / "outlets.yaml", labels)
    read = {(t.outlet, t.date) for own in found.values() for t in own if t.read}
    assert len(read) == sum(len(own) for own in turns_readings().values())
    assert {label for own in found.values() for t in own for label in t.read} <= set(labels)
    for turn in (turn for own in found.values() for turn in own if turn.named):
        assert turn.named.items() <= turn.read.items()


def turns_readings():
    import yaml

    from turning.plans import READINGS

    return yaml.safe_load(READINGS.read_text("utf-8"))


@pytest.fixture(scope="module")
def seeds_folder():
    from pathlib import Path

    return Path(turns.__file__).parents[1] / "seeds"


@pytest.mark.parametrize("content", ["[", "train: [1]", "other: 1", None])
def test_what_is_no_plan_is_refused(tmp_path, content):
    path = tmp_path / "outlets.yaml"
    if content:
        path.write_text(content, "utf-8")
    with pytest.raises(InputError, match="plan"):
        read_plans(path, LABELS)


def test_planned_turns_are_cases_where_there_are_articles(plans, archive):
    cases = list_planned(plans, archive, fewest=2, own=False)
    assert cases == [Case(f"t{n}", 0, 4, 8) for n in range(6)]
    assert cases[0].sizes == (4, 4)
    assert cases[0].smallest == 1 / comb(8, 4)
    more = {"t0": [PlannedTurn("t0", year) for year in ("2018", "2020", "2024-06", "2025-01")]}
    assert list_planned(more, archive, fewest=1, own=False) == [
        Case("t0", 0, place, 8) for place in (2, 7, 7)
    ]
    assert list_planned(more, archive, fewest=2, own=True) == [Case("t0", 0, 2, 7)]
    assert list_planned({"gone": plans["t0"]}, archive, fewest=1, own=True) == []


def test_constant_outlets_share_a_turns_weight(plans, archive, constant):
    cases = list_planned(plans, archive, fewest=2, own=False)
    matched = match_constant(cases[:1], constant)
    assert [case.outlet for case in matched] == [f"c{n}" for n in range(6)]
    assert sum(case.weight for case in matched) == pytest.approx(1)
    assert {case.sizes for case in matched} == {(4, 4)}
    dated = match_dates(plans, constant, fewest=2)
    assert len(dated) == 36
    assert sum(case.weight for case in dated) == pytest.approx(6)


def test_p_values_are_over_all_ways(archive):
    outlet = archive.outlets["t0"]
    null = list_distances(outlet.columns, 4, archive.scales)
    assert len(null) == 70
    shares = outlet.sums / 10
    way = list(combinations(range(8), 4))[7]
    rest = [at for at in range(8) if at not in way]
    gap = shares[list(way)].mean(axis=0) - shares[rest].mean(axis=0)
    assert null[7] == pytest.approx((gap**2 * 20 / archive.scales).mean())


def test_turns_are_told_from_none(plans, archive, constant):
    options = {"levels": (0.05, 0.2), "permutations": 300}
    planned = list_planned(plans, archive, fewest=2, own=False)
    found = judge_cases(planned, archive, **options, rng=np.random.default_rng(0))
    assert (found.n_cases, found.n_outlets) == (6, 6)
    assert found.shares[0.05].found > 0.5
    assert found.shares[0.05].expected == pytest.approx(0.04, abs=0.04)
    assert found.shares[0.05].p == found.p == pytest.approx(1 / 301)
    assert found.mean > 4 * found.spread
    still = judge_cases(
        match_constant(planned, constant), archive, **options, rng=np.random.default_rng(0)
    )
    assert still.shares[0.2].low <= still.shares[0.2].found <= still.shares[0.2].high
    assert still.p > 0.05


def test_without_turns_the_mean_is_about_nothing():
    outlets = [make_outlet(f"c{n}", np.full((6, 3), 0.3), seed=n) for n in range(60)]
    cases = [Case(outlet.name, 0, 3, 6) for outlet in outlets]
    cases += [Case(outlet.name, 1, 3, 6) for outlet in outlets]  # within a stretch
    found = judge_cases(
        *(cases, make_archive(outlets)),
        levels=(0.2,),
        permutations=200,
        rng=np.random.default_rng(0),
    )
    assert found.mean == pytest.approx(0, abs=3 * found.spread)
    assert found.shares[0.2].found == pytest.approx(found.shares[0.2].expected, abs=0.12)


def test_directions_are_counted_beside_those_of_others(plans, archive, constant):
    rng = np.random.default_rng(0)
    moved = judge_moves(plans, archive, "read", permutations=200, rng=rng)
    assert (moved.n_turns, moved.n_moves) == (6, 12)
    assert (moved.right, moved.wrong, moved.share) == (12, 0, 1)
    assert moved.expected == pytest.approx(0.5, abs=0.1)
    assert moved.p_size == pytest.approx(1 / 201)
    others = judge_moves(plans, archive, "named", permutations=200, rng=rng, controls=constant)
    assert others.n_moves == 36
    assert others.right + others.wrong + others.still == pytest.approx(6)
    assert others.p_size > 0.01


def test_labels_that_do_not_move_are_still(archive):
    outlet = Outlet("flat", ("2020", "2021"), np.full((2, 3), 5.0), np.full((2, 3), 10.0))
    plan = {"flat": [PlannedTurn("flat", "2021", read={"lag": 1})]}
    flat = Archive({"flat": outlet}, LABELS, archive.scales)
    moved = judge_moves(plan, flat, "read", permutations=9, rng=np.random.default_rng(0))
    assert (moved.right, moved.wrong, moved.still) == (0, 0, 1)
    assert np.isnan([moved.share, moved.expected]).all()


def test_a_search_ends_near_the_plan(plans, archive):
    found = search_outlets(plans, archive, permutations=300, rng=np.random.default_rng(0))
    assert found.n_outlets == 6
    assert found.exact.found < 0.5 < found.exact.anywhere
    assert found.exact.anywhere == pytest.approx(4 / 5)  # places 2 to 6, one is right
    assert found.articles.anywhere == pytest.approx(6 / 5)
    assert found.articles.p < 0.05
    assert found.years.found < found.years.permuted
    assert to_years("2025-07-02") == pytest.approx(2025.5, abs=0.01)


def test_groups_of_turning_outlets_turn(plans, archive, constant):
    year = find_year(plans)
    assert year == "2022"
    due = span_year([archive.outlets[f"t{n}"] for n in range(6)], year)
    assert len(due) == 6
    assert span_year(due, "2019") == []
    plan = Plan(permutations=200)
    own = {name: found[0] for name, found in plans.items() if found}
    small, large = pool(due, archive, own, year, sizes=(2, 9), draws=3, plan=plan)
    assert (small.n_outlets, small.n_draws, small.n_articles) == (2, 3, 16)
    assert (large.n_outlets, large.n_draws) == (6, 1)
    assert large.searched == large.placed == large.dated == large.moved == 1
    borrowed = borrow_turns(constant, list(own.values()))
    assert borrowed["c3"] == PlannedTurn("c3", "2022", {"lag": 1}, {"lag": 1, "hope": -1})
    (still,) = pool(constant, archive, borrowed, year, sizes=(), draws=3, plan=plan)
    assert still.dated == still.moved == 0
    assert judge_year(constant, archive, year, plan, np.random.default_rng(0)) > 0.05


def test_pooled_outlets_are_one_source(archive):
    sums = pool_outlets({"all": list(archive.outlets.values()), "one": [archive.outlets["t0"]]})
    assert sums.keys[0] == ("all", "2018")
    assert len(sums.keys) == 16
    assert (np.diff(sums.cells) >= 0).all()
    assert sums.n_articles == 13 * 8


@pytest.fixture
def table():
    """Two outlets of predictions: 'a' with 7 articles, 'b' with 5, three units each."""
    rng = np.random.default_rng(0)
    rows = [
        {
            "id": f"{outlet}/{at}:{unit}",
            "article": f"{outlet}/{at}",
            "source": outlet.upper(),
            "date": f"{2018 + at}-01-01",
            "kind": "paragraph" if unit else "boilerplate",
            "frames": "[]",
            "p:lag": rng.uniform(),
            "p:hope": rng.uniform() if unit > 1 else None,
            "model": "m",
            "codebook": "c",
        }
        for outlet, n in (("a", 7), ("b", 5))
        for at in range(n)
        for unit in range(3)
    ]
    return pd.DataFrame(rows)


def test_units_are_summed_by_article(table):
    archive = gather_outlets(name_outlets(table))
    outlet = archive.outlets["a"]
    own = table[(table["article"] == "a/0") & (table["kind"] != "boilerplate")]
    assert archive.labels == ("lag", "hope")
    assert outlet.sums[0] == pytest.approx(own[["p:lag", "p:hope"]].sum().to_numpy())
    assert outlet.units[0].tolist() == [2, 1]
    assert outlet.dates[:2] == ("2018-01-01", "2019-01-01")
    assert outlet.place("2020") == 2
    with pytest.raises(InputError, match="without a folder"):
        name_outlets(table.assign(article="x"))


def write_plan(folder, content):
    (folder / "outlets.yaml").write_text(content, "utf-8")
    return folder


def test_the_script_writes_all_tables(table, tmp_path, capsys):
    folder = write_plan(
        tmp_path,
        "train:\n  a: {turns: [{from: 2021, change: more lag}]}\n  b: {turns: []}\n",
    )
    path, output = tmp_path / "p.csv", tmp_path / "turns.md"
    table.to_csv(path, index=False)
    options = {"seeds": folder, "predictions": path, "permutations": 100, "draws": 2}
    turns.run(**options, output=output)
    told = output.read_text("utf-8")
    assert told.startswith("Predictions of model m; 100 permutations, seed 0.")
    assert "1 turns of 1 outlets, 1 constant outlets." in told
    assert "1 can have p of .05 or less at all; the smallest is .029" in told
    for title in ("Tests at given dates", "Directions", "Blind search", "The report on drift"):
        assert f"## {title}" in told
    assert "of them of whole profiles, corrected together at .05" in told
    assert "## Groups around 2021" in told
    turns.run(**options)
    assert capsys.readouterr().out == told


def test_outlets_without_a_plan_are_refused(table, tmp_path):
    path = tmp_path / "p.csv"
    table.to_csv(path, index=False)
    folder = write_plan(tmp_path, "train: {z: {turns: [{from: 2021, change: more lag}]}}\n")
    with pytest.raises(InputError, match="no outlet with a planned turn"):
        turns.run(seeds=folder, predictions=path)


def test_hand_codings_are_probabilities_of_0_and_1(tmp_path, monkeypatch):
    from turning.outlets import code_table

    folder = tmp_path / "seeds" / "post"
    folder.mkdir(parents=True)
    (folder / "2020-01-02-one.md").write_text(
        "---\nsource: Post\ndate: 2020-01-02\n---\n\nOne thing is said here.\n", "utf-8"
    )
    from framing.text.reading import read_articles
    from framing.text.segmentation import segment

    (unit,) = [u for a in read_articles([tmp_path / "seeds"]) for u in segment(a)]
    labels = tmp_path / "labels"
    labels.mkdir()
    (labels / "adjudicated.csv").write_text(
        f"id,excerpt,frames,stance:p\n{unit.id},One thing is said,lag,favor\n", "utf-8"
    )
    (labels / "codebook.yaml").write_text(
        "name: n\nversion: 1.0.0\ntitle: t\ndescription: d\n"
        "frames:\n"
        "  - {id: lag, name: Lag, definition: d}\n"
        "  - {id: hope, name: Hope, definition: d}\n"
        "targets:\n"
        "  - {id: p, name: P, definition: d, values: [{id: favor, definition: d},"
        " {id: none, definition: d}]}\n",
        "utf-8",
    )
    (row,) = code_table(tmp_path / "seeds", labels).to_dict("records")
    assert (row["article"], row["date"], row["frames"]) == (unit.article, "2020-01-02", "lag")
    assert (row["p:lag"], row["p:hope"], row["p:p:favor"], row["p:p:none"]) == (1, 0, 1, 0)
    assert row["stance:p"] == "favor"
