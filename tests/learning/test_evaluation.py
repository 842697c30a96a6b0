"""Tests of a trained model against coded units, by hand from what the model scores."""

import json
from dataclasses import replace

import numpy as np
import pytest

from framing.coding.scheme import Codebook, StanceTarget, StanceValue
from framing.learning.candidates import TARGETED, Candidate, Search
from framing.learning.dataset import build_dataset, hash_units
from framing.learning.design import Design
from framing.learning.evaluation import evaluate, judge, restrict_codebook
from framing.learning.training import train
from framing.measuring.judging.metrics import evaluate_frames, evaluate_stance
from framing.schema import CodedUnit, Coding, InputError, Paragraph

DESIGN = Design(resamples=50, seed=3)


def recode(unit, *, kind="paragraph", **codes):
    return replace(
        unit,
        paragraph=replace(unit.paragraph, kind=kind),
        coding=replace(unit.coding, **codes),
    )


@pytest.fixture(scope="module")
def units(coded_units):
    """The corpus with some codes turned, and some left out, so that scores are no round numbers."""
    changed = list(coded_units)
    for n in range(0, 60, 7):
        frames = dict(changed[n].coding.frames)
        changed[n] = recode(changed[n], frames={"cost": not frames["cost"]})
    for n in range(3, 60, 9):
        changed[n] = recode(changed[n], stance={"bridge": "oppose"})
    for n in range(5, 60, 11):
        changed[n] = recode(changed[n], stance={})
    return changed


def read_truth(units, frame):
    codes = [unit.coding.frames.get(frame) for unit in units]
    return [np.nan if code is None else float(code) for code in codes]


def test_figures_equal_the_metrics_of_the_models_own_scores(model, units):
    report = evaluate(model, units, design=DESIGN)
    scores = model.score([unit.paragraph.text for unit in units])
    groups = [unit.paragraph.article for unit in units]
    frames = evaluate_frames(
        np.column_stack([read_truth(units, frame) for frame in ("cost", "safety")]),
        scores.frames,
        scores.frames >= [head.threshold for head in model.frames],
        groups,
        ["cost", "safety"],
        rng=np.random.default_rng(3),
        resamples=50,
    )
    assert report.frames == frames
    assert 0.5 < report.frames.micro.f1.value < 1.0
    weights = np.array(model.stances[0].weights)
    decided = (scores.stances["bridge"] * weights).argmax(axis=1)
    values = model.stances[0].values
    stance = evaluate_stance(
        [unit.coding.stance.get("bridge") for unit in units],
        scores.stances["bridge"],
        [values[best] for best in decided],
        values,
        groups,
        rng=np.random.default_rng(3),
        resamples=50,
    )
    assert report.stances == {"bridge": stance}
    assert 0.5 < report.stances["bridge"].macro_f1.value < 1.0


def test_decisions_are_those_of_predict(model, units):
    report = evaluate(model, units, design=DESIGN)
    predictions = model.predict_paragraphs([unit.paragraph for unit in units], evidence=False)
    found = claimed = 0
    for unit, prediction in zip(units, predictions, strict=True):
        if "cost" in unit.coding.frames:
            claimed += "cost" in prediction.frames
            found += "cost" in prediction.frames and unit.coding.frames["cost"]
    assert report.frames.labels["cost"].precision.value == pytest.approx(found / claimed)
    told = [(u.coding.stance.get("bridge"), p) for u, p in zip(units, predictions, strict=True)]
    right = [value == p.stance["bridge"].value for value, p in told if value]
    assert report.stances["bridge"].accuracy.value == pytest.approx(np.mean(right))


def test_thresholds_and_weights_of_the_model_decide(model, units):
    # Far from .5 and from 1: the first frame is found everywhere, the second nowhere.
    first, second = model.frames
    (head,) = model.stances
    turned = replace(
        model,
        frames=(replace(first, threshold=1e-9), replace(second, threshold=1 - 1e-9)),
        stances=(replace(head, weights=(1e-9, 1.0, 1e-9)),),
    )
    report = evaluate(turned, units, design=DESIGN)
    assert report.frames.labels["cost"].recall.value == 1.0
    prevalence = np.nanmean(read_truth(units, "cost"))
    assert report.frames.labels["cost"].precision.value == pytest.approx(prevalence)
    assert report.frames.labels["safety"].recall.value == 0.0
    recalls = [scores.recall.value for scores in report.stances["bridge"].values.values()]
    assert recalls == [0.0, 1.0, 0.0]


