"""Predictions read as an archive."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.measuring.archives import NO_SOURCE, count_days, find_days, read_archive
from framing.schema import InputError

UNIT = {"article": "a", "source": "Post", "date": "2025-04-01", "kind": "paragraph", "text": "Tin."}
UNIT |= {"frames": "lag", "p:lag": 0.8, "model": "m1", "codebook": "c1"}


def read(*changes):
    rows = [UNIT | {"id": f"u{i}"} | change for i, change in enumerate(changes)]
    return read_archive(pd.DataFrame(rows))


def test_sums_by_article():
    archive = read({}, {"article": "b", "p:lag": 0.5}, {"p:lag": 0.6}, {"kind": "boilerplate"})
    assert archive.articles == ("a", "b")
    assert archive.sums[:, 0].tolist() == pytest.approx([1.4, 0.5])
    assert archive.doubts[:, 0].tolist() == pytest.approx([0.16 + 0.24, 0.25])
    assert archive.units[:, 0].tolist() == [2, 1]
    assert archive.sizes.tolist() == [2, 1]
    assert archive.codes.tolist() == [0, 1, 0]
    assert archive.rows.tolist() == [0, 1, 2]
    assert archive.join_texts() == ["Tin.\n\nTin.", "Tin."]


def test_stances_are_no_frames():
    archive = read({"stance:china": "favor", "p:china:favor": 0.3, "p:china:none": 0.7})
    assert archive.frames == ("lag",)
    unit = UNIT | {"id": "u", "stance:china": "favor", "p:china:favor": 0.3, "p:china:none": 0.7}
    values = read_archive(pd.DataFrame([unit]), kind="stance")
    assert values.frames == ("china=favor", "china=none")
    assert values.sums.tolist() == [[0.3, 0.7]]
    with pytest.raises(InputError, match="no frame among these predictions"):
        read_archive(
            pd.DataFrame(
                [
                    {k: v for k, v in UNIT.items() if k != "p:lag"}
                    | {"id": "u", "stance:china": "favor", "p:china:favor": 1.0}
                ]
            )
        )


def test_what_was_not_scored_for_a_frame_does_not_count():
    archive = read({"p:risk": None}, {"p:risk": 0.5})
    assert archive.units.tolist() == [[2, 1]]
    assert archive.sums[0].tolist() == pytest.approx([1.6, 0.5])


def test_gaps_in_sources_dates_and_articles():
    archive = read(
        {"source": None, "date": "soon"}, {"article": None, "source": " ", "date": "2024"}
    )
    assert archive.sources == (NO_SOURCE, NO_SOURCE)
    assert archive.dates == (None, "2024")
    assert archive.articles == ("a", "u1")


def test_columns_that_may_lack():
    table = pd.DataFrame([UNIT | {"id": "u"}]).drop(columns=["source", "date"])
    archive = read_archive(table)
    assert (archive.sources, archive.dates) == ((NO_SOURCE,), (None,))


def test_articles_of_two_sources_that_share_a_name_are_two():
    archive = read({"article": "1", "source": "Post"}, {"article": "1", "source": "Mail"})
    assert archive.articles == ("1 (post)", "1 (mail)")
    assert archive.sizes.tolist() == [1, 1]


@pytest.mark.parametrize("text", [None, "  "])
def test_no_texts(text):
    told = r"these predictions hold no texts \(column 'text'\); give the output of framing predict"
    with pytest.raises(InputError, match=told):
        read({"text": text})
    with pytest.raises(InputError, match=told):
        read_archive(pd.DataFrame([UNIT | {"id": "u"}]).drop(columns="text"))


@pytest.mark.parametrize(
    ("date", "length"), [("2024-02-10", 0), ("2024-02", 28), ("2023-12", 30), ("2024", 365)]
)
def test_days_that_a_date_can_mean(date, length):
    first, last = find_days(date)
    assert last - first == length


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        ("2025-01-01", "2025-01-31", 30),
        ("2025-01-31", "2025-01-01", 30),
        ("2025", "2025-06-03", 0),
        ("2024-12", "2025-01-02", 2),
    ],
)
def test_days_between(first, second, days):
    assert count_days(find_days(first), find_days(second)) == days
