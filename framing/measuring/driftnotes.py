"""What a measurement of drift has to say of itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from framing.measuring.predictions import Label
from framing.measuring.prevalence.instrument import Instrument


def note_calibration(labels: Sequence[Label], instrument: Instrument | None) -> Iterator[str]:
    """Say of which labels the model does not say how sure its calibration is."""
    known = instrument.labels if instrument else {}
    lacking = [label.name for label in labels if label.name not in known]
    if lacking:
        named = "" if len(lacking) == len(labels) else f" of {', '.join(lacking)}"
        yield (
            f"the model's own account of its calibration{named} is not known: intervals without "
            "hand codings take it to be exact, and are too narrow"
        )


def note_trained(articles: Sequence[str], trained: Collection[str]) -> Iterator[str]:
    """Say how many of the articles the model learnt from: it has seen how they were coded."""
    known = len(set(articles) & set(trained))
    if known:
        whose = "its" if known == 1 else "their"
        yield (
            f"{known} of {len(articles)} articles had a part in the model's training; {whose} "
            "probabilities are too sure"
        )


def note_learnt(n_codings: int) -> Iterator[str]:
    """Say how many codings cannot correct, since the model learnt from what they are of."""
    if n_codings:
        told = "coding is" if n_codings == 1 else "codings are"
        yield f"{n_codings} {told} of texts that the model learnt from and left out"


def note_census(census: bool, n_tests: int) -> Iterator[str]:
    """Say that a census speaks of shares alone."""
    if census and n_tests:
        yield (
            "differences, trends and turning points, their intervals and tests, still treat the "
            "articles as a sample; the census counts for shares alone"
        )
