"""One account of many stages, so that a bar can tell what time is left."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with the number of tasks done and of all tasks."""


class Meter:
    """Adds up stages, each of which counts its own tasks from 1.

    Examples
    --------
    >>> meter = Meter(lambda done, total: print(done, "of", total), expected=4)
    >>> for done, total in ((1, 2), (2, 2), (1, 3), (2, 3), (3, 3)):  # of two stages
    ...     meter(done, total)
    1 of 4
    2 of 4
    3 of 5
    4 of 5
    5 of 5
    """

    def __init__(self, tell: Progress, *, expected: int = 0) -> None:
        self._tell = tell
        self._expected = expected
        self._before = self._stage = 0

    def __call__(self, done: int, total: int) -> None:
        """Tell what is done of all; `expected` tasks at least, and those of all stages begun."""
        if done == 1:
            self._before, self._stage = self._before + self._stage, total
        self._tell(self._before + done, max(self._expected, self._before + total))
