"""What is counted in a text: the blocks of n-grams that a model was trained on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast, get_args

from framing.schema import ModelFileError

Analyzer = Literal["word", "char_wb", "mark"]
Field = Literal["text", "mention", "around"]
FIELDS: tuple[Field, ...] = get_args(Field)
_LONGEST = 10
_HEAVIEST = 100.0


@dataclass(frozen=True, slots=True)
class NgramBlock:
    """One TF-IDF block, in scikit-learn's terms: ``TfidfVectorizer`` with these arguments.

    Attributes
    ----------
    analyzer : {"word", "char_wb", "mark"}
        Words, character n-grams within words padded by a blank on each side, or marks: the
        characters that are neither of a word nor white space, with one form for each kind of
        quotation mark, apostrophe and dash.
    low, high : int
        Shortest and longest n-gram.
    sublinear : bool
        Replace a count c by 1 + ln c.
    min_df : int
        Fewest training units that a term must stand in.
    field : {"text", "mention", "around"}
        The text; the words by which it names the target that a stance is toward; or the text
        around that mention, each n-gram counted for less the further off it stands (see
        `framing.scoring.mentions`).
    weight : float
        Length of the block's vector.
    """

    analyzer: Analyzer
    low: int
    high: int
    sublinear: bool = True
    min_df: int = 2
    field: Field = "text"
    weight: float = 1.0

    def __str__(self) -> str:
        """Write the block briefly, as signatures do: ``word1-2``, ``.5*around:word1-2``."""
        weight = "" if self.weight == 1.0 else f"{self.weight:g}*"
        field = "" if self.field == "text" else f"{self.field}:"
        return f"{weight}{field}{self.analyzer}{self.low}-{self.high}"


@dataclass(frozen=True, slots=True)
class FeatureRecipe:
    """Blocks whose features stand side by side, each block's vector as long as its weight.

    Examples
    --------
    >>> str(FeatureRecipe((NgramBlock("word", 1, 2), NgramBlock("char_wb", 2, 5))))
    'word1-2+char_wb2-5'
    """

    blocks: tuple[NgramBlock, ...]

    def __str__(self) -> str:
        """Write the blocks joined by a plus sign."""
        return "+".join(str(block) for block in self.blocks)

    @property
    def sees_mentions(self) -> bool:
        """Whether a block needs to know which mention a unit is about."""
        return any(block.field != "text" for block in self.blocks)

    def to_list(self) -> list[dict[str, Any]]:
        """Return the blocks as JSON-ready mappings."""
        return [asdict(block) for block in self.blocks]

    @classmethod
    def from_list(cls, items: Any, *, where: str) -> FeatureRecipe:
        """Rebuild a recipe, checking every field.

        Raises
        ------
        ModelFileError
            If a field is missing or makes no sense.
        """
        if not isinstance(items, list) or not items:
            raise ModelFileError("the feature recipe is missing", where=where, fix="train it again")
        return cls(tuple(_check_block(item, where) for item in items))


def _check_block(item: Any, where: str) -> NgramBlock:
    # Models of protocol 1 know neither field nor weight.
    fields = {"field": "text", "weight": 1.0, **item} if isinstance(item, Mapping) else {}
    low, high, min_df = (fields.get(name) for name in ("low", "high", "min_df"))
    sound = (
        set(fields) == {"analyzer", "low", "high", "sublinear", "min_df", "field", "weight"}
        and fields["analyzer"] in get_args(Analyzer)
        and fields["field"] in FIELDS
        and all(type(number) is int for number in (low, high, min_df))
        and 1 <= cast(int, low) <= cast(int, high) <= _LONGEST
        and cast(int, min_df) >= 1
        and isinstance(fields["sublinear"], bool)
        and type(fields["weight"]) in (int, float)
        and 0 < fields["weight"] <= _HEAVIEST
        and not (fields["field"] == "around" and _is_blind_around(fields))
    )
    if not sound:
        raise ModelFileError(
            f"the feature recipe is not valid ({str(item)[:80]})",
            where=where,
            fix="train it again",
        )
    return NgramBlock(**fields)


def _is_blind_around(fields: Mapping[str, Any]) -> bool:
    """Tell what means nothing around a mention: marks alone, a logarithm of weights below 1."""
    return bool(fields["analyzer"] == "mark" or fields["sublinear"])
