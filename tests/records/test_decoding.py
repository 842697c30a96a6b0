"""Bytes of unknown encoding."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.records.decoding import Decoded, decode_bytes, detect_encoding, refuse_binary
from framing.schema import InputError

FRENCH = "L’été, le café coûte 3 €. "
RUSSIAN = "Цена на литий выросла, и завод остановил работу до весны. " * 4
JAPANESE = "レアアースの輸出規制が強まり、工場は在庫を積み増している。" * 6


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\0\0", "utf-32-le"),
        (b"\0\0\xfe\xff", "utf-32-be"),
    ],
)
def test_a_mark_names_the_encoding_and_is_dropped(mark, encoding):
    data = mark + FRENCH.encode(encoding)
    assert decode_bytes(data) == Decoded(FRENCH, encoding)


@settings(deadline=None)
@given(st.text())
def test_utf8_is_read_as_it_is(text):
    data = text.encode()
    try:
        decoded = decode_bytes(data)
    except InputError:  # many control characters, or the opening of a known format
        return
    if decoded.encoding == "utf-8":
        assert decoded == Decoded(text.removeprefix("\ufeff"), "utf-8")
    else:
        assert "\0" in text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(encoding):
    for text in (FRENCH, "a€b’c—" * 9):
        assert decode_bytes(text.encode(encoding)) == Decoded(text, encoding)


def test_a_few_high_bytes_are_windows_1252():
    assert decode_bytes(FRENCH.encode("cp1252")) == Decoded(FRENCH, "cp1252")


@pytest.mark.parametrize(
    ("text", "encoding"), [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"), (JAPANESE, "shift_jis")]
)
def test_text_full_of_high_bytes_is_guessed_by_statistics(text, encoding):
    assert decode_bytes(text.encode(encoding)).text == text


@pytest.mark.parametrize("encoding", ["koi8_r", "cp866"])
def test_a_foreign_passage_among_plain_letters(encoding):
    plain = "The ministry said on Monday that exports need a licence from April. "
    text = plain * 2 + RUSSIAN[: len(RUSSIAN) // 4]
    assert decode_bytes(text.encode(encoding)).text == text


def test_accents_by_the_dozen_are_still_western():
    text = "Élevé, dévoilé, répété à côté: été après été, où l’âme s’élève déjà, où l’île rêve. "
    assert decode_bytes(text.encode("cp1252")) == Decoded(text, "cp1252")


def test_damaged_utf8_stays_utf8():
    data = "Prix élevé à l’été".encode() + b"\xff" + " même ici".encode()
    assert decode_bytes(data) == Decoded("Prix élevé à l’été\ufffd même ici", "utf-8", replaced=1)


def test_a_replacement_character_of_the_text_is_no_damage():
    assert decode_bytes("été \ufffd".encode()).replaced == 0
    assert decode_bytes("été \ufffd".encode("utf-16")).replaced == 0
    assert decode_bytes("été \ufffd".encode() + b"\xff").replaced == 1


def test_what_windows_1252_does_not_define_is_counted():
    assert decode_bytes(b"caf\xe9 \x81\x8d") == Decoded("café \ufffd\ufffd", "cp1252", replaced=2)


def test_three_bytes_that_look_like_a_replacement_character_hide_no_damage():
    assert decode_bytes(b"\xef\xbf\xbd \xe9\x81 \xe9 \xe9 \x81").replaced == 2


@pytest.mark.parametrize("data", [b"", b"plain", b"one\0two and a great deal of text after it"])
def test_plain_bytes_are_utf8(data):
    assert decode_bytes(data) == Decoded(data.decode(), "utf-8")


@pytest.mark.parametrize(
    ("opening", "name"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"PK\x03\x04", "a ZIP archive, or a Word or Excel file"),
        (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
        (b"\x89PNG\r\n", "a PNG picture"),
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
        (b"GIF89a", "a GIF picture"),
        (b"PAR1", "a Parquet table"),
        (b"\x1f\x8b\x08", "gzip data"),
        (b"SQLite format 3\0", "an SQLite database"),
    ],
)
def test_known_formats_are_named(opening, name):
    with pytest.raises(InputError) as error:
        decode_bytes(opening + b" and the rest", where="news.txt")
    assert str(error.value) == f"news.txt: this is {name}, not text; convert it to text first"


@pytest.mark.parametrize("data", [b"\0", bytes(range(32)) * 40, b"words \x01\x02 and words"])
def test_control_bytes_are_not_text(data):
    with pytest.raises(InputError) as error:
        detect_encoding(data, where="news.txt")
    assert str(error.value) == "news.txt: this is binary data, not text; convert it to text first"


def test_few_control_bytes_pass():
    refuse_binary(b"\x01" + b"a" * 19, where="news.txt")  # one in twenty
    with pytest.raises(InputError):
        refuse_binary(b"\x01" + b"a" * 18, where="news.txt")
    assert detect_encoding(b"\t\n\x0b\x0c\r\x1b" * 9) == "utf-8"
