"""Tests of the comparison of costs: the corpus, both sides' search, the tables."""

import doctest
import pickle
from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
import typer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from typer.testing import CliRunner

import training
from framing.coding.scheme import Codebook, Frame
from framing.gathering import CodedData
from framing.learning.candidates import PLAIN
from framing.learning.counting import count_ngrams
from framing.learning.crossfitting import Job, Workers
from framing.learning.searching import Ground, score_jobs
from framing.learning.selection import rate
from framing.learning.splits import assign_folds, hold_out
from framing.schema import OutputError
from searched.corpus import Shape, TextModel, build_corpus, list_frames
from searched.pipelines import EmphasisedLogistic, build_pipeline, list_params, search_grid
from searched.sides import METRIC, OURS, SEARCH, SIDES, Outcome, Task, run_side
from searched.tables import Measured, format_report


@pytest.fixture(scope="module")
def task():
    """Lay a task in which no choice is a close call: what is small has many of them.

    Of two folds: the grid counts pieces of words anew for every setting and fold.
    """
    dataset = build_corpus(300, seed=3)
    folds = assign_folds(dataset, "grouped", n_folds=2, seed=0)
    return Task(dataset, Ground(np.arange(len(dataset)), folds))


def count_codes(units):
    return np.mean([[frame in list_frames(unit) for frame in ("cost", "safety")] for unit in units])


@pytest.fixture
def coded(coded_units):
    return CodedData(
        coded_units, Codebook("small", "1.0.0", frames=(Frame("cost", "C"), Frame("safety", "S")))
    )


def test_corpus_has_the_shapes_and_words_of_what_it_learnt_from(coded):
    units, corpus = coded.units, build_corpus(3000, seed=1, coded=coded)
    assert len(corpus) == 3000
    assert not corpus.stances
    assert not len(corpus.prior)
    assert corpus.frames.mean() == pytest.approx(count_codes(units), abs=0.03)
    lengths = [len(unit.paragraph.text.split()) for unit in units]
    found = [len(text.split()) for text in corpus.texts]
    assert set(found) <= set(lengths)
    assert np.mean(found) == pytest.approx(np.mean(lengths), rel=0.1)
    known = {word for unit in units for word in unit.paragraph.text.split()}
    assert {word for text in corpus.texts for word in text.split()} <= known


def test_corpus_depends_on_its_seed_alone(coded):
    first, again, other = (build_corpus(200, seed=seed, coded=coded).hash for seed in (1, 1, 2))
    assert first == again != other


def test_texts_follow_the_units_of_their_frame(coded):
    model = TextModel.learn(coded.units)
    rng = np.random.default_rng(0)
    pairs = {
        pair
        for unit in coded.units
        if "cost" in list_frames(unit)
        for pair in pairwise(unit.paragraph.text.split())
    }
    firsts = {unit.paragraph.text.split()[0] for unit in coded.units}
    words = model.write(Shape(("cost",), 200), rng.random).split()
    assert len(words) == 200
    assert all(pair in pairs or pair[1] in firsts for pair in pairwise(words))


def test_grid_spans_the_star_and_nothing_else():
    params = [list_params(candidate) for candidate in SEARCH.list_candidates()]
    told = {
        tuple(
            (name, value if isinstance(value, (str, float)) else "on") for name, value in p.items()
        )
        for p in params
    }
    assert len(told) == len(params)
    assert "prior" not in SEARCH.axes
    for p in params:
        build_pipeline().set_params(**p)
    plain = list_params(replace(SEARCH.usual, recipe=PLAIN))
    assert (plain["features__char_wbs"], plain["features__marks"]) == ("drop", "drop")


def test_classifier_without_emphasis_is_scikit_learns(task):
    features = TfidfVectorizer().fit_transform(task.dataset.texts)
    codes = task.dataset.frames.astype(int)
    found = EmphasisedLogistic(C=3.0, class_weight="balanced").fit(features, codes)
    direct = LogisticRegression(C=3.0, class_weight="balanced", solver="liblinear")
    expected = [direct.fit(features, column).decision_function(features) for column in codes.T]
    assert found.decision_function(features) == pytest.approx(np.transpose(expected))


def test_classifier_scores_a_frame_that_is_nowhere_alike_everywhere():
    features, codes = np.eye(4), np.array([[1, 0], [1, 0], [0, 0], [0, 0]])
    scores = EmphasisedLogistic(emphasis=0.5).fit(features, codes).decision_function(features)
    assert scores[:, 0].min() < 0 < scores[:, 0].max()
    assert scores[:, 1].tolist() == [0.0] * 4


def test_both_sides_rate_every_setting_alike(task):
    dataset, ground = task.dataset, task.ground
    candidates = SEARCH.list_candidates()
    theirs = search_grid(
        build_pipeline(),
        candidates,
        list(dataset.texts),
        dataset.frames.astype(int),
        hold_out(ground.rows, ground.folds, dataset.clusters),
        workers=1,
    )
    counts = count_ngrams(dataset.texts, [candidate.recipe for candidate in candidates])
    jobs = [Job(None, candidate) for candidate in candidates]
    (scores,) = score_jobs(counts, dataset, [ground], [jobs], workers=Workers())
    for job in jobs:
        ours = rate(None, scores[job], dataset, ground.rows, ground.folds, METRIC)
        assert ours == pytest.approx(theirs[job.candidate], abs=0.01), str(job.candidate)


@pytest.fixture(scope="module")
def outcomes(task):
    return {side: run_side(side, task, workers=1) for side in (OURS, "cached")}


