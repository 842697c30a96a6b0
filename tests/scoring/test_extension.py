"""The compiled extension: that it is there, and what it knows of characters."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

import pytest

from framing.scoring.extension import kernel
from framing.scoring.vocabulary import pack_terms


def find_compiler() -> str | None:
    """Return the compiler that Python's own build names, if it and Python's headers are here."""
    command = (sysconfig.get_config_var("CC") or "").split()
    header = Path(sysconfig.get_path("include"), "Python.h")
    return shutil.which(command[0]) if command and header.exists() else None


@pytest.mark.skipif(find_compiler() is None, reason="no C compiler, or no headers of Python")
def test_where_a_compiler_is_the_extension_was_built():
    assert kernel is not None, "the package was built without its extension: install it again"


pytestmark = pytest.mark.skipif(
    kernel is None and find_compiler() is None, reason="the extension was not built: no compiler"
)


def test_every_code_point_is_what_python_says():
    contextual = []
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        lower, is_word, is_space, is_alphanumeric, is_contextual = kernel.describe_character(code)
        if is_contextual:
            contextual.append(character)
            continue
        lowered = character.lower()
        assert lowered == chr(lower), code
        assert is_word == (lowered.isalnum() or lowered == "_"), code
        assert is_space == lowered.isspace(), code
        assert is_alphanumeric == character.isalnum(), code
    assert contextual == ["İ", "Σ"]


def test_lower_case_holds_nothing_contextual():
    """What Python has lowered is read without asking Python again, and stays as it is."""
    for code in range(sys.maxunicode + 1):
        lowered = chr(code).lower()
        assert not {"İ", "Σ"} & set(lowered)
        assert lowered.lower() == lowered


@pytest.mark.parametrize("code", [-1, 0x110000, 2**70])
def test_only_code_points_are_characters(code):
    with pytest.raises((ValueError, OverflowError)):
        kernel.describe_character(code)


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ((), (0, True, True)),
        (("ban",), (1, True, True)),
        (("b", "a", "c"), (3, True, True)),
        (("a", "ab", "b"), (3, True, True)),
        (("a", "a b", "é", "😀"), (4, True, True)),
        (("a", "b", "a"), (3, True, False)),
        (("a", "a"), (2, True, False)),
        (("b", "", "a", ""), (4, True, False)),
    ],
)
def test_terms_are_counted_and_told_apart(terms, found):
    assert kernel.check_terms(pack_terms(terms)) == found


@pytest.mark.parametrize(
    "data", [b"\xff", b"a\n\x80", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"]
)
def test_terms_must_be_utf8(data):
    assert kernel.check_terms(data)[1] is False


def test_a_scorer_checks_what_it_is_given():
    floats, doubles = memoryview(b"\0" * 8), memoryview(b"\0" * 16)
    block = (0, 1, 1, True, 1.0, 0, b"a\nb", doubles)
    assert kernel.Scorer((block,), floats, memoryview(b"\0" * 8), 2, 1)
    wrong = [
        ((3, *block[1:]),),
        ((block[0], 0, *block[2:]),),
        ((*block[:2], 0, *block[3:]),),
        ((*block[:5], -1, *block[6:]),),
        ((*block[:6], b"a\nb\nc", doubles),),
        (block, block),
    ]
    for blocks in wrong:
        with pytest.raises(ValueError, match=r"a block makes no sense|misshapen|fewer"):
            kernel.Scorer(blocks, floats, memoryview(b"\0" * 8), 2, 1)
    with pytest.raises(ValueError, match="misshapen"):
        kernel.Scorer((block,), floats, memoryview(b"\0" * 8), 2, 2)
    with pytest.raises(ValueError, match="fewer coefficients"):
        kernel.Scorer((block,), floats, memoryview(b"\0" * 8), 1, 1)
    with pytest.raises(TypeError):
        kernel.Scorer([block], floats, memoryview(b"\0" * 8), 2, 1)


def test_a_scorer_checks_the_rows_it_is_asked_for():
    doubles = memoryview(b"\0" * 16)
    block = (0, 1, 1, True, 1.0, 0, b"a\nb", doubles)
    scorer = kernel.Scorer((block,), memoryview(b"\0" * 8), memoryview(b"\0" * 8), 2, 1)
    offsets = memoryview(bytes(8) + (3).to_bytes(8, sys.byteorder))
    assert scorer.score(offsets, b"abc", 0, 1, True, bytearray(8)) == b""
    for first, count, out in ((-1, 1, 8), (0, -1, 8), (0, 1, 7)):
        with pytest.raises(ValueError, match="do not fit"):
            scorer.score(offsets, b"abc", first, count, True, bytearray(out))
    for first, count in ((1, 1), (0, 2), (2**62, 1), (0, 2**40)):
        with pytest.raises(ValueError, match=r"do not fit|offsets"):
            scorer.score(offsets, b"abc", first, count, True, bytearray(64))
