"""Tests of what is left out because too few units could teach it."""

from dataclasses import replace

import pytest

from framing.learning.rarity import leave_out_rare
from framing.schema import InputError


def say(learnable):
    return [(skip.label, skip.reason) for skip in learnable.skipped]


@pytest.fixture
def code_frames(make_unit):
    def build(**columns):
        """Code frames by strings: + present, - absent, a blank not coded."""
        marks = {"+": True, "-": False}
        return [
            make_unit(
                n, frames={f: marks[c] for f, c in zip(columns, row, strict=True) if c != " "}
            )
            for n, row in enumerate(zip(*columns.values(), strict=True))
        ]

    return build


def test_a_frame_needs_five_units_with_it_and_five_without(code_frames, make_book):
    units = code_frames(
        enough="+++++-----", few="++++------", all_but="++++++----", uncoded="+++++---- "
    )
    learnable = leave_out_rare(units, make_book(("enough", "few", "all_but", "uncoded")))
    assert learnable.codebook.frame_ids == ("enough",)
    assert say(learnable) == [
        ("few", "4 units with it, 5 are needed"),
        ("all_but", "4 units without it, 5 are needed"),
        ("uncoded", "4 units without it, 5 are needed"),
    ]
    assert [dict(unit.coding.frames) for unit in learnable.units[:2]] == [{"enough": True}] * 2


def test_a_value_needs_five_units(make_unit, make_book):
    values = ["for"] * 6 + ["against"] * 5 + ["none"] * 4
    units = [make_unit(n, stance={"ban": value}) for n, value in enumerate(values)]
    book = make_book(targets={"ban": ("none", "for", "against")}, neutral="none")
    learnable = leave_out_rare(units, book)
    assert learnable.codebook.values("ban") == ("for", "against")
    assert learnable.codebook.target("ban").neutral is None
    assert say(learnable) == [("ban=none", "4 units with it, 5 are needed")]
    assert len(learnable.units) == 11  # who holds nothing else has nothing to teach


def test_a_target_needs_two_values(make_unit, make_book):
    units = [
        make_unit(n, frames={"cost": n % 2 == 0}, stance={"ban": "for" if n < 9 else "against"})
        for n in range(12)
    ]
    learnable = leave_out_rare(units, make_book(("cost",), {"ban": ("for", "against")}))
    assert learnable.codebook.target_ids == ()
    assert say(learnable) == [
        ("ban=against", "3 units with it, 5 are needed"),
        ("ban", "fewer than two values can be learnt"),
    ]
    assert all(not unit.coding.stance for unit in learnable.units)
    assert len(learnable.units) == 12


def test_a_value_of_the_same_name_elsewhere_stays(make_unit, make_book):
    units = [
        make_unit(n, stance={"ban": "for" if n < 6 else "against", "mine": "for" if n else "so"})
        for n in range(12)
    ]
    book = make_book(targets={"ban": ("for", "against"), "mine": ("for", "so")})
    learnable = leave_out_rare(units, book)
    assert learnable.codebook.target_ids == ("ban",)
    assert learnable.codebook.values("ban") == ("for", "against")


def test_paragraphs_codes_and_coders_stay_as_they_are(code_frames, make_book):
    units = code_frames(cost="+-" * 6)
    learnable = leave_out_rare(units, make_book(("cost",), {"ban": ("for", "against")}))
    assert list(learnable.units) == units


def test_nothing_to_learn_is_refused(code_frames, make_book):
    with pytest.raises(InputError) as raised:
        leave_out_rare(code_frames(cost="++++------"), make_book(("cost", "risk")))
    assert str(raised.value) == (
        "nothing can be learnt (cost: 4 units with it, 5 are needed; "
        "risk: 0 units with it, 5 are needed); code more units"
    )


def test_only_one_class_is_refused(code_frames, make_book):
    with pytest.raises(InputError, match="cost: 0 units without it, 5 are needed"):
        leave_out_rare(code_frames(cost="+" * 12), make_book(("cost",)))


def test_what_is_refused_names_five_labels_at_most(code_frames, make_book):
    names = [f"frame{n}" for n in range(7)]
    units = code_frames(**dict.fromkeys(names, "+---------"))
    with pytest.raises(InputError) as raised:
        leave_out_rare(units, make_book(names))
    assert str(raised.value).count("1 units with it, 5 are needed") == 5


def test_no_unit_at_all_is_refused(make_book):
    with pytest.raises(InputError, match="nothing can be learnt"):
        leave_out_rare([], make_book(("cost",), {"ban": ("for", "against")}))


def test_mentions_stay_and_the_order_of_units_does_not_matter(make_unit, make_book):
    units = [
        make_unit(n, frames={"cost": n % 2 == 0}, stance={"ban": ("for", "against")[n % 3 == 0]})
        for n in range(20)
    ]
    named = [
        replace(u, paragraph=replace(u.paragraph, mention=f"m{u.paragraph.id}")) for u in units
    ]
    book = make_book(("cost", "risk"), {"ban": ("for", "against", "none")})
    ours, theirs = leave_out_rare(named, book), leave_out_rare(named[::-1], book)
    assert [unit.paragraph.mention for unit in ours.units][:2] == ["munit-0", "munit-1"]
    assert ours.units == theirs.units[::-1]
    assert (ours.codebook, ours.skipped) == (theirs.codebook, theirs.skipped)
