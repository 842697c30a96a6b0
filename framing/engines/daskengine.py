"""Dask: blocks of bytes and row groups as delayed tasks, part files by Dask's own writers.

Method: https://docs.dask.org/en/stable/delayed-best-practices.html, and the readers and writers of
``dask.bytes``, ``dask.bag`` and ``dask.dataframe``.
"""

from __future__ import annotations

import glob
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

from framing.engines.inputs import PACKED, InputTable
from framing.engines.pieces import ATTEMPTS, PIECE_BYTES, Gather, Piece, Source, Transform
from framing.records.packing import find_packing
from framing.schema import FramingError

if TYPE_CHECKING:
    from distributed import Client

INSTALL = "pip install 'framing[dask]'"

_ROWS = 4096
"""Rows of a row group that are predicted at a time."""


@contextmanager
def start_dask(
    address: str | None = None, *, workers: int = 1, wait: float = 30.0
) -> Iterator[DaskEngine]:
    """Connect to a scheduler, or start processes on this machine, for the length of a block.

    Parameters
    ----------
    address : str, optional
        Of a scheduler, such as ``tcp://host:8786``.
    workers : int
        Processes, where none is given.
    wait : float
        Seconds until a scheduler must have answered.

    Raises
    ------
    FramingError
        If Dask is not installed, the scheduler does not answer, or its workers end too often.
    """
    try:
        import dask.dataframe  # noqa: F401  what is missing is told here
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise FramingError("Dask is not installed", fix=INSTALL) from error
    with ExitStack() as stack:
        place: Any = address
        if address is None:
            cluster = LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address=None, processes=True
            )
            place = stack.enter_context(cluster)
        try:
            client = stack.enter_context(Client(place, timeout=wait))
        except (OSError, ValueError) as error:
            raise FramingError(
                "no Dask scheduler answers", where=address, fix="check the address"
            ) from error
        with _explain_failure(address):
            yield DaskEngine(client)


@contextmanager
def _explain_failure(address: str | None) -> Iterator[None]:
    from distributed.comm import CommClosedError
    from distributed.scheduler import KilledWorker

    try:
        yield
    except KilledWorker as error:
        raise FramingError(
            "Dask gave up: its workers ended again and again, perhaps for want of memory",
            where=address,
            fix="use fewer workers, or smaller files",
        ) from error
    except (ImportError, RuntimeError) as error:  # what was sent cannot be unpacked there
        reason = str(error).partition("\n")[0]
        raise FramingError(
            f"Dask gave up: {reason}",
            where=address,
            fix="install the same framing[dask] on all of its machines",
        ) from error
    except CommClosedError as error:
        raise FramingError(
            "the Dask scheduler is gone", where=address, fix="start it, and run this again"
        ) from error


