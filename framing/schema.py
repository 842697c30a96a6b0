"""The nouns that every floor shares, and the errors that reach a user (standard library only)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from framing.description import Described as Described  # noqa: PLC0414  others find it here
from framing.description import describe as describe  # noqa: PLC0414

UnitKind = Literal["headline", "bullet", "paragraph", "boilerplate"]
"""What a unit is; ``boilerplate`` is kept and marked, never scored or counted."""


class FramingError(Exception):
    """Something that the user can mend; the command line prints it as one line and exits with 1.

    ::

        FramingError
        ├── InputError           a file, row or value cannot be used
        │   ├── CodebookError    the codebook file is not valid
        │   ├── CodingError      codings do not fit the codebook or the units
        │   └── ModelFileError   a model file is damaged, foreign or too new
        ├── OutputError          a result cannot be written
        └── MismatchError        things that must agree do not (two models, two codebooks)

    Parameters
    ----------
    what : str
        What is wrong, without a closing full stop.
    where : str, optional
        File, row or line.
    fix : str, optional
        What to do about it.

    Examples
    --------
    >>> str(InputError("no column 'text'", where="news.csv", fix="name the column 'text'"))
    "news.csv: no column 'text'; name the column 'text'"
    """

    def __init__(self, what: str, *, where: str | None = None, fix: str | None = None) -> None:
        super().__init__(what, where, fix)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        """Where, what is wrong, and what to do, in one line."""
        place = f"{self.where}: " if self.where else ""
        remedy = f"; {self.fix}" if self.fix else ""
        return f"{place}{self.what}{remedy}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Survive the way back from a worker process."""
        return _rebuild_error, (type(self), self.what, self.where, self.fix)


def _rebuild_error(
    kind: type[FramingError], what: str, where: str | None, fix: str | None
) -> FramingError:
    return kind(what, where=where, fix=fix)


class InputError(FramingError):
    """A file, row or value cannot be used."""


class CodebookError(InputError):
    """The codebook file is not valid."""


class CodingError(InputError):
    """Codings do not fit the codebook or the units they name."""


class ModelFileError(InputError):
    """A model file is damaged, foreign or too new."""


class OutputError(FramingError):
    """A result cannot be written."""


class MismatchError(FramingError):
    """Things that must agree do not."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A flaw in one piece of input that did not stop the batch.

    Attributes
    ----------
    where : str
        File and row, as a person would look for it.
    reason : str
        What is wrong with it.
    content : str
        The beginning of the piece, for finding it again.
    lost : bool
        True if the piece was left out, False if it was kept without the flawed value.
    """

    where: str
    reason: str
    content: str = ""
    lost: bool = True


ProblemSink = Callable[[Problem], None]
"""Receives every problem as it is met."""


@dataclass(frozen=True, slots=True)
class Article:
    """A text and what is known about it.

    Attributes
    ----------
    id : str
        Stable across runs: ``folder/stem`` of a file, the ``article`` or ``id`` of a row.
    text : str
        Blocks separated by blank lines; ``# `` opens a headline and ``- `` a bullet.
    title, source, date : str or None
        Date is ISO 8601, possibly partial (``2025``, ``2025-04``).
    kind : str or None
        Genre, as its front matter or column says.
    origin : str
        Where it was read, for messages.
    """

    id: str
    text: str
    title: str | None = None
    source: str | None = None
    date: str | None = None
    kind: str | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A coding unit: a stretch of an article's cleaned text.

    Attributes
    ----------
    id : str
        ``article:hash`` of the text; survives re-runs, changes when the text does.
    article : str
        Id of the article, the group that splits and intervals respect.
    text : str
        Equal to ``article.text[start:end]``.
    start, end : int
        Character offsets into the cleaned article.
    kind : UnitKind
    title, source, date : str or None
        The article's, so that a unit can travel alone.
    mention : str or None
        How the text names the one target that a stance is asked for, where it may name several.
    """

    id: str
    article: str
    text: str
    start: int
    end: int
    kind: UnitKind = "paragraph"
    title: str | None = None
    source: str | None = None
    date: str | None = None
    mention: str | None = None


@dataclass(frozen=True, slots=True)
class Coding:
    """What one coder said about one unit.

    Attributes
    ----------
    unit : str
        Id of the paragraph.
    coder : str
    frames : mapping of str to bool
        Frame id to present or absent; a frame that is missing was not coded.
    stance : mapping of str to str
        Target id to value; a target that is missing was not coded.
    """

    unit: str
    coder: str = ""
    frames: Mapping[str, bool] = field(default_factory=dict)
    stance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CodedUnit:
    """A paragraph together with its coding: one example to learn from or to judge by."""

    paragraph: Paragraph
    coding: Coding


@dataclass(frozen=True, slots=True)
class Evidence:
    """A term that spoke for a label.

    Attributes
    ----------
    label : str
        Frame id, or ``target=value`` for a stance.
    term : str
        As it stands in the text.
    weight : float
        Its share of the label's log-odds.
    start, end : int
        Character offsets into the unit's text.
    """

    label: str
    term: str
    weight: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class StancePrediction:
    """The value predicted for one target, and the probability of each value (they sum to 1)."""

    value: str
    probabilities: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model says about one unit; boilerplate is not scored and carries ``None``.

    Attributes
    ----------
    paragraph : Paragraph
    frames : tuple of str or None
        Frames whose calibrated probability reaches their threshold.
    probabilities : mapping of str to float, or None
        Calibrated, 0-1, one a frame.
    stance : mapping of str to StancePrediction, or None
        One a target.
    evidence : tuple of Evidence
    model, codebook : str
        Content hashes of what made it.
    uncertain : tuple of str or None
        Frames of which neither presence nor absence keeps the precision that training promised;
        None too where a model promises nothing.
    """

    paragraph: Paragraph
    frames: tuple[str, ...] | None
    probabilities: Mapping[str, float] | None
    stance: Mapping[str, StancePrediction] | None
    evidence: tuple[Evidence, ...]
    model: str
    codebook: str
    uncertain: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its uncertainty.

    Attributes
    ----------
    value, low, high : float
        Point and interval; NaN where nothing can be said.
    n_units, n_articles : int
        What it rests on.
    method : str
        Name of the estimator or of the interval.
    level : float
        Nominal coverage of the interval.
    """

    value: float
    low: float
    high: float
    n_units: int
    n_articles: int
    method: str
    level: float = 0.95
