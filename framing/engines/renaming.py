"""Ids that come again: found among all pieces, and renamed as one process would rename them.

A first run through the data keeps a hash of each id. Only where two agree, a second run lists the
ids in question with their places; they are few, and are renamed here in input order. A third then
does what the first did, with the new names.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from framing.schema import Problem, ProblemSink
from framing.text.takenids import TakenIds, report_renamed

if TYPE_CHECKING:
    import pyarrow as pa

Hashes = NDArray[np.uint64]
Place = tuple[int, str]
"""Where a unit stands in its piece, from 0, and its id."""


def hash_id(name: str) -> int:
    """Return 64 bits that stand for an id in every process and on every machine."""
    digest = hashlib.blake2b(name.encode("utf-8", errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def find_repeated(hashes: Sequence[Hashes]) -> frozenset[int]:
    """Return the hashes that are there twice or more.

    >>> find_repeated([np.array([1, 2], np.uint64), np.array([2, 3], np.uint64)])
    frozenset({2})
    """
    together = np.concatenate([np.empty(0, np.uint64), *hashes])
    together.sort()
    again = together[1:][together[1:] == together[:-1]]
    return frozenset(np.unique(again).tolist())


def is_concerned(name: str, repeated: frozenset[int]) -> bool:
    """Tell whether an id comes again, or may be what one that does is renamed to."""
    ends = [place for place, sign in enumerate(name) if sign == "~"]
    return any(hash_id(name[:end]) in repeated for end in (*ends, len(name)))


def rename(listed: Iterable[Sequence[Place]]) -> dict[int, dict[int, str]]:
    """Return new names: number of the piece to place in it to name.

    Parameters
    ----------
    listed : iterable of sequence of (int, str)
        Of each piece, in order: places and ids of the units concerned.

    Examples
    --------
    >>> rename([[(0, "a"), (5, "a~2")], [(3, "a")]])
    {1: {3: 'a~3'}}
    """
    taken = TakenIds()
    found: dict[int, dict[int, str]] = {}
    for number, places in enumerate(listed):
        for place, name in places:
            given = taken.name_apart(name, place="", report=_ignore)
            if given != name:
                found.setdefault(number, {})[place] = given
    return found


def _ignore(problem: Problem) -> None:
    """Say nothing: the worker that renames a unit knows its row."""


class NotedIds(TakenIds):
    """Lets every id pass, and remembers its hash or, where it is concerned, its place."""

    def __init__(self, repeated: frozenset[int] = frozenset()) -> None:
        super().__init__()
        self.places: list[Place] = []
        self._repeated = repeated
        self._hashes: list[int] = []

    @property
    def hashes(self) -> Hashes:
        """Hashes of all ids, in order."""
        return np.array(self._hashes, dtype=np.uint64)

    def add_new(self, ids: pa.Array) -> bool:
        """Note n ids."""
        self._note(ids.to_pylist())
        return True

    def name_apart(self, name: str, *, place: str, report: ProblemSink) -> str:  # noqa: ARG002
        """Note an id."""
        self._note([name])
        return name

    def _note(self, names: Sequence[str]) -> None:
        if self._repeated:
            self.places += self._find_concerned(names)
        self._hashes += map(hash_id, names)

    def _find_concerned(self, names: Sequence[str]) -> Iterator[Place]:
        for place, name in enumerate(names, start=len(self._hashes)):
            if is_concerned(name, self._repeated):
                yield place, name


class PlannedIds(TakenIds):
    """Gives the units of one piece the names that were planned for all pieces together."""

    def __init__(self, names: Mapping[int, str]) -> None:
        super().__init__()
        self._names = names
        self._places = sorted(names)
        self._place = 0

    def add_new(self, ids: pa.Array) -> bool:
        """Let n ids pass if none of them is to be renamed."""
        end = self._place + len(ids)
        if bisect_left(self._places, self._place) != bisect_left(self._places, end):
            return False
        self._place = end
        return True

    def name_apart(self, name: str, *, place: str, report: ProblemSink) -> str:
        """Return the name that was planned, and report it where it is a new one."""
        planned = self._names.get(self._place, name)
        self._place += 1
        if planned != name:
            report_renamed(name, planned, place=place, report=report)
        return planned
