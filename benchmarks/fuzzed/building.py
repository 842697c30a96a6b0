"""The kernel's C alone, compiled with sanitizers around the harness."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from framing.schema import FramingError

HERE = Path(__file__).parent
KERNEL = HERE.parents[1] / "framing" / "scoring" / "kernel"
SMALL = ("-DN_WORD_SLOTS=64", "-DMOST_FEATURES_KEPT=200")
"""So little memory of words that they are forgotten all the time."""


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
    folder = fuzzer.program.parent
    if fuzzer.guided:
        pieces = re.search(r"PIECES\[\] = \{(.*?)\};", (HERE / "driver.c").read_text(), re.DOTALL)
        words = re.findall(r'"(?:[^"\\]|\\.)+"', pieces.group(1) if pieces else "")
        (folder / "words").write_text("\n".join(word.replace("\\n", "\\x0A") for word in words))
        (folder / "corpus").mkdir(exist_ok=True)
        options = [f"-runs={runs}", f"-seed={seed + 1}", "-max_len=1500", "-len_control=10"]
        arguments = [*options, f"-dict={folder / 'words'}", str(folder / "corpus")]
    else:
        arguments = [str(runs), str(seed)]
    done = subprocess.run(
        [fuzzer.program, *arguments], check=False, capture_output=True, text=True, cwd=folder
    )
    return done.stderr if done.returncode else None
