"""Units in columns: Arrow record batches of one row a unit, as scoring takes them."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from framing.records.arrays import pack_texts
from framing.schema import InputError, Paragraph

UNIT_COLUMNS = ("id", "article", "source", "date", "title", "kind", "text", "target")
UNIT_SCHEMA = pa.schema([(name, pa.string()) for name in UNIT_COLUMNS])
"""``target`` is how the text names whom a stance is asked about; what is not known is null."""

_TEXT_TYPES = (pa.null(), pa.string(), pa.large_string(), pa.string_view())
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


def require_units(units: pa.RecordBatch) -> pa.RecordBatch:
    """Return n units in the columns of `UNIT_SCHEMA` and no others, whatever their type of string.

    Raises
    ------
    InputError
        If a column other than ``target`` is missing, or one is there twice, holds no text or is
        not sound.
    """
    columns = [_require_column(units, name) for name in UNIT_COLUMNS]
    return pa.RecordBatch.from_arrays(columns, schema=UNIT_SCHEMA)


def _require_column(units: pa.RecordBatch, name: str) -> pa.Array:
    places = units.schema.get_all_field_indices(name)
    if not places and name == "target":
        return pa.nulls(len(units), pa.string())
    if len(places) != 1:
        reason = f"{'two columns are' if places else 'no column is'} named '{name}'"
        raise InputError(reason, where="the batch of units", fix="give each column once")
    column = units.column(places[0])
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if kind not in _TEXT_TYPES:
        reason = f"column '{name}' holds {column.type}, which is no text"
        raise InputError(reason, where="the batch of units", fix="cast it to strings")
    try:
        # Plain texts are checked where they are read; that takes as long as checking them here.
        column.validate(full=name != "text" or kind not in (pa.string(), pa.large_string()))
        return column if column.type == pa.string() else column.cast(pa.string())
    except pa.ArrowInvalid as error:
        reason = f"column '{name}' is not sound ({str(error).splitlines()[0].rstrip('.')})"
        fix = "mend it, and give less than 2 GB at a time"
        raise InputError(reason, where="the batch of units", fix=fix) from error
