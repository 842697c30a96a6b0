"""Alpha against published examples and nltk's implementation."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask

from framing.coding.alpha import compute_alpha


def rows(text):
    return [[None if c in ".*" else c for c in line.split()] for line in text.strip().splitlines()]


# K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), sections A, B and C, and the
# worked example of Wikipedia, "Krippendorff's alpha" (2024).
PUBLISHED = {
    "A binary, two observers": (
        """
        0 1 0 0 0 0 0 0 1 0
        1 1 1 0 0 1 0 0 0 0
        """,
        0.095,
    ),
    "B nominal, two observers": (
        """
        a a b b d c c c e d d a
        b a b b b c c c e d d d
        """,
        0.692,
    ),
    "C nominal, four observers, missing codes": (
        """
        1 2 3 3 2 1 4 1 2 . . .
        1 2 3 3 2 2 4 1 2 5 . 3
        . 3 3 3 2 3 4 2 2 5 1 .
        1 2 3 3 2 4 4 1 2 5 1 .
        """,
        0.743,
    ),
    "Wikipedia, three observers, missing codes": (
        """
        * * * * * 3 4 1 2 1 1 3 3 * 3
        1 * 2 1 3 3 4 3 * * * * * * *
        * * 2 1 3 4 4 * 2 1 1 3 3 * 4
        """,
        0.691,
    ),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published(name):
    text, alpha = PUBLISHED[name]
    assert compute_alpha(rows(text)) == pytest.approx(alpha, abs=5e-4)


@settings(deadline=None)
@given(st.integers(2, 4), st.integers(2, 5), st.integers(2, 30), st.integers(0, 2**32 - 1))
def test_equals_nltk(coders, values, units, seed):
    rng = np.random.default_rng(seed)
    data = rng.integers(0, values, size=(coders, units)).astype(float)
    data[rng.random(data.shape) < 0.3] = np.nan
    pairable = data[:, (~np.isnan(data)).sum(axis=0) >= 2]
    assume(len(np.unique(pairable[~np.isnan(pairable)])) > 1)
    ours = compute_alpha([[None if np.isnan(v) else int(v) for v in row] for row in data])
    codes = [(c, u, data[c, u]) for c, u in np.argwhere(~np.isnan(data))]
    theirs = AnnotationTask(codes).alpha()
    assert ours == pytest.approx(theirs, abs=1e-12)


def test_perfect_and_worse_than_chance():
    assert compute_alpha([list("abab"), list("abab")]) == 1.0
    assert compute_alpha([list("aabb"), list("bbaa")]) < 0


def test_names_of_values_do_not_matter():
    assert compute_alpha([list("aabc"), list("abbc")]) == compute_alpha(
        [[True, True, "x", 7], [True, "x", "x", 7]]
    )


@pytest.mark.parametrize(
    "data", [[["a", "a"], ["a", "a"]], [["a", None], [None, "b"]], [[None], [None]], [["a"]]]
)
def test_undefined(data):
    assert np.isnan(compute_alpha(data))
