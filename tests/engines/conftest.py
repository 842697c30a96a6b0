"""Tables with everything that can be wrong with them, an engine without machines, and Dask."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from framing.engines.inputs import InputTable, list_tables
from framing.engines.pieces import Engine, Gather, Piece, Source, Transform
from framing.engines.runs import predict_tables
from framing.scoring.modelfile import load_model
from framing.scoring.outputs import open_predictions
from framing.scoring.streams import predict_units
from framing.text.reading import read_units

SENTENCES = (
    "The bill for the bridge, in money, has doubled.",
    "Inspectors found danger, cracks in the second pier.",
    '"Welcome it", said ä mayor 🌉,\nand left the square.',
    "=A folly, that bridge, which must be stopped.",
)


def write_row(number: int) -> dict[str, object]:
    """Write a row: some without id, text or sound date, and ids that come again."""
    row: dict[str, object] = {"text": f"{SENTENCES[number % 4]} No {number}."}
    row |= {"source": f"post {number % 3}", "date": f"2025-04-{number % 28 + 1:02}"}
    if number % 5:
        row["id"] = f"u{number % 23}" if number % 7 else f"u{number % 3}~2"
    if number % 11 == 4:
        row["text"] = " "
    if number % 13 == 6:
        row["date"] = "31/02/2025"
    if number % 6 == 1:
        row["article"] = f"u{number % 23}"
    return row


def write_lines(rows: Sequence[dict[str, object]]) -> bytes:
    lines = [json.dumps(row, ensure_ascii=False).encode() for row in rows]
    lines[3:3] = [b"{broken", b"", b'["no object"]', b'{"text": "not \xff UTF-8"}']
    return b"\r\n".join(lines)


def write_csv(rows: Sequence[dict[str, object]]) -> bytes:
    stream = io.StringIO(newline="")
    table = csv.DictWriter(stream, ["Id", "text", "note", "source", "date", "article"])
    table.writeheader()
    for row in rows:
        table.writerow({"Id" if key == "id" else key: cell for key, cell in row.items()})
    return stream.getvalue().encode("cp1252", errors="replace") + b"\r\ntoo,few\r\n"


def write_parquet(rows: Sequence[dict[str, object]], path: Path) -> None:
    columns = {key: [row.get(key) for row in rows] for key in ("id", "text", "source")}
    late = datetime(2025, 4, 1, 23, 30, tzinfo=UTC)
    columns["Date"] = [late + timedelta(days=number) for number in range(len(rows))]
    columns["title"] = pa.array(
        [f"No {number % 2}" for number in range(len(rows))]
    ).dictionary_encode()
    columns["article"] = list(range(len(rows)))
    columns["other"] = list(range(len(rows)))
    pq.write_table(pa.table(columns), path, row_group_size=9)


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a table of each kind; the names have signs that globs and addresses know."""
    folder = tmp_path_factory.mktemp("tables")
    rows = [write_row(number) for number in range(120)]
    (folder / "a [1] 50% #.jsonl").write_bytes(write_lines(rows[:60]))
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(write_lines(rows[60:80])))
    (folder / "c.csv").write_bytes(write_csv(rows[80:100]))
    write_parquet(rows[100:], folder / "d.parquet")
    return folder


@dataclass(frozen=True)
class Outcome:
    """What a run wrote, part after part, and what it reported."""

    rows: list[dict[str, object]]
    problems: list[dict[str, object]]


def read_output(path: Path) -> list[dict[str, object]]:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return [row for file in files for row in _read_file(file)]


def _read_file(path: Path) -> list[dict[str, object]]:
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = data.decode()
    if ".csv" in path.name:
        return list(csv.DictReader(io.StringIO(text, newline="")))
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="session")
def run_locally(model_file: Path) -> Callable[..., Outcome]:
    """Return what predicts tables in this process, as ``framing predict --unit row`` does."""

    def predict(paths: Sequence[Path], output: Path) -> Outcome:
        model = load_model(model_file)
        problems: list[dict[str, object]] = []
        with open_predictions(output, model) as writer:
            units = read_units(paths, report=lambda problem: problems.append(asdict(problem)))
            for batch in predict_units(model, units):
                writer.write(batch.rows, batch.targets)
        return Outcome(read_output(output), problems)

    return predict


