"""Sentences that say what the tables say, and no more."""

from __future__ import annotations

import pytest

from framing.reporting.statements import (
    print_statements,
    tell_extent,
    tell_findings,
    tell_limits,
)


def find(statements, lead):
    return next((s for s in statements if s.lead.startswith(lead)), None)


def test_the_extent_counts_what_stands(account, row):
    told = account(
        contrasts=[row("contrasts"), row("contrasts", stands=False)],
        trends=[row("trends")],
        cells=[row("cells", period="2023-01"), row("cells", period="2024-06")],
    )
    assert tell_extent(told) == (
        "360 units of 40 articles, January 2023 to June 2024. 12 tests, 2 of which stand."
    )
    assert tell_extent(account(n_tests=0)) == "360 units of 40 articles."


def test_differences_between_sources(account, row):
    rows = [
        row("contrasts"),
        row("contrasts", b="Herald", difference=-0.3, low=-0.4, high=-0.2, share_a=0.1),
        row("contrasts", stands=False, difference=0.9),
    ]
    (finding,) = tell_findings(account(contrasts=rows))
    assert (finding.lead, finding.text) == (
        "Between sources,",
        "2 of 3 differences stand after correction:",
    )
    assert finding.target == "differences-source"
    assert [(str(point), point.target) for point in finding.points] == [
        (
            "Costs: an estimated 10% in Post, 30% in Herald (−30.0 points, −40.0 to −20.0).",
            "contrast-1",
        ),
        (
            "Costs: an estimated 45% in Post, 30% in all others together "
            "(+15.0 points, +8.0 to +22.0).",
            "contrast-0",
        ),
    ]


def test_differences_between_periods(account, row):
    sides = {"comparison": "period", "a": "2023", "b": "2024"}
    rows = [row("contrasts", **sides), row("contrasts", **sides, source="Post", difference=0.1)]
    (finding,) = tell_findings(account(contrasts=rows))
    assert finding.target == "differences-period"
    assert str(finding.points[0]) == (
        "Costs in all sources together: an estimated 45% in 2023, 30% in 2024 "
        "(+15.0 points, +8.0 to +22.0)."
    )
    assert str(finding.points[1]).startswith("Costs in Post: an estimated 45% in 2023")


def test_many_findings_are_told_by_the_widest(account, row):
    rows = [row("contrasts", difference=d / 100) for d in range(1, 10)]
    (finding,) = tell_findings(account(contrasts=rows))
    assert finding.text == "9 of 9 differences stand after correction. The widest:"
    assert [point.target for point in finding.points] == ["contrast-8", "contrast-7", "contrast-6"]


def test_turns_and_trends(account, row):
    told = account(
        turns=[row("turns"), row("turns", source="B", stands=False)],
        trends=[row("trends"), row("trends", source="Post", slope=-0.7, low=None, high=None)],
    )
    turn, trend = tell_findings(told)
    assert turn.text == "1 stands after correction, in 1 of 2 series:"
    assert [(str(p), p.target) for p in turn.points] == [
        (
            "Costs in Post: 20% before March 2024, 40% from then on "
            "(+20.0 points, +10.0 to +30.0).",
            "turn-0",
        )
    ]
    assert [(str(p), p.target) for p in trend.points] == [
        ("Costs in Post: odds × 0.50 a year.", "trend-1"),
        ("Costs in all sources together: odds × 1.65 a year, 1.22 to 2.23.", "trend-0"),
    ]


def test_turns_are_counted_and_not_rows(account, row):
    """A series has a row if it never turned, and one for each of its turns."""
    rows = [row("turns", period=f"2024-0{n}") for n in (2, 5, 8)]
    still = [row("turns", label="risk", stands=False), row("turns", source=None, stands=False)]
    finding = tell_findings(account(turns=[*rows, *still]))[0]
    assert finding.text == "3 stand after correction, in 1 of 3 series:"
    finding = tell_findings(account(turns=[*rows, *still, row("turns", source="B")]))[0]
    assert finding.text == "4 stand after correction, in 2 of 4 series. The widest:"


