"""One run of ``framing`` with a clock: ``python -m archived.stages RECORD COMMAND...``.

It stands in a process of its own, so that seconds and peak memory are the command's alone. RECORD
is a file for what it took, as JSON.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time
from types import ModuleType
from typing import Any

BEGAN = perf_counter()

STAGES = {
    "reading the file": ("framing.scoring.predictionfiles.read_predictions",),
    "foreign texts": (
        "framing.unittexts.read_texts",
        "framing.foreignness.find_doubts",
        "framing.foreignness.find_misfits",
        "framing.foreignness.find_trained",
    ),
    "near-copies": ("framing.measurement.name_copies",),
    "choosing units": ("framing.measuring.eligibility.select_units",),
    "shares": (
        "framing.measuring.prevalence.estimates.estimate_cells",
        "framing.measuring.prevalence.cells.find_band",
    ),
    "differences": (
        "framing.measuring.contrasts.differences.contrast_sources",
        "framing.measuring.contrasts.differences.contrast_periods",
    ),
    "trends": ("framing.measuring.trends.slopetests.find_trends",),
    "turns": ("framing.measuring.trends.turns.find_turns",),
    "turns of profiles": ("framing.measuring.trends.profileturns.find_profile_turns",),
    "distances": ("framing.measuring.contrasts.profiles.measure_distances",),
    "change taken apart": ("framing.measuring.contrasts.decomposition.decompose_change",),
    "terms and paragraphs": (
        "framing.measuring.contrasts.reasons.give_reasons",
        "framing.measuring.typicals.find_typicals",
    ),
    "writing the page": ("framing.reporting.drift.write_drift",),
}
"""Each stage's functions, none of which calls another's."""

_ENTRIES = ("framing.measurement", "framing.measuring.drift", "framing.reporting.drift")


class Clock:
    """Counts the seconds of functions, stage by stage."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)

    def watch(self) -> None:
        """Put a clock around the functions of all stages, wherever they were imported."""
        for entry in _ENTRIES:
            import_module(entry)
        for stage, names in STAGES.items():
            for name in names:
                module, _, function = name.rpartition(".")
                plain = getattr(import_module(module), function)
                _replace(plain, self._time(stage, plain))

    def _time(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def timed(*given: Any, **named: Any) -> Any:
            began = perf_counter()
            try:
                return function(*given, **named)
            finally:
                self.seconds[stage] += perf_counter() - began

        return timed


def _replace(old: object, new: object) -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("framing") and isinstance(module, ModuleType):
            for key, value in list(vars(module).items()):
                if value is old:
                    setattr(module, key, new)


def find_peak() -> float:
    """Return the peak of this process's resident memory in MB (10^6 bytes); NaN but on Linux.

    As the kernel keeps it a program (``VmHWM``): what ``getrusage`` says of a new process begins
    with the memory of the one that started it.
    """
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    peaks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return sum(peaks) * 1024 / 1e6 if peaks else math.nan


def main(record: str, *command: str) -> None:
    """Run a command of ``framing`` and write what it took, whatever its end."""
    run = import_module("framing.cli.app").main
    clock = Clock()
    clock.watch()
    sys.argv = ["framing", *command]
    try:
        run()
    finally:
        taken = {
            "seconds": perf_counter() - BEGAN,
            "busy": process_time(),
            "megabytes": find_peak(),
        }
        Path(record).write_text(json.dumps({**taken, "stages": clock.seconds}), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
