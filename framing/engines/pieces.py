"""Pieces of tables, one a task, and what an engine does with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeAlias

from framing.records.tables import TableFormat

if TYPE_CHECKING:
    import pyarrow as pa

    from framing.engines.inputs import InputTable

ATTEMPTS = 4
"""How often an engine of ours tries a piece before it gives up: Spark's own default."""

PIECE_BYTES = 32 << 20
"""How much of a file of JSON lines makes one piece."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows that follow each other in one table.

    Attributes
    ----------
    number : int
        Its place among all pieces, from 0, in input order.
    name : str
        What messages call the table.
    stem : str
        What the ids of rows without one begin with.
    format : {"csv", "jsonl", "parquet"}
    first : int
        Number of its first row (of JSONL: line) in the table, from 1.
    """

    number: int
    name: str
    stem: str
    format: TableFormat
    first: int = 1


Source: TypeAlias = "BinaryIO | Iterable[pa.RecordBatch]"
"""What an engine's reader hands over: the bytes of a text, or batches out of a Parquet file."""

Gather = Callable[[Piece, Source], bytes]
"""Runs in a worker and says something short about a piece."""

Transform = Callable[[Piece, Source], "Iterator[pa.RecordBatch]"]
"""Runs in a worker and turns a piece into the batches of its part of the output."""


class Engine(Protocol):
    """Reads pieces, runs functions on them in its workers, and writes what they give.

    Functions are sent to the workers, and run again where one fails.
    """

    def lay_out(self, tables: Sequence[InputTable]) -> list[Piece]:
        """Cut tables into pieces, once, in input order."""

    def ship(self, path: Path) -> Callable[[], Path]:
        """Send a file to each worker once; what is returned finds it there."""

    def gather(self, work: Gather) -> list[bytes]:
        """Return what `work` says of each piece, in order."""

    def write(self, work: Transform, schema: pa.Schema, folder: Path, suffix: str) -> list[Path]:
        """Write what `work` makes of each piece to a file in a folder, and return them in order.

        The suffix is ``.parquet``, or another where the schema is one column of text lines, packed
        if it ends in ``.gz``. A piece of which nothing is left may have no file.
        """
