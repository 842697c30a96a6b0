"""Texts as the compiled scorer reads them: one stretch of UTF-8, and where each text starts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from framing.schema import InputError

if TYPE_CHECKING:
    import pyarrow as pa

    Texts: TypeAlias = Sequence[str] | pa.Array | pa.ChunkedArray


@dataclass(frozen=True, slots=True)
class TextColumn:
    """Some texts, one after another in memory.

    Attributes
    ----------
    offsets : buffer of integers
        Where each text starts; one more than there are texts, after `first`.
    data : buffer
        UTF-8.
    first, count : int
        Which of the offsets are meant.
    wide : bool
        Whether offsets have 64 bits, not 32.
    apart : tuple of int
        Texts that UTF-8 cannot hold (lone surrogates); empty in `data`.
    """

    offsets: Any
    data: Any
    first: int
    count: int
    wide: bool
    apart: tuple[int, ...] = field(default=())


def lay_out_texts(texts: Sequence[str]) -> TextColumn:
    """Lay strings out as one column."""
    encoded: list[bytes] = []
    apart: list[int] = []
    for row, text in enumerate(texts):
        try:
            encoded.append(text.encode())
        except UnicodeEncodeError:
            encoded.append(b"")
            apart.append(row)
    offsets = np.fromiter(accumulate(map(len, encoded), initial=0), np.int64, len(encoded) + 1)
    return TextColumn(offsets, b"".join(encoded), 0, len(encoded), wide=True, apart=tuple(apart))


def iterate_columns(texts: Texts) -> Iterator[TextColumn]:
    """View texts as columns, without copying what Arrow already lays out so.

    Parameters
    ----------
    texts : sequence of str, or Arrow array of strings, plain or in chunks
        Of any of Arrow's types for strings.

    Raises
    ------
    InputError
        If a text is null, or these are no strings.
    """
    if isinstance(texts, list | tuple):
        yield lay_out_texts(texts)
        return
    start = 0
    for chunk in getattr(texts, "chunks", None) or [texts]:
        yield _view(chunk, start)
        start += len(chunk)


def list_texts(texts: Texts) -> Sequence[str]:
    """Return texts as strings.

    Raises
    ------
    InputError
        If a text is null or no sound UTF-8, or these are no strings.
    """
    if not hasattr(texts, "to_pylist"):
        return texts
    for row, column in enumerate(getattr(texts, "chunks", [texts])):
        try:
            column.validate(full=True)
        except ValueError as error:
            raise InputError(str(error), where=f"chunk {row}", fix="mend or drop it") from error
    found: list[str] = texts.to_pylist()
    for row, text in enumerate(found):
        if not isinstance(text, str):
            raise InputError("there is no text (null)", where=f"row {row}", fix="leave the row out")
    return found


def _view(array: pa.Array, start: int) -> TextColumn:
    import pyarrow as pa

    if not isinstance(array, pa.Array):
        return lay_out_texts(list(array))
    if array.null_count:
        row = start + array.is_null().index(True).as_py()
        raise InputError("there is no text (null)", where=f"row {row}", fix="leave the row out")
    kind = array.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        array = _cast(array)
    wide = pa.types.is_large_string(array.type)
    _, offsets, data = array.buffers()
    if data is None:
        data = b""
    return TextColumn(offsets if len(array) else b"", data, array.offset, len(array), wide)


def _cast(array: pa.Array) -> pa.Array:
    import pyarrow as pa

    kind = array.type.value_type if pa.types.is_dictionary(array.type) else array.type
    if not any(
        check(kind)
        for check in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    ):
        raise InputError(
            f"these are no texts but {array.type}", where="the column of texts", fix="give strings"
        )
    return array.cast(pa.large_string())
