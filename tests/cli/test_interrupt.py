"""Ctrl-C in the middle: no half file, no litter, no traceback, exit code 130.

Harder ends leave no process behind.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")

UNIT = "The bill for the bridge has doubled since the first estimate."
LIMIT = 60


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Rows enough for a minute of work, of which only the first seconds are waited for."""
    path = tmp_path_factory.mktemp("archive") / "archive.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for number in range(100_000):
            stream.write(json.dumps({"id": f"a{number}", "text": UNIT}) + "\n")
    return path


COMMAND = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from framing.cli.app import main; main()"
)
"""What runs in the background, as these tests may, is started with SIGINT ignored."""


def start(*arguments: object) -> subprocess.Popen[bytes]:
    """Start the command as the head of a process group of its own, as a shell does."""
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def wait_for_output(folder, process) -> None:
    """Return once the hidden file beside the output holds something."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        assert process.poll() is None, process.stderr.read()
        if any(part.stat().st_size for part in folder.glob(".*.part")):
            return
        time.sleep(0.01)
    pytest.fail("no output within a minute")


@pytest.mark.parametrize("unit", ["paragraph", "row"])
@pytest.mark.parametrize(("workers", "suffix"), [(1, "csv"), (2, "jsonl")])
def test_predict(archive, model_file, tmp_path, workers, suffix, unit):
    output = tmp_path / f"out.{suffix}"
    command = ("predict", archive, "-m", model_file, "-o", output, "-j", workers, "--unit", unit)
    if workers == 2:
        output.write_text("yesterday's", encoding="utf-8")
    process = start(*command, "--no-evidence")
    wait_for_output(tmp_path, process)
    os.killpg(process.pid, signal.SIGINT)
    said, complained = process.communicate(timeout=LIMIT)  # ends once no process holds the pipes
    assert process.returncode == 130
    assert said == b""
    assert complained == b"interrupted; nothing was left half-written\n"
    left = {item.name: item.read_text("utf-8") for item in tmp_path.iterdir()}
    assert left == ({output.name: "yesterday's"} if workers == 2 else {})


@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL"])
def test_workers_end_with_their_parent(archive, model_file, tmp_path, name):
    number = signal.Signals[name]
    output = tmp_path / "out.jsonl"
    process = start("predict", archive, "-m", model_file, "-o", output, "-j", 2, "--no-evidence")
    try:
        wait_for_output(tmp_path, process)
        process.send_signal(number)
        process.communicate(timeout=10)  # ends once no worker holds the pipes
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == -number
    assert not output.exists()
