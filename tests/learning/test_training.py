"""Tests of training as a whole: the same model from the same data, and figures that come true."""

import json
import unicodedata
import warnings
from dataclasses import replace
from itertools import zip_longest

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import FunctionTransformer

from framing.learning import logistic
from framing.learning.candidates import (
    CHARACTERS,
    MARKED,
    MARKS,
    PLAIN,
    SPELT,
    Candidate,
    Search,
)
from framing.learning.candidates import WORDS as PAIRS
from framing.learning.crossfitting import Job, Workers
from framing.learning.dataset import build_dataset
from framing.learning.evaluation import evaluate
from framing.learning.polarity import LISTED
from framing.learning.priors import Prior
from framing.learning.rarity import Skipped
from framing.learning.training import Settings, count_dataset, name_settings, train
from framing.schema import InputError
from framing.scoring.modelfile import load_model, save_model
from framing.scoring.recipe import FeatureRecipe

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
    assert repr(again[1]) == repr(report)  # NaN included
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
    assert model.training == {**content, "measurement": model.training["measurement"]}
    saved = save_model(model, tmp_path / "m.safetensors")
    assert saved.hash == model.hash
    assert load_model(tmp_path / "m.safetensors").training == model.training


def test_the_model_keeps_how_well_it_measures(trained):
    model, _ = trained
    labels = {*model.frame_ids, *(f"{h.target}={v}" for h in model.stances for v in h.values)}
    assert set(model.training["measurement"]) == labels


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


@pytest.mark.parametrize("turned", [False, True])
def test_only_the_split_that_reports_show_keeps_its_curves_and_rounded(trained, turned):
    _, report = trained
    splits = report.splits[::-1] if turned else report.splits
    assert sum(split.nested for split in splits) == 1
    content = replace(report, splits=splits).to_dict()
    for split, described in zip(splits, content["splits"], strict=True):
        assert list(split.frames.reliability) == list(WORDS)
        assert described["naive_frames"]["reliability"] == {}
        kept = described["frames"]["reliability"]
        assert list(kept) == (list(WORDS) if split.nested else [])
        for frame, curve in kept.items():
            exact = split.frames.reliability[frame]
            assert curve["n_units"] == list(exact.n_units)
            shares = [value for value in curve["predicted"] if value is not None]
            assert shares == [round(value, 4) for value in exact.predicted if value >= 0]


def test_without_a_nested_split_the_first_keeps_its_curves(trained):
    _, report = trained
    splits = tuple(replace(split, nested=False) for split in report.splits)
    described = replace(report, splits=splits).to_dict()["splits"]
    kept = [bool(split["frames"]["reliability"]) for split in described]
    assert len(kept) > 1
    assert kept == [True, *[False] * (len(kept) - 1)]
    assert replace(report, splits=()).to_dict()["splits"] == []


def test_the_report_names_what_it_rests_on(trained, book, quick):
    model, report = trained
    assert (report.n_units, report.n_articles, report.n_sources) == (120, 30, 3)
    assert report.skipped == report.dropped == ()
    assert report.n_positive == {head.id: head.n_positive for head in model.frames}
    assert all(report.n_positive.values())
    chosen = "|".join(f"{label}:{setting}" for label, setting in report.settings.items())
    assert report.signature == (
        f"framing:1.2.3|codebook:small-1.0.0-{book.hash}|data:{report.data}|{chosen}"
        "|folds:2x2|searched:5000|optimise:average-precision|precision:0.9|resamples:100|seed:0"
    )
    assert list(report.settings) == ["frames", "bridge"]
    assert set(report.settings.values()) <= {"word1-1|C:10", "word1-1|C:1"}
    assert set(report.versions) == {
        *("framing", "python", "unicode", "scikit-learn", "numpy", "scipy"),
    }
    assert report.versions["unicode"] == unicodedata.unidata_version
    assert report.to_dict()["settings"] == report.settings
    assert model.vectorizer.recipe == quick.frames.usual.recipe
    assert model.codebook == book


def test_what_few_units_carry_is_reported_as_unreliable_whatever_the_splits(clear, book, fixed):
    carriers = [n for n, unit in enumerate(clear) if unit.coding.frames["risk"]]
    for kept in (9, 10):
        units = [
            recode(unit, frames={**unit.coding.frames, "risk": n in carriers[:kept]})
            for n, unit in enumerate(clear)
        ]
        model, report = train(units, book, settings=fixed)
        assert report.splits == ()
        assert report.n_positive["risk"] == model.training["n_positive"]["risk"] == kept


