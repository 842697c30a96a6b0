"""Training: coded units in, a model and a report of how well it does out."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from framing.coding.scheme import Codebook
from framing.learning.counting import Counts, count_ngrams
from framing.learning.crossfitting import Candidate, Workers, fit_candidate
from framing.learning.crossvalidation import (
    Design,
    SplitReport,
    cross_validate,
    fit_heads_to,
    select_candidate,
)
from framing.learning.dataset import Dataset, build_dataset, hash_articles
from framing.learning.rarity import Skipped, leave_out_rare
from framing.learning.splits import SPLITS, Split, can_hold_out_sources, count_sources
from framing.schema import CodedUnit, InputError, describe
from framing.scoring.model import Model
from framing.scoring.modelfile import seal_model
from framing.scoring.recipe import FeatureRecipe, NgramBlock
from framing.scoring.vectorizing import Vectorizer

WORDS = NgramBlock("word", 1, 2)
CHARACTERS = NgramBlock("char_wb", 3, 5, min_df=4)
CANDIDATES = (
    Candidate(FeatureRecipe((WORDS,)), C_frames=10.0, C_stances=10.0),
    Candidate(FeatureRecipe((WORDS, CHARACTERS)), C_frames=10.0, C_stances=1.0),
    Candidate(FeatureRecipe((WORDS, CHARACTERS)), C_frames=10.0, C_stances=3.0, prior=3.0),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What training is free to choose from, and how it judges itself.

    Attributes
    ----------
    candidates : tuple of Candidate
        Features and C to choose from; the C for frames and that for stances may be taken from two
        candidates with the same features.
    splits : tuple of {"grouped", "random", "source"}
        Ways of splitting that are reported; only ``grouped`` is nested throughout.
    design : Design
    """

    candidates: tuple[Candidate, ...] = CANDIDATES
    splits: tuple[Split, ...] = SPLITS
    design: Design = field(default_factory=Design)

    def list_candidates(self, dataset: Dataset) -> tuple[Candidate, ...]:
        """List the candidates that differ on a dataset: without a prior, its weight is none."""
        if len(dataset.prior):
            return self.candidates
        return tuple(dict.fromkeys(replace(c, prior=0.0) for c in self.candidates))


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What training chose, left out and found.

    Attributes
    ----------
    signature : str
        All that the figures depend on, in one line.
    data : str
        Content hash of the coded units.
    candidate : Candidate
    skipped : tuple of Skipped
    splits : tuple of SplitReport
    n_units, n_articles, n_sources : int
    articles : tuple of str
        Hashes of the articles' ids, by which an evaluation tells articles that are not new.
    versions : mapping of str to str
        Of this package, of Python and of the libraries that the figures depend on.
    """

    signature: str
    data: str
    candidate: Candidate
    skipped: tuple[Skipped, ...]
    splits: tuple[SplitReport, ...]
    n_units: int
    n_articles: int
    n_sources: int
    articles: tuple[str, ...]
    versions: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values, as the model file holds it."""
        content: dict[str, Any] = describe(self)
        content["candidate"] = str(self.candidate)
        return content


def train(
    units: Sequence[CodedUnit],
    codebook: Codebook,
    *,
    settings: Settings | None = None,
    workers: Workers | None = None,
    version: str = "",
) -> tuple[Model, TrainingReport]:
    """Train a model on coded units.

    Parameters
    ----------
    units : sequence of CodedUnit
        One coding a unit.
    codebook : Codebook
    settings : Settings, optional
    workers : Workers, optional
        The result does not depend on how many there are.
    version : str
        Of this package, for the record.

    Raises
    ------
    InputError
        If nothing can be learnt: too few units, articles or codes.
    """
    settings, workers = settings or Settings(), workers or Workers()
    learnable = leave_out_rare(units, codebook)
    dataset = build_dataset(learnable.units, learnable.codebook)
    if len(dataset.articles) < 2:
        raise InputError(
            "all coded units are of one article, so none can be held out",
            fix="code at least two articles, or fill the column 'article'",
        )
    settings = replace(settings, candidates=settings.list_candidates(dataset))
    counts = count_ngrams(
        dataset.all_texts, [candidate.recipe for candidate in settings.candidates]
    )
    model, candidate = _fit_model(counts, dataset, codebook, settings=settings, workers=workers)
    splits = tuple(
        _cross_validate(counts, dataset, split, candidate, settings=settings, workers=workers)
        for split in settings.splits
        if split != "source"
        or can_hold_out_sources(dataset, n_folds=settings.design.n_folds, seed=settings.design.seed)
    )
    report = TrainingReport(
        signature=_sign(dataset, codebook, candidate, settings=settings, version=version),
        data=dataset.hash,
        candidate=candidate,
        skipped=learnable.skipped,
        splits=splits,
        n_units=len(dataset),
        n_articles=len(dataset.articles),
        n_sources=count_sources(dataset),
        articles=hash_articles(dataset.articles),
        versions=_list_versions(version),
    )
    return seal_model(replace(model, training=report.to_dict())), report


def _fit_model(
    counts: Counts, dataset: Dataset, codebook: Codebook, *, settings: Settings, workers: Workers
) -> tuple[Model, Candidate]:
    design, rows = settings.design, np.arange(len(dataset))
    scores, best = select_candidate(
        counts, dataset, settings.candidates, design=design, workers=workers
    )
    frames, stances = fit_heads_to(scores, dataset, rows)
    fitted = fit_candidate(counts, dataset, rows, best, seed=design.seed)
    kept = np.concatenate([block.weigh(rows) > 0 for block in counts.select(best.recipe)])
    model = Model(
        codebook=codebook,
        vectorizer=Vectorizer([block.fit(rows) for block in counts.select(best.recipe)]),
        frames=frames,
        stances=stances,
        coefficients=fitted.coefficients[kept].astype(np.float32),
        intercepts=fitted.intercepts,
        training={},
    )
    return model, best


def _cross_validate(
    counts: Counts,
    dataset: Dataset,
    split: Split,
    chosen: Candidate,
    *,
    settings: Settings,
    workers: Workers,
) -> SplitReport:
    """Nest selection where articles are held out; elsewhere take what was chosen, and say so."""
    candidates = settings.candidates if split == "grouped" else (chosen,)
    return cross_validate(
        counts, dataset, split, candidates, design=settings.design, workers=workers
    )


def _sign(
    dataset: Dataset, codebook: Codebook, candidate: Candidate, *, settings: Settings, version: str
) -> str:
    design = settings.design
    return "|".join(
        [
            f"framing:{version}",
            f"codebook:{codebook.name}-{codebook.version}-{codebook.hash}",
            f"data:{dataset.hash}",
            f"features:{candidate}",
            f"folds:{design.n_folds}x{design.n_inner_folds}",
            f"resamples:{design.resamples}",
            f"seed:{design.seed}",
        ]
    )


def _list_versions(version: str) -> dict[str, str]:
    from importlib.metadata import version as find_version

    packages = ("scikit-learn", "numpy", "scipy")
    return {
        "framing": version,
        "python": platform.python_version(),
        **{package: find_version(package) for package in packages},
    }
