"""Tests of training as a whole: the same model from the same data, and figures that come true."""

import json
import warnings
from dataclasses import replace
from itertools import zip_longest

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from framing.learning.crossfitting import Candidate, Workers
from framing.learning.evaluation import evaluate
from framing.learning.training import CANDIDATES, Settings, train
from framing.schema import InputError
from framing.scoring.modelfile import load_model, save_model

WORDS = {"cost": "levy loan budget price", "risk": "crack storm rust ice"}
STANCES = {"favor": "welcome cheered", "oppose": "folly jeered", "none": "weir market"}
FILL = ["council", "river", "library", "swans", "mayor", "square", "meadow", "ferry", "towpath"]


def spread(words, number):
    """Put the number, written in four words, between words: few units are copies then."""
    marks = [f"mark{number // 4**place % 4}" for place in range(4)]
    return " ".join(part for pair in zip_longest(marks, words) for part in pair if part)


def write_units(make_unit, n=120, *, seed=0, clear=True):
    """Write coded units of four an article and ten articles a source.

    Clear ones say what they are and nothing else; of others, a third of the words are missing.
    """
    rng = np.random.default_rng(seed)
    units = []
    for number in range(n):
        frames = {frame: bool(rng.random() < 0.4) for frame in WORDS}
        stance = str(rng.choice(list(STANCES)))
        pools = [STANCES[stance], *(WORDS[frame] for frame, on in frames.items() if on)]
        words = [pool.split() for pool in pools]
        if clear:
            text = spread([pool[0] for pool in words], number)
        else:
            told = [rng.choice(pool) for pool in words if rng.random() < 0.65]
            text = " ".join([*rng.choice(FILL, 3), *told])
        place = {"article": f"a{seed}-{number // 4}", "source": f"source {number // 40}"}
        units.append(make_unit(number, text, **place, frames=frames, stance={"bridge": stance}))
    return units


@pytest.fixture(scope="module")
def book(make_book):
    return make_book(tuple(WORDS), {"bridge": tuple(STANCES)}, neutral="none")


@pytest.fixture(scope="module")
def brief(quick):
    """Settings that report the honest split alone."""
    return replace(quick, splits=("grouped",))


@pytest.fixture(scope="module")
def units(make_unit):
    return write_units(make_unit, clear=False)


@pytest.fixture(scope="module")
def clear(make_unit):
    return write_units(make_unit)


@pytest.fixture(scope="module")
def trained(units, book, quick):
    return train(units, book, settings=quick, version="1.2.3")


def recode(unit, **codes):
    return replace(unit, coding=replace(unit.coding, **codes))


def replace_text(unit, text):
    return replace(unit, paragraph=replace(unit.paragraph, text=text))


def find_split(report, name):
    return next(split for split in report.splits if split.split == name)


def test_two_workers_make_the_very_model_and_report_of_one(trained, units, book, quick, tmp_path):
    model, report = trained
    again = train(units, book, settings=quick, workers=Workers(2), version="1.2.3")
    assert again[1] == report
    assert again[0].hash == model.hash
    for number, made in enumerate((model, again[0])):
        save_model(made, tmp_path / f"{number}")
    assert (tmp_path / "0").read_bytes() == (tmp_path / "1").read_bytes()


def test_two_runs_make_the_very_model_and_another_seed_says_so(trained, units, book, quick, brief):
    model, report = trained
    assert train(units, book, settings=quick, version="1.2.3")[0].hash == model.hash
    other = replace(brief, design=replace(brief.design, seed=7))
    _, reseeded = train(units, book, settings=other, version="1.2.3")
    assert reseeded.signature != report.signature
    assert find_split(reseeded, "grouped") != find_split(report, "grouped")


def test_the_report_is_json_without_nan_and_travels_in_the_file(trained, tmp_path):
    model, report = trained
    content = report.to_dict()
    text = json.dumps(content, allow_nan=False)
    assert json.loads(text) == content
    assert model.training == content
    saved = save_model(model, tmp_path / "m.safetensors")
    assert saved.hash == model.hash
    assert load_model(tmp_path / "m.safetensors").training == content


def test_the_report_is_json_where_little_can_be_said(make_unit, make_book, brief):
    units = [
        make_unit(
            n,
            f"{'levy' if n % 2 else 'ferry'} x{n}",
            article=f"a{n % 2}",
            frames={"cost": n % 2 == 1},
        )
        for n in range(10)
    ]
    _, report = train(units, make_book(("cost",)), settings=brief)
    json.dumps(report.to_dict(), allow_nan=False)


