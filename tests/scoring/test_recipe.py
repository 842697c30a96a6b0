"""Feature recipes and their way through JSON."""

from __future__ import annotations

import json
import math

import pytest

from framing.schema import ModelFileError
from framing.scoring.recipe import FeatureRecipe, NgramBlock

RECIPE = FeatureRecipe((NgramBlock("word", 1, 2), NgramBlock("char_wb", 2, 5, False, 3)))
TARGETED = FeatureRecipe(
    (
        NgramBlock("mark", 1, 1, weight=0.5),
        NgramBlock("word", 1, 3, field="mention", weight=0.25),
        NgramBlock("char_wb", 3, 5, False, field="around"),
        NgramBlock("word", 1, 1, weight=2),
    )
)


def read(items):
    return FeatureRecipe.from_list(items, where="m.safetensors")


def test_a_recipe_is_read_back():
    for recipe in (RECIPE, TARGETED):
        assert read(json.loads(json.dumps(recipe.to_list()))) == recipe


def test_names():
    assert str(RECIPE) == "word1-2+char_wb2-5"
    assert str(TARGETED) == "0.5*mark1-1+0.25*mention:word1-3+around:char_wb3-5+2*word1-1"


def test_mentions_are_seen_by_fields_alone():
    assert not RECIPE.sees_mentions
    for block in TARGETED.blocks:
        assert FeatureRecipe((block,)).sees_mentions == (block.field != "text")


def test_models_of_protocol_1_count_the_text_and_weigh_1():
    old = RECIPE.to_list()
    for item in old:
        del item["field"], item["weight"]
    assert read(old) == RECIPE


@pytest.mark.parametrize("items", [None, [], {}, "word1-2", 3, ()])
def test_a_recipe_must_be_there(items):
    with pytest.raises(ModelFileError) as error:
        read(items)
    assert str(error.value) == "m.safetensors: the feature recipe is missing; train it again"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("analyzer", ["char", "WORD", "marks", None, [], {}, 1]),
        ("low", [0, 3, -1, 1.0, True, None, "1", 10**400]),
        ("high", [0, 11, 2.0, True, None, "2", 10**400]),
        ("sublinear", [0, 1, None, "yes"]),
        ("min_df", [0, -1, 1.0, True, None, "1"]),
        ("field", ["TEXT", "before", "", None, [], {}, 1]),
        ("weight", [0, -0.5, 101, 10**400, True, None, "1", [], math.nan, math.inf]),
    ],
)
def test_every_field_is_checked(field, values):
    for value in values:
        items = RECIPE.to_list()
        items[0][field] = value
        with pytest.raises(
            ModelFileError, match=r"^m.safetensors: the feature recipe is not valid"
        ):
            read(items)


@pytest.mark.parametrize("change", [{"analyzer": "mark"}, {"sublinear": True}])
def test_what_has_no_meaning_around_a_mention_is_refused(change):
    (around,) = [item for item in TARGETED.to_list() if item["field"] == "around"]
    assert read([around]).sees_mentions
    with pytest.raises(ModelFileError, match="the feature recipe is not valid"):
        read([{**around, **change}])
    assert read([{**around, **change, "field": "text"}])


@pytest.mark.parametrize("field", ["analyzer", "low", "high", "sublinear", "min_df"])
def test_no_field_may_be_missing(field):
    items = RECIPE.to_list()
    del items[1][field]
    with pytest.raises(ModelFileError, match=r"is not valid \(.*\); train it again$"):
        read(items)


@pytest.mark.parametrize("item", [None, 3, "word1-2", [], {}, {**RECIPE.to_list()[0], "new": 1}])
def test_a_block_must_be_one(item):
    with pytest.raises(ModelFileError, match="is not valid"):
        read([RECIPE.to_list()[0], item])


def test_the_message_is_short():
    with pytest.raises(ModelFileError) as error:
        read(["x" * 9999])
    assert len(str(error.value)) < 200
