"""One self-contained HTML page: shares a source, and every paragraph with its labels and evidence.

All text passes through Jinja2's automatic escaping; the page refers to nothing outside itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from framing.measuring.drift import Drift
from framing.reporting.rendering import render
from framing.reporting.tables import format_share
from framing.schema import Evidence, Prediction

_MARKED_PER_LABEL = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph: plain, or marked for the labels that it spoke for."""

    text: str
    labels: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A label that a paragraph was given, and its probability as printed."""

    name: str
    probability: str
    is_stance: bool


@dataclass(frozen=True, slots=True)
class Section:
    """An article's paragraphs, ready for the page; no title where the first of them is it."""

    title: str
    caption: str
    paragraphs: Sequence[Mapping[str, Any]]


def render_page(
    title: str,
    *,
    summary: Sequence[str],
    drift: Drift | None,
    predictions: Iterable[Prediction],
    names: Mapping[str, str],
) -> str:
    """Render a page.

    Parameters
    ----------
    title : str
    summary : sequence of str
        Sentences that open the page.
    drift : Drift, optional
        Its shares a source become a table.
    predictions : iterable of Prediction
        Of whole articles, in order.
    names : mapping of str to str
        What to call frames and targets.
    """
    return render(
        "page.html",
        title=title,
        summary=summary,
        grid=_build_grid(drift, names) if drift else None,
        sections=list(_build_sections(predictions, names)),
    )


def _build_grid(drift: Drift, names: Mapping[str, str]) -> Mapping[str, Any]:
    """Lay out sources across and frames down; a cell's shade is its share."""
    cells = [
        cell for cell in drift.to_dict()["cells"] if cell["kind"] == "frame" and cell["source"]
    ]
    sources = list(dict.fromkeys(str(cell["source"]) for cell in cells))
    labels = list(dict.fromkeys(cell["label"] for cell in cells))
    found = {(cell["label"], str(cell["source"])): cell for cell in cells}
    most = max((cell["share"] or 0.0 for cell in cells), default=0.0) or 1.0
    rows = [
        (names.get(label, label), [_shade(found.get((label, source)), most) for source in sources])
        for label in labels
    ]
    counts = [
        next(
            (
                f"{c['n_units']} units, {c['n_articles']} articles"
                for c in cells
                if str(c["source"]) == s
            ),
            "",
        )
        for s in sources
    ]
    return {"sources": list(zip(sources, counts, strict=True)), "rows": rows}


def _shade(cell: Mapping[str, Any] | None, most: float) -> Mapping[str, Any]:
    if cell is None or cell["share"] is None:
        return {"share": "n/a", "interval": "", "strength": 0}
    interval = (
        f"{format_share(cell['low'])} to {format_share(cell['high'])}"
        if cell["low"] is not None
        else "no interval"
    )
    return {
        "share": format_share(cell["share"]),
        "interval": interval,
        "strength": round(70 * cell["share"] / most),
    }


def _build_sections(
    predictions: Iterable[Prediction], names: Mapping[str, str]
) -> Iterator[Section]:
    articles: dict[str, list[Prediction]] = {}
    for prediction in predictions:
        articles.setdefault(prediction.paragraph.article, []).append(prediction)
    for article, units in articles.items():
        first = units[0].paragraph
        caption = ", ".join(part for part in (first.source, first.date) if part)
        paragraphs = [_describe_unit(unit, names) for unit in units]
        opened = first.kind == "headline" and first.text == first.title
        yield Section("" if opened else first.title or article, caption, paragraphs)


def _describe_unit(prediction: Prediction, names: Mapping[str, str]) -> Mapping[str, Any]:
    return {
        "id": prediction.paragraph.id,
        "kind": prediction.paragraph.kind,
        "pieces": list(mark_pieces(prediction.paragraph.text, prediction.evidence, names)),
        "tags": list(_list_tags(prediction, names)),
    }


def _list_tags(prediction: Prediction, names: Mapping[str, str]) -> Iterator[Tag]:
    for frame in prediction.frames or ():
        probability = (prediction.probabilities or {})[frame]
        yield Tag(names.get(frame, frame), format_share(probability), is_stance=False)
    stated = {item.label for item in prediction.evidence if "=" in item.label}
    for target, stance in (prediction.stance or {}).items():
        if f"{target}={stance.value}" in stated:
            name = f"{names.get(target, target)}: {stance.value}"
            probability = stance.probabilities[stance.value]
            yield Tag(name, format_share(probability), is_stance=True)


def mark_pieces(
    text: str, evidence: Sequence[Evidence], names: Mapping[str, str]
) -> Iterator[Piece]:
    """Cut a text at the edges of its strongest terms; pieces join to the text again."""
    chosen: dict[str, list[Evidence]] = {}
    for item in evidence:
        chosen.setdefault(item.label, []).append(item)
    spans = [item for items in chosen.values() for item in items[:_MARKED_PER_LABEL]]
    edges = sorted({0, len(text), *(s.start for s in spans), *(s.end for s in spans)})
    for start, end in pairwise(edges):
        over = dict.fromkeys(
            names.get(s.label, s.label) for s in spans if s.start <= start and end <= s.end
        )
        yield Piece(text[start:end], ", ".join(over))