def test_labels_whose_regressions_do_not_end_are_named(clear, book, fixed, monkeypatch):
    _, report = train(clear, book, settings=fixed)
    assert report.unsolved == ()
    easy, hard = (Search(replace(fixed.stances.usual, C=C), {}) for C in (0.01, 1e5))
    monkeypatch.setattr(logistic, "_MOST_NEWTON_STEPS", 4)
    _, report = train(clear, book, settings=replace(fixed, frames=easy, stances=hard))
    assert report.unsolved == ("bridge",)
    assert report.to_dict()["unsolved"] == ["bridge"]


def test_the_metric_and_the_promise_are_on_record(units, book, brief):
    design = replace(brief.design, optimise="micro-f1", precision=0.75)
    _, report = train(units, book, settings=replace(brief, design=design, splits=()))
    assert "|optimise:micro-f1|precision:0.75|" in report.signature
    assert report.to_dict()["precision"] == 0.75


@pytest.mark.parametrize("splits", [(), ("grouped",), ("grouped", "random", "source")])
def test_progress_is_told_in_one_account_with_a_total_that_holds(units, book, quick, splits):
    told = []
    workers = Workers(progress=lambda done, total: told.append((done, total)))
    settings = replace(quick, splits=splits)
    train(units, book, settings=settings, workers=workers)
    done, totals = zip(*told, strict=True)
    assert list(done) == list(range(1, len(told) + 1))
    assert totals[0] <= 1.5 * len(told)
    assert totals[-1] <= 1.3 * totals[0]
    # The same, where settings are searched on a sample.
    told.clear()
    small = replace(quick.design, most_searched=60)
    train(units, book, settings=replace(settings, design=small), workers=workers)
    assert 0.7 < len(told) / told[0][1] < 1.3


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
    assert report.dropped == (Skipped("source", "the units name fewer than two sources"),)
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


def learn_by_scikit(texts, codes, C):
    """Fit TF-IDF and a column of ones, whose coefficient is a penalised intercept."""
    features = make_union(TfidfVectorizer(sublinear_tf=True), FunctionTransformer(add_ones))
    solver = "liblinear" if len(set(codes)) == 2 else "newton-cg"
    penalised = LogisticRegression(C=C, fit_intercept=False, solver=solver, tol=1e-8)
    return make_pipeline(features, penalised).fit(texts, codes).decision_function(texts)


def add_ones(texts):
    return np.ones((len(texts), 1))


@pytest.fixture(scope="module")
def fixed(quick):
    """No choice to make: one setting for the frames and another for stances."""
    frames, stances = (replace(quick.frames.usual, C=C) for C in (10.0, 2.0))
    return Settings(
        frames=Search(frames, {}), stances=Search(stances, {}), splits=(), design=quick.design
    )


def test_the_model_scores_as_scikit_learn_trained_on_all_units(units, book, fixed):
    model, _ = train(units, book, settings=fixed)
    texts = [unit.paragraph.text for unit in units]
    logits = model.compute_logits(texts)
    for column, frame in enumerate(WORDS):
        expected = learn_by_scikit(texts, [unit.coding.frames[frame] for unit in units], 10.0)
        np.testing.assert_allclose(logits[:, column], expected, atol=0.01)
    numbers = [list(STANCES).index(unit.coding.stance["bridge"]) for unit in units]
    np.testing.assert_allclose(logits[:, 2:], learn_by_scikit(texts, numbers, 2.0), atol=0.01)


def test_labels_may_have_features_of_their_own(clear, book, fixed):
    # Blocks are shared in part and stand in another order: weights must find their own.
    recipes = (FeatureRecipe((PAIRS, MARKS)), FeatureRecipe((CHARACTERS, PAIRS)))
    frames, stances = (replace(fixed.frames.usual, recipe=recipe) for recipe in recipes)
    mixed = replace(fixed, frames=Search(frames, {}), stances=Search(stances, {}))
    turned = replace(fixed, frames=Search(stances, {}), stances=Search(frames, {}))
    alone = [
        replace(fixed, frames=search, stances=search) for search in (mixed.frames, turned.frames)
    ]
    ends = ("", " !", " !?")
    clear = [replace_text(u, u.paragraph.text + ends[n % 3]) for n, u in enumerate(clear)]
    texts = [unit.paragraph.text for unit in clear]
    plain, spelt = (
        train(clear, book, settings=settings)[0].compute_logits(texts) for settings in alone
    )
    assert np.abs(plain - spelt).max() > 0.1
    for settings, one, two in ((mixed, plain, spelt), (turned, spelt, plain)):
        model, report = train(clear, book, settings=settings)
        logits = model.compute_logits(texts)
        np.testing.assert_allclose(logits[:, :2], one[:, :2], atol=1e-3)
        np.testing.assert_allclose(logits[:, 2:], two[:, 2:], atol=1e-3)
        assert set(model.vectorizer.recipe.blocks) == {PAIRS, MARKS, CHARACTERS}
        assert report.settings["frames"] != report.settings["bridge"]


