"""Tests of how intervals come about: the same draws every time they begin."""

from framing.learning.design import Design, Resampling


def test_resamples_begin_anew_every_time():
    resampling = Resampling(seed=3, resamples=20)
    first, second = (resampling.begin() for _ in range(2))
    assert first["rng"].random(5).tolist() == second["rng"].random(5).tolist()
    assert first["resamples"] == second["resamples"] == 20
    assert Resampling(seed=4).begin()["rng"].random() != resampling.begin()["rng"].random()


def test_a_design_resamples_by_its_seed():
    assert Design(seed=7, resamples=9).resampling == Resampling(7, 9)
