"""Tests of the whole comparison, its figures against scikit-learn's."""

import doctest
import sys
from importlib import import_module

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, average_precision_score, f1_score

import quality
from compared.figures import measure_runs, run_systems
from compared.folds import gather_material
from compared.systems import System, judge_naive
from framing.learning.design import Resampling
from framing.learning.judgements import Judgements


def judge_by_luck(train_units, test_units, codebook, seed, workers):
    rng = np.random.default_rng(len(train_units))
    probabilities = rng.random((len(test_units), 2))
    decided = [codebook.values("bridge")[v] for v in rng.integers(3, size=len(test_units))]
    shares = np.full((len(test_units), 3), 1 / 3)
    sure = np.abs(probabilities - 0.5) > 0.2
    return Judgements(probabilities, probabilities > 0.5, sure, {"bridge": (shares, decided)})


@pytest.fixture
def material(coded_file):
    return gather_material([coded_file], n_folds=3, seed=1)


def run_two(material, first=judge_by_luck, second=judge_naive):
    systems = [System("ours", "ours", first, "luck"), System("naive", "naive", second, "luck")]
    ticks = iter(range(100))
    return run_systems(
        material, systems, seed=0, workers=1, clock=lambda: next(ticks), tell=lambda _line: None
    )


def predict_directly(material):
    texts = np.array(material.dataset.texts, dtype=object)
    frames = material.dataset.frames
    stances = np.array(material.dataset.stances[0].codes)
    shares, decided = np.zeros(frames.shape), np.zeros(len(texts), dtype=int)
    for fold in material.folds:
        vectorizer = TfidfVectorizer(ngram_range=(1, 2))
        train = vectorizer.fit_transform(texts[fold.train])
        test = vectorizer.transform(texts[fold.test])
        for column in range(2):
            model = LogisticRegression().fit(train, frames[fold.train, column])
            shares[fold.test, column] = model.predict_proba(test)[:, 1]
        decided[fold.test] = LogisticRegression().fit(train, stances[fold.train]).predict(test)
    return frames, shares, stances, decided


def test_figures_are_those_of_scikit_learn(material):
    runs = run_two(material)
    frames, stance = measure_runs(material, runs, Resampling(resamples=100))
    truth, shares, codes, decided = predict_directly(material)
    found = [estimate.value for estimate in frames.scores["naive"]]
    assert found == pytest.approx(
        [
            *(
                f1_score(truth, shares >= 0.5, average=a, zero_division=0)
                for a in ("micro", "macro")
            ),
            *(average_precision_score(truth, shares, average=a) for a in ("micro", "macro")),
        ]
    )
    found = [estimate.value for estimate in stance.scores["naive"]]
    assert found == pytest.approx(
        [f1_score(codes, decided, average="macro"), accuracy_score(codes, decided)]
    )
    for estimate in (*frames.scores["naive"], *stance.scores["ours"]):
        assert estimate.low < estimate.value < estimate.high
        assert (estimate.n_articles, estimate.level) == (12, 0.95)


def test_gains_are_ours_less_the_baseline(material):
    figures = measure_runs(material, run_two(material), Resampling(resamples=100))
    for part in figures:
        gains = [estimate.value for estimate in part.gains["naive"]]
        both = zip(part.scores["ours"], part.scores["naive"], strict=True)
        assert gains == pytest.approx([a.value - b.value for a, b in both])
        assert len(gains) == len(part.columns)
        assert list(part.gains) == ["naive"]
        assert all(e.low < e.value < e.high and e.n_articles == 12 for e in part.gains["naive"])


def test_a_system_gains_nothing_over_itself(material):
    for part in measure_runs(material, run_two(material, judge_naive), Resampling(resamples=50)):
        assert {(e.low, e.value, e.high) for e in part.gains["naive"]} == {(0.0, 0.0, 0.0)}


