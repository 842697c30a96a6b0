"""Units in columns."""

from __future__ import annotations

import pyarrow as pa
import pytest

from framing.schema import InputError, Paragraph
from framing.text.unitbatches import UNIT_SCHEMA, pack_units, require_units


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


def test_units_are_required_as_plain_strings():
    units = pack_units([Paragraph("a", "a", "x", 0, 1, title="T")])
    bare = units.select(["text", *UNIT_SCHEMA.names[:-2]]).append_column("extra", pa.array([1]))
    unknown = bare.set_column(1, "id", units["id"].cast(pa.large_string()))
    unknown = unknown.set_column(3, "source", pa.nulls(1))
    assert require_units(unknown).equals(units)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"date": None}, "no column is named 'date'"),
        ({"title": pa.array([1])}, "column 'title' holds int64, which is no text"),
        ({"text": pa.array([b"x"])}, "column 'text' holds binary, which is no text"),
        ({"kind": pa.array([1]).dictionary_encode()}, "which is no text"),
    ],
)
def test_what_is_no_unit_is_refused(columns, said):
    units = dict(zip(UNIT_SCHEMA.names, pack_units([Paragraph("a", "a", "x", 0, 1)]), strict=True))
    held = {name: column for name, column in (units | columns).items() if column is not None}
    batch = pa.RecordBatch.from_arrays(list(held.values()), names=list(held))
    with pytest.raises(InputError, match=said):
        require_units(batch)


def test_a_column_that_is_there_twice_is_refused():
    units = pack_units([Paragraph("a", "a", "x", 0, 1)])
    twice = pa.RecordBatch.from_arrays(
        [*units.columns, units["text"]], names=[*units.schema.names, "text"]
    )
    with pytest.raises(InputError, match="two columns are named 'text'"):
        require_units(twice)
