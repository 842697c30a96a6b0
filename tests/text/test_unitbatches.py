"""Units in columns."""

from __future__ import annotations

from framing.schema import Paragraph
from framing.text.unitbatches import UNIT_SCHEMA, pack_units


def test_every_attribute_has_its_column():
    unit = Paragraph("a:1", "a", "Ann rose.", 3, 12, "bullet", "T", "Post", "2025-04", "Ann")
    found = pack_units([unit, Paragraph("b", "b", "", 0, 0)])
    assert found.schema == UNIT_SCHEMA
    assert found.to_pylist() == [
        {
            "id": "a:1",
            "article": "a",
            "source": "Post",
            "date": "2025-04",
            "title": "T",
            "kind": "bullet",
            "text": "Ann rose.",
            "target": "Ann",
        },
        dict.fromkeys(UNIT_SCHEMA.names)
        | {"id": "b", "article": "b", "kind": "paragraph"}
        | {"text": ""},
    ]


def test_lone_surrogates_are_replaced():
    [row] = pack_units([Paragraph("a", "a", "x\ud800y", 0, 3, title="\udc00")]).to_pylist()
    assert (row["text"], row["title"]) == ("x\ufffdy", "\ufffd")


def test_no_units_have_all_columns():
    assert pack_units([]).schema == UNIT_SCHEMA
    assert len(pack_units([])) == 0
