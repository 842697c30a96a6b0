"""Paragraphs by the million, written by what follows what in the seeds' units of each frame.

The model is that of `searched.corpus`, laid out in arrays, so that thousands of paragraphs are
written word by word at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from framing.gathering import gather_coded
from framing.schema import CodedUnit
from framing.shipped import find_shipped
from searched.corpus import TextModel, list_frames

Codes = NDArray[np.int64]

_BEGIN = ""
_NO_FRAME = ""
_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Chains:
    """What follows what, in C chains over W words: one chain a frame, the last for no frame.

    Attributes
    ----------
    words : tuple of W str
        The first is '', with which a text begins.
    frames : tuple of C - 1 str
    starts, degrees : array (C, W)
        A word is followed by one of ``followers[start:start + degree]``; where nothing follows,
        both are those of the beginning.
    followers : array
    shapes : array (n, C)
        For each of the n seed units, which chains write it.
    lengths : array (n,)
        Words of each.
    """

    words: tuple[str, ...]
    frames: tuple[str, ...]
    starts: Codes
    degrees: Codes
    followers: Codes
    shapes: NDArray[np.bool_]
    lengths: Codes


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Texts (n,) and the frames (n, F) that they were written with."""

    texts: pa.Array
    frames: NDArray[np.bool_]


def learn_chains(n_frames: int) -> Chains:
    """Learn from the seeds, for their most frequent frames."""
    coded = gather_coded(seeds=find_shipped("seeds"), labels=find_shipped("labels"))
    return lay_chains(coded.units, n_frames)


def lay_chains(units: Sequence[CodedUnit], n_frames: int) -> Chains:
    """Lay out what follows what in some units; frames but the `n_frames` most frequent are none."""
    counted = Counter(frame for unit in units for frame in list_frames(unit))
    frames = tuple(frame for frame, _ in counted.most_common(n_frames))
    model = TextModel.learn(units)
    tables = [model.followers.get(name, {}) for name in (*frames, _NO_FRAME)]
    words = tuple(dict.fromkeys(chain([_BEGIN], *(chain(t, *t.values()) for t in tables))))
    numbers = {word: number for number, word in enumerate(words)}
    degrees = np.zeros((len(tables), len(words)), np.int64)
    starts = np.zeros_like(degrees)
    parts: list[list[int]] = []
    place = 0
    for row, table in enumerate(tables):
        for before, after in table.items():
            starts[row, numbers[before]], degrees[row, numbers[before]] = place, len(after)
            parts.append([numbers[word] for word in after])
            place += len(after)
    dead = degrees == 0
    starts, degrees = (np.where(dead, table[:, :1], table) for table in (starts, degrees))
    shapes = np.array([[frame in list_frames(unit) for frame in frames] for unit in units])
    return Chains(
        words=words,
        frames=frames,
        starts=starts,
        degrees=degrees,
        followers=np.array(list(chain.from_iterable(parts)), np.int64),
        shapes=np.column_stack([shapes, ~shapes.any(axis=1)]),
        lengths=np.array([len(unit.paragraph.text.split()) for unit in units]),
    )


def draw_texts(
    chains: Chains, n_texts: int, *, n_words: float, rng: np.random.Generator
) -> Iterator[Drawn]:
    """Write texts of `n_words` on average, as unequally long as the seeds' units, in pieces."""
    words = pa.array(chains.words)
    for start in range(0, n_texts, _AT_ONCE):
        size = min(_AT_ONCE, n_texts - start)
        rows = rng.integers(len(chains.shapes), size=size)
        stretched = chains.lengths[rng.integers(len(chains.lengths), size=size)] * (
            n_words / chains.lengths.mean()
        )
        lengths = np.maximum(1, np.rint(stretched)).astype(np.int64)
        codes = _walk(chains, chains.shapes[rows], lengths, rng)
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        lists = pa.ListArray.from_arrays(pa.array(offsets), words.take(pa.array(codes)))
        yield Drawn(pc.binary_join(lists, " "), chains.shapes[rows, :-1])


def _walk(
    chains: Chains, shapes: NDArray[np.bool_], lengths: Codes, rng: np.random.Generator
) -> Codes:
    """Return the words of all texts, text after text; each step is one of a chain of the text."""
    n_chains, order = shapes.sum(axis=1), np.argsort(~shapes, axis=1, kind="stable")
    codes = np.zeros((len(shapes), int(lengths.max())), np.int32)
    last = np.zeros(len(shapes), np.int64)
    for step in range(codes.shape[1]):
        live = np.flatnonzero(lengths > step)
        chance = rng.random((2, len(live)))
        own = order[live, (chance[0] * n_chains[live]).astype(np.int64)]
        at = chains.starts[own, last[live]]
        last[live] = chains.followers[
            at + (chance[1] * chains.degrees[own, last[live]]).astype(np.int64)
        ]
        codes[live, step] = last[live]
    return np.asarray(codes[np.arange(codes.shape[1]) < lengths[:, None]], np.int64)
