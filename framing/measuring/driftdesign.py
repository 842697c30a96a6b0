"""How drift is measured, and what is known besides the predictions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from framing.measuring.contrasts.sides import Plan
from framing.measuring.periods import check_over
from framing.measuring.prevalence.doubts import Doubt
from framing.measuring.prevalence.gold import UnitKey
from framing.measuring.prevalence.instrument import Instrument
from framing.schema import CodedUnit, MismatchError


@dataclass(frozen=True, slots=True)
class Design:
    """How drift is measured.

    Attributes
    ----------
    by : str
        Column that names the source.
    over : {"year", "quarter", "month"} or None
        Width of a period.
    against : str or None
        Source that each other one is compared with.
    census : bool
        The articles are all that there are: nothing is left to their sampling.
    naive : bool
        Give shares of units decided, too: biased, for comparison only.
    plan : Plan
        Level, margin, resamples, permutations and seed of comparisons.
    """

    by: str = "source"
    over: str | None = None
    against: str | None = None
    census: bool = False
    naive: bool = False
    plan: Plan = field(default_factory=Plan)

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises
        ------
        InputError
            If `over` is no width of a period.
        """
        if self.over is not None:
            check_over(self.over)


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """What is known besides the predictions.

    Attributes
    ----------
    instrument : Instrument or None
        Of the model that made them; without it calibration is taken to be exact.
    gold : sequence of CodedUnit
        Hand codings of some of the units.
    weights : mapping of UnitKey to float
        Coded unit to one over its chance to be drawn.
    doubts : mapping of str to Doubt
        Sources whose texts are foreign to the model.
    copies : mapping of str to str
        Article to the name that it shares with its near-copies.
    trained : collection of str
        Articles that the model learnt from.
    notes : sequence of str
        What else the report is to say.
    """

    instrument: Instrument | None = None
    gold: Sequence[CodedUnit] = ()
    weights: Mapping[UnitKey, float] = field(default_factory=dict)
    doubts: Mapping[str, Doubt] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)
    trained: Collection[str] = ()
    notes: Sequence[str] = ()

    def check_model(self, model: str) -> None:
        """Refuse predictions of another model than the instrument is.

        Raises
        ------
        MismatchError
            Naming both.
        """
        if self.instrument and self.instrument.model != model:
            raise MismatchError(
                f"the predictions are of model {model}, this one is {self.instrument.model}",
                fix="give --model the file that made them",
            )
