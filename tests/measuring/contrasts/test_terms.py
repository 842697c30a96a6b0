"""Tests of the terms that separate two sides."""

import numpy as np
import pytest

from framing.measuring.contrasts.terms import (
    find_words,
    pick_examples,
    separate_terms,
    tabulate_terms,
    weigh_log_odds,
)

FILL = "the mine sold ore to buyers"


def separate(texts_a, texts_b, *, weights=None, articles=None, **options):
    texts = [*texts_a, *texts_b]
    sides = np.arange(len(texts_a)), np.arange(len(texts_a), len(texts))
    weights = np.ones(len(texts)) if weights is None else np.asarray(weights)
    articles = range(len(texts)) if articles is None else articles
    return separate_terms(tabulate_terms(texts), weights, articles, sides, **options)


def test_words_are_letters():
    assert find_words("Élan, 25% of U.S. REEs — snake_case don’t") == [
        *("élan", "of", "rees", "snake", "case", "don"),
    ]
    assert find_words("") == []


def test_pairs_stay_within_a_text():
    table = tabulate_terms(["rare earth earth", "", "magnet"], fewest=1)
    assert table.terms == ["rare", "earth", "magnet", "rare earth", "earth earth"]
    assert table.holds.toarray().tolist() == [[1, 1, 0, 1, 1], [0] * 5, [0, 0, 1, 0, 0]]
    assert tabulate_terms(["", "1"], fewest=1).terms == []
    assert tabulate_terms(["a rare earth"] * 3 + ["rare ore"] * 2).terms == [
        *("rare", "earth", "rare earth"),
    ]


def test_terms_of_each_side_are_found():
    ours, theirs = separate([f"dirty water {FILL}"] * 6, [f"allied plant {FILL}"] * 6, most=3)
    assert {term.term for term in ours} == {"dirty", "water", "dirty water"}
    assert {term.term for term in theirs} == {"allied", "plant", "allied plant"}
    assert (ours[0].count_a, ours[0].count_b) == (6, 0)
    assert ours[0].z > 0 > theirs[0].z


def test_one_article_makes_no_term():
    texts = [f"dirty dirty water {FILL}"] * 20
    ours, _ = separate(texts, [FILL] * 20, articles=["one"] * 20 + list(range(20)))
    assert "dirty" not in {term.term for term in ours}
    two = ["one"] * 10 + ["two"] * 10 + list(range(20))
    ours, _ = separate(texts, [FILL] * 20, articles=two)
    assert "dirty" not in {term.term for term in ours}
    three = ["one"] * 7 + ["two"] * 7 + ["three"] * 6 + list(range(20))
    ours, _ = separate(texts, [FILL] * 20, articles=three, most=99)
    assert {term.term: term.count_a for term in ours}["dirty"] == 3


def test_units_count_by_how_much_they_carry_the_label():
    texts = [f"dirty {FILL}"] * 4 + [f"clean {FILL}"] * 4
    weights = [0.5, 0.25, 1.0, 0.5] + [0.0] * 4
    ours, _ = separate(texts, [FILL] * 8, weights=weights + [1.0] * 8, most=99)
    found = {term.term: term.count_a for term in ours}
    assert found["dirty"] == pytest.approx(2.25)
    assert "clean" not in found


def test_an_article_counts_by_its_strongest_unit():
    ours, _ = separate(
        ["dirty"] * 4, ["clean"] * 4, weights=[0.25, 0.75, 1, 1, 1, 1, 1, 1], articles="aabcdefg"
    )
    assert ours[0].count_a == pytest.approx(2.75)


def test_log_odds_are_those_of_the_paper():
    a, b, prior = np.array([8.0, 2.0, 10.0]), np.array([3.0, 6.0, 11.0]), 20.0
    alpha = prior * (a + b) / 40
    odds = [
        np.log((y + alpha) / (y.sum() + prior - y - alpha)) for y in (a, b)
    ]  # equation 15 for each side, their difference in 16
    variance = 1 / (a + alpha) + 1 / (b + alpha)  # 20
    expected = (odds[0] - odds[1]) / np.sqrt(variance)  # 22
    assert weigh_log_odds(a, b, prior=prior) == pytest.approx(expected)


def test_what_nobody_says_separates_nobody():
    assert weigh_log_odds(np.array([0.0, 2.0]), np.array([0.0, 1.0])).tolist()[0] == 0
    assert weigh_log_odds(np.zeros(2), np.zeros(2)).tolist() == [0, 0]
    assert separate([], []) == ([], [])
    assert separate(["a b"], []) == ([], [])


def test_common_words_separate_less_than_telling_ones():
    rng = np.random.default_rng(0)
    a = [f"tariff {FILL}" if rng.random() < 0.6 else FILL for _ in range(60)]
    b = [f"tariff {FILL}" if rng.random() < 0.1 else FILL for _ in range(60)]
    ours, _ = separate(a, b, most=99)
    assert ours[0].term == "tariff"
    others = [abs(term.z) for term in ours if "tariff" not in term.term]
    assert ours[0].z > 2 > max(others, default=0)


def test_ties_are_settled_by_name():
    one, _ = separate(["beta", "alpha"] * 3, ["gamma"] * 6)
    other, _ = separate(["alpha", "beta"] * 3, ["gamma"] * 6)
    assert [t.term for t in one] == [t.term for t in other]


def test_examples_are_the_likeliest_of_each_article():
    weights = np.array([0.2, 0.9, 0.8, np.nan, 0.7, 0.9])
    articles, ids = list("aabbcd"), ["a:1", "a:2", "b:1", "b:2", "c:1", "d:0"]
    assert pick_examples(weights, articles, ids, np.arange(6)) == [1, 5, 2]
    assert pick_examples(weights, articles, ids, np.arange(6), most=9) == [1, 5, 2, 4]
    assert pick_examples(weights, articles, ids, np.array([0, 3, 4])) == [4, 0]
    assert pick_examples(weights, articles, ids, np.array([], dtype=int)) == []
