"""Tests of what a codebook teaches beside coded units."""

from dataclasses import replace

import numpy as np
import pytest

from framing.coding.scheme import Codebook, Frame
from framing.learning.candidates import Candidate, Search
from framing.learning.counting import count_ngrams
from framing.learning.crossfitting import Job, fit_jobs
from framing.learning.priors import Prior, read_prior
from framing.learning.training import Settings, train

COST = Frame("cost", "Cost", "Money is owed.", ("A levy.", "A loan."), ("A gift.",), ("bill*",))
PRIOR = Prior(("levy", "crack"), np.eye(2))


def test_a_frame_is_its_name_definition_inclusions_and_cues():
    prior = read_prior(Codebook("small", "1.0.0", frames=(COST, Frame("bare", "Bare"))))
    assert prior.texts == ("Cost", "Money is owed.", "A levy.", "A loan.", "bill")
    assert prior.frames.tolist() == [[1.0, 0.0]] * 5
    assert len(prior) == 5


def test_pseudo_units_carry_the_frame_that_they_tell_of():
    safe = Frame("safe", "Safety", cues=("crack", "storm*"))
    prior = read_prior(Codebook("small", "1.0.0", frames=(safe, Frame("bare", "Bare"), COST)))
    assert prior.texts[:4] == ("Safety", "crack", "storm", "Cost")
    assert prior.frames.argmax(axis=1).tolist() == [0, 0, 0, 2, 2, 2, 2, 2]
    assert prior.frames.sum(axis=1).tolist() == [1.0] * 8


@pytest.mark.parametrize("frames", [(), (Frame("a", "A"), Frame("b", "B"))])
def test_a_codebook_that_says_nothing_gives_nothing(frames):
    prior = read_prior(Codebook("small", "1.0.0", frames=frames))
    assert (len(prior), prior.frames.shape) == (0, (0, len(frames)))


@pytest.fixture(scope="module")
def told(lay_out):
    codes = np.array([[1, 0], [0, 1], [0, 0]] * 8)
    texts = [("loan", "storm", "swans levy crack")[n % 3] + f" n{n}" for n in range(24)]
    return lay_out(codes, texts=texts, prior=PRIOR)


def fit(dataset, words, prior):
    counts = count_ngrams(dataset.all_texts, [words])
    job = Job(None, Candidate(words, C=10.0, prior=prior))
    ((_, fitted),) = fit_jobs(counts, dataset, np.arange(len(dataset)), [job])
    terms = counts.blocks[0].terms.tolist()
    return {word: fitted.coefficients[terms.index(word)] for word in ("levy", "crack", "loan")}


def test_the_codebooks_words_weigh_for_their_frame_the_more_the_weight(told, words):
    without, light, heavy = (fit(told, words, weight) for weight in (0.0, 0.5, 5.0))
    for frame, word in enumerate(("levy", "crack")):
        assert without[word][frame] < light[word][frame] < heavy[word][frame]
        assert heavy[word][1 - frame] < without[word][1 - frame] + 1e-6
    assert light["loan"][0] > 0


def test_weight_is_repetition(lay_out, told, words):
    twice = Prior(PRIOR.texts * 2, np.vstack([PRIOR.frames] * 2))
    doubled = lay_out(told.frames, texts=told.texts, prior=twice)
    for word, weights in fit(told, words, 2.0).items():
        assert fit(doubled, words, 1.0)[word] == pytest.approx(weights, abs=2e-2)


def test_pseudo_units_change_neither_vocabulary_nor_idf(told, words):
    counts = count_ngrams(told.all_texts, [words])
    rows = np.arange(len(told))
    fitted = counts.blocks[0].fit(rows)
    alone = count_ngrams(told.texts, [words]).blocks[0].fit(rows)
    assert fitted.terms == alone.terms
    assert fitted.idf.tolist() == alone.idf.tolist()


def test_a_frame_without_both_codes_is_not_taught_by_the_codebook_alone(lay_out, words):
    dataset = lay_out(np.zeros((6, 2)), texts=["levy crack loan"] * 6, prior=PRIOR)
    assert all(not weights.any() for weights in fit(dataset, words, 3.0).values())


def test_without_a_prior_nothing_is_searched_with_one(lay_out, told, words):
    search = Search(Candidate(words, C=1.0, prior=2.0), {"prior": (0.0, 5.0), "C": (3.0,)})
    settings = Settings(frames=search, stances=search)
    assert settings.plan(told) == {None: search}
    stances = [(("yes", "no"), [0, 1, 0])]
    planned = settings.plan(lay_out(np.zeros((3, 2)), stances=stances))
    assert planned == {None: search.without("prior"), "target 0": search}
    assert {candidate.prior for candidate in planned[None].list_candidates()} == {0.0}


@pytest.mark.parametrize("told", [True, False])
def test_training_takes_the_prior_where_there_is_one(make_unit, words, quick, told):
    frame = COST if told else Frame("cost", "Cost")
    units = [
        make_unit(n, f"{'loan' if n % 2 else 'swans'} n{n} m{n}", frames={"cost": n % 2 == 1})
        for n in range(24)
    ]
    only = Search(Candidate(words, C=10.0, prior=2.0), {})
    settings = replace(quick, frames=only, splits=())
    _, report = train(units, Codebook("small", "1.0.0", frames=(frame,)), settings=settings)
    assert report.settings == {"frames": "word1-1|C:10|prior:2" if told else "word1-1|C:10"}
