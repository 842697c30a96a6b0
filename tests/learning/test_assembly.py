"""Tests of putting labels together: each scores as it did alone, whatever stands beside it."""

import numpy as np
import pytest

from framing.learning.assembly import assemble_model
from framing.learning.candidates import CHARACTERS, MARKS, WORDS, Candidate
from framing.learning.counting import count_ngrams
from framing.learning.crossfitting import Job, fit_jobs
from framing.scoring.recipe import FeatureRecipe, NgramBlock

TEXTS = [f"ore {'levy' * (n % 2)} mine{n % 5} {'!' * (n % 3)} praised{n % 4}" for n in range(40)]
FIRST, SECOND = FeatureRecipe((WORDS, MARKS)), FeatureRecipe((CHARACTERS, WORDS))


@pytest.fixture(scope="module")
def book(make_book):
    return make_book(("frame 0",), {"target 0": ("yes", "no"), "target 1": ("yes", "no")})


@pytest.fixture(scope="module")
def dataset(lay_out):
    codes = np.arange(40) % 2
    stances = [(("yes", "no"), codes), (("yes", "no"), np.arange(40) // 2 % 2)]
    return lay_out(codes[:, None], texts=TEXTS, stances=stances)


def assemble(dataset, jobs, book):
    counts = count_ngrams(dataset.texts, [job.candidate.features for job in jobs])
    found = dict(fit_jobs(counts, dataset, np.arange(30), jobs))
    fitted = [(job, found[job]) for job in jobs]
    model = assemble_model(counts, fitted, n_units=30, codebook=book)
    return counts, found, model


def test_every_label_scores_as_it_was_fitted_whatever_stands_beside_it(dataset, book):
    # The first and the last share features, so they are fitted one after the other.
    recipes = {None: FIRST, "target 0": SECOND, "target 1": FIRST}
    jobs = [
        Job(label, Candidate(recipe, C=3.0, polarity=1.0 * bool(label)))
        for label, recipe in recipes.items()
    ]
    counts, found, model = assemble(dataset, jobs, book)
    logits, start = model.compute_logits(TEXTS), 0
    for job in jobs:
        _, features = counts.transform(job.candidate.features, np.arange(30), np.arange(40))
        expected = found[job].score(features)
        columns = slice(start, start + expected.shape[1])
        np.testing.assert_allclose(logits[:, columns], expected, atol=1e-5)
        start = columns.stop
    assert start == logits.shape[1] == 5
    assert len(model.vectorizer.blocks) == 4  # a block that two labels use stands once


def test_terms_without_idf_are_left_out(dataset, book):
    block = NgramBlock("word", 1, 1, min_df=7)
    job = Job(None, Candidate(FeatureRecipe((block,)), C=3.0))
    _, _, model = assemble(dataset, [job], book)
    (fitted,) = model.vectorizer.blocks
    assert set(fitted.terms) == {"ore", "levy"} | {f"praised{n}" for n in (0, 1, 2, 3)}
    assert model.coefficients.shape == (6, 1)
    assert model.coefficients.all()
