"""The page on drift: it holds what the tables say, as text, and refers to nothing outside."""

from __future__ import annotations

import re
import time

import pytest
from lxml import html

from framing.reporting.accounts import Origin, Reliability
from framing.reporting.driftpage import render_drift


@pytest.fixture(scope="module")
def small(invent):
    return invent(5, 6, 2)


@pytest.fixture(scope="module")
def source(invented, label_names):
    return render_drift(invented, names=label_names)


@pytest.fixture(scope="module")
def page(source):
    return html.document_fromstring(source)


def text(element):
    return " ".join(element.text_content().split())


def section(page, anchor):
    """Return the text between a heading and the next of its level."""
    heading = page.get_element_by_id(anchor)
    parts = [heading]
    for element in heading.itersiblings():
        if element.tag == "h2":
            break
        parts.append(element)
    return " ".join(map(text, parts))


def test_the_title_and_what_was_counted(page):
    assert text(page.find(".//h1")) == "How framing differs between 12 sources and over 24 months"
    assert "29,484 units of 3,276 articles, January 2023 to December 2024." in text(page)


@pytest.mark.parametrize(
    ("sources", "periods", "title"),
    [
        (["A", "B"], [None], "How framing differs between 2 sources"),
        (["A"], ["2023", "2024"], "Framing in A over 2 years"),
        (["A"], [None], "Framing in A"),
        ([None], ["2023", "2024"], "Framing over 2 years"),
    ],
)
def test_titles_name_what_there_is(invented, row, sources, periods, title):
    cells = [row("cells", source=s, period=p) for s in sources for p in periods]
    empty = {table: [] for table in invented.tables if table != "cells"}
    drift = invented.change(cells=cells, over="year", **empty)
    assert text(html.document_fromstring(render_drift(drift)).find(".//h1")) == title


def test_findings_lead_to_their_rows(page):
    (findings,) = page.xpath("//section[@aria-labelledby='findings']")
    links = findings.xpath(".//li/a/@href")
    assert {"#differences-source", "#differences-period", "#turns", "#trends"} <= set(links)
    rows = [page.get_element_by_id(link[1:]) for link in links if link.startswith("#contrast-")]
    assert len(rows) == 4
    assert all(row.tag == "tr" for row in rows)


def test_every_link_stays_in_the_page_and_has_its_target(page):
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    links = page.xpath("//@href")
    assert len(links) > 300
    assert {link[0] for link in links} == {"#"}
    assert {link[1:] for link in links} <= set(ids)


def test_every_point_of_the_charts_is_a_link(page):
    for svg in page.xpath("//svg"):
        marks = svg.xpath(".//use[contains(@style, 'fill') and not(contains(@style, 'opacity'))]")
        assert marks
        assert all(mark.xpath("ancestor::a") for mark in marks)


def test_charts_have_words_and_their_numbers_in_a_table(page):
    charts = page.xpath("//svg")
    assert len(charts) == 8 + 2
    assert all(svg.get("role") == "img" and len(svg.get("aria-label")) > 40 for svg in charts)
    for figure in page.xpath("//div[@class='panels']/figure"):
        (table,) = figure.xpath("./details//table")
        links = figure.xpath(".//svg//a/@href")
        rows = {f"#{anchor}" for anchor in table.xpath(".//tr/@id")}
        assert {link for link in links if link.startswith("#time-")} <= rows


def test_points_lead_on_to_paragraphs(page):
    rows = page.xpath("//div[@class='panels']//tbody/tr")
    links = page.xpath("//div[@class='panels']//tbody/tr//a/@href")
    assert 0 < len(links) <= len(rows)
    for link in set(links):
        item = page.get_element_by_id(link[1:])
        assert item.get("class") == "behind"
        assert item.xpath(".//blockquote")


def test_shares_stand_in_a_table(page, invented):
    (table,) = page.xpath("//table[@class='heat']")
    assert len(table.xpath(".//tbody/tr")) == 13
    assert len(table.xpath(".//tbody//td")) == 13 * 8
    assert all(cell.get("title") for cell in table.xpath(".//td"))
    statuses = {cell.get("class").split()[0] for cell in table.xpath(".//td")}
    assert statuses == {"estimated", "widened"}


def test_refused_and_widened_cells_have_signs(invented, row):
    cells = [
        row("cells", share=None, low=None, high=None, status="refused", note="one article"),
        row("cells", source="B", status="widened", note="odd texts"),
        row("cells", source="C", status="doubted", note="odd codings"),
    ]
    page = html.document_fromstring(render_drift(invented.change(cells=cells)))
    refused, widened, doubted = (
        page.xpath(f"//td[@class='{s}']")[0] for s in ("refused", "widened", "doubted")
    )
    assert text(refused) == "– refused" or text(refused) == "–refused"
    assert "one article" in refused.get("title")
    assert "†" in text(widened)
    assert "‡" in text(doubted)
    assert "odd codings" in doubted.get("title")
    assert "‡ something speaks against the share, and its interval was not widened" in section(
        page, "shares"
    )
    assert "In doubt (‡)." in section(page, "caveats")


