"""Tests of shares by source and period."""

import json

import numpy as np
import pandas as pd
import pytest

from framing.measuring.drift import COLUMNS, measure_drift
from framing.measuring.prevalence import estimate_prevalence
from framing.schema import InputError, MismatchError


def make_predictions(seed=0, *, n=240, sources=("Post", "Herald")):
    rng = np.random.default_rng(seed)
    articles = np.sort(rng.integers(0, 60, n))
    lag, favor = np.round(rng.random(n), 3), np.round(rng.random(n), 3)
    return pd.DataFrame(
        {
            "id": [f"u{i}" for i in range(n)],
            "article": [f"article {a}" for a in articles],
            "source": [sources[a % len(sources)] for a in articles],
            "date": [f"202{a % 3}-0{a % 9 + 1}-11" for a in articles],
            "kind": "paragraph",
            "frames": np.where(lag > 0.6, "lag", ""),
            "p:lag": lag,
            "stance:china": np.where(favor > 0.5, "favor", "none"),
            "p:china:favor": favor,
            "p:china:none": 1 - favor,
            "model": "m1",
            "codebook": "c1",
        }
    )


def pick(drift, label, source, period=None):
    cells = drift.cells
    at = (cells["label"] == label) & (cells["source"] == source)
    if period:
        at &= cells["period"] == period
    (row,) = cells[at].to_dict("records")
    return row


def test_cells_come_by_source_then_label():
    cells = measure_drift(make_predictions(), resamples=20).cells
    assert tuple(cells.columns) == COLUMNS
    assert cells["source"].tolist() == ["Herald"] * 3 + ["Post"] * 3
    assert cells["label"].tolist() == ["lag", "china=favor", "china=none"] * 2
    assert cells["kind"].tolist() == ["frame", "stance", "stance"] * 2
    assert cells["period"].isna().all()
    assert set(cells["method"]) == {"calibrated-mean"}


def test_shares_are_means_of_probabilities_with_their_counts():
    table = make_predictions()
    drift = measure_drift(table, resamples=20)
    post = table[table["source"] == "Post"]
    lag, none = pick(drift, "lag", "Post"), pick(drift, "china=none", "Post")
    assert lag["share"] == pytest.approx(post["p:lag"].mean())
    assert lag["naive"] == pytest.approx((post["frames"] == "lag").mean())
    assert none["share"] == pytest.approx(post["p:china:none"].mean())
    assert none["naive"] == pytest.approx((post["stance:china"] == "none").mean())
    assert (lag["n_units"], lag["n_articles"]) == (len(post), post["article"].nunique())
    assert lag["low"] < lag["share"] < lag["high"]
    assert (drift.n_units, drift.n_articles) == (len(table), table["article"].nunique())


def test_intervals_resample_articles():
    table = make_predictions()
    post = table[table["source"] == "Post"]
    lag = pick(measure_drift(table, resamples=4000), "lag", "Post")
    rng = np.random.default_rng(1)
    alone = estimate_prevalence(post["p:lag"], post["article"].tolist(), rng=rng, resamples=4000)
    assert (lag["low"], lag["high"]) == pytest.approx((alone.low, alone.high), abs=0.006)


def test_periods_split_sources():
    table = make_predictions()
    drift = measure_drift(table, over="year", resamples=20)
    assert drift.cells["period"].unique().tolist() == ["2020", "2021", "2022"]
    cell = table[(table["source"] == "Post") & table["date"].str.startswith("2021")]
    assert pick(drift, "lag", "Post", "2021")["share"] == pytest.approx(cell["p:lag"].mean())
    assert drift.cells.groupby("label")["n_units"].sum().tolist() == [len(table)] * 3


def test_a_cell_does_not_depend_on_other_rows_or_their_order():
    table = make_predictions()
    whole = measure_drift(table, resamples=50)
    alone = measure_drift(table[table["source"] == "Post"], resamples=50)
    mixed = measure_drift(table.sample(frac=1, random_state=1), resamples=50)
    for label in ("lag", "china=favor"):
        expected = pick(whole, label, "Post")
        for other in (alone, mixed):
            found = pick(other, label, "Post")
            assert [found[name] for name in ("share", "low", "high")] == pytest.approx(
                [expected[name] for name in ("share", "low", "high")], abs=1e-12
            )


def test_cells_and_seeds_have_resamples_of_their_own():
    table = make_predictions(sources=("Post",))
    copy = table.assign(source="Herald", id=table["id"] + "x")
    both = measure_drift(pd.concat([table, copy]), resamples=50)
    other = measure_drift(table, resamples=50, seed=1)
    lows = {pick(both, "lag", name)["low"] for name in ("Post", "Herald")}
    assert len(lows | {pick(other, "lag", "Post")["low"]}) == 3


