"""Tests of the terms and paragraphs that stand behind contrasts."""

import pandas as pd
import pytest

from framing.measuring.comparisontables import CONTRASTS
from framing.measuring.contrasts.reasons import EXAMPLES, TERMS, give_reasons
from framing.measuring.eligibility import select_units

SAYS = {"Post": "the dirty mine", "Herald": "the clean mine", "Mail": "the quiet mine"}


def make_predictions(*, per_source=4, decided=True):
    rows = [
        {
            "id": f"{source}:{n}",
            "article": f"{source}-{n}",
            "source": source,
            "date": f"202{n % 2}-03-01",
            "kind": "paragraph",
            "text": f"{said} {('before', 'after')[n % 2]}",
            "frames": "risk" if decided else "[]",
            "p:risk": 0.9 - n / 100,
            "p:lag": 0.1,
            "model": "m",
            "codebook": "c",
        }
        for source, said in SAYS.items()
        for n in range(per_source)
    ]
    return pd.DataFrame(rows)


def make_contrasts(*changes):
    base = {"label": "risk", "kind": "frame", "comparison": "source", "a": "Post", "b": "Herald"}
    base |= {"source": None, "p": 0.01, "stands": True}
    return pd.DataFrame([base | change for change in changes], columns=list(CONTRASTS))


def explain(*changes, table=None):
    table = make_predictions() if table is None else table
    units = select_units(table, by="source", over="year")
    return give_reasons(table, units, make_contrasts(*changes))


def list_terms(terms, side):
    return set(terms.loc[terms["side"] == side, "term"])


def test_terms_of_each_side_and_its_surest_paragraphs():
    terms, examples = explain({})
    assert tuple(terms.columns) == TERMS
    assert tuple(examples.columns) == EXAMPLES
    assert list_terms(terms, "a") == {"dirty", "the dirty", "dirty mine"}
    assert list_terms(terms, "b") == {"clean", "the clean", "clean mine"}
    assert (terms["contrast"] == 0).all()
    assert (terms.loc[terms["side"] == "a", "z"] > 0).all()
    # probabilities 0.9, 0.89, 0.88 and 0.87, each in an article of its own
    assert terms.loc[terms["term"] == "dirty", "count_a"].item() == pytest.approx(3.54)
    assert terms.loc[terms["term"] == "dirty", "count_b"].item() == 0
    assert examples[["side", "id"]].to_numpy().tolist() == [
        ["a", "Post:0"],
        ["a", "Post:1"],
        ["b", "Herald:0"],
        ["b", "Herald:1"],
    ]
    first = examples.iloc[0].to_dict()
    assert first == {
        "contrast": 0,
        "side": "a",
        "id": "Post:0",
        "article": "Post-0",
        "source": "Post",
        "date": "2020-03-01",
        "probability": 0.9,
        "text": "the dirty mine before",
    }


def test_a_source_is_set_against_all_others():
    terms, examples = explain({"b": None})
    assert {"clean", "quiet"} <= list_terms(terms, "b")
    others = examples.loc[examples["side"] == "b", "source"]
    assert set(others) == {"Herald", "Mail"}


@pytest.mark.parametrize(("source", "n_sources"), [(None, 3), ("Mail", 1)])
def test_periods_are_set_against_each_other_within_their_source(source, n_sources):
    change = {"comparison": "period", "a": "2020", "b": "2021", "source": source}
    table = make_predictions(per_source=12)
    terms, examples = explain(change, table=table)
    assert "before" in list_terms(terms, "a")
    assert "after" in list_terms(terms, "b")
    assert set(examples.loc[examples["side"] == "a", "date"]) == {"2020-03-01"}
    held = examples["source"].unique()
    assert len(held) <= n_sources
    assert source is None or held.tolist() == [source]


def test_only_contrasts_that_stand_are_explained_by_their_row():
    terms, examples = explain({"stands": False}, {"stands": None}, {"a": "Mail"})
    assert set(terms["contrast"]) == set(examples["contrast"]) == {2}


def test_frames_go_before_stances_and_the_clearest_first():
    changes = [{"p": n / 1000} for n in range(100, 0, -1)]
    _, examples = explain(*changes)
    assert set(examples["contrast"]) == set(range(40, 100))
    assert examples["contrast"].iloc[0] == 99


def test_what_no_unit_carries_is_not_explained():
    terms, examples = explain({"label": "lag"})
    assert len(terms) == len(examples) == 0
    terms, examples = explain({}, table=make_predictions(decided=False))
    assert len(terms) == len(examples) == 0


def test_a_side_that_does_not_carry_the_label_has_no_terms_and_no_examples():
    table = make_predictions()
    table.loc[table["source"] == "Herald", "frames"] = "[]"
    terms, examples = explain({}, table=table)
    assert len(terms) == 0
    assert set(examples["side"]) == {"a"}


def test_units_left_out_are_neither_counted_nor_quoted():
    table = make_predictions()
    noise = table.assign(kind="boilerplate", text="subscribe", id=table["id"] + "x")
    terms, examples = explain({}, table=pd.concat([noise, table], ignore_index=True))
    base_terms, base_examples = explain({})
    pd.testing.assert_frame_equal(terms, base_terms)
    pd.testing.assert_frame_equal(examples, base_examples)


def test_without_texts_or_contrasts_there_are_no_reasons():
    for found in explain({}, table=make_predictions().drop(columns="text")):
        assert len(found) == 0
    for found in explain():
        assert len(found) == 0


def test_without_dates_examples_have_none():
    table = make_predictions().drop(columns="date")
    units = select_units(table, by="source", over=None)
    _, examples = give_reasons(table, units, make_contrasts({}))
    assert len(examples) == 4
    assert examples["date"].isna().all()
