"""Why sides of a contrast differ: terms that set them apart, and paragraphs that show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.measuring.contrasts.terms import (
    Numbering,
    TermTable,
    pick_examples,
    separate_terms,
    tabulate_terms,
)
from framing.measuring.eligibility import CountableUnits
from framing.measuring.intervals import Codes
from framing.measuring.predictions import map_cells
from framing.records.cells import parse_text

if TYPE_CHECKING:
    import pandas as pd

TERMS = ("contrast", "side", "term", "z", "count_a", "count_b")
EXAMPLES = (*("contrast", "side", "id", "article", "source", "date", "probability", "text"),)

_MOST_CONTRASTS = 60
"""The clearest contrasts get reasons; a table of them all helps no one."""

_MOST_UNITS = 1500
"""Of one side, those that carry the label most."""

_MOST_TERMS, _MOST_EXAMPLES = 8, 2


def give_reasons(
    predictions: pd.DataFrame, units: CountableUnits, contrasts: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find terms and examples of the contrasts that stand.

    Parameters
    ----------
    predictions : pandas.DataFrame
        Without a column ``text`` there are no reasons.
    units : CountableUnits
    contrasts : pandas.DataFrame
        Of `framing.measuring.comparisontables`.

    Returns
    -------
    terms, examples : pandas.DataFrame
        Columns `TERMS` and `EXAMPLES`; ``contrast`` is the place of the contrast's row.
    """
    import pandas as pd

    terms: list[dict[str, Any]] = []
    examples: list[dict[str, Any]] = []
    if "text" in predictions and len(contrasts):
        finder = _Finder.build(predictions, units)
        standing = contrasts[contrasts["stands"].astype(bool)]
        standing = standing.sort_values(["kind", "p"], kind="stable")  # frames before stances
        for number, row in standing.head(_MOST_CONTRASTS).iterrows():
            sides = finder.find_sides(row)
            k = finder.names.index(row["label"])
            terms += [{"contrast": number, **found} for found in finder.list_terms(k, sides)]
            examples += [{"contrast": number, **found} for found in finder.quote(k, sides)]
    return pd.DataFrame(terms, columns=list(TERMS)), pd.DataFrame(examples, columns=list(EXAMPLES))


Sides = tuple[Codes, Codes]


@dataclass(frozen=True, slots=True, eq=False)
class _Finder:
    """Texts and what is known of them, n units each."""

    units: CountableUnits
    names: list[str]
    texts: list[str]
    ids: list[str]
    articles: list[str | None]
    dates: list[str | None]
    sources: Any
    periods: Any
    numbering: Numbering = field(default_factory=Numbering)

    @classmethod
    def build(cls, predictions: pd.DataFrame, units: CountableUnits) -> _Finder:
        kept = predictions.iloc[units.rows]
        dates: list[str | None] = [None] * len(kept)
        if "date" in kept:
            dates = map_cells(kept["date"], parse_text)
        return cls(
            units=units,
            names=[label.name for label in units.labels],
            texts=[text or "" for text in map_cells(kept["text"], parse_text)],
            ids=[name or "" for name in map_cells(kept["id"], parse_text)],
            articles=map_cells(kept["article"], parse_text),
            dates=dates,
            sources=np.array(units.sources, dtype=object),
            periods=np.array(units.periods, dtype=object),
        )

    def find_sides(self, row: pd.Series[Any]) -> Sides:
        """Find the units of both sides of a contrast."""
        own = np.ones(len(self.ids), np.bool_)
        if row["comparison"] == "source":
            first = self.sources == row["a"]
            second = ~first if _is_all(row["b"]) else self.sources == row["b"]
        else:
            own = own if _is_all(row["source"]) else self.sources == row["source"]
            first, second = self.periods == row["a"], self.periods == row["b"]
        return np.flatnonzero(own & first), np.flatnonzero(own & second)

    def list_terms(self, k: int, sides: Sides) -> Iterator[dict[str, Any]]:
        """List what sets the units apart that carry label k."""
        carried = [self._pick(k, side) for side in sides]
        places = np.concatenate(carried)
        if not all(len(side) for side in carried):
            return
        table = tabulate_terms([self.texts[at] for at in places], numbering=self.numbering)
        for side, found in zip(
            "ab", self._separate(table, k, places, len(carried[0])), strict=True
        ):
            for term in found:
                yield {
                    "side": side,
                    "term": term.term,
                    "z": term.z,
                    "count_a": term.count_a,
                    "count_b": term.count_b,
                }

    def _separate(self, table: TermTable, k: int, places: Codes, n_first: int) -> Sequence[Any]:
        weights = self.units.probabilities[places, k]
        articles = [self.units.articles[at] for at in places]
        halves = np.arange(n_first), np.arange(n_first, len(places))
        return separate_terms(table, weights, articles, halves, most=_MOST_TERMS)

    def _pick(self, k: int, side: Codes) -> Codes:
        """Pick the units decided to carry label k, the surest ones where they are too many."""
        carried: Codes = side[self.units.decisions[side, k]]
        if len(carried) <= _MOST_UNITS:
            return carried
        order = np.argsort(-self.units.probabilities[carried, k], kind="stable")
        return np.asarray(np.sort(carried[order[:_MOST_UNITS]]), np.intp)

    def quote(self, k: int, sides: Sides) -> Iterator[dict[str, Any]]:
        """Quote the most typical units of each side."""
        weights = self.units.probabilities[:, k]
        for name, side in zip("ab", sides, strict=True):
            picked = pick_examples(
                weights, self.units.articles, self.ids, self._pick(k, side), most=_MOST_EXAMPLES
            )
            for at in picked:
                yield {
                    "side": name,
                    "id": self.ids[at],
                    "article": self.articles[at],
                    "source": self.sources[at],
                    "date": self.dates[at],
                    "probability": float(weights[at]),
                    "text": self.texts[at],
                }


def _is_all(name: Any) -> bool:
    """Tell the cell that stands for all sources: pandas makes NaN of None."""
    return not isinstance(name, str)
