"""Whether this project's estimates of shares agree with those of ppi-python and QuaPy."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from scipy.special import expit
from scipy.stats import norm

from agreed.rows import AGREED, ALIKE, BOUNDED, POOLED, SHARED, Row
from agreed.samples import Sample, draw_samples, tally
from framing.measuring.intervals import Floats
from framing.measuring.prevalence.adjusting import adjust_counts, maximise_likelihood
from framing.measuring.prevalence.powered import power_predictions
from framing.measuring.prevalence.tallies import Tally
from framing.schema import InputError
from running import Output, deliver, start

FOLDER = Path(__file__).resolve().parent
NEEDED = {"ppi_py": "ppi-python", "quapy": "quapy"}
"""Module to the name that pip knows it by."""


def compare_power(samples: list[Sample], *, among: bool) -> list[Row]:
    """Compare the prediction-powered mean with ppi-python's: point, power and variance."""
    points, powers, pooled, variances = [], [], [], []
    gains: dict[bool, list[float]] = {True: [0.0], False: [0.0]}
    for sample in samples:
        sums, theirs = tally(sample, among=among), _Theirs.read(sample)
        # coded units among n make the mean of all differ from theirs by what they weigh in it
        scale = len(sample.predictions) / theirs.n_others if among else 1.0
        alike = power_predictions(sums, power=np.array([theirs.power * scale]))
        points.append(abs(float(alike.values[0]) - theirs.measure(theirs.power)))
        apart = _vary(sums, theirs.power * scale) / theirs.vary(theirs.power) - 1.0
        variances.append(apart * (len(sample.predictions) if among else 1.0))
        ours = _find_power(sums) / scale
        powers.append(abs(ours - theirs.power) * sample.n_coded**0.5)
        if 0.0 < ours * scale < 1.0 and 0.0 < theirs.power < 1.0:  # within the bounds of both
            pooled.append(abs(ours * _compare_spread(sample, among=among) - theirs.power))
        gain = _vary(sums, ours * scale) / _vary(sums, theirs.power * scale) - 1.0
        gains[ours * scale >= 1.0].append(gain)
    where = "codings among the predictions" if among else "codings apart"
    n_cases = len(samples)
    return [
        Row(f"PPI++ mean at one power, {where}", n_cases, max(points), ALIKE),
        Row(
            f"its variance at one power (relative{', times units' if among else ''}), {where}",
            n_cases,
            float(np.abs(variances).max()),
            SHARED if among else ALIKE,
        ),
        Row(f"power (lambda), times sqrt(units coded), {where}", n_cases, max(powers), POOLED),
        Row(
            f"power with the variance of predictions as theirs, {where}",
            len(pooled),
            max(pooled),
            ALIKE,
        ),
        *(
            Row(
                f"variance at our power{' of 1' if cut else ''} above that at theirs (relative), "
                f"{where}",
                len(gains[cut]) - 1,
                max(gains[cut]),
                BOUNDED if cut and among else ALIKE,
            )
            for cut in (False, True)
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Theirs:
    """ppi-python's answers for one sample."""

    coded: Floats
    claimed: Floats
    others: Floats
    power: float

    @classmethod
    def read(cls, sample: Sample) -> _Theirs:
        estimate, n = import_module("ppi_py").ppi_mean_pointestimate, sample.n_coded
        parts = sample.truth, sample.predictions[:n], sample.predictions[n:]
        full, none, tuned = (
            float(np.squeeze(estimate(*parts, lam=lam))) for lam in (1.0, 0.0, None)
        )
        return cls(*parts, (tuned - none) / (full - none))  # the estimate is linear in the power

    @property
    def n_others(self) -> int:
        return len(self.others)

    def measure(self, power: float) -> float:
        """Ask for the mean at a power."""
        estimate = import_module("ppi_py").ppi_mean_pointestimate
        return float(np.squeeze(estimate(self.coded, self.claimed, self.others, lam=power)))

    def vary(self, power: float) -> float:
        """Read the variance off their interval, which is the normal one."""
        bound = import_module("ppi_py").ppi_mean_ci
        low, high = bound(self.coded, self.claimed, self.others, alpha=0.05, lam=power)
        return float(np.squeeze(high - low) / 2 / norm.ppf(0.975)) ** 2


def _compare_spread(sample: Sample, *, among: bool) -> float:
    """Divide the variance of predictions that our power rests on by the one that theirs does."""
    predictions, n, n_units = sample.predictions, sample.n_coded, len(sample.predictions)
    coded, others = predictions[:n].var(), predictions[n:].var()
    if among:
        ours = predictions.var() / n_units - 2.0 * coded / n_units + coded / n
        return float(ours / ((1.0 / n - 1.0 / n_units) * predictions.var(ddof=1)))
    ours = others / (n_units - n) + coded / n
    return float(ours / ((1.0 / n + 1.0 / (n_units - n)) * predictions.var(ddof=1)))


def _find_power(sums: Tally) -> float:
    """Find the power that was chosen: the estimate is linear in it."""
    none, full, tuned = (
        float(power_predictions(sums, power=power).values[0])
        for power in (np.zeros(1), np.ones(1), None)
    )
    return (tuned - none) / (full - none)


def _vary(sums: Tally, power: float) -> float:
    """Sum the squares of the articles' influences: the variance before finds are weighed."""
    found = power_predictions(sums, power=np.array([power]))
    influences = (found.sums - found.values * sums.units) / sums.units.sum(axis=0)
    return float((influences**2).sum())


def compare_adjusted(rng: np.random.Generator, n_cases: int = 200) -> list[Row]:
    """Compare the adjusted count with QuaPy's, by its binary formula and by its ACC."""
    functional = import_module("quapy.functional")
    solve = import_module("quapy.method.aggregative").ACC.solve_adjustment
    decided, sensitivity = rng.random(n_cases), rng.uniform(0.5, 1.0, n_cases)
    false_alarms = rng.uniform(0.0, 0.4, n_cases)
    ours = adjust_counts(decided, sensitivity, false_alarms)
    binary, solved = [], []
    for cases in zip(decided, sensitivity, false_alarms, strict=True):
        count, found, made_up = (float(number) for number in cases)
        binary.append(functional.solve_adjustment_binary(count, found, made_up))
        rates = np.array([[1.0 - made_up, 1.0 - found], [made_up, found]])
        counts = np.array([1.0 - count, count])
        share = solve(rates, counts, method="inversion", solver="exact-raise")
        solved.append(functional.normalize_prevalence(share, method="clip")[1])
    inside = (ours > 0.0) & (ours < 1.0)
    return [
        Row("adjusted count, QuaPy's binary formula", n_cases, _gap(ours, binary), ALIKE),
        Row(
            "adjusted count, QuaPy's ACC (exact)",
            int(inside.sum()),
            _gap(ours[inside], np.array(solved)[inside]),
            ALIKE,
        ),
    ]


def compare_likelihood(rng: np.random.Generator, n_cases: int = 40) -> list[Row]:
    """Compare the likeliest shares with where QuaPy's EM comes to rest."""
    EMQ = import_module("quapy.method.aggregative").EMQ
    EMQ.MAX_ITER = 1_000_000
    ours, theirs = [], []
    for _ in range(n_cases):
        prior, n_units = float(rng.uniform(0.05, 0.95)), int(rng.integers(30, 1000))
        chances = expit(rng.normal(rng.normal(-1, 1), 2.0, n_units))
        ours.append(maximise_likelihood(chances, prior, np.zeros(n_units, np.intp), 1)[0])
        posteriors = np.column_stack([1.0 - chances, chances])
        shares, _ = EMQ.EM(np.array([1.0 - prior, prior]), posteriors, epsilon=1e-13)
        theirs.append(shares[1])
    return [Row("EM, QuaPy's EMQ to 1e-13", n_cases, _gap(np.array(ours), theirs), ALIKE)]


def _gap(ours: Floats, theirs: Any) -> float:
    return float(np.abs(ours - np.asarray(theirs)).max())


def check_installed() -> None:
    """Refuse to compare with what is not there.

    Raises
    ------
    InputError
        Naming the line that installs it.
    """
    lacking = [package for module, package in NEEDED.items() if find_spec(module) is None]
    if lacking:
        raise InputError(
            f"{' and '.join(lacking)} not installed", fix=f"pip install {' '.join(lacking)}"
        )


def format_report(rows: list[Row], seed: int) -> str:
    """Write the head and a Markdown table."""
    names = ("numpy", *NEEDED.values())
    lines = [
        "# Agreement with ppi-python and QuaPy",
        "",
        f"- seed: {seed}",
        f"- versions: {', '.join(f'{name} {version(name)}' for name in names)}",
        f"- agreed: differences up to {AGREED:g}; intervals are not compared, since ours are score",
        "  intervals with Student's t and a variance that few finds draw toward the usual one",
        "",
        "| what | cases | largest difference | |",
        "|:-----|------:|-------------------:|:-|",
    ]
    lines += [
        f"| {row.quantity} | {row.n_cases} | {row.largest:.1e} | {row.verdict} |" for row in rows
    ]
    return "\n".join([*lines, ""])


def run(
    output: Output = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
) -> None:
    """Compare estimates of shares with those of ppi-python and QuaPy; 1 if they disagree.

    Example: python benchmarks/agreement.py -o agreement.md
    """
    check_installed()
    rng = np.random.default_rng(seed)
    samples = list(draw_samples(rng))
    rows = [
        *compare_power(samples, among=False),
        *compare_power(samples, among=True),
        *compare_adjusted(rng),
        *compare_likelihood(rng),
    ]
    text = format_report(rows, seed)
    deliver(text, output)
    if unsettled := [row.quantity for row in rows if not row.stands]:
        raise InputError(f"no agreement on {', '.join(unsettled)}")


def main() -> None:
    """Run, and end with one line where nothing can be compared or estimates disagree."""
    # numba, which QuaPy needs, looks for a package called coverage: not the script of that name
    sys.path[:] = [place for place in sys.path if Path(place).resolve() != FOLDER]
    start(run)


if __name__ == "__main__":
    main()
