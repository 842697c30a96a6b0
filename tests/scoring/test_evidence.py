"""Terms behind many labels at once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from framing.scoring.evidence import Requests, find_terms


def ask(*contrasts):
    """Ask for lists of (first, second), one a unit."""
    flat = [pair for pairs in contrasts for pair in pairs]
    bounds = np.cumsum([0, *map(len, contrasts)])
    first, second = np.array(flat or np.empty((0, 2)), dtype=np.int32).T
    return Requests(bounds, first, second)


def test_terms_by_hand(tiny):
    """Columns: risk, for, against, none; ban adds 2 to risk, good 1 to for, bad 1 to against."""
    texts = pa.array(["x", "«ban» İ bad good ban", "good bad"])
    found = find_terms(tiny, texts, None, ask([], [(0, -1), (1, 2)], [(2, 1)]), 5)
    assert found.row.tolist() == [1, 1, 2]
    assert found.contrast.tolist() == [0, 1, 2]
    assert found.start.tolist() == [1, 12, 5]
    assert found.end.tolist() == [4, 16, 8]
    assert found.byte_start.tolist() == [2, 15, 5]
    assert found.byte_end.tolist() == [5, 19, 8]
    assert found.weight == pytest.approx([4 / np.sqrt(6), 1 / np.sqrt(6), 1 / np.sqrt(2)])


def test_types_and_order(wild):
    texts = pa.array(["rare earth export ban", "İzmir ΟΔΟΣ ban ban café"])
    requests = ask([(2, -1), (0, -1)], [(3, 5), (1, -1), (2, -1)])
    found = find_terms(wild, texts, None, requests, 3)
    kinds = [getattr(found, name).dtype for name in found.__slots__]
    assert kinds == [np.int32] * 4 + [np.int64] * 2 + [np.float64]
    order = list(zip(found.row, found.contrast, -found.weight, strict=True))
    assert order == sorted(order)
    assert np.bincount(found.contrast).max() <= 3
    assert (found.weight > 0).all()
    for row, text in enumerate(texts.to_pylist()):
        of = found.row == row
        for start, end, first, last in zip(
            found.start[of], found.end[of], found.byte_start[of], found.byte_end[of], strict=True
        ):
            assert text[start:end] == text.encode()[first:last].decode() != ""


def test_a_second_column_is_taken_off(wild):
    texts = pa.array(["İzmir ΟΔΟΣ ban ban café rare earth"])
    alone = [find_terms(wild, texts, None, ask([(n, -1)]), 99) for n in (3, 5)]
    together = find_terms(wild, texts, None, ask([(3, 5)]), 99)
    weights = [dict(zip(f.start.tolist(), f.weight, strict=True)) for f in alone]
    for start, weight in zip(together.start.tolist(), together.weight, strict=True):
        if start in weights[0] and start in weights[1]:
            assert weight == pytest.approx(weights[0][start] - weights[1][start])


def test_mentions_are_looked_at(pointed):
    text = "Critics praised Ann, while voters blamed Bob."
    requests = ask([(1, 3)], [(2, 3)])
    found = find_terms(pointed, pa.array([text, text]), ["Ann", "Bob"], requests, 5)
    terms = [text[s:e] for s, e in zip(found.start, found.end, strict=True)]
    assert terms == ["praised", "Ann", "blamed"]


@pytest.mark.parametrize("n_units", [0, 3])
def test_nothing_is_asked_for(tiny, n_units):
    found = find_terms(
        tiny, pa.array(["ban"] * n_units, pa.string()), None, ask(*[[]] * n_units), 5
    )
    assert [len(getattr(found, name)) for name in found.__slots__] == [0] * 7
