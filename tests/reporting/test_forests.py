"""Differences as points with intervals."""

from __future__ import annotations

import pytest
from lxml import etree

from framing.reporting.forests import Stem, draw_forest


def stem(name="Costs in Post", difference=0.1, low=0.05, high=0.15, **values):
    given = {"stands": True, "target": "#contrast-0", "title": "All of it"} | values
    return Stem(name, difference, low, high, **given)


def draw(*stems, margin=None):
    svg = draw_forest(stems, name="f", label="Words", ends=("lower", "higher"), margin=margin)
    return etree.fromstring(svg)


def points(root):
    return [
        (link.get("href"), float(use.get("x")), float(use.get("y")), use.get("style"))
        for link in root.iter("a")
        for use in link.iter("use")
    ]


def texts(root):
    return ["".join(node.itertext()) for node in root.iter("text")]


def test_points_lie_where_their_differences_are():
    root = draw(
        stem(difference=0.1, target="#a"),
        stem(difference=-0.1, low=-0.15, high=-0.05, target="#b"),
        stem(difference=0.0, low=-0.15, high=0.15, target="#c"),
    )
    (a, xa, ya, _), (b, xb, yb, _), (c, xc, yc, _) = points(root)
    assert (a, b, c) == ("#a", "#b", "#c")
    assert xc == pytest.approx(220, abs=0.02)  # the middle
    assert xa - xc == pytest.approx(xc - xb, abs=0.02)
    assert yb - ya == pytest.approx(yc - yb, abs=0.02) == pytest.approx(38, abs=0.02)


def test_intervals_end_where_they_do():
    root = draw(stem(difference=0.1, low=0.05, high=0.2))
    ((_, x, y, _),) = points(root)
    lines = [
        p.get("d").split() for p in root.iter("path") if "stroke-width: 2" in p.get("style", "")
    ]
    ((_, start, height, _, end, _),) = lines
    unit = (x - 220) / 0.1
    assert float(start) == pytest.approx(220 + 0.05 * unit, abs=0.05)
    assert float(end) == pytest.approx(220 + 0.2 * unit, abs=0.05)
    assert float(height) == pytest.approx(y, abs=0.02)


def test_all_intervals_fit():
    root = draw(stem(low=-0.9, high=0.05, difference=-0.4), stem())
    edges = [
        float(x)
        for p in root.iter("path")
        if "stroke-width: 2" in p.get("style", "")
        for x in p.get("d").split()[1::3]
    ]
    assert 14 <= min(edges) < max(edges) <= 426


def test_what_does_not_stand_is_hollow_and_grey():
    root = draw(stem(), stem(stands=False))
    filled, hollow = (style for *_, style in points(root))
    assert "fill: var(--s1)" in filled
    assert "fill: var(--page)" in hollow
    assert "stroke: var(--soft)" in hollow


def test_names_and_ends_are_written_and_points_say_all():
    root = draw(stem("Costs in Post"), stem("x" * 80))
    assert {"Costs in Post", "← lower", "higher →"} <= set(texts(root))
    assert "x" * 61 + "…" in texts(root)
    assert {link.findtext("title") for link in root.iter("a")} == {"All of it"}


def test_the_margin_is_a_band_in_every_row():
    assert count_bands(draw(stem(), stem(), margin=0.05)) == 2
    assert count_bands(draw(stem(), stem())) == 0


def count_bands(root):
    return etree.tostring(root, encoding="unicode").count("fill-opacity: 0.14")


def test_scales_are_round_and_signed():
    marks = [text for text in texts(draw(stem(high=0.2))) if text.strip("+−0123456789") == ""]
    assert marks == ["−20", "−10", "0", "+10", "+20"]


def test_a_difference_without_interval_is_a_point_alone():
    root = draw(stem(low=None, high=None))
    assert len(points(root)) == 1
    assert not [p for p in root.iter("path") if "stroke-width: 2" in p.get("style", "")]
