"""Tests of honesty: planted leaks, permuted labels, and labels that a fold must not see."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score

from framing.learning.counting import count_ngrams
from framing.learning.crossfitting import Candidate, Workers
from framing.learning.crossvalidation import (
    Design,
    cross_validate,
    judge_crossed,
    judge_naively,
    judge_nested,
    measure_frames,
    measure_stances,
    report_split,
)
from framing.learning.splits import assign_folds
from framing.measuring.metrics import compare

NOISE = [f"{first}{second}" for first in ("ore", "dust", "gulf", "veto") for second in "aeiouy"]
VALUES = ("favor", "oppose")


@pytest.fixture(scope="module")
def candidates(words):
    return Candidate(words, 100.0, 100.0), Candidate(words, 1.0, 3.0)


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


def run(dataset, split, candidates, **design):
    counts = count_ngrams(dataset.texts, [candidate.recipe for candidate in candidates])
    design = Design(**{"n_folds": 4, "n_inner_folds": 3, "resamples": 20, **design})
    return cross_validate(counts, dataset, split, candidates, design=design, workers=Workers())


def judge(dataset, folds, candidates, how):
    counts = count_ngrams(dataset.texts, [candidate.recipe for candidate in candidates])
    design = Design(n_folds=4, n_inner_folds=3)
    return how(counts, dataset, folds, candidates, design=design, workers=Workers())


def test_what_an_article_betrays_is_of_no_use_where_articles_are_held_out(planted, candidates):
    honest = run(planted, "grouped", candidates)
    flattered = run(planted, "random", candidates[:1])
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


def test_labels_at_random_rank_no_better_than_chance(lay_out, candidates):
    found = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        codes = rng.permutation(np.arange(180) < 60)
        texts = [" ".join(rng.choice(NOISE, 5)) for _ in range(180)]
        dataset = lay_out(codes, groups=np.arange(180) // 3, texts=texts)
        found.append(run(dataset, "grouped", candidates).frames.macro.average_precision.value)
    assert np.mean(found) == pytest.approx(1 / 3, abs=0.05)


def test_codes_of_the_held_out_fold_decide_nothing_about_it(planted, candidates):
    folds = assign_folds(planted, "grouped", n_folds=4, seed=0)
    held = folds == 1
    stance = planted.stances[0]
    turned = replace(
        planted,
        frames=np.where(held[:, None], 1 - planted.frames, planted.frames),
        stances=(replace(stance, codes=np.where(held, 1 - stance.codes, stance.codes)),),
    )
    before, after = (judge(data, folds, candidates, judge_nested) for data in (planted, turned))
    np.testing.assert_array_equal(before.probabilities[held], after.probabilities[held])
    np.testing.assert_array_equal(before.decisions[held], after.decisions[held])
    shares, decided = before.stances["target 0"]
    shares_after, decided_after = after.stances["target 0"]
    np.testing.assert_array_equal(shares[held], shares_after[held])
    same = [a == b for a, b in zip(decided, decided_after, strict=True)]
    assert all(np.array(same)[held])
    assert (before.probabilities[~held] != after.probabilities[~held]).any()


def test_naive_judgements_do_not_see_the_held_out_fold(planted):
    folds = assign_folds(planted, "grouped", n_folds=4, seed=0)
    held = folds == 1
    turned = replace(planted, frames=np.where(held[:, None], 1 - planted.frames, planted.frames))
    before, after = (judge_naively(data, folds, Workers()) for data in (planted, turned))
    np.testing.assert_array_equal(before.probabilities[held], after.probabilities[held])
    assert (before.decisions == (before.probabilities >= 0.5)).all()


@pytest.mark.parametrize("split", ["grouped", "random", "source"])
def test_what_texts_say_outright_is_always_found(separable, candidates, split):
    nested = split == "grouped"
    report = run(separable, split, candidates if nested else candidates[:1])
    assert (report.split, report.nested) == (split, nested)
    assert report.n_folds == (3 if split == "source" else 4)
    for scores in (*report.frames.labels.values(), report.frames.micro, report.frames.macro):
        assert (scores.f1.value, scores.average_precision.value) == (1.0, 1.0)
    stance = report.stances["target 0"]
    assert (stance.macro_f1.value, stance.accuracy.value, stance.n_units) == (1.0, 1.0, 42)
    assert report.frames.labels["frame 0"].n_units == 41
    assert report.frames.labels["frame 0"].calibration_error.value < 0.2


@pytest.mark.parametrize("how", [judge_nested, judge_crossed])
def test_every_unit_is_judged_by_its_own_fold(separable, candidates, how):
    folds = assign_folds(separable, "grouped", n_folds=4, seed=0)
    candidates = candidates if how is judge_nested else candidates[:1]
    judged = judge(separable, folds, candidates, how)
    present = np.array([["fire" in text, "ice" in text] for text in separable.texts])
    np.testing.assert_array_equal(judged.decisions, present)  # uncoded units are judged, too
    assert ((judged.probabilities > 0.5) == present).all()
    shares, decided = judged.stances["target 0"]
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert decided == [VALUES[int(fire)] for fire in present[:, 0]]


def test_a_frame_that_only_one_source_codes_can_be_held_out(lay_out, candidates):
    # Two corpora put together: no unit outside the held-out source says anything of its frame.
    codes = np.full((40, 2), np.nan)
    codes[:20, 0] = codes[20:, 1] = np.arange(20) % 2
    texts = ["fire" if n % 2 else "ice" for n in range(40)]
    sources = ["Post" if n < 20 else "Herald" for n in range(40)]
    dataset = lay_out(codes, groups=np.arange(40) // 4, texts=texts, sources=sources)
    for chosen in (candidates, candidates[:1]):
        report = run(dataset, "source", chosen)
        assert report.frames.micro.f1.value == 0.0
        assert report.frames.micro.average_precision.value == pytest.approx(0.5)


def test_two_articles_leave_nothing_to_calibrate_on_and_still_report(lay_out, candidates):
    codes = np.tile([1, 0, 0], 4)
    texts = ["fire" if code else "ice" for code in codes]
    dataset = lay_out(codes, groups=np.arange(12) // 6, texts=texts)
    report = run(dataset, "grouped", candidates)
    assert report.n_folds == 2
    assert report.frames.micro.f1.value == 0.0


def test_without_frames_there_is_nothing_to_gain(lay_out, separable, candidates):
    stance = separable.stances[0].codes
    dataset = lay_out(groups=separable.groups, texts=separable.texts, stances=[(VALUES, stance)])
    report = run(dataset, "grouped", candidates)
    assert (report.frames, report.naive_frames, report.gain) == (None, None, None)
    assert report.stances["target 0"].macro_f1.value == 1.0


def test_figures_are_those_of_the_judgements(planted, candidates):
    folds = assign_folds(planted, "random", n_folds=4, seed=0)
    design = Design(resamples=30, seed=5)
    ours = judge(planted, folds, candidates[:1], judge_crossed)
    naive = judge_naively(planted, folds, Workers())
    report = report_split(planted, "random", folds, ours, naive, nested=False, design=design)
    truth = planted.frames[:, 0]
    frames = report.frames.labels["frame 0"]
    assert frames.f1.value == pytest.approx(f1_score(truth, ours.decisions[:, 0]))
    ranked = average_precision_score(truth, ours.probabilities[:, 0])
    assert frames.average_precision.value == pytest.approx(ranked)
    assert report.naive_frames.micro.f1.value == pytest.approx(
        f1_score(truth, naive.decisions[:, 0], zero_division=0)
    )
    gain = compare(
        planted.frames,
        ours.decisions,
        naive.decisions,
        planted.groups,
        rng=np.random.default_rng(5),
        resamples=30,
    )
    assert report.gain == gain
    assert report.frames == measure_frames(planted, ours, design)
    assert report.stances == measure_stances(planted, ours, design)
    assert report.frames.resamples == 30
    assert report.frames.n_articles == 60  # articles are resampled, also where units are held out


def test_the_seed_decides_the_figures(planted, candidates):
    first, again, other = (run(planted, "grouped", candidates[:1], seed=seed) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("judging", ["crossed", "nested", "naive"])
@pytest.mark.parametrize(("linked", "low", "high"), [(False, 0.9, 1.0), (True, 0.0, 0.7)])
def test_a_unit_is_not_judged_by_what_its_copy_was_coded(
    lay_out, candidates, judging, linked, low, high
):
    # Forty pairs of copies, coded by chance: only a model that saw one knows the other.
    places = np.arange(80)
    codes = np.tile(np.random.default_rng(0).permutation(np.arange(40) % 2), 2)
    texts = [f"n{n % 40} m{n % 40}" for n in places]
    data = lay_out(codes, groups=places, texts=texts, clusters=places % 40 if linked else places)
    folds = (places + places // 40) % 4
    if judging == "naive":
        judged = judge_naively(data, folds, Workers())
    elif judging == "nested":
        judged = judge(data, folds, candidates, judge_nested)
    else:
        judged = judge(data, folds, candidates[:1], judge_crossed)
    assert low <= average_precision_score(codes, judged.probabilities[:, 0]) <= high
