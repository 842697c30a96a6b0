"""An article in its setting, for Python users and the command line: `compare_article`."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from framing.measuring.cards.card import ArticleCard
from framing.measuring.cards.cardmaking import make_card
from framing.records.cells import parse_date, parse_text
from framing.records.tables import find_format
from framing.schema import Article, InputError, MismatchError, ProblemSink
from framing.scoring.model import Model
from framing.scoring.modelfile import load_model
from framing.shipped import find_model
from framing.text.reading import read_articles

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["compare_article"]

_STDIN = "-"


def compare_article(
    article: str | Path | Article,
    against: pd.DataFrame,
    *,
    model: Model | str | Path | None = None,
    date: str | None = None,
    stdin: BinaryIO | None = None,
    report: ProblemSink | None = None,
    **options: Any,
) -> ArticleCard:
    """Say which frames an article stresses and leaves out, against others on the same matter.

    Parameters
    ----------
    article : str, Path or Article
        A file, ``-`` for standard input, or the id of an article among the predictions.
    against : pandas.DataFrame
        Output of ``framing predict``.
    model : Model or path, optional
        The one that made the predictions; the shipped one if not given. Not needed for an article
        among the predictions.
    date : str, optional
        Of a text that does not say when it came out.
    stdin : binary stream, optional
    report : callable, optional
        Receives a Problem for each flaw of the article.
    **options
        As for `framing.measuring.cards.cardmaking.make_card`: ``frames``, ``within``, ``own``,
        ``level``, ``resamples``, ``seed``.

    Raises
    ------
    InputError
        If there is no such article, it holds no text, or as `make_card`.
    MismatchError
        If the model is not the one that made the predictions.
    """
    if isinstance(article, Article):
        units = _predict(article, against, model=model, date=date)
    elif str(article) == _STDIN or Path(article).exists():
        found = _read_one(article, stdin=stdin, report=report)
        units = _predict(found, against, model=model, date=date)
    else:
        units = _find_units(str(article), against)
    return make_card(units, against, **options)


def _read_one(path: str | Path, *, stdin: BinaryIO | None, report: ProblemSink | None) -> Article:
    if find_format(Path(path)) is not None:
        raise InputError(
            "a table, not an article", where=str(path), fix="name a text, or an article's id"
        )
    found = list(islice(read_articles(path, stdin=stdin, report=report), 2))
    if not found:
        raise InputError("no text in it", where=str(path), fix="give an article with a text")
    if len(found) > 1:
        raise InputError("more than one article", where=str(path), fix="name one file")
    return found[0]


def _predict(
    article: Article,
    against: pd.DataFrame,
    *,
    model: Model | str | Path | None,
    date: str | None,
) -> pd.DataFrame:
    loaded = model if isinstance(model, Model) else load_model(model or find_model())
    _check_model(loaded, against)
    units = loaded.predict([replace(article, date=_read_date(date) or article.date)])
    if not (units["kind"] != "boilerplate").any():
        raise InputError(
            "no unit to compare: nothing is left beside boilerplate",
            where=article.origin or article.id,
            fix="give an article with a text",
        )
    return units


def _read_date(date: str | None) -> str | None:
    try:
        return parse_date(date)
    except ValueError as error:
        raise InputError(str(error), where="date") from error


def _check_model(model: Model, against: pd.DataFrame) -> None:
    """Refuse a model that did not make the predictions, before anything is compared."""
    made_by = {parse_text(name) for name in against["model"].tolist()} if len(against) else set()
    others = sorted(name for name in made_by if name and name != model.hash)
    if others:
        raise MismatchError(
            f"the predictions were made by model {others[0]}, the article would be by {model.hash}",
            fix=f"name the file of {others[0]} with --model, or predict them again",
        )


def _find_units(name: str, against: pd.DataFrame) -> pd.DataFrame:
    names = against["article"].astype(object) if "article" in against.columns else None
    units = against[names == name] if names is not None else against[:0]
    if len(units):
        return units
    known = [] if names is None else [str(n) for n in dict.fromkeys(names.dropna())]
    near = get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}?" if near else "check the path"
    raise InputError("neither a file nor an article of the predictions", where=name, fix=hint)
