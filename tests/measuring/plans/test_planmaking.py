"""Plans: what they promise is kept in simulations, and what cannot be promised is said."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from framing.measuring.archives import Archive
from framing.measuring.plans.planmaking import ALL, POOLED, plan_archive, plan_coding
from framing.measuring.plans.planning import FEWEST_A_CELL, Aim
from framing.measuring.plans.sides import find_cells
from framing.schema import InputError

DATES = {0: "2024-05-01", 1: "2025-05-01"}


def draw_archive(rng, *, n_articles, shares, concentration=4.0):
    """Two years, four sources each; an article's units have probabilities about its own rate."""
    cells = np.repeat([0, 1], n_articles)
    sizes = rng.integers(5, 15, len(cells))
    rates = rng.beta(
        10 * np.take(shares, cells), 10 * (1 - np.take(shares, cells))
    )  # an article's own
    codes = np.repeat(np.arange(len(cells)), sizes)
    mean = np.clip(rates[codes], 0.001, 0.999)
    probabilities = rng.beta(concentration * mean, concentration * (1 - mean))[:, None]
    return Archive(
        frames=("lag",),
        probabilities=probabilities,
        codes=codes,
        rows=np.arange(len(codes)),
        texts=("",) * len(codes),
        articles=tuple(f"a{i}" for i in range(len(cells))),
        sources=tuple(f"s{i % 4}" for i in range(len(cells))),
        dates=tuple(DATES[cell] for cell in cells.tolist()),
        model="m",
        codebook="c",
    )


def draw_truth(archive, rng, *, correlation):
    """Codes that the probabilities predict; a shared draw makes units of an article err alike."""
    p = archive.probabilities[:, 0]
    chance = rng.random(len(p))
    if correlation:  # every unit follows its article's draw with a chance of 1 in 3
        alike = rng.random(len(p)) < 1 / 3
        chance = np.where(alike, rng.random(len(archive.articles))[archive.codes], chance)
    return np.bincount(archive.codes, weights=chance < p)


def is_found(archive, plan, truth, *, alpha=0.05):
    """Test the difference between the two years with the plan's sample."""
    units, sums = archive.units[:, 0], archive.sums[:, 0]
    coded = np.isin(archive.articles, list(plan.articles))
    chances = np.array([plan.articles.get(name, np.nan) for name in archive.articles])
    shares, variances = [], []
    for year in ("2024-05-01", "2025-05-01"):
        held = np.array([date == year for date in archive.dates])
        both = held & coded
        total = units[held].sum()
        residuals = (truth - sums)[both]
        share = (sums[held].sum() + np.sum(residuals / chances[both])) / total
        n = held.sum()
        spread = np.sum((sums - share * units)[held] ** 2) * n / (n - 1)
        strata = np.array(archive.sources)[both]
        rectifier = 0.0
        for name in set(strata):
            inside = strata == name
            size = np.sum(held & (np.array(archive.sources) == name))
            left = 1 - inside.sum() / size if plan.aim.is_census else 1
            rectifier += left * size**2 * residuals[inside].var(ddof=1) / inside.sum()
        shares.append(share)
        variances.append(((0 if plan.aim.is_census else spread) + rectifier) / total**2)
    z = (shares[1] - shares[0]) / np.sqrt(sum(variances))
    return z > NormalDist().inv_cdf(1 - alpha / 2)


def simulate_power(
    *,
    replicates,
    detect=0.1,
    power=0.8,
    n_articles=200,
    design_effect=1.0,
    correlation=False,
    is_census=False,
    seed=1,
):
    """Share of simulated archives in which the change is found, as planned for, and promised."""
    rng = np.random.default_rng(seed)
    aim = Aim(detect, power, design_effect=design_effect, is_census=is_census)
    found, promised, coded = [], [], []
    for _ in range(replicates):
        archive = draw_archive(rng, n_articles=n_articles, shares=[0.25, 0.25 + detect])
        plan = plan_archive(archive, aim, find_cells(archive), seed=int(rng.integers(2**31)))
        truth = draw_truth(archive, rng, correlation=correlation)
        if is_census:  # the change of this very archive is what is asked for
            truth = fix_change(archive, truth, detect)
        found.append(is_found(archive, plan, truth))
        promised.append(plan.frames[0].power)
        coded.append(plan.n_articles)
    return float(np.mean(found)), float(np.mean(promised)), float(np.mean(coded))


def fix_change(archive, truth, detect):
    held = np.array([date == "2025-05-01" for date in archive.dates])
    units = archive.units[:, 0]
    change = truth[held].sum() / units[held].sum() - truth[~held].sum() / units[~held].sum()
    return truth + np.where(held, (detect - change) * units, 0.0)


@pytest.mark.parametrize(
    "case",
    [
        {},
        {"design_effect": 2.0, "correlation": True},
        {"detect": 0.07, "power": 0.9},
        {"is_census": True, "detect": 0.06},
    ],
)
def test_power_is_what_was_promised(case):
    found, promised, _ = simulate_power(replicates=250, **case)
    assert promised == pytest.approx(case.get("power", 0.8), abs=0.02)
    assert found == pytest.approx(promised, abs=0.08)


def test_without_a_change_nothing_is_found_more_often_than_alpha():
    rng = np.random.default_rng(3)
    found = []
    for _ in range(250):
        archive = draw_archive(rng, n_articles=100, shares=[0.3, 0.3])
        plan = plan_archive(archive, Aim(0.12), find_cells(archive), seed=int(rng.integers(2**31)))
        found.append(is_found(archive, plan, draw_truth(archive, rng, correlation=False)))
    assert np.mean(found) < 0.07  # one side of a two-sided test: .025


