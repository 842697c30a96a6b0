"""Tests of the audit as a whole, on a corpus with planted faults."""

import json
from dataclasses import replace

import numpy as np
import pytest

from framing.learning.auditing import PARTS, audit
from framing.learning.crossfitting import Workers
from framing.learning.crossvalidation import judge_crossed, select_jobs
from framing.learning.dataset import build_dataset
from framing.learning.disputes import find_disputes
from framing.learning.rarity import leave_out_rare
from framing.learning.training import count_dataset, train
from framing.schema import InputError

WORDS = ["levy", "loan", "budget", "price"]


@pytest.fixture(scope="module")
def book(make_book):
    return make_book(("cost", "rare"), {"bridge": ("favor", "none")}, neutral="none")


@pytest.fixture(scope="module")
def units(make_unit):
    """120 units of 30 articles; unit 100 copies unit 3, which is coded otherwise."""
    rng = np.random.default_rng(1)
    made, texts = [], []
    for number in range(120):
        cost, favor = (rng.random(2) < 0.4).tolist()
        text = " ".join(
            [
                *([str(rng.choice(WORDS))] if cost else []),
                *(["welcome"] if favor else []),
                *(f"n{i}" for i in rng.integers(0, 400, 6)),
            ]
        )
        texts.append(text)
        made.append(
            make_unit(
                number,
                texts[3] if number == 100 else text,
                article=f"a{number // 4}",
                source=f"source {number // 40}",
                frames={"cost": cost if number != 100 else not made[3].coding.frames["cost"]},
                stance={"bridge": "favor" if favor else "none"},
            )
        )
    return made


@pytest.fixture(scope="module")
def report(units, book, quick):
    return audit(units, book, settings=quick)


def test_every_part_is_there_and_json(report):
    assert None not in (report.disputes, report.copies, report.cues, report.losses, report.curves)
    assert report.tally.whole.n_units == 120
    content = report.to_dict()
    assert json.loads(json.dumps(content, allow_nan=False)) == content


def test_the_settings_used_are_those_that_training_would_choose(report, units, book, quick):
    _, trained = train(units, book, settings=replace(quick, splits=()))
    assert report.settings == trained.settings
    assert report.seed == quick.design.seed


def test_disputes_are_those_of_the_chosen_settings_out_of_fold(report, units, book, quick):
    learnable = leave_out_rare(units, book)
    data = build_dataset(learnable.units, learnable.codebook)
    searches = quick.plan(data)
    counts, options = count_dataset(data, searches), {"design": quick.design, "workers": Workers()}
    folds, selected = select_jobs(counts, data, searches, **options)
    judged = judge_crossed(counts, data, folds, selected.jobs, **options)
    wanted = find_disputes(data, judged)
    assert [(units[d.row].paragraph, d.label, d.code, d.other) for d in wanted] == [
        (d.unit, d.label, d.code, d.other) for d in report.disputes
    ]
    told = [d.probability for d in report.disputes]
    assert told == pytest.approx([d.probability for d in wanted], abs=1e-3)
    assert 0 < len(told) < 40


def test_without_frames_there_are_no_cues_and_no_curves(units, make_book, quick):
    book = make_book((), {"bridge": ("favor", "none")}, neutral="none")
    found = audit(units, book, settings=quick)
    assert (found.cues, found.losses, found.curves) == ((), (), ())
    assert set(found.settings) == {"bridge"}
    assert found.n_codes == {"bridge": 120}
    assert {d.label for d in found.disputes} <= {"bridge"}


def test_labels_too_rare_to_learn_are_named_and_left_out(report):
    assert [skip.label for skip in report.skipped] == ["rare"]
    assert report.n_codes == {"cost": 120, "bridge": 120}
    assert [curve.label for curve in report.curves] == ["cost", "macro average"]


def test_a_copy_coded_otherwise_is_found(report, units):
    (copy,) = report.copies
    assert (copy.first, copy.second) == (units[3].paragraph, units[100].paragraph)
    assert (copy.resemblance, copy.same) == (1.0, False)


def test_copies_within_an_article_are_not_listed(units, book):
    twice = [units[0], replace(units[1], paragraph=replace(units[0].paragraph, id="again"))]
    assert audit(twice, book, parts=["copies"]).copies == ()


def test_each_copy_is_listed_once_beside_the_first_of_another_article(make_unit, book):
    text = "the levy on the bridge was raised again"
    coded = [
        make_unit(1, text, article="a", frames={"cost": True}),
        make_unit(2, text, article="a", frames={"cost": True}),
        make_unit(3, text, article="b", frames={"cost": False}),
        make_unit(4, f"{text} today", article="b", stance={"bridge": "none"}),
    ]
    found = audit(coded, book, parts=["copies"]).copies
    assert [(c.first.id, c.second.id, c.same) for c in found] == [
        ("unit-1", "unit-3", False),
        ("unit-1", "unit-4", True),  # nothing that both are coded for differs
    ]
    assert found[1].resemblance == pytest.approx(6 / 7)


def test_a_planted_mistake_is_among_the_disputes(units, book, quick):
    sure = next(n for n, u in enumerate(units) if u.coding.frames["cost"] and n not in (3, 100))
    turned = list(units)
    turned[sure] = replace(units[sure], coding=replace(units[sure].coding, frames={"cost": False}))
    found = audit(turned, book, parts=["disputes"], settings=quick).disputes
    named = [(d.unit.id, d.label, d.code, d.other) for d in found]
    assert (f"unit-{sure}", "cost", "absent", "present") in named
    assert [d.probability for d in found] == sorted(d.probability for d in found)


def test_only_what_is_asked_for_is_made(units, book, quick):
    counted = audit(units, book, parts=["counts"], settings=quick)
    assert (counted.disputes, counted.copies, counted.cues, counted.curves) == (None,) * 4
    assert (counted.settings, counted.skipped, counted.n_codes) == ({}, (), {})
    drawn = audit(units, book, parts=["curves"], settings=quick)
    assert drawn.curves is not None
    assert set(drawn.settings) == {"frames", "bridge"}
    assert (drawn.disputes, drawn.copies, drawn.cues, drawn.losses) == (None,) * 4


def test_workers_change_nothing(report, units, book, quick):
    assert audit(units, book, settings=quick, workers=Workers(2)) == report


def test_one_article_can_be_counted_and_not_learnt_from(units, book, quick):
    one = [replace(u, paragraph=replace(u.paragraph, article="one")) for u in units]
    assert audit(one, book, parts=["counts", "copies"]).tally.whole.n_articles == 1
    with pytest.raises(InputError, match=r"of one article.*--only counts,copies"):
        audit(one, book, settings=quick)


def test_the_parts_are_five():
    assert PARTS == ("counts", "disputes", "copies", "cues", "curves")
