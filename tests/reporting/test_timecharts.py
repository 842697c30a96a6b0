"""One panel: every share where it belongs, gaps left open, names that do not meet."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from framing.reporting.charting import INK, SERIES
from framing.reporting.series import Line, Scale, Turn
from framing.reporting.timecharts import draw_chart, spread

PERIODS = {f"2023-{month:02}": month for month in range(1, 13)}
SCALE = Scale(PERIODS, top=0.4)


@pytest.fixture
def line(row):
    def make(shares, *, source="Post", colour=SERIES[0], id="t-0", **values):  # noqa: A002
        cells = [
            row("cells", source=source, period=period, share=share, **values)
            for period, share in zip(PERIODS, shares, strict=False)
            if share != "absent"
        ]
        return Line(source, cells, colour, id)

    return make


def draw(lines, others=(), turns=(), scale=SCALE):
    return etree.fromstring(draw_chart(lines, others, turns, scale, name="t", label="Words"))


def points(root):
    return {
        link.get("href"): (float(use.get("x")), float(use.get("y")))
        for link in root.iter("a")
        for use in link.iter("use")
    }


def texts(root):
    return ["".join(node.itertext()) for node in root.iter("text")]


def test_points_stand_where_their_shares_are(line):
    found = points(draw([line([0.0, 0.2, 0.4])]))
    places = [found[f"#t-0-{n}"] for n in range(3)]
    xs, ys = zip(*places, strict=True)
    assert xs[1] - xs[0] == pytest.approx(xs[2] - xs[1], abs=0.02)
    assert ys[0] - ys[1] == pytest.approx(75, abs=0.02)  # half of a plot of 150
    assert ys[1] - ys[2] == pytest.approx(75, abs=0.02)


def test_points_say_what_they_are(line):
    root = draw([line([0.25])])
    titles = [link.findtext("title") for link in root.iter("a")]
    assert titles == ["Post, January 2023: 25.0%, interval 20.0 to 40.0%, 30 articles"]


def test_a_share_that_is_not_given_has_no_point_and_breaks_the_line(line):
    def pieces(shares):
        root = draw([line(shares, low=None, high=None)])
        lines = [p for p in root.iter("path") if "var(--s1)" in p.get("style", "")]
        return points(root), sum(p.get("d").count("M") for p in lines if "L" in p.get("d"))

    whole, broken, absent = map(
        pieces, ([0.1] * 5, [0.1, 0.1, None, 0.1, 0.1], [0.1, 0.1, "absent", 0.1, 0.1])
    )
    assert (len(whole[0]), len(broken[0]), len(absent[0])) == (5, 4, 4)
    assert whole[1] + 1 == broken[1] == absent[1]


def test_widened_points_are_hollow(line):
    plain, widened = draw([line([0.1])]), draw([line([0.1], status="widened")])
    assert "fill: var(--page)" not in etree.tostring(plain, encoding="unicode")
    assert "fill: var(--page)" in etree.tostring(widened, encoding="unicode")


def test_doubted_points_are_hollow_and_of_another_shape(line):
    def shapes(status):
        root = draw([line([0.1], status=status)])
        (use,) = (use for link in root.iter("a") for use in link.iter("use"))
        paths = {f"#{path.get('id')}": path.get("d") for path in root.iter("path")}
        return paths[use.get("href")], "fill: var(--page)" in etree.tostring(
            root, encoding="unicode"
        )

    assert shapes("doubted")[1]
    assert shapes("widened")[1]
    assert "C" in shapes("widened")[0]  # a circle is of curves
    assert "C" not in shapes("doubted")[0]


def test_a_point_of_an_unknown_status_is_drawn_too(line):
    assert len(points(draw([line([0.1], status="odd")]))) == 1


def test_intervals_are_bands(line):
    banded, bare = draw([line([0.1, 0.2])]), draw([line([0.1, 0.2], low=None, high=None)])
    assert "fill-opacity: 0.16" in etree.tostring(banded, encoding="unicode")
    assert "fill-opacity: 0.16" not in etree.tostring(bare, encoding="unicode")


def test_other_sources_are_grey_and_have_no_names(line):
    others = [line([0.1, 0.2], source=f"S{n}").cells for n in range(5)]
    root = draw([line([0.1, 0.2], source=None, colour=INK)], others)
    grey = [p for p in root.iter("path") if "var(--faint)" in p.get("style", "")]
    assert len(grey) == 5
    assert not [text for text in texts(root) if text.startswith("S")]
    assert "All sources" in texts(root)


def test_a_change_point_is_a_line_with_its_size_and_a_link(line, row):
    own = line([0.1] * 12)
    turn = Turn("#turn-3", row("turns", period="2023-07"), own)
    root = draw([own], turns=[turn], scale=Scale(PERIODS, 0.4, headroom=1))
    (link,) = [link for link in root.iter("a") if link.get("href") == "#turn-3"]
    assert "".join(link.find(".//text").itertext()) == "July 2023: +20 points"
    assert link.findtext("title") == "Post: change point at July 2023"
    dashed = [p for p in root.iter("path") if "dasharray" in p.get("style", "")]
    x = float(dashed[0].get("d").split()[1])
    found = points(root)
    assert found["#t-0-5"][0] < x < found["#t-0-6"][0]


def test_scales_say_round_shares(line):
    assert {"0", "20%", "40%"} <= set(texts(draw([line([0.1])])))
    odd = texts(draw([line([0.01])], scale=Scale(PERIODS, 0.05)))
    assert {"0", "2.5%", "5%"} <= set(odd)


@pytest.mark.parametrize(
    ("periods", "wanted"),
    [
        ({"2023-11": 0, "2023-12": 1, "2024-01": 2}, ["November 2023", "January 2024"]),
        ({"2023-12": 0, "2024-01": 1, "2025-01": 13}, ["2024", "2025"]),
        ({"2023-Q1": 0, "2024-Q1": 4}, ["2023", "2024"]),
        ({str(year): year for year in range(2010, 2024)}, ["2010", "2013", "2016", "2019", "2022"]),
    ],
)
def test_time_is_marked_where_years_begin(line, row, periods, wanted):
    cells = [row("cells", period=period) for period in periods]
    root = draw([Line("Post", cells, SERIES[0], "t-0")], scale=Scale(periods, 0.4))
    assert [text for text in texts(root) if text[-1].isdigit()][: len(wanted)] == [
        *(text for text in wanted)
    ]


def test_long_names_are_cut_after_two_lines(line):
    root = draw([line([0.1], source="The Long Name of an Institute for Everything")])
    assert {"The Long Name", "of an…"} <= set(texts(root))


def test_a_line_without_shares_is_no_error(line):
    assert points(draw([line([None, None])])) == {}


@given(st.lists(st.floats(0, 1), max_size=6).map(sorted), st.floats(0.01, 0.15))
def test_names_never_meet_and_stay_in_order(heights, gap):
    placed = spread(heights, gap)
    assert len(placed) == len(heights)
    assert all(b - a >= gap - 1e-9 for a, b in itertools.pairwise(placed))
    assert all(height <= 1 + 1e-9 for height in placed)
