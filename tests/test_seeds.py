"""The shipped seeds and labels: all of them read, joined, planned, and enough of each.

They are data, and stand beside no module; what is asked of them here is what the README says of
them.
"""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
import yaml

from framing.coding.tallies import tally_codes
from framing.gathering import gather_coded, gather_coders
from framing.text.reading import read_articles

ROOT = Path(__file__).parents[1]
PARTS = {"train": ("seeds", "labels"), "test": ("seeds/test", "labels/test")}


@pytest.fixture(scope="module")
def coded():
    """Coded units of both parts, and every problem met on the way."""
    found, problems = {}, []
    for part, (seeds, labels) in PARTS.items():
        gathered = gather_coded(seeds=ROOT / seeds, labels=ROOT / labels, report=problems.append)
        found[part] = gathered
    return found, problems


@pytest.fixture(scope="module")
def tally(coded):
    gathered = coded[0]["train"]
    return tally_codes(gathered.units, gathered.codebook)


def list_outlets(part):
    plan = yaml.safe_load((ROOT / "seeds/outlets.yaml").read_text(encoding="utf-8"))
    folder = ROOT / PARTS[part][0]
    return plan[part], {path.name for path in folder.iterdir() if path.is_dir()} - {"test"}


def test_every_coding_has_its_unit_and_no_file_its_problem(coded):
    assert coded[1] == []


@pytest.mark.parametrize("part", PARTS)
def test_every_outlet_has_its_plan_and_every_article_its_outlets_name_and_a_date(part):
    plan, folders = list_outlets(part)
    assert set(plan) == folders
    for entry in plan.values():
        assert set(entry) == {"name", "kind", "line", "turns"}
        assert all(set(turn) == {"from", "change"} for turn in entry["turns"])
    for folder in folders:
        for article in read_articles(ROOT / PARTS[part][0] / folder):
            assert article.source == plan[folder]["name"], article.id
            assert article.date, article.id
            assert article.title, article.id


def test_there_are_many_units_of_many_outlets(tally):
    assert tally.whole.n_articles >= 180
    assert tally.whole.n_units >= 1400
    assert tally.whole.n_sources >= 15


def test_every_frame_is_well_covered(tally):
    for frame, extent in tally.frames.items():
        assert extent.n_units >= 120, frame
        assert extent.n_articles >= 40, frame
        assert extent.n_sources >= 8, frame


def test_every_stance_that_is_taken_is_well_covered(tally):
    for target, values in tally.stances.items():
        for value, extent in values.items():
            if value != "none":
                assert extent.n_units >= 60, (target, value)


def test_a_third_of_the_units_carry_no_frame(tally):
    assert tally.unframed.n_units >= tally.whole.n_units / 3


def test_the_test_part_is_twenty_articles_of_three_outlets_that_train_nothing(coded):
    training, held_out = (coded[0][part].units for part in PARTS)
    sources = {unit.paragraph.source for unit in held_out}
    assert len({unit.paragraph.article for unit in held_out}) == 20
    assert len(sources) == 3
    assert not sources & {unit.paragraph.source for unit in training}


@pytest.mark.parametrize("part", PARTS)
def test_codes_are_two_coders_or_settled_with_a_reason(part, coded):
    labels = ROOT / PARTS[part][1]
    coders, _ = gather_coders([labels / "coder_a.csv", labels / "coder_b.csv"])
    first, second = ({c.unit: (c.frames, c.stance) for c in found} for found in coders.values())
    settled = {u.paragraph.id: (u.coding.frames, u.coding.stance) for u in coded[0][part].units}
    text = (labels / "adjudicated.csv").read_text(encoding="utf-8")
    reasons = {row["id"]: row["reason"] for row in csv.DictReader(io.StringIO(text))}
    told = Counter()
    for unit, codes in settled.items():
        both = unit in first and unit in second
        if both and first[unit] == second[unit] and not reasons[unit].startswith("audit, "):
            assert codes == first[unit], unit
            told["agreed"] += 1
        else:
            assert reasons[unit], unit
            told["settled"] += 1
    assert told["agreed"] > 4 * told["settled"] > 0
