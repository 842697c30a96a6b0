"""What of the predictions is foreign to the model that made them, and what it knows too well."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from framing.measuring.eligibility import mark_article, name_articles
from framing.measuring.intervals import Codes, index_articles
from framing.measuring.predictions import map_cells, read_name
from framing.measuring.prevalence.doubts import Doubt
from framing.measuring.prevalence.mixtures import FEWEST_ARTICLES, measure_misfit
from framing.measuring.spellings import unify_spellings
from framing.schema import CodedUnit
from framing.scoring.domains import Domain, list_words, read_domain, read_score_laws
from framing.scoring.model import Model
from framing.text.fingerprints import hash_text
from framing.unittexts import UnitTexts

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
    units: UnitTexts,
    *,
    model: Model,
    reference: Sequence[CodedUnit] = (),
    seed: int = 0,
) -> dict[str, Doubt]:
    """Find the sources whose texts the model was not made for.

    A source is refused if half of its articles lack the model's words more than 99% of the training
    articles do (each held against the others), and widened if more than 90%, or if it lacks that
    many in a period of ten articles or more: it may have become foreign. It is widened, too, if a
    classifier tells it from the reference clearly better than it tells training's own sources.

    Parameters
    ----------
    units : UnitTexts
        Those without a source are passed over. Their order does not matter.
    model : Model
    reference : sequence of CodedUnit
        What the model was trained on, if it is at hand.
    seed : int
    """
    doubts: dict[str, Doubt] = {}
    domain, known = read_domain(model), list_words(model)
    if domain and known:
        doubts = dict(_doubt_words(_count_words(units, known), domain, seed))
    if reference:
        named = zip(units.articles, units.texts, units.sources, strict=True)
        sources = _gather_texts((a, text, source) for a, text, source in named if source)
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


def find_trained(units: UnitTexts, model: Model) -> frozenset[str]:
    """Find the articles, named as units name them, of which the model learnt a text.

    Its probabilities of these are too sure. A model that keeps no hashes of its texts knows none.
    """
    hashes = model.training.get("texts")
    if not isinstance(hashes, list | tuple):
        return frozenset()
    known = {item for item in hashes if isinstance(item, str)}
    return frozenset(
        str(mark_article(article))
        for article, text in zip(units.articles, units.texts, strict=True)
        if hash_text(text) in known
    )


_Cell = tuple[str, str | None]
"""A source, and a period or all time."""

_Counts = dict[str, tuple[int, int]]
"""Article to its words, and to those among them that the model lacks."""


def _count_words(units: UnitTexts, known: Collection[str]) -> dict[_Cell, _Counts]:
    """Count the words of the articles of every source, at any time and in every period."""
    words = units.words
    tokens = words.tell(lambda word: len(word) > 1)  # as the model has them
    counted = words.count(tokens), words.count(tokens & ~words.tell(known.__contains__))
    shown = unify_spellings([source for source in units.sources if source]).shown
    keys = list(zip(units.sources, units.articles, units.periods, strict=True))
    places, (rows, _) = dict.fromkeys(keys), index_articles(keys)
    sums = (np.bincount(rows, weights=column).astype(int).tolist() for column in counted)
    found: dict[_Cell, _Counts] = {}
    for (source, article, period), n_words, n_unknown in zip(places, *sums, strict=True):
        for span in {None, period} if source else ():
            counts = found.setdefault((shown[source], span), {})
            before = counts.get(article, (0, 0))
            counts[article] = before[0] + n_words, before[1] + n_unknown
    return found


def _doubt_words(
    cells: Mapping[_Cell, _Counts], domain: Domain, seed: int
) -> Iterator[tuple[str, Doubt]]:
    """Judge every source at any time; of others, the periods alone in which they are foreign."""
    judged = {cell: _judge_words(counts, domain, seed) for cell, counts in cells.items()}
    found: dict[str, Doubt] = {}
    for source, period in sorted(judged, key=lambda cell: (cell[0], cell[1] or "")):
        doubt = judged[source, period]
        if doubt is None:
            continue
        if period is None:  # which goes before
            found[source] = doubt
        elif len(cells[source, period]) >= _FEWEST_ARTICLES:
            found[source] = _join_period(found.get(source), str(period), doubt.reason)
    yield from found.items()


def _join_period(before: Doubt | None, period: str, reason: str) -> Doubt:
    """Put one period more to what speaks against a source; doubt at any time holds for all."""
    if before is None:
        return Doubt("widened", f"in {period} {reason}", (period,))
    if not before.periods:
        return before
    again = f"{before.reason}; so in {period}"
    return replace(before, reason=again, periods=(*before.periods, period))


def _judge_words(counts: _Counts, domain: Domain, seed: int) -> Doubt | None:
    """Judge articles, a hundred of them at most, by the words that the model lacks."""
    drawn = np.random.default_rng(seed).permutation(sorted(counts))[:_MOST_ARTICLES].tolist()
    unseen = [counts[article][1] / counts[article][0] for article in drawn if counts[article][0]]
    middle = float(np.median(unseen)) if unseen else 0.0
    said = f"{middle:.0%} of its words are unknown to the model"
    if middle > domain.nearly_all:
        return Doubt("refused", f"{said}, {domain.nearly_all:.0%} at most in training")
    if middle > domain.most:
        return Doubt("widened", f"{said}, {domain.median:.0%} is usual in training")
    return None


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
