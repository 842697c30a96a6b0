"""Headlines: which block is one, and an article's title as its first unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from framing.text.boilerplate import find_rule

_MOST_WORDS, _MOST_CHARACTERS = 14, 120
_MOST_TITLE_WORDS, _MOST_TITLE_CHARACTERS = 25, 200
_FEWEST_SHARED_WORDS = 4
_CLOSED = re.compile(r"[.;:!,…—–-][\"'”’)\]]*\Z|[\"”]\Z")
_OPENS = re.compile(r"[\"'“‘(\[$£€]*(?:[A-Z0-9]|[^\W\d_a-z])")
_RUNS_ON = re.compile(r"[^\W\d_]{3,}[.!?;][\"'”’)]* |\A\w+: [a-z]")
_NO_LETTERS = re.compile(r"[\W_]+")
_ABBREVIATED = re.compile(r"(?:\b[A-Z]\.){2,}\Z|\b(?:Inc|Corp|Ltd|Co|Jr|Sr|vs)\.\Z")


def is_headline(block: str, following: Sequence[str]) -> bool:
    """Tell whether an unmarked block is a headline: short, not closed, and above something longer.

    Parameters
    ----------
    block : str
    following : sequence of str
        The blocks after it that are not boilerplate; the next few are enough.

    Examples
    --------
    >>> is_headline("Where the money went", ["The fund has spent half of what it was given."])
    True
    >>> is_headline("Prices rose.", ["The fund has spent half of what it was given."])
    False
    """
    if not _reads_like_one(block, _MOST_WORDS, _MOST_CHARACTERS) or _RUNS_ON.search(block):
        return False
    return any(len(other) > len(block) for other in following[:3])


def _reads_like_one(block: str, most_words: int, most_characters: int) -> bool:
    if len(block) > most_characters or len(block.split()) > most_words:
        return False
    if _CLOSED.search(block) and not _ABBREVIATED.search(block):
        return False
    return bool(_OPENS.match(block)) and sum(map(str.isalpha, block)) >= 3


def find_title(text: str) -> str | None:
    r"""Return the first block of a cleaned text if it reads like the article's title.

    >>> find_title("Prices of cobalt double\n\nThe metal has doubled in price since the spring.")
    'Prices of cobalt double'
    """
    first, _, rest = text.partition("\n\n")
    if first.startswith("- ") or not rest:
        return None
    title = first.removeprefix("# ")
    if find_rule(title) or "\n" in title:
        return None
    if first.startswith("# "):
        return title
    below = rest[: 4 * _MOST_TITLE_CHARACTERS].split("\n\n")
    longer = any(len(block) > len(title) for block in below[:4])
    fits = _reads_like_one(title, _MOST_TITLE_WORDS, _MOST_TITLE_CHARACTERS)
    return title if longer and fits else None


def open_with_title(text: str, title: str) -> str:
    r"""Make the title the first block, marked ``# ``; one that is already there is not repeated.

    A first block that runs on after the title without a break is cut in two.

    >>> open_with_title("Prices Rise\n\nThey rose.", "Prices rise")
    '# Prices Rise\n\nThey rose.'
    """
    if not title:
        return text
    first, gap, rest = text.partition("\n\n")
    bare = first.removeprefix("# ")
    if says_the_same(bare, title):
        return f"# {bare}{gap}{rest}"
    run_on = _find_run_on(bare, title)
    if run_on:
        return f"# {title}\n\n{run_on}{gap}{rest}"
    return f"# {title}\n\n{text}" if text else f"# {title}"


def _find_run_on(block: str, title: str) -> str | None:
    remainder = block[len(title) :].strip()
    starts = block[: len(title)].casefold() == title.casefold()
    if not starts or len(title.split()) < _FEWEST_SHARED_WORDS or block[len(title) :][:1] != " ":
        return None
    return remainder if _OPENS.match(remainder) and len(remainder) > len(title) else None


def says_the_same(block: str, title: str) -> bool:
    """Tell whether a block and a title differ in nothing but capitals, blanks and punctuation.

    >>> says_the_same("Prices: Up 5%", "“Prices up 5”")
    True
    """
    wanted = fold(title)
    return wanted.startswith(fold(block[: len(title)])) and wanted == fold(block)


def fold(text: str) -> str:
    """Reduce a text to its letters and digits, for comparing titles.

    >>> fold("“Rare” earths: up 5%!")
    'rareearthsup5'
    """
    return _NO_LETTERS.sub("", text.casefold())
