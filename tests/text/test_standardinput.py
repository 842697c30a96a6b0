"""Standard input as a text, a page or a table."""

from __future__ import annotations

import io

import pytest

from framing.schema import InputError
from framing.text.reading import read_articles, read_units
from framing.text.standardinput import describe_stdin, read_stdin


def read(data):
    return list(read_stdin(io.BytesIO(data), report=pytest.fail))


@pytest.mark.parametrize(
    "data",
    [
        b"id,text\na,Ore\nb,Tin\n",
        b'ID;"Text"\r\na;Ore\r\nb;Tin\r\n',
        "id\ttext\na\tOre\nb\tTin\n".encode("utf-16"),
        b'\n{"id": "a", "text": "Ore"}\n{"id": "b", "text": "Tin"}',
    ],
)
def test_a_table_is_read_by_rows(data):
    assert [(article.id, article.text) for article in read(data)] == [("a", "Ore"), ("b", "Tin")]
    units = list(read_units("-", stdin=io.BytesIO(data), report=pytest.fail))
    assert [text for batch in units for text in batch["text"].to_pylist()] == ["Ore", "Tin"]


@pytest.mark.parametrize("data", [b"Ore, tin and lead", b"text\nOre", b"[1] Ore", b"{\\rtf1 a}"])
def test_what_is_no_plain_table_is_one_text(data):
    [article] = read(data)
    assert article.text == data.decode()


def test_rows_may_have_one_column_or_be_an_array():
    for data in (b"text\nOre\n", b'[{"text": "Ore"}]'):
        [units] = read_units("-", stdin=io.BytesIO(data), report=pytest.fail)
        assert units["text"].to_pylist() == ["Ore"]


@pytest.mark.parametrize("data", [b"Ore, tin and lead rose.", b"id,title\n1,Ore\n"])
def test_rows_of_what_is_no_table_are_refused(data):
    with pytest.raises(InputError) as error:
        describe_stdin(io.BytesIO(data))
    assert str(error.value) == (
        "standard input: neither JSONL nor CSV with a column 'text'; "
        "name the column of the texts 'text', or use --unit paragraph"
    )


def test_nothing_has_no_rows():
    assert list(read_units("-", stdin=io.BytesIO(b" \n"), report=pytest.fail)) == []


@pytest.mark.parametrize("take", [read_articles, read_units])
def test_parquet_needs_a_file(take):
    with pytest.raises(InputError) as error:
        list(take("-", stdin=io.BytesIO(b"PAR1\x15\x04")))
    assert str(error.value) == ("standard input: Parquet needs a file; name the file instead of -")
