"""Articles on the same matter: likeness, windows, copies."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from framing.measuring.cards.peers import (
    COPY,
    ENOUGH,
    average_likeness,
    choose_peers,
    weigh_words,
)

TEXTS = [
    "Tin fell, and fell again.",
    "Tin rose 5%!",
    "Copper rose: copper mines.",
    "x",
    "TIN mines",
]


def test_weights_are_those_of_the_formula():
    counter = CountVectorizer(token_pattern=r"[^\W\d_]{2,}")
    counts = counter.fit_transform(TEXTS).toarray().astype(float)
    df = (counts > 0).sum(axis=0)
    counts, df = counts[:, df > 1], df[df > 1]
    logs = np.log(np.maximum(counts, 1))
    raw = np.where(counts > 0, 1 + logs, 0) * np.log(len(TEXTS) / df)
    lengths = np.linalg.norm(raw, axis=1, keepdims=True)
    wanted = np.divide(raw, lengths, out=np.zeros_like(raw), where=lengths > 0)
    vectors = weigh_words(TEXTS)
    assert (vectors @ vectors.T).toarray() == pytest.approx(wanted @ wanted.T)


def test_a_text_of_its_own_words_is_like_none():
    vectors = weigh_words(["tin fell", "copper rose", "tin fell"])
    assert vectors[[1]].toarray().sum() == 0
    assert weigh_words(["only one"]).shape == (1, 0)


def test_average_likeness_is_that_of_all_pairs():
    vectors = weigh_words(TEXTS)
    cosines = (vectors @ vectors.T).toarray()
    pairs = cosines[np.triu_indices(len(TEXTS), 1)]
    assert average_likeness(vectors) == pytest.approx(pairs.mean())


WORDS = [
    f"w{a}{b}".translate(str.maketrans("0123456789", "abcdefghij"))
    for a in range(10)
    for b in range(10)
]


def make_archive(n=40, *, about=30, seed=0):
    """The first `about` of n texts draw on words of one matter, the others on those of another."""
    rng = np.random.default_rng(seed)
    return [
        " ".join(rng.choice(WORDS[:50] if i < about else WORDS[50:], 15, replace=False))
        for i in range(n)
    ]


def choose(texts, place=0, *, dates=None, allowed=None, within=None, **options):
    return choose_peers(
        weigh_words(texts),
        place,
        dates=dates or [None] * len(texts),
        allowed=np.ones(len(texts), dtype=bool) if allowed is None else allowed,
        within=within,
        **options,
    )


def test_peers_are_on_the_same_matter_the_most_alike_first():
    peers = choose(make_archive())
    assert set(peers.places.tolist()) <= set(range(1, 30))
    assert len(peers.places) > 5
    assert (np.diff(peers.likeness) <= 0).all()
    assert (peers.likeness > peers.floor).all()
    assert peers.days is None


def test_at_most_as_many_as_wanted():
    most = choose(make_archive(), most=3)
    assert most.places.tolist() == choose(make_archive()).places[:3].tolist()


def test_only_those_allowed():
    allowed = np.arange(40) % 2 == 1
    assert (choose(make_archive(), allowed=allowed).places % 2 == 1).all()


def test_copies_of_the_article_and_of_peers_are_passed_over():
    texts = make_archive()
    first = choose(texts).places[0]
    copied = [*texts, texts[0], texts[first]]
    peers = choose(copied)
    assert 40 not in peers.places
    assert len({40, 41, first} & set(peers.places.tolist())) == 1
    assert peers.n_copies == 2
    assert (peers.likeness < COPY).all()


def test_only_near_in_time_where_there_are_enough():
    dates = ["2025-01-01"] * 20 + ["2024-01-01"] * 40
    peers = choose(make_archive(60, about=40), dates=dates, within=30)
    assert peers.days == 30
    assert len(peers.places) >= ENOUGH
    assert max(peers.places) < 20


def test_the_window_widens_step_by_step_and_falls_away():
    texts = make_archive(60, about=40)
    dates = ["2025-01-01"] * 5 + ["2025-03-01"] * 55
    assert choose(texts, dates=dates, within=20).days == 80
    dates = ["2025-01-01"] * 5 + ["2015-01-01"] * 54 + [None]
    peers = choose(texts, dates=dates, within=20)
    assert peers.days is None
    assert max(peers.places) > 20


def test_articles_without_a_date_are_outside_every_window():
    texts = make_archive(60, about=40)
    dates = ["2025-01-01"] * 20 + [None] * 40
    assert max(choose(texts, dates=dates, within=30).places) < 20
    assert choose(texts, place=30, dates=dates, within=30).days is None


def test_partial_dates_count_from_their_nearest_day():
    texts = make_archive(60, about=40)
    dates = ["2025-01-31"] + ["2025-02"] * 20 + ["2025-04"] * 39
    peers = choose(texts, dates=dates, within=1)
    assert peers.days == 1
    assert max(peers.places) <= 20


def test_nothing_alike():
    assert len(choose(["tin fell", "copper rose", "zinc up", "zinc down"]).places) == 0
