"""Majorities of coders."""

from framing.coding.labels import Label
from framing.coding.merging import merge_coders, merge_codings
from framing.schema import CodedUnit, Coding, Paragraph


def vote(*ballots):
    codings = [Coding("u", f"c{n}", *ballot) for n, ballot in enumerate(ballots)]
    (merged,), cells, tied = merge_codings(codings)
    return merged, cells, tied


def test_majority_a_cell():
    ballots = [({"a": True, "b": True}, {}), ({"a": True, "b": False}, {}), ({"b": False}, {})]
    merged, cells, tied = vote(*ballots)
    assert merged == Coding("u", "majority", {"a": True, "b": False}, {})
    assert (cells, tied) == (2, 0)


def test_a_tie_is_left_uncoded():
    merged, cells, tied = vote(({"a": True, "b": True}, {}), ({"a": False, "b": True}, {}))
    assert merged.frames == {"b": True}
    assert (cells, tied) == (2, 1)


def test_a_plurality_wins_and_a_three_way_tie_does_not():
    assert vote(*[({}, {"t": v}) for v in ("x", "y", "x", "z")])[0].stance == {"t": "x"}
    assert vote(*[({}, {"t": v}) for v in ("x", "y", "z")])[2] == 1
    assert vote(*[({}, {"t": v}) for v in ("x", "x", "y", "y", "z")])[2] == 1


def test_who_did_not_code_does_not_vote():
    assert vote(({"a": True}, {}), ({}, {}), ({}, {}))[0].frames == {"a": True}


def test_a_single_coder_keeps_the_coding():
    coding = Coding("u", "ann", {"a": True}, {"t": "x"})
    assert merge_codings([coding])[0] == [coding]


def test_the_excerpt_stays():
    labels = [Label("u", c, {"a": True}, {}, f"As {c} saw it") for c in ("ann", "bo")]
    assert merge_codings(labels)[0][0].excerpt == "As ann saw it"


def test_units_keep_their_order_and_paragraph():
    paragraphs = [Paragraph(u, "a", u, 0, 1) for u in ("y", "x")]
    units = [
        CodedUnit(p, Coding(p.id, coder, {"a": coder == "ann"}))
        for coder in ("ann", "bo")
        for p in paragraphs
    ]
    merged = merge_coders(units)
    assert [unit.paragraph for unit in merged.units] == paragraphs
    assert all(unit.coding.unit == unit.paragraph.id for unit in merged.units)
    assert (merged.cells, merged.tied) == (2, 2)
    assert merge_coders([]).units == []