def test_the_report_names_what_it_rests_on(trained, book, quick):
    model, report = trained
    assert (report.n_units, report.n_articles, report.n_sources) == (120, 30, 3)
    assert report.skipped == ()
    parts = report.signature.split("|")
    assert parts[0] == "framing:1.2.3"
    assert parts[1] == f"codebook:small-1.0.0-{book.hash}"
    assert parts[2] == f"data:{report.data}"
    assert parts[-3:] == ["folds:2x2", "resamples:100", "seed:0"]
    assert f"features:{report.candidate}" in report.signature
    assert set(report.versions) == {"framing", "python", "scikit-learn", "numpy", "scipy"}
    assert report.to_dict()["candidate"] == str(report.candidate)
    assert report.candidate.recipe == quick.candidates[0].recipe == model.vectorizer.recipe
    assert model.codebook == book


def test_splits_are_reported_as_asked_and_only_the_first_is_nested(trained, units, book, quick):
    _, report = trained
    assert [(split.split, split.nested, split.n_folds) for split in report.splits] == [
        ("grouped", True, 2),
        ("random", False, 2),
        ("source", False, 3),
    ]
    none = train(units, book, settings=replace(quick, splits=()))[1]
    assert none.splits == ()


def test_one_source_cannot_be_held_out(clear, book, quick):
    units = [replace(u, paragraph=replace(u.paragraph, source="Post")) for u in clear]
    _, report = train(units, book, settings=quick)
    assert [split.split for split in report.splits] == ["grouped", "random"]
    assert report.n_sources == 1


def test_a_model_does_what_cross_validation_said(clear, book, brief, make_unit):
    model, report = train(clear, book, settings=brief)
    promised = find_split(report, "grouped")
    assert promised.frames.micro.f1.value == 1.0
    assert promised.stances["bridge"].macro_f1.value == 1.0
    new = write_units(make_unit, 200, seed=1)
    found = evaluate(model, new, design=brief.design)
    assert found.frames.micro.f1.value == 1.0
    assert found.stances["bridge"].macro_f1.value == 1.0


def test_figures_promise_no_more_than_new_data_keeps(trained, make_unit, quick):
    model, report = trained
    promised = find_split(report, "grouped")
    found = evaluate(model, write_units(make_unit, 400, seed=1, clear=False), design=quick.design)
    # Cross-validation trains on half the data here, so it may promise less, hardly more.
    assert promised.frames.micro.f1.value < found.frames.micro.f1.value + 0.05
    assert found.frames.micro.f1.value < promised.frames.micro.f1.value + 0.2
    stance, kept = promised.stances["bridge"].macro_f1, found.stances["bridge"].macro_f1
    assert stance.value < kept.value + 0.05


def test_the_model_scores_as_scikit_learns_pipeline_trained_on_all_units(trained, units):
    model, report = trained
    texts = [unit.paragraph.text for unit in units]
    logits = model.compute_logits(texts)
    for column, frame in enumerate(WORDS):
        pipeline = make_pipeline(
            TfidfVectorizer(sublinear_tf=True),
            LogisticRegression(C=report.candidate.C_frames, solver="liblinear", tol=1e-8),
        )
        expected = pipeline.fit(texts, [unit.coding.frames[frame] for unit in units])
        np.testing.assert_allclose(logits[:, column], expected.decision_function(texts), atol=0.02)


def test_the_model_holds_only_terms_that_weigh(trained, units):
    model, _ = trained
    (block,) = model.vectorizer.blocks
    present = {word for unit in units for word in unit.paragraph.text.split()}
    assert set(block.terms) == present
    assert model.coefficients.shape == (len(present), 5)
    assert model.coefficients.dtype == np.float32
    assert [head.n_units for head in model.frames] == [120, 120]
    assert [sum(head.n_by_value) for head in model.stances] == [120]


def test_terms_below_min_df_are_not_in_the_model(clear, book, quick):
    units = [replace_text(clear[0], "hapax"), *clear[1:]]
    settings = Settings(candidates=CANDIDATES[1:2], splits=(), design=quick.design)
    model, _ = train(units, book, settings=settings)
    words, characters = model.vectorizer.blocks
    assert "hapax" not in words.terms
    assert "levy" in words.terms
    assert " le" in characters.terms
    assert model.coefficients.shape[0] == len(words.terms) + len(characters.terms)


