"""The card of an article as Markdown, and as one self-contained page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from framing.measuring.cards.card import ArticleCard
from framing.measuring.cards.peers import MOST
from framing.measuring.cards.peershares import FrameComparison
from framing.measuring.cards.quotes import Quote
from framing.reporting.blocks import Block, Bullets, Heading, Table, format_blocks
from framing.reporting.pages import mark_pieces
from framing.reporting.rendering import render
from framing.reporting.tables import format_estimate, format_share

_EXCERPT = 420
_PEERS_SHOWN = 10
_CHANCE = 0.05


def format_article_card(card: ArticleCard, *, names: Mapping[str, str] | None = None) -> str:
    """Write a card as Markdown: the answer first, then the figures, then what they rest on.

    Parameters
    ----------
    card : ArticleCard
    names : mapping of str to str, optional
        What to call frames; others keep their ids.
    """
    return format_blocks(_list_blocks(_name_frames(card, names or {})))


def _name_frames(card: ArticleCard, names: Mapping[str, str]) -> ArticleCard:
    """Put names in the place of ids; frames that share a name keep theirs."""
    given = Counter(names.get(item.frame, item.frame) for item in card.frames)

    def name(frame: str) -> str:
        return names[frame] if given[names.get(frame, frame)] == 1 and frame in names else frame

    return replace(
        card,
        frames=tuple(replace(item, frame=name(item.frame)) for item in card.frames),
        left_out=tuple(name(frame) for frame in card.left_out),
        shown=tuple(replace(quote, frame=name(quote.frame)) for quote in card.shown),
        missed=tuple(replace(quote, frame=name(quote.frame)) for quote in card.missed),
    )


def _list_blocks(card: ArticleCard) -> Iterator[Block]:
    yield f"# {name_article(card)}"
    yield describe_setting(card)
    yield from (f"Note: {note}." for note in card.notes)
    yield Heading("What it leaves out")
    yield sum_up_missing(card)
    for frame in group_missing(card):
        yield _quote_block(describe_missing(frame), card.missed, frame.frame)
    yield Heading("What it stresses")
    yield sum_up_stressed(card)
    for frame in card.frames:
        if frame.status == "over-stressed":
            yield _quote_block(describe_stressed(frame), card.shown, frame.frame)
    yield Heading("All frames")
    yield Table(HEADER, [list_cells(frame) for frame in card.frames])
    yield explain_columns(card)
    yield Heading("What it was compared with")
    yield from _list_peers(card)


def name_article(card: ArticleCard) -> str:
    """Name an article by its title, or else by its id."""
    return card.title or card.article


def describe_setting(card: ArticleCard) -> str:
    """Say what was compared with what."""
    when = "of any time" if card.days is None else f"within {card.days} days of it"
    return (
        f"{card.article}{f', {card.date}' if card.date else ''}: {_count(card.n_units, 'unit')}, "
        f"held against {_count(len(card.peers), 'article')} of "
        f"{_count(card.n_sources, 'source')} on the same matter, {when}. "
        f"Model {card.model}, codebook {card.codebook}."
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def group_missing(card: ArticleCard) -> list[FrameComparison]:
    """List the frames that are under-stressed, then others left out; most expected first."""
    found = [x for x in card.frames if x.status == "under-stressed" or x.frame in card.left_out]
    return sorted(found, key=lambda x: (x.status != "under-stressed", x.peers_lacking))


def sum_up_missing(card: ArticleCard) -> str:
    """Answer in a sentence or two what is missing."""
    if all(x.status == "cannot say" for x in card.frames):
        return "Nothing can be said (see the notes)."
    sure = [x.frame for x in card.frames if x.status == "under-stressed"]
    rest = [x.frame for x in group_missing(card) if x.frame not in sure]
    said = (
        f"Under-stressed, more than chance explains: {', '.join(sure)}."
        if sure
        else "No frame is rarer in it than chance explains in an article of this length."
    )
    if not rest:
        return said
    return (
        f"{said} Worth a look, though it may be chance: {', '.join(rest)}. Most comparable "
        f"articles carry {'it' if len(rest) == 1 else 'them'}, this one likely does not."
    )


def describe_missing(frame: FrameComparison) -> str:
    """Say how a frame is missing, and what chance would do."""
    carried = 100 * (1 - frame.peers_lacking)
    return (
        f"{frame.frame}: expected in {_percent(frame.expected)} of units, found in "
        f"{_percent(frame.observed)}. Of comparable articles of this length {carried:.0f} in 100 "
        "carry it somewhere. What others carry, for example:"
    )


def sum_up_stressed(card: ArticleCard) -> str:
    """Answer in a sentence what is stressed."""
    if all(x.status == "cannot say" for x in card.frames):
        return "Nothing can be said (see the notes)."
    found = [x.frame for x in card.frames if x.status == "over-stressed"]
    if not found:
        return "No frame is commoner in it than chance explains in an article of this length."
    return f"Over-stressed, more than chance explains: {', '.join(found)}."


def describe_stressed(frame: FrameComparison) -> str:
    """Say how much a frame is stressed."""
    return (
        f"{frame.frame}: found in {_percent(frame.observed)} of units, expected in "
        f"{_percent(frame.expected)}; single articles of this length lie at "
        f"{_percent(frame.single_low)} to {_percent(frame.single_high)}. Where it stands:"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


HEADER = ("frame", "this article", "expected", "one such article", "lack it", "p", "verdict")


def list_cells(frame: FrameComparison) -> list[str]:
    """Write a frame's figures as cells under `HEADER`."""
    estimate = {"value": frame.observed, "low": frame.observed_low, "high": frame.observed_high}
    mean = {"value": frame.expected, "low": frame.expected_low, "high": frame.expected_high}
    return [
        frame.frame,
        format_estimate(estimate),
        format_estimate(mean),
        f"{format_share(frame.single_low)} to {format_share(frame.single_high)}",
        format_share(frame.peers_lacking),
        format_share(frame.p_adjusted, 3),
        frame.status,
    ]


