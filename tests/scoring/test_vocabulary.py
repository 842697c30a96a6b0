"""Packed vocabularies."""

from __future__ import annotations

import numpy as np
import pytest

from framing.scoring import vocabulary
from framing.scoring.extension import kernel
from framing.scoring.vocabulary import Vocabulary, pack_terms, read_vocabulary

TERMS = ("ban", "rare earth", "é", "", "İ", "\u2028")


@pytest.mark.parametrize("terms", [(), ("a",), TERMS])
def test_a_vocabulary_is_like_a_tuple(terms):
    found = read_vocabulary(pack_terms(terms))
    assert len(found) == len(terms)
    assert found == terms
    assert terms == found
    assert found == Vocabulary(pack_terms(list(terms)))
    assert tuple(found) == terms
    assert found[1:] == terms[1:]
    assert hash(found) == hash(terms)
    assert found != (*terms, "more")
    assert found != list(terms)


def test_terms_are_made_once_and_only_when_asked_for():
    found = Vocabulary(pack_terms(TERMS))
    assert "terms" not in vars(found)
    assert found[1] is found[1]
    assert "é" in found


def test_packing_gives_back_what_was_packed():
    packed = pack_terms(TERMS)
    assert packed.dtype == np.uint8
    assert pack_terms(Vocabulary(packed)) is packed
    with pytest.raises(UnicodeEncodeError):
        pack_terms(["\ud800"])
    assert len(pack_terms(["\ud800"], errors="surrogatepass")) == 3


@pytest.mark.parametrize("with_extension", [True, False])
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"a\nb\na", "a term stands twice in the vocabulary"),
        (b"a\n\n", "a term stands twice in the vocabulary"),
        (b"a\n\xff", "damaged vocabulary"),
        (b"\xed\xa0\x80", "damaged vocabulary"),
    ],
)
def test_damaged_vocabularies_are_refused(monkeypatch, with_extension, data, reason):
    if with_extension and kernel is None:
        pytest.skip("the extension was not built")
    if not with_extension:
        monkeypatch.setattr(vocabulary, "kernel", None)
    with pytest.raises(ValueError, match=f"^{reason}$"):
        read_vocabulary(np.frombuffer(data, np.uint8))
