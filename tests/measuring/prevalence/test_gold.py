"""Tests of hand codings laid beside predictions."""

import numpy as np
import pytest

from framing.measuring.predictions import find_labels
from framing.measuring.prevalence.gold import UnitNames, match_codings
from framing.schema import CodedUnit, Coding, InputError, Paragraph

LABELS = find_labels(["p:lag", "p:risk", "p:china:favor", "p:china:none"])
NAMES = UnitNames(
    ["a:1", "a:2", None, "b:1"], ["a", "a", "a", "b"], ["First.", "Second.", "Third.", "First."]
)
NAN = float("nan")


def code(unit, *, article="x", text="", frames=None, stance=None):
    paragraph = Paragraph(unit, article, text, 0, len(text))
    return CodedUnit(paragraph, Coding(unit, "ann", frames or {}, stance or {}))


def match(*codings, weights=None, names=NAMES, learnt=()):
    return match_codings(names, LABELS, codings, weights, learnt=learnt)


def test_codings_are_found_by_id():
    gold = match(code("a:2", frames={"lag": True, "risk": False}, stance={"china": "none"}))
    assert gold.truth[1].tolist() == [1, 0, 0, 1]
    assert np.isnan(gold.truth[[0, 2, 3]]).all()
    assert gold.weights.tolist() == [1, 1, 1, 1]
    assert (gold.n_matched, gold.n_unmatched) == (1, 0)


def test_codings_without_the_id_are_found_by_article_and_text():
    gold = match(
        code("sheet:1", article="a", text="Third.", frames={"lag": True}),
        code("sheet:2", article="b", text="First.", frames={"lag": False}),
        code("sheet:3", article="c", text="First.", frames={"lag": True}),
    )
    assert gold.truth[:, 0] == pytest.approx([NAN, NAN, 1, 0], nan_ok=True)
    assert (gold.n_matched, gold.n_unmatched) == (2, 1)


def test_an_id_goes_before_a_text():
    gold = match(code("a:1", article="b", text="First.", frames={"lag": True}))
    assert gold.truth[:, 0] == pytest.approx([1, NAN, NAN, NAN], nan_ok=True)


def test_what_is_not_coded_is_neither_present_nor_absent():
    gold = match(code("a:1", frames={"lag": True}))
    assert gold.truth[0] == pytest.approx([1, NAN, NAN, NAN], nan_ok=True)
    other = match(code("a:1", stance={"china": "oppose"}))  # a value that is not predicted
    assert other.truth[0] == pytest.approx([NAN, NAN, 0, 0], nan_ok=True)


def test_two_codings_of_a_unit_count_once_and_complete_each_other():
    gold = match(
        code("a:1", frames={"lag": True, "risk": True}),
        code("sheet:7", article="a", text="First.", frames={"risk": False}),
    )
    assert gold.truth[0] == pytest.approx([1, 0, NAN, NAN], nan_ok=True)
    assert (gold.n_matched, gold.n_unmatched) == (1, 0)


def test_weights_go_to_their_units():
    coded = [code("a:1", frames={"lag": True}), code("b:1", frames={"lag": True})]
    gold = match(*coded, weights={"a:1": 2.5, "b:1": 4.0, "elsewhere": 9.0})
    assert gold.weights.tolist() == [2.5, 1, 1, 4]


def test_weights_that_only_some_have_are_refused():
    coded = [code(unit, frames={"lag": True}) for unit in ("a:1", "a:2", "b:1")]
    told = "1 of 3 hand-coded units have no weight, the others have one; give each its id and its"
    with pytest.raises(InputError, match=f"^{told}"):
        match(*coded, weights={"a:1": 2.0, "b:1": 2.0})


def test_weights_are_found_by_article_and_text_where_units_are():
    coded = [
        code("a:1", frames={"lag": True}),
        code("sheet:2", article="b", text="First.", frames={"lag": True}),
    ]
    gold = match(*coded, weights={"a:1": 2.5, ("b", "First."): 4.0})
    assert gold.weights.tolist() == [2.5, 1, 1, 4]


def test_weights_of_other_units_are_refused():
    told = "1 of 1 hand-coded units have no weight, those given are of others; give each its id"
    with pytest.raises(InputError, match=f"^{told}"):
        match(code("a:1", frames={"lag": True}), weights={"b:1": 2.0})


def test_codings_of_texts_that_the_model_learnt_from_are_left_out():
    coded = [
        *(code(unit, frames={"lag": True}) for unit in ("a:1", "b:1", "c:1")),
        code("sheet:2", article="b", text="First.", frames={"risk": True}),
    ]
    gold = match(*coded, learnt={3})
    assert (gold.n_matched, gold.n_unmatched, gold.n_learnt) == (1, 1, 1)
    assert gold.truth[:, 0] == pytest.approx([1, NAN, NAN, NAN], nan_ok=True)
    assert np.isnan(gold.truth[3]).all()


def test_codings_only_of_texts_that_the_model_learnt_from_are_refused():
    told = "all 2 hand codings are of texts that the model learnt from; code other texts"
    with pytest.raises(InputError, match=f"^{told}"):
        match(*(code(unit, frames={"lag": True}) for unit in ("a:1", "b:1")), learnt={0, 3})


def test_codings_of_other_units_are_refused():
    with pytest.raises(InputError, match=r"^none of 2 hand-coded units is among those predicted; "):
        match(code("z:1", frames={"lag": True}), code("z:2", frames={"lag": True}))


def test_codings_of_other_labels_are_refused():
    with pytest.raises(InputError, match=r"^the hand codings name no label that was predicted; "):
        match(code("a:1", frames={"hope": True}, stance={"mines": "favor"}))


def test_tables_without_texts_are_matched_by_id_alone():
    names = UnitNames(["a:1", None], [None, None], [None, None])
    assert match(code("a:1", frames={"lag": False}), names=names).truth[0, 0] == 0
    with pytest.raises(InputError, match="among those predicted"):
        match(code("", article="", frames={"lag": False}), names=names)


def test_units_still_blank_are_not_coded():
    gold = match(code("a:1", frames={"lag": True}), code("a:2"), code("c:9"), weights={"a:1": 2.0})
    assert (gold.n_matched, gold.n_unmatched) == (1, 0)
    assert gold.weights.tolist() == [2, 1, 1, 1]
