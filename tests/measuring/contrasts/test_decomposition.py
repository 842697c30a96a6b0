"""Tests of what a change is made of."""

from dataclasses import replace

import numpy as np
import pytest

from framing.measuring.contrasts import decomposition
from framing.measuring.contrasts.decomposition import CalibrationShift, decompose_change
from framing.measuring.contrasts.sides import Plan

KEYS = [("a", "2020"), ("a", "2021"), ("b", "2020"), ("b", "2021")]
PLAN = Plan(resamples=400)


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Let periods of single articles count, so that sums can be made by hand."""
    monkeypatch.setattr(decomposition, "FEWEST_ARTICLES", 1)


def test_periods_of_too_few_articles_are_passed_over(make_sums, monkeypatch):
    monkeypatch.setattr(decomposition, "FEWEST_ARTICLES", 2)
    keys = [("Post", str(year)) for year in (2020, 2021, 2022, 2023)]
    cells = [0, 1, 1, 2, 2, 3]
    sums = make_sums(keys, cells, np.full((6, 1), 0.5), np.ones((6, 1)))
    found = decompose_change(sums, Plan(resamples=20))
    assert (found.first, found.last) == ("2021", "2022")
    thin = make_sums(keys, [0, 1, 1, 2], np.ones((4, 1)), np.ones((4, 1)))
    assert decompose_change(thin, Plan(resamples=20)) is None


def take(change):
    return {part.name: part for part in change.parts}


def make_shares(make_sums, shares, n, *, keys=KEYS, units=4.0, **options):
    """Cells of n articles each that all carry their share."""
    cells = np.repeat(np.arange(len(n)), n)
    sums = np.asarray(shares, dtype=float)[cells][:, None] * units
    return make_sums(keys, cells, sums, np.full((len(cells), 1), units), **options)


def test_mix_and_within_by_hand(make_sums):
    # a: .2 to .4 and 3/4 to 1/4 of the units; b: .6 to .6 and 1/4 to 3/4
    change = decompose_change(make_shares(make_sums, [0.2, 0.4, 0.6, 0.6], [3, 1, 1, 3]), PLAN)
    parts = take(change)
    assert (change.first, change.last) == ("2020", "2021")
    assert [part.name for part in change.parts] == ["total", "within", "mix"]
    assert parts["total"].value == pytest.approx([0.55 - 0.3])
    assert parts["within"].value == pytest.approx([0.5 * 0.2])
    assert parts["mix"].value == pytest.approx([-0.5 * 0.3 + 0.5 * 0.6])


def test_parts_add_up_to_the_change_of_the_share(make_sums, draw):
    rng = np.random.default_rng(0)
    cells = rng.integers(0, 4, 80)
    sums, units = draw(rng, rng.random((4, 3))[cells])
    parts = take(decompose_change(make_sums(KEYS, cells, sums, units), PLAN))
    later, total = np.isin(cells, [1, 3]), parts["total"].value
    shares = [sums[held].sum(0) / units[held].sum(0) for held in (~later, later)]
    assert total == pytest.approx(shares[1] - shares[0])
    assert parts["within"].value + parts["mix"].value == pytest.approx(total)
    for part in parts.values():
        assert (part.low < part.value).all()
        assert (part.value < part.high).all()


def test_only_the_first_and_the_last_period_count(make_sums):
    keys = [("a", "2020"), ("a", "2021"), ("a", "2022")]
    change = decompose_change(make_shares(make_sums, [0.2, 0.9, 0.3], [2, 9, 2], keys=keys), PLAN)
    assert take(change)["total"].value == pytest.approx([0.1])
    assert take(change)["within"].value == pytest.approx([0.1])


def test_a_source_that_comes_or_goes_is_mix(make_sums):
    keys = [("a", "2020"), ("a", "2021"), ("b", "2021")]
    change = decompose_change(make_shares(make_sums, [0.2, 0.2, 0.8], [4, 2, 2], keys=keys), PLAN)
    assert take(change)["within"].value == pytest.approx([0.0])
    assert take(change)["mix"].value == pytest.approx([0.3])


def test_what_can_not_be_given_in_one_period_leaves_the_source_out(make_sums):
    usable = np.array([[True], [True], [True], [False]])
    sums = make_shares(make_sums, [0.2, 0.4, 0.6, 0.9], [3, 1, 1, 3], usable=usable)
    parts = take(decompose_change(sums, PLAN))
    assert parts["total"].value == pytest.approx([0.2])
    assert parts["mix"].value == pytest.approx([0.0])
    nothing = make_shares(make_sums, [0.2] * 4, [1] * 4, usable=np.zeros((4, 1), dtype=bool))
    assert np.isnan(take(decompose_change(nothing, PLAN))["total"].value).all()


def test_intervals_hold_the_change(make_sums, draw):
    rng = np.random.default_rng(0)
    cells = np.repeat(np.arange(4), [60, 40, 30, 60])
    shares = np.repeat([[0.2], [0.4], [0.6], [0.6]], 600, axis=1)[cells]
    sums, units = draw(rng, shares)
    parts = take(decompose_change(make_sums(KEYS, cells, sums, units), PLAN))
    true = {"within": 0.5 * (60 / 90 + 40 / 100) * 0.2}
    true["total"] = (0.4 * 0.4 + 0.6 * 0.6) - (2 / 3 * 0.2 + 1 / 3 * 0.6)
    for name, value in true.items():
        held = (parts[name].low <= value) & (parts[name].high >= value)
        assert held.mean() > 0.92


def test_the_error_of_calibration_widens_what_it_moves(make_sums):
    gradients = np.zeros((4, 1, 2))
    gradients[[1, 3], :, 0] = 0.2
    sums = make_shares(
        make_sums,
        [0.5] * 4,
        [5] * 4,
        gradients=gradients,
        covariances=[np.diag([0.01, 0.0])],
    )
    parts = take(decompose_change(sums, Plan(resamples=4000)))
    assert parts["within"].high == pytest.approx([1.96 * 0.1 * 0.2], rel=0.06)
    assert parts["total"].high == pytest.approx(parts["within"].high)


def test_copies_by_hand(make_sums):
    # In 2021 one text of share 1 is printed twice, once by each source, beside one of share 0.
    keys = [("a", "2020"), ("a", "2021"), ("b", "2021")]
    sums = make_sums(
        keys, [0, 0, 1, 2, 2], [[0.0], [4.0], [4.0], [4.0], [0.0]], np.full((5, 1), 4.0)
    )
    change = decompose_change(sums, PLAN, clusters=np.array([0, 1, 2, 2, 3]))
    assert take(change)["total"].value == pytest.approx([2 / 3 - 1 / 2])
    assert take(change)["copies"].value == pytest.approx([(1 / 2 - 1 / 2) - (2 / 3 - 1 / 2)])


def test_texts_of_their_own_are_no_copies(make_sums, draw):
    rng, cells = np.random.default_rng(0), np.repeat(np.arange(4), 6)
    sums, units = draw(rng, np.full((24, 2), 0.3))
    data = make_sums(KEYS, cells, sums, units)
    parts = take(decompose_change(data, PLAN, clusters=np.arange(24)))
    assert parts["copies"].value == pytest.approx([0, 0])
    assert parts["copies"].low == pytest.approx([0, 0])
    plain = take(decompose_change(data, PLAN))
    assert parts["total"].low == pytest.approx(plain["total"].low)


def test_copies_are_drawn_together(make_sums, draw):
    rng, cells = np.random.default_rng(0), np.tile(np.repeat(np.arange(4), 10), 5)
    sums, units = draw(rng, np.full((40, 1), 0.3))
    data = make_sums(KEYS, cells, np.tile(sums, (5, 1)), np.tile(units, (5, 1)))
    apart = take(decompose_change(data, PLAN))["total"]
    together = take(decompose_change(data, PLAN, clusters=np.tile(np.arange(40), 5)))["total"]
    widths = [(part.high - part.low)[0] for part in (apart, together)]
    assert widths[1] / widths[0] == pytest.approx(np.sqrt(5), rel=0.2)


def test_calibration_is_the_change_of_the_residuals(make_sums):
    shift = CalibrationShift(np.array([[0.02], [-0.05]]), np.array([[3e-4], [1e-4]]))
    sums = make_shares(make_sums, [0.2] * 4, [2] * 4)
    part = take(decompose_change(sums, PLAN, calibration=shift))["calibration"]
    assert part.value == pytest.approx([-0.07])
    assert (part.low, part.high) == (
        pytest.approx([-0.07 - 1.96 * 0.02], abs=1e-4),
        pytest.approx([-0.07 + 1.96 * 0.02], abs=1e-4),
    )


def test_one_period_has_no_change(make_sums):
    assert decompose_change(make_shares(make_sums, [0.2], [2], keys=KEYS[:1]), PLAN) is None


def test_the_order_of_rows_changes_nothing(make_sums, draw):
    rng, cells = np.random.default_rng(0), np.repeat(np.arange(4), 6)
    sums, units = draw(rng, np.full((24, 2), 0.3))
    sums += rng.normal(0, 0.01, sums.shape)  # articles of one content can not be told apart
    clusters, order = rng.integers(0, 20, 24), rng.permutation(24)
    one = decompose_change(make_sums(KEYS, cells, sums, units), PLAN, clusters=clusters)
    again = make_sums(KEYS, cells[order], sums[order], units[order])
    other = decompose_change(again, PLAN, clusters=7 * clusters[order])
    for part, same in zip(one.parts, other.parts, strict=True):
        assert part.value == pytest.approx(same.value)
        assert part.low == pytest.approx(same.low)


def test_what_articles_do_not_show_widens_a_change(make_sums):
    sums = make_shares(make_sums, [0.2, 0.4, 0.6, 0.6], [30, 30, 30, 30])
    hidden = replace(sums, extras=np.full((4, 1), 0.1**2))
    few = replace(hidden, freedoms=np.full((4, 1), 3.0))
    plain, unsure, coded = (
        take(decompose_change(one, PLAN))["within"] for one in (sums, hidden, few)
    )
    assert plain.value == unsure.value
    assert unsure.high[0] - plain.high[0] > 0.05
    assert coded.high > unsure.high
    mix = [take(decompose_change(one, PLAN))["mix"] for one in (sums, hidden)]
    assert mix[0].value == mix[1].value
