"""Tests of searching: every ground by itself, and nothing chosen by what is held out of it."""

from dataclasses import replace

import numpy as np
import pytest

from framing.learning.candidates import Candidate, Search
from framing.learning.counting import count_ngrams
from framing.learning.crossfitting import Job, Workers
from framing.learning.searching import Ground, score_jobs, search_settings
from framing.learning.selection import choose, rate
from framing.scoring.recipe import FeatureRecipe, NgramBlock

WORDS, LETTERS = (
    FeatureRecipe((NgramBlock(analyzer, 1, 1, min_df=1),)) for analyzer in ("word", "char_wb")
)
TARGET = "target 0"
SEARCHES = {
    None: Search(Candidate(LETTERS, C=1.0), {"recipe": (WORDS,), "C": (30.0,)}),
    TARGET: Search(Candidate(WORDS, C=10.0), {"recipe": (LETTERS,), "C": (0.01,)}),
}
CUES, VIEWS = ("late", "nose"), ("party", "moist", "fades")  # of letters that all texts hold
FILL = ["weir", "ferry", "swans", "mayor", "square", "meadow", "towpath", "library"]


@pytest.fixture(scope="module")
def dataset(lay_out):
    """60 units of 20 articles; what they are coded as is a word of theirs, more often than not."""
    rng = np.random.default_rng(0)
    codes, stance = rng.integers(0, 2, (60, 2)).astype(float), rng.integers(0, 3, 60)
    texts = []
    for number in range(60):
        words = [word for word, on in zip(CUES, codes[number], strict=True) if on]
        told = [word for word in [*words, VIEWS[stance[number]]] if rng.random() < 0.8]
        texts.append(" ".join([*rng.choice(FILL, 4), *told]))
    values = ("favor", "oppose", "none")
    return lay_out(codes, texts=texts, stances=[(values, stance)], groups=np.arange(60) // 3)


@pytest.fixture(scope="module")
def counts(dataset):
    return count_ngrams(dataset.texts, [WORDS, LETTERS])


@pytest.fixture(scope="module")
def grounds():
    """All units in three folds, and the first and the last 42 in two: whole articles everywhere."""
    articles = np.arange(60) // 3
    return [
        Ground(np.arange(60), articles % 3),
        Ground(np.arange(42), articles[:42] % 2),
        Ground(np.arange(18, 60), articles[18:] % 2),
    ]


def search(counts, dataset, grounds, searches=SEARCHES, *, metric="average-precision", **options):
    workers = options.pop("workers", Workers())
    return search_settings(
        counts, dataset, grounds, searches, metric=metric, workers=workers, **options
    )


def rate_jobs(counts, dataset, ground, label, candidates, metric="average-precision"):
    jobs = [Job(label, candidate) for candidate in candidates]
    (scores,) = score_jobs(counts, dataset, [ground], [jobs], workers=Workers())
    return {
        job.candidate: rate(label, part, dataset, ground.rows, ground.folds, metric)
        for job, part in scores.items()
    }


def test_what_helps_is_chosen_and_what_hurts_is_not(counts, dataset, grounds):
    (selected,) = search(counts, dataset, grounds[:1])
    assert [job.label for job in selected.jobs] == [None, TARGET]
    frames, stance = (job.candidate for job in selected.jobs)
    assert frames.recipe == WORDS
    assert stance.recipe == WORDS
    assert stance.C == 10.0


@pytest.mark.parametrize("metric", ["average-precision", "macro-f1", "micro-f1"])
def test_each_label_is_searched_along_its_axes_by_the_metric_asked_for(
    counts, dataset, grounds, metric
):
    ground = grounds[0]
    (selected,) = search(counts, dataset, [ground], metric=metric)
    for job, (label, space) in zip(selected.jobs, SEARCHES.items(), strict=True):
        rated = rate_jobs(counts, dataset, ground, label, space.list_candidates(), metric)
        picked = choose(space, rated)
        rated |= rate_jobs(counts, dataset, ground, label, [picked], metric)
        better = rated[picked].sum() >= rated[space.usual].sum()
        assert job == Job(label, picked if better else space.usual)


def test_scores_are_those_of_what_was_chosen_side_by_side(counts, dataset, grounds):
    for ground, selected in zip(grounds, search(counts, dataset, grounds), strict=True):
        assert selected.scores.shape == (60, 5)
        (scores,) = score_jobs(counts, dataset, [ground], [selected.jobs], workers=Workers())
        expected = np.hstack([scores[job] for job in selected.jobs])
        np.testing.assert_allclose(selected.scores, expected, atol=0.02)
        known = np.flatnonzero(~np.isnan(selected.scores).any(axis=1))
        assert known.tolist() == ground.rows.tolist()
        assert np.isnan(selected.scores).any(axis=1).sum() == 60 - len(ground.rows)


def test_grounds_are_searched_as_if_alone(counts, dataset, grounds):
    together = search(counts, dataset, grounds)
    for ground, ours in zip(grounds, together, strict=True):
        (alone,) = search(counts, dataset, [ground])
        assert ours.jobs == alone.jobs
        np.testing.assert_array_equal(ours.scores, alone.scores)


def test_what_lies_off_a_ground_does_not_matter(counts, dataset, grounds):
    turned = dataset.frames.copy()
    turned[42:] = 1 - turned[42:]
    stance = dataset.stances[0]
    moved = replace(stance, codes=np.where(np.arange(60) < 42, stance.codes, 2 - stance.codes))
    other = replace(dataset, frames=turned, stances=(moved,))
    before, after = (search(counts, data, grounds)[1] for data in (dataset, other))
    assert before.jobs == after.jobs
    np.testing.assert_array_equal(before.scores, after.scores)
    (before,), (after,) = (search(counts, data, grounds[2:]) for data in (dataset, other))
    assert np.nanmax(np.abs(before.scores - after.scores)) > 0.1


def test_labels_do_not_get_into_each_others_way(counts, dataset, grounds):
    (together,) = search(counts, dataset, grounds[:1])
    for place, (label, columns) in enumerate(((None, slice(0, 2)), (TARGET, slice(2, 5)))):
        (alone,) = search(counts, dataset, grounds[:1], {label: SEARCHES[label]})
        assert alone.jobs == together.jobs[place : place + 1]
        np.testing.assert_allclose(alone.scores, together.scores[:, columns], atol=0.02)


def test_a_search_of_one_setting_takes_it(counts, dataset, grounds):
    only = Candidate(LETTERS, C=0.1)
    (selected,) = search(counts, dataset, grounds[:1], {None: Search(only, {})})
    assert selected.jobs == (Job(None, only),)
    assert not np.isnan(selected.scores).any()


class Ratings:
    """Stands in for `rate`, with ratings by the setting that scores are of."""

    def __init__(self, monkeypatch, ratings):
        self.ratings = {str(candidate): values for candidate, values in ratings.items()}
        self.rated = []
        monkeypatch.setattr("framing.learning.searching._rate", self)

    def __call__(self, job, scores, dataset, ground, metric):
        self.rated.append((str(job.candidate), len(ground.rows)))
        return np.array(self.ratings[str(job.candidate)])


USUAL, LOOSE = (Candidate(LETTERS, C=C) for C in (1.0, 30.0))
RECIPE, BOTH = (Candidate(WORDS, C=C) for C in (1.0, 30.0))


@pytest.mark.parametrize(
    ("together", "wins"), [([0.9, 0.9], True), ([0.5, 0.5], True), ([0.4, 0.55], False)]
)
def test_what_is_best_along_each_axis_is_tried_as_a_whole(
    counts, dataset, grounds, monkeypatch, together, wins
):
    told = {USUAL: [0.5, 0.5], RECIPE: [0.6, 0.6], LOOSE: [0.7, 0.7], BOTH: together}
    ratings = Ratings(monkeypatch, told)
    (selected,) = search(counts, dataset, grounds[1:2], {None: SEARCHES[None]})
    assert selected.jobs == (Job(None, BOTH if wins else USUAL),)
    assert [name for name, _ in ratings.rated[3:]] == [str(BOTH)]
    (scores,) = score_jobs(counts, dataset, grounds[1:2], [selected.jobs], workers=Workers())
    np.testing.assert_allclose(selected.scores, scores[selected.jobs[0]], atol=0.02)


def test_what_was_tried_already_is_not_tried_again(counts, dataset, grounds, monkeypatch):
    told = {USUAL: [0.5, 0.5], RECIPE: [0.4, 0.4], LOOSE: [0.7, 0.7]}
    ratings, progress = Ratings(monkeypatch, told), []
    workers = Workers(progress=lambda *counted: progress.append(counted))
    (selected,) = search(counts, dataset, grounds[1:2], {None: SEARCHES[None]}, workers=workers)
    assert selected.jobs == (Job(None, LOOSE),)
    assert len(ratings.rated) == 3
    assert progress == [(done, 4) for done in range(1, 5)]  # two folds of two recipes


@pytest.mark.parametrize("most", [None, 60, 100])
def test_a_ground_that_is_small_enough_is_searched_whole(counts, dataset, grounds, most):
    (ours,) = search(counts, dataset, grounds[:1], most_units=most)
    (expected,) = search(counts, dataset, grounds[:1])
    assert ours.jobs == expected.jobs
    np.testing.assert_array_equal(ours.scores, expected.scores)


@pytest.mark.parametrize(("most", "held"), [(30, 30), (31, 30), (59, 57)])
def test_of_a_large_ground_whole_articles_are_searched(
    counts, dataset, grounds, monkeypatch, most, held
):
    told = {USUAL: [0.5, 0.5], RECIPE: [0.6, 0.6], LOOSE: [0.4, 0.4]}
    ratings = Ratings(monkeypatch, told)
    (selected,) = search(counts, dataset, grounds[:1], {None: SEARCHES[None]}, most_units=most)
    assert sorted(ratings.rated) == sorted((str(c), held) for c in (USUAL, RECIPE, LOOSE))
    # What was chosen scores all units, trained on all.
    assert selected.jobs == (Job(None, RECIPE),)
    (scores,) = score_jobs(counts, dataset, grounds[:1], [selected.jobs], workers=Workers())
    np.testing.assert_allclose(selected.scores, scores[selected.jobs[0]], atol=0.02)


def sample(counts, dataset, ground, monkeypatch, **options):
    """Return the ground that a search looks at."""
    seen = []

    def note(job, scores, dataset, ground, metric):
        seen.append(ground)
        return np.array([0.5, 0.5])

    with monkeypatch.context() as patched:
        patched.setattr("framing.learning.searching._rate", note)
        search(counts, dataset, [ground], {None: Search(USUAL, {})}, **options)
    return seen[0]


def test_the_seed_draws_the_sample(counts, dataset, grounds, monkeypatch):
    options = {"counts": counts, "dataset": dataset, "monkeypatch": monkeypatch, "most_units": 30}
    drawn = [sample(ground=grounds[0], seed=seed, **options).rows.tolist() for seed in (0, 0, 1, 2)]
    assert drawn[0] == drawn[1]
    assert len({tuple(rows) for rows in drawn}) == 3


def test_an_article_too_large_for_the_sample_is_passed_over(counts, dataset, monkeypatch):
    groups = np.where(np.arange(60) < 40, 0, np.arange(60))  # one of forty units, others of one
    uneven = replace(dataset, groups=np.unique(groups, return_inverse=True)[1])
    ground = Ground(np.arange(60), np.where(np.arange(60) < 40, 0, np.arange(60) % 3))
    for seed in range(10):
        rows = sample(counts, uneven, ground, monkeypatch, most_units=15, seed=seed).rows
        assert len(rows) == 15
        assert rows.min() >= 40


def test_a_sample_of_one_fold_is_none(counts, dataset, monkeypatch):
    groups = np.repeat([0, 1, 2], [25, 5, 30])
    few = replace(dataset, groups=groups)
    ground = Ground(np.arange(60), np.where(groups == 2, 1, 0))
    assert sample(counts, few, ground, monkeypatch, most_units=29) is ground


def test_grounds_share_the_articles_that_are_sampled(counts, dataset, grounds, monkeypatch):
    seen = []

    def note(job, scores, dataset, ground, metric):
        seen.append(ground)
        return np.array([0.5, 0.5])

    monkeypatch.setattr("framing.learning.searching._rate", note)
    only = {None: Search(USUAL, {})}
    search(counts, dataset, grounds[:2], only, most_units=21)
    whole, part = seen[0], seen[1]
    assert len(whole.rows) == len(part.rows) == 21
    whole_articles, part_articles = (set(dataset.groups[g.rows]) for g in (whole, part))
    assert all(np.sum(dataset.groups[whole.rows] == article) == 3 for article in whole_articles)
    # The second ground draws on in the same order where the first took articles that it lacks.
    assert {article for article in whole_articles if article < 14} <= part_articles
    for ground, sample in zip(grounds[:2], (whole, part), strict=True):
        folds = dict(zip(ground.rows.tolist(), ground.folds.tolist(), strict=True))
        assert [folds[row] for row in sample.rows.tolist()] == sample.folds.tolist()


def test_three_workers_choose_and_score_as_one(counts, dataset, grounds):
    options = {"most_units": 45, "metric": "macro-f1"}
    one = search(counts, dataset, grounds[:2], **options)
    three = search(counts, dataset, grounds[:2], workers=Workers(3), **options)
    for ours, theirs in zip(one, three, strict=True):
        assert ours.jobs == theirs.jobs
        np.testing.assert_array_equal(ours.scores, theirs.scores)


def test_labels_with_one_search_are_told_apart(counts, dataset, grounds, monkeypatch):
    def rate_by_label(job, scores, dataset, ground, metric):
        better = "recipe" if job.label is None else "C"
        gains = {RECIPE: better == "recipe", LOOSE: better == "C"}
        return np.array([0.5, 0.5]) + 0.1 * gains.get(job.candidate, 0)

    monkeypatch.setattr("framing.learning.searching._rate", rate_by_label)
    same = dict.fromkeys((None, TARGET), SEARCHES[None])
    (selected,) = search(counts, dataset, grounds[1:2], same)
    assert selected.jobs == (Job(None, RECIPE), Job(TARGET, LOOSE))


def test_copies_are_not_trained_on_for_each_other(counts, dataset, grounds):
    copied = replace(dataset, clusters=np.where(np.arange(60) == 3, 0, np.arange(60)))
    turned = copied.frames.copy()
    turned[3] = 1 - turned[3]  # a copy of unit 0, of another fold
    jobs = [[Job(None, USUAL)]]
    for data, same in ((copied, True), (dataset, False)):
        scores = [
            score_jobs(counts, version, grounds[:1], jobs, workers=Workers())[0][jobs[0][0]][0]
            for version in (data, replace(data, frames=turned))
        ]
        assert np.array_equal(*scores) is same


def test_jobs_are_scored_ground_by_ground(counts, dataset, grounds):
    jobs = [[Job(None, USUAL)], [], [Job(TARGET, USUAL), Job(None, LOOSE)]]
    scores = score_jobs(counts, dataset, grounds, jobs, workers=Workers())
    assert [list(own) for own in scores] == [jobs[0], [], jobs[2]]
    assert scores[2][jobs[2][0]].shape == (60, 3)
    known = [np.flatnonzero(~np.isnan(part).any(axis=1)) for own in scores for part in own.values()]
    assert [rows.tolist() for rows in known] == [
        grounds[place].rows.tolist() for place in (0, 2, 2)
    ]