def make_table(n=40, *, sources=("Post", "Herald"), years=("2024", "2025"), p=0.5, frames=("lag",)):
    rows = []
    for year in years:
        for i in range(n):
            article = f"{year}-{i}"
            row = {"article": article, "source": sources[i % len(sources)], "kind": "paragraph"}
            row |= {
                "date": f"{year}-03-{1 + i % 28:02}",
                "text": f"Tin fell in {i}.",
                "frames": "[]",
            }
            row |= {f"p:{frame}": p for frame in frames} | {"model": "m", "codebook": "c"}
            rows += [row | {"id": f"{article}:{u}"} for u in range(4 + i % 3)]
    return pd.DataFrame(rows)


def test_a_plan_names_articles_strata_and_needs():
    table = make_table()
    plan = plan_coding(table, 0.2)
    assert (plan.comparison, plan.a, plan.b, plan.frame) == ("period", "2024", "2025", "lag")
    assert len(plan.articles) == plan.n_articles == sum(s.n_coded for s in plan.strata)
    assert [(s.cell, s.stratum, s.n_articles) for s in plan.strata] == [
        ("2024", "Herald", 20),
        ("2024", "Post", 20),
        ("2025", "Herald", 20),
        ("2025", "Post", 20),
    ]
    by_name = table.drop_duplicates("article").set_index("article")
    for article, chance in plan.articles.items():
        row = by_name.loc[article]
        (stratum,) = (
            s for s in plan.strata if (s.cell, s.stratum) == (row["date"][:4], row["source"])
        )
        assert chance == stratum.n_coded / stratum.n_articles
    assert plan.n_units == sum((table["article"] == name).sum() for name in plan.articles)
    (need,) = plan.frames
    assert need.share_a == need.share_b == 0.5
    assert need.n_articles == plan.n_articles
    assert need.power >= 0.8
    assert need.smallest < need.detectable <= 0.2
    assert plan.to_dict()["aim"]["detect"] == 0.2


def test_the_seed_decides_the_draw_and_nothing_else_does():
    plans = [plan_coding(make_table(), 0.2, seed=seed) for seed in (1, 1, 2)]
    assert plans[0] == plans[1]
    assert plans[0].articles != plans[2].articles
    assert plans[0].strata == plans[2].strata


def test_small_strata_are_pooled_in_their_cell():
    names = ("Post", "Post", "Post", "Herald", "Gazette")
    plan = plan_coding(make_table(30, sources=names), 0.3)
    assert [(s.cell, s.stratum, s.n_articles) for s in plan.strata[:2]] == [
        ("2024", POOLED, 12),
        ("2024", "Post", 18),
    ]
    plan = plan_coding(make_table(24, sources=("A", "B", "C", "D")), 0.3)
    assert [s.stratum for s in plan.strata] == [ALL, ALL]


def test_the_most_demanding_frame_decides_unless_one_is_named():
    table = make_table(frames=("lag", "risk"))
    table["p:risk"] = 0.02
    assert plan_coding(table, 0.2).frame == "lag"
    plan = plan_coding(table, 0.2, frame="risk")
    assert plan.frame == "risk"
    assert plan.n_articles < plan_coding(table, 0.2).n_articles
    assert plan.frames[0].power < 0.8


def test_at_least_ten_articles_a_cell():
    plan = plan_coding(make_table(p=0.01), 0.3)
    for cell in ("2024", "2025"):
        assert sum(s.n_coded for s in plan.strata if s.cell == cell) >= FEWEST_A_CELL
    assert any("more than the aim needs" in note for note in plan.notes)


def test_an_archive_that_is_too_small_says_what_it_could_find():
    table = make_table(frames=("lag", "risk"))
    with pytest.raises(
        InputError, match=r"too small: coding all 80 articles would detect a change"
    ):
        plan_coding(table, 0.02)
    with pytest.raises(InputError) as error:
        plan_coding(table, 0.0221)
    smallest = float(str(error.value).partition("change of ")[2].split()[0])
    assert smallest > 0.0221
    table["p:risk"] = 0.001
    plan = plan_coding(table, 0.02)
    assert plan.frame == "risk"
    assert plan.frames[0].n_articles is None
    assert plan.notes[0] == "the archive is too small to find such a change in lag"
    with pytest.raises(InputError, match="too small"):
        plan_coding(table, 0.02, frame="lag")


def test_a_census_needs_fewer():
    rng = np.random.default_rng(0)
    archive = draw_archive(rng, n_articles=100, shares=[0.3, 0.3])
    cells = find_cells(archive)
    sample = plan_archive(archive, Aim(0.1), cells)
    census = plan_archive(archive, Aim(0.1, is_census=True), cells)
    assert census.n_articles < sample.n_articles
    assert census.frames[0].smallest == pytest.approx(0)


def test_articles_without_a_date_take_no_part():
    table = make_table()
    table.loc[table["article"].isin(["2024-0", "2024-1"]), "date"] = None
    plan = plan_coding(table, 0.2)
    assert plan.n_archive == 78
    assert "2 articles without a date take no part" in plan.notes


def test_an_unknown_frame_is_refused():
    with pytest.raises(InputError, match="no frame 'cost'; choose from lag"):
        plan_coding(make_table(), 0.2, frame="cost")
