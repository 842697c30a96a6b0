"""Codings put back on their paragraphs."""

import pytest

from framing.coding.joining import join_codings, take_excerpt
from framing.coding.labels import Label
from framing.schema import CodedUnit, Coding, Paragraph


def paragraph(unit, text, kind="paragraph"):
    return Paragraph(unit, unit.rpartition(":")[0], text, 0, len(text), kind)


PRESENT = [
    paragraph("n/a:11", "Prices of neodymium rose by a third in the week."),
    paragraph("n/a:22", "The refinery opens in May, two years late."),
    paragraph("n/b:33", "Share this:", "boilerplate"),
]


def join(*codings):
    problems = []
    return join_codings(PRESENT, codings, report=problems.append), problems


def test_joined_in_the_paragraphs_order():
    codings = [Coding("n/a:22", "ann"), Coding("n/a:11", "ann"), Coding("n/a:22", "bo")]
    units, problems = join(*codings)
    assert units == [
        CodedUnit(PRESENT[0], codings[1]),
        CodedUnit(PRESENT[1], codings[0]),
        CodedUnit(PRESENT[1], codings[2]),
    ]
    assert problems == []


def test_a_changed_paragraph_is_named_with_the_closest_one():
    units, problems = join(Label("n/a:99", "ann", {}, {}, "The refinery opens in June, two years"))
    assert units == []
    (problem,) = problems
    assert problem.where == "coding of 'n/a:99' by ann"
    assert problem.reason == (
        "the paragraph's text has changed since it was coded; the closest now is 'n/a:22': "
        '"The refinery opens in May, two years late."; code it again'
    )
    assert problem.content == "The refinery opens in June, two years"
    assert problem.lost


@pytest.mark.parametrize("excerpt", ["Nothing like it was ever written here", ""])
def test_a_paragraph_that_may_be_gone(excerpt):
    (problem,) = join(Label("n/a:99", "", {}, {}, excerpt))[1]
    assert problem.where == "coding of 'n/a:99'"
    assert problem.reason == (
        "the paragraph's text has changed since it was coded, or it was removed; code it again"
    )


@pytest.mark.parametrize(("unit", "article"), [("n/z:11", "n/z"), ("plain", "plain")])
def test_a_coding_of_an_article_that_was_not_read(unit, article):
    (problem,) = join(Coding(unit, "ann"))[1]
    assert problem.reason == f"the article '{article}' is not among the articles read"


def test_coded_boilerplate_is_left_out_and_named():
    units, (problem,) = join(Coding("n/b:33", "ann", {"a": True}))
    assert units == []
    assert problem.where == "paragraph 'n/b:33'"
    assert problem.reason == (
        "coded by ann but it is boilerplate, which is not coded; delete the coding"
    )
    assert problem.content == "Share this:"


def test_every_coder_of_a_lost_paragraph_is_named():
    assert len(join(Coding("n/a:99", "ann"), Coding("n/a:99", "bo"))[1]) == 2


def test_no_sink_is_needed():
    assert join_codings(PRESENT, [Coding("n/a:99"), Coding("n/b:33")]) == []


def test_excerpt_is_short_and_in_one_line():
    assert take_excerpt("a\n\n b") == "a b"
    assert take_excerpt("x" * 70) == "x" * 60
    assert take_excerpt("y" * 59 + " z") == "y" * 59
