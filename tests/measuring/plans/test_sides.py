"""The two cells that a plan compares."""

from __future__ import annotations

import numpy as np
import pytest

from framing.measuring.archives import NO_SOURCE, Archive
from framing.measuring.plans.sides import NO_DATE, find_cells
from framing.schema import InputError


def make_archive(*articles):
    """Archive of articles given as (source, date), a unit each."""
    n = len(articles)
    return Archive(
        frames=("lag",),
        probabilities=np.full((n, 1), 0.5),
        codes=np.arange(n),
        rows=np.arange(n),
        texts=("",) * n,
        articles=tuple(f"a{i}" for i in range(n)),
        sources=tuple(source for source, _ in articles),
        dates=tuple(date for _, date in articles),
        model="m",
        codebook="c",
    )


ARCHIVE = make_archive(
    ("Post", "2024-01-05"),
    ("Post", "2024-04-05"),
    ("Herald", "2025-01-05"),
    ("Herald", "2025-01-06"),
    ("Post", "2025"),
    ("Gazette", None),
)


def test_two_years_with_sources_for_strata():
    two = find_cells(ARCHIVE, ("2024", "2025"))
    assert (two.comparison, two.names) == ("period", ("2024", "2025"))
    assert two.cells.tolist() == [0, 0, 1, 1, 1, -1]
    assert two.strata == ARCHIVE.sources


def test_the_width_is_read_off_the_names():
    with pytest.raises(InputError, match="2024-Q1 has 1 article; compare cells with two or more"):
        find_cells(ARCHIVE, ("2024-Q1", "2025-Q1"))
    with pytest.raises(InputError, match="2024-01 has 1 article;"):
        find_cells(ARCHIVE, ("2024-01", "2025-01"), over="year")


def test_two_sources_in_any_case_with_periods_for_strata():
    two = find_cells(ARCHIVE, ("post", "Herald"), over="month")
    assert (two.comparison, two.names) == ("source", ("Post", "Herald"))
    assert two.cells.tolist() == [0, 0, 1, 1, 0, -1]
    assert two.strata == ("2024-01", "2024-04", "2025-01", "2025-01", NO_DATE, NO_DATE)


@pytest.mark.parametrize(
    ("between", "told"),
    [
        (("Post", "Post"), "'Post' is named twice; name two sources or two periods"),
        (("Post", "Herold"), "'Herold' is no source or period that fits; did you mean 'Herald'?"),
        (("2024", "2025-01"), "'2024' is no source or period that fits; name two sources, or two "),
        (("2024-13", "2025-01"), "'2024-13' is no source or period that fits; "),
        (("Post", "2024"), "'Post' is no source or period that fits; "),
        (("Post", "Gazette"), "Gazette has 1 article; compare cells with two or more"),
        (("2024", "2023"), "2023 has 0 articles; compare cells with two or more"),
    ],
)
def test_names_that_do_not_fit(between, told):
    with pytest.raises(InputError) as caught:
        find_cells(ARCHIVE, between)
    assert str(caught.value).startswith(told)


def test_without_names_the_last_two_full_periods():
    years = [("Post", f"{year}-01-01") for year in (2022, 2023, 2024) for _ in range(20)]
    two = find_cells(make_archive(*years, ("Post", "2025-01-01")))
    assert two.names == ("2023", "2024")


def test_or_else_the_two_largest_sources():
    pairs = [("Post", None)] * 25 + [("Herald", None)] * 21 + [("Gazette", None)] * 22
    two = find_cells(make_archive(*pairs, *[(NO_SOURCE, None)] * 30))
    assert two.names == ("Post", "Gazette")
    with pytest.raises(InputError, match="no two years and no two sources have 20 articles each"):
        find_cells(ARCHIVE)
