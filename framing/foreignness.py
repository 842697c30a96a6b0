"""What of the predictions is foreign to the model that made them, and what it knows too well."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framing.measuring.eligibility import mark_article, name_articles, read_name, read_periods
from framing.measuring.intervals import Codes, index_articles
from framing.measuring.predictions import map_cells
from framing.measuring.prevalence.doubts import Doubt
from framing.measuring.prevalence.mixtures import FEWEST_ARTICLES, measure_misfit
from framing.measuring.spellings import fold_name, unify_spellings
from framing.records.cells import parse_text
from framing.schema import CodedUnit
from framing.scoring.domains import (
    Domain,
    list_words,
    measure_unseen,
    read_domain,
    read_score_laws,
)
from framing.scoring.model import Model
from framing.text.fingerprints import hash_text

if TYPE_CHECKING:
    import pandas as pd

    from framing.learning.domains import Texts

_MOST_ARTICLES = 100
"""Of each source, drawn at random."""

_FEWEST_ARTICLES = 10
"""Of a source in a period: half of fewer may lack many words by chance."""

_CLEARLY = 0.9
_FURTHER = 0.02


def find_doubts(
    predictions: pd.DataFrame,
    *,
    by: str,
    over: str | None = None,
    model: Model,
    reference: Sequence[CodedUnit] = (),
    seed: int = 0,
) -> dict[str, Doubt]:
    """Find the sources whose texts the model was not made for.

    A source is refused if half of its articles lack the model's words more than 99% of the training
    articles do (each held against the others), and widened if more than 90%; widened, too, if a
    classifier tells it from the reference clearly better than it tells training's own sources.

    Parameters
    ----------
    predictions : pandas.DataFrame
        Without texts or sources there is nothing to find; boilerplate is passed over. The order of
        rows does not matter.
    by : str
        Column of the source.
    over : {"year", "quarter", "month"}, optional
        A source is widened, too, if it lacks that many of the model's words in a period of ten
        articles or more: it may have become foreign.
    model : Model
    reference : sequence of CodedUnit
        What the model was trained on, if it is at hand.
    seed : int
    """
    if not {"text", "article", by} <= set(predictions.columns):
        return {}
    sources = _gather_texts(read_units(predictions, by))
    doubts: dict[str, Doubt] = {}
    domain = read_domain(model)
    if domain:
        familiar = _Familiar(list_words(model), domain, seed)
        doubts |= dict(_doubt_words(sources, familiar))
        if over and "date" in predictions:
            doubts = dict(_doubt_periods(predictions, by, over, familiar, sources)) | doubts
    if reference:
        doubts = dict(_doubt_likeness(sources, reference, seed)) | doubts
    return doubts


def find_misfits(
    predictions: pd.DataFrame, *, by: str, model: Model, trained: Collection[str] = ()
) -> dict[str, Doubt]:
    """Find the sources whose scores lie as no mix of training's with and without the frames does.

    Such a source is widened. One with fewer than five articles is not judged, nor is any where the
    model does not say how its scores lie; articles that it learnt from, `trained`, are passed over.

    Parameters
    ----------
    predictions : pandas.DataFrame
    by : str
        Column of the source.
    model : Model
    trained : collection of str
        Of `find_trained`.
    """
    import pandas as pd

    laws = read_score_laws(model)
    columns = [f"p:{frame}" for frame in laws.frames] if laws else []
    if laws is None or not {by, "article", *columns} <= set(predictions.columns):
        return {}
    numbers = predictions[columns].apply(pd.to_numeric, errors="coerce")
    chances = numbers.to_numpy(np.float64, na_value=np.nan)
    doubts: dict[str, Doubt] = {}
    for name, (rows, articles) in sorted(_list_rows(predictions, by, trained).items()):
        misfit = measure_misfit(chances[rows], articles, list(laws.frames.values()))
        if misfit > laws.usual:
            doubts[name] = Doubt(
                "widened",
                "no mix of units with and without the frames gives its scores (apart by "
                f"{misfit:.2f}, {laws.usual:.2f} at most in nearly all of training's sources)",
            )
    return doubts


def _list_rows(
    predictions: pd.DataFrame, by: str, trained: Collection[str]
) -> dict[str, tuple[Codes, Codes]]:
    """List the rows of each source with articles enough, and the number of each one's article."""
    articles, sources = name_articles(predictions), map_cells(predictions[by], read_name)
    kinds = predictions["kind"].tolist() if "kind" in predictions else [None] * len(sources)
    shown = unify_spellings([source for source in sources if source]).shown
    found: dict[str, list[int]] = {}
    for row, (article, source, kind) in enumerate(zip(articles, sources, kinds, strict=True)):
        if article and source and kind != "boilerplate" and mark_article(article) not in trained:
            found.setdefault(shown[source], []).append(row)
    numbered = {
        name: (np.array(rows), *index_articles(articles[row] for row in rows))
        for name, rows in found.items()
    }
    return {
        name: (rows, codes)
        for name, (rows, codes, n_articles) in numbered.items()
        if n_articles >= FEWEST_ARTICLES
    }


