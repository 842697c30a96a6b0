"""Tests of what training says of its articles' words, and of telling sources from it."""

from __future__ import annotations

import numpy as np
import pytest

from framing.learning.dataset import build_dataset
from framing.learning.domains import Texts, describe_domain, separate_sources

COMMON = [f"common{n}" for n in range(60)]
WORDS = {name: [f"{name}{n}" for n in range(30)] for name in ("post", "herald", "mail", "far")}


def write(rng, name, *, own, n_articles=12, n_units=4, article=None):
    """Texts of 20 words, a share of which only this source uses."""
    texts, articles = [], []
    for number in range(n_articles):
        for _ in range(n_units):
            pools = [WORDS[name] if rng.random() < own else COMMON for _ in range(20)]
            texts.append(" ".join(rng.choice(pool) for pool in pools))
            articles.append(f"{article or name}-{number}")
    return Texts(texts, articles)


def reference(seed=0):
    rng = np.random.default_rng(seed)
    return {name: write(rng, name, own=0.03) for name in ("post", "herald", "mail")}


class TestDomain:
    def describe(self, make_unit, make_book, texts, folds, articles=None):
        units = [
            make_unit(n, text, article=articles and articles[n], frames={"risk": n % 2 == 0})
            for n, text in enumerate(texts)
        ]
        return describe_domain(build_dataset(units, make_book(["risk"])), np.array(folds))

    def test_a_word_is_known_by_two_units_of_other_folds(self, make_unit, make_book):
        texts = ["tin rose", "tin fell", "tin rose", "rose fell", "Tin, fell!", "zinc"]
        # Of the first fold's words the second holds "tin" once, "fell" twice, "rose" once.
        found = self.describe(make_unit, make_book, texts, [0, 0, 0, 1, 1, 1])
        shares = [1.0, 0.5, 1.0, 0.5, 0.5, 1.0]
        wanted = np.quantile(shares, [0.5, 0.9, 0.99])
        assert list(found) == ["median", "most", "nearly_all"]
        assert list(found.values()) == pytest.approx(wanted.tolist())

    def test_articles_count_and_not_their_units(self, make_unit, make_book):
        texts = ["tin tin tin", "zinc", "tin ore", "tin", "ore"]
        found = self.describe(
            make_unit, make_book, texts, [0, 0, 1, 2, 2], articles=["a", "a", "b", "c", "d"]
        )
        # a: tin is known three times, zinc is not; b: tin known, ore not; c: known; d: not.
        assert found["median"] == pytest.approx(np.median([0.25, 0.5, 0.0, 1.0]))

    def test_texts_without_words_do_not_count(self, make_unit, make_book):
        found = self.describe(make_unit, make_book, ["tin", "tin", "tin", "!"], [0, 1, 1, 1])
        assert found["median"] == pytest.approx(1.0)
        assert found == self.describe(make_unit, make_book, ["tin", "tin", "tin"], [0, 1, 1])
        nothing = self.describe(make_unit, make_book, ["!", "?"], [0, 1])
        assert nothing == {"median": 1.0, "most": 1.0, "nearly_all": 1.0}


class TestSeparation:
    def test_a_foreign_source_is_told_and_trainings_own_are_not(self):
        rng = np.random.default_rng(1)
        own = {name: write(rng, name, own=0.03, article="new") for name in ("post", "herald")}
        found = separate_sources({"far": write(rng, "far", own=0.3), **own}, reference())
        assert found["far"].area > 0.95
        for name in own:
            assert found[name].area < min(0.9, found[name].usual + 0.02)

    def test_the_usual_area_is_the_largest_of_trainings_own(self):
        sources = reference()
        rng = np.random.default_rng(2)
        alike = separate_sources({"new": write(rng, "post", own=0.0)}, sources)["new"]
        sources["far"] = write(rng, "far", own=0.5)
        apart = separate_sources({"new": write(rng, "post", own=0.0)}, sources)["new"]
        assert alike.usual < 0.9 < apart.usual

    def test_articles_are_held_out_whole(self):
        # Each article has words of its own; they help only where its units are on both sides.
        rng = np.random.default_rng(3)

        def write_apart(name):
            texts, articles = [], []
            for number in range(20):
                for _ in range(4):
                    words = [f"{name}x{number}x{n}" for n in rng.integers(8, size=10)]
                    texts.append(" ".join([*words, *rng.choice(COMMON, 5)]))
                    articles.append(f"{name}-{number}")
            return Texts(texts, articles)

        found = separate_sources({"new": write_apart("new")}, {"old": write_apart("old")})
        assert found["new"].area < 0.75

    def test_the_order_of_texts_and_the_other_sources_change_nothing(self):
        rng = np.random.default_rng(4)
        new = write(rng, "far", own=0.05, n_articles=120)  # 480 units, of which 400 are drawn
        known = reference()
        expected = separate_sources({"new": new}, known, seed=5)

        def turn(own):
            return Texts(own.texts[::-1], own.articles[::-1])

        turned = {name: turn(own) for name, own in reversed(known.items())}
        assert separate_sources({"new": turn(new)}, turned, seed=5) == expected
        beside = separate_sources({"a": known["post"], "new": new}, known, seed=5)
        assert beside["new"] == expected["new"]
        assert separate_sources({"new": new}, known, seed=6) != expected

    def test_too_little_is_left_out(self):
        rng = np.random.default_rng(6)
        few = write(rng, "far", own=0.5, n_articles=19, n_units=1)
        one = write(rng, "far", own=0.5, n_articles=1, n_units=30)
        assert separate_sources({"few": few, "one": one}, reference()) == {}
        enough = write(rng, "far", own=0.5, n_articles=20, n_units=1)
        assert set(separate_sources({"enough": enough}, reference())) == {"enough"}

    def test_without_rivals_anything_is_usual(self):
        rng = np.random.default_rng(7)
        new = write(rng, "far", own=0.5)
        only = {"post": reference()["post"]}
        assert separate_sources({"new": new}, only)["new"].usual == 1.0
        assert separate_sources({"new": new}, {}) == {}
