"""Settings among which selection chooses, for the frames together and for each stance target.

A search looks from one usual setting along each axis alone: that costs a sum, not a product, and
what was chosen is then tried as a whole. The axes and their ends are those that moved figures in
development (docs/experiments.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from framing.learning.polarity import share_weights
from framing.scoring.recipe import FeatureRecipe, NgramBlock

WORDS = NgramBlock("word", 1, 2)
CHARACTERS = NgramBlock("char_wb", 3, 5, min_df=4)
MARKS = NgramBlock("mark", 1, 1, weight=0.5)
MENTIONED = NgramBlock("word", 1, 3, field="mention", weight=0.5)
WORDS_AROUND = NgramBlock("word", 1, 2, sublinear=False, field="around")
CHARACTERS_AROUND = NgramBlock("char_wb", 3, 5, sublinear=False, min_df=4, field="around")

PLAIN = FeatureRecipe((WORDS,))
SPELT = FeatureRecipe((WORDS, CHARACTERS))
MARKED = FeatureRecipe((WORDS, CHARACTERS, MARKS))
TARGETED = FeatureRecipe((WORDS, CHARACTERS_AROUND, WORDS_AROUND, MENTIONED))
RECIPES = (MARKED, SPELT, PLAIN)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One setting for one task.

    Attributes
    ----------
    recipe : FeatureRecipe
    C : float
        Inverse strength of the L2 penalty, as in scikit-learn.
    emphasis : float
        Features are multiplied by 1 + emphasis * |log-count ratio| before the fit (see
        `framing.learning.ratios`).
    prior : float
        What each of the codebook's pseudo-units weighs, a unit weighing 1; at 0 they are left out.
        Only frames have them.
    polarity : float
        Scale of the weights that words of praise and of blame share; at 0 they share none. Only
        stances have them.
    balanced : bool
        Weigh units so that each class of a label weighs the same in all.
    """

    recipe: FeatureRecipe
    C: float
    emphasis: float = 0.0
    prior: float = 0.0
    polarity: float = 0.0
    balanced: bool = False

    @property
    def features(self) -> FeatureRecipe:
        """What is counted: the recipe, and what words that share weights stand in."""
        return share_weights(self.recipe) if self.polarity else self.recipe

    def __str__(self) -> str:
        """Write the setting as signatures do."""
        parts = [str(self.recipe), f"C:{self.C:g}"]
        parts += [
            f"{name}:{value:g}"
            for name, value in (
                ("ratios", self.emphasis),
                ("prior", self.prior),
                ("polarity", self.polarity),
            )
            if value
        ]
        return "|".join([*parts, *(["balanced"] if self.balanced else [])])


@dataclass(frozen=True, slots=True)
class Search:
    """A usual setting and the ways to leave it.

    Attributes
    ----------
    usual : Candidate
    axes : mapping of str to tuple
        Field of a candidate to the values to try beside the usual one.
    """

    usual: Candidate
    axes: Mapping[str, tuple[Any, ...]]

    def list_candidates(self) -> tuple[Candidate, ...]:
        """List the usual setting, then every other that differs from it in one field."""
        others = [
            replace(self.usual, **{name: value})
            for name, values in self.axes.items()
            for value in values
        ]
        return tuple(dict.fromkeys([self.usual, *others]))

    def without(self, name: str) -> Search:
        """Return the search for data that a field means nothing to: it stays 0."""
        axes = {axis: values for axis, values in self.axes.items() if axis != name}
        nothing: dict[str, Any] = {name: 0.0}
        return Search(replace(self.usual, **nothing), axes)


FRAMES = Search(
    Candidate(MARKED, C=10.0, emphasis=0.5, prior=3.0),
    {
        "recipe": (SPELT, PLAIN),
        "C": (3.0, 30.0, 100.0),
        "emphasis": (0.0,),
        "prior": (0.0,),
        "balanced": (True,),
    },
)
STANCES = Search(
    Candidate(MARKED, C=3.0, emphasis=0.5, polarity=3.0),
    {
        "recipe": (SPELT, PLAIN),
        "C": (1.0, 10.0, 30.0),
        "emphasis": (0.0,),
        "polarity": (0.0,),
        "balanced": (True,),
    },
)
MENTIONS = Search(
    replace(STANCES.usual, recipe=TARGETED, C=1.0),
    {**STANCES.axes, "recipe": RECIPES, "C": (0.3, 3.0, 10.0)},
)
"""For stances toward whatever a text mentions, rather than toward one target."""
