"""Spark: its text and Parquet readers and writers, and ``mapInArrow`` between them.

Each split of a file is one partition, so that a piece is known by the partition's number. Methods:
``pyspark.sql.DataFrame.mapInArrow``, and the column ``_metadata`` of file sources.
"""

from __future__ import annotations

import io
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa

from framing.engines.inputs import PACKED, InputTable
from framing.engines.linestreams import LineStream
from framing.engines.pieces import ATTEMPTS, PIECE_BYTES, Gather, Piece, Source, Transform
from framing.engines.splits import Split, number_splits
from framing.schema import FramingError, InputError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

INSTALL = "pip install 'framing[spark]'"

_WHOLE = 1 << 40
"""Size of a split that no file reaches."""
_PART = re.compile(r"part-(\d+)-.*")
_SETTINGS = {
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "8",
}
_LOCAL = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}


@contextmanager
def start_spark(
    address: str | None = None, *, workers: int = 1, settings: Mapping[str, str] | None = None
) -> Iterator[SparkEngine]:
    """Connect to a master, or run Spark on this machine, for the length of a block.

    Parameters
    ----------
    address : str, optional
        A master's URL, such as ``spark://host:7077`` or ``yarn``.
    workers : int
        Tasks at a time, where none is given.
    settings : mapping of str to str, optional
        Of Spark, beside those that are needed.

    Raises
    ------
    FramingError
        If Spark or Java is not installed, or Spark gives up.
    """
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise FramingError("Spark is not installed", fix=INSTALL) from error
    given = {**_SETTINGS, **({} if address else _LOCAL), **(settings or {})}
    try:
        session = (
            SparkSession.builder.appName("framing")
            .master(address or f"local[{workers},{ATTEMPTS}]")
            .config(map=given)
            .getOrCreate()
        )
    except (PySparkException, Py4JError, OSError) as error:
        raise FramingError(
            "Spark could not be started", where=address, fix="it needs Java 17 or newer (JAVA_HOME)"
        ) from error
    if address is None:
        session.sparkContext.pythonExec = sys.executable
    try:
        yield SparkEngine(session)
    finally:
        session.stop()


@contextmanager
def _explain_failure() -> Iterator[None]:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        raise FramingError(f"Spark gave up: {_find_reason(str(error))}") from error


def _find_reason(message: str) -> str:
    r"""Return the line of a message that says most: the last error of a traceback, or the first.

    >>> _find_reason("Job aborted\nTraceback:\n  File x\nKeyError: 'a'\n\n\tat java")
    "KeyError: 'a'"
    """
    lines = [line for line in message.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"[\w.]+(Error|Exception): ", line)]
    return (errors or lines or ["no reason given"])[-1 if errors else 0].strip()[:500]


@dataclass(frozen=True)
class _Group:
    """Tables that one DataFrame reads in splits of a size; and which partition is which piece."""

    frame: DataFrame
    split: int
    pieces: Mapping[int, Piece]


class SparkEngine:
    """Runs pieces as partitions of a session's DataFrames."""

    def __init__(self, session: SparkSession, *, piece_bytes: int = PIECE_BYTES) -> None:
        self.session = session
        self._piece_bytes = piece_bytes
        self._groups: list[_Group] = []
        self._shipped: dict[str, str] = {}

    def lay_out(self, tables: Sequence[InputTable]) -> list[Piece]:
        """Let Spark split files of JSON lines and Parquet; other tables are one piece."""
        alike: dict[tuple[Any, ...], list[int]] = {}
        for number, table in enumerate(tables):
            _check_name(table)
            kind = (table.format, table.is_whole, table.columns, table.types)
            alike.setdefault(kind, []).append(number)
        laid: list[tuple[DataFrame, int, list[Split]]] = []
        for numbers in alike.values():
            first = tables[numbers[0]]
            split = _WHOLE if first.is_whole else self._piece_bytes
            with self._cut(split):
                frame = self._read([tables[number] for number in numbers])
                places = {str(tables[number].path): number for number in numbers}
                laid.append((_project(frame, first), split, list(_list_splits(frame, places))))
        pieces = number_splits(tables, [split for _, _, splits in laid for split in splits])
        self._groups = [
            _Group(frame, size, {split.partition: pieces[split] for split in splits})
            for frame, size, splits in laid
        ]
        return list(pieces.values())

    def _read(self, tables: Sequence[InputTable]) -> DataFrame:
        paths = [_escape(table.path) for table in tables]
        if tables[0].format == "parquet":
            return self.session.read.parquet(*paths)
        return self.session.read.text(paths, lineSep="\n")

    @contextmanager
    def _cut(self, size: int) -> Iterator[None]:
        """Make every split of at most a size a partition of its own, for the length of a block."""
        settings = ("spark.sql.files.maxPartitionBytes", "spark.sql.files.openCostInBytes")
        before = {name: self.session.conf.get(name) for name in settings}
        with _explain_failure():
            for name in settings:
                self.session.conf.set(name, size)
            try:
                yield
            finally:
                for name, value in before.items():
                    self.session.conf.set(name, value)

    def ship(self, path: Path) -> Callable[[], Path]:
        """Add a file to the session: each executor fetches it once."""
        if path.name not in self._shipped:
            self.session.sparkContext.addFile(str(path))
            self._shipped[path.name] = str(path)
        return partial(_locate, path.name)

    def gather(self, work: Gather) -> list[bytes]:
        """Return what `work` says of each piece, in order."""
        said: dict[int, bytes] = {}
        for group in self._groups:
            with self._cut(group.split):
                run = partial(_say, work, group.pieces)
                rows = _map(group.frame, run, "number bigint, said binary").collect()
                said |= {row["number"]: bytes(row["said"]) for row in rows}
        return [said[number] for number in sorted(said)]

    def write(self, work: Transform, schema: pa.Schema, folder: Path, suffix: str) -> list[Path]:
        """Write what `work` makes of each piece, by ``write.parquet`` or ``write.text``."""
        files: dict[int, Path] = {}
        for number, group in enumerate(self._groups):
            target = folder / str(number)
            with self._cut(group.split):
                run = partial(_transform, work, group.pieces)
                made = _map(group.frame, run, _describe(schema))
                if suffix == ".parquet":
                    made.write.parquet(f"file://{target}", compression="zstd")
                else:
                    packing = "gzip" if suffix.endswith(PACKED) else "none"
                    made.write.text(f"file://{target}", compression=packing, lineSep="\n")
            for path in target.iterdir():
                found = _PART.fullmatch(path.name)
                if found and int(found[1]) in group.pieces:
                    files[group.pieces[int(found[1])].number] = path
        return [files[number] for number in sorted(files)]


