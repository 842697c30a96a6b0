"""Nouns on their way into JSON."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.description import Described, describe
from framing.schema import Estimate, Paragraph, Prediction

UNIT = Paragraph("a:1", "a", "Ban.", 0, 4)


def test_descriptions_by_hand():
    estimate = Estimate(0.5, math.nan, math.inf, 3, 1, "bootstrap", 0.9)
    assert describe({"x": (estimate, [estimate])}) == {
        "x": [
            {
                "value": 0.5,
                "low": None,
                "high": None,
                "n_units": 3,
                "n_articles": 1,
                "method": "bootstrap",
                "level": 0.9,
            },
            [describe(estimate)],
        ]
    }
    assert describe({1: None, None: True}) == {"1": None, "None": True}
    assert describe(Prediction(UNIT, None, None, None, (), "m", "c"))["frames"] is None
    assert describe(Estimate) is Estimate  # the noun itself is no value of it


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_whatever_is_described_is_json(value):
    found = describe(value)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert describe(found) == found


@dataclass(frozen=True, slots=True)
class Report(Described):
    share: float
    names: tuple[str, ...]


def test_a_report_gives_its_content():
    assert Report(math.nan, ("a", "b")).to_dict() == {"share": None, "names": ["a", "b"]}
    with pytest.raises(AttributeError):
        Report(0.5, ()).other  # noqa: B018  no room for more than its fields
