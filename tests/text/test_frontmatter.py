"""Front matter: names, broken YAML, and texts that only look like it."""

from __future__ import annotations

import datetime as dt
import time

import pytest
import yaml

from framing.text.frontmatter import FrontMatter, split_front_matter


def test_names_are_ours():
    lines = [
        "Publication: The Courier",
        "published: 2014-08-14",
        "headline: Dust",
        "id: d1",
        "x: y",
    ]
    text = "\n".join(["---", *lines, "---", "A."])
    matter = split_front_matter(text)
    assert matter.values == {
        "source": "The Courier",
        "date": dt.date(2014, 8, 14),
        "title": "Dust",
        "id": "d1",
    }
    assert matter.body == "A."
    assert matter.problem is None


def test_source_wins_over_outlet_when_first():
    assert split_front_matter("---\nsource: A\noutlet: B\n---\nx").values == {"source": "A"}


@pytest.mark.parametrize("text", ["\ufeff---\nsource: A\n---\nx", "---\r\nsource: A\r\n---\r\nx"])
def test_mark_and_line_ends(text):
    matter = split_front_matter(text)
    assert (dict(matter.values), matter.body) == ({"source": "A"}, "x")


def test_broken_yaml_is_read_line_by_line():
    matter = split_front_matter(
        "---\nsource: The Courier\ntitle: Dust: a town's \"story\n---\nText."
    )
    assert matter.values == {"source": "The Courier", "title": "Dust: a town's \"story"}
    assert matter.body == "Text."
    assert matter.problem.startswith("front matter is not YAML (")
    assert "line 3" in matter.problem


def test_impossible_date_is_a_problem():
    matter = split_front_matter("---\nsource: A\ndate: 2014-13-45\n---\nText.")
    assert matter.values["source"] == "A"
    assert matter.body == "Text."


@pytest.mark.parametrize(
    "text",
    [
        "No front matter.",
        "---\n\nText between rules.\n\n---\n\nMore.",
        "---\nA note: that is prose\n---\nMore.",
        "---\nsource: A\nA note: that is prose\n---\nMore.",
        "---\nThe council met: nobody spoke.\nsource: A\n",
        "---\nNobody: not one of them spoke.\n\nMore.",
        "---\n\nsource: A\n",
        "---\n",
        "----\nsource: A\n----\nx",
        "",
    ],
)
def test_texts_without_front_matter(text):
    matter = split_front_matter(text)
    assert (matter.body, dict(matter.values), matter.problem) == (text, {}, None)


@pytest.mark.parametrize(
    ("block", "names"),
    [
        ("source: A\nnever closed", "source"),
        ("x: y\nOutlet: A\ndate: 2014-08-14\n\nText: with a colon.\ntitle: B", "source, date"),
        ("tags:\n- ore\n  - dust\ndate: 2014\n\nText.", "date"),
        ("id: a", "id"),
        ("source: A\n----\nText.", "source"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_block_that_is_never_closed_is_told_of_and_stays(block, names, end):
    text = f"---\n{block}".replace("\n", end)
    problem = f"front matter is never closed by a line of --- (not read: {names})"
    assert split_front_matter(text) == FrontMatter(body=text, problem=problem)
    assert split_front_matter("\ufeff" + text).problem == problem


def test_many_lines_that_are_never_closed_are_read_in_no_time():
    text = "---\n" + "a:\n" * 9000 + " - \n" * 9000
    started = time.perf_counter()
    assert split_front_matter(text).problem is None
    assert time.perf_counter() - started < 1


def test_nothing_in_it_can_run():
    matter = split_front_matter("---\nsource: !!python/object/apply:os.system ['true']\n---\nText.")
    assert matter.problem is not None
    assert "python" in str(matter.values.get("source"))


def test_empty_block_is_dropped_only_if_a_mapping():
    assert split_front_matter("---\nother: 1\n---\nText.").body == "Text."


BLOCKS = ["date: 2014-08-14\ntitle: 'Ore: up'", "title: [", "id: \ud800", "- x", "date: 2014-02-30"]


@pytest.mark.parametrize("block", BLOCKS)
def test_libyaml_changes_no_result(block, monkeypatch):
    text = f"---\n{block}\n---\nDust."
    found = split_front_matter(text)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert split_front_matter(text) == found
