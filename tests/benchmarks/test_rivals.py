"""Tests of the rivals, and of the model that gives their probabilities by ours."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.schema import FramingError
from framing.scoring.modelfile import load_model
from timed import rivals
from timed.agreement import compare_outputs
from timed.corpora import draw_coded, write_corpus
from timed.models import CHARACTERS, WORDS, Fitted, fit_hashed, fit_tfidf, save_wrapped, widen, wrap
from timed.rivals import RIVALS
from timed.texts import lay_chains


@pytest.fixture(scope="module")
def chains(coded_units):
    return lay_chains(coded_units, 2)


@pytest.fixture(scope="module")
def learnt(chains):
    return draw_coded(chains, 200, seed=1)


@pytest.fixture(scope="module")
def fitted(chains, learnt):
    return fit_tfidf(*learnt, chains.frames, n_features=300)


@pytest.fixture(scope="module")
def made(chains, tmp_path_factory):
    return write_corpus(chains, 60, tmp_path_factory.mktemp("made") / "corpus", seed=0)


def read_texts(made):
    return pd.read_parquet(made.paths["parquet"])["text"].tolist()


@pytest.mark.parametrize("blocks", [(WORDS,), (WORDS, CHARACTERS)])
def test_ours_gives_the_regressions_probabilities(blocks, chains, learnt, made, tmp_path):
    fitted = fit_tfidf(*learnt, chains.frames, blocks, n_features=300)
    model = load_model(save_wrapped(fitted, tmp_path / "m.safetensors", blocks))
    texts = read_texts(made)
    features = fitted.vectorizer.transform(texts)
    theirs = [r.predict_proba(features)[:, 1] for r in fitted.regressions.values()]
    assert model.frame_ids == chains.frames
    assert np.abs(model.score(texts).frames - np.column_stack(theirs)).max() < 1e-9
    assert fitted.n_features == 300 * len(blocks) == features.shape[1]


def test_a_wider_model_repeats_its_columns(fitted, made):
    narrow, texts = wrap(fitted), read_texts(made)
    wide, one = widen(narrow, 5), widen(narrow, 1)
    given = narrow.score(texts).frames
    assert wide.score(texts).frames == pytest.approx(given[:, [0, 1, 0, 1, 0]], abs=1e-12)
    assert one.score(texts).frames == pytest.approx(given[:, :1], abs=1e-12)


def run(name, fitted, made, tmp_path):
    place, output = tmp_path / "fitted.pickle", tmp_path / f"{name}.csv"
    fitted.save(place)
    RIVALS[name](made.paths["jsonl"], place, output)
    return pd.read_csv(output, keep_default_na=False)


@pytest.mark.parametrize("name", ["naive", "chunked", "word+char"])
def test_rivals_write_the_table_with_probabilities_and_frames(
    name, fitted, made, tmp_path, monkeypatch
):
    monkeypatch.setattr(rivals, "BATCH", 25)
    table = run(name, fitted, made, tmp_path)
    features = fitted.vectorizer.transform(read_texts(made))
    assert table["text"].tolist() == read_texts(made)
    for frame, regression in fitted.regressions.items():
        shares = regression.predict_proba(features)[:, 1]
        assert table[f"p:{frame}"].to_numpy() == pytest.approx(shares, abs=1e-12)
        held = [frame in cell.split(";") for cell in table["frames"]]
        assert held == (shares >= 0.5).tolist()


def test_hashed_words_are_a_model_of_another_kind(chains, learnt, made, tmp_path):
    hashed = fit_hashed(*learnt, chains.frames)
    table = run("hashing", hashed, made, tmp_path)
    assert table["p:safety"].between(0, 1).all()
    assert hashed.n_features == 2**18


def test_what_is_fitted_comes_back(fitted, tmp_path):
    fitted.save(tmp_path / "f")
    assert Fitted.load(tmp_path / "f").regressions.keys() == fitted.regressions.keys()


def test_the_floor_writes_all_and_scores_nothing(fitted, made, tmp_path, monkeypatch):
    monkeypatch.setattr(rivals, "BATCH", 25)
    table = run("floor", fitted, made, tmp_path)
    assert table["text"].tolist() == read_texts(made)
    words = np.array([len(text.split()) for text in read_texts(made)])
    assert table["p:5"].to_numpy() == pytest.approx(1 / (words + 1))


@pytest.mark.parametrize(
    ("name", "module", "train"),
    [
        ("fasttext", "fasttext", rivals.train_fasttext),
        ("vowpal wabbit", "vowpalwabbit", rivals.train_vw),
    ],
)
def test_other_programs_where_they_are_installed(
    name, module, train, chains, learnt, made, tmp_path
):
    pytest.importorskip(module)
    train(*learnt, chains.frames, tmp_path / "model", seed=0)
    RIVALS[name](made.paths["jsonl"], tmp_path / "model", tmp_path / "out.csv")
    table = pd.read_csv(tmp_path / "out.csv")
    assert len(table) == 60
    assert all(table[f"p:{frame}"].between(0, 1.001).all() for frame in chains.frames)


class TestAgreement:
    def write(self, path, **columns):
        pd.DataFrame({"id": ["a", "b", "c"], **columns}).to_csv(path, index=False)
        return path

    def test_the_largest_difference_of_the_units_that_both_have(self, tmp_path):
        ours = self.write(tmp_path / "o", **{"p:x": [0.1, 0.2, 0.9], "p:y": [0.5, 0.5, 0.5]})
        theirs = tmp_path / "t"
        pd.DataFrame({"id": ["a", "b"], "p:y": [0.5, 0.4], "p:x": [0.1, 0.25]}).to_csv(theirs)
        assert compare_outputs(ours, theirs) == pytest.approx(0.1)

    @pytest.mark.parametrize("columns", [{"p:z": [0.1] * 3}, {"p:x": [0.1] * 3, "id": list("bac")}])
    def test_other_units_or_frames_are_an_error(self, tmp_path, columns):
        ours = self.write(tmp_path / "o", **{"p:x": [0.1] * 3})
        theirs = self.write(tmp_path / "t", **columns)
        with pytest.raises(FramingError, match="units or frames differ"):
            compare_outputs(ours, theirs)