class DaskEngine:
    """Runs pieces as delayed tasks of a client, each tried again where it fails."""

    def __init__(self, client: Client, *, piece_bytes: int = PIECE_BYTES) -> None:
        self.client = client
        self._piece_bytes = piece_bytes
        self._pieces: list[tuple[Piece, Any]] = []

    def lay_out(self, tables: Sequence[InputTable]) -> list[Piece]:
        """Cut JSON lines into blocks and Parquet into row groups; other tables are one piece."""
        laid = list(chain.from_iterable(map(self._cut, tables)))
        self._pieces = [(replace(p, number=n), blocks) for n, (p, blocks) in enumerate(laid)]
        return [piece for piece, _ in self._pieces]

    def _cut(self, table: InputTable) -> Iterator[tuple[Piece, Any]]:
        parts = _read_groups(table) if table.format == "parquet" else self._read_blocks(table)
        first = 1
        for part, n_rows in parts:
            yield Piece(0, table.name, table.stem, table.format, first), part
            first += n_rows

    def _read_blocks(self, table: InputTable) -> Iterator[tuple[Any, int]]:
        """Return blocks of bytes as delayed, with how many lines each has, where that matters."""
        from dask import delayed
        from dask.bytes import read_bytes

        path = glob.escape(str(table.path))
        if table.is_whole:
            compression = "gzip" if find_packing(table.path) == PACKED else None
            _, [blocks] = read_bytes([path], blocksize=None, compression=compression, sample=False)
            return iter([(blocks[0], 0)])
        _, [blocks] = read_bytes([path], b"\n", blocksize=self._piece_bytes, sample=False)
        counts = self._compute([delayed(_count_lines)(block) for block in blocks[:-1]])
        return zip(blocks, [*counts, 0], strict=False)

    def ship(self, path: Path) -> Callable[[], Path]:
        """Upload a file to all workers, those that join later included."""
        self.client.upload_file(str(path), load=False)
        return _Uploaded(path.name)

    def gather(self, work: Gather) -> list[bytes]:
        """Return what `work` says of each piece, in order."""
        from dask import delayed

        say = delayed(_say)
        return self._compute([say(work, piece, part) for piece, part in self._pieces])

    def write(self, work: Transform, schema: pa.Schema, folder: Path, suffix: str) -> list[Path]:
        """Write what `work` makes of each piece, by ``to_parquet`` or ``to_textfiles``."""
        if not self._pieces:
            return []
        folder.mkdir()
        files = [folder / f"part-{piece.number:05d}{suffix}" for piece, _ in self._pieces]
        write = self._write_frames if suffix == ".parquet" else self._write_texts
        self._compute(write(work, schema, files))
        return files

    def _write_frames(self, work: Transform, schema: pa.Schema, files: Sequence[Path]) -> list[Any]:
        import dask.dataframe as dd
        from dask import delayed

        make = delayed(_make_frame)
        frames = [make(work, piece, part, schema) for piece, part in self._pieces]
        table = dd.from_delayed(frames, meta=_to_frame(schema.empty_table()), verify_meta=False)
        written = table.to_parquet(
            str(files[0].parent),
            name_function=lambda number: files[number].name,
            schema=schema,
            write_index=False,
            write_metadata_file=False,
            compression="zstd",
            compute=False,
        )
        return [written]

    def _write_texts(self, work: Transform, _schema: pa.Schema, files: Sequence[Path]) -> list[Any]:
        import dask.bag as db
        from dask import delayed

        make = delayed(_make_lines)
        lines = db.from_delayed([make(work, piece, part) for piece, part in self._pieces])
        paths = [str(file) for file in files]
        written: list[Any] = lines.to_textfiles(
            paths, encoding="utf-8", last_endline=True, compute=False
        )
        return written

    def _compute(self, tasks: Sequence[Any]) -> list[Any]:
        futures = self.client.compute(list(tasks), retries=ATTEMPTS - 1)
        return list(self.client.gather(futures))


class _Uploaded:
    """Finds an uploaded file in the folder of the worker that asks."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self) -> Path:
        from distributed import get_worker

        return Path(get_worker().local_directory) / self._name


def _count_lines(block: bytes) -> int:
    return block.count(b"\n")


def _read_groups(table: InputTable) -> Iterator[tuple[Any, int]]:
    """Yield the row groups of a Parquet file as delayed frames, with their numbers of rows."""
    import dask.dataframe as dd
    import pyarrow.parquet as pq

    metadata = pq.read_metadata(table.path)
    counts = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
    if not counts:
        return
    frame = dd.read_parquet(
        glob.escape(str(table.path)),
        columns=list(table.columns),
        index=False,
        split_row_groups=1,
        dtype_backend="pyarrow",
    )
    groups = frame.to_delayed(optimize_graph=False)
    yield from zip(groups, counts, strict=True)


def _open(part: Any) -> Source:
    if isinstance(part, bytes):
        return io.BytesIO(part)
    table: pa.Table = pa.Table.from_pandas(part, preserve_index=False)
    return cast("list[pa.RecordBatch]", table.to_batches(max_chunksize=_ROWS))


def _say(work: Gather, piece: Piece, part: Any) -> bytes:
    return work(piece, _open(part))


def _make_frame(work: Transform, piece: Piece, part: Any, schema: pa.Schema) -> Any:
    return _to_frame(pa.Table.from_batches(work(piece, _open(part)), schema=schema))


def _to_frame(table: pa.Table) -> Any:
    """Wrap Arrow columns as they are: no text becomes a Python object."""
    import pandas as pd

    return table.to_pandas(types_mapper=pd.ArrowDtype)


def _make_lines(work: Transform, piece: Piece, part: Any) -> list[str]:
    return [batch.column(0)[0].as_py() for batch in work(piece, _open(part))]