def test_the_report_names_model_codebook_and_data(model, units):
    report = evaluate(model, units, design=DESIGN)
    assert (report.model, report.codebook) == (model.hash, model.codebook.hash)
    assert report.data == hash_units(units)
    assert (report.n_units, report.n_articles) == (60, 12)
    content = report.to_dict()
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert content["frames"]["micro"]["f1"]["value"] == report.frames.micro.f1.value
    assert repr(evaluate(model, units, design=DESIGN)) == repr(report)  # NaN included


def test_boilerplate_and_uncoded_units_are_left_out_and_counted(model, units):
    extra = [recode(unit, kind="boilerplate") for unit in units[:4]]
    extra += [recode(unit, frames={}, stance={}) for unit in units[:7]]
    plain, padded = (evaluate(model, u, design=DESIGN) for u in (units, [*units, *extra]))
    assert padded.frames == plain.frames
    assert padded.stances == plain.stances
    assert (padded.n_units, padded.n_articles) == (60, 12)
    assert dict(padded.left_out) == {
        "boilerplate": 4,
        "not coded for what the model predicts": 7,
        "stance codes that the model does not know": 0,
        "stance codes of units that name no target": 0,
    }
    assert not any(plain.left_out.values())


def test_more_units_than_a_batch_are_all_judged(model, units):
    once = evaluate(model, units, design=DESIGN)
    many = evaluate(model, list(units) * 20, design=DESIGN)
    assert many.frames.labels["cost"].n_units == 20 * once.frames.labels["cost"].n_units
    assert many.frames.micro.f1.value == pytest.approx(once.frames.micro.f1.value)
    assert many.stances["bridge"].accuracy.value == pytest.approx(
        once.stances["bridge"].accuracy.value
    )


@pytest.fixture(scope="module")
def named():
    """A codebook, and 48 units that praise one name and blame another, each coded for one."""
    said = {"favor": "applauds", "oppose": "deplores"}
    units = []
    for number in range(24):
        values = ("favor", "oppose") if number % 2 else ("oppose", "favor")
        text = f"The town {said[values[0]]} Ann m{number} while the village {said[values[1]]} Bo"
        for name, value in zip(("Ann", "Bo"), values, strict=True):
            unit = f"a{number}:{name}"
            paragraph = Paragraph(unit, f"a{number}", text, 0, len(text), mention=name)
            units.append(CodedUnit(paragraph, Coding(unit, "ann", stance={"of": value})))
    values = tuple(map(StanceValue, said))
    return Codebook("named", "1.0.0", targets=(StanceTarget("of", "Of", "", values),)), units


@pytest.fixture(scope="module")
def around(named, small_settings):
    book, units = named
    search = Search(Candidate(TARGETED, C=10.0), {})
    return train(units, book, settings=replace(small_settings, mentions=search))[0]


def test_each_unit_is_judged_for_the_name_it_mentions(named, around):
    _, units = named
    # More than a batch, so that mentions must keep step with texts.
    many = evaluate(around, units * 23, design=DESIGN)
    assert many.stances["of"].accuracy.value == 1.0
    swapped = [
        replace(
            u, paragraph=replace(u.paragraph, mention="Bo" if "Ann" in u.paragraph.id else "Ann")
        )
        for u in units
    ]
    assert evaluate(around, swapped, design=DESIGN).stances["of"].accuracy.value == 0.0
    predictions = around.predict_paragraphs([u.paragraph for u in units], evidence=False)
    dataset = build_dataset(units, around.codebook)
    assert judge(around, dataset).stances["of"][1] == [p.stance["of"].value for p in predictions]


