"""The kernel's C alone, compiled with sanitizers around the harness."""

from __future__ import annotations

import random
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from framing.schema import FramingError
from fuzzed.inputs import make_input

HERE = Path(__file__).parent
KERNEL = HERE.parents[1] / "framing" / "scoring" / "kernel"
N_FIRST = 300
"""Inputs that the others are made of."""
SMALL = ("-DFRAMING_TIGHT", "-DN_WORD_SLOTS=16", "-DMOST_FEATURES_KEPT=100")
"""So little room that tables grow, and words are forgotten, all the time."""


@dataclass(frozen=True, slots=True)
class Fuzzer:
    """A built program; `guided` says whether coverage leads it to new inputs."""

    program: Path
    guided: bool


def list_sources() -> list[Path]:
    """List the sources that know nothing of Python."""
    return [path for path in sorted(KERNEL.glob("*.c")) if "object.h" not in path.read_text()]


def build_fuzzer(folder: Path) -> Fuzzer:
    """Build with clang and libFuzzer, else with whatever compiler is there and a random driver.

    Raises
    ------
    FramingError
        If no compiler can build it.
    """
    sources = [HERE / "harness.c", *list_sources()]
    for compiler, guided in (("clang", True), ("gcc", False), ("cc", False)):
        kinds = "fuzzer,address,undefined" if guided else "address,undefined"
        command = [
            *(
                compiler,
                "-std=c11",
                "-g",
                "-O1",
                f"-fsanitize={kinds}",
                "-fno-sanitize-recover=all",
            ),
            *(*SMALL, f"-I{KERNEL}", *map(str, sources)),
            *(() if guided else (str(HERE / "driver.c"),)),
            *("-lm", "-o", str(folder / compiler)),
        ]
        if (
            shutil.which(compiler)
            and not subprocess.run(command, check=False, capture_output=True).returncode
        ):
            return Fuzzer(folder / compiler, guided)
    raise FramingError(
        "no compiler here builds with sanitizers",
        where="benchmarks/fuzzing.py",
        fix="apt-get install clang libclang-rt-dev, or gcc",
    )


def run_fuzzer(fuzzer: Fuzzer, runs: int, seed: int) -> str | None:
    """Run so many inputs; return what the program said if it found something, None if not."""
    draw = random.Random(seed)
    corpus = fuzzer.program.parent / "corpus"
    corpus.mkdir(exist_ok=True)
    files = [corpus / f"first-{number}" for number in range(N_FIRST)]
    for path in files:
        path.write_bytes(make_input(draw))
    if fuzzer.guided:
        arguments = [f"-runs={runs}", f"-seed={seed + 1}", "-max_len=1500", str(corpus)]
    else:
        arguments = [str(runs), str(seed), *map(str, files)]
    command = [str(fuzzer.program), *arguments]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, errors="replace", cwd=corpus.parent
    )
    return done.stderr if done.returncode else None
