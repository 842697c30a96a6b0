"""Tests of disputed codes: planted mistakes are found, and nothing else is."""

import numpy as np
import pytest

from framing.learning.disputes import Dispute, find_disputes
from framing.learning.judgements import Judgements

VALUES = ("favor", "oppose", "none")


def judge(probabilities, stances=()):
    shares = np.asarray(probabilities, dtype=float)
    told = {f"target {n}": (np.asarray(s, float), []) for n, s in enumerate(stances)}
    return Judgements(shares, shares >= 0.5, np.ones_like(shares, dtype=bool), told)


@pytest.fixture(scope="module")
def frames():
    """40 units, 12 of which carry the frame, judged well: .9 and .1 with a little spread."""
    codes = np.array([1.0] * 12 + [0.0] * 28)
    return codes, np.where(codes > 0, 0.9, 0.1) + np.linspace(-0.04, 0.04, 40)


def test_turned_codes_are_disputed_the_least_probable_first(lay_out, frames):
    codes, probabilities = frames
    turned = codes.copy()
    turned[[3, 20]] = 1 - turned[[3, 20]]
    probabilities = probabilities.copy()
    probabilities[3], probabilities[20] = 0.97, 0.01
    found = find_disputes(lay_out(turned), judge(probabilities[:, None]))
    assert found == [
        Dispute(20, "frame 0", "present", "absent", pytest.approx(0.01)),
        Dispute(3, "frame 0", "absent", "present", pytest.approx(0.03)),
    ]


def test_what_is_coded_as_it_is_judged_is_not_disputed(lay_out, frames):
    codes, probabilities = frames
    assert find_disputes(lay_out(codes), judge(probabilities[:, None])) == []


def test_a_timid_model_disputes_what_it_holds_more_probable_and_nothing_else(lay_out, frames):
    # Positives get .3 on average: an "absent" of .42 is nearer to them than to the negatives.
    codes, probabilities = frames
    timid = probabilities / 3
    timid[30] = 0.42
    assert find_disputes(lay_out(codes), judge(timid[:, None])) == []  # absent is still likelier
    timid[30] = 0.55
    (found,) = find_disputes(lay_out(codes), judge(timid[:, None]))
    assert (found.row, found.code, found.other) == (30, "absent", "present")


def test_cells_that_are_not_coded_are_not_disputed(lay_out, frames):
    codes, probabilities = frames
    gaps = codes.copy()
    gaps[20] = np.nan
    probabilities = probabilities.copy()
    probabilities[20] = 0.99
    assert find_disputes(lay_out(gaps), judge(probabilities[:, None])) == []


def test_one_code_throughout_cannot_be_disputed(lay_out):
    assert find_disputes(lay_out(np.zeros(10)), judge(np.full((10, 1), 0.9))) == []


def test_a_stance_is_disputed_for_the_likeliest_value_that_occurs(lay_out):
    codes = np.array([0] * 10 + [2] * 20 + [-1])
    shares = np.where(np.arange(3) == codes[:, None], 0.8, 0.1)
    shares[4] = [0.05, 0.35, 0.60]  # coded favor; oppose occurs nowhere
    shares[15] = [0.75, 0.20, 0.05]
    dataset = lay_out(stances=[(VALUES, codes)])
    found = find_disputes(dataset, judge(np.zeros((31, 0)), [shares]))
    assert [(d.row, d.label, d.code, d.other) for d in found] == [
        (4, "target 0", "favor", "none"),
        (15, "target 0", "none", "favor"),
    ]
    assert [d.probability for d in found] == pytest.approx([0.05, 0.05])


def test_disputes_are_cleanlabs_own(lay_out):
    from cleanlab.filter import find_label_issues

    rng = np.random.default_rng(2)
    codes = rng.integers(0, 3, 150)
    shares = rng.dirichlet(np.ones(3), 150) + 0.5 * np.eye(3)[codes]
    shares /= shares.sum(axis=1, keepdims=True)
    issues = find_label_issues(codes, shares, filter_by="confident_learning", n_jobs=1)
    wanted = np.flatnonzero(issues & (shares.argmax(axis=1) != codes))
    dataset = lay_out(stances=[(VALUES, codes)])
    found = find_disputes(dataset, judge(np.zeros((150, 0)), [shares]))
    assert sorted(dispute.row for dispute in found) == wanted.tolist()
    assert 0 < len(found) < 75
    assert [d.probability for d in found] == sorted(shares[d.row, codes[d.row]] for d in found)


def test_the_order_of_units_does_not_matter(lay_out, frames):
    codes, probabilities = frames
    turned = np.where(np.arange(40) % 9 == 4, 1 - codes, codes)
    order = np.random.default_rng(0).permutation(40)
    plain = find_disputes(lay_out(turned), judge(probabilities[:, None]))
    mixed = find_disputes(lay_out(turned[order]), judge(probabilities[order][:, None]))
    assert len(plain) == 4
    assert [(int(order[d.row]), d.code) for d in mixed] == [(d.row, d.code) for d in plain]


def test_labels_that_tie_are_listed_by_row_and_name(lay_out, frames):
    codes, probabilities = frames
    turned = codes.copy()
    turned[[20, 25]] = 1
    dataset = lay_out(np.column_stack([turned, turned]))
    shares = probabilities.copy()
    shares[[20, 25]] = 0.05
    found = find_disputes(dataset, judge(np.column_stack([shares, shares])))
    assert [(d.row, d.label) for d in found] == [
        (20, "frame 0"),
        (20, "frame 1"),
        (25, "frame 0"),
        (25, "frame 1"),
    ]
