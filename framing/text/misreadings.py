"""Text decoded in the wrong encoding: as Thai (cp874), with bytes lost, and what ftfy knows.

In UTF-8 the curly quotes, dashes and the ellipsis open with the bytes E2 80, the no-break space
and the signs of Latin-1 with C2, accented letters with C3. Code page 874 shows E2 as ``โ``, 80 as
``€``, C2 as ``ย`` and C3 as ``ร``; it has no character for most bytes of 80-9F, and software drops
them. ``โ`` alone can therefore be any of ``‘’“”–—…``, and only its neighbours can tell which
(Unicode, mapping table CP874.TXT).
"""

from __future__ import annotations

import itertools
import re

_HIGH = {"€": 0x80, "…": 0x85, "‘": 0x91, "’": 0x92, "“": 0x93, "”": 0x94, "•": 0x95}
_HIGH |= {"–": 0x96, "—": 0x97, "\xa0": 0xA0}
_THAI = re.compile("[\u0e01-\u0e5b]")
_LATIN = re.compile("[A-Za-z]")
_MIXED = {"œ": "\x9c", "™": "\x99", "˜": "\x98", "¦": "\u0e06", "¢": "\u0e02", "\x9d": "\x9d"}
_THREE_BYTES = re.compile("โ€([\x80-\xbf\u0e01-\u0e1f‘’“”•–—…œ™˜¦¢])")
_PAIR = "([\u0e22-\u0e24])([\x80-\xa0\u0e01-\u0e1f€‘’“”•–—…])"
_TWO_BYTES = re.compile(f"(?<![\u0e01-\u0e5b])(?:{_PAIR})+(?![\u0e01-\u0e5b])")
_HALF = re.compile("โ€|โ(?=[ฆข])")
_LOST_SPACE = re.compile("(?<![\u0e01-\u0e5b])ย(?![\u0e01-\u0e5b])[ \xa0]?")

_SOUND = "–—‘’“”…"
_SUSPECT = re.compile(rf"[^\x00-\x7f](?:[^\x00-\x7f](?<![{_SOUND}]{{2}})|(?<=[ÂÃ]) )")
_PIECES = re.compile(r"[^\n]{1,2000}(?:(?<= )|(?=\n)|\Z)|\n|[^\n]{1,2000}")
_WINDOWS = re.compile("[\x80-\x9f]")

_ENDING = re.compile(r"(?:s|t|d|m|re|ve|ll|S|T|D|M|RE|VE|LL)(?!\w)")
_ELISION = re.compile(r"(?<!\w)(?:[OoDdLlCcJjNnMm]|[Qq]u)\Z")
_CLIPPED = re.compile(r"(?:\d0s|tis|twas|em|n|cause|til)(?!\w)", re.IGNORECASE)
_CLOSERS = ")]}.%”’?!\"'"
_OPENERS = "([{\"'—–-“‘/"


def restore_mojibake(text: str) -> str:
    """Mend lines that were decoded in the wrong encoding, with ftfy (Speer 2019).

    It does not touch letters that make sense as they are, curly quotes, or cp874 (see
    `restore_misread`).

    >>> restore_mojibake("Chinaâ€™s cafÃ©s — “fine” café")
    'China’s cafés — “fine” café'
    """
    if not _SUSPECT.search(text):
        return text
    from ftfy import TextFixerConfig, fix_encoding
    from ftfy.badness import is_bad

    config = TextFixerConfig(unescape_html=False, explain=False)
    return "".join(
        fix_encoding(piece, config) if _SUSPECT.search(piece) and is_bad(piece) else piece
        for piece in _PIECES.findall(text)
    )


def restore_windows(text: str) -> str:
    r"""Read control characters as the punctuation that Windows-1252 has in their place.

    It does not touch a next-line character (U+0085) that stands alone, which is a line end.

    >>> restore_windows("China\x92s share \x96 92%")
    'China’s share – 92%'
    """
    return _WINDOWS.sub(
        lambda match: match[0].encode("latin-1").decode("cp1252", "ignore") or match[0], text
    )


def restore_misread(text: str) -> str:
    r"""Put back punctuation that was read as cp874, whole or with its control bytes lost.

    It does not touch a line that holds Thai words, a ``โ`` between quotation marks, or one between
    blanks in a text that shows no other damage.

    >>> restore_misread("Chinaโs โsurpriseโ moveโa shock, 2020โ2023; it wonโt wait. ย In fact")
    'China’s “surprise” move—a shock, 2020–2023; it won’t wait. In fact'
    >>> restore_misread("โ€œRare earthsโ€\x9d ยฃ5m Bjรถrk")
    '“Rare earths” £5m Björk'
    >>> restore_misread("He drove to โรงแรม in Bangkok")
    'He drove to โรงแรม in Bangkok'
    """
    if not _THAI.search(text):
        return text
    damaged = re.search(r"\wโ\w|โ€|\wโ(?=\s)", text) is not None
    return "\n".join(_restore_line(line, damaged) for line in text.split("\n"))


