"""What Python users call: load, train, read articles, gather codings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from framing.coding.scheme import Codebook
from framing.gathering import CodedData, PathLike, gather_coded
from framing.schema import ProblemSink
from framing.scoring.model import Model
from framing.scoring.modelfile import load_model
from framing.shipped import find_model
from framing.text.reading import read_articles
from framing.version import VERSION

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CodedData", "gather_coded", "load", "read_articles", "train"]


def load(path: PathLike | None = None) -> Model:
    """Read a model file; without a path, the model that comes with the package.

    Raises
    ------
    ModelFileError
        If the file is missing, damaged, foreign, or made by a newer version.
    """
    return load_model(path or find_model())


def train(
    data: PathLike | Sequence[PathLike] | pd.DataFrame,
    codebook: PathLike | Codebook | None = None,
    *,
    workers: int = 1,
    seed: int = 0,
    report: ProblemSink | None = None,
) -> Model:
    """Train a model on coded data; what it chose and how it did is in ``model.training``.

    Parameters
    ----------
    data : path, sequence of paths, or DataFrame
        One row a unit, with the columns of coded data (see ``docs/formats.md``).
    codebook : path or Codebook, optional
        Without it, frames and stance values are those that occur in the data.
    workers : int
        Processes; the result does not depend on their number.
    seed : int
    report : callable, optional
        Receives a Problem for each row that could not be used.

    Raises
    ------
    InputError
        If the data cannot be read, or nothing can be learnt from it.
    """
    from framing.learning.crossfitting import Workers
    from framing.learning.design import Design
    from framing.learning.training import Settings
    from framing.learning.training import train as train_model

    coded = gather_coded(data, codebook=codebook, report=report)
    settings = Settings(design=Design(seed=seed))
    model, _ = train_model(
        coded.units,
        coded.codebook,
        settings=settings,
        workers=Workers(workers),
        version=VERSION,
    )
    return model
