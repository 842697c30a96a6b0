"""A made corpus on disk, in the three formats, and the units that a model learns from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from timed.texts import Chains, Drawn, draw_texts

FORMATS = ("jsonl", "csv", "parquet")
_PER_ARTICLE = 10
_SOURCES = 40
_MONTHS = 60


@dataclass(frozen=True, slots=True)
class Corpus:
    """Where a corpus of `n_units` stands: format to file, and to its size (10^6 bytes)."""

    n_units: int
    paths: Mapping[str, Path]
    megabytes: Mapping[str, float]

    @classmethod
    def weigh(cls, n_units: int, paths: Mapping[str, Path]) -> Corpus:
        """Describe a corpus that stands on disk."""
        sizes = {form: path.stat().st_size / 1e6 for form, path in paths.items()}
        return cls(n_units, paths, sizes)


def write_corpus(
    chains: Chains,
    n_units: int,
    folder: Path,
    *,
    seed: int,
    n_words: float = 113.0,
    formats: Sequence[str] = FORMATS,
) -> Corpus:
    """Write a corpus, piece by piece, into a folder that it makes."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    paths = {form: folder / f"corpus.{form}" for form in formats}
    writers = {form: _WRITERS[form](path) for form, path in paths.items()}
    start = 0
    for drawn in draw_texts(chains, n_units, n_words=n_words, rng=rng):
        table = _describe(drawn, start)
        start += len(table)
        for writer in writers.values():
            writer.write(table)
    for writer in writers.values():
        writer.close()
    return Corpus.weigh(n_units, paths)


def cut_corpus(corpus: Corpus, n_units: int) -> Corpus:
    """Write the first units of a corpus, as JSONL, beside it; all of them are the corpus itself."""
    if n_units >= corpus.n_units:
        return corpus
    path = corpus.paths["jsonl"].with_name(f"corpus-{n_units}.jsonl")
    if not path.exists():
        with corpus.paths["jsonl"].open("rb") as whole, path.open("wb") as part:
            part.writelines(islice(whole, n_units))
    return Corpus.weigh(n_units, {"jsonl": path})


def draw_coded(
    chains: Chains, n_units: int, *, seed: int, n_words: float = 113.0
) -> tuple[list[str], np.ndarray[Any, np.dtype[np.bool_]]]:
    """Write texts to learn from, and return them with the frames (n, F) they were written with."""
    pieces = list(draw_texts(chains, n_units, n_words=n_words, rng=np.random.default_rng(seed)))
    texts = [text for piece in pieces for text in piece.texts.to_pylist()]
    return texts, np.vstack([piece.frames for piece in pieces])


def _describe(drawn: Drawn, start: int) -> pa.Table:
    numbers = range(start, start + len(drawn.texts))
    articles = [number // _PER_ARTICLE for number in numbers]
    months = [article % _MONTHS for article in articles]
    return pa.table(
        {
            "id": [f"u{number}" for number in numbers],
            "article": [f"a{article}" for article in articles],
            "source": [f"Source {article % _SOURCES}" for article in articles],
            "date": [f"{2015 + month // 12}-{month % 12 + 1:02}-15" for month in months],
            "text": drawn.texts,
        }
    )


class _Jsonl:
    """Writes lines of JSON."""

    def __init__(self, path: Path) -> None:
        self._stream = path.open("w", encoding="utf-8")

    def write(self, table: pa.Table) -> None:
        self._stream.writelines(_format_lines(table))

    def close(self) -> None:
        self._stream.close()


def _format_lines(table: pa.Table) -> Iterator[str]:
    for row in table.to_pylist():
        yield json.dumps(row, ensure_ascii=False) + "\n"


class _Csv:
    """Writes CSV."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Any = None

    def write(self, table: pa.Table) -> None:
        self._writer = self._writer or pyarrow.csv.CSVWriter(self._path, table.schema)
        self._writer.write(table)

    def close(self) -> None:
        self._writer.close()


class _Parquet(_Csv):
    """Writes Parquet, a row group a piece."""

    def write(self, table: pa.Table) -> None:
        self._writer = self._writer or pyarrow.parquet.ParquetWriter(self._path, table.schema)
        self._writer.write_table(table)


_WRITERS: dict[str, type[Any]] = {"jsonl": _Jsonl, "csv": _Csv, "parquet": _Parquet}
