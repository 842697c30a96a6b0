"""An article held against others on the same matter.

Peers are found by their words (`framing.measuring.cards.peers`), shares compared by the laws of
`framing.measuring.cards.peershares`, and paragraphs chosen that show what stands out. Peers come
from other sources than the article's own. Words carry frames, too, so that articles which share the
article's words lean towards its frames: what the card says is missing is so in spite of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from framing.measuring.archives import NO_SOURCE, Archive, read_archive
from framing.measuring.arrays import Bools
from framing.measuring.cards.card import ArticleCard, Peer, is_left_out
from framing.measuring.cards.peers import Peers, choose_peers, weigh_words
from framing.measuring.cards.peershares import (
    FEWEST_PEERS,
    FEWEST_UNITS,
    PeerShares,
    compare_shares,
)
from framing.measuring.cards.quotes import quote_strongest, quote_typical
from framing.measuring.eligibility import part_name
from framing.measuring.intervals import Floats, check_level, index_articles
from framing.schema import InputError, MismatchError

if TYPE_CHECKING:
    import pandas as pd

WITHIN = 90
"""Days before and after the article, at first."""

FEWEST_SOURCES = 5
"""With fewer sources, articles count alike and are what is resampled."""


def make_card(
    article: pd.DataFrame,
    predictions: pd.DataFrame,
    *,
    frames: Sequence[str] = (),
    within: int | None = None,
    own: bool = False,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> ArticleCard:
    """Hold an article against others on the same matter.

    Parameters
    ----------
    article : pandas.DataFrame
        Its units, as ``framing predict`` writes them.
    predictions : pandas.DataFrame
        Of other articles; the article itself, and copies of it, may be among them.
    frames : sequence of str
        Frames to look at; all of them where none is named. The fewer, the more can be said.
    within : int, optional
        Days between the article and comparable ones. Without it `WITHIN` where dates are known.
    own : bool
        Also compare with articles of the article's own source.
    level : float
        Of intervals; 1 - level is the false-discovery rate of what is called over- or
        under-stressed.
    resamples, seed : int

    Raises
    ------
    InputError
        If a table cannot be used (`framing.measuring.eligibility.select_units`), `article` holds
        more than one, there is no other to compare with, a frame is not known, or `within` is
        given and dates are not.
    MismatchError
        If article and predictions come from different models or codebooks.
    """
    check_level(level)
    ours, archive = read_archive(article), read_archive(predictions)
    _check(ours, archive)
    columns = _find_columns(archive.frames, frames)
    within = _check_window(within, ours, archive)
    probabilities = _read_known(ours, columns)
    peers, is_own = _find_peers(ours, archive, within=within, own=own)
    sources = [archive.sources[place] for place in peers.places]
    compared = compare_shares(
        probabilities,
        _add_up(archive, peers, columns, sources),
        frames=[archive.frames[k] for k in columns],
        rng=np.random.default_rng(seed),
        level=level,
        resamples=resamples,
    )
    missing = [x.frame for x in compared if x.status == "under-stressed" or is_left_out(x)]
    stressed = [x.frame for x in compared if x.status == "over-stressed"]
    n_sources = len(set(sources))
    return ArticleCard(
        article=ours.articles[0],
        source=ours.sources[0],
        title=_read_title(article),
        date=ours.dates[0],
        n_units=len(probabilities),
        frames=tuple(compared),
        left_out=tuple(x.frame for x in compared if is_left_out(x)),
        shown=tuple(quote_strongest(ours, article, stressed)),
        missed=tuple(quote_typical(archive, predictions, missing, articles=peers.places)),
        peers=tuple(_name_peers(archive, peers)),
        n_sources=n_sources,
        alike="sources" if n_sources >= FEWEST_SOURCES else "articles",
        within=within,
        days=peers.days,
        floor=peers.floor,
        n_copies=peers.n_copies,
        level=level,
        model=archive.model,
        codebook=archive.codebook,
        notes=tuple(
            _note(ours, peers, len(probabilities), n_sources, within=within, is_own=is_own)
        ),
    )


def _check(ours: Archive, archive: Archive) -> None:
    if len(ours.articles) > 1:
        raise InputError(f"{len(ours.articles)} articles, not one", fix="give them one by one")
    for what, mine, theirs in (
        ("model", ours.model, archive.model),
        ("codebook", ours.codebook, archive.codebook),
    ):
        if mine != theirs:
            raise MismatchError(
                f"the article was predicted by {what} {mine}, the others by {theirs}",
                fix=f"name the model file of {theirs} with --model, or predict the others again"
                if what == "model"
                else "predict all with one codebook",
            )
    if ours.frames != archive.frames:
        raise MismatchError("other frames than the predictions have", fix="predict all again")


def _find_columns(known: Sequence[str], wanted: Sequence[str]) -> list[int]:
    for name in wanted:
        if name not in known:
            raise InputError(f"no frame {name!r}", fix=f"choose from {', '.join(known)}")
    return [k for k, name in enumerate(known) if not wanted or name in wanted]


def _read_known(ours: Archive, columns: Sequence[int]) -> Floats:
    """Give the probabilities of the units that were scored for all frames compared."""
    probabilities = ours.probabilities[:, columns]
    known = ~np.isnan(probabilities).any(axis=1)
    if not known.any():
        raise InputError(
            "no unit was scored for these frames", where=ours.articles[0], fix="predict it again"
        )
    return probabilities[known]


def _check_window(within: int | None, ours: Archive, archive: Archive) -> int | None:
    """Give the days to look within; None where dates are not known and were not asked for."""
    if within is not None and within < 0:
        raise InputError(f"within is {within} days", fix="give 0 or more")
    if within is None:
        return WITHIN if ours.dates[0] and any(archive.dates) else None
    remedy = "give its date, or leave the window out"
    if ours.dates[0] is None:
        raise InputError("the article has no date to look around", fix=remedy)
    if not any(archive.dates):
        raise InputError(
            "no article of these predictions has a date", fix="date them, or leave the window out"
        )
    return within


def _find_peers(
    ours: Archive, archive: Archive, *, within: int | None, own: bool
) -> tuple[Peers, bool]:
    """Choose peers by place in the archive; tell also whether only the own source was left."""
    article, source = ours.articles[0], ours.sources[0]
    own_names = {article, part_name(article, source)}  # others may have the name, too
    others = [place for place, name in enumerate(archive.articles) if name not in own_names]
    if not others:
        raise InputError("one article only, none to compare with", fix="predict more articles")
    texts = archive.join_texts()
    foreign = np.array([archive.sources[place] != ours.sources[0] for place in others])
    allowed: Bools = foreign if foreign.any() and not own else np.ones(len(others), dtype=np.bool_)
    peers = choose_peers(
        weigh_words([*(texts[place] for place in others), *ours.join_texts()]),
        len(others),
        dates=[*(archive.dates[place] for place in others), ours.dates[0]],
        allowed=np.append(allowed, False),
        within=within,
    )
    if not len(peers.places):
        raise InputError(
            f"none of {len(others)} other articles is on the same matter (likeness above "
            f"{peers.floor:.2f})",
            where=ours.articles[0],
            fix="give predictions of articles that are",
        )
    places = np.asarray(others, dtype=np.intp)[peers.places]
    is_own = not (own or foreign.any()) and ours.sources[0] != NO_SOURCE
    return replace(peers, places=places), is_own


def _add_up(
    archive: Archive, peers: Peers, columns: Sequence[int], sources: Sequence[str]
) -> PeerShares:
    """Pick the peers' sums, and number their voices: sources, or articles where those are few."""
    codes, n_sources = index_articles(sources)
    cells = np.ix_(peers.places, np.asarray(columns, dtype=np.intp))
    return PeerShares(
        sums=archive.sums[cells],
        doubts=archive.doubts[cells],
        units=archive.units[cells],
        voices=codes if n_sources >= FEWEST_SOURCES else np.arange(len(codes), dtype=np.intp),
    )


