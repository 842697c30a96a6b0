"""Tests of drift as a whole: what is counted, what is told, and what is refused."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from framing.measuring.contrasts.sides import Plan
from framing.measuring.drift import FACTS, TABLES, Design, Knowledge, measure_drift
from framing.measuring.prevalence.cells import COLUMNS
from framing.measuring.prevalence.doubts import Doubt
from framing.measuring.prevalence.instrument import Instrument, LabelQuality
from framing.schema import CodedUnit, Coding, InputError, MismatchError, Paragraph

QUICK = Plan(resamples=50, permutations=50)
UNSURE = LabelQuality((0.3, 0.0, 0.1), 0.8, 0.1, 0.3, 100, 30, 20)
INSTRUMENT = Instrument("m1", dict.fromkeys(("lag", "china=favor", "china=none"), UNSURE))


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


def code(table, rows, *, shift=0.0, seed=1):
    """Code some rows by hand, with `shift` more of the frame than its probabilities say."""
    rng = np.random.default_rng(seed)
    coded = []
    for row in table.iloc[rows].to_dict("records"):
        found = bool(rng.random() < row["p:lag"] + shift)
        paragraph = Paragraph(row["id"], row["article"], "", 0, 0)
        coded.append(CodedUnit(paragraph, Coding(row["id"], "ann", {"lag": found})))
    return coded


def measure(table, *, knowledge=None, plan=QUICK, **design):
    return measure_drift(table, design=Design(plan=plan, **design), knowledge=knowledge)


def pick(drift, label, source, period=None):
    cells = drift.cells
    same = cells["source"].isna() if source is None else cells["source"] == source
    same &= cells["period"].isna() if period is None else cells["period"] == period
    (row,) = cells[same & (cells["label"] == label)].to_dict("records")
    return row


def assert_same(one, other):
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), rtol=1e-9)
    assert one.notes == other.notes


@pytest.fixture(scope="module")
def yearly():
    return measure(make_predictions(), over="year", naive=True)


def test_cells_of_every_cut_are_given(yearly):
    cells = yearly.cells
    assert tuple(cells.columns) == COLUMNS
    named = cells[cells["label"] == "lag"][["source", "period"]].astype(object)
    years, both = ["2020", "2021", "2022"], ["Herald", "Post"]
    assert {tuple(None if pd.isna(cell) else cell for cell in row) for row in named.to_numpy()} == {
        *((source, None) for source in (*both, None)),
        *((source, year) for source in (*both, None) for year in years),
    }
    assert cells["label"].tolist()[:3] == ["lag", "china=favor", "china=none"]
    assert set(measure(make_predictions()).cells["period"]) == {None}


def test_shares_are_means_of_probabilities_with_their_counts(yearly):
    table = make_predictions()
    post = table[table["source"] == "Post"]
    lag, none = pick(yearly, "lag", "Post"), pick(yearly, "china=none", "Post")
    assert lag["share"] == pytest.approx(post["p:lag"].mean())
    assert lag["article_share"] == pytest.approx(post.groupby("article")["p:lag"].mean().mean())
    assert lag["naive"] == pytest.approx((post["frames"] == "lag").mean())
    assert none["share"] == pytest.approx(post["p:china:none"].mean())
    assert none["naive"] == pytest.approx((post["stance:china"] == "none").mean())
    assert (lag["n_units"], lag["n_articles"]) == (len(post), post["article"].nunique())
    assert (lag["method"], lag["n_gold"]) == ("calibrated-mean", 0)
    assert lag["low"] < lag["share"] < lag["high"]
    year = post[post["date"].str.startswith("2021")]
    assert pick(yearly, "lag", "Post", "2021")["share"] == pytest.approx(year["p:lag"].mean())
    every = table[table["date"].str.startswith("2021")]
    assert pick(yearly, "lag", None, "2021")["share"] == pytest.approx(every["p:lag"].mean())
    assert pick(yearly, "lag", None)["share"] == pytest.approx(table["p:lag"].mean())


def test_without_asking_there_is_no_naive_share():
    assert measure(make_predictions()).cells["naive"].isna().all()


def test_shares_of_contrasts_are_those_of_cells(yearly):
    contrasts = yearly.contrasts
    (row,) = contrasts[
        (contrasts["label"] == "lag") & (contrasts["comparison"] == "source")
    ].to_dict("records")
    assert (row["a"], row["b"]) == ("Herald", "Post")
    assert row["share_a"] == pytest.approx(pick(yearly, "lag", "Herald")["share"])
    assert row["difference"] == pytest.approx(row["share_a"] - row["share_b"])


def test_the_order_of_rows_does_not_matter(yearly):
    table = make_predictions()
    mixed = table.sample(frac=1, random_state=1)
    assert_same(measure(mixed, over="year", naive=True), yearly)


def test_the_names_of_articles_do_not_matter(yearly):
    table = make_predictions()
    renamed = table.assign(article=[f"x{name[::-1]}" for name in table["article"]])
    assert_same(measure(renamed, over="year", naive=True), yearly)


def test_a_share_does_not_depend_on_other_rows():
    table = make_predictions()
    whole, alone = measure(table), measure(table[table["source"] == "Post"])
    for label in ("lag", "china=favor"):
        expected, found = (pick(drift, label, "Post") for drift in (whole, alone))
        assert found["share"] == pytest.approx(expected["share"])
        assert found["low"] == pytest.approx(expected["low"], abs=0.01)


def test_boilerplate_is_never_counted():
    table = make_predictions()
    noise = table.assign(kind="boilerplate", id=table["id"] + "x", **{"p:lag": 1.0})
    drift = measure(pd.concat([table, noise]))
    assert drift.left_out == {"boilerplate": len(table)}
    assert_same(drift, measure(table))


def test_a_label_that_was_not_scored_has_its_own_counts():
    table = make_predictions()
    table.loc[table["source"] == "Post", ["p:china:favor", "stance:china"]] = None
    drift = measure(table, naive=True)
    row = pick(drift, "china=favor", "Post")
    assert (row["n_units"], row["n_articles"]) == (0, 0)
    assert np.isnan([row["share"], row["low"], row["naive"]]).all()
    assert row["note"] == "0 articles: no interval"
    assert pick(drift, "lag", "Post")["n_units"] == (table["source"] == "Post").sum()


def test_the_naive_share_counts_scored_units_only():
    table = make_predictions().assign(frames="lag")
    table.loc[table.index % 2 == 0, "p:lag"] = None
    row = pick(measure(table, naive=True), "lag", "Post")
    assert row["naive"] == 1
    assert row["n_units"] == ((table["source"] == "Post") & table["p:lag"].notna()).sum()


def test_spellings_of_a_source_are_counted_together():
    drift = measure(make_predictions(sources=("Post", "Post", "the  POST", "Mail")), against="POST")
    assert set(drift.cells["source"].dropna()) == {"Post", "Mail"}
    assert drift.to_dict()["variants"] == {"Post": ["the  POST"]}
    assert set(drift.contrasts["b"]) == {"Post"}


def test_codings_correct_the_cells_that_hold_them():
    table = make_predictions()
    rows = np.flatnonzero(table["source"] == "Post")[:60]
    gold = code(table, rows, shift=0.25)
    drift = measure(table, knowledge=Knowledge(gold=gold))
    post, herald, whole = (pick(drift, "lag", name) for name in ("Post", "Herald", None))
    assert [row["method"] for row in (post, herald, whole)] == [
        *("prediction-powered", "calibrated-mean", "calibrated-mean")
    ]
    assert (post["n_gold"], post["n_gold_articles"]) == (60, table.iloc[rows]["article"].nunique())
    assert post["share"] > table.loc[table["source"] == "Post", "p:lag"].mean() + 0.1
    assert herald["share"] == pytest.approx(table.loc[table["source"] == "Herald", "p:lag"].mean())
    assert pick(drift, "china=favor", "Post")["method"] == "calibrated-mean"
    assert (drift.facts["n_gold"], drift.facts["n_gold_unmatched"]) == (60, 0)


def test_a_calibration_that_fails_widens_only_cells_without_codings():
    table = make_predictions()
    rows = np.flatnonzero(table["source"] == "Post")[:60]
    fair, off = (
        measure(table, knowledge=Knowledge(gold=code(table, rows, shift=shift)))
        for shift in (0.0, 0.4)
    )
    before, after = (pick(drift, "lag", "Herald") for drift in (fair, off))
    assert (before["status"], after["status"]) == ("estimated", "widened")
    assert after["note"].startswith("hand codings find lag more often than its probabilities say")
    assert after["high"] > before["high"] + 0.1
    assert after["low"] < before["low"] - 0.1
    assert pick(off, "lag", "Post")["status"] == "estimated"
    assert pick(off, "china=favor", "Herald")["status"] == "estimated"
    assert np.ptp([pick(off, "lag", "Post")[name] for name in ("low", "high")]) < 0.3


def test_codings_of_every_unit_of_a_census_leave_nothing_open():
    table = make_predictions()
    gold = code(table, range(len(table)))
    drift = measure(table, knowledge=Knowledge(gold=gold), census=True)
    row = pick(drift, "lag", "Post")
    truth = {unit.coding.unit: unit.coding.frames["lag"] for unit in gold}
    expected = np.mean([truth[name] for name in table.loc[table["source"] == "Post", "id"]])
    assert [row[name] for name in ("share", "low", "high")] == pytest.approx([expected] * 3)
    assert drift.facts["census"] is True


def test_codings_of_one_source_do_not_correct_the_share_of_all():
    table = make_predictions()
    other = table["source"] == "Herald"
    table.loc[other, "p:lag"] = table.loc[other, "p:lag"] / 4
    rows = np.flatnonzero(table["source"] == "Post")[:60]
    drift = measure(table, knowledge=Knowledge(gold=code(table, rows)))
    post, whole = pick(drift, "lag", "Post"), pick(drift, "lag", None)
    assert (post["method"], whole["method"]) == ("prediction-powered", "calibrated-mean")
    assert whole["share"] == pytest.approx(table["p:lag"].mean())
    told = r"60 hand codings do not correct the share \(none is of Herald, which holds \d+% of its"
    assert re.match(told, whole["note"])


def test_codings_of_the_last_periods_do_not_correct_all_time():
    """What `plan` draws: of the two periods that are compared, with weights."""
    table = make_predictions(n=1200, sources=("Post",))
    late = np.flatnonzero(~table["date"].str.startswith("2020"))[::2]
    gold = code(table, late, shift=0.3)
    weights = {unit.coding.unit: 2.0 for unit in gold}
    drift = measure(table, knowledge=Knowledge(gold=gold, weights=weights), over="year")
    for source in ("Post", None):
        whole = pick(drift, "lag", source)
        assert whole["method"] == "calibrated-mean"
        assert "their weights stand for" in whole["note"] or "none is of" in whole["note"]
        assert pick(drift, "lag", source, "2021")["method"] == "prediction-powered"


def test_codings_of_most_parts_correct_part_by_part():
    """Two sources coded at different rates, with weights that say so only within each."""
    table = make_predictions(n=1200)
    post = table["source"] == "Post"
    rng = np.random.default_rng(0)
    truth = rng.random(1200) < np.clip(table["p:lag"] + np.where(post, 0.25, -0.25), 0, 1)
    few = np.flatnonzero(~post)[::6]
    gold = [
        CodedUnit(Paragraph(u, "", "", 0, 0), Coding(u, "ann", {"lag": bool(found)}))
        for u, found in zip(table["id"], truth, strict=True)
    ]
    gold = [unit for at, unit in enumerate(gold) if post[at] or at in few]
    weights = {unit.coding.unit: 3.0 for unit in gold}
    drift = measure(table, knowledge=Knowledge(gold=gold, weights=weights))
    whole = pick(drift, "lag", None)
    assert whole["method"] == "prediction-powered"
    assert whole["note"].startswith("corrected source by source and period by period (their weight")
    sizes = [post.mean(), 1 - post.mean()]
    parts = [pick(drift, "lag", name) for name in ("Post", "Herald")]
    expected = np.dot(sizes, [part["share"] for part in parts])
    assert whole["share"] == pytest.approx(expected)
    assert whole["low"] < truth.mean() < whole["high"]


def test_weights_of_codings_count():
    table = make_predictions(sources=("Post",))
    gold = [*code(table, range(40), shift=1.0), *code(table, range(40, 80))]
    weights = {unit.coding.unit: 9.0 if at < 40 else 1.0 for at, unit in enumerate(gold)}
    plain, weighted = (
        pick(measure(table, knowledge=Knowledge(gold=gold, weights=given)), "lag", "Post")
        for given in ({}, weights)
    )
    assert weighted["share"] > plain["share"] + 0.1


def test_the_models_account_of_calibration_widens():
    table = make_predictions()
    plain, found = (
        pick(measure(table, knowledge=Knowledge(instrument=given)), "lag", "Post")
        for given in (None, INSTRUMENT)
    )
    assert found["share"] == plain["share"]
    assert found["high"] - found["low"] > plain["high"] - plain["low"] + 0.05
    assert np.isnan([plain["adjusted"], plain["em"]]).all()
    assert 0 <= found["adjusted"] <= 1
    assert 0 <= found["em"] <= 1


def test_what_is_not_known_of_calibration_is_noted():
    table = make_predictions()
    unknown = measure(table).notes[0]
    assert unknown.startswith("the model's own account of its calibration is not known: intervals")
    partly = Instrument("m1", {"lag": UNSURE, "china=none": UNSURE})
    told = measure(table, knowledge=Knowledge(instrument=partly)).notes[0]
    assert told.startswith("the model's own account of its calibration of china=favor is not known")
    assert measure(table, knowledge=Knowledge(instrument=INSTRUMENT)).notes == ()


def test_articles_that_the_model_learnt_from_are_counted():
    table = make_predictions()
    table.loc[table["article"] == "article 3", "kind"] = "boilerplate"
    n_articles = table.loc[table["kind"] == "paragraph", "article"].nunique()

    def note(*trained):
        names = [f"article article {number}" for number in trained]
        return measure(table, knowledge=Knowledge(INSTRUMENT, trained=names)).notes

    assert note(1, 1, 2, 3, 99) == (
        f"2 of {n_articles} articles had a part in the model's training; their probabilities are "
        "too sure",
    )
    assert note(1)[0].endswith("; its probabilities are too sure")
    assert note(99) == ()


def test_codings_of_articles_that_the_model_learnt_from_are_left_out():
    table = make_predictions()
    own = np.flatnonzero(table["article"] == "article 3")
    gold = code(table, range(60))
    n_learnt = len(set(own) & set(range(60)))
    trained = ["article article 3"]
    drift = measure(table, knowledge=Knowledge(INSTRUMENT, gold=gold, trained=trained))
    assert drift.facts["n_gold"] == 60 - n_learnt > 50
    assert f"{n_learnt} codings are of texts that the model learnt from and left out" in drift.notes
    one = measure(table, knowledge=Knowledge(gold=code(table, [own[0], 70]), trained=trained))
    assert "1 coding is of texts that the model learnt from and left out" in one.notes


def test_a_census_is_one_for_shares_alone():
    table = make_predictions()
    plain, census = (
        measure(table, knowledge=Knowledge(INSTRUMENT), over="year", census=census)
        for census in (False, True)
    )
    told = (
        "differences, trends and turning points, their intervals and tests, still treat the "
        "articles as a sample; the census counts for shares alone"
    )
    assert census.notes == (told, *plain.notes)
    assert pick(plain, "lag", "Post")["low"] != pick(census, "lag", "Post")["low"]
    for name in ("contrasts", "trends", "turns"):
        pd.testing.assert_frame_equal(getattr(plain, name), getattr(census, name))
    alone = measure(
        make_predictions(sources=("Post",)), knowledge=Knowledge(INSTRUMENT), census=True
    )
    assert not any("census" in note for note in alone.notes)


def test_doubts_reach_a_source_however_it_is_spelled():
    table = make_predictions(sources=("Post", "Herald", "the post", "Post"))
    doubts = {"THE  POST": Doubt("refused", "foreign"), "Mail": Doubt("widened", "not there")}
    drift = measure(table, knowledge=Knowledge(INSTRUMENT, doubts=doubts))
    assert pick(drift, "lag", "Post")["status"] == "refused"
    assert pick(drift, "lag", "Herald")["status"] == "estimated"
    assert pick(drift, "lag", None)["note"] == "without Post, refused"


@pytest.mark.parametrize("over", [None, "year"])
def test_refused_sources_are_in_no_comparison(over):
    table = make_predictions(sources=("Post", "Herald", "Mail"))
    doubts = {"Mail": Doubt("refused", "texts of another kind")}
    drift = measure(table, knowledge=Knowledge(doubts=doubts), over=over)
    row = pick(drift, "lag", "Mail")
    assert (row["status"], row["note"]) == ("refused", "texts of another kind")
    assert np.isnan(row["share"])
    contrasts = drift.contrasts
    theirs = contrasts[contrasts["comparison"] == "source"]
    theirs = theirs[(theirs["a"] == "Mail") | (theirs["b"] == "Mail")]
    assert theirs["difference"].isna().all()
    assert theirs["p"].isna().all()
    assert not theirs["stands"].astype(bool).any()
    others = contrasts[(contrasts["a"] == "Herald") & (contrasts["b"] == "Post")]
    assert others["p"].notna().all()
    assert "Mail" not in set(drift.trends["source"])


def test_refused_sources_are_left_out_of_what_pools_sources():
    table = make_predictions(sources=("Post", "Herald", "Mail"))
    numbers = table["article"].str.removeprefix("article ").astype(int)
    table["date"] = (2020 + numbers // 3 % 3).astype(str)
    late = (table["source"] == "Mail") & (table["date"] == "2022")
    table.loc[late, "p:lag"] = 1.0
    doubts = {"Mail": Doubt("refused", "texts of another kind")}
    drift = measure(table, knowledge=Knowledge(doubts=doubts), over="year")
    rest = measure(table[table["source"] != "Mail"], over="year")
    for period in (None, "2020", "2022"):
        whole, expected = pick(drift, "lag", None, period), pick(rest, "lag", None, period)
        assert (whole["status"], whole["note"]) == ("estimated", "without Mail, refused")
        assert whole["share"] == pytest.approx(expected["share"])
        assert whole["n_articles"] == expected["n_articles"]
    pooled, other = (
        found.contrasts[
            (found.contrasts["comparison"] == "period") & found.contrasts["source"].isna()
        ]
        for found in (drift, rest)
    )
    assert pooled["difference"].tolist() == pytest.approx(other["difference"].tolist())


def test_nothing_is_known_of_all_where_every_source_is_refused():
    doubts = dict.fromkeys(("Post", "Herald"), Doubt("refused", "foreign"))
    row = pick(measure(make_predictions(), knowledge=Knowledge(doubts=doubts)), "lag", None)
    assert (row["status"], row["note"]) == ("refused", "all sources are")
    assert np.isnan(row["share"])


def test_differences_of_a_source_in_doubt_are_as_unsure_as_its_share():
    table, doubts = make_predictions(), {"Post": Doubt("widened", "old texts")}
    plain, doubted = (
        measure(table, knowledge=Knowledge(INSTRUMENT, doubts=given)) for given in ({}, doubts)
    )
    row = pick(doubted, "lag", "Post")
    reach = max(abs(row[name] - row["share"]) for name in ("adjusted", "em"))
    before, after = (found.contrasts.iloc[0] for found in (plain, doubted))
    assert after["difference"] == before["difference"]
    assert after["high"] > after["difference"] + 0.7 * reach
    assert after["high"] > before["high"]


def test_copies_count_once_where_sources_are_pooled():
    """Eight sources print the same stories."""
    rng = np.random.default_rng(0)
    shares = np.clip(rng.beta(0.6, 1.4, 24), 0.01, 0.99)
    rows = [
        {"id": f"{story}-{source}-{n}", "article": f"{story}-{source}", "source": f"S{source}"}
        | {"date": "2020" if story < 12 else "2021", "p:lag": shares[story], "kind": "paragraph"}
        | {"frames": "", "model": "m", "codebook": "c"}
        for story in range(24)
        for source in range(8)
        for n in range(3)
    ]
    table = pd.DataFrame(rows)
    copies = {f"article {story}-{source}": f"{story}" for story in range(24) for source in range(8)}
    plain, drift = (
        measure(table, over="year", knowledge=Knowledge(copies=given)) for given in ({}, copies)
    )
    alone = measure(table[table["source"] == "S0"], over="year")
    before, after, one = (pick(found, "lag", None) for found in (plain, drift, alone))
    widths = [row["high"] - row["low"] for row in (before, after, one)]
    assert widths[1] == pytest.approx(widths[2], rel=0.1)
    assert widths[1] > 2 * widths[0]
    assert (after["share"], after["n_articles"]) == (before["share"], 24 * 8)
    assert after["article_share"] == pytest.approx(before["article_share"])
    own = [found.cells[found.cells["source"] == "S0"] for found in (plain, drift)]
    pd.testing.assert_frame_equal(*own)


def test_copies_are_a_part_of_the_change():
    table = make_predictions()
    copies = {f"article article {n}": "copies" for n in range(20)}
    plain = measure(table, over="year")
    drift = measure(table, over="year", knowledge=Knowledge(copies=copies))
    assert "copies" not in set(plain.decompositions["part"])
    assert "copies" in set(drift.decompositions["part"])


def test_codings_show_how_calibration_moved():
    table = make_predictions(n=600)
    early = np.flatnonzero(table["date"].str.startswith("2020"))[:60]
    late = np.flatnonzero(table["date"].str.startswith("2022"))[:60]
    gold = [*code(table, early), *code(table, late, shift=0.3)]
    drift = measure(table, over="year", knowledge=Knowledge(gold=gold))
    parts = drift.decompositions
    (part,) = parts[(parts["part"] == "calibration") & (parts["label"] == "lag")].to_dict("records")
    assert 0.05 < part["low"] < part["value"] < part["high"] < 0.6
    assert "calibration" not in set(measure(table, over="year").decompositions["part"])


def test_facts_and_tables_are_json(yearly):
    table = make_predictions()
    table.loc[0, "date"] = None
    plan = Plan(level=0.9, alpha=0.1, margin=0.2, resamples=20, permutations=30, seed=7)
    drift = measure(table, over="quarter", plan=plan)
    facts = json.loads(json.dumps(drift.to_dict(), allow_nan=False))
    tables = {name: facts.pop(name) for name in TABLES}
    assert facts.pop("notes") == list(drift.notes)
    assert sum(facts.pop("tests").values()) == facts.pop("n_tests") == drift.facts["n_tests"] > 0
    assert facts == {
        "by": "source",
        "over": "quarter",
        "model": "m1",
        "codebook": "c1",
        "level": 0.9,
        "alpha": 0.1,
        "margin": 0.2,
        "resamples": 20,
        "permutations": 30,
        "seed": 7,
        "census": False,
        "n_units": 239,
        "n_articles": 59,
        "n_gold": 0,
        "n_gold_unmatched": 0,
        "left_out": {"no date": 1},
        "variants": {},
    }
    assert tuple(drift.facts) == FACTS
    for name, rows in tables.items():
        assert len(rows) == len(getattr(drift, name))
    assert tuple(tables["cells"][0]) == COLUMNS


def test_what_json_lacks_becomes_none():
    cell = measure(make_predictions().iloc[:1]).to_dict()["cells"][0]
    assert (cell["period"], cell["low"], cell["high"], cell["em"]) == (None, None, None, None)


def test_frames_given_away_are_copies(yearly):
    copy = yearly.to_frame()
    copy["share"] = 2.0
    assert yearly.cells["share"].max() <= 1


def test_the_table_that_is_given_stays_as_it_is():
    table = make_predictions()
    before = table.copy()
    measure(table, over="year")
    pd.testing.assert_frame_equal(table, before)


def test_partial_dates_count_where_they_are_precise_enough():
    table = make_predictions()
    table["date"] = table["date"].str[:4]
    assert set(measure(table, over="year").cells["period"].dropna()) == {"2020", "2021", "2022"}
    table.loc[:9, "date"] = "2021-03"
    drift = measure(table, over="month")
    assert drift.left_out == {"date too coarse": 230}
    assert drift.facts["n_units"] == 10


# What cannot be used, or hardly


def test_one_source_is_measured_and_not_compared():
    drift = measure(make_predictions(sources=("Post",)), over="year")
    assert "one source only: sources are not compared" in drift.notes
    assert not (drift.contrasts["comparison"] == "source").any()
    assert len(drift.distances) == 0
    assert pick(drift, "lag", "Post")["low"] < pick(drift, "lag", "Post")["high"]


def test_one_article_a_cell_has_shares_and_no_intervals():
    table = make_predictions()
    drift = measure(table.assign(source=table["article"]), over="year")
    own = drift.cells[drift.cells["source"].notna()]
    assert own["share"].notna().all()
    assert own[["low", "high"]].isna().all(axis=None)
    assert set(own["note"]) == {"1 article: no interval"}
    assert not drift.contrasts["stands"].astype(bool).any()
    assert any("fewer than two periods of two articles" in note for note in drift.notes)


def test_one_unit_is_measured():
    drift = measure(make_predictions().iloc[:1], over="year")
    assert set(drift.cells["note"]) == {"1 article: no interval"}
    assert drift.facts["n_tests"] == 0


def test_a_few_hundred_sources_are_measured_and_the_cut_is_told():
    rng = np.random.default_rng(0)
    table = make_predictions(n=3000)
    articles = rng.integers(0, 900, 3000)
    table["article"] = [f"a{article}" for article in articles]
    table["source"] = [f"source {article % 300}" for article in articles]
    drift = measure(table)
    assert drift.cells["source"].nunique() == 300
    assert len(drift.contrasts) == 900
    assert "300 sources: distances between profiles are given for up to 60" in drift.notes
    assert not drift.contrasts["stands"].astype(bool).any()


@pytest.mark.parametrize(
    ("change", "over", "told"),
    [
        (lambda table: table.iloc[:0], None, r"^no rows; give the output of framing predict$"),
        (lambda table: table.assign(date=None), "year", r"^no unit is left to count \(240 no date"),
        (lambda table: table.drop(columns="date"), "year", "^no column 'date' to see change over"),
        (
            lambda table: table.assign(**{"p:lag": 1.5}),
            None,
            "^unit u0: p:lag is 1.5, not a probability from 0 to 1; give the output of framing",
        ),
    ],
)
def test_tables_are_checked(change, over, told):
    with pytest.raises(InputError, match=told):
        measure(change(make_predictions()), over=over)


@pytest.mark.parametrize("column", ["model", "codebook"])
def test_mixed_files_are_refused(column):
    table = make_predictions()
    table.loc[0, column] = "z9"
    with pytest.raises(MismatchError, match=f"predictions of 2 {column}s: .1, z9"):
        measure(table)


def test_an_instrument_of_another_model_is_refused():
    other = Instrument("m2", {})
    told = "^the predictions are of model m1, this one is m2; give --model the file that made them$"
    with pytest.raises(MismatchError, match=told):
        measure(make_predictions(), knowledge=Knowledge(instrument=other))


def test_codings_of_other_units_are_refused():
    table = make_predictions()
    other = table.assign(id=table["id"] + "x", article="other")
    with pytest.raises(InputError, match=r"^none of 3 hand-coded units is among those"):
        measure(table, knowledge=Knowledge(gold=code(other, range(3))))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"over": "week"}, "^cannot bin dates by 'week'; use year, quarter or month$"),
        ({"by": "outlet"}, "^no column 'outlet' to group by"),
        ({"against": "Mail"}, "^no source 'Mail' to compare with; use one of Herald, Post$"),
    ],
)
def test_options_are_checked(options, told):
    with pytest.raises(InputError, match=told):
        measure(make_predictions(), **options)
