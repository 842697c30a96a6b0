"""Tests of source cues: planted ones are found, blanked, and their worth measured."""

from dataclasses import replace

import numpy as np
import pytest

from framing.learning.candidates import Candidate
from framing.learning.counting import count_ngrams
from framing.learning.crossfitting import Job, Workers
from framing.learning.design import Design
from framing.learning.priors import Prior
from framing.learning.sourcecues import (
    SourceCue,
    _classify,
    find_source_cues,
    mask_terms,
    measure_masking,
)
from framing.scoring.recipe import FeatureRecipe, NgramBlock

DESIGN = Design(n_folds=4, resamples=100, seed=2)
SOURCES = ("Weir Post", "Mill Herald", "Ferry Gazette", "Dock Times")


@pytest.fixture(scope="module")
def planted(lay_out):
    """160 units of 4 sources; one source's carriers say its name, all carriers say "levy"."""
    rng = np.random.default_rng(0)
    codes, texts, sources, groups = [], [], [], []
    for number in range(160):
        source = SOURCES[number % 4]
        on = rng.random() < 0.45
        words = [f"n{i}" for i in rng.integers(0, 60, 5)]
        if on and rng.random() < 0.85:
            words.append("levy")
        if on and source == "Weir Post":
            words.append("Weir Post")
        if on and rng.random() < 0.5:
            words.append("October")
        codes.append(float(on))
        texts.append(" ".join(words))
        sources.append(source)
        groups.append(number % 4 + 4 * (number // 16))
    numbers = np.unique(groups, return_inverse=True)[1]
    return lay_out(codes, groups=numbers, texts=texts, sources=sources)


@pytest.fixture(scope="module")
def setting(planted, words):
    return count_ngrams(planted.texts, [words]), Job(None, Candidate(words, C=10.0))


@pytest.fixture(scope="module")
def cues(planted, setting):
    return find_source_cues(setting[0], planted, setting[1])


def test_planted_cues_are_named_and_the_honest_term_is_not(cues):
    found = {cue.term: cue for cue in cues}
    assert found["weir"].clue == found["post"].clue == "outlet"
    assert found["weir"].source == "Weir Post"
    assert found["october"].clue == "date"
    assert "levy" not in found
    assert all(cue.label == "frame 0" for cue in cues)


def test_parts_of_words_are_not_listed(planted):
    recipe = FeatureRecipe((NgramBlock("char_wb", 2, 3, min_df=1),))
    counts = count_ngrams(planted.texts, [recipe])
    assert find_source_cues(counts, planted, Job(None, Candidate(recipe, C=1.0))) == []


@pytest.mark.parametrize(
    ("term", "source", "share", "own", "n_units", "clue"),
    [
        ("monday", None, 0.0, 1.0, 9, "date"),
        ("since 1998", "Weir Post", 0.3, 0.2, 9, "date"),
        ("in may", "Weir Post", 0.3, 0.2, 9, None),  # a verb more often than a month
        ("march", "Weir Post", 0.3, 0.2, 9, None),
        ("weir said", "Weir Post", 0.9, 0.9, 2, "outlet"),
        ("weir said", "Weir Post", 0.7, 0.2, 9, None),
        ("dear reader", "Weir Post", 0.8, 0.4, 3, "one source"),
        ("dear reader", "Weir Post", 0.8, 0.4, 2, None),
        ("dear reader", "Weir Post", 0.8, 0.5, 3, None),  # the frame itself is mostly its own
        ("levy", None, 0.0, 1.0, 9, None),
    ],
)
def test_what_makes_a_cue(term, source, share, own, n_units, clue):
    assert _classify(term, source, share, own=own, n_units=n_units) == clue


def test_blanked_terms_go_whatever_their_case_and_only_whole():
    texts = ("The WEIR post said so", "Weirs posted", "weir-post", "levy of 1998, 1998a")
    assert mask_terms(texts, ["weir", "weir post", "1998"]) == (
        "The  said so",
        "Weirs posted",
        "",
        "levy of , 1998a",
    )


def test_a_term_is_blanked_over_the_letters_that_the_tokeniser_skips():
    assert mask_terms(
        ("The government's policy.", "government or policy"), ["government policy"]
    ) == (
        "The .",
        "government or policy",
    )


def test_letters_that_mean_something_in_patterns_are_taken_as_they_are():
    assert mask_terms(("a.b axb",), ["a.b"]) == (" axb",)


def lose(counts, dataset, job, *terms):
    blanked = [SourceCue("frame 0", term, "outlet", None, 1) for term in terms]
    return measure_masking(counts, dataset, job, blanked, design=DESIGN, workers=Workers())


def test_without_cues_there_is_nothing_to_lose(planted, setting):
    counts, job = setting
    losses = measure_masking(counts, planted, job, (), design=DESIGN, workers=Workers())
    assert losses == ()


def test_the_loss_is_that_of_the_term_that_is_blanked(planted, setting):
    counts, job = setting
    (frame, micro) = lose(counts, planted, job, "levy")
    assert (frame.split, micro.split) == ("source", "source")
    assert (frame.label, micro.label) == ("frame 0", "micro average")
    assert frame.f1 == micro.f1  # there is one frame
    assert frame.f1.low > 0.1
    # A name that one source alone uses is worth nothing where that source is held out.
    assert abs(lose(counts, planted, job, "weir", "post")[0].f1.value) < 0.05


def test_a_term_that_stands_nowhere_is_worth_nothing(planted):
    # All else must be counted the second time as it was the first.
    praise = ("praised", "admirable", "reckless", "welcome", "disaster")
    texts = [
        f"{text} {praise[n % 5]}" if n % 9 == 0 else text for n, text in enumerate(planted.texts)
    ]
    texts[40] += " commendable"
    dataset = replace(planted, texts=tuple(texts))
    job = Job(None, Candidate(FeatureRecipe((NgramBlock("word", 1, 1, min_df=4),)), C=10.0))
    counts = count_ngrams(dataset.texts, [job.candidate.features])
    for loss in lose(counts, dataset, job, "nowhere"):
        assert (loss.f1.value, loss.f1.low, loss.f1.high) == (0.0, 0.0, 0.0)


def test_one_source_alone_has_its_articles_held_out(planted, setting):
    counts, job = setting
    single = replace(planted, sources=("Weir Post",) * len(planted))
    assert {loss.split for loss in lose(counts, single, job, "levy")} == {"grouped"}


def test_texts_of_the_codebook_are_not_units(planted, words):
    # Pseudo-units weigh in, but neither hold a cue nor are of a source.
    told = replace(planted, prior=Prior(("levy october", "weir post"), np.ones((2, 1))))
    job = Job(None, Candidate(words, C=10.0, prior=1.0))
    counts = count_ngrams(told.all_texts, [words])
    found = {cue.term: cue for cue in find_source_cues(counts, told, job)}
    assert found["weir"].n_units == sum("Weir" in text for text in planted.texts)
    assert found["october"].n_units == sum("October" in text for text in planted.texts)
    assert lose(counts, told, job, "levy")[0].f1.low > 0.1
