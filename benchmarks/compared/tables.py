"""The figures as Markdown, under a head that says all that they depend on."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as find_version

from compared.figures import Figures, Run
from compared.folds import Material
from framing.learning.dataset import hash_units
from framing.learning.design import Resampling
from framing.reporting.tables import format_estimate, format_table
from framing.schema import Estimate, describe
from framing.version import VERSION

DIGITS = 3
PACKAGES = ("scikit-learn", "numpy", "scipy", "fasttext", "fasttext-wheel")
NOT_INSTALLED = "not installed"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the tables.

    Attributes
    ----------
    name : str
        Of the data.
    date : str or None
        As it was given: nothing here reads the clock.
    workers : int
        That ours had; baselines work in one process.
    processors : int or None
        Of the machine.
    """

    name: str
    date: str | None = None
    workers: int = 1
    processors: int | None = None


def format_report(
    head: Head,
    material: Material,
    runs: Sequence[Run],
    figures: Sequence[Figures],
    resampling: Resampling,
) -> str:
    """Write head, figures and times as one Markdown document."""
    sections = [_format_head(head, material, runs, resampling)]
    sections += [_format_figures(part, runs) for part in figures]
    sections.append(_format_seconds(runs))
    return "\n\n".join(sections) + "\n"


def _format_head(
    head: Head, material: Material, runs: Sequence[Run], resampling: Resampling
) -> str:
    held = material.held
    sizes = ", ".join(f"{len(fold.train)} to {len(fold.test)}" for fold in material.folds)
    n_held = len(set(material.dataset.groups[held].tolist()))
    lines = [
        f"data: {head.name}, {_describe_data(material)}",
        f"folds: {len(material.folds)}, {material.origin} (units learnt from to held out: {sizes})",
        f"held out: {len(held)} units of {n_held} articles, {hash_units(material.take(held))}",
        f"seed: {resampling.seed}",
        f"intervals: 95%, {resampling.resamples} resamples of articles",
        *(f"{title} decides by: {how}" for how, title in _list_rules(runs).items()),
        f"processes: {head.workers} of ours, 1 of the others, on {head.processors} processors",
        f"versions: {', '.join(list_versions())}",
    ]
    lines += [f"date: {head.date}"] if head.date else []
    return "\n".join([f"# Quality on {head.name}", "", *(f"- {line}" for line in lines)])


def _list_rules(runs: Sequence[Run]) -> dict[str, str]:
    """Map how scores become decisions to the systems that decide so."""
    found: dict[str, str] = {}
    for run in runs:
        before = found.get(run.system.decides)
        found[run.system.decides] = f"{before}, {run.system.name}" if before else run.system.name
    return found


def _describe_data(material: Material) -> str:
    dataset = material.dataset
    return f"{len(dataset)} units of {len(dataset.articles)} articles, {dataset.hash}"


def list_versions() -> list[str]:
    """List what the figures depend on, with versions; what is not installed is left out."""
    found = [f"framing {VERSION}", f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            found.append(f"{package} {find_version(package)}")
        except PackageNotFoundError:
            continue
    return found


def _format_figures(figures: Figures, runs: Sequence[Run]) -> str:
    title = f"Stance: {figures.target}" if figures.target else "Frames"
    scores = [
        [run.system.title, *_format_row(figures.scores.get(run.system.name), figures.columns)]
        for run in runs
    ]
    gains = [
        [run.system.title, *_format_row(figures.gains[run.system.name], figures.columns)]
        for run in runs
        if run.system.name in figures.gains
    ]
    parts = [f"## {title}", format_table(["system", *figures.columns], scores)]
    if gains:
        columns = [f"gain in {column}" for column in figures.columns]
        parts.append("What ours gains over each baseline, paired in every resample:")
        parts.append(format_table(["over", *columns], gains))
    return "\n\n".join(parts)


def _format_row(row: Sequence[Estimate] | None, columns: Sequence[str]) -> list[str]:
    if row is None:
        return [NOT_INSTALLED, *[""] * (len(columns) - 1)]
    return [format_estimate(describe(estimate), DIGITS) for estimate in row]


def _format_seconds(runs: Sequence[Run]) -> str:
    rows = [[run.system.title, f"{run.seconds:.1f}"] for run in runs if run.judged is not None]
    text = "Training with all that is chosen inside, and judging what is held out; all folds."
    return "\n\n".join(["## Seconds", text, format_table(["system", "seconds"], rows)])
