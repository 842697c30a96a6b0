"""Files as streams of bytes, packed and unpacked by their suffix: ``.gz`` and ``.zst``."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from framing.schema import InputError

_NAMES = {".gz": "gzip", ".zst": "zstd"}
PACKED_SUFFIXES = tuple(_NAMES)
_ZSTD = ".zst"
_CHUNK = 1 << 20


def find_packing(path: Path) -> str | None:
    """Return the suffix by which a file is packed, in lower case, or None where it is plain.

    >>> find_packing(Path("a.csv.GZ")), find_packing(Path("a.csv"))
    ('.gz', None)
    """
    suffix = path.suffix.lower()
    return suffix if suffix in _NAMES else None


def strip_packing(path: Path) -> Path:
    """Return the path without a closing ``.gz`` or ``.zst``.

    >>> strip_packing(Path("a.csv.gz")).name
    'a.csv'
    """
    return path.with_suffix("") if find_packing(path) else path


@contextmanager
def open_binary(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    """Open a file's bytes, unpacked where its suffix says so; a stream stays open."""
    if not isinstance(source, Path):
        yield source
        return
    opener = gzip.open if find_packing(source) == ".gz" else Path.open
    try:
        stream: Any = opener(source, "rb")
    except OSError as error:
        raise InputError(
            describe_failure(error), where=str(source), fix="check the path"
        ) from error
    with stream, _unpack(stream, source) as unpacked:
        yield unpacked


@contextmanager
def _unpack(stream: BinaryIO, source: Path) -> Iterator[BinaryIO]:
    if find_packing(source) != _ZSTD:
        yield stream
        return
    import pyarrow as pa

    with pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd") as unpacked:
        yield cast(BinaryIO, io.BufferedReader(cast(Any, unpacked), _CHUNK))


@contextmanager
def explain_damage(where: str, path: Path | None = None) -> Iterator[None]:
    """Turn what goes wrong in reading a file's bytes into an InputError.

    Raises
    ------
    InputError
    """
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            f"damaged gzip file ({error})", where=where, fix="fetch or compress it again"
        ) from error
    except OSError as error:
        if path is not None and find_packing(path) == _ZSTD and error.errno is None:
            reason = f"damaged zstd file ({error})"
            raise InputError(reason, where=where, fix="fetch or compress it again") from error
        raise InputError(describe_failure(error), where=where, fix="check the file") from error


def describe_failure(error: OSError) -> str:
    """Say in a few words why a file cannot be read."""
    return f"cannot be read ({(error.strerror or str(error)).lower()})"


@contextmanager
def pack(stream: BinaryIO, path: Path) -> Iterator[BinaryIO]:
    """Pack what is written to a stream as the suffix of `path` says; the stream stays open."""
    packing = find_packing(path)
    if packing == ".gz":
        with gzip.GzipFile(filename="", fileobj=stream, mode="wb", mtime=0) as packed:
            yield cast(BinaryIO, packed)
    elif packing == _ZSTD:
        import pyarrow as pa

        with pa.CompressedOutputStream(pa.PythonFile(stream, mode="w"), "zstd") as packed:
            yield cast(BinaryIO, packed)
    else:
        yield stream


class JoinedStream(io.RawIOBase):
    """Bytes that were read already, and after them the rest of their stream, which stays open."""

    def __init__(self, data: bytes, stream: Any) -> None:
        self._data = memoryview(data)
        self._stream = stream

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer, and return how many bytes."""
        if not self._data:
            return int(self._stream.readinto(buffer))
        size = min(len(buffer), len(self._data))
        buffer[:size], self._data = self._data[:size], self._data[size:]
        return size
