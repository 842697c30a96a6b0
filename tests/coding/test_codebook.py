"""Codebooks as files, and codebooks inferred from codings."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.coding.codebook import (
    Codebook,
    Frame,
    StanceTarget,
    StanceValue,
    format_codebook,
    infer_codebook,
    parse_codebook,
    read_codebook,
)
from framing.coding.names import fold_name, is_identifier
from framing.schema import CodebookError, CodedUnit, Coding, Paragraph

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(str.strip)
names = texts.filter(bool)
ids = names.filter(is_identifier)


def unique_ids(least):
    return st.lists(ids, min_size=least, max_size=3, unique_by=fold_name)


@st.composite
def codebooks(draw):
    lists = st.lists(names, max_size=2).map(tuple)
    frames = tuple(
        Frame(i, draw(names), draw(texts), draw(lists), draw(lists), draw(lists))
        for i in draw(unique_ids(1))
    )
    targets = []
    for i in draw(unique_ids(0)):
        values = tuple(StanceValue(v, draw(texts)) for v in draw(unique_ids(2)))
        neutral = draw(st.sampled_from([None, *(value.id for value in values)]))
        targets.append(StanceTarget(i, draw(names), draw(texts), values, neutral))
    return Codebook(
        draw(names), "1.0.0", draw(texts), draw(texts), frames, tuple(targets), draw(lists)
    )


@settings(deadline=None, max_examples=50)
@given(codebooks())
def test_what_is_written_reads_back_the_same(book):
    again = parse_codebook(format_codebook(book))
    assert again == book
    assert again.hash == book.hash


@settings(deadline=None, max_examples=50)
@given(codebooks())
def test_what_is_put_in_a_dict_comes_back_the_same(book):
    assert Codebook.from_dict(book.to_dict()) == book


@pytest.mark.parametrize(
    "word", ["no", "null", "~", "1.0", "2024-01-01", "- a", "*a", "&a", "#", "a\x85b", "a\u2028b"]
)
def test_words_that_yaml_would_read_as_something_else(word):
    book = Codebook(word, "1.0.0", frames=(Frame("a", word, word, (word,)),), rules=(word,))
    assert parse_codebook(format_codebook(book)) == book


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_reads_a_file_in_any_encoding(tmp_path, encoding):
    path = tmp_path / "book.yaml"
    path.write_bytes(
        "name: é\r\nversion: 1.0.0\r\nframes:\r\n- {id: a, definition: ''}\r\n".encode(encoding)
    )
    assert read_codebook(path).name == "é"
    assert read_codebook(str(path)).frame_ids == ("a",)


def test_missing_file(tmp_path):
    path = tmp_path / "no.yaml"
    with pytest.raises(CodebookError) as caught:
        read_codebook(path)
    assert str(caught.value) == (
        f"{path}: cannot be read (no such file or directory); check the path"
    )


def test_folder(tmp_path):
    with pytest.raises(CodebookError, match=r"cannot be read \(is a directory\); check the path"):
        read_codebook(tmp_path)


def test_binary_file(tmp_path):
    path = tmp_path / "b.yaml"
    path.write_bytes(b"%PDF-1.7 x")
    with pytest.raises(CodebookError) as caught:
        read_codebook(path)
    assert str(caught.value) == f"{path}: this is a PDF, not text; convert it to text first"


def test_empty_file(tmp_path):
    path = tmp_path / "b.yaml"
    path.write_bytes(b"")
    with pytest.raises(CodebookError, match="the file is empty; write a codebook into it"):
        read_codebook(path)


def test_errors_name_the_file_and_the_line(tmp_path):
    path = tmp_path / "b.yaml"
    path.write_text("name: x\nversoin: 1.0.0\n", encoding="utf-8")
    with pytest.raises(CodebookError) as caught:
        read_codebook(path)
    assert str(caught.value) == (
        f"{path}, line 2: unknown key 'versoin' in the codebook; did you mean 'version'?"
    )


def make_unit(number, frames=(), stance=()):
    paragraph = Paragraph(str(number), "a", "text", 0, 4)
    return CodedUnit(paragraph, Coding(str(number), "", dict(frames), dict(stance)))


def test_inferred_frames_are_sorted_and_named():
    book = infer_codebook([make_unit(1, {"b_c": True, "5G risk": False})], "mine")
    assert book.name == "mine"
    assert book.version == "0.1.0"
    assert book.frames == (Frame("5G risk", "5G risk"), Frame("b_c", "B c"))
    assert parse_codebook(format_codebook(book)) == book


@pytest.mark.parametrize(
    ("values", "neutral"),
    [(["pro", "None"], "None"), (["neutral", "none", "pro"], "none"), (["-1", "0"], None)],
)
def test_inferred_targets_and_their_neutral_value(values, neutral):
    book = infer_codebook([make_unit(i, stance={"law": v}) for i, v in enumerate(values)])
    assert book.values("law") == tuple(sorted(values))
    assert book.targets[0].neutral == neutral


def test_order_of_the_data_does_not_matter():
    units = [make_unit(1, {"a": True}, {"t": "x"}), make_unit(2, {"b": True}, {"t": "y"})]
    assert infer_codebook(units) == infer_codebook(units[::-1])


def test_target_with_one_value_is_left_out_and_reported():
    problems = []
    book = infer_codebook([make_unit(1, {"a": True}, {"law": "pro"})], report=problems.append)
    assert book.target_ids == ()
    assert [(p.where, p.reason, p.lost) for p in problems] == [
        ("stance target 'law'", "every unit has the value 'pro': the target is left out", False)
    ]


def test_nothing_coded():
    with pytest.raises(CodebookError) as caught:
        infer_codebook([make_unit(1), make_unit(2, stance={"law": "pro"})])
    assert str(caught.value) == (
        "no frame and no stance is coded in 2 units; "
        "fill the column 'frames' or a column 'stance:TARGET'"
    )


def test_names_that_cannot_be_ids_are_refused():
    with pytest.raises(CodebookError, match="codebook 'inferred': id 'a:b' cannot be used"):
        infer_codebook([make_unit(1, {"a:b": True})])
