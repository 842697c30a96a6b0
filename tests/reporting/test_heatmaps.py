"""Shares as a shaded table."""

from __future__ import annotations

import pytest

from framing.reporting import heatmaps
from framing.reporting.heatmaps import draw_heatmaps


def draw(account, targets=None, **content):
    return draw_heatmaps(account(**content), targets or {})


def test_a_cell_says_its_share_its_interval_and_what_it_rests_on(account, row):
    (heat,) = draw(account, cells=[row("cells")])
    (source,) = heat.rows
    assert (source.name, source.texts, source.is_everyone) == ("Post", "30 articles", False)
    (cell,) = source.cells
    assert (cell.share, cell.bounds, cell.status) == ("30%", "20–40", "estimated")
    assert cell.title == (
        "Costs, Post: 30.0%, interval 20 to 40%. Article-weighted 28.0%, interval 17 to 39%. "
        "90 units of 30 articles"
    )


def test_an_article_weighted_share_may_have_no_interval(account, row):
    (heat,) = draw(account, cells=[row("cells", article_low=None, article_high=None)])
    assert "Article-weighted 28.0%. 90 units" in heat.rows[0].cells[0].title


def test_an_article_weighted_share_that_is_not_known_is_not_told(account, row):
    bare = row("cells", article_share=None, article_low=None, article_high=None)
    (heat,) = draw(account, cells=[bare])
    assert "rticle-weighted" not in heat.rows[0].cells[0].title


def test_sources_stand_in_order_beneath_all_of_them_together(account, row):
    cells = [row("cells", source=source) for source in ("b", None, "A")]
    (heat,) = draw(account, cells=cells)
    assert [(r.name, r.is_everyone) for r in heat.rows] == [
        ("All sources", True),
        ("A", False),
        ("b", False),
    ]


def test_shades_are_scaled_within_frames_and_within_stances(account, row):
    cells = [
        row("cells", share=0.5),
        row("cells", share=0.25, source="B"),
        row("cells", share=0.1, label="law=pro", kind="stance"),
        row("cells", share=0.9, period="2023"),  # not of a whole source
    ]
    (heat,) = draw(account, cells=cells)
    assert heat.labels == [("Costs", "Frames"), ("The law: pro", "Stance")]
    strengths = {r.name: [cell.strength for cell in r.cells] for r in heat.rows}
    assert strengths == {"B": [50, 0], "Post": [100, 100]}


def test_what_is_refused_widened_or_absent_is_told_by_more_than_colour(account, row):
    cells = [
        row("cells", status="refused", share=None, low=None, high=None, note="one article"),
        row("cells", source="B", status="widened", note="odd texts"),
        row("cells", source="B", label="risk"),
    ]
    (heat,) = draw(account, cells=cells)
    b, post = ({r.name: r.cells for r in heat.rows}[name] for name in ("B", "Post"))
    refused, absent = post
    assert (refused.share, refused.bounds, refused.status) == ("–", "refused", "refused")
    assert refused.title == "Costs, Post: refused; one article"
    assert (absent.status, absent.title) == ("absent", "risk, Post: no units")
    assert (b[0].status, b[0].mark) == ("widened", "†")
    assert b[0].title.endswith("Widened: odd texts")


def test_what_is_doubted_has_a_sign_of_its_own(account, row):
    cells = [row("cells", status="doubted", note="odd texts"), row("cells", source="B")]
    (heat,) = draw(account, cells=cells)
    b, post = (r.cells[0] for r in heat.rows)
    assert (post.share, post.bounds, post.status, post.mark) == ("30%", "20–40", "doubted", "‡")
    assert post.title.endswith("Doubted: odd texts")
    assert b.mark == ""


def test_arrows_stand_where_a_source_differs_from_all_others(account, row):
    contrasts = [
        row("contrasts"),
        row("contrasts", a="B", difference=-0.1),
        row("contrasts", a="C", stands=False),
        row("contrasts", a="D", b="Post"),
        row("contrasts", a="2023", b="2024", comparison="period", source="E"),
    ]
    cells = [row("cells", source=source) for source in ("Post", "B", "C", "D", "E")]
    (heat,) = draw(account, {0: "behind-0"}, cells=cells, contrasts=contrasts)
    found = {r.name: (r.cells[0].sign, r.cells[0].target) for r in heat.rows}
    assert found == {
        "Post": ("▲", "behind-0"),
        "B": ("▼", None),
        **dict.fromkeys("CDE", ("", None)),
    }
    titles = {r.name: r.cells[0].title for r in heat.rows}
    assert titles["B"].endswith("Lower than all other sources together, after correction")


def test_too_many_labels_for_one_table_are_two(account, row):
    labels = [(f"f{n}", "frame") for n in range(8)] + [(f"t={n}", "stance") for n in range(4)]
    cells = [row("cells", label=label, kind=kind) for label, kind in labels]
    assert [len(heat.labels) for heat in draw(account, cells=cells)] == [8, 4]
    assert [len(heat.labels) for heat in draw(account, cells=cells[1:])] == [11]


def test_sources_with_fewest_articles_are_cut_and_counted(account, row, monkeypatch):
    monkeypatch.setattr(heatmaps, "MOST_SOURCES", 2)
    cells = [row("cells", source=s, n_articles=n) for s, n in (("A", 5), ("B", 1), ("C", 9))]
    (heat,) = draw(account, cells=cells)
    assert [r.name for r in heat.rows] == ["A", "C"]
    assert heat.n_cut == 1


@pytest.mark.parametrize("cells", [[], [{"period": "2023"}]])
def test_without_whole_sources_there_is_no_table(account, row, cells):
    assert draw(account, cells=[row("cells", **cell) for cell in cells]) == []


def test_cells_that_stand_out_from_nothing_lead_to_a_typical_paragraph(account, row):
    cells = [row("cells", source=source) for source in ("A", "B", "C", None)]
    contrasts = [row("contrasts", a="A", b=None)]
    typicals = {("cost", "A"): "typical-0", ("cost", "B"): "typical-1", ("cost", None): "typical-2"}
    told = account(cells=cells, contrasts=contrasts)
    for targets, first in (({0: "behind-0"}, "behind-0"), ({}, "typical-0")):
        (heat,) = draw_heatmaps(told, targets, typicals)
        found = {r.source: (r.cells[0].sign, r.cells[0].target) for r in heat.rows}
        assert found == {
            None: ("", "typical-2"),
            "A": ("▲", first),
            "B": ("", "typical-1"),
            "C": ("", None),
        }
