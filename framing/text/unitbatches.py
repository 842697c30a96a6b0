"""Units in columns: Arrow record batches of one row a unit, as scoring takes them."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from framing.records.arrays import pack_texts
from framing.schema import Paragraph

UNIT_COLUMNS = ("id", "article", "source", "date", "title", "kind", "text", "target")
UNIT_SCHEMA = pa.schema([(name, pa.string()) for name in UNIT_COLUMNS])
"""``target`` is how the text names whom a stance is asked about; what is not known is null."""

_ATTRIBUTES = (*UNIT_COLUMNS[:-1], "mention")


def pack_units(units: Sequence[Paragraph]) -> pa.RecordBatch:
    """Return n units as a record batch; lone surrogates, which Arrow cannot hold, are replaced.

    Examples
    --------
    >>> pack_units([Paragraph("a:1", "a", "Prices rose.", 0, 12)])["kind"].to_pylist()
    ['paragraph']
    """
    columns = [pack_texts([getattr(unit, name) for unit in units]) for name in _ATTRIBUTES]
    return pa.RecordBatch.from_arrays(columns, schema=UNIT_SCHEMA)