def _restore_line(line: str, damaged: bool) -> str:
    if line.isascii() or not _LATIN.search(line) or not _THAI.search(line):
        return line
    mended = _TWO_BYTES.sub(_decode_two, _THREE_BYTES.sub(_decode_three, line))
    mended = _HALF.sub("โ", mended).replace("โฆ", "…").replace("โข", "•")
    if re.search("[\u0e01-\u0e5b]", re.sub("[โย]", "", mended)) or re.search("[โย]{3}", mended):
        return line
    return _place_marks(_LOST_SPACE.sub(_replace_space, mended), damaged)


def _decode_three(match: re.Match[str]) -> str:
    return _decode(b"\xe2\x80", match[1]) or match[0]


def _decode_two(match: re.Match[str]) -> str:
    """Decode signs after C2 anywhere, accented letters after C3 or C4 only within a word."""
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    if set(match[0]) & {"ร", "ฤ"} and not (before.isalpha() or after.isalpha()):
        return match[0]
    return re.sub(_PAIR, lambda pair: _decode(_encode(pair[1]), pair[2]) or pair[0], match[0])


def _decode(lead: bytes, last: str) -> str | None:
    try:
        return (lead + _encode(_MIXED.get(last, last))).decode("utf-8")
    except (UnicodeDecodeError, ValueError):
        return None


def _encode(character: str) -> bytes:
    code = _HIGH.get(character) or ord(character)
    return bytes([code - 0x0E01 + 0xA1 if 0x0E01 <= code <= 0x0E3A else code])


def _replace_space(match: re.Match[str]) -> str:
    before = match.string[: match.start()][-1:]
    return "" if before in ("", " ") else " "


def _place_marks(line: str, damaged: bool) -> str:
    """Replace each lone ``โ`` in turn; what was put before it is part of its context."""
    pieces = line.split("โ")
    done, quoted = pieces[0], False
    for number, piece in enumerate(pieces[1:], start=1):
        later = pieces[number:]
        mark = _choose_mark(done, later, quoted=quoted, damaged=damaged)
        quoted = {"“": True, "”": False}.get(mark, quoted)
        done += mark + piece
    return done


def _choose_mark(done: str, later: list[str], *, quoted: bool, damaged: bool) -> str:
    before, after = done[-1:], later[0][:1]
    if not after and len(later) > 1:
        return _choose_doubled(before, later, quoted=quoted)
    if before in ("", " ", "\t"):
        return _choose_spaced(later, damaged=damaged)
    if before in _OPENERS:
        enclosed = before in "\"'“‘([{" and after in ('"', "'", "”", "’", ")", "]", "}")
        return "โ" if enclosed else "“"
    if after.isalnum() or (after and after in "$£€#@“("):
        return _choose_inner(done, later[0])
    return _choose_final(done, later, quoted=quoted)


def _choose_doubled(before: str, later: list[str], *, quoted: bool) -> str:
    """Two marks in a row: a dash or ellipsis beside a quotation mark."""
    if later[1][:1].isalnum():
        return "—"
    return "…" if quoted and before.isalnum() else "—"


def _choose_spaced(later: list[str], *, damaged: bool) -> str:
    after = later[0][:1]
    if after in ("", " "):
        return "—" if damaged else "โ"
    return "’" if _CLIPPED.match(later[0]) else "“"


def _choose_inner(done: str, following: str) -> str:
    """Between two words: an apostrophe, a span of numbers, or a dash."""
    if done[-1:].isdigit() and following[0].isdigit():
        return "–"
    if _ENDING.match(following) or _ELISION.search(done[-3:]):
        return "’"
    return "—"


def _choose_final(done: str, later: list[str], *, quoted: bool) -> str:
    """After a word: a closing quotation mark, a plural's apostrophe, or an ellipsis."""
    plural = done[-1:] in "sxzS"
    if quoted:
        return "’" if plural and _closes_later(later) else "”"
    return "’" if plural else "…" if done[-1:].isalnum() else "”"


def _closes_later(later: list[str]) -> bool:
    """Tell whether a mark that can only be a closing one comes before the next opening one."""
    if not later[0].startswith(" "):
        return False
    for piece, following in itertools.pairwise(later):
        if piece[-1:] in ("", " "):
            return False
        if not following[:1].isalnum():
            return piece[-1:] not in "sxzS"
    return False
