"""Charts for the inside of a page: text stays text, nothing is foreign, nothing is left changed."""

from __future__ import annotations

import re
import subprocess
import sys

import matplotlib as mpl
import pytest
from lxml import etree

from framing.reporting.charting import COLOURS, INK, SERIES, Margins, open_chart, write_svg

MARGINS = Margins(left=20, right=20, top=10, bottom=20)


def draw(text="cost", *, name="c", label="A chart", titles=None, url="#row-1"):
    with open_chart(200, 100, MARGINS) as (figure, axes):
        axes.plot([0, 1, 2], [0, 1, 0], color=INK)
        axes.scatter([0, 1], [0, 1], color=SERIES[0]).set_urls([url, "#row-2"])
        axes.text(1, 0.5, text, url=url)
        return write_svg(figure, name=name, label=label, titles=titles or {})


def parse(svg):
    return etree.fromstring(svg)


def test_a_chart_is_an_image_with_words():
    root = parse(draw(label="Shares & <others>"))
    assert root.tag == "svg"
    assert (root.get("role"), root.get("aria-label")) == ("img", "Shares & <others>")
    assert root.get("viewBox") == "0 0 200 100"
    assert root.get("width") is None


def test_text_stays_text(evil):
    svg = draw(evil, label=evil, titles={"#row-1": evil})
    root = parse(svg)
    assert evil in ["".join(node.itertext()) for node in root.iter("text")]
    assert {node.text for node in root.iter("title")} == {evil}
    assert root.get("aria-label") == evil
    assert not list(root.iter("script", "img"))
    assert "<script" not in svg


def test_an_address_cannot_leave_its_attribute():
    root = parse(draw(url='#a"><script>'))
    assert {node.get("href") for node in root.iter("a")} == {'#a"><script>', "#row-2"}


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "a\x1bb"])
def test_what_xml_cannot_hold_is_replaced(text):
    from framing.reporting.charting import clean_text

    assert "a�b" in draw(clean_text(text), label=text)


def test_scripts_that_the_measuring_font_lacks_are_written_without_a_warning():
    assert "人民日报" in draw("人民日报")  # a warning would be an error here


def test_nothing_foreign_is_left():
    svg = draw()
    for part in (
        "http",
        "xmlns",
        "xlink",
        "<?xml",
        "<!DOCTYPE",
        "metadata",
        "<style",
        "font-family",
    ):
        assert part not in svg, part


def test_colours_are_those_of_the_page():
    svg = draw()
    assert "var(--ink)" in svg
    assert "var(--s1)" in svg
    assert not [colour for colour in COLOURS if colour in svg]


def test_references_meet_their_ids_and_no_other_chart_has_them():
    found = []
    for name in ("one", "two"):
        root = parse(draw(name=name))
        ids = [node.get("id") for node in root.iter() if node.get("id")]
        used = {node.get("href")[1:] for node in root.iter("use")}
        used |= set(re.findall(r"url\(#([^)]+)\)", etree.tostring(root, encoding="unicode")))
        assert used == set(ids)
        assert len(ids) == len(set(ids)) > 0
        found.append(set(ids))
    assert not found[0] & found[1]


def test_links_lead_where_they_should_and_are_left_to_the_pointer():
    root = parse(draw(titles={"#row-2": "Second"}))
    links = list(root.iter("a"))
    assert [link.get("href") for link in links] == ["#row-1", "#row-2", "#row-1"]
    assert {link.get("tabindex") for link in links} == {"-1"}
    assert [link.findtext("title") for link in links] == [None, "Second", None]
    assert {key for link in links for key in link.attrib} == {"href", "tabindex"}


def test_numbers_are_short():
    assert not re.findall(r"\d\.\d{3}", draw())


def test_it_is_the_same_each_time_and_in_every_process():
    code = (
        "from framing.reporting.charting import *\n"
        "with open_chart(90, 60, Margins(1, 1, 1, 1)) as (figure, axes):\n"
        "    axes.plot([0, 1], [0, 1], color=INK)\n"
        "    print(write_svg(figure, name='c', label='l', titles={}))"
    )
    answers = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
        for _ in range(2)
    }
    assert len(answers) == 1
    assert draw() == draw()


def test_settings_are_taken_from_nowhere_and_left_as_they_were():
    plain = draw()
    with mpl.rc_context({"lines.linewidth": 9.0, "text.usetex": False, "axes.grid": True}):
        before = dict(mpl.rcParams)
        assert draw() == plain
        assert dict(mpl.rcParams) == before


def test_pyplot_is_not_loaded():
    code = (
        "import sys; from framing.reporting.charting import *\n"
        "with open_chart(90, 60, Margins(1, 1, 1, 1)) as (f, a): pass\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