def test_heads_are_fitted_to_scores_out_of_fold(units, book, fixed):
    # Scores of units that the model was trained on are far too sure of themselves.
    noise = [replace_text(unit, f"n{n} m{n % 7}") for n, unit in enumerate(units)]
    model, _ = train(noise, book, settings=fixed)
    scores = model.score([unit.paragraph.text for unit in noise])
    truth = [unit.coding.frames["cost"] for unit in noise]
    assert (
        average_precision_score(
            truth, model.compute_logits([u.paragraph.text for u in noise])[:, 0]
        )
        == 1.0
    )
    assert np.ptp(scores.frames[:, 0]) < 0.5
    assert all(head.band is not None for head in model.frames)


def test_what_a_model_promises_of_sure_decisions_new_data_keep(make_unit, book, fixed):
    settings = replace(fixed, design=replace(fixed.design, n_folds=4, precision=0.85))
    known = write_units(make_unit, 400, seed=5, clear=False)
    model, _ = train(known, book, settings=settings)
    new = write_units(make_unit, 1000, seed=6, clear=False)
    predictions = model.predict_paragraphs([unit.paragraph for unit in new], evidence=False)
    told = [
        (frame in prediction.uncertain, (frame in prediction.frames) == unit.coding.frames[frame])
        for unit, prediction in zip(new, predictions, strict=True)
        for frame in WORDS
    ]
    sure = [right for doubtful, right in told if not doubtful]
    doubtful = [right for doubtful, right in told if doubtful]
    assert min(len(sure), len(doubtful)) > 300
    assert np.mean(sure) > 0.85 - 0.02
    assert np.mean(doubtful) < 0.85


def test_the_model_holds_only_terms_that_weigh(trained, units):
    model, _ = trained
    (block,) = model.vectorizer.blocks
    present = {word for unit in units for word in unit.paragraph.text.split()}
    assert set(block.terms) == present
    assert model.coefficients.shape == (len(present), 5)
    assert model.coefficients.dtype == np.float32
    assert [head.n_units for head in model.frames] == [120, 120]
    assert [sum(head.n_by_value) for head in model.stances] == [120]


def test_terms_below_min_df_are_not_in_the_model(clear, book, fixed):
    units = [replace_text(clear[0], "hapax"), *clear[1:]]
    search = Search(replace(fixed.frames.usual, recipe=SPELT), {})
    model, _ = train(units, book, settings=replace(fixed, frames=search, stances=search))
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
    # The codebook says nothing of its frames, so there is no prior.
    assert report.settings["frames"].startswith(f"{MARKED}|C:10|ratios:0.5")
    assert "prior" not in report.signature
    assert find_split(report, "grouped").n_folds == 5
    assert all(done <= total for done, total in told)


# What is searched


def test_frames_targets_and_mentions_each_have_their_search(clear, make_book):
    told = {"cost": True, "risk": False}
    units = [recode(unit, stance={**unit.coding.stance, "ban": "no"}) for unit in clear]
    book = make_book(tuple(told), {"bridge": tuple(STANCES), "ban": ("yes", "no")})
    settings = Settings()
    data = build_dataset(units, book)
    frames = settings.frames.without("prior")
    assert settings.plan(data) == {
        None: frames,
        "bridge": settings.stances,
        "ban": settings.stances,
    }
    named = [replace(u, paragraph=replace(u.paragraph, mention="Ann")) for u in units]
    some = [recode(unit, stance={"bridge": "none"}) for unit in units[:9]]
    assert settings.plan(build_dataset(named + some, book)) == {
        None: frames,
        "bridge": settings.stances,
        "ban": settings.mentions,
    }
    only = [recode(unit, frames={}) for unit in units]
    assert list(settings.plan(build_dataset(only, make_book((), {"ban": ("yes", "no")})))) == [
        "ban"
    ]


def test_a_codebook_that_speaks_of_its_frames_is_learnt_from(clear, make_book, fixed):
    units = [recode(unit, stance={}) for unit in clear]
    book = make_book(tuple(WORDS))
    cost, risk = book.frames
    book = replace(book, frames=(replace(cost, cues=("mark1",)), risk))
    assert Settings().plan(build_dataset(units, book)) == {None: Settings().frames}
    search = Search(replace(fixed.frames.usual, prior=5.0), {})
    before, after = (
        train(units, book, settings=replace(fixed, frames=tried))[0].compute_logits(
            ["mark1", "mark2"]
        )
        for tried in (fixed.frames, search)
    )
    gain = after - before
    assert gain[0, 0] > 1.0  # a cue that codings say nothing of
    assert gain[0, 0] > gain[1, 0] + 1.0
    assert gain[0, 1] < 0.5  # it is the one frame's, and so not the other's


