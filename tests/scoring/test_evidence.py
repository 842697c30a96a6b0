"""The terms behind many labels at once, against the explanation of one text at a time."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from framing.schema import Paragraph
from framing.scoring.evidence import Requests, Terms, explain_requests, find_terms, sort_terms
from framing.scoring.explanation import rank_terms
from framing.scoring.extension import kernel
from framing.scoring.scorers import make_scorer


def ask(*contrasts):
    """Ask for lists of (first, second), one list a unit."""
    pairs = [pair for unit in contrasts for pair in unit]
    first, second = np.array(pairs or np.empty((0, 2)), np.int32).T
    return Requests(np.cumsum([0, *map(len, contrasts)]), first, second)


def test_terms_by_hand(tiny):
    texts = ["Ban it, lift the BAN", "né ban", "good ore"]
    found = find_terms(tiny, texts, None, ask([(0, -1)], [(0, -1), (1, 3)], [(1, 3)]), 5)
    root = 5**0.5
    assert found.row.tolist() == [0, 1, 2]
    assert found.contrast.tolist() == [0, 1, 3]
    assert list(zip(found.start.tolist(), found.end.tolist(), strict=True)) == [
        (0, 3), (3, 6), (0, 4),
    ]  # fmt: skip
    assert found.byte_start.tolist() == [0, 4, 0]
    assert found.byte_end.tolist() == [3, 7, 4]
    assert found.weight.tolist() == pytest.approx([4 / root, 2, 1])


def test_at_most_so_many_terms_and_only_those_that_speak_for_it(tiny):
    texts = ["ban good bad lift"]
    both = find_terms(tiny, texts, None, ask([(0, -1), (3, 0)]), 1)
    assert both.contrast.tolist() == [0, 1]
    assert [texts[0][s:e] for s, e in zip(both.start, both.end, strict=True)] == ["ban", "lift"]
    assert len(find_terms(tiny, texts, None, ask([(0, -1)]), 0).row) == 0


def test_nothing_asked_nothing_found(tiny):
    for texts, requests in (([], ask()), (["ban"], ask([])), (["ban", "İ"], ask([], []))):
        found = find_terms(tiny, texts, None, requests, 5)
        assert found.row.tolist() == found.weight.tolist() == []


@pytest.mark.parametrize("kind", ["compiled", "python"])
def test_terms_are_those_of_the_explanation(wild, fitted, kind):
    if kernel is None and kind == "compiled":
        pytest.skip("the extension was not built")
    texts = [*fitted.texts[:30], "\ud800 ban", "ΟΔΟΣ ban", "ban " * 3]
    n_columns = len(wild.intercepts)
    requests = ask(*[[(0, -1), (3, 5)] for _ in texts])
    found = make_scorer(wild, kind).find_terms(texts, None, requests, 4)
    expected = []
    for text in texts:
        unit = Paragraph("a", "a", text, 0, len(text))
        sides = {
            "risk": np.eye(n_columns)[0],
            "stance": np.eye(n_columns)[3] - np.eye(n_columns)[5],
        }
        ranked = rank_terms(wild, unit, sides, limit=4)
        expected += [e for terms in ranked.values() for e in terms if e.weight > 0]
    assert found.start.tolist() == [e.start for e in expected]
    assert found.end.tolist() == [e.end for e in expected]
    assert found.weight.tolist() == pytest.approx([e.weight for e in expected], abs=1e-12)


def test_terms_around_mentions(pointed):
    texts = ["Critics praised Ann.", "Voters blamed Bob."]
    found = find_terms(pointed, texts, ["Ann", "Zoe"], ask([(1, 3)], [(2, 3)]), 5)
    assert [texts[r][s:e] for r, s, e in zip(found.row, found.start, found.end, strict=True)] == [
        "praised",
        "Ann",
    ]


def test_parts_are_sorted_by_unit(tiny):
    parts = [
        explain_requests(tiny, [text], None, ask([(0, -1)]), 5) for text in ("lift ban", "ban")
    ]
    late, early = (
        Terms(part.row + row, *(getattr(part, n) for n in Terms.__slots__[1:]))
        for part, row in zip(parts, (4, 2), strict=True)
    )
    found = sort_terms([late, early])
    assert found.row.tolist() == [2, 4]
    assert found.start.tolist() == [0, 5]


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
