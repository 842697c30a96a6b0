"""Tests of the corpus that throughput is measured on: its texts, and its files."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from timed.corpora import cut_corpus, draw_coded, write_corpus
from timed.texts import draw_texts, lay_chains


@pytest.fixture(scope="module")
def chains(coded_units):
    return lay_chains(coded_units, 2)


def draw(chains, n_texts, *, n_words=30.0, seed=0):
    pieces = draw_texts(chains, n_texts, n_words=n_words, rng=np.random.default_rng(seed))
    (piece,) = pieces
    return piece


def test_chains_hold_what_follows_what(chains, coded_units):
    known = {pair for unit in coded_units for pair in pairwise(["", *unit.paragraph.text.split()])}
    told = {
        (word, chains.words[after])
        for row in range(len(chains.starts))
        for number, word in enumerate(chains.words)
        for after in chains.followers[
            chains.starts[row, number] : chains.starts[row, number] + chains.degrees[row, number]
        ]
        if word == "" or chains.starts[row, number] != chains.starts[row, 0]
    }
    assert told == known


def test_a_word_that_nothing_follows_begins_anew(chains):
    ends = (chains.starts == chains.starts[:, :1]).sum(axis=1) > 1
    assert ends.all()
    assert (chains.degrees > 0).all()


def test_only_the_most_frequent_frames_are_kept(coded_units):
    chains = lay_chains(coded_units, 1)
    held = [unit.coding.frames["cost"] for unit in coded_units]
    assert chains.frames == ("cost",)
    assert chains.shapes.tolist() == [[code, not code] for code in held]


def test_texts_are_as_long_as_asked_for(chains):
    piece = draw(chains, 2000, n_words=50.0)
    lengths = np.array([len(text.split()) for text in piece.texts.to_pylist()])
    assert lengths.mean() == pytest.approx(50, rel=0.05)
    assert lengths.std() / lengths.mean() == pytest.approx(
        chains.lengths.std() / chains.lengths.mean(), rel=0.1
    )


def test_texts_speak_of_their_frames(chains, coded_units):
    piece = draw(chains, 1000)
    texts = np.array(piece.texts.to_pylist())
    for number, frame in enumerate(chains.frames):
        held = piece.frames[:, number]
        own = {
            word
            for unit in coded_units
            if unit.coding.frames.get(frame)
            for word in unit.paragraph.text.split()
        }
        alone = held & (piece.frames.sum(axis=1) == 1)
        assert 0 < alone.sum() < len(texts)
        assert all(set(text.split()) <= own for text in texts[alone])


def test_the_same_seed_writes_the_same(chains):
    assert draw(chains, 50).texts.equals(draw(chains, 50).texts)
    assert not draw(chains, 50).texts.equals(draw(chains, 50, seed=1).texts)


def test_all_formats_hold_the_same(chains, tmp_path):
    corpus = write_corpus(chains, 30, tmp_path / "made", seed=0)
    lines = pd.DataFrame(
        [json.loads(line) for line in corpus.paths["jsonl"].read_text("utf-8").splitlines()]
    )
    assert len(lines) == 30
    assert lines["article"].tolist() == [f"a{number // 10}" for number in range(30)]
    assert lines["id"].is_unique
    for other in (pd.read_csv(corpus.paths["csv"]), pd.read_parquet(corpus.paths["parquet"])):
        assert other.to_numpy().tolist() == lines.to_numpy().tolist()
    assert corpus.megabytes["jsonl"] == corpus.paths["jsonl"].stat().st_size / 1e6


def test_a_slice_is_the_first_lines(chains, tmp_path):
    corpus = write_corpus(chains, 30, tmp_path / "made", seed=0, formats=("jsonl",))
    part = cut_corpus(corpus, 7)
    lines = corpus.paths["jsonl"].read_text("utf-8").splitlines()
    assert part.n_units == 7
    assert part.paths["jsonl"].read_text("utf-8").splitlines() == lines[:7]
    assert cut_corpus(corpus, 30) is corpus


def test_what_is_learnt_from_is_not_the_corpus(chains, tmp_path):
    corpus = write_corpus(chains, 40, tmp_path / "made", seed=0)
    texts, codes = draw_coded(chains, 40, seed=1)
    assert codes.shape == (40, 2)
    assert not set(texts) & set(pd.read_parquet(corpus.paths["parquet"])["text"])
