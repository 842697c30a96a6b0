"""Coded units as arrays: texts, codes with their gaps, and the articles that splits respect."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framing.coding.scheme import Codebook
from framing.learning.priors import Prior, read_prior
from framing.schema import CodedUnit, InputError
from framing.text.duplicates import find_copies, number_clusters
from framing.text.fingerprints import hash_text

IntArray = NDArray[np.intp]
FloatArray = NDArray[np.float64]
Float32 = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

NOT_CODED = -1
_TEXTS_AN_ARTICLE = 3


@dataclass(frozen=True, slots=True)
class StanceColumn:
    """Codes of one target: ``codes`` (n,) index ``values``, or are -1 where a unit is not coded."""

    target: str
    values: tuple[str, ...]
    neutral: str | None
    codes: IntArray


@dataclass(frozen=True, slots=True)
class Dataset:
    """n coded units of A articles, F frames and T stance targets.

    Attributes
    ----------
    texts : tuple of str
    groups : array (n,)
        Article of each unit, 0 to A - 1.
    articles : tuple of str
        Ids of the A articles.
    clusters : array (n,)
        Units that copy each other share a number; no split has one on both of its sides.
    sources : tuple of str or None
        Source of each unit.
    mentions : tuple of str or None
        How each unit names the target that its stance is toward, where targets are pooled.
    frame_ids : tuple of str
    frames : array (n, F)
        1 present, 0 absent, NaN not coded.
    stances : tuple of StanceColumn
        T of them.
    prior : Prior
        q pseudo-units that the codebook gives; their rows follow the units', n to n + q - 1.
    hash : str
        First 12 hexadecimal digits of a SHA-256 over ids, articles, sources, texts and codes, in
        any order of rows.
    """

    texts: tuple[str, ...]
    groups: IntArray
    articles: tuple[str, ...]
    clusters: IntArray
    sources: tuple[str | None, ...]
    mentions: tuple[str | None, ...]
    frame_ids: tuple[str, ...]
    frames: FloatArray
    stances: tuple[StanceColumn, ...]
    prior: Prior
    hash: str

    def __len__(self) -> int:
        """Return the number of units."""
        return len(self.texts)

    @property
    def all_texts(self) -> tuple[str, ...]:
        """The texts of all rows: of units, then of pseudo-units."""
        return self.texts + self.prior.texts

    @property
    def all_mentions(self) -> tuple[str | None, ...]:
        """The mentions of all rows; pseudo-units are about nobody."""
        return self.mentions + (None,) * len(self.prior)

    @property
    def prior_rows(self) -> IntArray:
        """The rows (q,) of the pseudo-units."""
        return np.arange(len(self), len(self) + len(self.prior))

    @property
    def columns(self) -> int:
        """Number of score columns: one a frame, then one a value of each target."""
        return len(self.frame_ids) + sum(len(stance.values) for stance in self.stances)

    def stance(self, target: str) -> StanceColumn:
        """Return the codes of a target."""
        return next(stance for stance in self.stances if stance.target == target)

    def is_mentioned(self, stance: StanceColumn) -> bool:
        """Tell whether a target stands for whatever units mention: each coded one has a mention."""
        coded = np.flatnonzero(stance.codes != NOT_CODED)
        return len(coded) > 0 and all(self.mentions[row] is not None for row in coded)

    def stance_columns(self) -> list[tuple[StanceColumn, slice]]:
        """Pair each target with its score columns."""
        start, pairs = len(self.frame_ids), []
        for stance in self.stances:
            pairs.append((stance, slice(start, start + len(stance.values))))
            start += len(stance.values)
        return pairs


def build_dataset(units: Sequence[CodedUnit], codebook: Codebook) -> Dataset:
    """Lay out coded units as arrays, in the order of the codebook's frames and targets.

    Raises
    ------
    InputError
        If there are no units.
    """
    if not units:
        raise InputError("no coded unit to work with", fix="give data with codings")
    articles = {unit.paragraph.article: None for unit in units}
    numbers = {article: number for number, article in enumerate(articles)}
    texts = tuple(unit.paragraph.text for unit in units)
    return Dataset(
        texts=texts,
        groups=np.array([numbers[unit.paragraph.article] for unit in units], dtype=np.intp),
        articles=tuple(articles),
        clusters=number_clusters(len(units), find_copies(texts)),
        sources=tuple(unit.paragraph.source for unit in units),
        mentions=tuple(unit.paragraph.mention for unit in units),
        frame_ids=codebook.frame_ids,
        frames=_lay_out_frames(units, codebook.frame_ids),
        stances=tuple(_lay_out_stance(units, codebook, target) for target in codebook.target_ids),
        prior=read_prior(codebook),
        hash=hash_units(units),
    )


def hash_texts(dataset: Dataset) -> tuple[str, ...]:
    """Hash the longest texts of each article, three at most, for `find_known` to look for.

    What articles are called says little: a row without an article is named after its file.
    """
    longest = np.argsort([-len(text) for text in dataset.texts], kind="stable")
    taken: Counter[int] = Counter()
    hashes = set()
    for row in longest:
        group = int(dataset.groups[row])
        if taken[group] < _TEXTS_AN_ARTICLE:
            taken[group] += 1
            hashes.add(hash_text(dataset.texts[row]))
    return tuple(sorted(hashes))


def find_known(dataset: Dataset, hashes: Collection[str]) -> IntArray:
    """Find the articles of which some text is among those hashed: their numbers, sorted."""
    known = [hash_text(text) in hashes for text in dataset.texts]
    return np.unique(dataset.groups[np.array(known, dtype=np.bool_)])


def hash_units(units: Sequence[CodedUnit]) -> str:
    """Hash ids, articles, sources, texts and codes, whatever the order of the units."""
    lines = sorted(
        json.dumps(
            [
                unit.paragraph.id,
                unit.paragraph.article,
                unit.paragraph.source,
                unit.paragraph.text,
                *([unit.paragraph.mention] if unit.paragraph.mention else []),
                dict(sorted(unit.coding.frames.items())),
                dict(sorted(unit.coding.stance.items())),
            ]
        )
        for unit in units
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def _lay_out_frames(units: Sequence[CodedUnit], frame_ids: Sequence[str]) -> FloatArray:
    rows = [[unit.coding.frames.get(frame) for frame in frame_ids] for unit in units]
    return np.array(
        [[np.nan if code is None else float(code) for code in row] for row in rows]
    ).reshape(len(units), len(frame_ids))


def _lay_out_stance(units: Sequence[CodedUnit], codebook: Codebook, target: str) -> StanceColumn:
    values = codebook.values(target)
    numbers = {value: number for number, value in enumerate(values)}
    codes = [numbers.get(unit.coding.stance.get(target, ""), NOT_CODED) for unit in units]
    return StanceColumn(
        target, values, codebook.target(target).neutral, np.array(codes, dtype=np.intp)
    )