def test_contrasts_stand_with_both_p_values(page, invented):
    contrasts = invented.tables["contrasts"]
    standing = contrasts[contrasts["stands"] & (contrasts["comparison"] == "source")]
    table = page.xpath("//div[@aria-label='Each source against all others together']//tbody/tr")
    assert len(table) == len(standing)
    widths = [abs(float(row[4].text.replace("−", "-"))) for row in table]
    assert widths == sorted(widths, reverse=True)
    assert {text(row[-1]) for row in table} == {"stands"}


def test_behind_each_difference_are_terms_and_paragraphs(page):
    items = page.xpath("//details[@class='behind']")
    assert items
    assert all(len(item.xpath(".//blockquote")) == 6 for item in items)
    assert "licence 6.5" in text(items[0]).replace("\xa0", " ")


def test_what_is_descriptive_is_called_so(page):
    assert "Descriptive only" in section(page, "distances")
    assert "They illustrate a difference; they do not explain it." in section(page, "behind")


def test_decomposition_has_its_parts(page):
    rows = page.xpath("//div[@aria-label='Decomposition of change']//tbody/tr")
    assert [text(cell) for cell in rows[0]][:4] == [
        *("Trade coercion", "January 2023 to December 2024"),
        *("+7.3+5.3 to +9.3", "+5.0+3.0 to +7.0"),
    ]
    assert len(rows) == 8


def test_change_points_say_what_was_tested_and_how_their_interval_is_meant(page):
    told = section(page, "changes")
    assert "all that were tested count in the correction" in told
    assert "The interval takes the place as it was found" in told


def test_profiles_that_turned_stand_below_single_labels(page):
    told = section(page, "profile-turns")
    assert "one test a source" in told
    assert "The Harbour Ledger" in told
    assert page.get_element_by_id("profile-turn-0") is not None


def test_equality_is_listed_by_how_sure_it_is_with_both_p_values(invent):
    wide = invent(5, 6, 2, margin=0.1)
    page = html.document_fromstring(render_drift(wide))
    told = section(page, "equivalence")
    assert "reject a difference of 10 points or more" in told
    n_tests = wide.tables["contrasts"]["p_equivalent"].notna().sum()
    assert f"after correction of all {n_tests} tests of equality" in told
    rows = page.xpath("//div[@aria-label='Practically equal']//tbody/tr")
    found = [[float(text(cell).replace("<", "")) for cell in row[-2:]] for row in rows]
    assert found == sorted(found)
    assert all(p <= corrected <= 0.05 for p, corrected in found)
    assert any(p < corrected for p, corrected in found)


def test_methods_and_caveats_stand_at_the_end(page, invented, label_names):
    assert "1,999 permutations" in section(page, "methods")
    assert "37 without a date" in section(page, "caveats")
    origin = Origin(Reliability(3, {"investor_risk": 0.5}, 60))
    told = html.document_fromstring(render_drift(invented, names=label_names, origin=origin))
    assert "3 coders, 60 units, Krippendorff's alpha .50 to .50" in section(told, "methods")
    assert "on Investor risk" in section(told, "caveats")


def test_what_was_not_made_has_no_section(invented):
    empty = {table: [] for table in invented.tables if table != "cells"}
    drift = invented.change(margin=None, n_tests=0, over=None, **empty)
    page = html.document_fromstring(render_drift(drift))
    ids = set(page.xpath("//@id"))
    assert {"shares", "differences", "methods", "caveats"} <= ids
    assert not ids & {"behind", "changes", "decomposition", "equivalence", "distances"}
    assert {link[1:] for link in page.xpath("//@href")} <= ids
    assert "Nothing was compared." in text(page)


def test_what_is_cut_is_counted(invented, monkeypatch):
    from framing.reporting import comparisons, heatmaps, timelines

    monkeypatch.setattr(comparisons, "MOST_ROWS", 40)
    monkeypatch.setattr(heatmaps, "MOST_SOURCES", 5)
    monkeypatch.setattr(timelines, "MOST_PANELS", 2)
    page = html.document_fromstring(render_drift(invented))
    told = text(page)
    assert "7 more sources, those with fewest articles, are not shown" in told
    assert "6 more labels are not shown" in told
    assert "36 more differences are not shown" in told
    assert {link[1:] for link in page.xpath("//@href")} <= set(page.xpath("//@id"))


def test_what_charts_lead_to_is_never_cut():
    from framing.reporting import comparisons

    assert comparisons.MOST_STEMS <= comparisons.MOST_ROWS


def test_paragraphs_lead_back_only_to_rows_that_are_shown(invented, monkeypatch):
    from framing.reporting import comparisons

    monkeypatch.setattr(comparisons, "MOST_ROWS", 2)
    monkeypatch.setattr(comparisons, "MOST_STEMS", 2)
    page = html.document_fromstring(render_drift(invented))
    links = page.xpath("//details[@class='behind']//p[contains(@class, 'back')]/a/@href")
    assert 0 < len(links) < len(page.xpath("//details[@class='behind']"))
    assert {link[1:] for link in page.xpath("//@href")} <= set(page.xpath("//@id"))


