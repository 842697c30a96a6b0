"""Lines to blocks: which line ends separate blocks, and which only wrap a paragraph."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

_MARKED = re.compile(r"[ \t]*(?:- |# |\d{1,3}[.)] |[|])")
_BULLET = re.compile(r"[ \t]*- ")
_INDENT = re.compile(r"[ \t]{2,}\S")
_SENTENCE_END = (".", "!", "?", ":", ";", '"', "”", "’", ")", "»")
_NARROWEST, _WIDEST = 50, 100
_LONG_ENOUGH = 40


def arrange_blocks(text: str) -> str:
    r"""Put every block on one line, with one blank line between blocks.

    A text may hold one paragraph a line, paragraphs between blank lines, or lines wrapped at some
    60 to 80 columns. A line end counts as a wrap when the next word would not have fitted in a
    text whose lines all end that way, or when it stands in mid-sentence.

    It does not join across a blank line, or onto a heading.

    >>> arrange_blocks("Prices rose\n- one\n- two\n\n\nNext")
    'Prices rose\n\n- one\n\n- two\n\nNext'
    """
    text = text.strip("\n")
    if _is_arranged(text):
        return text
    lines = text.split("\n")
    width = _find_width(lines)
    blocks: list[list[str]] = []
    previous = ""
    for line in lines:
        bare = line.strip()
        if bare and previous and _continues(previous, line, width):
            blocks[-1].append(bare)
        elif bare:
            blocks.append([bare])
        previous = line if bare else ""
    return "\n\n".join(" ".join(block) for block in blocks)


def _is_arranged(text: str) -> bool:
    """Tell whether every line end belongs to a blank line between two blocks without margins."""
    blocks = text.split("\n\n")
    return (
        all(blocks)
        and blocks == [block.strip() for block in blocks]
        and text.count("\n") == 2 * len(blocks) - 2
    )


def _find_width(lines: Sequence[str]) -> int | None:
    """Return the column at which a text was wrapped, or None where its lines are blocks."""
    if any(len(line) > _WIDEST and _is_plain(line) for line in lines):
        return None
    width = max((len(line) for line in lines if _is_plain(line)), default=0)
    if width < _NARROWEST:
        return None
    pairs = [pair for pair in itertools.pairwise(lines) if _may_join(*pair)]
    wraps = [pair for pair in pairs if _fills(pair, width) and not _ends_sentence(pair[0])]
    return width if len(wraps) >= 2 and 2 * len(wraps) >= len(pairs) else None


def _is_plain(line: str) -> bool:
    bare = line.lstrip()
    return bool(bare) and not bare.startswith("# ")


def _may_join(line: str, following: str) -> bool:
    return bool(
        line.strip()
        and following.strip()
        and not line.lstrip().startswith(("# ", "|"))
        and not _MARKED.match(following)
    )


def _continues(line: str, following: str, width: int | None) -> bool:
    if not _may_join(line, following):
        return False
    if _BULLET.match(line) and _INDENT.match(following):
        return True
    if width is not None and _fills((line, following), width):
        return True
    broken = len(line) >= _LONG_ENOUGH and not _ends_sentence(line)
    return broken and following.lstrip()[:1].islower()


def _fills(pair: Iterable[str], width: int) -> bool:
    """Tell whether the next line's first word would have run over the edge."""
    line, following = pair
    return len(line.rstrip()) + 1 + len(following.split(maxsplit=1)[0]) > width


def _ends_sentence(line: str) -> bool:
    return line.rstrip().endswith(_SENTENCE_END)
