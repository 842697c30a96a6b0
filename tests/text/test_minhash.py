"""Tests of near-copies found by signatures, against all pairs compared."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.text.duplicates import NEAR, Copy, find_copies, number_clusters
from framing.text.minhash import find_near_copies

WIRE = "The ministry said on Friday that permits for exports of tin would be reviewed again"


def write(rng, n_words=120, vocabulary=3000):
    return [f"w{word}" for word in rng.integers(0, vocabulary, n_words)]


def edit(rng, words, n_edits):
    """Replace some words, far enough apart that each spoils three shingles."""
    edited = list(words)
    for at in rng.choice(len(words) // 4, n_edits, replace=False):
        edited[4 * at + 1] = f"new{rng.integers(10**6)}"
    return edited


def draw_archive(seed, n_edits, *, n_stories=60, n_words=120):
    """Stories, each with an edited copy, and others without."""
    rng = np.random.default_rng(seed)
    stories = [write(rng, n_words) for _ in range(n_stories)]
    copies = [edit(rng, story, n_edits) for story in stories[: n_stories // 2]]
    return [" ".join(words) for words in [*stories, *copies]]


def test_case_and_punctuation_do_not_count():
    assert find_near_copies([WIRE, "Tin fell again.", f"{WIRE.upper()}!"]) == [Copy(0, 2, 1.0)]


@pytest.mark.parametrize("n_edits", [0, 3, 5])
def test_of_close_copies_all_are_found(n_edits):
    texts = draw_archive(0, n_edits)
    found = find_near_copies(texts)
    assert found == find_copies(texts)
    assert len(found) == 30


def test_of_long_copies_as_alike_as_near_most_are_found():
    # 1,198 shingles, 396 spoilt: a resemblance of .503
    texts = draw_archive(1, 132, n_stories=300, n_words=1200)
    wanted = find_copies(texts)
    assert len(wanted) == 150
    found = find_near_copies(texts)
    assert set(found) <= set(wanted)
    assert 0.78 < len(found) / 150 < 0.95


def test_of_short_copies_as_alike_as_near_next_to_all_are_found():
    texts = draw_archive(1, 13, n_stories=300)
    wanted = find_copies(texts)
    assert len(wanted) == 150
    assert len(find_near_copies(texts)) >= 148


def test_what_is_less_alike_is_not_given():
    texts = draw_archive(2, 16)
    assert find_near_copies(texts) == []
    alike = find_near_copies(texts, near=0.4)
    assert 0 < len(alike) <= 30
    assert all(0.4 <= copy.resemblance < NEAR for copy in alike)


@given(st.lists(st.text(alphabet="ab ", max_size=16), max_size=10))
@settings(max_examples=60)
def test_nothing_is_given_that_is_not_near(texts):
    found = find_near_copies(texts)
    assert len({(copy.first, copy.second) for copy in found}) == len(found)
    assert all(copy.first < copy.second and copy.resemblance >= NEAR for copy in found)
    same = {copy.resemblance for copy in found if texts[copy.first] == texts[copy.second]}
    assert same <= {1.0}


def test_short_texts_resemble_nothing():
    assert find_near_copies(["go on", "go on", "", "", "a"]) == []
    assert find_near_copies(["go on now", "Go on, now"]) == [Copy(0, 1, 1.0)]
    assert find_near_copies([]) == []


def test_chains_of_the_same_text_are_one_cluster():
    texts = [WIRE] * 2000 + ["Something else was said in the town hall on Monday."]
    found = find_near_copies(texts)
    assert len(found) < 2 * 2000
    assert len(set(number_clusters(2001, found))) == 2


def test_copies_of_copies_are_linked():
    rng = np.random.default_rng(3)
    story = write(rng)
    once = edit(rng, story, 4)
    twice = [f"x{n}" if n % 4 == 3 and n < 24 else word for n, word in enumerate(once)]
    texts = [" ".join(words) for words in (story, once, twice, write(rng))]
    clusters = number_clusters(4, find_near_copies(texts))
    assert clusters.tolist() == [0, 0, 0, 1]


def test_texts_are_told_apart_in_long_archives():
    rng = np.random.default_rng(4)
    texts = [" ".join(write(rng, 60)) for _ in range(2000)]
    assert find_near_copies([*texts, texts[7]]) == [Copy(7, 2000, 1.0)]
