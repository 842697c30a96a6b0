"""Calibration, decisions, and heads out of JSON."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.schema import ModelFileError
from framing.scoring.heads import (
    NEVER,
    FrameHead,
    StanceHead,
    head_to_dict,
    read_frame_head,
    read_stance_head,
)

FRAME = FrameHead("risk", 2.0, -1.0, 0.6, 9, 4)
KNOTS = ((-1.0, 0.1), (0.0, 0.1), (2.0, 0.9))
CURVED = FrameHead("cost", 2.0, -1.0, 0.6, 9, 4, KNOTS, (0.25, 0.75))
STANCE = StanceHead("mine", ("for", "against", "none"), "none", 0.5, (1.0, 2.0, 0.5), 9, (3, 4, 2))
POINTED = StanceHead("target", ("yes", "no"), None, 1.0, (1.0, 1.0), 9, (5, 4), True)
HUGE = 10**400
FINITE = st.floats(-1e6, 1e6)


def refused(read, fields):
    with pytest.raises(ModelFileError) as error:
        read(fields, where="m.safetensors")
    message = str(error.value)
    assert message.startswith("m.safetensors: a head of the model is not valid (")
    assert message.endswith("); train it again")
    assert len(message) < 200


def test_frame_probabilities_by_hand():
    # 2 x - 1 is 0, ln 3 and -ln 3
    scores = np.array([0.5, (1 + math.log(3)) / 2, (1 - math.log(3)) / 2])
    assert FRAME.calibrate(scores).tolist() == pytest.approx([0.5, 0.75, 0.25])


def test_probabilities_between_knots_by_hand():
    # 0.1 up to 0, then 0.4 a step to 0.9 at 2; the sigmoid has no part in it
    scores = np.array([-9.0, -0.5, 0.0, 0.5, 1.0, 2.0, 1e300])
    expected = [0.1, 0.1, 0.1, 0.3, 0.5, 0.9, 0.9]
    assert CURVED.calibrate(scores).tolist() == pytest.approx(expected)


def test_doubt_is_from_the_lower_bound_to_below_the_upper():
    probabilities = np.array([0.0, 0.2499, 0.25, 0.5, 0.7499, 0.75, 1.0])
    assert CURVED.doubt(probabilities).tolist() == [False, False, True, True, True, False, False]
    assert not FRAME.doubt(probabilities).any()
    assert FRAME.doubt(probabilities).shape == (7,)
    never = replace(CURVED, band=(0.0, 2.0))  # nothing is sure either way
    assert never.doubt(probabilities).all()
    assert not replace(CURVED, band=(0.6, 0.6)).doubt(np.array([0.5, 0.6, 0.7])).any()


@settings(deadline=None)
@given(st.lists(FINITE, min_size=2, max_size=9).map(sorted), st.lists(st.floats(0, 1)))
def test_knots_never_turn_the_order_of_scores(scores, shares):
    at = sorted(set(scores))[: len(shares)]
    knots = tuple(zip(at, sorted(shares), strict=False))
    if len(knots) < 2:
        return
    found = replace(CURVED, knots=knots).calibrate(np.array(scores))
    assert np.all(np.diff(found) >= 0)
    assert knots[0][1] <= found.min() <= found.max() <= knots[-1][1]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("score", [1e300, -1e300, 1e15])
def test_extreme_scores_do_not_overflow(score):
    probability = FRAME.calibrate(np.array([score]))[0]
    assert probability == pytest.approx(float(score > 0))
    probabilities = STANCE.calibrate(np.array([[score, 0.0, -score]]))[0]
    assert probabilities.tolist() == pytest.approx([float(score > 0), 0.0, float(score < 0)])


def test_stance_probabilities_by_hand():
    # divided by 0.5 these are ln 1, ln 2 and ln 5
    scores = np.array([[0.0, math.log(2) / 2, math.log(5) / 2]])
    assert STANCE.calibrate(scores)[0].tolist() == pytest.approx([1 / 8, 2 / 8, 5 / 8])


@settings(deadline=None)
@given(st.lists(st.tuples(FINITE, FINITE, FINITE), min_size=1, max_size=4))
def test_stance_probabilities_sum_to_one_and_keep_the_order(rows):
    scores = np.array(rows)
    probabilities = STANCE.calibrate(scores)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0)
    assert np.all((probabilities >= 0) & (probabilities <= 1))
    best = scores.argmax(axis=1)
    chosen = probabilities[np.arange(len(rows)), best]
    assert np.all(chosen >= probabilities.max(axis=1) - 1e-12)


def test_decisions_weigh_the_values():
    probabilities = np.array([[0.5, 0.3, 0.2], [0.5, 0.2, 0.3], [0.1, 0.1, 0.8], [0.0, 0.1, 0.9]])
    # times (1, 2, 0.5): (.5, .6, .1), (.5, .4, .15), (.1, .2, .4), (0, .2, .45)
    assert STANCE.decide(probabilities).tolist() == [1, 0, 2, 2]


def test_no_rows():
    assert FRAME.calibrate(np.empty(0)).shape == CURVED.calibrate(np.empty(0)).shape == (0,)
    assert FRAME.doubt(np.empty(0)).shape == CURVED.doubt(np.empty(0)).shape == (0,)
    assert STANCE.decide(STANCE.calibrate(np.empty((0, 3)))).shape == (0,)


def test_heads_are_read_back():
    for head in (FRAME, CURVED, replace(CURVED, band=(0.0, 2.0)), replace(CURVED, knots=())):
        frame = json.loads(json.dumps(head_to_dict(head)))
        assert read_frame_head(frame, where="m") == head
    for head in (STANCE, POINTED):
        stance = json.loads(json.dumps(head_to_dict(head)))
        assert read_stance_head(stance, where="m") == head
    stance = json.loads(json.dumps(head_to_dict(STANCE)))
    assert read_stance_head({**stance, "neutral": None}, where="m").neutral is None


def test_heads_of_protocol_1_have_neither_knots_nor_band_nor_mentions():
    frame, stance = json.loads(json.dumps([head_to_dict(FRAME), head_to_dict(STANCE)]))
    for name in ("knots", "band"):
        del frame[name]
    del stance["mentioned"]
    assert read_frame_head(frame, where="m") == FRAME
    assert read_stance_head(stance, where="m") == STANCE


@pytest.mark.parametrize("threshold", [0, 0.25, 0.75, 1])
def test_a_threshold_may_stand_at_an_end_of_its_band(threshold):
    frame = json.loads(json.dumps(head_to_dict(CURVED)))
    band = [min(threshold, 0.25), max(threshold, 0.75)]
    found = read_frame_head({**frame, "threshold": threshold, "band": band}, where="m")
    assert (found.threshold, found.band) == (threshold, tuple(band))


def test_only_the_upper_bound_may_be_out_of_reach():
    frame = json.loads(json.dumps(head_to_dict(CURVED)))
    assert read_frame_head({**frame, "band": [0.25, NEVER]}, where="m").band == (0.25, NEVER)
    refused(read_frame_head, {**frame, "band": [NEVER, NEVER]})


def test_whole_numbers_will_do():
    frame = json.loads(json.dumps(head_to_dict(CURVED)))
    found = read_frame_head({**frame, "knots": [[0, 0], [1, 1]], "band": [0, 1]}, where="m")
    assert (found.knots, found.band) == (((0.0, 0.0), (1.0, 1.0)), (0.0, 1.0))
    assert {type(number) for pair in (*found.knots, found.band) for number in pair} == {float}


@pytest.mark.parametrize("item", [None, 3, "risk", [], {}])
def test_a_head_must_be_a_mapping(item):
    refused(read_frame_head, item)
    refused(read_stance_head, item)


@pytest.mark.parametrize(
    ("read", "head"),
    [(read_frame_head, FRAME), (read_stance_head, STANCE)],
    ids=["frame", "stance"],
)
def test_no_field_may_be_missing_or_new(read, head):
    fields = json.loads(json.dumps(head_to_dict(head)))
    for name in set(fields) - {"knots", "band", "mentioned"}:  # which protocol 1 does not know
        refused(read, {key: value for key, value in fields.items() if key != name})
    refused(read, {**fields, "new": 1})


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("id", [None, 3, ["risk"]]),
        *((n, [None, "1", True, math.nan, math.inf, -math.inf, HUGE, -HUGE, [], 1e300])
          for n in ("slope", "offset", "threshold")),
        ("threshold", [-0.01, 1.01, 2, 0.24, 0.76]),  # no probability, or outside the band
        *((n, [None, "1", True, 1.0, -1, math.nan, []]) for n in ("n_units", "n_positive")),
        ("knots", [
            *(None, "ab", 3, {}, [1, 2], [[1, 0.5]], [[1], [2]], [[1, 0.2, 3], [2, 0.5, 3]]),
            *([[0, 0.5], [0, 0.6]], [[1, 0.2], [0, 0.5]], [[0, 0.5], [1, 0.4]]),
            *([[0, -0.1], [1, 0.5]], [[0, 0.5], [1, 1.1]], [[0, 0.5], [math.inf, 0.6]]),
            *([[0, 0.5], [HUGE, 0.6]], [[0, 0.5], [1, math.nan]], [[0, 0.5], ["1", 0.6]]),
            *([[0, 0.5], [True, 0.6]], [[0, 0.5], None]),
        ]),
        ("band", [
            *(3, "ab", {}, [], [0.5], [0.2, 0.5, 0.8], [0.6, 0.5], [-0.1, 0.7], [0.5, 2.1]),
            *([0.5, 0.59], [0.61, 0.9], [0.5, 1.01], [0.5, 1.99]),
            *([None, 0.5], [math.nan, 0.5], [0.5, math.inf], [0.5, HUGE], [False, 0.5]),
        ]),
    ],
)  # fmt: skip
def test_every_field_of_a_frame_is_checked(field, values):
    frame = json.loads(json.dumps(head_to_dict(CURVED)))
    for value in values:
        refused(read_frame_head, {**frame, field: value})


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("target", [None, 3, ["mine"]]),
        (
            "values",
            [None, "abc", 3, [], ["for"], ["for", "none"], ["for", "for", "none"], [1, 2, "none"]],
        ),
        ("neutral", ["other", 3, ["none"], {}]),
        ("temperature", [None, "1", True, 0, -1.0, 1e-320, math.nan, math.inf, HUGE]),
        (
            "weights",
            [
                *(None, "abc", [1.0, 1.0], [0, 0, 0]),
                *([1, 1, wrong] for wrong in (None, math.nan, HUGE, -1, True)),
            ],
        ),
        ("n_units", [None, "1", True, 1.0, -1]),
        ("n_by_value", [None, "abc", [1, 1], [1, 1, 1.0], [1, 1, -1], [1, 1, True]]),
        ("mentioned", [None, 0, 1, "yes", []]),
    ],
)  # fmt: skip
def test_every_field_of_a_stance_is_checked(field, values):
    stance = json.loads(json.dumps(head_to_dict(STANCE)))
    for value in values:
        refused(read_stance_head, {**stance, field: value})
