"""Bytes to text: find the encoding, refuse what is not text (Unicode 16, chapter 23.8 on marks)."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from framing.schema import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive, or a Word or Excel file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PAR1", "a Parquet table"),
    (b"\x1f\x8b", "gzip data"),
    (b"SQLite format 3", "an SQLite database"),
)
_SAMPLE = 1 << 18
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27}) + b"\x7f"
_MOST_CONTROLS = 0.05
_HIGH = bytes(range(128, 256))
_FEWEST_MARKED = 0.1
_FEWEST_FOREIGN = 0.4


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was read in, and how many bytes of it could not be read."""

    text: str
    encoding: str
    replaced: int = 0


def decode_bytes(data: bytes, *, where: str = "") -> Decoded:
    r"""Decode bytes of unknown encoding; unreadable bytes become U+FFFD and are counted.

    Raises
    ------
    InputError
        If the bytes are not text.

    Examples
    --------
    >>> decode_bytes("caf\u00e9".encode("utf-16")).text
    'café'
    >>> decode_bytes(b"caf\xe9 au lait").encoding
    'cp1252'
    """
    encoding = detect_encoding(data, where=where)
    for mark, marked in _MARKS:
        if encoding == marked and data.startswith(mark):
            data = data[len(mark) :]
            break
    text = data.decode(encoding, errors="replace")
    if "\ufffd" not in text:
        return Decoded(text, encoding)
    intact = data.count("\ufffd".encode(encoding)) if encoding.startswith("utf") else 0
    return Decoded(text, encoding, max(text.count("\ufffd") - intact, 0))


def detect_encoding(data: bytes, *, where: str = "") -> str:
    """Name the encoding of some bytes, from a mark, from validity as UTF-8, or by statistics.

    Raises
    ------
    InputError
        If the bytes are not text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    refuse_binary(data, where=where)
    wide = _detect_wide(data[:_SAMPLE])
    if wide:
        return wide
    if _is_mostly_utf8(data):
        return "utf-8"
    return _guess_single_byte(data[:_SAMPLE])


def refuse_binary(data: bytes, *, where: str = "") -> None:
    """Raise InputError where bytes are a known binary format or full of control bytes."""
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(
                f"this is {name}, not text", where=where, fix="convert it to text first"
            )
    sample = data[:_SAMPLE]
    if not sample or _detect_wide(sample):
        return
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls / len(sample) > _MOST_CONTROLS:
        raise InputError(
            "this is binary data, not text", where=where, fix="convert it to text first"
        )


def _detect_wide(sample: bytes) -> str | None:
    """Recognise UTF-16 without a mark: every other byte of Western text is NUL."""
    half = len(sample) // 2
    if half < 2:
        return None
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    if even > 0.4 and odd < 0.05:
        return "utf-16-be"
    return None


def _is_mostly_utf8(data: bytes) -> bool:
    """Tell damaged UTF-8 from another encoding: more sequences that hold than bytes that do not."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        sample = data[: 16 * _SAMPLE].decode("utf-8", errors="replace")
        broken = sample.count("\ufffd") - data[: 16 * _SAMPLE].count("\ufffd".encode())
        whole = sum(1 for character in sample if character > "\x7f") - broken
        return whole > broken
    return True


def _guess_single_byte(sample: bytes) -> str:
    """Guess by statistics among legacy encodings; Windows-1252 where they do not decide.

    A few accents and curly quotes among plain letters are Western: on so little evidence the
    statistics may well say Johab. Where most letters are high bytes, as in Russian or Greek, they
    are right.
    """
    from charset_normalizer import from_bytes

    marked = len(sample) - len(sample.translate(None, _HIGH))
    telling = len(sample) >= 64 and marked >= _FEWEST_MARKED * len(sample)
    best = from_bytes(sample, cp_exclusion=["utf_7"]).best() if telling else None
    if best is None or best.encoding in {"ascii", "utf_8"}:
        return "cp1252"
    foreign = marked >= _FEWEST_FOREIGN * len(sample)
    return str(best.encoding) if foreign or not _is_western(best.encoding) else "cp1252"


def _is_western(encoding: str) -> bool:
    return encoding.startswith(("cp125", "iso8859", "latin", "mac_", "cp43", "cp85", "cp86", "hp_"))