def _check_name(table: InputTable) -> None:
    if table.path.name.startswith(("_", ".")):
        raise InputError(
            "Spark passes over files whose name begins so", where=table.name, fix="rename it"
        )


def _escape(path: Path) -> str:
    """Write a path so that Hadoop takes no character of it for a pattern."""
    return "file://" + re.sub(r"([\\*?{}\[\]^])", r"\\\1", str(path))


def _project(frame: DataFrame, table: InputTable) -> DataFrame:
    from pyspark.sql import functions as F  # noqa: N812  as everyone calls it

    if table.format == "parquet":
        return frame.select([_quote(name) for name in table.columns])
    return frame.select(F.col("value").cast("binary"))


def _quote(name: str) -> str:
    return "`{}`".format(name.replace("`", "``"))


def _list_splits(frame: DataFrame, places: Mapping[str, int]) -> Iterator[Split]:
    """Count the rows of each partition; `places` numbers the tables by path."""
    from pyspark.sql import functions as F  # noqa: N812

    where = frame.select(
        F.spark_partition_id().alias("partition"),
        F.col("_metadata.file_path").alias("path"),
        F.col("_metadata.file_block_start").alias("start"),
    )
    for row in where.groupBy("partition", "path", "start").count().collect():
        path = unquote(urlsplit(row["path"]).path)
        yield Split(places[path], row["start"], row["partition"], row["count"])


def _describe(schema: pa.Schema) -> StructType:
    from pyspark.sql.types import DoubleType, StringType, StructType

    described = StructType()
    for field in schema:
        described.add(field.name, DoubleType() if field.type == pa.float64() else StringType())
    return described


def _map(frame: DataFrame, run: Callable[..., Any], schema: str | StructType) -> DataFrame:
    with warnings.catch_warnings():
        # Spark warns of pandas even where only Arrow is used.
        warnings.filterwarnings("ignore", ".*fully support pandas", FutureWarning)
        return frame.mapInArrow(run, schema)


def _locate(name: str) -> Path:
    from pyspark import SparkFiles

    return Path(SparkFiles.get(name))


def _find_piece(pieces: Mapping[int, Piece]) -> Piece | None:
    """Return the piece that this task is to read; a split may hold no row."""
    from pyspark import TaskContext

    return pieces.get(TaskContext.get().partitionId())


def _say(
    work: Gather, pieces: Mapping[int, Piece], batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    piece = _find_piece(pieces)
    if piece is not None:
        said = work(piece, _open(piece, batches))
        yield pa.RecordBatch.from_pydict({"number": [piece.number], "said": [said]})


def _transform(
    work: Transform, pieces: Mapping[int, Piece], batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    piece = _find_piece(pieces)
    if piece is not None:
        yield from work(piece, _open(piece, batches))


def _open(piece: Piece, batches: Iterator[pa.RecordBatch]) -> Source:
    return batches if piece.format == "parquet" else io.BufferedReader(LineStream(batches))
