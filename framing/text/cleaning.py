"""Cleaning: repairs in order until nothing changes, with a count of what was mended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from framing.schema import Article
from framing.text import lines, markup, misreadings, repairs
from framing.text.headlines import find_title, open_with_title

_MOST_PASSES = 100
_MARKS = re.compile(r"\A(?:[#>*•–-]+ |\| ?)+")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned text and what was done to it.

    Attributes
    ----------
    text : str
        Blocks separated by one blank line.
    repairs : tuple of (str, int)
        Name of each repair that changed something, and in how many places.
    """

    text: str
    repairs: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair and what tells whether to run it, from cheap to exact.

    Attributes
    ----------
    mend : callable
        Text in, text out.
    trace : re.Pattern
        Finds every place that may need it, and perhaps some that do not.
    hints : tuple of str
        A text that has none of them has no trace either; empty where there is no such list.
    wide : bool
        Whether the trace holds characters beyond ASCII only.
    """

    mend: Callable[[str], str]
    trace: re.Pattern[str]
    hints: tuple[str, ...] = ()
    wide: bool = False

    def is_needed(self, text: str, *, narrow: bool) -> bool:
        """Tell whether a text, ASCII only where `narrow` is set, bears a trace of the fault."""
        if self.wide and narrow:
            return False
        if self.hints and not any(hint in text for hint in self.hints):
            return False
        return self.trace.search(text) is not None


def _wide(mend: Callable[[str], str], trace: str) -> Repair:
    return Repair(mend, re.compile(trace), wide=True)


def _hinted(mend: Callable[[str], str], trace: str, hints: str) -> Repair:
    """Take the hints as words apart, in which ``s`` stands for a blank."""
    words = tuple(word.replace("s", " ") for word in hints.split(" "))
    return Repair(mend, re.compile(trace, re.MULTILINE), words)


_BULLETS = "•‣◦▪●■∙⁃·*–"
REPAIRS = (
    _wide(repairs.restore_surrogates, "[\ud800-\udfff]"),
    _wide(misreadings.restore_misread, "[\u0e01-\u0e5b]"),
    _hinted(repairs.decode_entities, r"&[#A-Za-z]\w*;", "&"),
    _wide(misreadings.restore_mojibake, "[^\x00-\x7f–—‘’“”…]"),
    _wide(misreadings.restore_windows, "[\x80-\x84\x86-\x9f]"),
    _wide(repairs.split_ligatures, "[\ufb00-\ufb06]"),
    _wide(repairs.compose_characters, "[^\x00-\u02ff\u2010-\u2026€]"),
    Repair(repairs.unify_line_ends, re.compile("[\r\x0b\x0c\x85\u2028\u2029]")),
    Repair(repairs.remove_controls, repairs.CONTROLS),
    _wide(repairs.remove_invisible, repairs.INVISIBLE.pattern),
    _hinted(markup.remove_tags, r"</?[A-Za-z]|<!|-->|\]\]>", "< --> ]]>"),
    Repair(repairs.unify_spaces, re.compile(r"[^\S \n]|  | $", re.MULTILINE)),
    _hinted(repairs.remove_link_residue, repairs.LINK_RESIDUE.pattern, "( ["),
    _hinted(markup.unwrap_links, r"\]\(|\]: ", "]( ]:s"),
    _hinted(markup.remove_quote_marks, r"^[ ]{0,3}>", ">"),
    _hinted(markup.unify_headings, r"^[ ]{0,3}(?:#|=|-[ ]?-|\*[ ]?\*|_[ ]?_|~)", "# = - * _ ~"),
    _hinted(markup.unify_bullets, rf"^[ \t]*(?:[{_BULLETS}]|- )", f"{' '.join(_BULLETS)} -s"),
    _hinted(markup.remove_emphasis, r"[*_]", "* _"),
    Repair(lines.arrange_blocks, re.compile(r"\n")),
)
"""What cleaning does, in order: characters first, then markup, then the arrangement of lines."""


def clean_text(text: str) -> Cleaned:
    r"""Clean a text: repair its characters, drop markup, put every block on a line of its own.

    Sound text comes back as it is; cleaning twice gives what cleaning once gives.

    Parameters
    ----------
    text : str
        Anything that was decoded.

    Returns
    -------
    Cleaned
        The text, in which ``# `` opens a headline and ``- `` a bullet, and the repairs.

    Examples
    --------
    >>> clean_text("• Chinaโs share\r\n• Prices (opens in a new tab)").text
    '- China’s share\n\n- Prices'
    >>> clean_text("Sound text.").repairs
    ()
    """
    done: Counter[str] = Counter()
    for _ in range(_MOST_PASSES):
        mended = _run_once(text, done)
        if mended == text:
            break
        text = mended
    return Cleaned(text, tuple(done.items()))


def _run_once(text: str, done: Counter[str]) -> str:
    narrow = text.isascii()
    for repair in REPAIRS:
        if not repair.is_needed(text, narrow=narrow):
            continue
        mended = repair.mend(text)
        if mended != text:
            fewer = _count(repair, text) - _count(repair, mended)
            done[repair.mend.__name__] += max(fewer, 1)
            text, narrow = mended, mended.isascii()
    return text.strip()


def _count(repair: Repair, text: str) -> int:
    return sum(1 for _ in repair.trace.finditer(text))


def clean_article(article: Article, *, repairs: Counter[str] | None = None) -> Article:
    r"""Clean an article's text and title, and open the text with the title as a headline.

    Without a title, the first block is taken for one if it reads like a headline. What was mended
    in the text is added to `repairs`, if it is given: name of the repair to number of places.

    Examples
    --------
    >>> clean_article(Article("a", "Prices rose.", title="Ore *up*")).text
    '# Ore up\n\nPrices rose.'
    """
    cleaned = clean_text(article.text)
    if repairs is not None:
        faults = dict(cleaned.repairs)
        faults.pop(lines.arrange_blocks.__name__, None)  # layout, which was no fault
        repairs.update(faults)
    text = cleaned.text
    title = _clean_title(article.title) or find_title(text) or ""
    return replace(article, text=open_with_title(text, title), title=title or None)


def _clean_title(title: str | None) -> str:
    """Clean a title as the heading that it will be; one without letters or digits is none."""
    heading, before = title or "", None
    while heading != before:
        before = heading
        words = " ".join(clean_text(heading).text.split())
        heading = clean_text(f"# {_MARKS.sub('', words)}").text.removeprefix("# ")
    return heading if any(character.isalnum() for character in heading) else ""
