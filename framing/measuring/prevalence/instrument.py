"""What is known of a model as a measuring instrument: how sure its calibration is, what it misses.

A model's training knows these of its own out-of-fold scores; estimates of shares need them where
no hand codings speak. K labels: frames, and values of stances as ``target=value``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelQuality:
    """How well one label is measured, from scores of units that training held out.

    Attributes
    ----------
    covariance : (float, float, float)
        Variance of the calibration's offset, covariance of offset and slope, variance of the
        slope, on the log-odds of the calibrated probability; articles are clusters.
    sensitivity : float
        Share of the units with the label that are decided to have it.
    false_alarms : float
        Share of the units without the label that are decided to have it.
    prior : float
        Share of the training units that have it.
    n_units, n_positive, n_articles : int
    """

    covariance: tuple[float, float, float]
    sensitivity: float
    false_alarms: float
    prior: float
    n_units: int
    n_positive: int
    n_articles: int


@dataclass(frozen=True, slots=True)
class Instrument:
    """A model's quality, label by label.

    Attributes
    ----------
    model : str
        Content hash of the model that made the predictions.
    labels : mapping of str to LabelQuality
        A label that is missing is taken to be calibrated without error, and estimates say so.
    """

    model: str
    labels: Mapping[str, LabelQuality]
