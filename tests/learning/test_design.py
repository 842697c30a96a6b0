"""What cross-validation may be asked for."""

import math

import pytest

from framing.learning.design import Design, Resampling
from framing.schema import InputError


@pytest.mark.parametrize("metric", ["macro-f1", "micro-f1", "average-precision"])
@pytest.mark.parametrize("precision", [0.5, 0.99])
def test_every_metric_and_any_promise_that_can_be_kept(metric, precision):
    design = Design(optimise=metric, precision=precision, resamples=1)
    assert (design.optimise, design.precision) == (metric, precision)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"optimise": "f1"},
            "'f1' cannot be optimised; choose one of macro-f1, micro-f1, average-precision",
        ),
        *(
            (
                {"precision": share},
                f"a precision of {share:g} cannot be promised; give a share from 0.5 to below 1",
            )
            for share in (0.49, 1.0, 90, -0.9, math.nan)
        ),
        ({"resamples": 0}, "0 resamples asked for; ask for 1 or more"),
    ],
)
def test_others_are_refused(fields, message):
    with pytest.raises(InputError) as error:
        Design(**fields)
    assert str(error.value) == message


def test_resamples_begin_anew_every_time():
    resampling = Resampling(seed=3, resamples=20)
    first, second = (resampling.begin() for _ in range(2))
    assert first["rng"].random(5).tolist() == second["rng"].random(5).tolist()
    assert first["resamples"] == second["resamples"] == 20
    assert Resampling(seed=4).begin()["rng"].random() != resampling.begin()["rng"].random()


def test_a_design_resamples_by_its_seed():
    assert Design(seed=7, resamples=9).resampling == Resampling(7, 9)
