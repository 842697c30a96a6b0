"""Tests of log-count ratios against arithmetic by hand."""

import warnings

import numpy as np
import pytest
import scipy.sparse as sp

from framing.learning.ratios import scale_features


def scale(dense, present, *, coded=None, emphasis=1.0):
    """Scale for one label, or for those that the columns of `present` are."""
    present = np.asarray(present, bool).reshape(len(dense), -1)
    coded = np.ones_like(present) if coded is None else np.asarray(coded).reshape(present.shape)
    return scale_features(sp.csr_array(np.asarray(dense, float)), present, coded, emphasis)


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    return rng.random((60, 12)) * (rng.random((60, 12)) < 0.4)


@pytest.fixture(scope="module")
def present(rows):
    return np.column_stack([rows[:, 0] > 0, rows[:, 1] > 0, rows[:, 2] > rows[:, 3]])


def test_two_features_by_hand():
    # Of units with the label 2 hold "a" and 1 "b", of those without it 0 and 2; each count plus 1.
    dense = [[1, 0], [1, 1], [0, 1], [0, 1]]
    ratios = np.log(np.array([3 / 5, 2 / 5])) - np.log(np.array([1 / 4, 3 / 4]))
    bare = 1 + 0.5 * np.abs(ratios)
    mean_square = np.sqrt((2 + 3) / (2 * bare[0] ** 2 + 3 * bare[1] ** 2))
    found = scale(dense, [1, 1, 0, 0], emphasis=0.5)
    assert found.shape == (2, 1)
    assert found.dtype == np.float32
    assert found[:, 0] == pytest.approx(bare * mean_square)


def test_without_emphasis_all_features_count_alike(rows, present):
    np.testing.assert_array_equal(scale(rows, present, emphasis=0.0), np.ones((12, 3)))


@pytest.mark.parametrize("emphasis", [0.3, 1.0, 5.0])
def test_vectors_keep_their_mean_square_length(rows, present, emphasis):
    scales = scale(rows, present, emphasis=emphasis)
    for label in range(3):
        lengths = ((rows * scales[:, label]) ** 2).sum(axis=1)
        assert lengths.mean() == pytest.approx((rows**2).sum(axis=1).mean())


def test_what_tells_a_label_apart_stands_out_the_more_the_emphasis(rows, present):
    shares = [
        scale(rows, present, emphasis=e)[0, 0] / scale(rows, present, emphasis=e)[5, 0]
        for e in (0.0, 0.5, 1.0, 2.0)
    ]
    assert shares[0] == 1.0
    assert np.all(np.diff(shares) > 0.1)


def test_a_feature_that_all_units_hold_tells_nothing():
    dense = np.column_stack([np.ones(40), np.arange(40) < 20, np.arange(40) >= 20])
    scales = scale(dense, np.arange(40) < 20)[:, 0]
    assert scales[0] < 1 < scales[1] == scales[2]
    assert scales[1] / scales[0] == pytest.approx(1 + np.log(21 / 42) - np.log(1 / 42))


def test_signs_do_not_matter(rows, present):
    np.testing.assert_allclose(scale(rows, ~present), scale(rows, present), rtol=1e-6)


def test_presence_counts_and_not_how_large_an_entry_is(rows, present):
    np.testing.assert_allclose(scale(7.0 * rows, present), scale(rows, present), rtol=1e-6)
    flat = scale((rows > 0).astype(float), present)
    ours = scale(rows, present)
    np.testing.assert_allclose(ours / ours[0], flat / flat[0], rtol=1e-6)


def test_each_label_is_scaled_as_if_alone(rows, present):
    together = scale(rows, present)
    for label in range(3):
        np.testing.assert_allclose(together[:, [label]], scale(rows, present[:, label]), rtol=1e-6)


def test_codes_of_units_that_are_not_coded_do_not_matter(rows, present):
    coded = np.random.default_rng(1).random(present.shape) < 0.7
    before = scale(rows, present, coded=coded)
    np.testing.assert_array_equal(scale(rows, present & coded, coded=coded), before)
    np.testing.assert_array_equal(scale(rows, present | ~coded, coded=coded), before)
    assert not np.allclose(scale(rows, present), before)


def test_texts_of_units_that_are_not_coded_move_no_ratio(rows, present):
    out = np.arange(60) % 3 == 0
    coded = np.repeat(~out[:, None], 3, axis=1)
    changed = rows.copy()
    changed[out] = np.random.default_rng(2).random((20, 12))
    before, after, left = (
        scale(rows, present, coded=coded),
        scale(changed, present, coded=coded),
        scale(rows[~out], present[~out]),
    )
    np.testing.assert_allclose(after / after[0], before / before[0], rtol=1e-6)
    np.testing.assert_allclose(left / left[0], before / before[0], rtol=1e-6)


def test_features_of_other_units_alone_do_not_matter(rows, present):
    wide = np.hstack([rows, np.zeros((60, 5))])
    np.testing.assert_allclose(scale(wide, present)[:12], scale(rows, present), rtol=1e-6)


def test_the_order_of_units_and_of_features_does_not_matter(rows, present):
    order, places = (np.random.default_rng(3).permutation(size) for size in (60, 12))
    turned = scale(rows[order][:, places], present[order])
    np.testing.assert_allclose(turned, scale(rows, present)[places], rtol=1e-6)


@pytest.mark.parametrize("emphasis", [0.0, 1.0])
def test_nothing_to_count_gives_finite_scales_and_no_warning(emphasis):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        empty = scale(np.zeros((4, 3)), np.zeros((4, 2)), emphasis=emphasis)
        nowhere = scale(np.eye(4), np.zeros((4, 2)), emphasis=emphasis)
        uncoded = scale(
            np.eye(4), np.zeros((4, 2)), coded=np.zeros((4, 2), bool), emphasis=emphasis
        )
        none = scale_features(
            sp.csr_array((0, 3)), np.zeros((0, 2), bool), np.zeros((0, 2), bool), emphasis
        )
    np.testing.assert_allclose(empty, 1.0)
    np.testing.assert_array_equal(none, np.ones((3, 2)))
    np.testing.assert_allclose(nowhere, 1.0)
    np.testing.assert_allclose(uncoded, 1.0)


def test_memory_need_not_be_writeable(rows, present):
    features = sp.csr_array(rows)
    for array in (features.data, features.indices, features.indptr):
        array.flags.writeable = False
    found = scale_features(features, present, np.ones_like(present), 1.0)
    np.testing.assert_array_equal(found, scale(rows, present))
