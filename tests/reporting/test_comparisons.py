"""Differences, trends and change points as rows."""

from __future__ import annotations

from framing.reporting import comparisons
from framing.reporting.comparisons import (
    find_shared,
    judge,
    list_contrasts,
    list_profile_turns,
    list_stems,
    list_trends,
    list_turns,
    name_contrast,
)

PERIODS = {"comparison": "period", "a": "2023", "b": "2024"}


def test_what_stands_comes_first_then_what_is_surest(account, row):
    rows = [
        row("contrasts", stands=False, p=0.5),
        row("contrasts", difference=0.1),
        row("contrasts", stands=False, p=0.06),
        row("contrasts", difference=-0.2),
        row("contrasts", **PERIODS),
        row("contrasts", stands=False, p=None),
    ]
    ranking = list_contrasts(account(contrasts=rows), "source", (), None)
    assert [line.id for line in ranking.standing] == ["contrast-3", "contrast-1"]
    assert [line.id for line in ranking.rest] == ["contrast-2", "contrast-0", "contrast-5"]
    assert (ranking.n_standing, ranking.n_rest, ranking.n_all) == (2, 3, 5)
    assert [line.stands for line in ranking.lines] == [True, True, False, False, False]


def test_a_difference_is_told_in_cells(account, row):
    told = account(contrasts=[row("contrasts"), row("contrasts", **PERIODS, source="Post")])
    (line,) = list_contrasts(told, "source", {0}, None).standing
    assert line.cells == [
        *("Costs", "Post against all others", "45.0%", "30.0%"),
        *("+15.0", "+8.0 to +22.0", "<.001", ".003", "stands"),
    ]
    assert line.target == "behind-0"
    (line,) = list_contrasts(told, "period", {0}, None).standing
    assert line.cells[1] == "Post, 2023 to 2024"
    assert line.target is None


def test_what_all_rows_share_is_said_once(account, row):
    against_all = find_shared([row("contrasts"), row("contrasts", a="B")], "source")
    told = account(contrasts=[row("contrasts")])
    assert list_contrasts(told, "source", (), against_all).standing[0].cells[1] == "Post"
    pairs = [row("contrasts"), row("contrasts", b="Herald")]
    assert find_shared(pairs, "source").title == "Sources"
    assert name_contrast(told, pairs[0], find_shared(pairs, "source")) == (
        "Costs in Post against all others"
    )
    one = [row("contrasts", **PERIODS)]
    assert name_contrast(told, one[0], find_shared(one, "period")) == "Costs in all sources"
    two = [*one, row("contrasts", **PERIODS | {"b": "2025"})]
    assert find_shared(two, "period").title == "Between periods"
    assert name_contrast(told, two[1], find_shared(two, "period")) == (
        "Costs in all sources, 2023 to 2025"
    )


def test_verdicts_never_say_more_than_the_test():
    def told(stands, equivalent):
        return judge({"stands": stands, "equivalent": equivalent})

    assert told(False, True) == "equal within the margin"
    assert told(False, False) == told(False, None) == "not shown"
    assert told(True, False) == told(True, None) == "stands"
    assert judge({"stands": True}) == "stands"


def test_stems_lead_to_what_lies_behind_or_to_the_row(account, row):
    rows = [row("contrasts"), row("contrasts", stands=False), row("contrasts", difference=None)]
    shared = find_shared(rows, "source")
    first, second = list_stems(account(contrasts=rows), "source", {0}, shared)
    assert (first.target, second.target) == ("#behind-0", "#contrast-1")
    assert first.name == "Costs in Post"
    assert first.title == "Costs in Post against all others: +15.0 points, +8.0 to +22.0"
    assert (first.difference, first.low, first.high, first.stands) == (0.15, 0.08, 0.22, True)


def test_trends_are_factors(account, row):
    rows = [row("trends"), row("trends", source="Post", stands=False, low=None, high=None)]
    ranking = list_trends(account(trends=rows))
    assert ranking.standing[0].cells == [
        *("Costs", "all sources", "January 2023 to June 2024", "× 1.65", "1.22 to 2.23"),
        *(".001", ".004", "stands"),
    ]
    assert ranking.rest[0].cells[4] == "no interval"
    assert [line.id for line in ranking.lines] == ["trend-0", "trend-1"]


def test_turns_have_a_before_and_an_after(account, row):
    (line,) = list_turns(account(turns=[row("turns")])).standing
    assert line.id == "turn-0"
    assert line.cells == [
        *("Costs", "Post", "March 2024", "20.0%", "40.0%", "+20.0", "+10.0 to +30.0"),
        *(".002", ".010", "stands"),
    ]


def test_profiles_turn_with_all_their_labels(account, row):
    rows = [row("profile_turns", stands=False, p=0.3), row("profile_turns")]
    ranking = list_profile_turns(account(profile_turns=rows))
    (line,) = ranking.standing
    assert (line.id, ranking.n_all) == ("profile-turn-1", 2)
    assert line.cells == [
        *("Post", "March 2024", "1,200 and 7", "2.34", "<.001", "<.001", ".012", "stands"),
    ]
    assert ranking.rest[0].cells[-1] == "not shown"


def test_long_lists_are_cut_and_counted(account, row, monkeypatch):
    monkeypatch.setattr(comparisons, "MOST_ROWS", 2)
    monkeypatch.setattr(comparisons, "MOST_STEMS", 3)
    rows = [row("contrasts", stands=n < 5) for n in range(9)]
    told = account(contrasts=rows)
    ranking = list_contrasts(told, "source", (), None)
    assert (len(ranking.standing), len(ranking.rest)) == (2, 2)
    assert (ranking.n_standing, ranking.n_rest) == (5, 4)
    assert len(list_stems(told, "source", (), find_shared(rows, "source"))) == 3
