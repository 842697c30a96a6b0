"""Repairs of single characters and of what web pages leave behind, one pure function a fault.

Every function takes text and returns text, does one thing, and leaves text without its fault as it
is. The order in which they run is in :mod:`framing.text.cleaning`; after python-ftfy's design.
"""

from __future__ import annotations

import html
import re
import unicodedata

_SURROGATES = re.compile("[\ud800-\udfff]+")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1c-\x1f\x7f-\x84\x86-\x9f\u206a-\u206f\ufff9-\ufffc]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x85\u2028]")
_PAGE_ENDS = re.compile("[\x0c\u2029]")
_ODD_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BLANK_RUNS = re.compile(r"[ \t](?<=\S.)[ \t]+|\t(?<=\S\t)")
_TRAILING = re.compile(r"[ \t](?:\n|\Z)")
INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_JOINING = re.compile("[\u0590-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u2190-\u2bff\ufe0f]")
_UNSPACED = re.compile("[\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff]")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TWICE_ENCODED = re.compile(
    r"&(?:amp;)+(?=(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});|amp;)"
)
LINK_RESIDUE = re.compile(
    r"[(\[](?i:(?:this|the)?[ ]?(?:link|page|site)?[ ]?(?:will[ ])?opens?"
    r"[ ](?:up[ ])?in[ ](?:a[ ]|the[ ]|your[ ])?(?:new|another|separate)"
    r"[ ](?:browser[ ])?(?:tab|window)(?:[ ]or[ ](?:tab|window))?"
    r"|external[ ]link|opens[ ]external[ ](?:site|website|link)|opens[ ]pdf|link)[)\]]"
)
_SPACED_RESIDUE = re.compile(f"[ ]?{LINK_RESIDUE.pattern}")


def restore_surrogates(text: str) -> str:
    r"""Join surrogate pairs into the character they stand for; a lone one becomes U+FFFD.

    It does not guess which character a lone surrogate came from.

    >>> restore_surrogates("\ud83d\ude00 \ud83d!")
    '😀 �!'
    """
    return _SURROGATES.sub(_join_surrogates, text)


def _join_surrogates(match: re.Match[str]) -> str:
    return match[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def remove_controls(text: str) -> str:
    r"""Drop NULs and other control characters; tabs and line ends are left to other repairs.

    It does not touch characters that can be seen.

    >>> remove_controls("rare\x00 earth\x07s\tand\n")
    'rare earths\tand\n'
    """
    return CONTROLS.sub("", text)


def unify_line_ends(text: str) -> str:
    r"""Write every line end as ``\n``, and a page or paragraph separator as a blank line.

    It does not decide which lines belong together.

    >>> unify_line_ends("a\r\nb\rc\u2028d\x0ce")
    'a\nb\nc\nd\n\ne'
    """
    return _LINE_ENDS.sub("\n", _PAGE_ENDS.sub("\n\n", text))


def unify_spaces(text: str) -> str:
    r"""Turn no-break and other odd spaces into plain ones, and runs within a line into one.

    It does not touch indentation, which tells what belongs to a bullet.

    >>> unify_spaces("92\u00a0% of  it \n  - one")
    '92 % of it\n  - one'
    """
    text = _ODD_SPACES.sub(" ", text)
    if _TRAILING.search(text):
        text = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    return _BLANK_RUNS.sub(" ", text)


def remove_invisible(text: str) -> str:
    r"""Drop zero-width characters, soft hyphens and direction marks where nothing needs them.

    It does not touch joiners in scripts and emoji that need them, word breaks in Thai, Lao, Khmer
    and Burmese, or direction marks in a text with right-to-left letters.

    >>> remove_invisible("su\u00adpply\u200b chain\ufeff")
    'supply chain'
    >>> remove_invisible("\u0915\u094d\u200d\u0937") == "\u0915\u094d\u200d\u0937"
    True
    """
    directed = _RIGHT_TO_LEFT.search(text) is not None

    def keep_needed(match: re.Match[str]) -> str:
        around = (
            text[max(match.start() - 1, 0) : match.start()] + text[match.end() : match.end() + 1]
        )
        return "".join(mark for mark in match[0] if _is_needed(mark, around, directed))

    return INVISIBLE.sub(keep_needed, text)


def _is_needed(mark: str, around: str, directed: bool) -> bool:
    if mark in "\u200c\u200d":
        return any(_JOINING.match(letter) or ord(letter) > 0x1F000 for letter in around)
    if mark == "\u200b":
        return len(around) == 2 and all(_UNSPACED.match(letter) for letter in around)
    if mark in "\u200e\u200f" or "\u202a" <= mark <= "\u202e" or "\u2066" <= mark <= "\u2069":
        return directed
    return False


def compose_characters(text: str) -> str:
    r"""Write letters and their marks as one character where Unicode has one (NFC).

    It does not fold look-alikes such as full-width letters and superscripts.

    >>> compose_characters("e\u0301")
    'é'
    """
    return unicodedata.normalize("NFC", text)


def split_ligatures(text: str) -> str:
    """Write the ligatures that PDF files leave, such as ``ﬁ``, as the letters that they join.

    It does not touch ``æ`` and ``œ``, which are letters.

    >>> split_ligatures("reﬁnery oﬀtake, Phœnix")
    'refinery offtake, Phœnix'
    """
    return _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)


def decode_entities(text: str) -> str:
    """Decode HTML entities that end in a semicolon, also those that were encoded twice.

    It does not touch an ampersand that is one: ``AT&T``, ``&c``, ``R&D;``.

    >>> decode_entities("Rock &amp;amp; Ore&rsquo;s 5 &lt; 6, AT&T, &c., &copy")
    'Rock & Ore’s 5 < 6, AT&T, &c., &copy'
    """
    text = _TWICE_ENCODED.sub("&", text)
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def remove_link_residue(text: str) -> str:
    """Drop what screen readers are told about a link, such as "(opens in a new tab)".

    It does not touch a sentence that says so outside brackets.

    >>> remove_link_residue("A report (opens in a new tab) says so [link].")
    'A report says so.'
    """
    return _SPACED_RESIDUE.sub("", text)
