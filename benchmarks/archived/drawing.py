"""An archive of predictions of any size, as ``framing predict`` writes them, texts included.

Words are drawn one by one as often as the seeds hold them; what is made of them says nothing, but
there are as many different ones, and hardly any text is a copy by chance. Probabilities lie as the
shipped model's do for units with and without a frame, so that no source is doubted for them. What
an article's units carry is alike, sources differ in each frame, some turn, and some articles are
printed by another source, too.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from framing.gathering import gather_coded
from framing.measuring.prevalence.mixtures import Mixture
from framing.schema import FramingError
from framing.scoring.domains import read_score_laws
from framing.scoring.modelfile import load_model
from framing.shipped import find_model, find_shipped

Codes = NDArray[np.intp]
Floats = NDArray[np.float64]

MEAN_UNITS = 10
MEAN_WORDS = 45
COPIED = 0.03
"""Part of the articles that are another source's, word for word."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large an archive is."""

    n_units: int
    n_sources: int
    n_months: int
    n_frames: int


@dataclass(frozen=True, slots=True, eq=False)
class Articles:
    """Articles (A,): source, month, and the article whose text each prints; units (n,) of them."""

    sources: Codes
    months: Codes
    originals: Codes
    units: Codes
    places: Codes


def draw_predictions(size: Size, seed: int) -> pd.DataFrame:
    """Draw a table of predictions by the shipped model, of as many units as asked for."""
    rng = np.random.default_rng(seed)
    model = load_model(find_model())
    known = model.codebook.frame_ids
    frames = [*known, *(f"frame_{n}" for n in range(len(known), size.n_frames))][: size.n_frames]
    articles = draw_articles(size, rng)
    texts = _draw_texts(articles, rng)
    laws = read_score_laws(model)
    if laws is None:
        raise FramingError("the shipped model does not say how its scores lie", fix="make model")
    shares = _draw_shares(articles, size, list(laws.frames.values()), rng)
    names = [f"archive/{number}" for number in range(len(articles.sources))]
    return pd.DataFrame(
        {
            "id": [
                f"{names[a]}:{place}"
                for a, place in zip(articles.units, articles.places, strict=True)
            ],
            "article": [names[a] for a in articles.units],
            "source": [f"Source {s}" for s in articles.sources[articles.units]],
            "date": [_date(month) for month in articles.months[articles.units]],
            "title": [f"Title of {names[a]}" for a in articles.units],
            "kind": "paragraph",
            "text": texts,
            "frames": _list_frames(shares, frames),
            "uncertain": "[]",
            **{f"p:{frame}": shares[:, k].round(7) for k, frame in enumerate(frames)},
            "evidence": _list_evidence(texts, frames, shares),
            "model": model.hash,
            "codebook": model.codebook.hash,
        }
    )


def draw_articles(size: Size, rng: np.random.Generator) -> Articles:
    """Draw articles of all sources and months until there are enough units; the last is cut.

    Large sources have some ten times as many as small ones. A copy has the units of its original.
    """
    enough = 2 * size.n_units // MEAN_UNITS + 10
    weights = rng.lognormal(0.0, 0.7, size.n_sources)
    sources = rng.choice(size.n_sources, enough, p=weights / weights.sum())
    months = rng.integers(size.n_months, size=enough)
    lengths = 1 + rng.poisson(rng.gamma(3.0, (MEAN_UNITS - 1) / 3.0, enough))
    originals = np.arange(enough)
    copied = 1 + np.flatnonzero(rng.random(enough - 1) < COPIED)
    for number in copied:
        originals[number] = originals[number - 1]
        lengths[number], months[number] = lengths[number - 1], months[number - 1]
    n_articles = int(np.searchsorted(np.cumsum(lengths), size.n_units)) + 1
    lengths = lengths[:n_articles]
    units = np.repeat(np.arange(n_articles), lengths)[: size.n_units]
    starts = np.cumsum(lengths) - lengths
    places = np.arange(len(units)) - starts[units]
    return Articles(
        sources[:n_articles], months[:n_articles], originals[:n_articles], units, places
    )


def _draw_texts(articles: Articles, rng: np.random.Generator) -> list[str]:
    """Write each unit's words; those of a copy are the words of its original."""
    words, chances = _count_words()
    lengths = 5 + rng.poisson(MEAN_WORDS - 5, len(articles.units))
    drawn = rng.choice(len(words), int(lengths.sum()), p=chances)
    ends = np.cumsum(lengths)
    own = [
        " ".join(words[w] for w in drawn[end - length : end])
        for end, length in zip(ends.tolist(), lengths.tolist(), strict=True)
    ]
    firsts = {a: n for n, a in reversed(list(enumerate(articles.units.tolist())))}
    origins = articles.originals[articles.units].tolist()
    return [own[firsts[a] + place] for a, place in zip(origins, articles.places, strict=True)]


@cache
def _count_words() -> tuple[list[str], Floats]:
    coded = gather_coded(seeds=find_shipped("seeds"), labels=find_shipped("labels"))
    counts = Counter(word for unit in coded.units for word in unit.paragraph.text.split())
    chances = np.array(list(counts.values()), dtype=np.float64)
    return list(counts), chances / chances.sum()


def _draw_shares(
    articles: Articles, size: Size, laws: Sequence[Mixture], rng: np.random.Generator
) -> Floats:
    """Draw probabilities (n, F): level of source and frame, some turns, articles that are alike.

    A unit carries a frame with a chance of its own; its probability then lies as the law of the
    units with the frame, or of those without, says. Frames beyond the laws use these again.
    """
    shape = (size.n_sources, size.n_frames)
    levels = np.linspace(-1.0, -3.0, size.n_frames) + rng.normal(0.0, 0.4, shape)
    turned = (rng.random(shape) < 0.05) * rng.choice([-1.0, 1.0], shape)
    sources, months = articles.sources, articles.months
    later = (months >= size.n_months // 2)[:, None]
    alike = rng.normal(0.0, 1.0, (len(sources), size.n_frames))[articles.originals]
    chances = expit((levels[sources] + turned[sources] * later + alike)[articles.units])
    carried = rng.random(chances.shape) < chances
    places = rng.random(chances.shape)
    return np.column_stack(
        [
            _place_scores(carried[:, k], places[:, k], laws[k % len(laws)])
            for k in range(size.n_frames)
        ]
    )


def _place_scores(carried: NDArray[np.bool_], places: Floats, law: Mixture) -> Floats:
    """Give units (n,) the probabilities at their places (0 to 1) in the distribution of a side."""
    at = np.concatenate([[0.0], law.at, [1.0]])
    with_it, without = (
        np.interp(places, np.concatenate([[0.0], side, [1.0]]), at)
        for side in (law.present, law.absent)
    )
    return np.asarray(np.where(carried, with_it, without))


def _list_frames(shares: Floats, frames: Sequence[str]) -> list[str]:
    return [
        ";".join(frame for frame, held in zip(frames, row, strict=True) if held) or "[]"
        for row in (shares >= 0.5).tolist()
    ]


def _list_evidence(texts: Sequence[str], frames: Sequence[str], shares: Floats) -> list[str]:
    """Name the first three words as what speaks for the likeliest frame, as long as real ones."""
    likeliest = shares.argmax(axis=1).tolist()
    return [
        json.dumps(
            [
                {"label": frames[k], "term": word, "weight": 0.1234, "start": 0, "end": len(word)}
                for word in text.split(maxsplit=3)[:3]
            ]
        )
        for text, k in zip(texts, likeliest, strict=True)
    ]


def _date(month: int) -> str:
    return f"{2015 + month // 12}-{month % 12 + 1:02}-15"