def find_trained(predictions: pd.DataFrame, model: Model) -> frozenset[str]:
    """Find the articles, named as units name them, of which the model learnt a text.

    Its probabilities of these are too sure. A model that keeps no hashes of its texts knows none.
    """
    hashes = model.training.get("texts")
    if not isinstance(hashes, list | tuple) or not {"text", "article"} <= set(predictions.columns):
        return frozenset()
    known = {item for item in hashes if isinstance(item, str)}
    return frozenset(
        str(mark_article(article))
        for article, text, _ in read_units(predictions, "article")
        if hash_text(text) in known
    )


def read_units(predictions: pd.DataFrame, by: str) -> Iterator[tuple[str, str, str]]:
    """Yield article, text and source of each unit that is no boilerplate and has all three."""
    articles, texts = name_articles(predictions), map_cells(predictions["text"], parse_text)
    kinds = predictions["kind"].tolist() if "kind" in predictions else [None] * len(texts)
    sources = map_cells(predictions[by], read_name)
    for article, text, kind, source in zip(articles, texts, kinds, sources, strict=True):
        if article and text and source and kind != "boilerplate":
            yield article, text, source


def _gather_texts(units: Iterable[tuple[str, str, str]]) -> dict[str, Texts]:
    """Gather the texts of each source, under the name that it will be shown by, in an order."""
    from framing.learning.domains import Texts

    ordered = sorted(units)
    shown = unify_spellings([source for _, _, source in ordered]).shown
    gathered: dict[str, Texts] = {}
    for article, text, source in ordered:
        own = gathered.setdefault(shown[source], Texts([], []))
        own.texts.append(text)
        own.articles.append(article)
    return gathered


@dataclass(frozen=True, slots=True)
class _Familiar:
    """What the model knows of words, and the seed by which articles are drawn."""

    words: frozenset[str]
    domain: Domain
    seed: int


def _doubt_words(sources: Mapping[str, Texts], familiar: _Familiar) -> Iterator[tuple[str, Doubt]]:
    domain = familiar.domain
    for name, own in sorted(sources.items()):
        unseen = measure_unseen(
            familiar.words, _draw_articles(own, np.random.default_rng(familiar.seed))
        )
        if np.isnan(unseen).all():
            continue
        middle = float(np.nanmedian(unseen))
        said = f"{middle:.0%} of its words are unknown to the model"
        if middle > domain.nearly_all:
            yield name, Doubt("refused", f"{said}, {domain.nearly_all:.0%} at most in training")
        elif middle > domain.most:
            yield name, Doubt("widened", f"{said}, {domain.median:.0%} is usual in training")


def _doubt_periods(
    predictions: pd.DataFrame, by: str, over: str, familiar: _Familiar, sources: Iterable[str]
) -> Iterator[tuple[str, Doubt]]:
    """Find sources that are foreign in a period, and name the first such period of each."""
    shown = {fold_name(name): name for name in sources}
    periods = np.array(read_periods(predictions, over)[0], dtype=object)
    needed = {"article", "kind", "source", "text", by}
    table = predictions[[name for name in predictions.columns if name in needed]]
    for period in sorted({name for name in periods.tolist() if name}, reverse=True):
        parts = _gather_texts(read_units(table[periods == period], by))
        large = {n: own for n, own in parts.items() if len(set(own.articles)) >= _FEWEST_ARTICLES}
        for name, doubt in _doubt_words(large, familiar):
            yield shown[fold_name(name)], Doubt("widened", f"in {period} {doubt.reason}")


def _draw_articles(own: Texts, rng: np.random.Generator) -> list[str]:
    """Draw whole articles: what was measured in training is of these, too."""
    joined: dict[str, list[str]] = {}
    for text, article in zip(own.texts, own.articles, strict=True):
        joined.setdefault(article, []).append(text)
    drawn = rng.permutation(list(joined))[:_MOST_ARTICLES].tolist()
    return ["\n".join(joined[article]) for article in drawn]


def _doubt_likeness(
    sources: Mapping[str, Texts], reference: Sequence[CodedUnit], seed: int
) -> Iterator[tuple[str, Doubt]]:
    from framing.learning.domains import separate_sources

    paragraphs = [unit.paragraph for unit in reference]
    known = _gather_texts((unit.article, unit.text, unit.source or "") for unit in paragraphs)
    for name, found in separate_sources(sources, known, seed=seed).items():
        if found.area > max(_CLEARLY, found.usual + _FURTHER):
            yield (
                name,
                Doubt(
                    "widened",
                    f"its texts are told from training's with an area under the curve of "
                    f"{found.area:.2f}, training's own sources with {found.usual:.2f} at most",
                ),
            )
