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
_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\n"


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
class Look:
    """A text as repairs look at it before they touch it.

    Attributes
    ----------
    lines : str
        The text between two line ends, so that every line opens after one and closes before one.
    signs : str
        Its characters, in order, that are neither printable ASCII nor line ends: mostly none.
    """

    lines: str
    signs: str

    @classmethod
    def at(cls, text: str) -> Look:
        """Look at a text, by way of its bytes, which are sifted in one go."""
        signs = text.encode("utf-8", "surrogatepass").translate(None, _PRINTABLE)
        return cls(f"\n{text}\n", signs.decode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair and what tells whether to run it, from cheap to exact.

    Attributes
    ----------
    mend : callable
        Text in, text out.
    trace : re.Pattern
        Finds every place that may need it, and perhaps some that do not, in a text between two
        line ends.
    hints : tuple of str
        A text that has none of them has no trace either, unless in its signs; empty where there is
        no such list.
    signs : re.Pattern or None
        Finds a trace in what is neither printable ASCII nor a line end; None where there is none.
    """

    mend: Callable[[str], str]
    trace: re.Pattern[str]
    hints: tuple[str, ...] = ()
    signs: re.Pattern[str] | None = None

    def is_needed(self, look: Look) -> bool:
        """Tell whether a text bears a trace of the fault."""
        if self.signs is not None:
            if look.signs and self.signs.search(look.signs):
                return True
            if not self.hints:
                return False
        if self.hints and not any(map(look.lines.__contains__, self.hints)):
            return False
        return self.trace.search(look.lines) is not None

    def count(self, text: str) -> int:
        """Count the places in a text that bear a trace of the fault."""
        return len(self.trace.findall(f"\n{text}\n"))


def _signed(mend: Callable[[str], str], trace: str) -> Repair:
    """Take the trace as a class of characters, none of them printable ASCII or a line end."""
    return Repair(mend, re.compile(trace), signs=re.compile(trace))


def _hinted(mend: Callable[[str], str], trace: str, hints: str) -> Repair:
    """Take each character of the hints as one."""
    return Repair(mend, re.compile(trace), tuple(hints))


_BULLETS = "•‣◦▪●■∙⁃·*–"
REPAIRS = (
    _signed(repairs.restore_surrogates, "[\ud800-\udfff]"),
    _signed(misreadings.restore_misread, "[\u0e01-\u0e5b]"),
    _hinted(repairs.decode_entities, r"&[#A-Za-z]\w*;", "&"),
    _signed(misreadings.restore_mojibake, "[^\x00-\x7f–—‘’“”…]"),
    _signed(misreadings.restore_windows, "[\x80-\x84\x86-\x9f]"),
    _signed(repairs.split_ligatures, "[\ufb00-\ufb06]"),
    _signed(repairs.compose_characters, "[^\x00-\u02ff\u2010-\u2026€]"),
    _signed(repairs.unify_line_ends, "[\r\x0b\x0c\x85\u2028\u2029]"),
    _signed(repairs.remove_controls, repairs.CONTROLS.pattern),
    _signed(repairs.remove_invisible, repairs.INVISIBLE.pattern),
    _hinted(markup.remove_tags, r"</?[A-Za-z]|<!|-->|\]\]>", "<>"),
    Repair(
        repairs.unify_spaces,
        re.compile(r"[^\S \n]|  | \n"),
        ("  ", " \n"),
        re.compile(r"\s"),
    ),
    _hinted(repairs.remove_link_residue, repairs.LINK_RESIDUE.pattern, "(["),
    _hinted(markup.unwrap_links, r"\]\(|\]: ", "]"),
    _hinted(markup.remove_quote_marks, r"\n[ ]{0,3}>", ">"),
    Repair(markup.unify_headings, re.compile(r"\n[ ]{0,3}(?:#|=|-[ ]?-|\*[ ]?\*|_[ ]?_|~)")),
    Repair(markup.unify_bullets, re.compile(rf"\n[ \t]*(?:[{_BULLETS}]|- )")),
    _hinted(markup.remove_emphasis, r"[*_]", "*_"),
    Repair(lines.arrange_blocks, re.compile(r"\n(?<!\A\n)(?!\Z)")),
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
    look = Look.at(text)
    for repair in REPAIRS:
        if not repair.is_needed(look):
            continue
        mended = repair.mend(text)
        if mended != text:
            fewer = repair.count(text) - repair.count(mended)
            done[repair.mend.__name__] += max(fewer, 1)
            text, look = mended, Look.at(mended)
    return text.strip()


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