def test_sure_is_what_lies_outside_a_frames_band(model, units):
    dataset = build_dataset(units, model.codebook)
    shares = judge(model, dataset).probabilities[:, 0]
    low, high = np.sort(shares)[[20, 40]]  # a third of the units lies in between
    cost, safety = model.frames
    banded = replace(model, frames=(replace(cost, band=(low, high)), replace(safety, band=None)))
    judged = judge(banded, dataset)
    expected = (shares < low) | (shares >= high)
    assert expected.sum() == 40
    np.testing.assert_array_equal(judged.sure[:, 0], expected)
    assert judged.sure[:, 1].all()
    report = evaluate(banded, units, design=DESIGN)
    codes = np.array(read_truth(units, "cost"))
    coded = ~np.isnan(codes)
    promise = report.promises["cost"]
    surely = expected & coded & (shares >= cost.threshold)
    assert promise.present.n_units == surely.sum() > 0
    assert promise.present.value == pytest.approx(codes[surely].mean())
    assert promise.uncertain == pytest.approx(np.mean(~expected[coded]))
    silent = replace(banded, frames=tuple(replace(head, band=None) for head in banded.frames))
    assert evaluate(silent, units, design=DESIGN).promises == {}
    predictions = banded.predict_paragraphs([u.paragraph for u in units], evidence=False)
    assert [prediction.uncertain == () for prediction in predictions] == expected.tolist()


def test_the_order_of_units_does_not_matter(model, units):
    ours, theirs = (evaluate(model, given, design=DESIGN) for given in (units, units[::-1]))
    assert (ours.data, ours.n_units, ours.left_out) == (
        theirs.data,
        theirs.n_units,
        theirs.left_out,
    )
    for frame, scores in ours.frames.labels.items():
        other = theirs.frames.labels[frame]
        assert other.f1.value == pytest.approx(scores.f1.value)
        assert other.average_precision.value == pytest.approx(scores.average_precision.value)


def test_labels_that_the_model_does_not_know_are_left_out_and_counted(model, units):
    strange = [
        recode(units[0], frames={"weather": True}, stance={"tunnel": "favor"}),
        recode(units[1], frames={**units[1].coding.frames, "weather": True}),
        recode(units[2], stance={"bridge": "perhaps"}),  # its frames are still measured
        recode(units[4], frames={}, stance={"bridge": "perhaps"}),
    ]
    report = evaluate(model, [*units[5:], *strange], design=DESIGN)
    assert report.n_units == 57
    assert dict(report.left_out) == {
        "boilerplate": 0,
        "not coded for what the model predicts": 2,
        "stance codes that the model does not know": 2,
        "stance codes of units that name no target": 0,
    }
    assert list(report.frames.labels) == ["cost", "safety"]
    coded = [u for u in [*units[5:], units[1]] if u.coding.stance.get("bridge")]
    assert report.stances["bridge"].n_units == len(coded)


@pytest.mark.parametrize(
    "codes",
    [
        {"frames": {"weather": True}, "stance": {}},
        {"frames": {}, "stance": {"bridge": "perhaps", "tunnel": "favor"}},
        {"frames": {}, "stance": {}},
    ],
)
def test_data_coded_for_nothing_that_the_model_predicts_is_refused(model, units, codes):
    with pytest.raises(InputError) as raised:
        evaluate(model, [recode(unit, **codes) for unit in units], design=DESIGN)
    assert str(raised.value) == (
        "no unit is coded for anything that the model predicts; "
        "use data coded with the model's codebook"
    )


@pytest.mark.parametrize("kinds", [[], ["boilerplate"] * 3])
def test_no_unit_to_judge_is_refused(model, units, kinds):
    given = [recode(unit, kind=kind) for unit, kind in zip(units, kinds, strict=False)]
    with pytest.raises(InputError, match="no coded unit to work with; give data with codings"):
        evaluate(model, given, design=DESIGN)


def test_one_target_or_one_frame_may_be_coded_alone(model, units):
    only = [recode(unit, frames={}) for unit in units]
    report = evaluate(model, only, design=DESIGN)
    assert report.frames.n_units == 0
    assert report.stances == evaluate(model, units, design=DESIGN).stances
    json.dumps(report.to_dict(), allow_nan=False)
    report = evaluate(model, [recode(unit, stance={}) for unit in units], design=DESIGN)
    assert report.stances["bridge"].n_units == 0
    json.dumps(report.to_dict(), allow_nan=False)


