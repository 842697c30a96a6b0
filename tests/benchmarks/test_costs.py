"""Tests of what measures a command: its time, its memory, and that of its processes."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from framing.schema import FramingError
from timed.costs import measure_command

HOLD = "import time; held = bytearray({}); held[::4096] = b'x' * len(held[::4096]); time.sleep(.4)"
linux = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc here")


def measure(code, tmp_path, **more):
    return measure_command([sys.executable, "-c", code], folder=tmp_path, **more)


def test_waiting_takes_seconds_and_work_takes_the_processor(tmp_path):
    waiting = measure("import time; time.sleep(.5)", tmp_path)
    working = measure("import time\nwhile time.process_time() < .4: pass", tmp_path)
    assert waiting.seconds >= 0.5 > waiting.busy
    assert working.busy >= 0.4


@linux
def test_the_peak_is_the_process_own(tmp_path):
    plain, large = (measure(HOLD.format(size), tmp_path) for size in (0, 80_000_000))
    assert 0 < plain.megabytes < 60
    assert large.megabytes - plain.megabytes == pytest.approx(80, abs=8)


@linux
def test_its_processes_are_counted_too(tmp_path):
    start = "import subprocess, sys; subprocess.run([sys.executable, '-c', {!r}])"
    assert measure(start.format(HOLD.format(80_000_000)), tmp_path).megabytes > 85
    child = "while __import__('time').process_time() < .4: pass"
    assert measure(start.format(child), tmp_path).busy >= 0.4


@pytest.mark.skipif(not shutil.which("taskset"), reason="no taskset here")
def test_it_can_be_held_to_one_processor(tmp_path):
    code = "import os, sys; sys.exit(len(os.sched_getaffinity(0)) != 1)"
    measure(code, tmp_path, processors=1)


def test_it_runs_where_and_with_what_it_is_told(tmp_path):
    code = "import os; open(os.environ['NAME'], 'w').close()"
    measure(code, tmp_path, environment={"NAME": "there"})
    assert (tmp_path / "there").exists()


def test_a_command_that_fails_says_why(tmp_path):
    with pytest.raises(FramingError, match="failed: ValueError: no ore"):
        measure("raise ValueError('no ore')", tmp_path)
