"""The search as scikit-learn's users write it: ``GridSearchCV`` over a ``Pipeline``.

What is searched is ours: each candidate of a search becomes one dict of the grid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import FeatureUnion, Pipeline

from framing.learning.candidates import MARKED, Candidate, Search
from framing.learning.dataset import FloatArray, IntArray
from framing.learning.ratios import scale_features
from framing.learning.selection import choose
from framing.scoring.ngrams import find_marks
from framing.scoring.recipe import NgramBlock

Pairs = Sequence[tuple[IntArray, IntArray]]
"""Rows to train on and rows held out, fold by fold."""


class EmphasisedLogistic(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """liblinear's logistic regressions, one a frame, on features scaled by log-count ratios.

    Parameters
    ----------
    C : float
    emphasis : float
        See `framing.learning.ratios`; at 0 features stay as they are.
    class_weight : str or None
    """

    def __init__(
        self, C: float = 1.0, emphasis: float = 0.0, class_weight: str | None = None
    ) -> None:
        self.C = C
        self.emphasis = emphasis
        self.class_weight = class_weight

    def fit(self, X: Any, y: ArrayLike) -> Self:
        """Fit features (n, V) to codes (n, F) of 0 and 1; a frame with one code alone gets 0."""
        codes, features = np.asarray(y) > 0, sp.csr_array(X).sorted_indices()
        self.classes_ = np.array([0, 1])
        self.coef_ = np.zeros((features.shape[1], codes.shape[1]))
        self.intercept_ = np.zeros(codes.shape[1])
        scales = (
            scale_features(features, codes, np.ones_like(codes), self.emphasis).astype(np.float64)
            if self.emphasis
            else None
        )
        for k, present in enumerate(codes.T):
            if present.all() or not present.any():
                continue
            model = LogisticRegression(
                C=self.C, class_weight=self.class_weight, solver="liblinear"
            ).fit(features if scales is None else _stretch(features, scales[:, k]), present)
            self.coef_[:, k] = model.coef_[0] * (1.0 if scales is None else scales[:, k])
            self.intercept_[k] = model.intercept_[0]
        return self

    def decision_function(self, X: Any) -> FloatArray:
        """Return scores (n, F)."""
        return np.asarray(X @ self.coef_ + self.intercept_)


def _stretch(features: sp.csr_array, scales: FloatArray) -> sp.csr_array:
    cells = features.data * scales[features.indices], features.indices, features.indptr
    return sp.csr_array(cells, shape=features.shape)


def list_marks(text: str) -> list[str]:
    """List the marks of a text, as our analyzer ``mark`` has them."""
    return [match.group() for match in find_marks(text.lower())]


def average_precision(pipeline: Any, texts: Sequence[str], codes: IntArray) -> float:
    """Average the average precision over frames that have both codes; how a fold is scored."""
    scores = pipeline.decision_function(texts)
    return float(
        np.mean(
            [
                average_precision_score(truth, ranked)
                for truth, ranked in zip(codes.T, scores.T, strict=True)
                if truth.any() and not truth.all()
            ]
        )
    )


def build_pipeline(memory: str | None = None) -> Pipeline:
    """Build the pipeline; `memory` is a folder in which features are kept for other settings."""
    union = FeatureUnion(
        [(_name_block(block), _make_vectorizer(block)) for block in MARKED.blocks],
        transformer_weights={_name_block(block): block.weight for block in MARKED.blocks},
    )
    return Pipeline([("features", union), ("regression", EmphasisedLogistic())], memory=memory)


def _name_block(block: NgramBlock) -> str:
    return f"{block.analyzer}s"


def _make_vectorizer(block: NgramBlock) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=list_marks if block.analyzer == "mark" else block.analyzer,
        ngram_range=(block.low, block.high),
        min_df=block.min_df,
        sublinear_tf=block.sublinear,
    )


def list_params(candidate: Candidate) -> dict[str, Any]:
    """Write a candidate as parameters of the pipeline: blocks that it has not are dropped."""
    blocks = {
        f"features__{_name_block(block)}": _make_vectorizer(block)
        if block in candidate.recipe.blocks
        else "drop"
        for block in MARKED.blocks
    }
    return {
        **blocks,
        "regression__C": candidate.C,
        "regression__emphasis": candidate.emphasis,
        "regression__class_weight": "balanced" if candidate.balanced else None,
    }


def search_grid(
    pipeline: Pipeline,
    candidates: Sequence[Candidate],
    texts: Sequence[str],
    codes: IntArray,
    pairs: Pairs,
    *,
    workers: int,
) -> dict[Candidate, FloatArray]:
    """Rate candidates by ``GridSearchCV``, without its refit: average precision fold by fold."""
    grid = [{name: [value] for name, value in list_params(c).items()} for c in candidates]
    search = GridSearchCV(
        pipeline,
        grid,
        scoring=average_precision,
        n_jobs=workers,
        cv=list(pairs),
        refit=False,
        error_score="raise",
    ).fit(texts, codes)
    folds = [search.cv_results_[f"split{k}_test_score"] for k in range(len(pairs))]
    return dict(zip(candidates, np.transpose(folds), strict=True))


def choose_with_grids(
    pipeline: Pipeline,
    searched: Search,
    texts: Sequence[str],
    codes: IntArray,
    pairs: Pairs,
    *,
    workers: int,
) -> tuple[Candidate, Mapping[Candidate, FloatArray], Pipeline]:
    """Search as `framing.learning.searching` does, and fit what was chosen on all units.

    The rule that chooses is ours as well, since the grid's own would take the best of the star and
    never try what is best along each axis together.
    """
    ratings = search_grid(
        pipeline, searched.list_candidates(), texts, codes, pairs, workers=workers
    )
    chosen, usual = choose(searched, ratings), searched.usual
    if chosen not in ratings:
        ratings |= search_grid(pipeline, [chosen], texts, codes, pairs, workers=workers)
    if np.nansum(ratings[chosen] - ratings[usual]) < 0:
        chosen = usual
    fitted = pipeline.set_params(**list_params(chosen)).fit(texts, codes)
    return chosen, ratings, fitted