def test_all_that_some_setting_asks_for_is_counted(clear, book, fixed):
    data = build_dataset(clear, book)
    usual = fixed.frames.usual
    searches = {
        None: Search(usual, {"recipe": (PLAIN,)}),
        "bridge": Search(replace(usual, recipe=SPELT), {"polarity": (1.0,)}),
    }
    counts = count_dataset(data, searches)
    blocks = [counted.block for counted in counts.blocks]
    assert blocks == [*usual.recipe.blocks, *PLAIN.blocks, SPELT.blocks[1], LISTED]
    told = replace(data, prior=Prior(("a budget",), np.ones((1, 2))))
    with pytest.raises(InputError, match="the texts hold no words"):
        count_dataset(replace(told, texts=("…",) * len(data)), searches)


def test_a_stance_target_does_not_change_what_frames_see(units, book, make_book, fixed):
    # Words of praise that no unit holds, or one, must not lengthen the vectors of frames.
    units = [replace_text(units[0], f"{units[0].paragraph.text} reckless"), *units[1:]]
    frames = replace(fixed.frames.usual, recipe=FeatureRecipe((PAIRS, MARKS)), emphasis=0.5)
    settings = replace(
        fixed,
        frames=Search(frames, {}),
        stances=Search(replace(frames, polarity=3.0), {}),
    )
    alone = [recode(unit, stance={}) for unit in units]
    bare, _ = train(alone, make_book(tuple(WORDS)), settings=settings)
    both, _ = train(units, book, settings=settings)
    assert LISTED.weight in [block.block.weight for block in both.vectorizer.blocks]
    texts = [*(u.paragraph.text for u in units), "levy commendable", "reckless disaster storm !"]
    ours, theirs = both.compute_logits(texts)[:, :2], bare.compute_logits(texts)
    np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert not both.coefficients[-len(both.vectorizer.blocks[-1].terms) :, :2].any()


def test_praise_that_no_unit_holds_is_praise_and_every_term_has_some_weight(units, book, fixed):
    usual = replace(fixed.frames.usual, recipe=FeatureRecipe((PAIRS,)), polarity=3.0)
    model, _ = train(units, book, settings=replace(fixed, stances=Search(usual, {})))
    told = model.score(["admirable", "deplorable", "unheard"]).stances["bridge"][:, :2]
    gains = told[:2] - told[2]
    assert np.diag(gains).min() > 0.1  # praise is in favor, and blame opposes
    assert (gains[[0, 1], [1, 0]] < 0).all()
    assert (model.coefficients != 0).any(axis=1).all()


def test_settings_are_named_by_label(fixed):
    jobs = [Job(None, fixed.frames.usual), Job("ban", Candidate(SPELT, C=1.0, balanced=True))]
    assert name_settings(jobs) == {
        "frames": "word1-1|C:10",
        "ban": "word1-2+char_wb3-5|C:1|balanced",
    }


def test_a_target_of_mentions_is_told_by_what_stands_around_them(make_unit, make_book, quick):
    rng = np.random.default_rng(0)
    units = []
    for number in range(160):
        values = [str(v) for v in rng.choice(["favor", "oppose"], 2)]
        said = {"favor": "applauds", "oppose": "deplores"}
        marks = " ".join(f"m{n}" for n in rng.integers(0, 90, 4))
        text = f"The town {said[values[0]]} Ann {marks} the village {said[values[1]]} Bo"
        for name, value in zip(("Ann", "Bo"), values, strict=True):
            unit = make_unit(
                2 * number + (name == "Bo"), text, article=f"a{number}", stance={"of": value}
            )
            units.append(replace(unit, paragraph=replace(unit.paragraph, mention=name)))
    book = make_book((), {"of": ("favor", "oppose")})
    around = Search(replace(Settings().mentions.usual, polarity=0.0), {})
    settings = replace(quick, mentions=around, splits=("grouped",))
    model, report = train(units, book, settings=settings)
    assert model.sees_mentions
    assert report.settings["of"].startswith("word1-2+around:char_wb3-5+around:word1-2+0.5*mention")
    assert find_split(report, "grouped").stances["of"].macro_f1.value > 0.95
    # Who is not named has no stance, and one text holds two.
    new = replace(units[0].paragraph, text="The town deplores Ann m1 m2 the village applauds Bo")
    told = model.predict_paragraphs(
        [replace(new, mention=name) for name in ("Ann", "Bo", None)], evidence=False
    )
    assert [p.stance["of"].value if p.stance else None for p in told] == ["oppose", "favor", None]
    unnamed = [replace(u, paragraph=replace(u.paragraph, mention=None)) for u in units]
    assert not train(unnamed, book, settings=replace(settings, splits=()))[0].sees_mentions


# What is refused


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
