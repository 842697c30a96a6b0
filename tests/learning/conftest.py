"""Builders of coded units, codebooks and datasets as small as a test needs them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from framing.coding.scheme import Codebook, Frame, StanceTarget, StanceValue
from framing.learning.candidates import Candidate, Search
from framing.learning.dataset import Dataset, StanceColumn
from framing.learning.design import Design
from framing.learning.priors import Prior
from framing.learning.training import Settings
from framing.schema import CodedUnit, Coding, Paragraph
from framing.scoring.recipe import FeatureRecipe, NgramBlock


@pytest.fixture(scope="session")
def make_unit() -> Callable[..., CodedUnit]:
    """Return what builds a coded unit out of a number and what matters about it."""

    def build(number, text="", *, article=None, source=None, kind="paragraph", **codes):
        name = f"unit-{number}"
        paragraph = Paragraph(
            name, article or name, text, 0, len(text), kind=kind, source=source, date="2024"
        )
        return CodedUnit(paragraph, Coding(name, "ann", **codes))

    return build


@pytest.fixture(scope="session")
def make_book() -> Callable[..., Codebook]:
    """Return what builds a codebook out of frame ids and targets with their values."""

    def build(frames=(), targets=None, neutral=None):
        return Codebook(
            "small",
            "1.0.0",
            frames=tuple(Frame(frame, frame) for frame in frames),
            targets=tuple(
                StanceTarget(target, target, "", tuple(map(StanceValue, values)), neutral)
                for target, values in (targets or {}).items()
            ),
        )

    return build


@pytest.fixture(scope="session")
def lay_out() -> Callable[..., Dataset]:
    """Return what builds a dataset straight from arrays; units are of article 0, 1, 2, ..."""

    def build(
        frames=None,
        *,
        n=None,
        groups=None,
        texts=None,
        sources=None,
        mentions=None,
        stances=(),
        clusters=None,
        prior=None,
    ):
        n = n or len(frames if frames is not None else stances[0][1])
        frames = np.zeros((n, 0)) if frames is None else np.asarray(frames, float).reshape(n, -1)
        groups = np.arange(n) if groups is None else np.asarray(groups, dtype=np.intp)
        return Dataset(
            texts=tuple(texts) if texts else ("",) * n,
            groups=groups,
            articles=tuple(f"article {g}" for g in range(groups.max() + 1)),
            clusters=np.arange(n) if clusters is None else np.asarray(clusters, dtype=np.intp),
            sources=tuple(sources) if sources else (None,) * n,
            mentions=tuple(mentions) if mentions else (None,) * n,
            frame_ids=tuple(f"frame {k}" for k in range(frames.shape[1])),
            frames=frames,
            stances=tuple(
                StanceColumn(f"target {t}", values, None, np.asarray(codes, dtype=np.intp))
                for t, (values, codes) in enumerate(stances)
            ),
            prior=prior or Prior((), np.zeros((0, frames.shape[1]))),
            hash="",
        )

    return build


@pytest.fixture(scope="session")
def words() -> FeatureRecipe:
    """Return single words, kept from their first unit on."""
    return FeatureRecipe((NgramBlock("word", 1, 1, min_df=1),))


@pytest.fixture(scope="session")
def quick(words: FeatureRecipe) -> Settings:
    """Two settings a label, so that selection is nested, on two folds of two."""
    search = Search(Candidate(words, C=10.0), {"C": (1.0,)})
    return Settings(
        frames=search,
        stances=search,
        mentions=search,
        design=Design(n_folds=2, n_inner_folds=2, resamples=100),
    )
