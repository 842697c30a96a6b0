"""The report in a real browser: it renders, stays by itself, and takes no text for markup."""

from __future__ import annotations

import shutil
from contextlib import contextmanager

import pytest

from framing.reporting.driftpage import render_drift

BROWSER = shutil.which("chromium")
ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no chromium here")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=BROWSER, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory, invented, label_names, evil):
    """A report in which the first source, a term and every paragraph are hostile."""
    tables = {
        name: table.replace("The Harbour Ledger", evil) for name, table in invented.tables.items()
    }
    tables["examples"] = tables["examples"].assign(text=evil)
    tables["terms"] = tables["terms"].replace("licence", evil)
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render_drift(invented.change(**tables), names=label_names), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def visit(browser, address):
    """Open the report and note what it says to the console, asks for, and pops up."""

    @contextmanager
    def opened(**options):
        context = browser.new_context(**options)
        page = context.new_page()
        page.noted = {"console": [], "requests": [], "dialogs": []}
        page.on("console", lambda message: page.noted["console"].append(message.text))
        page.on("pageerror", lambda error: page.noted["console"].append(str(error)))
        page.on("request", lambda request: page.noted["requests"].append(request.url))
        page.on("dialog", lambda dialog: (page.noted["dialogs"].append(1), dialog.dismiss()))
        page.goto(address)
        yield page
        context.close()

    return opened


def test_it_renders_without_an_error_and_asks_for_nothing(visit, address):
    with visit() as page:
        assert page.title().startswith("How framing differs between 12 sources")
        assert page.locator("svg").count() == 10
        boxes = [svg.bounding_box() for svg in page.locator("svg").all()]
        assert all(box["width"] > 200 and box["height"] > 100 for box in boxes)
        assert page.noted == {"console": [], "requests": [address], "dialogs": []}


def test_a_text_that_holds_a_script_stays_text(visit, evil):
    with visit() as page:
        assert page.evaluate("document.querySelectorAll('script, img, iframe').length") == 0
        texts = page.evaluate(
            "[...document.querySelectorAll('.behind blockquote')].map(e => e.textContent)"
        )
        assert texts
        assert all(text.startswith(evil) for text in texts)
        assert evil in page.evaluate("document.querySelector('main').textContent")
        assert page.noted["dialogs"] == []


def test_every_link_has_its_target(visit):
    with visit() as page:
        lost = page.evaluate(
            """[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))
            .filter(h => h[0] != '#' || !document.getElementById(h.slice(1)))"""
        )
        assert lost == []


def test_a_point_leads_to_its_numbers_even_where_they_are_folded_away(visit):
    with visit() as page:
        link = page.locator("svg a[href^='#time-0-0-']").first
        row = page.locator(link.get_attribute("href"))
        assert not row.is_visible()
        link.click()
        assert row.is_visible()
        assert row.locator(".quote").is_visible()


def test_a_share_leads_to_a_paragraph_that_is_folded_away(visit):
    with visit() as page:
        link = page.locator(".heat td a[href^='#typical-']").first
        quote = page.locator(link.get_attribute("href"))
        assert not quote.is_visible()
        link.click()
        assert quote.is_visible()


def test_on_a_phone_the_paragraph_of_a_point_needs_no_scrolling(visit):
    with visit(viewport={"width": 390, "height": 844}) as page:
        page.locator("svg a[href^='#time-0-0-']").first.click()
        box = page.locator("#time-0-0-0 .quote").bounding_box()
        assert 0 <= box["x"] < box["x"] + box["width"] <= 390


@pytest.mark.parametrize("width", [320, 390, 768])
def test_nothing_is_wider_than_a_phone(visit, width):
    with visit(viewport={"width": width, "height": 844}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == width


CONTRAST = """selector => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const mix = (over, under) =>
    over.slice(0, 3).map((c, i) => c * over[3] + under[i] * (1 - over[3]));
  const read = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255];
  };
  const bend = c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  const light = rgb => {
    const [r, g, b] = rgb.map(c => bend(c / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ground = read(getComputedStyle(document.body).backgroundColor).slice(0, 3);
  return [...document.querySelectorAll(selector)].map(element => {
    let under = ground;
    for (let e = element; e && e !== document.body; e = e.parentElement) {
      const own = read(getComputedStyle(e).backgroundColor);
      if (own[3] > 0) { under = mix(own, ground); break; }
    }
    const style = getComputedStyle(element);
    const ink = read(element.closest('svg') ? style.fill : style.color);
    const [a, b] = [light(mix(ink, under)), light(under)];
    return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  });
}"""
"""Contrast of text and ground as WCAG 2 defines it, for each element that a selector finds."""


TEXTS = (
    *("p", "li", "h1, h2, h3", "th", "td", "td small", "a:not(svg a)", "figcaption, summary"),
    "svg text",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_in_dark(visit, scheme):
    with visit(color_scheme=scheme) as page:
        found = {selector: page.evaluate(CONTRAST, selector) for selector in TEXTS}
        assert all(found.values())
        assert {
            selector: min(values) for selector, values in found.items() if min(values) < 4.5
        } == {}


def test_light_and_dark_differ(visit):
    def ground(scheme):
        with visit(color_scheme=scheme) as page:
            return page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert ground("light") != ground("dark")


def test_it_prints_in_ink_on_white_with_what_lies_behind(visit):
    with visit(color_scheme="dark") as page:
        page.emulate_media(media="print")
        style = "getComputedStyle(document.body)"
        assert page.evaluate(f"[{style}.color, {style}.backgroundColor]") == [
            *("rgb(0, 0, 0)", "rgb(255, 255, 255)"),
        ]
        assert not page.locator("nav").is_visible()
        assert page.locator(".behind blockquote").first.is_visible()
        assert page.pdf().startswith(b"%PDF")
