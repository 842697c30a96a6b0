"""Which lines a panel shows, and what it says of them."""

from __future__ import annotations

import pytest

from framing.reporting import comparisons, timelines
from framing.reporting.behind import Quote
from framing.reporting.timelines import PanelRow, draw_timelines

MONTHS = [f"2023-{month:02}" for month in range(1, 13)]


@pytest.fixture
def cells(row):
    def make(*sources, label="cost", share=0.3, **values):
        return [
            row("cells", label=label, source=source, period=period, share=share, **values)
            for source in sources
            for period in reversed(MONTHS)
        ]

    return make


def names(panel):
    return list(dict.fromkeys(line.source for line in panel.rows))


@pytest.mark.parametrize(
    ("sources", "wanted"),
    [
        ([None, "A", "B"], ["All sources", "A", "B"]),
        ([None, "A"], ["A"]),
        (["A", "B"], ["A", "B"]),
        ([None, *"ABCD"], ["All sources", *"ABCD"]),
        ([None, *"ABCDE"], ["All sources"]),
    ],
)
def test_few_sources_have_a_line_each(account, cells, sources, wanted):
    (panel,) = draw_timelines(account(cells=cells(*sources)))
    assert names(panel) == wanted
    assert (panel.id, panel.title, panel.caption) == ("time-0", "Costs", "")


def test_among_many_those_that_turned_are_told_apart(account, cells, row):
    turns = [
        row("turns", source="B", difference=0.1),
        row("turns", source="C", difference=-0.3),
        row("turns", source="D", stands=False),
        row("turns", source="E", label="risk"),
        row("turns", source="A", difference=0.05),
        row("turns", source="F", difference=0.01),
        row("turns", source=None, difference=0.02),
    ]
    turns = [turn | {"period": "2023-03"} for turn in turns]
    told = account(cells=cells(None, *"ABCDEF"), turns=turns)
    (panel,) = draw_timelines(told)
    assert names(panel) == ["All sources", "C", "B", "A"]
    for number in (0, 1, 4, 6):
        assert f'href="#turn-{number}"' in panel.svg
    assert 'href="#turn-2"' not in panel.svg
    assert panel.caption.startswith("Change points: ")
    assert "B, March 2023 (20% before, 40% after)" in panel.caption


def test_change_points_that_the_page_does_not_list_are_not_marked(account, cells, row, monkeypatch):
    monkeypatch.setattr(comparisons, "MOST_ROWS", 1)
    turns = [
        row("turns", source=s, period="2023-03", difference=d) for s, d in (("A", 1), ("B", 2))
    ]
    (panel,) = draw_timelines(account(cells=cells(None, *"ABCDEF"), turns=turns))
    assert names(panel) == ["All sources", "B"]
    assert 'href="#turn-0"' not in panel.svg


def test_rows_say_every_number_in_order_of_time(account, cells, row):
    told = account(
        cells=[
            *cells("A"),
            row(
                "cells",
                source="A",
                period="2024-01",
                share=None,
                low=None,
                high=None,
                article_share=None,
            )
            | {"status": "refused", "note": "too few", "n_articles": 1},
            row("cells", source="A", period="2024-02", status="widened", note="odd"),
        ]
    )
    (panel,) = draw_timelines(told)
    numbers = ("30.0%", "20.0 to 40.0%", "28.0%", "30")
    first = panel.rows[0]
    assert first == PanelRow(first.id, "A", "January 2023", numbers, "", "", None)
    assert panel.rows[12].numbers == ("–", "–", "–", "1")
    assert [line.remark for line in panel.rows[12:]] == ["refused: too few", "widened: odd"]
    assert f'href="#{first.id}"' in panel.svg
    assert len({line.id for line in panel.rows}) == 14


def test_rows_quote_the_paragraph_that_is_typical_of_their_share(account, cells):
    quote = Quote("a:1", "2023-02-01, a:1", "Tin rose.")
    typicals = {("cost", "A", "2023-02"): quote, ("risk", "A", "2023-03"): quote}
    (panel,) = draw_timelines(account(cells=cells("A")), typicals=typicals)
    assert [line.quote for line in panel.rows[:3]] == [None, quote, None]


def test_every_point_leads_to_a_row(account, cells):
    for panel in draw_timelines(account(cells=cells(None, "A") + cells(None, "B", label="risk"))):
        anchors = {line.id for line in panel.rows}
        targets = set(panel.svg.split('href="#')[1:])
        points = {t.split('"')[0] for t in targets if t.startswith("time-") and "-" in t[5:]}
        assert anchors <= points


def test_rows_lead_to_paragraphs_of_their_period_or_else_of_their_source(account, cells):
    places = {
        ("cost", "A", "2023-02"): "behind-1",
        ("cost", "A", None): "behind-2",
        ("risk", "B", None): "behind-3",
        ("cost", None, "2023-12"): "behind-4",
    }
    (panel,) = draw_timelines(account(cells=cells(None, "A", "B")), places)
    found = {(line.source, line.period): line.target for line in panel.rows}
    assert found["A", "February 2023"] == "behind-1"
    assert found["A", "March 2023"] == "behind-2"
    assert found["All sources", "December 2023"] == "behind-4"
    assert {target for (name, _), target in found.items() if name == "B"} == {""}
    assert found["All sources", "January 2023"] == ""


def test_a_panel_is_put_into_words(account, cells, row):
    told = account(cells=[*cells("A"), row("cells", source="A", period="2024-01", share=0.9)])
    (panel,) = draw_timelines(told)
    assert (
        'aria-label="Line chart of the share of Costs over time. A from 30% in January 2023 to 90% '
        'in January 2024."' in panel.svg
    )


@pytest.mark.parametrize(
    ("share", "high", "top"), [(0.3, 0.35, "40%"), (0.3, 0.41, "60%"), (0.02, 0.04, "5%")]
)
def test_the_scale_ends_above_what_is_drawn(account, cells, share, high, top):
    told = account(cells=cells(None, "A", "B", share=share, high=high, low=0.0))
    (panel,) = draw_timelines(told)
    assert f">{top}<" in panel.svg


def test_a_rare_outburst_in_grey_does_not_set_the_scale(account, cells, row):
    grey = cells(*"ABCDEF", share=0.1)
    grey[0] = grey[0] | {"share": 0.95}
    (panel,) = draw_timelines(account(cells=[*cells(None, share=0.1, high=0.15), *grey]))
    assert ">20%<" in panel.svg


def test_one_period_is_no_time(account, row):
    assert draw_timelines(account(cells=[row("cells", period="2023-01")])) == []
    assert draw_timelines(account()) == []


def test_panels_are_limited_to_the_most_common(account, cells, monkeypatch):
    monkeypatch.setattr(timelines, "MOST_PANELS", 1)
    assert len(draw_timelines(account(cells=cells("A") + cells("A", label="risk")))) == 1
