"""Training: coded units in, a model and a report of how well it does out."""

from __future__ import annotations

import platform
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from framing.coding.scheme import Codebook
from framing.learning.assembly import assemble_model
from framing.learning.candidates import FRAMES, MENTIONS, STANCES, Candidate, Search
from framing.learning.counting import Counts, count_ngrams
from framing.learning.crossfitting import Job, Label, Workers, fit_jobs, list_labels
from framing.learning.crossvalidation import cross_validate, expect_tasks, fit_heads_to, select_jobs
from framing.learning.dataset import Dataset, build_dataset, hash_texts
from framing.learning.design import Design
from framing.learning.domains import describe_domain
from framing.learning.instruments import describe_scores, judge_instrument
from framing.learning.rarity import Skipped, leave_out_rare
from framing.learning.reports import TrainingReport
from framing.learning.splits import SPLITS, Split, count_sources, find_obstacle
from framing.schema import CodedUnit, InputError
from framing.scoring.model import Model
from framing.scoring.modelfile import seal_model


@dataclass(frozen=True, slots=True)
class Settings:
    """What training is free to choose from, and how it judges itself.

    Attributes
    ----------
    frames, stances, mentions : Search
        For the frames, for a target, and for a target that stands for all that texts mention.
    splits : tuple of {"grouped", "random", "source"}
        Ways of splitting that are reported; only ``grouped`` is nested throughout.
    design : Design

    Raises
    ------
    InputError
        If there is no such way of splitting.
    """

    frames: Search = FRAMES
    stances: Search = STANCES
    mentions: Search = MENTIONS
    splits: tuple[Split, ...] = SPLITS
    design: Design = field(default_factory=Design)

    def __post_init__(self) -> None:
        """Refuse ways of splitting that there are not."""
        for split in self.splits:
            if split not in SPLITS:
                raise InputError(
                    f"there is no split '{split}'", fix=f"choose of {', '.join(SPLITS)}"
                )

    def plan(self, dataset: Dataset) -> dict[Label, Search]:
        """Say what is searched for the frames and for each target of a dataset."""
        frames = self.frames if len(dataset.prior) else self.frames.without("prior")
        return {
            label: frames if label is None else self._plan_stance(dataset, label)
            for label in list_labels(dataset)
        }

    def list_splits(self, dataset: Dataset) -> tuple[list[Split], list[Skipped]]:
        """Part the ways of splitting asked for into those that a dataset allows, and the others."""
        allowed: list[Split] = []
        dropped: list[Skipped] = []
        for split in self.splits:
            obstacle = find_obstacle(
                dataset, split, n_folds=self.design.n_folds, seed=self.design.seed
            )
            if obstacle:
                dropped.append(Skipped(split, obstacle))
            else:
                allowed.append(split)
        return allowed, dropped

    def _plan_stance(self, dataset: Dataset, target: str) -> Search:
        mentioned = dataset.is_mentioned(dataset.stance(target))
        return self.mentions if mentioned else self.stances


def count_dataset(dataset: Dataset, searches: Mapping[Label, Search]) -> Counts:
    """Count all that some setting of a search asks for, over units and pseudo-units."""
    return count_candidates(
        dataset, [c for search in searches.values() for c in search.list_candidates()]
    )


def count_candidates(dataset: Dataset, candidates: Sequence[Candidate]) -> Counts:
    """Count all that some candidates ask for, over units and pseudo-units."""
    return count_ngrams(
        dataset.all_texts,
        [candidate.features for candidate in candidates],
        mentions=dataset.all_mentions,
        n_units=len(dataset),
    )


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
    searches, design = settings.plan(dataset), settings.design
    ways, dropped = settings.list_splits(dataset)
    workers = workers.expect(expect_tasks(searches, ways, design, n_units=len(dataset)))
    counts = count_dataset(dataset, searches)
    folds, selected = select_jobs(counts, dataset, searches, design=design, workers=workers)
    splits = tuple(
        # Nest selection where articles are held out; elsewhere take what was chosen, and say so.
        cross_validate(
            counts,
            dataset,
            split,
            searches if split == "grouped" else selected.jobs,
            design=design,
            workers=workers,
        )
        for split in ways
    )
    found = dict(fit_jobs(counts, dataset, np.arange(len(dataset)), selected.jobs))
    fitted = [(job, found[job]) for job in selected.jobs]
    frames, stances = fit_heads_to(selected.scores, dataset, np.arange(len(dataset)), design)
    chosen = name_settings(selected.jobs)
    report = TrainingReport(
        signature=_sign(dataset, codebook, chosen, design=design, version=version),
        data=dataset.hash,
        settings=chosen,
        skipped=learnable.skipped,
        dropped=tuple(dropped),
        precision=design.precision,
        n_positive={head.id: head.n_positive for head in frames},
        unsolved=tuple(job.label or "frames" for job, scores in fitted if scores.unsolved),
        splits=splits,
        n_units=len(dataset),
        n_articles=len(dataset.articles),
        n_sources=count_sources(dataset),
        measurement=judge_instrument(dataset, selected.scores, frames, stances),
        domain=describe_domain(dataset, folds),
        scores=describe_scores(dataset, selected.scores, frames),
        texts=hash_texts(dataset),
        versions=_list_versions(version),
    )
    model = assemble_model(counts, fitted, n_units=len(dataset), codebook=codebook)
    whole = replace(model, frames=frames, stances=stances, training=report.to_dict())
    return seal_model(whole), report


def name_settings(jobs: Sequence[Job]) -> dict[str, str]:
    """Write the setting of each label as signatures do."""
    return {job.label or "frames": str(job.candidate) for job in jobs}


def _sign(
    dataset: Dataset,
    codebook: Codebook,
    chosen: Mapping[str, str],
    *,
    design: Design,
    version: str,
) -> str:
    return "|".join(
        [
            f"framing:{version}",
            f"codebook:{codebook.name}-{codebook.version}-{codebook.hash}",
            f"data:{dataset.hash}",
            *(f"{label}:{setting}" for label, setting in chosen.items()),
            f"folds:{design.n_folds}x{design.n_inner_folds}",
            f"searched:{design.most_searched}",
            f"optimise:{design.optimise}",
            f"precision:{design.precision:g}",
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
        "unicode": unicodedata.unidata_version,  # what decides where words end
        **{package: find_version(package) for package in packages},
    }
