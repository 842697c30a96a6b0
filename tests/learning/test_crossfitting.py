"""Tests of out-of-fold scores: what a fold's units are can change no score of theirs."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from framing.learning.counting import count_ngrams
from framing.learning.crossfitting import (
    Candidate,
    Workers,
    combine,
    fit_candidate,
    gather_scores,
    plan_tasks,
    run_task,
)
from framing.scoring.recipe import FeatureRecipe, NgramBlock

WORDS = FeatureRecipe((NgramBlock("word", 1, 1, min_df=1),))
MIXED = FeatureRecipe((NgramBlock("word", 1, 2), NgramBlock("char_wb", 2, 3)))
CANDIDATES = (
    Candidate(WORDS, 10.0, 10.0),
    Candidate(MIXED, 3.0, 10.0),
    Candidate(WORDS, 10.0, 1.0),
)
VOCABULARY = ["rare", "ore", "mine", "ban", "price", "veto", "dust", "gulf", "levy", "quota"]


@pytest.fixture(scope="module")
def texts():
    rng = np.random.default_rng(0)
    return [" ".join(rng.choice(VOCABULARY, 6)) for _ in range(36)]


@pytest.fixture(scope="module")
def codes(texts):
    return np.array([["ore" in text.split(), "ban" in text.split()] for text in texts], float)


@pytest.fixture(scope="module")
def dataset(lay_out, texts, codes):
    return lay_out(codes, texts=texts, stances=[(("yes", "no"), codes[:, 0].astype(int))])


def score(dataset, folds, candidates=CANDIDATES, *, workers=None):
    counts = count_ngrams(dataset.texts, [candidate.recipe for candidate in CANDIDATES])
    tasks = plan_tasks(np.arange(len(dataset)), folds, candidates, clusters=dataset.clusters)
    results = (workers or Workers()).run(run_task, [(counts, dataset, t, 0) for t in tasks])
    return gather_scores(tasks, results, n_units=len(dataset))


def test_a_fold_is_scored_as_by_scikit_learns_pipeline_trained_on_the_others(dataset, codes):
    folds = np.arange(36) % 3
    scores = score(dataset, folds)[CANDIDATES[0]]
    for fold in range(3):
        held = folds == fold
        pipeline = make_pipeline(
            TfidfVectorizer(sublinear_tf=True),
            LogisticRegression(C=10.0, solver="liblinear", tol=1e-8),
        )
        pipeline.fit(
            [t for t, out in zip(dataset.texts, held, strict=True) if not out], codes[~held, 1]
        )
        expected = pipeline.decision_function(
            [t for t, out in zip(dataset.texts, held, strict=True) if out]
        )
        np.testing.assert_allclose(scores[held, 1], expected, atol=0.02)


def test_codes_of_the_held_out_units_do_not_move_their_scores(dataset):
    folds = np.arange(36) // 9
    held = folds == 2
    turned = dataset.frames.copy()
    turned[held] = 1 - turned[held]
    stance = dataset.stances[0]
    flipped = replace(stance, codes=np.where(held, 1 - stance.codes, stance.codes))
    other = replace(dataset, frames=turned, stances=(flipped,))
    before, after = score(dataset, folds), score(other, folds)
    for candidate in CANDIDATES:
        np.testing.assert_array_equal(before[candidate][held], after[candidate][held])
        assert (before[candidate][~held] != after[candidate][~held]).any()


def test_other_held_out_texts_do_not_move_a_score(dataset):
    folds = np.arange(36) // 9
    texts = list(dataset.texts)
    texts[20] = "quota quota levy"  # of the third fold, as is unit 19
    before, after = score(dataset, folds), score(replace(dataset, texts=tuple(texts)), folds)
    rows = [18, 19, *range(21, 27)]
    for candidate in CANDIDATES:
        np.testing.assert_allclose(before[candidate][rows], after[candidate][rows], atol=1e-12)


def test_tasks_part_the_rows_by_fold_and_recipe():
    rows, folds = np.array([9, 2, 5, 7]), np.array([1, 0, 1, 4])
    tasks = plan_tasks(rows, folds, CANDIDATES, clusters=np.arange(1000))
    assert [task.test.tolist() for task in tasks] == [[2], [2], [9, 5], [9, 5], [7], [7]]
    assert [task.train.tolist() for task in tasks[::2]] == [[9, 5, 7], [2, 7], [9, 2, 5]]
    words, mixed = (CANDIDATES[0], CANDIDATES[2]), (CANDIDATES[1],)
    assert [task.candidates for task in tasks] == [words, mixed] * 3


def test_candidates_that_share_features_are_scored_as_if_alone(dataset):
    folds = np.arange(36) % 2
    together = score(dataset, folds)
    assert list(together) == [CANDIDATES[0], CANDIDATES[2], CANDIDATES[1]]
    for candidate in CANDIDATES:
        alone = score(dataset, folds, (candidate,))
        np.testing.assert_array_equal(together[candidate], alone[candidate])
    first, second = together[CANDIDATES[0]], together[CANDIDATES[2]]
    np.testing.assert_array_equal(first[:, :2], second[:, :2])  # one C for frames
    assert (first[:, 2:] != second[:, 2:]).any()


def test_units_that_were_not_asked_for_have_no_score(dataset):
    counts = count_ngrams(dataset.texts, [WORDS])
    tasks = plan_tasks(np.arange(4, 12), np.arange(8) % 2, CANDIDATES[:1], clusters=np.arange(1000))
    results = [run_task(counts, dataset, task, 0) for task in tasks]
    scores = gather_scores(tasks, results, n_units=36)[CANDIDATES[0]]
    assert np.flatnonzero(~np.isnan(scores).any(axis=1)).tolist() == list(range(4, 12))


def test_a_candidate_fitted_to_rows_scores_as_its_task_does(dataset):
    counts = count_ngrams(dataset.texts, [MIXED])
    train, test = np.arange(24), np.arange(24, 36)
    fitted = fit_candidate(counts, dataset, train, CANDIDATES[1], seed=0)
    (task,) = [
        t
        for t in plan_tasks(
            np.arange(36), np.arange(36) // 24, CANDIDATES[1:2], clusters=np.arange(1000)
        )
        if len(t.test) == 12
    ]
    (expected,) = run_task(counts, dataset, task, 0)
    _, features = counts.transform(MIXED, train, test)
    np.testing.assert_array_equal(fitted.score(features), expected)


def test_results_come_in_order_and_progress_is_told():
    told = []
    workers = Workers(progress=lambda done, total: told.append((done, total)))
    assert workers.run(pow, [(number, 2) for number in range(5)]) == [0, 1, 4, 9, 16]
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_two_workers_give_the_very_scores_of_one(dataset):
    folds, told = np.arange(36) % 3, []
    one = score(dataset, folds)
    two = score(dataset, folds, workers=Workers(2, lambda *progress: told.append(progress)))
    for candidate in CANDIDATES:
        np.testing.assert_array_equal(one[candidate], two[candidate])
    assert told == [(done, 6) for done in range(1, 7)]


def test_candidates_combine_and_are_written_as_signatures_do():
    both = combine(CANDIDATES[1], Candidate(WORDS, 7.0, 0.5))
    assert both == Candidate(MIXED, 3.0, 0.5)
    assert str(both) == "word1-2+char_wb2-3|C:3/0.5"
