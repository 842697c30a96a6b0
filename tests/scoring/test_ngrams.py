"""Occurrences of n-grams, against scikit-learn's analyzers."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from framing.scoring.ngrams import (
    CharNgramLookup,
    find_marks,
    find_tokens,
    find_words,
    iterate_char_ngrams,
    iterate_word_ngrams,
    map_offsets,
)

RANGES = st.tuples(st.integers(1, 6), st.integers(0, 4)).map(lambda r: (r[0], r[0] + r[1]))


@settings(deadline=None)
@given(data=st.data(), size=RANGES)
def test_word_ngrams_are_those_of_scikit_learn(wild_texts, data, size):
    text = data.draw(wild_texts)
    analyze = CountVectorizer(ngram_range=size).build_analyzer()
    tokens = [match.group() for match in find_tokens(text.lower())]
    found = list(iterate_word_ngrams(tokens, *size))
    assert sorted(gram for gram, _, _ in found) == sorted(analyze(text))
    assert all(" ".join(tokens[first:past]) == gram for gram, first, past in found)


@settings(deadline=None)
@given(data=st.data(), size=RANGES)
def test_char_ngrams_are_those_of_scikit_learn(wild_texts, data, size):
    text = data.draw(wild_texts)
    analyze = CountVectorizer(analyzer="char_wb", ngram_range=size).build_analyzer()
    words = [match.group() for match in find_words(text.lower())]
    assert words == text.lower().split()
    found = [gram for word in words for gram in iterate_char_ngrams(word, *size)]
    assert sorted(found) == sorted(analyze(text))


ONE_FORM = {'"': "“”„«»", "'": "‘’", "-": "–—"}


@settings(deadline=None)
@given(data=st.data())
def test_marks_are_what_is_neither_word_nor_space(wild_texts, data):
    text = data.draw(wild_texts)
    for form, others in ONE_FORM.items():
        text = text.replace(form, data.draw(st.sampled_from(others)), 1)
    found = find_marks(text)
    places = [n for n, c in enumerate(text) if not re.match(r"\w", c) and not c.isspace()]
    assert [match.span() for match in found] == [(place, place + 1) for place in places]
    forms = {other: form for form, others in ONE_FORM.items() for other in others}
    assert [match.group() for match in found] == [
        forms.get(text[place], text[place]) for place in places
    ]


def test_marks_come_in_one_form():
    for form, others in ONE_FORM.items():
        assert [match.group() for match in find_marks(form + others)] == [form] * (len(others) + 1)
    kept = "%$€?!;:…()[]/&#@*…`´"
    assert "".join(match.group() for match in find_marks(f"a_1 {kept}\u2028é")) == kept


@pytest.mark.parametrize(
    ("word", "low", "high", "grams"),
    [
        ("ab", 4, 9, [" ab "]),
        ("ab", 5, 9, [" ab "]),
        ("ab", 3, 4, [" ab", "ab ", " ab "]),
        ("a", 1, 1, [" ", "a", " "]),
    ],
)
def test_short_words_count_once_whole(word, low, high, grams):
    assert list(iterate_char_ngrams(word, low, high)) == grams


def test_lookup_keeps_repeats_and_forgets_nothing_that_matters(monkeypatch):
    monkeypatch.setattr("framing.scoring.ngrams._MOST_WORDS_KEPT", 2)
    asked = []

    def find(gram):
        asked.append(gram)
        return {"an": 5, "na": 7}.get(gram)

    lookup = CharNgramLookup(find, 2, 2)
    for word in ("banana", "ban", "x", "banana", "nana", "banana"):
        expected = [{"an": 5, "na": 7}[gram] for gram in re.findall("(?=(an|na))", word)]
        assert lookup(word).tolist() == expected
    assert asked.count("ba") == 4  # of "banana", forgotten twice, and of "ban"
    before = len(asked)
    assert lookup("a" * 65).tolist() == []
    lookup("a" * 65)
    assert len(asked) == before + 2 * 66  # too long to be kept


@settings(deadline=None)
@given(data=st.data())
def test_offsets_lead_back_to_the_character(wild_texts, data):
    text = data.draw(wild_texts)
    lowered, original = map_offsets(text)
    assert lowered == text.lower()
    assert original(0) == 0
    assert original(len(lowered)) == len(text)
    place = 0
    for number, character in enumerate(text):
        width = len(character.lower())
        assert original(place) == number
        assert [original(place + step) for step in range(1, width)] == [number + 1] * (width - 1)
        place += width


def test_final_sigma_keeps_its_place():
    lowered, original = map_offsets("İ ΟΔΟΣ Σ")
    assert lowered == "i̇ οδος σ"
    assert original(lowered.index("ς")) == 5


@pytest.mark.parametrize(
    ("text", "token"), [("ABİ", "ABİ"), ("xİy", "xİ"), ("İstanbul", "stanbul"), ("port", "port")]
)
def test_a_token_that_ends_within_a_character_holds_all_of_it(text, token):
    lowered, original = map_offsets(text)
    match = find_tokens(lowered)[0]
    assert text[original(match.start()) : original(match.end())] == token