@pytest.fixture(scope="session")
def run_on(model_file: Path) -> Callable[..., Outcome]:
    """Return what predicts tables on an engine."""

    def predict(engine: Engine, paths: Sequence[Path], output: Path) -> Outcome:
        problems: list[dict[str, object]] = []
        counts = predict_tables(
            engine,
            list(list_tables(paths)),
            model_file,
            output,
            report=lambda problem: problems.append(asdict(problem)),
        )
        rows = read_output(output)
        assert counts["units"] == len(rows)
        return Outcome(rows, problems)

    return predict


class Here:
    """An engine without machines: pieces of JSONL by lines, of Parquet by row groups."""

    def __init__(self, lines: int = 7) -> None:
        self.lines = lines
        self.pieces: list[tuple[Piece, bytes | list[pa.RecordBatch]]] = []
        self.shipped: list[Path] = []

    def lay_out(self, tables: Sequence[InputTable]) -> list[Piece]:
        self.pieces = []
        for table in tables:
            first = 1
            for part, n_rows in self._cut(table):
                number = len(self.pieces)
                piece = Piece(number, table.name, table.stem, table.format, first)
                self.pieces.append((piece, part))
                first += n_rows
        return [piece for piece, _ in self.pieces]

    def _cut(self, table: InputTable) -> Iterator[tuple[bytes | list[pa.RecordBatch], int]]:
        if table.format == "parquet":
            file = pq.ParquetFile(table.path)
            for group in range(file.num_row_groups):
                held = file.read_row_group(group, columns=list(table.columns))
                yield held.to_batches(max_chunksize=4), len(held)
            return
        data = table.path.read_bytes()
        data = gzip.decompress(data) if table.path.suffix == ".gz" else data
        lines = data.splitlines(keepends=True)
        step = len(lines) if table.is_whole else self.lines
        for start in range(0, len(lines), step):
            yield b"".join(lines[start : start + step]), step

    def ship(self, path: Path) -> Callable[[], Path]:
        self.shipped.append(path)
        return lambda: path

    def gather(self, work: Gather) -> list[bytes]:
        return [work(piece, self._open(part)) for piece, part in self.pieces]

    def write(self, work: Transform, schema: pa.Schema, folder: Path, suffix: str) -> list[Path]:
        folder.mkdir()
        files = []
        for piece, part in self.pieces:
            batches = list(work(piece, self._open(part)))
            if not batches:
                continue
            files.append(folder / f"{piece.number}{suffix}")
            if suffix == ".parquet":
                pq.write_table(pa.Table.from_batches(batches, schema=schema), files[-1])
                continue
            text = "".join(f"{batch['value'][0].as_py()}\n" for batch in batches).encode()
            files[-1].write_bytes(gzip.compress(text) if suffix.endswith(".gz") else text)
        return files

    def _open(self, part: bytes | list[pa.RecordBatch]) -> Source:
        return io.BytesIO(part) if isinstance(part, bytes) else part


@pytest.fixture
def here() -> Here:
    return Here()


@pytest.fixture(scope="session")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A JSONL of 300 lines of equal length, and no ids."""
    path = tmp_path_factory.mktemp("numbered") / "n.jsonl"
    path.write_text("".join(f'{{"text": "Unit {n:03}."}}\n' for n in range(300)), "utf-8")
    return path


def forget_modules(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Make packages look as if they were not installed."""
    loaded = [name for name in sys.modules if name.split(".")[0] in names]
    for name in (*names, *loaded):
        monkeypatch.setitem(sys.modules, name, None)
