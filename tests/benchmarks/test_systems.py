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
from compared.rules import fit_rule
from compared.systems import BAYES, HASHING, SVM, judge_naive, judge_ours, list_systems
from compared.tuning import N_INNER_FOLDS, judge_tuned, tune
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
    (SVM, (0.3, None), lambda: TfidfVectorizer(**TFIDF), lambda: LinearSVC(C=0.3, random_state=5)),
    (
        SVM,
        (0.3, "balanced"),
        lambda: TfidfVectorizer(**TFIDF),
        lambda: LinearSVC(C=0.3, class_weight="balanced", random_state=5),
    ),
    (
        BAYES,
        0.1,
        lambda: CountVectorizer(ngram_range=(1, 2)),
        lambda: ComplementNB(alpha=0.1),
    ),
    (
        HASHING,
        (5, 1e-4, "balanced"),
        lambda: make_union(
            HashingVectorizer(ngram_range=(1, 2)),
            HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5)),
        ),
        lambda: SGDClassifier(
            loss="log_loss",
            alpha=1e-4,
            class_weight="balanced",
            max_iter=5,
            tol=None,
            random_state=5,
        ),
    ),
]


@pytest.mark.parametrize(("method", "setting", "vectorizer", "classifier"), DIRECT)
def test_baselines_score_as_scikit_learn(halves, codebook, method, setting, vectorizer, classifier):
    assert setting in method.settings
    dataset = build_dataset(halves[0], codebook)
    texts = [[unit.paragraph.text for unit in half] for half in halves]
    features, held = method.prepare(*texts)
    frames, stances = (
        method.score(
            features, group.codes, held, n_values=len(group.values), setting=setting, seed=5
        ).argmax(axis=2)
        for group in list_groups(dataset)
    )
    expected = predict_directly(vectorizer, classifier, halves)
    assert frames.tolist() == expected[0].tolist()
    assert stances[:, 0].tolist() == expected[1]


@pytest.mark.parametrize("method", [SVM, BAYES, HASHING])
def test_baselines_decide_by_thresholds_that_inner_folds_choose(halves, codebook, method):
    method = replace(method, settings=method.settings[:1])
    judged = judge_tuned(method, *halves, codebook, 5)
    dataset = build_dataset(halves[0], codebook)
    texts = [np.array([unit.paragraph.text for unit in half], object) for half in halves]
    folds = assign_folds(dataset, "grouped", n_folds=N_INNER_FOLDS, seed=5)
    frames, bridge = list_groups(dataset)

    def score(group, rows, held):
        features, others = method.prepare(list(texts[0][rows]), list(held))
        told = {"n_values": len(group.values), "setting": method.settings[0], "seed": 5}
        return method.score(features, group.codes[rows], others, **told)

    everything = np.arange(40)
    for group in (frames, bridge):
        inner = np.zeros((40, group.codes.shape[1], len(group.values)))
        for rows, held in hold_out(everything, folds, dataset.clusters):
            inner[held] = score(group, rows, texts[0][held])
        verdict = fit_rule(dataset, group, everything, inner).read(
            score(group, everything, texts[1])
        )
        if group is frames:
            assert judged.probabilities == pytest.approx(verdict.shares)
            assert (judged.decisions == (verdict.decided > 0)).all()
        else:
            shares, decided = judged.stances["bridge"]
            assert shares == pytest.approx(verdict.shares)
            assert shares.sum(axis=1) == pytest.approx(1)
            assert [VALUES.index(value) for value in decided] == verdict.decided[:, 0].tolist()
    assert judged.sure.all()  # they promise nothing, so nothing is told apart


def test_frames_are_found_that_no_margin_above_nought_finds(coded_units, codebook):
    # So strong a penalty leaves every margin below 0, and in the right order.
    setting, units = (0.03, None), coded_units[40:]
    judged = judge_tuned(replace(SVM, settings=(setting,)), coded_units, units, codebook, 0)
    texts = ([unit.paragraph.text for unit in part] for part in (coded_units, units))
    features, held = SVM.prepare(*texts)
    codes, _ = read_codes(coded_units)
    scores = SVM.score(features, codes, held, n_values=2, setting=setting, seed=0)
    assert not (scores.argmax(axis=2) == 1).any()
    assert judged.decisions.astype(int).tolist() == read_codes(units)[0].tolist()


def test_the_naive_baseline_is_scikit_learn_with_defaults(halves, codebook):
    judged = judge_naive(*halves, codebook, 0, 1)
    frames, stances = predict_directly(
        lambda: TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression, halves
    )
    assert judged.decisions.astype(int).tolist() == frames.tolist()
    assert [VALUES.index(value) for value in judged.stances["bridge"][1]] == stances


def test_settings_are_those_with_the_best_macro_f1_by_rules_of_their_own(coded_units, codebook):
    method = replace(SVM, settings=((1e-4, None), (0.01, "balanced"), (0.3, None)))
    dataset = build_dataset(coded_units, codebook)
    groups = list_groups(dataset)
    chosen = tune(method, dataset, groups, seed=2)
    figures = []
    for setting in method.settings:
        (frames, stances) = tune(replace(method, settings=(setting,)), dataset, groups, seed=2)
        folds = assign_folds(dataset, "grouped", n_folds=3, seed=2)
        said, decided = np.zeros((60, 2), int), np.zeros(60, int)
        for rows, held in hold_out(np.arange(60), folds, dataset.clusters):
            texts = [[dataset.texts[row] for row in part] for part in (rows, held)]
            features, others = method.prepare(*texts)
            scores = [
                method.score(
                    features, g.codes[rows], others, n_values=len(g.values), setting=setting, seed=2
                )
                for g in groups
            ]
            said[held] = frames.rule.read(scores[0]).decided
            decided[held] = stances.rule.read(scores[1]).decided[:, 0]
        truth, codes = read_codes(coded_units)
        figures.append(
            [
                f1_score(truth, said, average="macro", zero_division=0),
                f1_score(codes, decided, average="macro", zero_division=0),
            ]
        )
    assert len({tuple(row) for row in figures}) > 1
    best = np.argmax(figures, axis=0)
    assert [one.setting for one in chosen] == [method.settings[place] for place in best]


def test_uncoded_cells_teach_nothing(coded_units, halves, codebook):
    def blank(unit):
        return replace(unit, coding=Coding(unit.coding.unit, frames={}, stance={}))

    some = [*coded_units, *(blank(unit) for unit in halves[0])]
    method = replace(SVM, settings=((1.0, None),))
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
    assert (judged.probabilities[:, 0] < 0.1).all()
    shares, decided = judged.stances["bridge"]
    assert "none" not in decided
    assert not shares[:, VALUES.index("none")].any()


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
