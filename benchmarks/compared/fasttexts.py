"""fastText itself (Joulin et al., 2017), where the package ``fasttext`` is installed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from framing.learning.dataset import NOT_CODED, FloatArray, IntArray

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]")
_LABEL = "__label__"
_NOTHING = f"{_LABEL}none"
"""fastText passes over lines without a label, so units without a frame get this one."""


def find_fasttext() -> Any | None:
    """Import the package, which ``fasttext-wheel`` brings too; None where it is not installed."""
    try:
        return import_module("fasttext")
    except ImportError:
        return None


@dataclass(frozen=True, slots=True)
class FastText:
    """Words, word pairs and 3- to 5-grams of characters; settings are epochs and learning rate.

    Frames are learnt together, one against rest (loss ``ova``), from units coded for all of them;
    a stance by softmax. 10 dimensions as in the paper; what is averaged over long articles needs a
    high rate. One thread, so that a seed gives one result.
    """

    module: Any
    settings: Sequence[tuple[int, float]] = ((10, 0.5), (50, 1.0), (50, 5.0))
    dim: int = 10
    bucket: int = 200_000

    def prepare(self, train: list[str], test: list[str]) -> tuple[list[str], list[str]]:
        """Cut texts into lower-case words and marks, one text a line."""
        return [tokenize(text) for text in train], [tokenize(text) for text in test]

    def score(
        self,
        train: list[str],
        codes: IntArray,
        test: list[str],
        *,
        n_values: int,
        setting: tuple[int, float],
        seed: int,
    ) -> FloatArray:
        """Learn codes (n, Q) and return probabilities; of several frames, less a half."""
        together = codes.shape[1] > 1
        coded = np.flatnonzero((codes != NOT_CODED).all(axis=1))
        labels = [
            _name_frames(codes[row]) if together else f"{_LABEL}{codes[row, 0]}" for row in coded
        ]
        scores = np.zeros((len(test), codes.shape[1], n_values))
        if len(set(labels)) < 2:
            return scores
        lines = [f"{label} {train[row]}" for label, row in zip(labels, coded, strict=True)]
        model = self._train(lines, "ova" if together else "softmax", setting, seed)
        if together:
            scores[:, :, 1] = -0.5
        for row, text in enumerate(test):
            # The package's own predict() fails with NumPy 2.
            for share, label in model.f.predict(f"{text}\n", -1, 0.0, "strict"):
                if together and label != _NOTHING:
                    scores[row, int(label.removeprefix(_LABEL)), 1] = share - 0.5
                elif not together:
                    scores[row, 0, int(label.removeprefix(_LABEL))] = share
        return scores

    def _train(self, lines: list[str], loss: str, setting: tuple[int, float], seed: int) -> Any:
        epochs, rate = setting
        with TemporaryDirectory() as folder:
            path = Path(folder) / "train.txt"
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            return self.module.train_supervised(
                input=str(path),
                loss=loss,
                epoch=epochs,
                lr=rate,
                seed=seed,
                wordNgrams=2,
                minn=3,
                maxn=5,
                dim=self.dim,
                bucket=self.bucket,
                thread=1,
                verbose=0,
            )


def tokenize(text: str) -> str:
    r"""Write a text as words and marks between blanks; no word can be taken for a label.

    >>> tokenize("Up 5%,\nsays __label__x.")
    'up 5 % , says label x .'
    """
    return " ".join(_TOKEN.findall(text.lower()))


def _name_frames(codes: IntArray) -> str:
    """Name the frames that a unit has, by their numbers.

    >>> _name_frames(np.array([1, 0, 1])), _name_frames(np.array([0, 0]))
    ('__label__0 __label__2', '__label__none')
    """
    return " ".join(f"{_LABEL}{frame}" for frame in np.flatnonzero(codes)) or _NOTHING
