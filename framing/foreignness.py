"""Which sources' texts are foreign to the model that read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from framing.measuring.doubts import Doubt
from framing.measuring.predictions import map_cells
from framing.measuring.spellings import unify_spellings
from framing.records.cells import parse_text
from framing.schema import CodedUnit
from framing.scoring.domains import Domain, measure_unseen, read_domain
from framing.scoring.model import Model

if TYPE_CHECKING:
    import pandas as pd

    from framing.learning.domains import Texts

_MOST_UNITS = 300
"""Of each source, drawn at random."""

_CLEARLY = 0.9
_FURTHER = 0.02


def find_doubts(
    predictions: pd.DataFrame,
    *,
    by: str,
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
        Without texts or sources there is nothing to find.
    by : str
        Column of the source.
    model : Model
    reference : sequence of CodedUnit
        What the model was trained on, if it is at hand.
    seed : int
    """
    if not {"text", "article", by} <= set(predictions.columns):
        return {}
    sources = _draw_texts(predictions, by, seed)
    doubts: dict[str, Doubt] = {}
    domain = read_domain(model)
    if domain:
        doubts |= dict(_doubt_words(sources, model, domain))
    if reference:
        doubts = dict(_doubt_likeness(sources, reference, seed)) | doubts
    return doubts


def _draw_texts(predictions: pd.DataFrame, by: str, seed: int) -> dict[str, Texts]:
    """Draw some units of each source, under the name that it will be shown by."""
    from framing.learning.domains import Texts

    names = map_cells(predictions[by], parse_text)
    texts = map_cells(predictions["text"], parse_text)
    articles = map_cells(predictions["article"], parse_text)
    shown = unify_spellings([name for name in names if name]).shown
    places: dict[str, list[int]] = {}
    for place, (name, text) in enumerate(zip(names, texts, strict=True)):
        if name and text:
            places.setdefault(shown[name], []).append(place)
    rng = np.random.default_rng(seed)
    drawn = {}
    for name in sorted(places):
        own = rng.permutation(places[name])[:_MOST_UNITS].tolist()
        drawn[name] = Texts([texts[at] or "" for at in own], [articles[at] or "" for at in own])
    return drawn


def _doubt_words(
    sources: Mapping[str, Texts], model: Model, domain: Domain
) -> Iterator[tuple[str, Doubt]]:
    for name, own in sources.items():
        joined: dict[str, list[str]] = {}
        for text, article in zip(own.texts, own.articles, strict=True):
            joined.setdefault(article, []).append(text)
        unseen = measure_unseen(model, [" ".join(texts) for texts in joined.values()])
        if np.isnan(unseen).all():
            continue
        middle = float(np.nanmedian(unseen))
        said = f"{middle:.0%} of its words are unknown to the model"
        if middle > domain.nearly_all:
            yield name, Doubt("refused", f"{said}, {domain.nearly_all:.0%} at most in training")
        elif middle > domain.most:
            yield name, Doubt("widened", f"{said}, {domain.median:.0%} is usual in training")


def _doubt_likeness(
    sources: Mapping[str, Texts], reference: Sequence[CodedUnit], seed: int
) -> Iterator[tuple[str, Doubt]]:
    from framing.learning.domains import Texts, separate_sources

    known: dict[str, Texts] = {}
    for unit in reference:
        paragraph = unit.paragraph
        own = known.setdefault(paragraph.source or "", Texts([], []))
        own.texts.append(paragraph.text)
        own.articles.append(paragraph.article)
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
