"""The sides of the comparison: rivals on a slice of the corpus, ours and the floor on all of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from timed.corpora import Corpus, cut_corpus, draw_coded
from timed.costs import Cost, measure_command
from timed.models import (
    CHARACTERS,
    WORDS,
    Fitted,
    fit_hashed,
    fit_tfidf,
    save_wrapped,
)
from timed.rivals import train_fasttext, train_vw
from timed.texts import Chains

FOLDER = Path(__file__).parents[1]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class Side:
    """One way of doing the job.

    Attributes
    ----------
    name : str
    threads : int
        Threads or processes; with one, the process is held to one processor.
    fitted : str
        What it scores with: a name in the ground's ``fitted``.
    beside : str or None
        The rival that its ratio is to.
    format : str
        Of the corpus.
    rival : str or None
        Its pipeline in `timed.rivals`; ours has none.
    needs : str or None
        A module that may be missing.
    sliced : bool
        Whether it runs on the slice, and what all would take is reckoned from that.
    grows : bool
        Whether its memory grows with the table, so that it has to be reckoned, too.
    evidence : bool
    """

    name: str
    threads: int
    fitted: str
    beside: str | None = "naive"
    format: str = "jsonl"
    rival: str | None = None
    needs: str | None = None
    sliced: bool = False
    grows: bool = False
    evidence: bool = False


def _rival(name: str, fitted: str, **more: object) -> Side:
    return Side(name, **{"threads": 1, "fitted": fitted, "rival": name, "sliced": True, **more})  # type: ignore[arg-type]


SIDES = (
    _rival("naive", "words.pickle", grows=True),
    _rival("chunked", "words.pickle", threads=2),
    _rival("hashing", "hashed.pickle", grows=True),
    _rival("fasttext", "fasttext.bin", needs="fasttext"),
    _rival("vowpal wabbit", "vw.model", needs="vowpalwabbit"),
    _rival("word+char", "characters.pickle", beside="word+char", grows=True),
    _rival("floor", "words.pickle", sliced=False),
    *(
        Side(f"ours, {form}, {threads}", threads, "words.safetensors", format=form)
        for form in ("jsonl", "csv", "parquet")
        for threads in (1, 2)
    ),
    Side("ours, evidence, 1", 1, "words.safetensors", evidence=True),
    Side("ours, evidence, 2", 2, "words.safetensors", evidence=True),
    Side("ours, one term, 1", 1, "term.safetensors", beside=None),
    Side("ours, word+char, 1", 1, "characters.safetensors", beside="word+char"),
    Side("ours, word+char, 2", 2, "characters.safetensors", beside="word+char"),
)
"""In the order of the tables."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What all sides share: the corpus, its slices, and what they score with, by file name."""

    folder: Path
    whole: Corpus
    small: Corpus
    slice: Corpus
    n_features: dict[str, int]

    def fitted(self, name: str) -> Path:
        """Return the path of what a side scores with."""
        return self.folder / name


@dataclass(frozen=True, slots=True)
class Run:
    """A side's run: on `units`, and where it is a rival's on fewer, too.

    From both it follows what a unit takes, start-up left out; `grows` says whether memory does so.
    """

    units: int
    cost: Cost
    small_units: int = 0
    small: Cost | None = None
    grows: bool = False

    def reckon(self, n_units: int) -> Cost:
        """Return what `n_units` take: as measured, or on the line through both runs."""
        if n_units == self.units or self.small is None:
            return self.cost
        stretch = (n_units - self.small_units) / (self.units - self.small_units)
        low, high = self.small, self.cost
        return Cost(
            low.seconds + stretch * (high.seconds - low.seconds),
            low.busy + stretch * (high.busy - low.busy),
            low.megabytes + stretch * (high.megabytes - low.megabytes)
            if self.grows
            else high.megabytes,
        )


def lay_ground(
    corpus: Corpus,
    chains: Chains,
    folder: Path,
    *,
    n_train: int,
    n_slice: int,
    n_features: int,
    seed: int,
    sides: Sequence[Side] = SIDES,
) -> Ground:
    """Cut the slices and fit what the sides score with, on other texts of the same model."""
    texts, codes = draw_coded(chains, n_train, seed=seed + 1)
    frames, wanted = chains.frames, {side.fitted for side in sides if not find_missing(side)}
    words = fit_tfidf(texts, codes, frames, n_features=n_features)
    _save(words, folder / "words", (WORDS,))
    widths = {"words": words.n_features}
    one = fit_tfidf(texts, codes, frames, n_features=1)
    save_wrapped(one, folder / "term.safetensors")
    if "characters.safetensors" in wanted:
        both = fit_tfidf(texts, codes, frames, (WORDS, CHARACTERS), n_features=n_features)
        _save(both, folder / "characters", (WORDS, CHARACTERS))
        widths["characters"] = both.n_features
    if "hashed.pickle" in wanted:
        fit_hashed(texts, codes, frames).save(folder / "hashed.pickle")
    if "fasttext.bin" in wanted:
        train_fasttext(texts, codes, frames, folder / "fasttext.bin", seed=seed)
    if "vw.model" in wanted:
        train_vw(texts, codes, frames, folder / "vw.model", seed=seed)
    part = cut_corpus(corpus, n_slice)
    return Ground(folder, corpus, cut_corpus(part, max(1, n_slice // 10)), part, widths)


def _save(fitted: Fitted, stem: Path, blocks: Sequence[object]) -> None:
    fitted.save(stem.with_suffix(".pickle"))
    save_wrapped(fitted, stem.with_suffix(".safetensors"), blocks)  # type: ignore[arg-type]


def find_missing(side: Side) -> str | None:
    """Name the module that a side lacks here, if any."""
    return side.needs if side.needs and find_spec(side.needs) is None else None


def run_side(side: Side, ground: Ground, output: Path) -> Run:
    """Run a side once, on all units or on both slices; OUTPUT holds what the last one wrote."""
    if not side.sliced:
        return Run(ground.whole.n_units, run_once(side, ground, ground.whole, output))
    small = run_once(side, ground, ground.small, output)
    large = run_once(side, ground, ground.slice, output)
    return Run(ground.slice.n_units, large, ground.small.n_units, small, side.grows)


def run_once(side: Side, ground: Ground, corpus: Corpus, output: Path) -> Cost:
    """Run a side on a corpus, in a process of its own."""
    words = list_words(side, ground.fitted(side.fitted), corpus.paths[side.format], output)
    return run_apart(words, processors=1 if side.threads == 1 else None)


def run_apart(words: Sequence[str], *, processors: int | None = None) -> Cost:
    """Run a module, named first, with what follows, in a process of its own."""
    environment = {**ONE_THREAD, "PYTHONPATH": os.pathsep.join(sys.path)}
    return measure_command(
        [sys.executable, "-m", *words],
        folder=FOLDER,
        processors=processors,
        environment=environment,
    )


def list_words(side: Side, fitted: Path, corpus: Path, output: Path) -> list[str]:
    """List the words of a side's command, the module first."""
    if side.rival is not None:
        return ["timed.rivals", side.rival, str(corpus), str(fitted), str(output)]
    evidence = "--evidence" if side.evidence else "--no-evidence"
    options = ["--unit", "row", evidence, "-m", str(fitted), "-j", str(side.threads)]
    return ["framing", "predict", str(corpus), *options, "-o", str(output)]
