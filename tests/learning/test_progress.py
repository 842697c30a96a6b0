"""Tests of one account of many stages."""

from framing.learning.progress import Meter


def run_stages(sizes, **options):
    told = []
    meter = Meter(lambda *counted: told.append(counted), **options)
    for size in sizes:
        for done in range(1, size + 1):
            meter(done, size)
    return told


def test_stages_are_added_up():
    assert run_stages([2, 3]) == [(1, 2), (2, 2), (3, 5), (4, 5), (5, 5)]


def test_what_is_expected_is_the_total_until_more_is_known():
    told = run_stages([2, 1, 3], expected=4)
    assert [done for done, _ in told] == [1, 2, 3, 4, 5, 6]
    assert [total for _, total in told] == [4, 4, 4, 6, 6, 6]
