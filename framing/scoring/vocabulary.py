"""Vocabularies as model files hold them: packed, and made into strings only when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from framing.scoring.extension import kernel

PackedTerms = NDArray[np.uint8]


class Vocabulary(Sequence[str]):
    """V terms that behave like a tuple of strings.

    Parameters
    ----------
    packed : array of uint8
        The terms as UTF-8, with a line feed between each two.

    Examples
    --------
    >>> words = Vocabulary(pack_terms(["ban", "lift"]))
    >>> len(words), words[1], words == ("ban", "lift")
    (2, 'lift', True)
    """

    def __init__(self, packed: PackedTerms) -> None:
        self.packed = packed
        self._n_terms = int(np.count_nonzero(packed == ord("\n"))) + 1 if len(packed) else 0

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """All terms as strings, in feature order."""
        return tuple(self.packed.tobytes().decode().split("\n")) if len(self.packed) else ()

    def __len__(self) -> int:
        return self._n_terms

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[str, ...]: ...
    def __getitem__(self, place: int | slice) -> str | tuple[str, ...]:
        return self.terms[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self.terms)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary | tuple) and self.terms == tuple(other)

    def __hash__(self) -> int:
        return hash(self.terms)


def pack_terms(terms: Sequence[str], *, errors: str = "strict") -> PackedTerms:
    """Return terms in the form that model files hold.

    Raises
    ------
    UnicodeEncodeError
        If a term holds half a surrogate pair, unless `errors` lets it pass.
    """
    if isinstance(terms, Vocabulary):
        return terms.packed
    return np.frombuffer("\n".join(terms).encode(errors=errors), dtype=np.uint8)


def read_vocabulary(packed: PackedTerms) -> Vocabulary:
    """Check packed terms before anything is built from them.

    Raises
    ------
    ValueError
        If they are not UTF-8, or a term stands twice.
    """
    vocabulary = Vocabulary(packed)
    sound, unique = _check(vocabulary)
    if not sound:
        raise ValueError("damaged vocabulary")
    if not unique:
        raise ValueError("a term stands twice in the vocabulary")
    return vocabulary


def _check(vocabulary: Vocabulary) -> tuple[bool, bool]:
    if kernel is not None:
        _, sound, unique = kernel.check_terms(vocabulary.packed)
        return sound, unique
    try:
        return True, len(set(vocabulary.terms)) == len(vocabulary)
    except UnicodeDecodeError:
        return False, False