def test_a_rare_frame_is_skipped_and_said(clear, make_book, brief):
    units = [
        recode(unit, frames={**unit.coding.frames, "rare": n < 4}) for n, unit in enumerate(clear)
    ]
    book = make_book(("rare", *WORDS), {"bridge": (*STANCES, "mixed")})
    model, report = train(units, book, settings=brief)
    assert [(skip.label, skip.reason) for skip in report.skipped] == [
        ("rare", "4 units with it, 5 are needed"),
        ("bridge=mixed", "0 units with it, 5 are needed"),
    ]
    assert model.frame_ids == tuple(WORDS)
    assert model.stances[0].values == tuple(STANCES)
    assert model.codebook == book  # the whole of it, for what comes later
    assert report.to_dict()["skipped"][0]["label"] == "rare"


def test_frames_alone_and_stances_alone(clear, make_book, brief):
    only_frames = [recode(unit, stance={}) for unit in clear]
    model, report = train(only_frames, make_book(tuple(WORDS)), settings=brief)
    assert (len(model.frames), model.stances) == (2, ())
    assert find_split(report, "grouped").stances == {}
    only_stances = [recode(unit, frames={}) for unit in clear]
    model, report = train(only_stances, make_book((), {"bridge": tuple(STANCES)}), settings=brief)
    assert (model.frames, len(model.stances)) == ((), 1)
    grouped = find_split(report, "grouped")
    assert (grouped.frames, grouped.gain) == (None, None)
    assert grouped.stances["bridge"].macro_f1.value == 1.0
    json.dumps(report.to_dict(), allow_nan=False)


def test_uncoded_cells_are_left_out_and_not_taken_as_absent(clear, book, brief):
    partial = [
        recode(unit, frames={"risk": unit.coding.frames["risk"]}, stance={}) if n % 3 == 0 else unit
        for n, unit in enumerate(clear)
    ]
    model, report = train(partial, book, settings=brief)
    assert [head.n_units for head in model.frames] == [80, 120]
    assert model.stances[0].n_units == 80
    grouped = find_split(report, "grouped")
    assert grouped.frames.labels["cost"].n_units == 80
    assert grouped.frames.micro.f1.value == 1.0
    assert grouped.stances["bridge"].n_units == 80


def test_a_unit_coded_for_nothing_does_not_count(clear, book, brief):
    blank = [recode(clear[0], frames={}, stance={})]
    _, report = train([*clear[1:], *blank], book, settings=brief)
    assert report.n_units == 119


def test_the_default_settings_run_without_a_warning(clear, book):
    told = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        design = replace(Settings().design, resamples=20)
        settings = Settings(splits=("grouped",), design=design)
        workers = Workers(1, lambda done, total: told.append((done, total)))
        _, report = train(clear[:48], book, settings=settings, workers=workers)
    assert report.candidate.recipe in {candidate.recipe for candidate in CANDIDATES}
    assert isinstance(report.candidate, Candidate)
    assert find_split(report, "grouped").n_folds == 5
    assert all(done <= total for done, total in told)


def test_one_article_is_refused(clear, book, quick):
    units = [replace(u, paragraph=replace(u.paragraph, article="one")) for u in clear]
    with pytest.raises(InputError) as raised:
        train(units, book, settings=quick)
    assert str(raised.value) == (
        "all coded units are of one article, so none can be held out; "
        "code at least two articles, or fill the column 'article'"
    )


def test_one_class_is_refused(clear, make_book, quick):
    units = [recode(unit, frames={"cost": True}, stance={}) for unit in clear]
    with pytest.raises(InputError) as raised:
        train(units, make_book(("cost",)), settings=quick)
    assert str(raised.value) == (
        "nothing can be learnt (cost: 0 units without it, 5 are needed); code more units"
    )


@pytest.mark.parametrize("count", [0, 30])
def test_nothing_coded_is_refused(clear, book, quick, count):
    blank = [recode(unit, frames={}, stance={}) for unit in clear[:count]]
    with pytest.raises(InputError, match=r"nothing can be learnt \(cost: 0 units with it"):
        train(blank, book, settings=quick)


def test_texts_without_words_are_refused(clear, book, quick):
    units = [replace_text(unit, "…") for unit in clear]
    with pytest.raises(InputError, match="the texts hold no words; check the column 'text'"):
        train(units, book, settings=quick)
