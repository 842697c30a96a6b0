"""Tests of honesty: planted leaks, permuted labels, and labels that a fold must not see."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from framing.learning import crossvalidation
from framing.learning.candidates import MARKS, TARGETED, Candidate, Search
from framing.learning.crossfitting import Job, Workers, list_labels
from framing.learning.crossvalidation import (
    cross_validate,
    fit_heads_to,
    judge_crossed,
    judge_naively,
    judge_nested,
    judge_scores,
    select_jobs,
)
from framing.learning.design import Design
from framing.learning.judgements import report_split
from framing.learning.priors import Prior
from framing.learning.searching import search_settings
from framing.learning.splits import assign_folds
from framing.learning.training import count_dataset
from framing.scoring.recipe import FeatureRecipe

NOISE = [f"{first}{second}" for first in ("ore", "dust", "gulf", "veto") for second in "aeiouy"]
VALUES = ("favor", "oppose")


@pytest.fixture(scope="module")
def search(words):
    return Search(Candidate(words, C=100.0), {"C": (1.0,)})


@pytest.fixture(scope="module")
def wide(words):
    """Everything at once that learns from codes: ratios, pseudo-units, shared weights, balance."""
    usual = Candidate(words, 10.0, emphasis=1.0, prior=1.0, polarity=2.0, balanced=True)
    return Search(usual, {"recipe": (FeatureRecipe((*words.blocks, MARKS)),), "C": (0.3,)})


@pytest.fixture(scope="module")
def planted(lay_out):
    """60 articles of 4 units; each has a word and, at random, a code of its own."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(60), 4)
    codes = rng.permutation(np.arange(60) < 18).astype(int)[groups]
    texts = [f"{rng.choice(NOISE)} signature{g}" for g in groups]
    return lay_out(codes, groups=groups, texts=texts, stances=[(VALUES, codes)])


@pytest.fixture(scope="module")
def separable(lay_out):
    """Twelve articles of four units that say outright what they are, and are not coded for all."""
    codes = np.tile([[1, 0], [0, 1], [1, 1], [0, 0]], (12, 1)).astype(float)
    texts = ["fire", "ice", "fire ice", "calm"] * 12
    stance = codes[:, 0].astype(int)
    codes[::7, 0] = codes[::5, 1] = np.nan
    stance[::9] = -1
    sources = [f"source {n // 16}" for n in range(48)]
    return lay_out(
        codes, groups=np.arange(48) // 4, texts=texts, sources=sources, stances=[(VALUES, stance)]
    )


def plan(dataset, search):
    """Give the frames and every target the same search."""
    return dict.fromkeys(list_labels(dataset), search)


def take_usual(dataset, search):
    return tuple(Job(label, search.usual) for label in list_labels(dataset))


def run(dataset, split, search, *, nested=True, **design):
    searches = plan(dataset, search)
    design = Design(**{"n_folds": 4, "n_inner_folds": 3, "resamples": 20, **design})
    choice = searches if nested else take_usual(dataset, search)
    counts = count_dataset(dataset, searches)
    return cross_validate(counts, dataset, split, choice, design=design, workers=Workers())


def judge(dataset, folds, search, *, nested=True, **design):
    searches = plan(dataset, search)
    design = Design(**{"n_folds": 4, "n_inner_folds": 2, **design})
    counts, options = count_dataset(dataset, searches), {"design": design, "workers": Workers()}
    if nested:
        return judge_nested(counts, dataset, folds, searches, **options)
    return judge_crossed(counts, dataset, folds, take_usual(dataset, search), **options)


def match(ours, theirs, rows):
    """Tell whether two judgements say the same of some rows, to the last digit."""
    same = [
        (getattr(ours, part)[rows] == getattr(theirs, part)[rows]).all()
        for part in ("probabilities", "decisions", "sure")
    ]
    for target, (shares, decided) in ours.stances.items():
        other_shares, others = theirs.stances[target]
        same += [(shares[rows] == other_shares[rows]).all()]
        same += [(np.array(decided)[rows] == np.array(others)[rows]).all()]
    return all(same)


