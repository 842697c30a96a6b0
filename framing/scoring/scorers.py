"""Two ways to the same numbers: the compiled scorer, and one in Python where there is none.

Both are exact, and differ by less than 1e-9 in a score: they add in another order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from framing.schema import FramingError
from framing.scoring.compiled import CompiledScorer, Mentions
from framing.scoring.counters import FloatArray
from framing.scoring.evidence import Requests, Terms, explain_requests
from framing.scoring.extension import kernel
from framing.scoring.textcolumns import list_texts

if TYPE_CHECKING:
    from framing.scoring.model import Model
    from framing.scoring.textcolumns import Texts

Kind = Literal["compiled", "python"]


class Scorer(Protocol):
    """Scores texts by one model; may be used by several threads at once."""

    def compute_logits(self, texts: Texts, mentions: Mentions = None) -> FloatArray:
        """Return the raw scores of n texts, (n, K), before calibration."""

    def find_terms(self, texts: Texts, mentions: Mentions, requests: Requests, limit: int) -> Terms:
        """Find, for each contrast asked for, the terms that speak for it, at most `limit`."""


def make_scorer(model: Model, kind: Kind | None = None) -> Scorer:
    """Return the fastest scorer that there is, or the one asked for.

    Raises
    ------
    FramingError
        If the compiled one is asked for and was not built.
    """
    if kind == "compiled" and kernel is None:
        raise FramingError(
            "the compiled scorer was not built with this installation",
            where="framing.scoring",
            fix="install a C compiler, then framing again",
        )
    if kernel is None or kind == "python":
        return PythonScorer(model)
    return CompiledScorer(model, kernel)


class PythonScorer:
    """Counts by dictionaries and adds by NumPy."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def compute_logits(self, texts: Texts, mentions: Mentions = None) -> FloatArray:
        """Return the raw scores of n texts, (n, K), before calibration."""
        vectors = self._model.vectorizer.transform(list_texts(texts), mentions)
        return vectors.multiply(self._model.coefficients) + self._model.intercepts

    def find_terms(self, texts: Texts, mentions: Mentions, requests: Requests, limit: int) -> Terms:
        """Find, for each contrast asked for, the terms that speak for it, at most `limit`."""
        return explain_requests(self._model, list_texts(texts), mentions, requests, limit)