def test_all_systems_get_the_same_folds(material):
    seen = {"first": [], "second": []}

    def keep(name):
        def judge(train_units, test_units, codebook, seed, workers):
            ids = [[unit.paragraph.id for unit in part] for part in (train_units, test_units)]
            seen[name].append((*ids, codebook.hash, seed))
            return judge_by_luck(train_units, test_units, codebook, seed, workers)

        return judge

    runs = run_two(material, keep("first"), keep("second"))
    assert seen["first"] == seen["second"]
    held = [unit for _, test, _, _ in seen["first"] for unit in test]
    assert sorted(held) == sorted(unit.paragraph.id for unit in material.data.units)
    assert (runs[0].judged.probabilities == runs[1].judged.probabilities).all()
    assert [run.seconds for run in runs] == [3, 3]


def test_judgements_stand_in_the_order_of_the_rows(material):
    def judge(train_units, test_units, codebook, seed, workers):
        numbers = np.array([float(unit.paragraph.id.rpartition(":")[2]) for unit in test_units])
        said = ["favor" if number < 30 else "none" for number in numbers]
        below = numbers[:, None] < 30
        return Judgements(
            numbers[:, None] / 100, below, ~below, {"bridge": (numbers[:, None], said)}
        )

    judged = run_two(material, judge)[0].judged
    assert judged.probabilities[:, 0] * 100 == pytest.approx(np.arange(60))
    assert judged.decisions[:, 0].tolist() == [True] * 30 + [False] * 30
    assert (judged.sure == ~judged.decisions).all()
    assert judged.stances["bridge"][0][:, 0].tolist() == list(range(60))
    assert judged.stances["bridge"][1] == ["favor"] * 30 + ["none"] * 30


def invoke(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["quality.py", *map(str, arguments)])
    with pytest.raises(SystemExit) as leaving:
        quality.start(quality.run)
    return leaving.value.code, *capsys.readouterr()


FEW = ("--systems", "naive,fasttext", "--folds", "2", "--resamples", "100")


def test_the_command_writes_head_and_tables(monkeypatch, capsys, coded_file):
    monkeypatch.setattr("compared.systems.find_fasttext", lambda: None)
    options = (*FEW, "--name", "bridges", "--date", "2024-05-06")
    code, out, err = invoke(monkeypatch, capsys, coded_file, *options)
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "# Quality on bridges"
    head = [line for line in lines if line.startswith("- ")]
    assert head[0].startswith("- data: bridges, 60 units of 12 articles, ")
    assert head[1].startswith("- folds: 2, by article, copies of a unit on one side")
    assert [line.split(":")[0][2:] for line in head[2:]] == [
        *("held out", "seed", "intervals", "naive decides by", "fasttext decides by"),
        *("ours decides by", "processes", "versions", "date"),
    ]
    assert "- processes: 1 of ours, 1 of the others, on " in out
    assert str(coded_file.parent) not in out
    assert [line for line in lines if line.startswith("## ")] == [
        *("## Frames", "## Stance: bridge", "## Seconds")
    ]
    assert "not installed" in next(line for line in lines if line.startswith("| fastText"))
    assert len([line for line in lines if line.startswith("| ours")]) == 3
    assert "naive: fold 2, 26 to 30 units" in err


def test_figures_repeat_and_the_output_is_a_file(monkeypatch, capsys, coded_file, tmp_path):
    texts = []
    for name in ("a.md", "b.md"):
        path = tmp_path / name
        assert invoke(monkeypatch, capsys, coded_file, *FEW, "-o", path)[:2] == (0, "")
        texts.append(path.read_text(encoding="utf-8"))
    first, second = (text.partition("## Seconds")[0] for text in texts)
    assert first == second
    assert "- date" not in first


def test_what_cannot_be_used_is_said_in_one_line(monkeypatch, capsys, tmp_path, coded_file):
    code, out, err = invoke(monkeypatch, capsys, tmp_path / "none.jsonl")
    assert (code, out) == (1, "")
    assert err.startswith("error: ")
    assert invoke(monkeypatch, capsys, coded_file, "--systems", "luck")[0] == 2
    missing = tmp_path / "none" / "quality.md"
    assert "no such folder" in invoke(monkeypatch, capsys, coded_file, "-o", missing)[2]


def test_examples_in_docstrings_hold():
    for name in ("fasttexts", "folds"):
        failed, tried = doctest.testmod(import_module(f"compared.{name}"))
        assert (failed, tried > 0) == (0, True)
