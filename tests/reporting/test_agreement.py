"""Agreement of coders, printed."""

from __future__ import annotations

from framing.coding.reliability import Agreement
from framing.reporting.agreement import format_agreement
from framing.schema import Estimate

NAN = float("nan")


def describe(label, value, *, low=NAN, high=NAN, reason="", percent=0.9):
    alpha = Estimate(value, low, high, 40, 8, "alpha")
    counts = {"absent": 70, "present": 10}
    return Agreement(label, "frame", alpha, percent, counts, {}, 3, reason)


def test_a_row_a_label():
    lines = format_agreement([describe("cost", 0.85, low=0.7, high=0.95)]).splitlines()
    assert [cell.strip() for cell in lines[2].strip("|").split("|")] == [
        "cost",
        ".85 [.70, .95]",
        ".90",
        "40",
        "8",
        "absent 70, present 10",
    ]


def test_what_is_low_and_why_something_is_missing():
    found = [
        describe("cost", 0.85, low=0.7, high=0.95),
        describe("risk", 0.4, low=0.2, high=0.6),
        describe("none", NAN, reason="no unit was coded by two coders", percent=NAN),
    ]
    text = format_agreement(found)
    assert "Below .80: risk." in text
    assert "none: no unit was coded by two coders." in text
    assert "| none  |            n/a |       n/a |" in text


def test_no_warning_without_reason():
    assert "Below" not in format_agreement([describe("cost", 0.8)])
