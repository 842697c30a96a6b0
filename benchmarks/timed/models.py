"""One set of weights for all sides: fitted by scikit-learn, and wrapped in a model file of ours.

Regressions are rounded to what our files hold (32 bits a weight) before either side gets them, so
that the same weights give the same probabilities. Pickles are read by the process that made them
alone.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from framing.coding.scheme import Codebook, Frame
from framing.scoring.heads import FrameHead
from framing.scoring.model import Model
from framing.scoring.modelfile import save_model
from framing.scoring.recipe import NgramBlock
from framing.scoring.vectorizing import FittedBlock, Vectorizer

Codes = NDArray[np.bool_]

WORDS = NgramBlock("word", 1, 2)
LONG_WORDS = NgramBlock("word", 1, 3)
CHARACTERS = NgramBlock("char_wb", 2, 5)
THRESHOLD = 0.5
_HASHED = 2**18


@dataclass(frozen=True, slots=True)
class Fitted:
    """A vectorizer and one regression a frame, as scikit-learn's users hold them."""

    vectorizer: Any
    regressions: dict[str, LogisticRegression]

    @property
    def n_features(self) -> int:
        """Width of the features."""
        return int(next(iter(self.regressions.values())).coef_.shape[1])

    def save(self, path: Path) -> None:
        """Write it where a rival's process finds it."""
        path.write_bytes(pickle.dumps(self))

    @classmethod
    def load(cls, path: Path) -> Fitted:
        """Read what `save` wrote."""
        return pickle.loads(path.read_bytes())  # type: ignore[no-any-return]


def fit_tfidf(
    texts: Sequence[str],
    codes: Codes,
    frames: Sequence[str],
    blocks: Sequence[NgramBlock] = (WORDS,),
    *,
    n_features: int | None = None,
) -> Fitted:
    """Fit regressions on TF-IDF of some blocks, of the `n_features` most frequent terms of each."""
    parts = [(str(block), _make_vectorizer(block, n_features)) for block in blocks]
    features = sp.hstack([part.fit_transform(texts) for _, part in parts], "csr")
    vectorizer = parts[0][1] if len(parts) == 1 else FeatureUnion(parts)
    return Fitted(vectorizer, _fit_regressions(features, codes, frames))


def fit_hashed(texts: Sequence[str], codes: Codes, frames: Sequence[str]) -> Fitted:
    """Fit regressions on hashed words and word pairs: a model of another kind."""
    vectorizer = HashingVectorizer(ngram_range=(1, 2), n_features=_HASHED)
    return Fitted(vectorizer, _fit_regressions(vectorizer.transform(texts), codes, frames))


def _make_vectorizer(block: NgramBlock, n_features: int | None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=block.analyzer,
        ngram_range=(block.low, block.high),
        min_df=block.min_df,
        sublinear_tf=block.sublinear,
        max_features=n_features,
    )


def _fit_regressions(
    features: Any, codes: Codes, frames: Sequence[str]
) -> dict[str, LogisticRegression]:
    regressions = {}
    for frame, present in zip(frames, codes.T, strict=True):
        regression = LogisticRegression(solver="liblinear").fit(features, present)
        regression.coef_ = regression.coef_.astype(np.float32).astype(np.float64)
        regressions[frame] = regression
    return regressions


def wrap(fitted: Fitted, blocks: Sequence[NgramBlock] = (WORDS,)) -> Model:
    """Put the same weights into a model of ours; its probabilities are the regressions' own."""
    whole = fitted.vectorizer
    parts = [part for _, part in whole.transformer_list] if len(blocks) > 1 else [whole]
    regressions = fitted.regressions
    return Model(
        codebook=_name_frames(list(regressions)),
        vectorizer=Vectorizer(
            [
                FittedBlock(block, tuple(part.get_feature_names_out().tolist()), part.idf_)
                for block, part in zip(blocks, parts, strict=True)
            ]
        ),
        frames=tuple(_make_head(frame) for frame in regressions),
        stances=(),
        coefficients=np.vstack([r.coef_[0] for r in regressions.values()]).T.astype(np.float32),
        intercepts=np.array([r.intercept_[0] for r in regressions.values()], np.float64),
        training={},
    )


def save_wrapped(fitted: Fitted, path: Path, blocks: Sequence[NgramBlock] = (WORDS,)) -> Path:
    """Write the model file for `framing predict` and return its path."""
    save_model(wrap(fitted, blocks), path)
    return path


def widen(model: Model, n_frames: int) -> Model:
    """Return a model of more frames (or fewer), the columns of the given one over and over."""
    columns = np.arange(n_frames) % len(model.frames)
    frames = [f"frame_{number}" for number in range(n_frames)]
    return replace(
        model,
        codebook=_name_frames(frames),
        frames=tuple(_make_head(frame) for frame in frames),
        coefficients=np.ascontiguousarray(model.coefficients[:, columns]),
        intercepts=model.intercepts[columns],
    )


def _make_head(frame: str) -> FrameHead:
    return FrameHead(frame, 1.0, 0.0, THRESHOLD, n_units=0, n_positive=0)


def _name_frames(frames: Sequence[str]) -> Codebook:
    return Codebook("made", "1.0.0", frames=tuple(Frame(name, name) for name in frames))