def _read_title(article: pd.DataFrame) -> str | None:
    titles = article["title"].dropna().tolist() if "title" in article.columns else []
    return str(titles[0]) if titles else None


def _name_peers(archive: Archive, peers: Peers) -> list[Peer]:
    return [
        Peer(
            archive.articles[place],
            archive.sources[place],
            archive.dates[place],
            likeness,
            int(archive.sizes[place]),
        )
        for place, likeness in zip(peers.places.tolist(), peers.likeness.tolist(), strict=True)
    ]


def _note(
    ours: Archive, peers: Peers, m: int, n_sources: int, *, within: int | None, is_own: bool
) -> list[str]:
    n = len(peers.places)
    wide = "at any time" if peers.days is None else f"within {peers.days} days"
    found = {
        f"{n} comparable article{'' if n == 1 else 's'}: fewer than {FEWEST_PEERS} cannot show "
        "how such articles differ, so nothing can be said": n < FEWEST_PEERS,
        f"{m} unit{'' if m == 1 else 's'} in the article: of fewer than {FEWEST_UNITS} one alone "
        "decides, so nothing can be said": m < FEWEST_UNITS,
        "no date on the article: comparable ones are of any time": ours.dates[0] is None,
        f"too few articles on the matter within {within} days: they were sought {wide}": (
            peers.days != within
        ),
        f"{n_sources} sources: fewer than {FEWEST_SOURCES} cannot be weighed against each other, "
        "so articles count alike": 1 < n_sources < FEWEST_SOURCES,
        "no other source: the article is compared with others of its own source": is_own,
    }
    return [note for note, holds in found.items() if holds]
