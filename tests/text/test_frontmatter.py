"""Front matter: names, broken YAML, and texts that only look like it."""

from __future__ import annotations

import datetime as dt

import pytest
import yaml

from framing.text.frontmatter import split_front_matter


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
        "---\nsource: A\nnever closed",
        "----\nsource: A\n----\nx",
        "",
    ],
)
def test_texts_without_front_matter(text):
    matter = split_front_matter(text)
    assert (matter.body, dict(matter.values), matter.problem) == (text, {}, None)


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