def test_profiles_that_turned_are_named_the_surest_first(account, row):
    rows = [row("profile_turns"), row("profile_turns", source="B", p=0.0001)]
    (finding,) = tell_findings(account(profile_turns=rows))
    assert str(finding).splitlines() == [
        "Whole profiles: of 2 sources, 2 turned over all labels together:",
        "  - B from March 2024 on.",
        "  - Post from March 2024 on.",
    ]
    assert [point.target for point in finding.points] == ["profile-turn-1", "profile-turn-0"]
    (finding,) = tell_findings(account(profile_turns=rows * 2))
    assert finding.text == "of 4 sources, 4 turned over all labels together, the surest:"
    assert len(finding.points) == 3
    still = account(profile_turns=[row("profile_turns", stands=False)])
    assert [f.lead for f in tell_findings(still)] == ["No difference stands:"]


def test_equality_is_claimed_only_where_it_was_shown(account, row):
    rows = [
        row("contrasts", stands=False, equivalent=True),
        row("contrasts", stands=False, equivalent=False),
    ]
    told = account(contrasts=rows, margin=0.05)
    (finding,) = tell_findings(told)
    assert str(finding) == (
        "Practically equal: 1 of 2 differences lies within ±5 points, by equivalence tests."
    )
    undecided = find(tell_limits(told), "Not shown").text
    assert "1 of these are equal within the margin, and 1 are undecided" in undecided


def test_where_nothing_stands_nothing_is_claimed(account, row):
    (finding,) = tell_findings(account(contrasts=[row("contrasts", stands=False)]))
    assert str(finding) == (
        "No difference stands: of 12 tests none is significant after correction. That does not "
        "show that nothing differs."
    )
    (finding,) = tell_findings(account(n_tests=0))
    assert finding.lead == "Nothing was compared."


def test_without_a_margin_nothing_can_be_called_equal(account, row):
    text = find(tell_limits(account(contrasts=[row("contrasts", stands=False)])), "Not shown").text
    assert text.startswith("1 of 1 difference tested do not stand after correction.")
    assert "without a margin, no two shares can be called equal" in text


def test_what_was_not_tested_is_not_called_undecided(account, row):
    refused = row("contrasts", p=None, stands=False)
    assert not any(s.lead == "Not shown:" for s in tell_limits(account(contrasts=[refused])))
    both = account(contrasts=[refused, row("contrasts", stands=False)])
    assert find(tell_limits(both), "Not shown").text.startswith("1 of 1 difference tested")


def test_refusals_are_counted_with_their_reasons(account, row):
    cells = [
        *(row("cells", status="refused", note="too few", source=s) for s in "DCAB"),
        row("cells", status="refused", note="odd texts", source=None),
        row("cells"),
    ]
    limit = find(tell_limits(account(cells=cells)), "No estimate")
    assert limit.text == (
        "5 of 6 shares were refused. Too few (4 shares: A, B, C and 1 more). "
        "Odd texts (1 share: all sources together)."
    )
    assert limit.target == "shares"
    assert find(tell_limits(account(cells=[row("cells")])), "No estimate") is None


def test_many_reasons_are_cut(account, row):
    cells = [row("cells", status="refused", note=f"reason {n}") for n in range(5)]
    text = find(tell_limits(account(cells=cells)), "No estimate").text
    assert text.endswith("And 2 other reasons.")
    assert text.count("share:") == 3


def test_what_was_not_compared_is_said(account, row):
    one = account(cells=[row("cells", period="2024")])
    assert find(tell_limits(one), "Change:")
    assert find(tell_limits(one), "Between sources:")
    periods = [row("cells", period=p, source=s) for p in ("2023", "2024") for s in ("A", "B")]
    two = tell_limits(account(cells=periods))
    assert not find(two, "Change:")
    assert not find(two, "Between sources:")
    assert find(tell_limits(account(cells=periods, over=None)), "Change:")


@pytest.mark.parametrize("content", [{}, {"n_tests": 0}])
def test_causes_are_never_claimed(account, content):
    text = str(tell_limits(account(**content))[-1])
    assert "neither intent nor accuracy" in text


def test_statements_print_as_a_list(account, row):
    text = print_statements(tell_findings(account(contrasts=[row("contrasts")])))
    first, second = text.splitlines()
    assert first == "- Between sources, 1 of 1 difference stands after correction:"
    assert second.startswith("  - Costs: an estimated 45% in Post")
