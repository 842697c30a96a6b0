"""How foreign texts are to training data: words that it lacks, and how well the two can be told.

n units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from framing.learning.dataset import Dataset, FloatArray, IntArray
from framing.scoring.ngrams import find_tokens

_QUANTILES = (0.5, 0.9, 0.99)
_MOST_UNITS = 400
"""Of each side, drawn at random."""

_FEWEST_UNITS = 20
_MOST_RIVALS = 10


def describe_domain(dataset: Dataset, folds: IntArray) -> dict[str, float]:
    """Describe how many of an article's words other articles lack, over training articles.

    Parameters
    ----------
    dataset : Dataset
    folds : array (n,)
        Whole articles in each; a word is known if two units of other folds hold it.

    Returns
    -------
    dict
        Median, 90% and 99% quantiles over articles of the share of words that are unknown.
    """
    words = [[token.group() for token in find_tokens(text.lower())] for text in dataset.texts]
    unseen, counted = np.zeros(len(dataset.articles)), np.zeros(len(dataset.articles))
    for fold in np.unique(folds):
        known = find_recurring([words[at] for at in np.flatnonzero(folds != fold)])
        for at in np.flatnonzero(folds == fold):
            unseen[dataset.groups[at]] += sum(word not in known for word in words[at])
            counted[dataset.groups[at]] += len(words[at])
    shares = unseen[counted > 0] / counted[counted > 0]
    names = ("median", "most", "nearly_all")
    values = np.quantile(shares, _QUANTILES) if len(shares) else [1.0] * 3
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}


def find_recurring(texts: Sequence[Sequence[str]]) -> set[str]:
    """Find the words that stand in two texts or more.

    >>> sorted(find_recurring([["a", "b"], ["b", "c"], ["c"]]))
    ['b', 'c']
    """
    once: set[str] = set()
    twice: set[str] = set()
    for words in texts:
        own = set(words)
        twice |= own & once
        once |= own
    return twice


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Texts of one side, with the article of each."""

    texts: list[str]
    articles: list[str]


@dataclass(frozen=True, slots=True)
class Separation:
    """How well a source can be told from training data.

    Attributes
    ----------
    area : float
        Area under the curve of a classifier on articles held out: .5 is not at all.
    usual : float
        The largest such area of training sources against the rest of the training data; 1 where no
        two can be compared.
    """

    area: float
    usual: float


def separate_sources(
    sources: Mapping[str, Texts], reference: Mapping[str, Texts], *, seed: int = 0
) -> dict[str, Separation]:
    """Try to tell each source from the reference, by its words.

    What is found of a source depends neither on the others nor on the order of its texts.

    Parameters
    ----------
    sources : mapping of str to Texts
        Those with fewer than 20 units are left out.
    reference : mapping of str to Texts
        Training data, source by source.
    seed : int
    """
    rivals = {name: own for name, own in reference.items() if len(own.texts) >= _FEWEST_UNITS}
    chosen = np.random.default_rng(seed).permutation(sorted(rivals))[:_MOST_RIVALS].tolist()
    usual = [
        area
        for name in chosen
        if not np.isnan(area := _separate(rivals[name], _join(reference, without=name), seed))
    ]
    whole, most = _join(reference), max(usual, default=1.0)
    return {
        name: Separation(area, most)
        for name, own in sorted(sources.items())
        if len(own.texts) >= _FEWEST_UNITS and not np.isnan(area := _separate(own, whole, seed))
    }


def _join(reference: Mapping[str, Texts], *, without: str | None = None) -> Texts:
    kept = [own for name, own in reference.items() if name != without]
    texts = [text for own in kept for text in own.texts]
    return Texts(texts, [article for own in kept for article in own.articles])


def _separate(ours: Texts, theirs: Texts, seed: int) -> float:
    """Return the area under the curve, two halves of the articles judging each other.

    NaN where a half has articles of one side only.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(seed)
    drawn = [
        (side, text, article)
        for side, own in ((1, ours), (0, theirs))
        for text, article in _draw(own, rng)
    ]
    sides = np.array([side for side, _, _ in drawn])
    names = [f"{side} {article}" for side, _, article in drawn]
    order = {name: number for number, name in enumerate(rng.permutation(sorted(set(names))))}
    halves = np.array([order[name] % 2 for name in names])
    texts = np.array([text for _, text, _ in drawn], dtype=object)
    scores: FloatArray = np.zeros(len(drawn))
    for half in (0, 1):
        train, held = halves != half, halves == half
        if len(set(sides[train])) < 2 or len(set(sides[held])) < 2:
            return float("nan")
        vectorizer = TfidfVectorizer(sublinear_tf=True)
        model = LogisticRegression(C=10.0).fit(
            vectorizer.fit_transform(texts[train].tolist()), sides[train]
        )
        scores[held] = model.decision_function(vectorizer.transform(texts[held].tolist()))
    areas = [roc_auc_score(sides[halves == half], scores[halves == half]) for half in (0, 1)]
    return float(np.mean(areas))


def _draw(own: Texts, rng: np.random.Generator) -> list[tuple[str, str]]:
    pairs = sorted(zip(own.texts, own.articles, strict=True))
    return [pairs[at] for at in rng.permutation(len(pairs))[:_MOST_UNITS].tolist()]
