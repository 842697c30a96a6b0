"""What Python users ask a model about, as units: texts, articles, paragraphs, or a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from framing.records.rows import Row
from framing.schema import Article, InputError, Paragraph, Problem
from framing.text.tablerows import build_units, require_texts

if TYPE_CHECKING:
    import pandas as pd

Item = str | Article | Paragraph
_TABLE = "DataFrame"


def list_units(items: Item | Iterable[Item] | pd.DataFrame) -> Iterator[Paragraph]:
    """Yield the units of some items: a text is one, an article is cut, a table has one a row.

    Parameters
    ----------
    items : str, Article, Paragraph, iterable of them, or DataFrame
        A table has a column ``text`` and may have ``id``, ``article``, ``source``, ``date``,
        ``title`` and ``target``.

    Raises
    ------
    InputError
        If an item is none of these, or a row has no text.

    Examples
    --------
    >>> [unit.id for unit in list_units(["Prices rose.", "They fell."])]
    ['text:1', 'text:2']
    """
    import pandas as pd

    if isinstance(items, pd.DataFrame):
        rows = require_texts(_list_rows(items), _TABLE)
        yield from build_units(rows, name=_TABLE, stem=_TABLE, report=_refuse_lost)
        return
    if isinstance(items, str | Article | Paragraph):
        items = [items]
    if isinstance(items, Mapping) or not isinstance(items, Iterable):
        raise _refuse(items)
    for number, item in enumerate(items, start=1):
        yield from _open_item(item, number)


def _list_rows(table: pd.DataFrame) -> list[Row]:
    names = [str(name) for name in table.columns]
    if "text" not in names:  # which is wrong of a table without rows, too
        return [Row(1, dict.fromkeys(names))]
    rows = zip(*(table.iloc[:, column] for column in range(len(names))), strict=True)
    return [Row(n, dict(zip(names, row, strict=True))) for n, row in enumerate(rows, start=1)]


def _open_item(item: Any, number: int) -> Iterator[Paragraph]:
    if isinstance(item, Paragraph):
        yield item
    elif isinstance(item, Article):
        from framing.text.cleaning import clean_article
        from framing.text.segmentation import segment

        yield from segment(clean_article(item))
    elif isinstance(item, str):
        yield Paragraph(f"text:{number}", f"text:{number}", item, 0, len(item))
    else:
        raise _refuse(item, where=f"item {number}")


def _refuse(item: object, *, where: str | None = None) -> InputError:
    return InputError(
        f"a {type(item).__name__} is not a text",
        where=where,
        fix="give texts, articles or paragraphs",
    )


def _refuse_lost(problem: Problem) -> None:
    """Refuse a row without text, which would leave fewer rows than were given."""
    if problem.lost:
        raise InputError(problem.reason, where=problem.where, fix="fill 'text', or drop the row")
