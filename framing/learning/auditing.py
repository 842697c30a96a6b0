"""The audit of coded data: what is there, and where it misleads whoever learns from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from framing.coding.scheme import Codebook
from framing.coding.tallies import Tally, tally_codes
from framing.learning.counting import Counts
from framing.learning.crossfitting import Job, Workers
from framing.learning.crossvalidation import expect_tasks, judge_scores, select_jobs
from framing.learning.curves import SHARES, LearningCurve, draw_curves
from framing.learning.dataset import Dataset, IntArray, build_dataset
from framing.learning.design import Design
from framing.learning.disputes import Dispute, find_disputes
from framing.learning.rarity import Skipped, leave_out_rare
from framing.learning.searching import Selected
from framing.learning.sourcecues import MaskingLoss, SourceCue, find_source_cues, measure_masking
from framing.learning.training import Settings, count_dataset, name_settings
from framing.schema import CodedUnit, Coding, Described, InputError, Paragraph
from framing.text.duplicates import find_copies, number_clusters, resemble

Part = Literal["counts", "disputes", "copies", "cues", "curves"]
PARTS: tuple[Part, ...] = ("counts", "disputes", "copies", "cues", "curves")
_LEARNT: frozenset[Part] = frozenset({"disputes", "cues", "curves"})


@dataclass(frozen=True, slots=True)
class DisputedCode:
    """A code that the model disputes, with its unit."""

    unit: Paragraph
    label: str
    code: str
    other: str
    probability: float


@dataclass(frozen=True, slots=True)
class CopiedUnit:
    """Two units of different articles that copy each other.

    `same` if no label that both are coded for is coded differently.
    """

    first: Paragraph
    second: Paragraph
    resemblance: float
    same: bool


@dataclass(frozen=True, slots=True)
class AuditReport(Described):
    """What an audit found; a part that was not asked for is None.

    Attributes
    ----------
    tally : Tally
    skipped : tuple of Skipped
        Labels too rare to learn, which the other parts leave out.
    settings : mapping of str to str
        ``frames`` or a target, to the setting that the learnt parts used.
    disputes : tuple of DisputedCode, or None
        The least probable code first.
    n_codes : mapping of str to int
        Units coded a label, that disputes are a share of.
    copies : tuple of CopiedUnit, or None
    cues : tuple of SourceCue, or None
    losses : tuple of MaskingLoss, or None
    curves : tuple of LearningCurve, or None
    seed : int
    """

    tally: Tally
    skipped: tuple[Skipped, ...]
    settings: dict[str, str]
    disputes: tuple[DisputedCode, ...] | None
    n_codes: dict[str, int]
    copies: tuple[CopiedUnit, ...] | None
    cues: tuple[SourceCue, ...] | None
    losses: tuple[MaskingLoss, ...] | None
    curves: tuple[LearningCurve, ...] | None
    seed: int


def audit(
    units: Sequence[CodedUnit],
    codebook: Codebook,
    *,
    parts: Sequence[Part] = PARTS,
    settings: Settings | None = None,
    workers: Workers | None = None,
) -> AuditReport:
    """Audit coded units.

    Parameters
    ----------
    units : sequence of CodedUnit
        One coding a unit.
    codebook : Codebook
    parts : sequence of {"counts", "disputes", "copies", "cues", "curves"}
    settings : Settings, optional
        Candidates and design; its ways of splitting are not used.
    workers : Workers, optional

    Raises
    ------
    InputError
        If nothing can be learnt from the units and a part asks for it.
    """
    settings, workers = settings or Settings(), workers or Workers()
    tally = tally_codes(units, codebook)
    copies = _pair_copies(units) if "copies" in parts else None
    if not _LEARNT & set(parts):
        return AuditReport(tally, (), {}, None, {}, copies, None, None, None, settings.design.seed)
    learnable = leave_out_rare(units, codebook)
    dataset = build_dataset(learnable.units, learnable.codebook)
    if len(dataset.articles) < 2:
        raise InputError(
            "all coded units are of one article, so none can be held out",
            fix="code at least two articles, or ask for --only counts,copies",
        )
    searches = settings.plan(dataset)
    expected = expect_tasks(searches, (), settings.design, n_units=len(dataset))
    workers = workers.expect(expected + _count_tasks(parts, settings.design))
    counts = count_dataset(dataset, searches)
    folds, selected = select_jobs(
        counts, dataset, searches, design=settings.design, workers=workers
    )
    study = _Study(counts, dataset, folds, selected, learnable.units, settings, workers)
    cues = study.find_cues() if "cues" in parts else None
    return AuditReport(
        tally=tally,
        skipped=learnable.skipped,
        settings=name_settings(selected.jobs),
        disputes=study.dispute() if "disputes" in parts else None,
        n_codes=study.count_codes(),
        copies=copies,
        cues=cues,
        losses=study.mask(cues) if cues is not None else None,
        curves=study.draw_curves() if "curves" in parts else None,
        seed=settings.design.seed,
    )


def _count_tasks(parts: Sequence[Part], design: Design) -> int:
    """Count what is trained beyond the search: twice a fold for cues, once a point of curves."""
    masked, traced = (design.n_folds * (part in parts) for part in ("cues", "curves"))
    return 2 * masked + len(SHARES) * traced


@dataclass(frozen=True, slots=True, eq=False)
class _Study:
    """The units laid out, and the settings that the learnt parts share."""

    counts: Counts
    dataset: Dataset
    folds: IntArray
    selected: Selected
    units: Sequence[CodedUnit]
    settings: Settings
    workers: Workers

    @property
    def _frame_jobs(self) -> list[Job]:
        """The setting of the frames; none where there are none."""
        return [job for job in self.selected.jobs if job.label is None]

    def dispute(self) -> tuple[DisputedCode, ...]:
        judged = judge_scores(self.dataset, self.folds, self.selected.scores, self.settings.design)
        return tuple(self._name(dispute) for dispute in find_disputes(self.dataset, judged))

    def _name(self, dispute: Dispute) -> DisputedCode:
        return DisputedCode(
            self.units[dispute.row].paragraph,
            dispute.label,
            dispute.code,
            dispute.other,
            dispute.probability,
        )

    def count_codes(self) -> dict[str, int]:
        coded = (~np.isnan(self.dataset.frames)).sum(axis=0)
        return {
            **dict(zip(self.dataset.frame_ids, map(int, coded), strict=True)),
            **{s.target: int((s.codes >= 0).sum()) for s in self.dataset.stances},
        }

    def find_cues(self) -> tuple[SourceCue, ...]:
        return tuple(
            cue
            for job in self._frame_jobs
            for cue in find_source_cues(self.counts, self.dataset, job)
        )

    def mask(self, cues: Sequence[SourceCue]) -> tuple[MaskingLoss, ...]:
        return tuple(
            loss
            for job in self._frame_jobs
            for loss in measure_masking(
                self.counts,
                self.dataset,
                job,
                cues,
                design=self.settings.design,
                workers=self.workers,
            )
        )

    def draw_curves(self) -> tuple[LearningCurve, ...]:
        return tuple(
            curve
            for job in self._frame_jobs
            for curve in draw_curves(
                self.counts,
                self.dataset,
                job,
                design=self.settings.design,
                workers=self.workers,
            )
        )


def _pair_copies(units: Sequence[CodedUnit]) -> tuple[CopiedUnit, ...]:
    """Pair each unit with the first of its cluster that stands in another article."""
    texts = [unit.paragraph.text for unit in units]
    members: dict[int, list[int]] = {}
    for place, cluster in enumerate(number_clusters(len(units), find_copies(texts))):
        members.setdefault(int(cluster), []).append(place)
    pairs = []
    for places in members.values():
        for place in places[1:]:
            article = units[place].paragraph.article
            other = next((p for p in places if units[p].paragraph.article != article), place)
            if other < place:
                pairs.append((other, place))
    return tuple(
        CopiedUnit(
            units[first].paragraph,
            units[second].paragraph,
            resemble(texts[first], texts[second]),
            _agree(units[first].coding, units[second].coding),
        )
        for first, second in sorted(pairs)
    )


def _agree(first: Coding, second: Coding) -> bool:
    """Tell whether two units hold the same codes wherever both are coded."""
    return all(
        ours[label] == theirs[label]
        for ours, theirs in ((first.frames, second.frames), (first.stance, second.stance))
        for label in set(ours) & set(theirs)
    )