def test_boilerplate_is_never_counted():
    table = make_predictions()
    noise = table.assign(kind="boilerplate", id=table["id"] + "x", **{"p:lag": 1.0})
    drift = measure_drift(pd.concat([table, noise]), resamples=20)
    assert drift.left_out == {"boilerplate": len(table)}
    pd.testing.assert_frame_equal(drift.cells, measure_drift(table, resamples=20).cells)


def test_one_article_has_a_share_and_no_interval():
    table = make_predictions().iloc[:2].assign(article="only", source="Post")
    row = pick(measure_drift(table), "lag", "Post")
    assert row["share"] == pytest.approx(table["p:lag"].mean())
    assert np.isnan([row["low"], row["high"]]).all()
    assert row["note"] == "1 article: no interval"


def test_few_articles_are_noted():
    cells = measure_drift(make_predictions(), over="month", resamples=20).cells
    few = cells["n_articles"].between(2, 9)
    assert cells.loc[few, "note"].str.contains("interval likely too narrow").all()


def test_a_label_that_was_not_scored_has_its_own_counts():
    table = make_predictions()
    table.loc[table["source"] == "Post", ["p:china:favor", "stance:china"]] = None
    drift = measure_drift(table, resamples=20)
    row = pick(drift, "china=favor", "Post")
    assert (row["n_units"], row["n_articles"]) == (0, 0)
    assert np.isnan([row["share"], row["low"], row["naive"]]).all()
    assert row["note"] == "0 articles: no interval"
    assert pick(drift, "lag", "Post")["n_units"] == (table["source"] == "Post").sum()


def test_the_naive_share_counts_scored_units_only():
    table = make_predictions().assign(frames="lag")
    table.loc[table.index % 2 == 0, "p:lag"] = None
    row = pick(measure_drift(table, resamples=20), "lag", "Post")
    assert row["naive"] == 1
    assert row["n_units"] == ((table["source"] == "Post") & table["p:lag"].notna()).sum()


def test_spellings_of_a_source_are_counted_together():
    drift = measure_drift(make_predictions(sources=("Post", "Post", "the  POST")), resamples=20)
    assert drift.cells["source"].unique().tolist() == ["Post"]
    assert drift.to_dict()["variants"] == {"Post": ["the  POST"]}


def test_metadata_and_cells_are_json():
    table = make_predictions()
    table.loc[0, "date"] = None
    drift = measure_drift(table, over="quarter", level=0.9, resamples=20, seed=7)
    facts = json.loads(json.dumps(drift.to_dict(), allow_nan=False))
    cells = facts.pop("cells")
    assert facts == {
        "by": "source",
        "over": "quarter",
        "model": "m1",
        "codebook": "c1",
        "level": 0.9,
        "resamples": 20,
        "seed": 7,
        "n_units": 239,
        "n_articles": drift.n_articles,
        "left_out": {"no date": 1},
        "variants": {},
    }
    assert len(cells) == len(drift.cells)
    assert tuple(cells[0]) == COLUMNS


def test_what_json_lacks_becomes_none():
    table = make_predictions().iloc[:1]
    cell = measure_drift(table).to_dict()["cells"][0]
    assert (cell["period"], cell["low"], cell["high"]) == (None, None, None)


def test_frames_given_away_are_copies():
    drift = measure_drift(make_predictions(), resamples=20)
    copy = drift.to_frame()
    copy["share"] = 2.0
    assert drift.cells["share"].max() <= 1


def test_the_table_that_is_given_stays_as_it_is():
    table = make_predictions()
    before = table.copy()
    measure_drift(table, over="year", resamples=20)
    pd.testing.assert_frame_equal(table, before)


def test_gold_is_refused_for_now():
    with pytest.raises(InputError, match=r"^hand codings are not used here yet; leave gold out$"):
        measure_drift(make_predictions(), gold=make_predictions())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"over": "week"}, "cannot bin dates by 'week'"),
        ({"level": 95}, "level is 95"),
        ({"by": "outlet"}, "no column 'outlet' to group by"),
        ({"resamples": 0}, "0 resamples asked for"),
    ],
)
def test_options_are_checked(options, told):
    with pytest.raises(InputError, match=told):
        measure_drift(make_predictions(), **options)


def test_mixed_models_are_refused():
    table = make_predictions()
    table.loc[0, "model"] = "m2"
    with pytest.raises(MismatchError, match="predictions of 2 models: m1, m2"):
        measure_drift(table)
