"""The card of an article: which frames it stresses, and which it leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from framing.measuring.cards.peershares import FrameComparison
from framing.measuring.cards.quotes import Quote
from framing.schema import describe

MOSTLY = 2 / 3
"""A frame that the article lacks is worth a look where so many comparable articles carry it."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A comparable article, and how alike it is (cosine, 0-1)."""

    article: str
    source: str
    date: str | None
    likeness: float
    n_units: int


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """An article against comparable ones.

    Attributes
    ----------
    article, source : str
    title, date : str or None
    n_units : int
        Units of the article that were scored.
    frames : tuple of FrameComparison
        In the order of the predictions.
    left_out : tuple of str
        Frames that the article lacks, likelier than not, while two in three comparable articles of
        its length carry them: worth a look, though it may be chance.
    shown : tuple of Quote
        The article's own paragraphs of over-stressed frames.
    missed : tuple of Quote
        Typical paragraphs of comparable articles, of frames under-stressed or left out.
    peers : tuple of Peer
        The most alike first.
    n_sources : int
        Sources among the peers.
    alike : {"sources", "articles"}
        What counts alike in the expected shares.
    within, days : int or None
        Days asked for, and in the end needed; None where time played no part.
    floor : float
        Likeness below which no article is a peer.
    n_copies : int
        Copies of the article or of a peer, which do not count.
    level : float
    model, codebook : str
        Content hashes.
    notes : tuple of str
        What to know before relying on it.
    """

    article: str
    source: str
    title: str | None
    date: str | None
    n_units: int
    frames: tuple[FrameComparison, ...]
    left_out: tuple[str, ...]
    shown: tuple[Quote, ...]
    missed: tuple[Quote, ...]
    peers: tuple[Peer, ...]
    n_sources: int
    alike: Literal["sources", "articles"]
    within: int | None
    days: int | None
    floor: float
    n_copies: int
    level: float
    model: str
    codebook: str
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give everything as JSON values; what is not known is None."""
        content: dict[str, Any] = describe(self)
        return content


def is_left_out(item: FrameComparison) -> bool:
    """Tell whether an article lacks a frame that most comparable articles carry."""
    return (
        item.status in {"as expected", "under-stressed"}
        and item.lacking > 1 / 2
        and 1 - item.peers_lacking >= MOSTLY
    )
