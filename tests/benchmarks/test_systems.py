"""Tests of the systems against what scikit-learn does when it is called directly."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import f1_score
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC

from compared.fasttexts import FastText, find_fasttext
from compared.questions import list_groups
from compared.systems import BAYES, HASHING, SVM, judge_naive, judge_ours, list_systems
from compared.tuning import FAR, choose_settings, judge_tuned
from framing.learning.dataset import build_dataset
from framing.learning.splits import assign_folds, hold_out
from framing.learning.training import Settings, train
from framing.schema import Coding

VALUES = ("favor", "oppose", "none")
TFIDF = {"ngram_range": (1, 2), "sublinear_tf": True, "min_df": 2}


@pytest.fixture
def halves(coded_units):
    return coded_units[:40], coded_units[40:]


def read_codes(units):
    frames = np.array([[unit.coding.frames[f] for f in ("cost", "safety")] for unit in units])
    stances = [VALUES.index(unit.coding.stance["bridge"]) for unit in units]
    return frames.astype(int), stances


def predict_directly(make_vectorizer, make_classifier, halves):
    """Frames (m, 2) and stances of the second half, by a classifier a question."""
    train_texts, test_texts = ([unit.paragraph.text for unit in half] for half in halves)
    vectorizer = make_vectorizer()
    features = vectorizer.fit_transform(train_texts)
    held = vectorizer.transform(test_texts)
    frames, stances = read_codes(halves[0])
    decided = [make_classifier().fit(features, codes).predict(held) for codes in frames.T]
    return np.array(decided).T, list(make_classifier().fit(features, stances).predict(held))


DIRECT = [
    (SVM, 0.3, lambda: TfidfVectorizer(**TFIDF), lambda: LinearSVC(C=0.3, random_state=5)),
    (
        BAYES,
        0.1,
        lambda: CountVectorizer(ngram_range=(1, 2)),
        lambda: ComplementNB(alpha=0.1),
    ),
    (
        HASHING,
        (5, 1e-4),
        lambda: make_union(
            HashingVectorizer(ngram_range=(1, 2)),
            HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5)),
        ),
        lambda: SGDClassifier(loss="log_loss", alpha=1e-4, max_iter=5, tol=None, random_state=5),
    ),
]


@pytest.mark.parametrize(("method", "setting", "vectorizer", "classifier"), DIRECT)
def test_baselines_decide_as_scikit_learn(
    halves, codebook, method, setting, vectorizer, classifier
):
    assert setting in method.settings
    judged = judge_tuned(replace(method, settings=(setting,)), *halves, codebook, 5)
    frames, stances = predict_directly(vectorizer, classifier, halves)
    assert judged.decisions.astype(int).tolist() == frames.tolist()
    shares, decided = judged.stances["bridge"]
    assert [VALUES.index(value) for value in decided] == stances
    assert shares.sum(axis=1) == pytest.approx(1)
    assert ((judged.probabilities > 0.5) == judged.decisions).all()
    assert judged.sure.all()  # they promise nothing, so nothing is told apart


def test_the_naive_baseline_is_scikit_learn_with_defaults(halves, codebook):
    judged = judge_naive(*halves, codebook, 0, 1)
    frames, stances = predict_directly(
        lambda: TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression, halves
    )
    assert judged.decisions.astype(int).tolist() == frames.tolist()
    assert [VALUES.index(value) for value in judged.stances["bridge"][1]] == stances


def test_settings_are_those_with_the_best_macro_f1_over_inner_folds(coded_units, codebook):
    method = replace(SVM, settings=(1e-4, 0.01, 0.3))
    dataset = build_dataset(coded_units, codebook)
    chosen = choose_settings(method, dataset, list_groups(dataset), seed=2)
    folds = assign_folds(dataset, "grouped", n_folds=3, seed=2)
    frames, stances = read_codes(coded_units)
    figures = []
    for C in method.settings:
        said, decided = np.zeros_like(frames), np.zeros(60, dtype=int)
        for rows, held in hold_out(np.arange(60), folds, dataset.clusters):
            halves = [[coded_units[row] for row in part] for part in (rows, held)]
            said[held], decided[held] = predict_directly(
                lambda: TfidfVectorizer(**TFIDF), lambda C=C: LinearSVC(C=C, random_state=2), halves
            )
        figures.append(
            [
                f1_score(frames, said, average="macro", zero_division=0),
                f1_score(stances, decided, average="macro", zero_division=0),
            ]
        )
    assert len({tuple(row) for row in figures}) > 1
    assert chosen == [method.settings[best] for best in np.argmax(figures, axis=0)]


def test_uncoded_cells_teach_nothing(halves, codebook):
    def blank(unit):
        return replace(unit, coding=Coding(unit.coding.unit, frames={}, stance={}))

    some = [*halves[0], *(blank(unit) for unit in halves[0])]
    method = replace(SVM, settings=(1.0,))
    judged = judge_tuned(method, some, halves[1], codebook, 0)
    assert judged.decisions.any()
    nothing = judge_tuned(method, [blank(unit) for unit in halves[0]], halves[1], codebook, 0)
    assert not nothing.decisions.any()
    assert (nothing.probabilities == 0.5).all()


def test_what_training_lacks_is_decided_for_nowhere(halves, codebook):
    units = [unit for unit in halves[0] if unit.coding.stance["bridge"] != "none"]
    units = [unit for unit in units if not unit.coding.frames["cost"]]
    judged = judge_tuned(replace(BAYES, settings=(1.0,)), units, halves[1], codebook, 0)
    assert not judged.decisions[:, 0].any()
    assert (judged.probabilities[:, 0] < 1e-3).all()
    assert "none" not in judged.stances["bridge"][1]
    assert FAR > 1e6


def test_ours_is_training_with_default_settings(halves, codebook):
    judged = judge_ours(*halves, codebook, 0, 1)
    model, _ = train(halves[0], codebook, settings=Settings(splits=()))
    scores = model.score([unit.paragraph.text for unit in halves[1]])
    assert judged.probabilities == pytest.approx(scores.frames)
    thresholds = [head.threshold for head in model.frames]
    assert (judged.decisions == (scores.frames >= thresholds)).all()
    doubts = [head.doubt(scores.frames[:, k]) for k, head in enumerate(model.frames)]
    assert (judged.sure == ~np.column_stack(doubts)).all()
    assert judged.stances["bridge"][0] == pytest.approx(scores.stances["bridge"])


def test_ours_keeps_a_place_for_what_it_could_not_learn(halves, codebook):
    units = [
        replace(
            unit,
            coding=Coding(
                unit.coding.unit,
                frames={"cost": False, "safety": unit.coding.frames["safety"]},
                stance={"bridge": unit.coding.stance["bridge"].replace("oppose", "none")},
            ),
        )
        for unit in halves[0]
    ]
    judged = judge_ours(units, halves[1], codebook, 0, 1)
    assert judged.probabilities.shape == (20, 2)
    assert not judged.decisions[:, 0].any()
    assert judged.decisions[:, 1].any()
    assert not judged.sure[:, 0].any()
    shares, decided = judged.stances["bridge"]
    assert (shares[:, 1] == 0).all()
    assert set(decided) == {"favor", "none"}
    alone = [replace(u, coding=replace(u.coding, stance={"bridge": "none"})) for u in units]
    assert judge_ours(alone, halves[1], codebook, 0, 1).stances["bridge"][1] == ["favor"] * 20


class FakeFastText:
    """Keeps what it was to learn, and finds label 0 with probability .9 in texts with ``bill``."""

    def train_supervised(self, *, loss, **options):
        self.lines = Path(options["input"]).read_text(encoding="utf-8").splitlines()
        self.loss, self.options = loss, options

        def predict(text, k, threshold, errors):
            share = 0.9 if "bill" in text else 0.2
            return [(share, "__label__0"), (1 - share, "__label__none" if k else "")]

        return SimpleNamespace(f=SimpleNamespace(predict=predict))


def test_fasttext_learns_frames_together_and_units_without_any():
    fake = FakeFastText()
    method = FastText(fake)
    train_texts, test = method.prepare(["A bill.", "No\nthing", "Odd"], ["The bill", "Swans"])
    codes = np.array([[1, 1], [0, 0], [1, -1]])
    scores = method.score(train_texts, codes, test, n_values=2, setting=(10, 0.5), seed=7)
    assert fake.lines == ["__label__0 __label__1 a bill .", "__label__none no thing"]
    assert (fake.loss, fake.options["seed"], fake.options["epoch"]) == ("ova", 7, 10)
    assert scores[:, :, 1] == pytest.approx(np.array([[0.4, -0.5], [-0.3, -0.5]]))
    assert not scores[:, :, 0].any()


def test_fasttext_learns_a_stance_by_softmax():
    fake = FakeFastText()
    fake_none = FastText(fake).score
    codes = np.array([[0], [1], [-1]])
    with pytest.raises(ValueError, match="none"):
        fake_none(["a", "b", "c"], codes, ["bill"], n_values=3, setting=(10, 0.5), seed=0)
    assert fake.lines == ["__label__0 a", "__label__1 b"]
    assert fake.loss == "softmax"


def test_fasttext_says_nothing_of_one_value():
    codes = np.array([[1], [1]])
    scores = FastText(None).score(["a", "b"], codes, ["c"], n_values=2, setting=(1, 1), seed=0)
    assert not scores.any()


@pytest.mark.skipif(find_fasttext() is None, reason="fastText is not installed")
def test_real_fasttext_learns_the_corpus(halves, codebook):
    judged = judge_tuned(FastText(find_fasttext(), ((50, 5.0),)), *halves, codebook, 0)
    again = judge_tuned(FastText(find_fasttext(), ((50, 5.0),)), *halves, codebook, 0)
    frames, _ = read_codes(halves[1])
    assert f1_score(frames, judged.decisions, average="macro") > 0.6
    assert (judged.probabilities == again.probabilities).all()


def test_systems_without_their_package_cannot_run(monkeypatch):
    monkeypatch.setattr("compared.systems.find_fasttext", lambda: None)
    systems = {system.name: system for system in list_systems()}
    assert list(systems) == ["naive", "svm", "bayes", "hashing", "fasttext", "ours"]
    assert [name for name, system in systems.items() if system.judge is None] == ["fasttext"]