PLACES = {
    "source": (
        *("cells", "contrasts", "trends", "turns", "profile_turns", "examples", "typicals"),
    ),
    "label": ("cells", "contrasts", "trends", "turns", "decompositions", "typicals"),
    "a": ("contrasts", "distances"),
    "note": ("cells",),
    "text": ("examples", "typicals"),
    "id": ("examples", "typicals"),
    "date": ("examples", "typicals"),
    "unit_source": ("typicals",),
    "term": ("terms",),
}


@pytest.mark.parametrize("column", PLACES)
def test_whatever_a_table_holds_stays_text(small, evil, column):
    changed = {}
    evil = evil.replace("=", "") if column == "label" else evil  # it parts targets from values
    for name in PLACES[column]:
        table = small.tables[name]
        rows = (
            table["comparison"] == "source" if (name, column) == ("contrasts", "a") else slice(None)
        )
        table = table.copy()
        known = table.loc[rows, column].notna()
        table.loc[known[known].index, column] = evil
        changed[name] = table
    source = render_drift(small.change(**changed))
    page = html.document_fromstring(source)
    assert evil in page.text_content() or evil in page.xpath("//@title")
    assert not page.xpath("//script | //img")
    assert not [name for e in page.iter("*") for name in e.attrib if name.startswith("on")]
    assert "<script" not in source
    assert "<img" not in source


@pytest.mark.parametrize("fact", ["model", "codebook", "notes", "variants", "left_out", "names"])
def test_whatever_a_fact_holds_stays_text(small, evil, fact):
    given = {"notes": [evil], "variants": {evil: [evil]}, "left_out": {evil: 3}}.get(fact, evil)
    names = {"trade_coercion": evil, "china_policy": evil} if fact == "names" else {}
    source = render_drift(small.change(**{fact: given}) if not names else small, names=names)
    assert evil in html.document_fromstring(source).text_content()
    assert "<script" not in source
    assert "<img" not in source


def test_nothing_is_fetched_and_nothing_may_run(source, page):
    for part in ("http:", "https:", "src=", "@import", "//", "xmlns", "javascript:"):
        assert part not in source.lower(), part
    assert not re.findall(r"url\((?!#)", source)
    assert not page.xpath("//script|//link|//iframe|//object|//embed|//img|//base|//form")
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_colours_are_declared_for_light_dark_and_paper(source):
    styles = source[source.index("<style>") : source.index("</style>")]
    light, dark, paper = (
        set(re.findall(r"(--\w+):", part))
        for part in (
            "".join(re.findall(r"(?:^|\n):root \{([^}]*)\}", styles)),
            "".join(re.findall(r"\(prefers-color-scheme: dark\) \{ :root \{([^}]*)\}", styles)),
            "".join(re.findall(r"@media print \{ :root \{([^}]*)\}", styles)),
        )
    )
    assert light == dark == paper
    assert set(re.findall(r"var\((--\w+)\)", source)) - {"--s"} <= light


def test_it_is_the_same_each_time(invented, source, label_names):
    assert render_drift(invented, names=label_names) == source


def test_a_large_report_is_small_and_soon_there(invent):
    drift = invent(40, 60, 8)
    start = time.perf_counter()
    source = render_drift(drift)
    assert time.perf_counter() - start < 15
    assert len(source.encode()) < 8e6


def test_every_share_leads_to_its_most_typical_paragraph(invented):
    """Shares of sources from the heat map, shares of periods from the row of their numbers."""
    page = html.document_fromstring(render_drift(invented))
    cells = invented.to_dict()["cells"]
    given = [cell for cell in cells if cell["period"] is None and cell["share"] is not None]
    links = page.xpath("//table[@class='heat']//td/a/@href")
    assert len(links) == len(given)
    for link in links:
        (target,) = page.xpath(f"//*[@id='{link[1:]}']")
        assert target.xpath("self::blockquote | .//blockquote")
    rows = page.xpath("//tr[starts-with(@id, 'time-')]")
    quoted = [row for row in rows if row.xpath("td[3][not(text()='–')]")]
    assert quoted
    for row in quoted:
        assert "Typical of" in row.xpath("string(td[contains(@class, 'quote')])")


def test_many_notes_are_folded(small):
    notes = [f"{n} sources lack this" for n in range(4)]
    page = html.document_fromstring(render_drift(small.change(notes=notes)))
    (folded,) = page.xpath("//details[@class='more']")
    assert "4 notes" in folded.xpath("string(summary)")
    assert len(folded.xpath(".//li")) == 4
    few = html.document_fromstring(render_drift(small.change(notes=notes[:3])))
    assert not few.xpath("//details[@class='more']")
    assert len(few.xpath("//ul[@class='plain']/li/ul/li")) == 3
