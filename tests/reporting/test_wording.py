"""Numbers and names in words."""

from __future__ import annotations

import pytest

from framing.reporting.wording import (
    count,
    format_bounds,
    format_p,
    format_percent,
    format_points,
    join_words,
    name_label,
    name_period,
    shorten,
)


@pytest.mark.parametrize(
    ("share", "digits", "text"),
    [
        (1.0, 0, "100%"),
        (0.0049, 0, "<1%"),
        (0.0051, 0, "1%"),
        (0.00049, 1, "<0.1%"),
        (0.9996, 1, ">99.9%"),
        (-0.02, 0, "−2%"),
    ],
)
def test_a_share_never_looks_like_none_or_all_unless_it_is(share, digits, text):
    assert format_percent(share, digits) == text


def test_bounds_say_their_sign_once():
    assert format_bounds(0.0, 0.005) == "0 to 0%"
    assert format_bounds(0.1, None) == "no interval"


def test_points_have_a_sign_unless_they_are_nil():
    assert [format_points(d) for d in (0.0004, -0.0004, 0.0005001)] == ["0.0", "0.0", "+0.1"]


@pytest.mark.parametrize(
    ("p", "text"), [(0.001, ".001"), (0.00099, "<.001"), (1.0, ">.999"), (0.05, ".050")]
)
def test_p_values_are_as_long_as_each_other(p, text):
    assert format_p(p) == text


def test_a_target_with_two_equals_signs_keeps_the_second():
    assert name_label("law=a=b", {"law": "Law"}) == "Law: a=b"
    assert name_label("a=b", {"a=b": "Whole"}) == "Whole"


@pytest.mark.parametrize("month", range(1, 13))
def test_months_have_names(month):
    name = name_period(f"2024-{month:02}")
    assert name.endswith(" 2024")
    names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905
    assert name[:3] == names[month - 1]


def test_counts_lists_and_cuts():
    assert [count(n, "day") for n in (0, 1, 2000)] == ["0 days", "1 day", "2,000 days"]
    assert join_words([]) == ""
    assert join_words(["a", "b"]) == "a and b"
    assert join_words(["a", "b", "c"], most=1) == "a and 2 more"
    assert join_words(["a", "b"], most=2) == "a and b"
    assert shorten("abcdef", 6) == "abcdef"
    assert shorten("abcdefg", 6) == "abcde…"
