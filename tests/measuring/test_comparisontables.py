"""Tests of comparisons as tables."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from framing.measuring.comparisontables import (
    CONTRASTS,
    DECOMPOSITIONS,
    DISTANCES,
    PROFILE_TURNS,
    TRENDS,
    TURNS,
    Findings,
    tabulate_change,
    tabulate_distances,
    tabulate_findings,
)
from framing.measuring.contrasts.decomposition import Decomposition, Part
from framing.measuring.contrasts.differences import Contrast
from framing.measuring.contrasts.profiles import Distances
from framing.measuring.contrasts.sides import Plan
from framing.measuring.predictions import Label
from framing.measuring.trends.profileturns import ProfileTurn
from framing.measuring.trends.slopetests import Trend
from framing.measuring.trends.turns import Turn

LABELS = (Label("lag", "frame", "p:lag"), Label("china=favor", "stance", "p:china:favor"))
NAN = float("nan")
NONE = dict.fromkeys(("contrasts", "trends", "turns", "profile_turns", "equivalence"), 0)


def contrast(p, *, p_equivalent=(NAN, NAN)):
    half, n = np.array([0.5, NAN]), np.array([9.0, 0.0])
    return Contrast(
        *("source", "a", None, None, half, half, half, half, half),
        *(np.array(p), np.array(p_equivalent), n, n),
    )


def trend(p):
    half, n = np.array([0.5, 0.5]), np.array([6.0, 6.0])
    return Trend(None, half, half, half, np.array(p), "2019", "2024", n, n)


def turn(p, depth=0):
    return Turn("a", 1, "2020", 0.1, 0.3, 0.2, 0.1, 0.3, p, depth)


def test_all_p_values_are_corrected_together():
    tested = Findings((contrast([0.001, NAN]),), (trend([0.04, 0.5]),), (turn(0.01), turn(0.9, 1)))
    tables, tests = tabulate_findings(tested, LABELS, Plan())
    assert tests == {**NONE, "contrasts": 1, "trends": 2, "turns": 2}
    expected = stats.false_discovery_control([0.001, 0.04, 0.5, 0.01, 0.9])
    assert tables["contrasts"].p_adjusted.tolist() == pytest.approx([expected[0], NAN], nan_ok=True)
    assert tables["trends"].p_adjusted.tolist() == pytest.approx(expected[1:3])
    assert tables["turns"].p_adjusted.tolist() == pytest.approx([expected[3]])
    assert tables["contrasts"].stands.tolist() == [True, None]
    assert tables["trends"].stands.tolist() == [False, False]
    assert tables["turns"].stands.tolist() == [True]


def mirror(tested, *, target="law", values=("pro", "con")):
    labels = [Label(f"{target}={v}", "stance", f"p:{target}:{v}", target, v) for v in values]
    return tabulate_findings(tested, labels, Plan(margin=0.1))


def compare_shares(share_a, share_b, p):
    a, b, n = np.array(share_a), np.array(share_b), np.full(len(p), 9.0)
    return Contrast("source", "x", "y", None, a, b, a - b, a, a, np.array(p), np.array(p), n, n)


def test_of_two_values_that_complement_each_other_one_is_tested():
    contrasts = compare_shares([0.2, 0.8], [0.3, 0.7], [0.01, 0.011])
    other = compare_shares([0.2, 0.7], [0.3, 0.7], [0.02, 0.3])  # these do not
    slopes = np.array([0.4, -0.4])
    trends = Trend("x", slopes, slopes, slopes, np.array([0.03, 0.03]), "1", "2", slopes, slopes)
    turns = [
        Turn("x", k, "2020", s, t, t - s, 0, 0, 0.04, 0)
        for k, s, t in ((0, 0.1, 0.3), (1, 0.9, 0.7))
    ]
    tables, tests = mirror(Findings((contrasts,), (trends,), tuple(turns)))
    assert tests == {**NONE, "contrasts": 1, "trends": 1, "turns": 1, "equivalence": 1}
    assert tables["contrasts"].p.tolist() == [0.01, 0.01]
    assert tables["contrasts"].p_equivalent.tolist() == [0.01, 0.01]
    for name, p in (("contrasts", 0.03), ("trends", 0.04), ("turns", 0.04)):
        assert tables[name].p_adjusted.tolist() == pytest.approx([p, p])
        assert tables[name].stands.tolist() == [True, True]
    assert mirror(Findings((other,), (), ()))[1]["contrasts"] == 2


def test_values_of_a_stance_with_three_are_all_tested():
    contrasts = compare_shares([0.2, 0.8, 0.0], [0.3, 0.7, 0.0], [0.01, 0.02, 0.03])
    assert mirror(Findings((contrasts,), (), ()), values=("pro", "con", "none"))[1] == {
        **NONE,
        "contrasts": 3,
        "equivalence": 3,
    }


def test_alpha_is_the_plans():
    tables, _ = tabulate_findings(Findings((), (trend([0.04, 0.5]),), ()), LABELS, Plan(alpha=0.1))
    assert tables["trends"].stands.tolist() == [True, False]


def test_later_turns_have_a_row_if_they_stand():
    tables, tests = tabulate_findings(Findings((), (), (turn(0.6), turn(0.7, 1))), LABELS, Plan())
    assert (len(tables["turns"]), tests["turns"]) == (1, 2)
    tables, _ = tabulate_findings(Findings((), (), (turn(1e-4), turn(1e-3, 1))), LABELS, Plan())
    assert len(tables["turns"]) == 2


def test_equivalence_is_corrected_over_everything_and_within_its_kind():
    claims = (
        contrast([0.5, 0.6], p_equivalent=[0.03, NAN]),
        contrast([0.7, 0.8], p_equivalent=[0.9, 0.001]),
    )
    tables, tests = tabulate_findings(Findings(claims, (), ()), LABELS, Plan(margin=0.1))
    assert tests == {**NONE, "contrasts": 4, "equivalence": 3}
    assert tables["contrasts"].p_equivalent.tolist()[0] == 0.03
    corrected = stats.false_discovery_control([0.03, 0.9, 0.001, 0.5, 0.6, 0.7, 0.8])
    assert tables["contrasts"].p_equivalent_adjusted.tolist() == pytest.approx(
        [corrected[0], NAN, *corrected[1:3]], nan_ok=True
    )
    assert tables["contrasts"].equivalent.tolist() == [False, None, False, True]  # .105 among all
    close = contrast([1e-6, 1e-6], p_equivalent=[0.04, 0.9])
    tables, _ = tabulate_findings(Findings((close,), (), ()), LABELS, Plan(margin=0.1))
    assert tables["contrasts"].p_equivalent_adjusted.tolist()[0] == 0.08  # among two claims


def test_easy_claims_make_no_difference_easier_to_pass():
    near = [contrast([0.04, 0.9], p_equivalent=[1e-6, 1e-6]) for _ in range(5)]
    tables, _ = tabulate_findings(Findings(tuple(near), (), ()), LABELS, Plan(margin=0.1))
    assert tables["contrasts"].p_adjusted.tolist()[0] == pytest.approx(0.08)  # .053 among all
    assert tables["contrasts"].equivalent.all()


def test_rows_name_their_label_and_columns_stand_in_order():
    tested = Findings((contrast([0.1, 0.2]),), (trend([0.1, 0.2]),), (turn(0.2),))
    tables, _ = tabulate_findings(tested, LABELS, Plan())
    for name, columns in (("contrasts", CONTRASTS), ("trends", TRENDS), ("turns", TURNS)):
        assert tuple(tables[name].columns) == columns
    row = tables["contrasts"].iloc[1]
    assert (row.label, row.kind, row.comparison, row.a) == ("china=favor", "stance", "source", "a")
    assert pd.isna(row.b)
    assert (row.n_articles_a, tables["contrasts"].n_articles_a.dtype) == (0, "int64")
    assert tables["turns"].label.tolist() == ["china=favor"]


def test_changes_come_label_by_label():
    half = np.array([0.5, 0.25])
    change = Decomposition(
        "2020", "2024", (Part("total", half, half, half), Part("mix", half, half, half))
    )
    table = tabulate_change(change, LABELS)
    assert tuple(table.columns) == DECOMPOSITIONS
    assert list(zip(table.label, table.part, table.value, strict=True)) == [
        *(("lag", "total", 0.5), ("lag", "mix", 0.5)),
        *(("china=favor", "total", 0.25), ("china=favor", "mix", 0.25)),
    ]
    assert table["first"].tolist() == ["2020"] * 4


def test_distances_are_a_row_a_pair():
    numbers = (np.array([0.5]), np.array([0.01]), np.array([0.1]))
    table = tabulate_distances(Distances((("a", "b"),), *numbers))
    assert table.to_dict("records") == [
        dict(zip(DISTANCES, ("a", "b", 0.5, 0.01, 0.1), strict=True))
    ]


def test_turns_of_profiles_are_corrected_with_all_else():
    found = tuple(ProfileTurn("a", "2020", 2.5, p, 0.01, 4, 3) for p in (0.02, 0.03, 0.9))
    tables, tests = tabulate_findings(Findings((), (), (), found), LABELS, Plan())
    table = tables["profile_turns"]
    assert tests == {**NONE, "profile_turns": 3}
    assert tuple(table.columns) == PROFILE_TURNS
    assert table.p_adjusted.tolist() == pytest.approx([0.045, 0.045, 0.9])
    assert table.stands.tolist() == [True, True, False]
    row = table.iloc[0]
    assert (row.source, row.period, row.distance, row.smallest) == ("a", "2020", 2.5, 0.01)
    assert (row.n_articles_before, row.n_articles_after) == (4, 3)
    among = Findings((), (trend([0.5, 0.6]),), (), found)
    table = tabulate_findings(among, LABELS, Plan())[0]["profile_turns"]
    assert table.p_adjusted.tolist() == pytest.approx([0.075, 0.075, 0.9])
    assert not table.stands.any()


def test_nothing_makes_empty_tables():
    tables, tests = tabulate_findings(Findings((), (), ()), LABELS, Plan())
    assert tests == NONE
    empty = [*tables.values(), tabulate_change(None, LABELS)]
    empty.append(tabulate_distances(Distances((), *(np.zeros(0) for _ in range(3)))))
    assert [len(table) for table in empty] == [0] * 6
    assert tuple(empty[0].columns) == CONTRASTS
