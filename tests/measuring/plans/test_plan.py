"""What a plan holds, as JSON values."""

from __future__ import annotations

import json

from framing.measuring.plans.plan import CodingPlan, FrameNeed, StratumPlan
from framing.measuring.plans.planning import Aim

PLAN = CodingPlan(
    comparison="period",
    a="2024",
    b="2025",
    aim=Aim(0.1),
    frame="lag",
    frames=(FrameNeed("lag", 0.1, 0.2, None, None, 0.11, 0.12, 0.75),),
    strata=(StratumPlan("2024", "Post", 10, 5, 0.5),),
    articles={"a": 0.5},
    n_articles=1,
    n_units=7,
    n_archive=10,
    n_archive_units=70,
    seed=0,
    model="m",
    codebook="c",
    notes=("too small",),
)


def test_a_plan_as_json_values():
    content = json.loads(json.dumps(PLAN.to_dict(), allow_nan=False))
    assert content["aim"] == {
        "detect": 0.1,
        "power": 0.8,
        "alpha": 0.05,
        "design_effect": 1.5,
        "is_census": False,
    }
    assert content["frames"][0]["n_articles"] is None
    assert content["strata"] == [
        {"cell": "2024", "stratum": "Post", "n_articles": 10, "n_coded": 5, "probability": 0.5}
    ]
    assert content["articles"] == {"a": 0.5}
