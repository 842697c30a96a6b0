"""Tests of copies among texts, against resemblance computed by hand and by brute force."""

import re
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.text.duplicates import Copy, find_copies, number_clusters

LEAD = "Beijing has put seven rare earths under licence, and carmakers abroad are counting weeks"


def shingle(text):
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[n : n + 3]) for n in range(max(1, len(words) - 2))} if words else set()


def resemble(first, second):
    a, b = shingle(first), shingle(second)
    return len(a & b) / len(a | b) if a and b else 0.0


def test_case_punctuation_and_blanks_do_not_count():
    texts = [LEAD, LEAD.upper().replace(",", " --").replace(" ", "\n")]
    assert find_copies(texts) == [Copy(0, 1, 1.0)]


def test_an_edited_copy_is_found_with_its_resemblance():
    edited = LEAD.replace("counting weeks", "closing lines")
    (copy,) = find_copies(["Tin fell.", LEAD, edited])
    assert (copy.first, copy.second) == (1, 2)
    # 14 words, 12 shingles each; the last two words stand in two of them
    assert copy.resemblance == pytest.approx(10 / 14)


def test_half_is_near_and_less_is_not():
    four = "a b c d"  # two shingles, one of which each text below shares
    assert find_copies([four, "a b c"]) == [Copy(0, 1, 0.5)]
    assert find_copies([four, "a b c e"]) == []
    assert find_copies([four, "a b c e"], near=0.3) == [Copy(0, 1, pytest.approx(1 / 3))]


def test_short_texts_are_compared_whole_and_wordless_ones_never():
    assert find_copies(["Go on!", "go on", "go", "...", "", "..."]) == [Copy(0, 1, 1.0)]
    assert find_copies([]) == []


def test_many_that_are_the_same_are_paired_in_a_row():
    copies = find_copies([LEAD] * 4000)
    assert copies == [Copy(n, n + 1, 1.0) for n in range(3999)]
    assert set(number_clusters(4000, copies)) == {0}


def test_texts_are_compared_across_blocks():
    texts = [f"word{n} word{n + 1} word{n + 2}" for n in range(2500)]
    assert find_copies([*texts, "word0 word1 word2 more"]) == [Copy(0, 2500, 0.5)]


@given(st.lists(st.text(alphabet="ab c", max_size=12), max_size=12), st.sampled_from([0.3, 0.5, 1]))
def test_clusters_are_those_of_brute_force(texts, near):
    pairs = [
        Copy(i, j, 1.0)
        for i, j in combinations(range(len(texts)), 2)
        if resemble(texts[i], texts[j]) >= near
    ]
    found = number_clusters(len(texts), find_copies(texts, near=near))
    assert found.tolist() == number_clusters(len(texts), pairs).tolist()


def test_copies_of_copies_share_a_cluster():
    clusters = number_clusters(5, [Copy(0, 1, 0.6), Copy(1, 4, 0.6)])
    assert len(np.unique(clusters)) == 3
    assert clusters[0] == clusters[1] == clusters[4]
