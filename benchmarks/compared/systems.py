"""The systems: each learns from coded units and judges others, all by one signature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import Any, Literal

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC

from compared.fasttexts import FastText, find_fasttext
from compared.tuning import Method, Pipeline, judge_tuned
from framing.coding.scheme import Codebook
from framing.learning.crossfitting import Workers
from framing.learning.dataset import Dataset, build_dataset
from framing.learning.evaluation import judge, restrict_codebook
from framing.learning.judgements import Judgements
from framing.learning.naive import decide_naively, score_naively
from framing.learning.training import Settings, train
from framing.schema import CodedUnit

Judge = Callable[[Sequence[CodedUnit], Sequence[CodedUnit], Codebook, int, int], Judgements]
"""Units to learn from, units held out, codebook, seed and workers to judgements of the latter."""

OURS = "ours"

BY_DEFAULT = "a frame from .5 on, the most probable value"
BY_TUNING = (
    "a threshold a frame and a weight a value, from 3 inner folds, by the functions that choose "
    "ours; the setting, class weights included where there are any, with the best macro-F1 then"
)
BY_OURS = (
    "a threshold a frame and a weight a value, from 5 inner folds; settings by average precision"
)


@dataclass(frozen=True, slots=True)
class System:
    """A way to judge units.

    Attributes
    ----------
    name, title : str
        How it is asked for, and how the table calls it.
    judge : callable or None
        None where it cannot run here.
    decides : str
        How its scores become decisions, for the table's head.
    """

    name: str
    title: str
    judge: Judge | None
    decides: str


Weight = Literal["balanced"] | None
WEIGHTS: tuple[Weight, ...] = (None, "balanced")
"""Of classes: none, or each as much as the others. Bayes weighs them by itself."""


def _make_svm(setting: tuple[float, Weight], seed: int) -> LinearSVC:
    C, weight = setting
    return LinearSVC(C=C, class_weight=weight, random_state=seed)


def _make_bayes(alpha: float, _seed: int) -> ComplementNB:
    return ComplementNB(alpha=alpha)


def _make_descent(setting: tuple[int, float, Weight], seed: int) -> SGDClassifier:
    epochs, alpha, weight = setting
    return SGDClassifier(
        loss="log_loss",
        alpha=alpha,
        class_weight=weight,
        max_iter=epochs,
        tol=None,
        random_state=seed,
    )


def _make_hashing() -> Any:
    """Words, word pairs and pieces of words as fastText has them, each bag of length 1."""
    return make_union(
        HashingVectorizer(ngram_range=(1, 2)),
        HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5)),
    )


SVM = Pipeline(
    partial(TfidfVectorizer, ngram_range=(1, 2), sublinear_tf=True, min_df=2),
    _make_svm,
    tuple(product((0.03, 0.1, 0.3, 1.0, 3.0), WEIGHTS)),
)
BAYES = Pipeline(partial(CountVectorizer, ngram_range=(1, 2)), _make_bayes, (1.0, 0.1, 0.01))
HASHING = Pipeline(
    _make_hashing, _make_descent, tuple(product((5, 20), (1e-4, 1e-5, 1e-6), WEIGHTS))
)


def judge_ours(
    train_units: Sequence[CodedUnit],
    test_units: Sequence[CodedUnit],
    codebook: Codebook,
    seed: int,
    workers: int,
) -> Judgements:
    """Train with default settings, so that all is chosen inside, and judge the units held out."""
    settings = Settings(splits=())
    settings = replace(settings, design=replace(settings.design, seed=seed))
    model, _ = train(train_units, codebook, settings=settings, workers=Workers(workers), version="")
    whole = build_dataset(test_units, codebook)
    known = build_dataset(test_units, restrict_codebook(model))
    return _widen(judge(model, known), known, whole)


def _widen(judged: Judgements, known: Dataset, whole: Dataset) -> Judgements:
    """Give what could not be learnt its place: frames are absent, values are not decided for.

    That such a frame is absent is not sure. Of a target that could not be learnt at all, the first
    value is decided for everywhere.
    """
    probabilities = np.zeros((len(whole), len(whole.frame_ids)))
    decisions, sure = (np.zeros(probabilities.shape, dtype=np.bool_) for _ in range(2))
    places = [whole.frame_ids.index(frame) for frame in known.frame_ids]
    probabilities[:, places], decisions[:, places] = judged.probabilities, judged.decisions
    sure[:, places] = judged.sure
    learnt = {stance.target: stance.values for stance in known.stances}
    stances = {}
    for stance in whole.stances:
        shares, decided = np.zeros((len(whole), len(stance.values))), [stance.values[0]]
        decided = decided * len(whole)
        if stance.target in judged.stances:
            places = [stance.values.index(value) for value in learnt[stance.target]]
            shares[:, places], decided = judged.stances[stance.target]
        stances[stance.target] = (shares, decided)
    return Judgements(probabilities, decisions, sure, stances)


def judge_naive(
    train_units: Sequence[CodedUnit],
    test_units: Sequence[CodedUnit],
    codebook: Codebook,
    seed: int,  # noqa: ARG001  nothing is drawn
    workers: int,  # noqa: ARG001
) -> Judgements:
    """Learn by scikit-learn's defaults; present from a probability of .5 on."""
    dataset = build_dataset([*train_units, *test_units], codebook)
    rows = np.arange(len(dataset))
    scores = score_naively(dataset, rows[: len(train_units)], rows[len(train_units) :])
    return decide_naively(dataset, scores)


def _tune(method: Method) -> Judge:
    def judge_by_method(
        train_units: Sequence[CodedUnit],
        test_units: Sequence[CodedUnit],
        codebook: Codebook,
        seed: int,
        workers: int,  # noqa: ARG001  baselines work in one process
    ) -> Judgements:
        return judge_tuned(method, train_units, test_units, codebook, seed)

    return judge_by_method


def list_systems() -> tuple[System, ...]:
    """List all systems, ours last; fastText cannot run where its package is not installed."""
    module = find_fasttext()
    tuned = (
        ("svm", "TF-IDF + linear SVM, tuned", SVM),
        ("bayes", "complement naive Bayes, tuned", BAYES),
        ("hashing", "hashed words and pieces of words + SGD, tuned", HASHING),
        ("fasttext", "fastText, tuned", FastText(module) if module else None),
    )
    return (
        System("naive", "TF-IDF + logistic regression, defaults", judge_naive, BY_DEFAULT),
        *(
            System(name, title, _tune(method) if method else None, BY_TUNING)
            for name, title, method in tuned
        ),
        System(OURS, "ours", judge_ours, BY_OURS),
    )
