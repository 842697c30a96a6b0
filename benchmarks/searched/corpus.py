"""A coded corpus of any size, written by a model of the seeds' words.

An article takes the shape of one of the seeds', drawn with replacement: as many units, each as long
and with the same frames. Words, with the marks that stand at them, are drawn anew, one by one, by
what follows what in the seeds' units of that frame (a Markov chain of the first order a frame, and
one for units without any; where a unit has several frames, each step is that of one of them). So
prevalence, lengths, words and marks are the seeds', frames are told by the same words, and next to
no text is a copy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from framing.coding.scheme import Codebook, Frame
from framing.gathering import CodedData, gather_coded
from framing.learning.dataset import Dataset, build_dataset
from framing.schema import CodedUnit, Coding, Paragraph
from framing.shipped import find_shipped

_BEGIN = ""
_NO_FRAME = ""

Draw = Callable[[], float]
"""A number from 0 to less than 1."""

Followers = Mapping[str, Sequence[str]]
"""Each word to all that follow it, as often as they do; a text begins with what follows ''."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Frames of a unit and how many words it has."""

    frames: tuple[str, ...]
    length: int


@dataclass(frozen=True, slots=True)
class TextModel:
    """What follows what in units of each frame, and of none."""

    followers: Mapping[str, Followers]

    @classmethod
    def learn(cls, units: Iterable[CodedUnit]) -> TextModel:
        """Learn from coded units."""
        followers: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for unit in units:
            words = unit.paragraph.text.split()
            for frame in list_frames(unit) or (_NO_FRAME,):
                for before, word in pairwise([_BEGIN, *words]):
                    followers[frame][before].append(word)
        return cls({frame: dict(table) for frame, table in followers.items()})

    def write(self, shape: Shape, draw: Draw) -> str:
        """Write a text of one shape; where nothing is known to follow, it begins anew."""
        words, last = [], _BEGIN
        for _ in range(shape.length):
            table = self.followers[_pick(shape.frames or (_NO_FRAME,), draw)]
            last = _pick(table.get(last) or table[_BEGIN], draw)
            words.append(last)
        return " ".join(words)


def list_frames(unit: CodedUnit) -> tuple[str, ...]:
    """List the frames that a unit carries."""
    return tuple(frame for frame, code in unit.coding.frames.items() if code)


def _pick(items: Sequence[str], draw: Draw) -> str:
    return items[int(draw() * len(items))]


def build_corpus(n_units: int, *, seed: int, coded: CodedData | None = None) -> Dataset:
    """Write a corpus of `n_units`, with the frames of the seeds or of other coded data.

    It has no stances, and a codebook that names its frames and says nothing of them.
    """
    coded = coded or gather_coded(seeds=find_shipped("seeds"), labels=find_shipped("labels"))
    bare = tuple(Frame(frame.id, frame.name) for frame in coded.codebook.frames)
    codebook: Codebook = replace(coded.codebook, frames=bare, targets=())
    model, rng = TextModel.learn(coded.units), np.random.default_rng(seed)
    units = [
        _code(number, article, model.write(shape, rng.random), shape, codebook.frame_ids)
        for number, (article, shape) in enumerate(_draw_shapes(coded.units, n_units, rng))
    ]
    return build_dataset(units, codebook)


def _draw_shapes(
    units: Sequence[CodedUnit], n_units: int, rng: np.random.Generator
) -> Iterator[tuple[int, Shape]]:
    """Yield the number of the article and the shape of each unit; the last article may be cut."""
    articles: dict[str, list[Shape]] = defaultdict(list)
    for unit in units:
        shape = Shape(list_frames(unit), len(unit.paragraph.text.split()))
        articles[unit.paragraph.article].append(shape)
    drawn, article, shapes = 0, 0, list(articles.values())
    while True:
        for shape in shapes[rng.integers(len(shapes))]:
            if drawn == n_units:
                return
            yield article, shape
            drawn += 1
        article += 1


def _code(
    number: int, article: int, text: str, shape: Shape, frame_ids: Sequence[str]
) -> CodedUnit:
    paragraph = Paragraph(f"{article}:{number}", str(article), text, 0, len(text))
    codes = {frame: frame in shape.frames for frame in frame_ids}
    return CodedUnit(paragraph, Coding(paragraph.id, frames=codes))
