"""The texts of predictions, read and parted into words once for all that looks at them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from framing.measuring.eligibility import name_articles, read_periods
from framing.measuring.predictions import map_cells, read_name
from framing.records.cells import parse_text
from framing.text.words import Words, index_words

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class UnitTexts:
    """Units that have a text and an article, and are no boilerplate: n of them.

    Attributes
    ----------
    texts : list of n str
    articles : list of n str
        As `framing.measuring.eligibility.name_articles` names them.
    sources, periods : lists of n str or None
    """

    texts: list[str]
    articles: list[str]
    sources: list[str | None]
    periods: list[str | None]

    @cached_property
    def words(self) -> Words:
        """The words of every unit."""
        return index_words(self.texts)

    def __len__(self) -> int:
        """Return the number of units."""
        return len(self.texts)


def read_texts(
    predictions: pd.DataFrame, *, by: str = "source", over: str | None = None
) -> UnitTexts:
    """Read the texts of predictions; of those without texts or articles there are none.

    Parameters
    ----------
    predictions : pandas.DataFrame
    by : str
        Column of the source.
    over : {"year", "quarter", "month"}, optional
        Width of a period; without it, or without dates, units are of none.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"article": ["a", "a"], "text": ["Tin rose.", None], "source": "Post"})
    >>> units = read_texts(table)
    >>> units.texts, units.articles, units.sources
    (['Tin rose.'], ['a'], ['Post'])
    """
    if not {"text", "article"} <= set(predictions.columns):
        return UnitTexts([], [], [], [])
    texts, articles = map_cells(predictions["text"], parse_text), name_articles(predictions)
    kinds = predictions["kind"].tolist() if "kind" in predictions else [None] * len(texts)
    nothing: list[str | None] = [None] * len(texts)
    sources = map_cells(predictions[by], read_name) if by in predictions else nothing
    periods = read_periods(predictions, over)[0] if "date" in predictions else nothing
    kept = [
        (text, article, source, period)
        for text, article, kind, source, period in zip(
            texts, articles, kinds, sources, periods, strict=True
        )
        if text and article and kind != "boilerplate"
    ]
    return UnitTexts(
        [text for text, _, _, _ in kept],
        [article for _, article, _, _ in kept],
        [source for _, _, source, _ in kept],
        [period for _, _, _, period in kept],
    )
