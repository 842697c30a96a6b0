"""Drawn units laid out as what `framing.measuring.drift.measure_drift` takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from framing.learning.instruments import find_covariance
from framing.measuring.prevalence.instrument import LabelQuality
from simulated.corpora import Corpus, Floats

MODEL = "simulated"


def lay_table(
    articles: Sequence[str],
    sources: Sequence[str],
    dates: Sequence[str],
    chances: Mapping[str, Floats],
) -> pd.DataFrame:
    """Make a table of predictions of n units, named u0, u1, ...

    Parameters
    ----------
    articles, sources, dates : sequences of n str
    chances : mapping of str to array (n,)
        Label to its probabilities; it is decided for from .5 on.
    """
    frames: list[list[str]] = [[] for _ in articles]
    for name, own in chances.items():
        for place in (own >= 0.5).nonzero()[0]:
            frames[place].append(name)
    return pd.DataFrame(
        {
            "id": [f"u{n}" for n in range(len(articles))],
            "article": list(articles),
            "source": list(sources),
            "date": list(dates),
            "kind": "paragraph",
            "frames": [";".join(names) or "[]" for names in frames],
            "model": MODEL,
            "codebook": MODEL,
            **{f"p:{name}": own for name, own in chances.items()},
        }
    )


def describe_quality(training: Corpus, known: Floats) -> LabelQuality:
    """Say how well a label is measured, from its training corpus and the probabilities there."""
    decided = known >= 0.5
    return LabelQuality(
        covariance=find_covariance(training.labels, known, training.articles),
        sensitivity=float(decided[training.labels].mean()),
        false_alarms=float(decided[~training.labels].mean()),
        prior=float(training.labels.mean()),
        n_units=len(known),
        n_positive=int(training.labels.sum()),
        n_articles=training.n_articles,
    )