def test_what_an_article_betrays_is_of_no_use_where_articles_are_held_out(planted, search):
    honest = run(planted, "grouped", search)
    flattered = run(planted, "random", search, nested=False)
    prevalence = 0.3
    assert honest.frames.micro.average_precision.value < prevalence + 0.08
    assert flattered.frames.micro.average_precision.value > 0.9
    # Finding the frame everywhere has an F1 of 2p / (1 + p), and that needs no leak.
    assert honest.frames.micro.f1.value < 2 * prevalence / (1 + prevalence) + 0.03
    assert flattered.frames.micro.f1.value > 0.9
    # Were articles parted inside a fold, it would trust what it has learnt by heart.
    assert honest.frames.micro.calibration_error.value < 0.12
    assert honest.stances["target 0"].calibration_error.value < 0.12
    assert honest.stances["target 0"].macro_f1.value < 0.6
    assert flattered.stances["target 0"].macro_f1.value > 0.9
    assert honest.naive_frames.micro.average_precision.value < prevalence + 0.08


def test_labels_at_random_rank_no_better_than_chance(lay_out, search):
    found = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        codes = rng.permutation(np.arange(180) < 60)
        texts = [" ".join(rng.choice(NOISE, 5)) for _ in range(180)]
        dataset = lay_out(codes, groups=np.arange(180) // 3, texts=texts)
        found.append(run(dataset, "grouped", search).frames.macro.average_precision.value)
    assert np.mean(found) == pytest.approx(1 / 3, abs=0.05)


@pytest.fixture(scope="module")
def told(lay_out):
    """16 articles of 4 units whose words, marks and mentions all betray codes, but not always."""
    rng = np.random.default_rng(4)
    codes = (rng.random((64, 2)) < 0.4).astype(float)
    stance = rng.integers(0, 2, 64)
    words = [
        [
            *rng.choice(NOISE, 3),
            *(["levy!"] if row[0] and rng.random() < 0.7 else []),
            *(["crack"] if row[1] and rng.random() < 0.7 else []),
            *([("praised", "reckless")[value]] if rng.random() < 0.6 else []),
            rng.choice(["Ann", "Bo"]),
        ]
        for row, value in zip(codes, stance, strict=True)
    ]
    codes[3, 0] = codes[7, 1] = np.nan
    stance[5] = -1
    return lay_out(
        codes,
        groups=np.arange(64) // 4,
        texts=[" ".join(row) for row in words],
        mentions=[row[-1] for row in words],
        stances=[(VALUES, stance)],
        prior=Prior(("levy", "cracks and danger"), np.eye(2)),
    )


def turn_codes(dataset, held):
    """Turn every code of some rows, and code what was not coded there."""
    (stance,) = dataset.stances
    codes = np.where(stance.codes < 0, 1, 1 - stance.codes)
    return replace(
        dataset,
        frames=np.where(held[:, None], np.nan_to_num(1 - dataset.frames), dataset.frames),
        stances=(replace(stance, codes=np.where(held, codes, stance.codes)),),
    )


@pytest.mark.parametrize("metric", ["macro-f1", "average-precision"])
def test_codes_of_the_held_out_fold_decide_nothing_about_it(told, wide, metric):
    folds = assign_folds(told, "grouped", n_folds=4, seed=0)
    held = folds == 1
    before, after = (
        judge(data, folds, wide, optimise=metric, precision=0.7)
        for data in (told, turn_codes(told, held))
    )
    assert match(before, after, held)
    assert (before.probabilities[~held] != after.probabilities[~held]).any()
    assert before.sure.any()
    assert not before.sure.all()


def test_a_sample_is_searched_of_what_is_trained_on_alone(told, wide):
    folds = assign_folds(told, "grouped", n_folds=4, seed=0)
    held = folds == 1
    before, after, whole = (
        judge(data, folds, wide, most_searched=units)
        for data, units in ((told, 16), (turn_codes(told, held), 16), (told, 64))
    )
    assert match(before, after, held)
    assert not match(before, after, ~held)
    assert not match(before, whole, held)


def test_codes_of_the_held_out_fold_are_not_seen_where_mentions_are(told):
    search = Search(Candidate(TARGETED, C=1.0, emphasis=0.5, polarity=3.0), {"C": (10.0,)})
    dataset = replace(
        told, frames=np.zeros((64, 0)), frame_ids=(), prior=Prior((), np.zeros((0, 0)))
    )
    folds = assign_folds(told, "grouped", n_folds=4, seed=0)
    held = folds == 1
    before, after = (judge(data, folds, search) for data in (dataset, turn_codes(dataset, held)))
    assert match(before, after, held)
    assert not match(before, after, ~held)


def test_a_unit_is_judged_alike_whatever_else_its_fold_holds(told, wide):
    # Nor may terms, their idf or the length of vectors come from what is held out.
    folds = assign_folds(told, "grouped", n_folds=4, seed=0)
    held = np.flatnonzero(folds == 2)
    asked, others = held[0], set(held[1:])
    texts = tuple("ore levy! " * 3 if n in others else text for n, text in enumerate(told.texts))
    before = judge(told, folds, wide)
    after = judge(replace(told, texts=texts), folds, wide)
    assert match(before, after, [asked])
    assert not match(before, after, held[1:])


def test_what_is_chosen_for_one_fold_does_not_hang_on_another(told, wide):
    # All folds are searched side by side; apart, each must come out the same.
    folds = assign_folds(told, "grouped", n_folds=4, seed=0)
    together = judge(told, folds, wide)
    for fold in (0, 3):
        apart = judge(told, np.where(folds == fold, 0, 1), wide)
        assert match(together, apart, folds == fold)


def test_the_order_of_units_does_not_matter(told, wide):
    order = np.random.default_rng(0).permutation(64)
    (stance,) = told.stances
    shuffled = replace(
        told,
        texts=tuple(told.texts[row] for row in order),
        groups=told.groups[order],
        frames=told.frames[order],
        stances=(replace(stance, codes=stance.codes[order]),),
    )
    folds = assign_folds(told, "grouped", n_folds=4, seed=0)
    ours = judge(told, folds, wide, nested=False)
    theirs = judge(shuffled, folds[order], wide, nested=False)
    np.testing.assert_allclose(ours.probabilities[order], theirs.probabilities, atol=1e-3)
    shares, turned = (judged.stances["target 0"][0] for judged in (ours, theirs))
    np.testing.assert_allclose(shares[order], turned, atol=1e-3)


@pytest.fixture(scope="module")
def drawn(lay_out):
    """900 units of 300 articles with out-of-fold scores that are the log-odds of their codes."""
    rng = np.random.default_rng(8)
    scores = np.column_stack([rng.normal(0, 3, 900), rng.normal(-1, 1, 900), np.zeros((900, 2))])
    codes = rng.random((900, 2)) < 1 / (1 + np.exp(-scores[:, :2]))
    stance = rng.integers(0, 2, 900)
    scores[:, 3] = 3.0 * stance + rng.normal(0, 2, 900)
    groups = np.arange(900) // 3
    return lay_out(codes, groups=groups, stances=[(VALUES, stance)]), scores


@pytest.mark.parametrize("promise", [0.8, 0.9])
def test_sure_decisions_keep_their_promise_where_they_are_held_out(drawn, promise):
    dataset, scores = drawn
    folds = assign_folds(dataset, "grouped", n_folds=5, seed=0)
    judged = judge_scores(dataset, folds, scores, Design(precision=promise))
    right = judged.decisions == (dataset.frames > 0)
    for decided in (True, False):  # present, absent
        sure = judged.sure[:, 0] & (judged.decisions[:, 0] == decided)
        assert sure.mean() > 0.2
        assert right[sure, 0].mean() > promise - 0.02
    assert right[~judged.sure[:, 0], 0].mean() < promise
    strict = judge_scores(dataset, folds, scores, Design(precision=promise + 0.08))
    assert (strict.sure <= judged.sure).mean() > 0.99
    assert strict.sure.sum() < judged.sure.sum()


def test_scores_are_judged_by_heads_of_the_other_folds(drawn):
    dataset, scores = drawn
    folds = assign_folds(dataset, "grouped", n_folds=5, seed=0)
    design = Design(precision=0.8)
    judged = judge_scores(dataset, folds, scores, design)
    for fold in range(5):
        held = folds == fold
        frames, (stance,) = fit_heads_to(scores, dataset, np.flatnonzero(~held), design)
        for column, head in enumerate(frames):
            shares = head.calibrate(scores[held, column])
            low, high = head.band
            np.testing.assert_array_equal(judged.probabilities[held, column], shares)
            np.testing.assert_array_equal(judged.decisions[held, column], shares >= head.threshold)
            sure = (shares < low) | (shares >= high)
            np.testing.assert_array_equal(judged.sure[held, column], sure)
        shares, decided = judged.stances["target 0"]
        np.testing.assert_array_equal(shares[held], stance.calibrate(scores[held, 2:]))
        expected = [VALUES[best] for best in (shares[held] * stance.weights).argmax(axis=1)]
        assert [decided[row] for row in np.flatnonzero(held)] == expected


def test_heads_serve_the_metric_and_the_promise_of_the_design(drawn):
    dataset, scores = drawn
    rows = np.arange(900)
    plain, (plain_stance,) = fit_heads_to(scores, dataset, rows, Design())
    micro, (micro_stance,) = fit_heads_to(scores, dataset, rows, Design(optimise="micro-f1"))
    assert plain[0].threshold != plain[1].threshold
    assert micro[0].threshold == micro[1].threshold
    assert (plain_stance.weights != (1.0, 1.0), micro_stance.weights) == (True, (1.0, 1.0))
    strict, _ = fit_heads_to(scores, dataset, rows, Design(precision=0.97))
    for loose, tight in zip(plain, strict, strict=True):
        assert tight.band[0] <= loose.band[0] <= loose.band[1] <= tight.band[1]
        assert tight.band != loose.band
    assert not plain_stance.mentioned
    named = replace(dataset, mentions=("Ann",) * 900)
    assert fit_heads_to(scores, named, rows, Design())[1][0].mentioned


def test_every_search_is_for_the_metric_and_the_sample_of_the_design(
    separable, search, monkeypatch
):
    asked = []

    def note(*arguments, **options):
        asked.append((options["metric"], options["most_units"]))
        return search_settings(*arguments, **options)

    monkeypatch.setattr(crossvalidation, "search_settings", note)
    design = Design(n_folds=3, n_inner_folds=2, optimise="micro-f1", most_searched=40)
    searches = plan(separable, search)
    counts, options = count_dataset(separable, searches), {"design": design, "workers": Workers()}
    folds, _ = select_jobs(counts, separable, searches, **options)
    judge_nested(counts, separable, folds, searches, **options)
    assert asked == [("micro-f1", 40)] * 2


def test_a_choice_on_all_units_tells_its_folds_and_its_own_scores(separable, search):
    searches, design = plan(separable, search), Design(n_folds=4)
    counts = count_dataset(separable, searches)
    folds, selected = select_jobs(counts, separable, searches, design=design, workers=Workers())
    assert folds.tolist() == assign_folds(separable, "grouped", n_folds=4, seed=0).tolist()
    assert [job.label for job in selected.jobs] == [None, "target 0"]
    assert not np.isnan(selected.scores).any()
    assert {job.candidate for job in selected.jobs} <= set(search.list_candidates())
    judged = judge_scores(separable, folds, selected.scores, design)
    options = {"design": design, "workers": Workers()}
    crossed = judge_crossed(counts, separable, folds, selected.jobs, **options)
    np.testing.assert_allclose(judged.probabilities, crossed.probabilities, atol=1e-4)
    shares, others = (told.stances["target 0"][0] for told in (judged, crossed))
    np.testing.assert_allclose(shares, others, atol=1e-4)


def test_naive_judgements_do_not_see_the_held_out_fold(planted):
    folds = assign_folds(planted, "grouped", n_folds=4, seed=0)
    held = folds == 1
    turned = replace(planted, frames=np.where(held[:, None], 1 - planted.frames, planted.frames))
    before, after = (judge_naively(data, folds, Workers()) for data in (planted, turned))
    np.testing.assert_array_equal(before.probabilities[held], after.probabilities[held])
    assert (before.decisions == (before.probabilities >= 0.5)).all()


@pytest.mark.parametrize("split", ["grouped", "random", "source"])
def test_what_texts_say_outright_is_always_found(separable, search, split):
    nested = split == "grouped"
    report = run(separable, split, search, nested=nested)
    assert (report.split, report.nested) == (split, nested)
    assert report.n_folds == (3 if split == "source" else 4)
    for scores in (*report.frames.labels.values(), report.frames.micro, report.frames.macro):
        assert (scores.f1.value, scores.average_precision.value) == (1.0, 1.0)
    stance = report.stances["target 0"]
    assert (stance.macro_f1.value, stance.accuracy.value, stance.n_units) == (1.0, 1.0, 42)
    assert report.frames.labels["frame 0"].n_units == 41
    assert report.frames.labels["frame 0"].calibration_error.value < 0.2


@pytest.mark.parametrize("nested", [True, False])
def test_every_unit_is_judged_by_its_own_fold(separable, search, nested):
    folds = assign_folds(separable, "grouped", n_folds=4, seed=0)
    judged = judge(separable, folds, search, nested=nested)
    present = np.array([["fire" in text, "ice" in text] for text in separable.texts])
    np.testing.assert_array_equal(judged.decisions, present)  # uncoded units are judged, too
    assert ((judged.probabilities > 0.5) == present).all()
    shares, decided = judged.stances["target 0"]
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert decided == [VALUES[int(fire)] for fire in present[:, 0]]


def test_a_frame_that_only_one_source_codes_can_be_held_out(lay_out, search):
    # Two corpora put together: no unit outside the held-out source says anything of its frame.
    codes = np.full((40, 2), np.nan)
    codes[:20, 0] = codes[20:, 1] = np.arange(20) % 2
    texts = ["fire" if n % 2 else "ice" for n in range(40)]
    sources = ["Post" if n < 20 else "Herald" for n in range(40)]
    dataset = lay_out(codes, groups=np.arange(40) // 4, texts=texts, sources=sources)
    for nested in (True, False):
        report = run(dataset, "source", search, nested=nested)
        assert report.frames.micro.f1.value == 0.0
        assert report.frames.micro.average_precision.value == pytest.approx(0.5)


@pytest.mark.parametrize("searched", ["search", "wide"])
def test_of_two_articles_each_is_judged_by_what_units_of_the_other_say(lay_out, searched, request):
    codes = np.tile([1, 0, 0], 4)
    texts = ["fire" if code else "ice" for code in codes]
    dataset = lay_out(codes, groups=np.arange(12) // 6, texts=texts, stances=[(VALUES, codes)])
    report = run(dataset, "grouped", request.getfixturevalue(searched))
    assert report.n_folds == 2
    assert report.frames.micro.f1.value == 1.0  # one article alone is parted unit by unit


@pytest.mark.parametrize("n_folds", [2, 5])
def test_a_reprint_does_not_keep_others_from_being_judged(lay_out, search, n_folds):
    # Whoever holds out the third article is left with an article and its reprint.
    codes = np.tile([1, 0, 0], 12)
    texts = [f"{'fire' if code else 'ice'} n{n}" for n, code in enumerate(codes)]
    clusters = np.arange(36)
    clusters[12:24] = clusters[:12]
    dataset = lay_out(codes, groups=np.arange(36) // 12, texts=texts, clusters=clusters)
    report = run(dataset, "grouped", search, n_folds=n_folds)
    assert report.n_folds == min(n_folds, 3)
    assert report.frames.micro.f1.value == 1.0


def test_without_frames_there_is_nothing_to_gain(lay_out, separable, search):
    stance = separable.stances[0].codes
    dataset = lay_out(groups=separable.groups, texts=separable.texts, stances=[(VALUES, stance)])
    report = run(dataset, "grouped", search)
    assert (report.frames, report.naive_frames, report.gain) == (None, None, None)
    assert report.promises == {}
    assert report.stances["target 0"].macro_f1.value == 1.0


@pytest.mark.parametrize("nested", [True, False])
def test_figures_are_those_of_the_judgements(planted, search, nested):
    design = Design(n_folds=4, n_inner_folds=2, resamples=20, seed=5)
    folds = assign_folds(planted, "random", n_folds=4, seed=5)
    ours = judge(planted, folds, search, nested=nested, seed=5)
    naive = judge_naively(planted, folds, Workers())
    expected = report_split(
        planted, "random", folds, ours, naive, nested=nested, resampling=design.resampling
    )
    options = {"nested": nested, "n_inner_folds": 2, "seed": 5}
    assert repr(run(planted, "random", search, **options)) == repr(expected)  # NaN included


def test_the_seed_decides_the_figures(planted, search):
    first, again, other = (
        repr(run(planted, "grouped", search, nested=False, seed=seed)) for seed in (1, 1, 2)
    )
    assert first == again != other


@pytest.mark.parametrize("judging", ["crossed", "nested", "naive"])
@pytest.mark.parametrize(("linked", "low", "high"), [(False, 0.9, 1.0), (True, 0.0, 0.7)])
def test_a_unit_is_not_judged_by_what_its_copy_was_coded(
    lay_out, search, judging, linked, low, high
):
    # Forty pairs of copies, coded by chance: only a model that saw one knows the other.
    places = np.arange(80)
    codes = np.tile(np.random.default_rng(0).permutation(np.arange(40) % 2), 2)
    texts = [f"n{n % 40} m{n % 40}" for n in places]
    data = lay_out(codes, groups=places, texts=texts, clusters=places % 40 if linked else places)
    folds = (places + places // 40) % 4
    if judging == "naive":
        judged = judge_naively(data, folds, Workers())
    else:
        judged = judge(data, folds, search, nested=judging == "nested")
    assert low <= average_precision_score(codes, judged.probabilities[:, 0]) <= high
