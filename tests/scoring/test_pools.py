"""Work that is shared out, and handed on in order."""

from __future__ import annotations

import signal
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from itertools import count
from multiprocessing import get_context

import pytest

from framing.scoring.pools import map_in_order


def test_results_come_in_the_order_of_the_items():
    second = threading.Event()

    def work(item):
        if item == 1:
            second.set()
        elif item == 0:
            assert second.wait(10)  # so the second is done first
        return 10 * item

    for workers in (2, 3):
        found = map_in_order(ThreadPoolExecutor(workers), work, range(9), workers=workers)
        assert list(found) == [10 * item for item in range(9)]
    assert list(map_in_order(ThreadPoolExecutor(2), work, [], workers=2)) == []


@pytest.mark.parametrize("workers", [1, 3])
def test_items_are_drawn_as_results_are_taken(workers):
    drawn = count()
    pool = ThreadPoolExecutor(workers)
    found = map_in_order(pool, abs, (next(drawn) for _ in count()), workers=workers)
    assert [next(found) for _ in range(5)] == [0, 1, 2, 3, 4]
    assert next(drawn) == 2 * workers + 4
    found.close()
    with pytest.raises(RuntimeError, match="shutdown"):
        pool.submit(abs, 1)


def test_an_error_comes_through_and_ends_the_pool():
    pool = ThreadPoolExecutor(2)
    found = map_in_order(pool, (1).__truediv__, [1, 0, 2], workers=2)
    assert next(found) == 1
    with pytest.raises(ZeroDivisionError):
        next(found)
    with pytest.raises(RuntimeError, match="shutdown"):
        pool.submit(abs, 1)


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals are POSIX's")
def test_processes_never_hear_of_an_interrupt_not_even_while_they_start():
    list_held = partial(signal.pthread_sigmask, signal.SIG_BLOCK)
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    [held] = map_in_order(pool, list_held, [[]], workers=1)
    assert signal.SIGINT in held
    assert signal.SIGINT not in list_held([])
