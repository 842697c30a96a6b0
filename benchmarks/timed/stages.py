"""From raw articles to scores, stage by stage.

``python -m timed.stages FOLDER MODEL RECORD`` writes what each took to a file, as JSON.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import numpy as np

from framing.schema import Problem
from framing.scoring.model import Model
from framing.scoring.modelfile import load_model
from framing.text.cleaning import clean_article
from framing.text.files import read_file
from framing.text.segmentation import segment
from timed.texts import Chains, draw_texts

T = TypeVar("T")
U = TypeVar("U")

_WARMING = 50


@dataclass(frozen=True, slots=True)
class Stages:
    """Seconds of each stage for all articles, by one thread, and what they hold."""

    articles: int
    units: int
    characters: int
    seconds: dict[str, float]


def write_articles(
    chains: Chains, n_articles: int, folder: Path, *, seed: int, n_words: float = 113.0
) -> None:
    """Write articles of ten paragraphs each, as Markdown with front matter, a file an article."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    pieces = draw_texts(chains, 10 * n_articles, n_words=n_words, rng=rng)
    texts = [text for piece in pieces for text in piece.texts.to_pylist()]
    for number in range(n_articles):
        body = "\n\n".join(texts[10 * number : 10 * number + 10])
        head = f"---\nsource: Source {number % 40}\ndate: 2024-05-06\n---\n\n"
        (folder / f"a{number}.md").write_text(f"{head}{body}\n", encoding="utf-8")


def time_stages(folder: Path, model: Path) -> Stages:
    """Take all articles through one stage after another; the next begins when all are done.

    A few go through all of them first, so that no stage pays for what is loaded once.
    """
    loaded, paths = load_model(model), sorted(folder.iterdir())
    _take(loaded, paths[:_WARMING])
    return _take(loaded, paths)


def _take(loaded: Model, paths: Sequence[Path]) -> Stages:
    seconds: Counter[str] = Counter()
    raw = _time(seconds, "read", lambda path: read_file(path, report=_ignore), paths)
    cleaned = _time(seconds, "clean", clean_article, [article for article in raw if article])
    cut = _time(seconds, "segment", segment, cleaned)
    texts = [unit.text for units in cut for unit in units if unit.kind != "boilerplate"]
    batches = [texts[start : start + 4096] for start in range(0, len(texts), 4096)]
    _time(seconds, "score", loaded.compute_logits, batches)
    return Stages(len(paths), len(texts), sum(map(len, texts)), dict(seconds))


def _time(seconds: Counter[str], stage: str, work: Callable[[T], U], items: Sequence[T]) -> list[U]:
    began = perf_counter()
    done = [work(item) for item in items]
    seconds[stage] += perf_counter() - began  # type: ignore[assignment]
    return done


def _ignore(problem: Problem) -> None:
    """Pass over a flaw: made articles have none that matters here."""


def read_stages(record: Path) -> Stages:
    """Read what the module writes."""
    fields: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
    return Stages(**fields)


if __name__ == "__main__":
    articles, model_file, record = map(Path, sys.argv[1:])
    record.write_text(json.dumps(asdict(time_stages(articles, model_file))), encoding="utf-8")