def test_both_sides_choose_the_same(outcomes):
    ours, cached = outcomes.values()
    assert ours.chosen == cached.chosen
    assert ours.rated == pytest.approx(cached.rated, abs=0.01)
    assert min(ours.seconds, ours.busy, cached.seconds, cached.busy) > 0
    assert not ours.mebibytes < 10  # not known everywhere


def test_the_grid_comes_to_the_same_with_two_processes(outcomes, task):
    # The processes are its own; what they take counts, their memory included.
    two = run_side("grid", task, workers=2)
    assert two.chosen == outcomes["cached"].chosen
    assert two.rated == pytest.approx(outcomes["cached"].rated)
    assert min(two.seconds, two.busy) > 0


def test_five_folds_are_laid_by_article(coded):
    dataset = build_corpus(100, seed=0, coded=coded)
    laid = Task.lay(dataset, seed=3).ground
    expected = assign_folds(dataset, "grouped", n_folds=5, seed=3)
    assert (laid.rows.tolist(), laid.folds.tolist()) == (list(range(100)), expected.tolist())


def test_process_of_its_own_comes_to_the_same(task, outcomes):
    apart = training.run_apart(OURS, task, 1)
    assert (apart.chosen, apart.rated) == (outcomes[OURS].chosen, outcomes[OURS].rated)


def test_task_survives_its_way_to_another_process(task):
    again = pickle.loads(pickle.dumps(task))
    assert again.dataset.hash == task.dataset.hash
    assert again.ground.folds.tolist() == task.ground.folds.tolist()


def make_outcome(seconds, *, chosen="word1-2|C:1", rated=(0.5, 0.7), mebibytes=100.0):
    return Outcome(chosen, list(rated), seconds, 2 * seconds, mebibytes)


def test_sides_take_turns(task):
    ran = []

    def runner(side, given, workers):
        assert given is task
        ran.append((side, workers))
        return make_outcome(1.0)

    outcomes = training.take_turns(task, {OURS: 3, "grid": 2}, workers=2, runner=runner)
    order = [OURS, "grid", "grid", OURS, OURS]
    assert ran == [(side, 2) for side in order]
    assert {side: len(found) for side, found in outcomes.items()} == {OURS: 3, "grid": 2}


def read_cells(text, start):
    row = next(line for line in text.splitlines() if line.startswith(f"| {start} "))
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_tables_give_medians_and_what_they_come_to(task):
    ours = [make_outcome(s, mebibytes=m) for s, m in ((2.0, 90.0), (1.0, 100.0), (6.0, 80.0))]
    grid = [make_outcome(20.0, chosen="word1-2|C:3", rated=(0.5, 0.69), mebibytes=150.0)]
    outcomes = {OURS: ours, "grid": grid}
    text = format_report([Measured(task.dataset, outcomes)], workers=2, seed=7)
    first, second = text.split("| than ours")
    assert read_cells(first, "ours")[1:] == [
        "3",
        "2.0 [1.0, 6.0]",
        "4.0 [2.0, 12.0]",
        "100",
        ".600",
    ]
    assert read_cells(first, "GridSearchCV(Pipeline)")[1:] == ["1", "20.0", "40.0", "150", ".595"]
    cells = read_cells(second, "GridSearchCV(Pipeline)")
    assert cells[1:] == ["10.0", "10.0", "1.50", "0 of 1", ".0100"]
    assert "- seed: 7" in text
    assert "## 300 units" in text


def test_the_same_choice_is_that_of_every_round(task):
    ours = [make_outcome(1.0) for _ in range(3)]
    theirs = [make_outcome(2.0, chosen=chosen) for chosen in ("word1-2|C:1", "other")]
    text = format_report([Measured(task.dataset, {OURS: ours, "grid": theirs})], workers=1, seed=0)
    first, second = text.split("| than ours")
    assert read_cells(second, "GridSearchCV(Pipeline)")[4] == "1 of 2"
    assert "- ours chose `word1-2|C:1`\n" in first
    assert "- GridSearchCV(Pipeline) chose `word1-2|C:1`, `other`\n" in first


def run_script(monkeypatch, coded, *arguments):
    monkeypatch.setattr(training, "build_corpus", partial(build_corpus, coded=coded))
    monkeypatch.setattr(training, "run_apart", lambda side, task, workers: make_outcome(1.0))
    app = typer.Typer()
    app.command()(training.run)
    return CliRunner().invoke(app, list(arguments))


def test_script_writes_a_table_a_size(monkeypatch, coded, tmp_path):
    path = tmp_path / "training.md"
    result = run_script(
        monkeypatch,
        coded,
        "--units",
        "100,150",
        "--rounds",
        "2",
        "--sides",
        "grid",
        "-o",
        str(path),
    )
    assert result.exit_code == 0, result.output
    text = path.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## 100 units",
        "## 150 units",
    ]
    assert "memory=" not in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--units", "many"), "'many' is no list of numbers"),
        (("--units", "500,99"), "fewer than 100 units are no corpus"),
        (("--sides", "theirs"), f"'theirs' is none of {','.join(SIDES)}"),
    ],
)
def test_script_refuses_what_it_cannot_run(monkeypatch, coded, arguments, message):
    result = run_script(monkeypatch, coded, *arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.output.replace("│", " ").split())


def test_script_refuses_a_place_before_it_runs(monkeypatch, coded, tmp_path):
    result = run_script(monkeypatch, coded, "-o", str(tmp_path))
    assert isinstance(result.exception, OutputError)


def test_problems_end_in_one_line(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("sys.argv", ["training.py", "-o", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        training.start(training.run)
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("error: ")


def test_examples_run():
    assert doctest.testmod(training).failed == 0
