"""Which ids are taken, millions of them, in 12 to 24 bytes each.

Only a 64-bit hash of each is kept, in an open-addressing table (Knuth, *The Art of Computer
Programming*, volume 3, section 6.4). The upper bits of a hash choose its slot, so that hashes in
order meet the table from its start to its end. Two of a million ids share one by a chance of 3 in
10^8; the second would then be renamed as if it came again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from framing.records.arrays import sort_distinct
from framing.schema import Problem, ProblemSink

if TYPE_CHECKING:
    import pyarrow as pa

Hashes = NDArray[np.uint64]
_FREE = 0
_SMALLEST = 1 << 12


def report_renamed(name: str, apart: str, *, place: str, report: ProblemSink) -> None:
    """Report that an id comes again, and what it is renamed to."""
    report(Problem(place, f"id '{name}' comes again; renamed '{apart}'", lost=False))


class TakenIds:
    """Ids that were given, in any number; one that comes again is given another name."""

    def __init__(self) -> None:
        self._table: Hashes = np.zeros(_SMALLEST, dtype=np.uint64)
        self._count = 0
        self._again: dict[str, int] = {}

    def add_new(self, ids: pa.Array) -> bool:
        """Take n ids if each is new; if one is not, take none and return False.

        Examples
        --------
        >>> import pyarrow as pa
        >>> taken = TakenIds()
        >>> [taken.add_new(pa.array(ids)) for ids in (["a", "b"], ["c", "c"], ["b"], ["c"])]
        [True, False, False, True]
        """
        hashes = sort_distinct(_hash(ids.to_pylist()))
        return len(hashes) == len(ids) and self._insert_new(hashes)

    def name_apart(self, name: str, *, place: str, report: ProblemSink) -> str:
        """Take an id, or where it is taken the next ``~2``, ``~3`` that is not, and report that.

        Examples
        --------
        >>> taken = TakenIds()
        >>> [taken.name_apart(name, place="", report=[].append) for name in ("a", "a~2", "a")]
        ['a', 'a~2', 'a~3']
        """
        if self._take(name):
            return name
        number = self._again.get(name, 1) + 1
        while not self._take(f"{name}~{number}"):
            number += 1
        self._again[name] = number
        apart = f"{name}~{number}"
        report_renamed(name, apart, place=place, report=report)
        return apart

    def _take(self, name: str) -> bool:
        return self._insert_new(_hash([name]))

    def _insert_new(self, hashes: Hashes) -> bool:
        """Insert distinct hashes if none is in the table, which stays a third free."""
        if 3 * (self._count + len(hashes)) > 2 * len(self._table):
            self._widen(self._count + len(hashes))
        slots = self._find_free(hashes)
        if slots is None:
            return False
        self._count += len(hashes)
        self._put(hashes, slots)
        return True

    def _find_free(self, hashes: Hashes) -> NDArray[np.intp] | None:
        """Find the free slot that each hash would take alone; None if one has its slot already."""
        slots = self._find_slots(hashes)
        waiting = np.arange(len(hashes))
        while len(waiting):
            held = self._table[slots[waiting]]
            if (held == hashes[waiting]).any():
                return None
            waiting = waiting[held != _FREE]
            slots[waiting] = self._advance(slots[waiting])
        return slots

    def _put(self, hashes: Hashes, slots: NDArray[np.intp]) -> None:
        """Put distinct hashes that are not in the table into free slots, at those or after."""
        while len(slots):
            free = self._table[slots] == _FREE
            self._table[slots[free]] = hashes[free]  # of two that want one slot, the last gets it
            homeless = self._table[slots] != hashes
            hashes, slots = hashes[homeless], self._advance(slots[homeless])

    def _widen(self, count: int) -> None:
        held = self._table[self._table != _FREE]
        self._table = np.zeros(1 << int(3 * count // 2).bit_length(), dtype=np.uint64)
        self._put(held, self._find_slots(held))

    def _find_slots(self, hashes: Hashes) -> NDArray[np.intp]:
        n_bits = len(self._table).bit_length() - 1
        return (hashes >> np.uint64(64 - n_bits)).astype(np.intp)

    def _advance(self, slots: NDArray[np.intp]) -> NDArray[np.intp]:
        return (slots + 1) & (len(self._table) - 1)


def _hash(names: Sequence[str]) -> Hashes:
    hashes = np.fromiter(map(hash, names), np.int64, len(names)).view(np.uint64)
    return np.where(hashes == _FREE, np.uint64(1), hashes)
