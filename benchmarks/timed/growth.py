"""How the cost of ours grows with vocabulary, frames, length and rows, one thing at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from framing.scoring.modelfile import load_model, save_model
from timed.corpora import Corpus, cut_corpus, draw_coded, write_corpus
from timed.models import LONG_WORDS, WORDS, fit_tfidf, save_wrapped, widen
from timed.sides import Ground, Run, Side, run_once
from timed.texts import Chains

VOCABULARIES = (5_000, 40_000, 150_000, 500_000)
"""Terms; beyond what word pairs give, triples are taken, too."""
FRAMES = (1, 6, 20, 60)
LENGTHS = (20.0, 113.0, 450.0)
ROWS = (0.25, 0.5, 1.0)
"""Parts of the rows of the other axes."""


@dataclass(frozen=True, slots=True)
class Grown:
    """One point: what was varied, its value, and ours on few and on all rows."""

    axis: str
    value: float
    run: Run

    @property
    def microseconds(self) -> float:
        """What a unit takes, start-up left out."""
        few = self.run.small
        assert few is not None
        rows = self.run.units - self.run.small_units
        return 1e6 * (self.run.cost.seconds - few.seconds) / rows

    @property
    def start(self) -> float:
        """Seconds before the first unit."""
        few = self.run.small
        assert few is not None
        return few.seconds - self.run.small_units * self.microseconds / 1e6


def measure_growth(
    ground: Ground, chains: Chains, *, n_units: int, n_train: int, seed: int
) -> Iterator[Grown]:
    """Measure one thread, JSONL to CSV, without evidence, along each axis."""
    folder = ground.folder / "growth"
    corpus = write_corpus(chains, n_units, folder, seed=seed + 2, formats=("jsonl",))
    model = ground.fitted("words.safetensors")
    for size, path in _vary_vocabulary(chains, folder, n_train=n_train, seed=seed):
        yield Grown("vocabulary", size, _run(ground, corpus, path))
    for n_frames in FRAMES:
        path = folder / f"frames-{n_frames}.safetensors"
        save_model(widen(load_model(model), n_frames), path)
        yield Grown("frames", n_frames, _run(ground, corpus, path))
    for n_words in LENGTHS:
        of_length = write_corpus(
            chains,
            n_units,
            folder / f"words-{n_words:.0f}",
            seed=seed + 3,
            n_words=n_words,
            formats=("jsonl",),
        )
        yield Grown("words a unit", n_words, _run(ground, of_length, model))
    for part in ROWS:
        rows = cut_corpus(corpus, int(part * n_units))
        yield Grown("rows", rows.n_units, _run(ground, rows, model))


def _vary_vocabulary(
    chains: Chains, folder: Path, *, n_train: int, seed: int
) -> Iterator[tuple[int, Path]]:
    texts, codes = draw_coded(chains, n_train, seed=seed + 1)
    last = 0
    for size in VOCABULARIES:
        for block in (WORDS, LONG_WORDS):
            fitted = fit_tfidf(texts, codes, chains.frames, (block,), n_features=size)
            if fitted.n_features >= size:
                break
        if fitted.n_features == last:
            return
        last = fitted.n_features
        yield last, save_wrapped(fitted, folder / f"terms-{size}.safetensors", (block,))


def _run(ground: Ground, corpus: Corpus, model: Path) -> Run:
    side = Side("ours", 1, str(model.relative_to(ground.folder)))
    few, output = cut_corpus(corpus, max(1, corpus.n_units // 20)), ground.folder / "grown.csv"
    small, large = (run_once(side, ground, part, output) for part in (few, corpus))
    output.unlink()
    return Run(corpus.n_units, large, few.n_units, small)
