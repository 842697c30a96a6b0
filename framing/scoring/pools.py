"""Work of several threads or processes, handed on in order and in bounded memory."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_AHEAD = 2
"""Items a worker that are in hand: one that is worked on, and one that waits for it."""


def map_in_order(
    pool: Executor, work: Callable[[_Item], _Result], items: Iterable[_Item], *, workers: int
) -> Iterator[_Result]:
    """Yield what work makes of each item, in their order.

    Parameters
    ----------
    pool : Executor
        Is shut down at the end, at an error, or when no more is wanted.
    work : callable
    items : iterable
        Drawn only as fast as results are taken.
    workers : int
        Of the pool.
    """
    waiting: deque[Future[_Result]] = deque()
    try:
        for item in items:
            with _hold_interrupts():
                waiting.append(pool.submit(work, item))
            if len(waiting) >= workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _hold_interrupts() -> Iterator[None]:
    """Let Ctrl-C wait until this is over; processes that start meanwhile never hear of it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
