"""The compiled scorer on any bytes, under sanitizers, and the loader on broken model files."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from framing.cli.options import Seed
from fuzzed.building import build_fuzzer, run_fuzzer
from fuzzed.loading import fuzz_loader
from running import start, tell


def run(
    runs: Annotated[int, typer.Option(min=1, help="Inputs of the kernel.")] = 200_000,
    loads: Annotated[int, typer.Option(min=1, help="Broken model files.")] = 20_000,
    seed: Seed = 0,
) -> None:
    """Look for inputs that break the kernel or the loader; the first one ends it with exit 1.

    Example: python benchmarks/fuzzing.py --runs 1000000
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        fuzzer = build_fuzzer(folder)
        how = "led by coverage (libFuzzer)" if fuzzer.guided else "at random"
        tell(f"kernel: {runs:,} inputs {how}, under AddressSanitizer and UBSan ...")
        if said := run_fuzzer(fuzzer, runs, seed):
            tell(said)
            sys.exit(1)
        typer.echo(f"kernel: {runs:,} inputs {how}: no finding")
        tell(f"loader: {loads:,} broken files ...")
        outcomes = fuzz_loader(folder, loads, seed)
        counted = ", ".join(f"{outcomes[key]:,} {key}" for key in ("refused", "loaded"))
        typer.echo(f"loader: {loads:,} broken files, {counted}: no finding")


if __name__ == "__main__":
    start(run)
