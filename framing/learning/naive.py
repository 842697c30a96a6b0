"""The baseline beside which every figure stands: what a newcomer to scikit-learn would write.

Default ``TfidfVectorizer`` on words and word pairs, default ``LogisticRegression``, threshold .5.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from framing.learning.dataset import NOT_CODED, Dataset, FloatArray, IntArray
from framing.learning.judgements import Judgements


def score_naively(dataset: Dataset, train: IntArray, test: IntArray) -> FloatArray:
    """Return probabilities (m, K) of the test rows by the naive pipeline trained on others."""
    out = np.zeros((len(test), dataset.columns))
    try:
        vectorizer = TfidfVectorizer(ngram_range=(1, 2))
        train_features = vectorizer.fit_transform([dataset.texts[row] for row in train])
    except ValueError:  # no word in any text
        return out
    test_features = vectorizer.transform([dataset.texts[row] for row in test])
    with threadpool_limits(1):
        for column in range(len(dataset.frame_ids)):
            codes = dataset.frames[train, column]
            coded = np.flatnonzero(~np.isnan(codes))
            shares = _fit(train_features[coded], codes[coded], test_features, n_values=2)
            out[:, column] = shares[:, 1]
        for stance, columns in dataset.stance_columns():
            codes = stance.codes[train]
            coded = np.flatnonzero(codes != NOT_CODED)
            out[:, columns] = _fit(
                train_features[coded], codes[coded], test_features, n_values=len(stance.values)
            )
    return out


def decide_naively(dataset: Dataset, scores: FloatArray) -> Judgements:
    """Judge m units by their naive probabilities (m, K): the largest one, or .5, decides."""
    probabilities = scores[:, : len(dataset.frame_ids)]
    stances = {
        stance.target: (
            scores[:, columns],
            [stance.values[best] for best in scores[:, columns].argmax(axis=1)],
        )
        for stance, columns in dataset.stance_columns()
    }
    sure = np.ones_like(probabilities, dtype=np.bool_)
    return Judgements(probabilities, probabilities >= 0.5, sure, stances)


def _fit(train: Any, codes: FloatArray | IntArray, test: Any, *, n_values: int) -> FloatArray:
    """Return probabilities (m, n_values); those of values not seen in training are 0."""
    out = np.zeros((test.shape[0], n_values))
    seen = np.unique(codes).astype(np.intp)
    if len(seen) == 1:
        out[:, seen] = 1.0
    elif len(seen):
        model = LogisticRegression(max_iter=1000).fit(train, codes)
        out[:, seen] = model.predict_proba(test)
    return out