def test_a_model_is_measured_for_what_it_learnt_alone(coded_units, codebook, small_settings):
    # "safety" is too rare to learn and so is "favor": four units each.
    seen = {"safety": 0, "favor": 0}
    units = []
    for unit in coded_units:
        frames, stance = dict(unit.coding.frames), dict(unit.coding.stance)
        seen["safety"] += frames["safety"]
        seen["favor"] += stance["bridge"] == "favor"
        frames["safety"] = frames["safety"] and seen["safety"] <= 4
        if stance["bridge"] == "favor" and seen["favor"] > 4:
            stance["bridge"] = "none"
        units.append(recode(unit, frames=frames, stance=stance))
    model, _ = train(units, codebook, settings=small_settings)
    part = restrict_codebook(model)
    assert isinstance(part, Codebook)
    assert part.frame_ids == ("cost",)
    assert part.values("bridge") == ("oppose", "none")
    assert part.target("bridge").neutral == "none"
    report = evaluate(model, coded_units, design=DESIGN)
    assert list(report.frames.labels) == ["cost"]
    assert list(report.stances["bridge"].values) == ["oppose", "none"]
    assert report.stances["bridge"].n_units == 36  # 24 of 60 are coded "favor"
    assert report.left_out["stance codes that the model does not know"] == 24


def rename(unit, number):
    """Give a unit and its article the names that rows of another file would have."""
    name = f"other:{number}"
    paragraph = replace(unit.paragraph, id=name, article=name)
    return CodedUnit(paragraph, replace(unit.coding, unit=name))


def test_articles_that_the_model_was_trained_on_are_counted(model, units):
    articles = {unit.paragraph.article for unit in units}
    assert evaluate(model, units, design=DESIGN).n_known_articles == len(articles) == 12
    some = [unit for unit in units if unit.paragraph.article in sorted(articles)[:5]]
    assert evaluate(model, some, design=DESIGN).n_known_articles == 5


def test_texts_tell_known_articles_and_names_do_not(model, coded_units):
    """Rows without an article are named after their file: ``sheet:2``, ``sheet:3``, ..."""
    whole = [
        replace(unit, paragraph=replace(unit.paragraph, article=f"new-{unit.paragraph.article}"))
        for unit in coded_units
    ]
    assert evaluate(model, whole, design=DESIGN).n_known_articles == 12
    rows = [rename(unit, number) for number, unit in enumerate(coded_units)]
    # Of an article, the three longest texts are remembered.
    assert evaluate(model, rows, design=DESIGN).n_known_articles == 36
    new = [
        replace(unit, paragraph=replace(unit.paragraph, text=f"{unit.paragraph.text} And so on."))
        for unit in coded_units
    ]
    assert evaluate(model, new, design=DESIGN).n_known_articles == 0


def test_articles_of_which_nothing_is_coded_are_not_counted(model, units):
    bare = [recode(unit, frames={}, stance={}) for unit in units[5:]]
    assert evaluate(model, [*units[:5], *bare], design=DESIGN).n_known_articles == 1


def test_a_model_that_does_not_say_what_it_was_trained_on_knows_nothing(model, units):
    old = {
        name: item for name, item in model.training.items() if name not in {"texts", "precision"}
    }
    report = evaluate(replace(model, training=old), units, design=DESIGN)
    assert (report.n_known_articles, report.precision) == (None, None)
    assert evaluate(model, units, design=DESIGN).precision == 0.9


@pytest.mark.parametrize("mention", [None, " "])
def test_stances_of_units_that_name_no_target_are_left_out_and_counted(named, around, mention):
    _, units = named
    bare = [replace(u, paragraph=replace(u.paragraph, mention=mention)) for u in units[:10]]
    report = evaluate(around, [*bare, *units[10:]], design=DESIGN)
    assert (report.n_units, report.stances["of"].n_units) == (38, 38)
    assert report.left_out["stance codes of units that name no target"] == 10
    assert report.left_out["not coded for what the model predicts"] == 10
    with pytest.raises(InputError, match="no unit is coded for anything that the model predicts"):
        evaluate(around, bare, design=DESIGN)
