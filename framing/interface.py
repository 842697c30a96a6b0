"""What Python users call: load, train, read articles, gather codings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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

    from framing.learning.selection import Metric
    from framing.learning.splits import Split

__all__ = ["CodedData", "gather_coded", "load", "read_articles", "train"]


def load(path: PathLike | None = None) -> Model:
    """Read a model file; without a path, the model that comes with the package.

    Raises
    ------
    ModelFileError
        If the file is missing, damaged, foreign, or made by a newer version.
    """
    return load_model(path or find_model())


def train(  # noqa: PLR0913  as many options as the command has
    data: PathLike | Sequence[PathLike] | pd.DataFrame,
    codebook: PathLike | Codebook | None = None,
    *,
    optimise: Metric = "average-precision",
    precision: float = 0.9,
    splits: Sequence[Split] | None = None,
    resamples: int = 1000,
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
    optimise : {"macro-f1", "micro-f1", "average-precision"}
        What settings and thresholds are chosen for.
    precision : float
        Share of right ones, from 0.5 to below 1, that decisions not marked uncertain promise.
    splits : sequence of {"grouped", "random", "source"}, optional
        Ways of holding units out that are reported; all three if not given, none if empty.
    resamples : int
        Of the article bootstrap behind intervals.
    workers : int
        Processes; the result does not depend on their number.
    seed : int
    report : callable, optional
        Receives a Problem for each row that could not be used.

    Raises
    ------
    InputError
        If the data cannot be read, nothing can be learnt from it, or what is asked for is not to
        be had.
    """
    from framing.learning.crossfitting import Workers
    from framing.learning.design import Design
    from framing.learning.training import Settings
    from framing.learning.training import train as train_model

    design = Design(seed=seed, resamples=resamples, optimise=optimise, precision=precision)
    settings = Settings(design=design)
    if splits is not None:
        settings = replace(settings, splits=tuple(dict.fromkeys(splits)))
    coded = gather_coded(data, codebook=codebook, report=report)
    model, _ = train_model(
        coded.units,
        coded.codebook,
        settings=settings,
        workers=Workers(workers),
        version=VERSION,
    )
    return model
