"""What a command takes: seconds, processor seconds, and the memory of it and its processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from framing.schema import FramingError

_EVERY = 0.05
"""Seconds between looks at the processes."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took.

    Attributes
    ----------
    seconds : float
        From the start of the process to its end.
    busy : float
        Processor seconds of it and the processes that it started and waited for.
    megabytes : float
        Peaks of resident memory (10^6 bytes), of the process and those that it started, added up.
        What processes share counts in each, and peaks need not coincide: at most too high. 0 where
        Linux is not.
    """

    seconds: float
    busy: float
    megabytes: float


def measure_command(
    command: Sequence[str],
    *,
    folder: Path,
    processors: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Cost:
    """Run a command to its end and say what it took; its output is passed over.

    Parameters
    ----------
    command : sequence of str
    folder : Path
        Where it runs.
    processors : int, optional
        How many it is held to, where the system can do that; all if not given.
    environment : mapping, optional
        Beside that of this process.

    Raises
    ------
    FramingError
        If it ends with anything but 0.
    """
    with tempfile.TemporaryFile() as errors:
        began = perf_counter()
        process = subprocess.Popen(
            [*_hold(processors), *command],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        watch = MemoryWatch(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.stop()
        if process.returncode:
            errors.seek(0)
            last = errors.read().decode(errors="replace").strip().splitlines()[-1:]
            raise FramingError(f"'{' '.join(command[:6])} ...' failed: {' '.join(last)}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, watch.megabytes)


def _hold(processors: int | None) -> list[str]:
    """List the words that hold a command, and all that it starts, to the last few processors."""
    if processors is None or shutil.which("taskset") is None:
        return []
    held = sorted(os.sched_getaffinity(0))[-processors:]
    return ["taskset", "--cpu-list", ",".join(map(str, held))]


class MemoryWatch:
    """Looks again and again at the peaks of a process and of those that it started.

    The kernel keeps each peak itself (``VmHWM``), so that a look may be late but misses no top in
    between; what a process reaches after the last look is lost.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peaks: dict[int, int] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    @property
    def megabytes(self) -> float:
        """All peaks, added up (10^6 bytes)."""
        return sum(self._peaks.values()) * 1024 / 1e6

    def stop(self) -> None:
        """End the watch."""
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(_EVERY):
            for pid in _list_family(self._pid):
                peak = _read_peak(pid)
                self._peaks[pid] = max(peak, self._peaks.get(pid, 0))


def _list_family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = children.read_text().split()
        except OSError:  # it has just ended
            continue
        for child in found:
            yield from _list_family(int(child))


def _read_peak(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    peaks = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")]
    return sum(peaks)
