"""A baseline with its settings chosen by cross-validation inside what it may learn from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from threadpoolctl import threadpool_limits

from compared.questions import FAR, Group, list_groups
from compared.rules import Rule, fit_rule, join_verdicts
from framing.coding.scheme import Codebook
from framing.learning.dataset import NOT_CODED, Dataset, FloatArray, IntArray, build_dataset
from framing.learning.judgements import Judgements
from framing.learning.splits import assign_folds, hold_out
from framing.schema import CodedUnit

N_INNER_FOLDS = 3


@dataclass(frozen=True, slots=True)
class Tuned:
    """What was chosen for a group: a setting, and how its scores are read."""

    setting: Any
    rule: Rule


class Method(Protocol):
    """A way of scoring texts, with the settings that it is tried with, the plainest first."""

    @property
    def settings(self) -> Sequence[Any]:
        """What tuning chooses among."""

    def prepare(self, train: list[str], test: list[str]) -> tuple[Any, Any]:
        """Turn texts to learn from and texts held out into features."""

    def score(
        self, train: Any, codes: IntArray, test: Any, *, n_values: int, setting: Any, seed: int
    ) -> FloatArray:
        """Learn codes (n, Q) and return scores (m, Q, V) of what is held out."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A vectoriser and a linear classifier of scikit-learn, one classifier a question.

    Attributes
    ----------
    make_vectorizer : callable
    make_classifier : callable
        Setting and seed to a classifier.
    settings : tuple
    """

    make_vectorizer: Callable[[], Any]
    make_classifier: Callable[[Any, int], Any]
    settings: tuple[Any, ...]

    def prepare(self, train: list[str], test: list[str]) -> tuple[Any, Any]:
        """Fit the vectoriser on what may be learnt from alone."""
        vectorizer = self.make_vectorizer()
        return vectorizer.fit_transform(train), vectorizer.transform(test)

    def score(
        self, train: Any, codes: IntArray, test: Any, *, n_values: int, setting: Any, seed: int
    ) -> FloatArray:
        """Fit a classifier a question on the coded units, and score the others."""
        scores = np.zeros((test.shape[0], codes.shape[1], n_values))
        for question, column in enumerate(codes.T):
            coded = np.flatnonzero(column != NOT_CODED)
            seen = np.unique(column[coded])
            if not len(seen):
                continue
            scores[:, question] = -FAR
            if len(seen) == 1:
                scores[:, question, seen] = 0.0
                continue
            model = self.make_classifier(setting, seed).fit(train[coded], column[coded])
            scores[:, question, seen] = _score_values(model, test)
        return scores


def _score_values(model: Any, features: Any) -> FloatArray:
    """Scores (m, values): distances to the planes, or joint log-likelihoods."""
    if not hasattr(model, "decision_function"):
        return np.asarray(model.predict_joint_log_proba(features))
    scores = np.asarray(model.decision_function(features))
    return np.column_stack([-scores, scores]) / 2.0 if scores.ndim == 1 else scores


def judge_tuned(
    method: Method,
    train_units: Sequence[CodedUnit],
    test_units: Sequence[CodedUnit],
    codebook: Codebook,
    seed: int,
) -> Judgements:
    """Tune on the units to learn from, learn all of them, and judge the others."""
    dataset = build_dataset(train_units, codebook)
    groups = list_groups(dataset)
    held = [unit.paragraph.text for unit in test_units]
    with threadpool_limits(1):
        chosen = tune(method, dataset, groups, seed=seed)
        train, test = method.prepare(list(dataset.texts), held)
        scores = [
            method.score(
                train, group.codes, test, n_values=len(group.values), setting=one.setting, seed=seed
            )
            for group, one in zip(groups, chosen, strict=True)
        ]
    verdicts = [one.rule.read(part) for one, part in zip(chosen, scores, strict=True)]
    return join_verdicts(groups, verdicts, n_units=len(held))


def tune(method: Method, dataset: Dataset, groups: Sequence[Group], *, seed: int) -> list[Tuned]:
    """Choose the setting with the best macro-F1 for each group, over inner folds by article.

    Every setting is decided by thresholds, or weights, of its own. Copies of a unit stay on one
    side. Of equals the first is taken.
    """
    assigned = assign_folds(dataset, "grouped", n_folds=N_INNER_FOLDS, seed=seed)
    pairs = hold_out(np.arange(len(dataset)), assigned, dataset.clusters)
    parts = [_score_settings(method, dataset, groups, pair, seed=seed) for pair in pairs]
    rows = np.concatenate([test for _, test in pairs])
    chosen = []
    for number, group in enumerate(groups):
        scores = [
            np.concatenate([part[number][s] for part in parts]) for s in range(len(method.settings))
        ]
        rules = [fit_rule(dataset, group, rows, part) for part in scores]
        figures = [
            group.measure(rows, rule.read(part).decided)
            for rule, part in zip(rules, scores, strict=True)
        ]
        best = int(np.argmax(figures))
        chosen.append(Tuned(method.settings[best], rules[best]))
    return chosen


def _score_settings(
    method: Method,
    dataset: Dataset,
    groups: Sequence[Group],
    pair: tuple[IntArray, IntArray],
    *,
    seed: int,
) -> list[list[FloatArray]]:
    """Scores (k, Q, V) of one inner fold, by group and setting; the features are made once."""
    rows = pair[0]
    train, test = method.prepare(*([dataset.texts[row] for row in part] for part in pair))
    return [
        [
            method.score(
                train,
                group.codes[rows],
                test,
                n_values=len(group.values),
                setting=setting,
                seed=seed,
            )
            for setting in method.settings
        ]
        for group in groups
    ]