def explain_columns(card: ArticleCard) -> str:
    """Say what the columns mean, how the verdict is reached, and what it cannot see."""
    level = f"{100 * card.level:.0f}%"
    voices = "sources count alike and" if card.alike == "sources" else "articles count alike and"
    unseen = [x.frame for x in card.frames if x.peers_lacking > _CHANCE]
    which = "any frame" if len(unseen) == len(card.frames) else ", ".join(unseen)
    blind = (
        f" In {_count(card.n_units, 'unit')} the absence of {which} proves nothing: more than 5 in "
        "100 comparable articles of this length lack it."
        if unseen
        else ""
    )
    return (
        f"Shares of units, with {level} intervals. This article: mean of calibrated "
        "probabilities; the interval is what classification leaves open. Expected: mean of the "
        f"comparable articles, in which {voices} are resampled. One such article: where a single "
        "comparable article of this length lies. Lack it: chance that such an article carries the "
        f"frame nowhere. p is adjusted for the {_count(len(card.frames), 'frame')} looked at "
        "(Benjamini-Hochberg). A frame is over- or under-stressed only if p is at most "
        f"{format_share(1 - card.level)}, and 'as expected' does not say that the article is "
        f"ordinary.{blind} Comparable articles are found by their words, which carry frames, too: "
        "they lean towards the article."
    )


def _list_peers(card: ArticleCard) -> Iterator[Block]:
    rows = [
        [peer.article, peer.source, peer.date or "", str(peer.n_units), format_share(peer.likeness)]
        for peer in card.peers[:_PEERS_SHOWN]
    ]
    yield Table(["article", "source", "date", "units", "likeness"], rows)
    yield describe_choice(card)


def describe_choice(card: ArticleCard) -> str:
    """Say how comparable articles were chosen."""
    more = len(card.peers) - _PEERS_SHOWN
    hidden = f"{more} more are not listed. " if more > 0 else ""
    copies = f" {_count(card.n_copies, 'copy')} of them left out." if card.n_copies else ""
    copies = copies.replace("copys", "copies")
    return (
        f"{hidden}Likeness is the cosine of word weights (TF-IDF); articles above "
        f"{format_share(card.floor)}, the mean of all pairs, were taken, the most alike first, at "
        f"most {MOST}.{copies}"
    )


def _quote_block(opening: str, quotes: Sequence[Quote], frame: str) -> Block:
    items = [_format_quote(quote) for quote in quotes if quote.frame == frame]
    return Bullets(opening, items or ["no paragraph carries it surely enough to be quoted"])


def _format_quote(quote: Quote) -> str:
    pieces = mark_pieces(shorten(quote.text), _within(quote), {})
    text = "".join(
        f"**{part}**" if marked else part
        for marked, run in groupby(pieces, key=lambda piece: bool(piece.labels))
        for part in ["".join(piece.text for piece in run)]
    )
    return f"“{' '.join(text.split())}” ({cite(quote)})"


def _within(quote: Quote) -> list[Any]:
    """Keep the evidence that a shortened text still holds."""
    return [item for item in quote.evidence if item.end <= len(shorten(quote.text).rstrip("…"))]


def shorten(text: str) -> str:
    """Cut a long text after a word.

    >>> len(shorten("word " * 200)) <= 421, shorten("short")
    (True, 'short')
    """
    return text if len(text) <= _EXCERPT else text[:_EXCERPT].rsplit(None, 1)[0] + "…"


def cite(quote: Quote) -> str:
    """Name a quote's source, date and id."""
    return ", ".join(part for part in (quote.source, quote.date, quote.id) if part)


@dataclass(frozen=True, slots=True)
class Bar:
    """A frame's figures as places on a scale of 0 to 100."""

    frame: FrameComparison
    cells: Sequence[str]
    places: Mapping[str, float]


def render_article_card(card: ArticleCard, *, names: Mapping[str, str] | None = None) -> str:
    """Render a card as one page, which needs neither network nor scripts."""
    card = _name_frames(card, names or {})
    missing = [_make_group(x, describe_missing(x), card.missed) for x in group_missing(card)]
    stressed = [
        _make_group(x, describe_stressed(x), card.shown)
        for x in card.frames
        if x.status == "over-stressed"
    ]
    top = max([0.1, *(max(x.observed, x.observed_high, x.single_high) for x in card.frames)])
    return render(
        "articlecard.html",
        title=name_article(card),
        setting=describe_setting(card),
        notes=card.notes,
        missing_summary=sum_up_missing(card),
        missing=missing,
        stressed_summary=sum_up_stressed(card),
        stressed=stressed,
        bars=[_make_bar(frame, top) for frame in card.frames],
        header=HEADER,
        explanation=explain_columns(card),
        peers=card.peers[:_PEERS_SHOWN],
        choice=describe_choice(card),
    )


def _make_group(frame: FrameComparison, opening: str, quotes: Sequence[Quote]) -> dict[str, Any]:
    found = [
        {"cite": cite(q), "pieces": list(mark_pieces(q.text, q.evidence, {}))}
        for q in quotes
        if q.frame == frame.frame
    ]
    return {"frame": frame.frame, "status": frame.status, "opening": opening, "quotes": found}


def _make_bar(frame: FrameComparison, top: float) -> Bar:
    names = ("observed", "observed_low", "observed_high", "expected", "single_low", "single_high")
    places = {name: round(100 * getattr(frame, name) / top, 2) for name in names}
    return Bar(frame, list_cells(frame), places)
