"""Tests of out-of-fold scores: what a fold's units are can change no score of theirs."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from framing.learning.candidates import Candidate
from framing.learning.counting import count_ngrams
from framing.learning.crossfitting import (
    FoldTask,
    Job,
    Workers,
    fit_jobs,
    gather_scores,
    list_labels,
    plan_tasks,
    prepare,
    run_task,
)
from framing.learning.priors import Prior
from framing.scoring.recipe import FeatureRecipe, NgramBlock

WORDS = FeatureRecipe((NgramBlock("word", 1, 1, min_df=1),))
MIXED = FeatureRecipe((NgramBlock("word", 1, 2), NgramBlock("char_wb", 2, 3)))
TARGET = "target 0"
JOBS = (
    Job(None, Candidate(WORDS, C=10.0)),
    Job(TARGET, Candidate(MIXED, C=3.0, emphasis=0.5, polarity=2.0)),
    Job(None, Candidate(MIXED, C=3.0, emphasis=0.5, prior=2.0)),
    Job(TARGET, Candidate(WORDS, C=1.0)),
    Job(None, Candidate(WORDS, C=1.0, balanced=True)),
)
VOCABULARY = ["rare", "ore", "mine", "ban", "good", "bad", "dust", "gulf", "levy", "quota"]
EACH = np.arange(1000)
"""Clusters of units that copy nobody."""


@pytest.fixture(scope="module")
def texts():
    rng = np.random.default_rng(0)
    return [" ".join(rng.choice(VOCABULARY, 6)) for _ in range(36)]


@pytest.fixture(scope="module")
def codes(texts):
    return np.array([["ore" in text.split(), "ban" in text.split()] for text in texts], float)


@pytest.fixture(scope="module")
def dataset(lay_out, texts, codes):
    prior = Prior(("ore mine", "ban quota"), np.eye(2))
    stance = (("yes", "no"), codes[:, 0].astype(int))
    return lay_out(codes, texts=texts, stances=[stance], prior=prior)


def count(dataset):
    recipes = [job.candidate.features for job in JOBS]
    return count_ngrams(dataset.all_texts, recipes)


def score(dataset, folds, jobs=JOBS, *, workers=None, threads=False):
    counts = count(dataset)
    tasks = plan_tasks(np.arange(len(dataset)), folds, jobs, clusters=dataset.clusters)
    arguments = [(counts, dataset, task) for task in tasks]
    results = (workers or Workers()).run(run_task, arguments, threads=threads)
    return gather_scores(tasks, results, n_units=len(dataset))


def test_a_fold_is_scored_as_by_scikit_learns_pipeline_trained_on_the_others(dataset, codes):
    folds = np.arange(36) % 3
    scores = score(dataset, folds)[JOBS[0]]
    assert scores.shape == (36, 2)
    for fold in range(3):
        held = folds == fold
        pipeline = make_pipeline(
            TfidfVectorizer(sublinear_tf=True),
            LogisticRegression(C=10.0, solver="liblinear", intercept_scaling=1, tol=1e-8),
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
    for job in JOBS:
        np.testing.assert_array_equal(before[job][held], after[job][held])
        assert (before[job][~held] != after[job][~held]).any()


def test_other_held_out_texts_do_not_move_a_score(dataset):
    folds = np.arange(36) // 9
    texts = list(dataset.texts)
    texts[20] = "quota quota levy bad"  # of the third fold, as is unit 19
    before, after = score(dataset, folds), score(replace(dataset, texts=tuple(texts)), folds)
    rows = [18, 19, *range(21, 27)]
    for job in JOBS:
        np.testing.assert_allclose(before[job][rows], after[job][rows], atol=1e-3)
        assert np.abs(before[job][20] - after[job][20]).max() > 1e-2


def test_copies_of_a_held_out_unit_do_not_move_its_score(dataset):
    folds = np.arange(36) % 2
    copied = replace(dataset, clusters=np.where(np.arange(36) == 7, 4, np.arange(36)))
    turned = copied.frames.copy()
    turned[7] = 1 - turned[7]
    before, after = score(copied, folds), score(replace(copied, frames=turned), folds)
    np.testing.assert_array_equal(before[JOBS[0]][folds == 0], after[JOBS[0]][folds == 0])
    before, after = score(dataset, folds), score(replace(dataset, frames=turned), folds)
    assert (before[JOBS[0]][folds == 0] != after[JOBS[0]][folds == 0]).any()


def test_tasks_part_the_rows_by_fold_and_what_is_counted():
    rows, folds = np.array([9, 2, 5, 7]), np.array([1, 0, 1, 4])
    tasks = plan_tasks(rows, folds, JOBS, clusters=EACH)
    assert [task.test.tolist() for task in tasks] == [[2]] * 3 + [[9, 5]] * 3 + [[7]] * 3
    assert [task.train.tolist() for task in tasks[::3]] == [[9, 5, 7], [2, 7], [9, 2, 5]]
    words, sharing, mixed = (JOBS[0], JOBS[3], JOBS[4]), JOBS[1:2], JOBS[2:3]
    assert [task.jobs for task in tasks] == [words, sharing, mixed] * 3
    (first, *_) = plan_tasks(rows, folds, JOBS[:1], clusters=np.where(EACH == 9, 2, EACH))
    assert first.train.tolist() == [5, 7]  # unit 9 copies unit 2


def test_jobs_that_share_features_are_scored_as_if_alone(dataset):
    folds = np.arange(36) % 2
    together = score(dataset, folds)
    assert set(together) == set(JOBS)
    for job in JOBS:
        alone = score(dataset, folds, (job,))
        assert list(alone) == [job]
        np.testing.assert_allclose(together[job], alone[job], atol=0.02)
    loose, tight = together[JOBS[0]], together[JOBS[4]]
    assert np.abs(loose - tight).max() > 0.1


def test_a_tasks_scores_are_in_the_order_of_its_jobs(dataset):
    counts, rows = count(dataset), np.arange(36)
    found = [
        run_task(counts, dataset, FoldTask(rows[:24], rows[24:], jobs))
        for jobs in (JOBS, JOBS[::-1])
    ]
    for ours, turned in zip(found[0], found[1][::-1], strict=True):
        assert ours.shape == (12, 2)
        np.testing.assert_allclose(ours, turned, atol=0.02)


def test_units_that_were_not_asked_for_have_no_score(dataset):
    counts = count(dataset)
    tasks = plan_tasks(np.arange(4, 12), np.arange(8) % 2, JOBS[:1], clusters=EACH)
    results = [run_task(counts, dataset, task) for task in tasks]
    scores = gather_scores(tasks, results, n_units=36)[JOBS[0]]
    assert np.flatnonzero(~np.isnan(scores).any(axis=1)).tolist() == list(range(4, 12))
    assert np.isnan(scores[12:]).all()


def test_jobs_fitted_to_rows_score_as_their_task_does(dataset):
    counts, train, test = count(dataset), np.arange(24), np.arange(24, 36)
    fitted = dict(fit_jobs(counts, dataset, train, JOBS))
    expected = run_task(counts, dataset, FoldTask(train, test, JOBS))
    assert set(fitted) == set(JOBS)
    for job, scores in zip(JOBS, expected, strict=True):
        _, features = counts.transform(job.candidate.features, train, test)
        ours = fitted[job].score(features.astype(np.float32))
        np.testing.assert_array_equal(ours, scores)


def test_material_is_learnt_from_training_rows_alone(dataset):
    counts, train = count(dataset), np.arange(20)
    sharing = JOBS[1].candidate.features
    material, (one, other) = prepare(
        counts, dataset, sharing, train, np.array([30, 21]), np.array([35])
    )
    features, told, second = counts.transform(
        sharing, train, dataset.prior_rows, np.array([30, 21])
    )
    for found, expected in ((material.features, features), (material.told, told), (one, second)):
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found.toarray(), expected.toarray().astype(np.float32))
    np.testing.assert_array_equal(material.shares.toarray(), counts.share(sharing, train).toarray())
    assert material.told.shape[0] == 2
    assert other.shape == (1, features.shape[1])
    assert material.shares.shape == (features.shape[1], 2)


def test_pseudo_units_teach_frames_where_the_job_says_so(dataset):
    counts, train, test = count(dataset), np.arange(24), np.arange(24, 36)
    turned = replace(dataset, prior=replace(dataset.prior, frames=np.eye(2)[::-1]))
    ours, other = (
        run_task(counts, data, FoldTask(train, test, JOBS)) for data in (dataset, turned)
    )
    same = [np.array_equal(*pair) for pair in zip(ours, other, strict=True)]
    assert same == [True, True, False, True, True]


def test_labels_are_the_frames_and_each_target(lay_out, dataset):
    assert list_labels(dataset) == [None, TARGET]
    stances = [(("yes", "no"), [0, 1]), (("yes", "no"), [1, 0])]
    assert list_labels(lay_out(stances=stances)) == [TARGET, "target 1"]
    assert list_labels(lay_out(np.zeros((2, 1)))) == [None]


def test_runs_may_be_told_in_one_account():
    told = []
    workers = Workers(progress=lambda done, total: told.append((done, total))).expect(5)
    for _ in range(2):
        workers.run(abs, [(n,) for n in range(2)])
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5)]
    assert Workers(2).expect(5) == Workers(2)


def test_results_come_in_order_and_progress_is_told():
    told = []
    workers = Workers(progress=lambda done, total: told.append((done, total)))
    assert workers.run(pow, [(number, 2) for number in range(5)]) == [0, 1, 4, 9, 16]
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


@pytest.mark.parametrize("threads", [False, True])
def test_two_workers_give_results_in_order_however_long_each_takes(threads):
    tasks = [(range(length),) for length in (30_000_000, 3, 2, 4, 1)]
    assert Workers(2).run(sum, tasks, threads=threads)[1:] == [3, 1, 6, 0]


@pytest.mark.parametrize("threads", [False, True])
def test_two_workers_give_the_very_scores_of_one(dataset, threads):
    folds, told = np.arange(36) % 3, []
    one = score(dataset, folds)
    workers = Workers(2, lambda *progress: told.append(progress))
    two = score(dataset, folds, workers=workers, threads=threads)
    for job in JOBS:
        np.testing.assert_array_equal(one[job], two[job])
    assert told == [(done, 9) for done in range(1, 10)]


def test_threads_share_what_they_work_on_and_processes_do_not():
    held = []
    Workers(2).run(held.append, [(1,), (2,)], threads=True)
    assert sorted(held) == [1, 2]
    Workers(2).run(held.append, [(3,), (4,)])
    assert sorted(held) == [1, 2]
    Workers(2).run(held.append, [(5,)])  # for which no process is worth its while
    assert sorted(held) == [1, 2, 5]


def test_what_a_task_raises_is_raised():
    for workers, threads in ((Workers(), False), (Workers(2), False), (Workers(2), True)):
        with pytest.raises(ZeroDivisionError):
            workers.run(divmod, [(4, 2), (1, 0)], threads=threads)
