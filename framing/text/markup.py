"""Repairs of markup that shows in the text: HTML tags and comments, and Markdown (CommonMark 0.31).

One pure function a fault, as in :mod:`framing.text.repairs`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_BLOCK_TAGS = (
    "p|br|div|h[1-6]|ul|ol|li|table|tr|thead|tbody|blockquote|figure|figcaption|section|article"
    "|header|footer|nav|main|aside|hr|pre|form|center"
)
_INLINE_TAGS = (
    "a|b|i|em|strong|u|s|small|span|sup|sub|font|img|td|th|strike|del|ins|code|cite|q|abbr|time"
    "|mark|video|audio|picture|source|button|input|label|noscript|iframe|svg|path|wbr|nobr|style"
    "|script"
)
_ATTRIBUTES = (
    r"(?:\s+[A-Za-z_:][\w:.-]{0,60}\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=]+)"
    r"|\s+(?:disabled|checked|async|defer|hidden|controls|allowfullscreen|nowrap))*"
)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCK_TAGS}){_ATTRIBUTES}\s*/?>", re.IGNORECASE)
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE_TAGS}){_ATTRIBUTES}\s*/?>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>[^<]{0,20000}</\1\s*>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(?:(?!<!--|-->).){0,5000}-->", re.DOTALL)
_COMMENT_ENDS = re.compile(
    r"<!--|(?<=\S)-->|(?:(?<=\n)|\A)[ ]*-->|-->(?=[ ]*(?:\n|\Z))|<!\[CDATA\[|\]\]>"
)
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,300}\]\([^()\n]{0,500}\)")
_TARGET = r"(?:https?://|mailto:|www\.|\.{0,2}/|#)"
_LINK = re.compile(
    rf"\[([^\[\]\n]{{1,300}})\]\([ ]?<?{_TARGET}(?:[^\s()]|\([^\s()]*\))*>?"
    r"(?:[ ]\"[^\"\n]*\")?[ ]?\)"
)
_LINK_DEFINITION = re.compile(r"\n[ ]{0,3}\[[^\[\]\n]{1,100}\]:[ ]+<?(?:https?://|/)\S+.*")
# What a pattern opens with is searched for fast: hence looking behind only past the first sign.
_STARS = re.compile(r"(\*(?<![\w*\\]\*)\*{0,2})(?=[^\s*])([^*\n]{0,2000}[^\s*])\1(?![\w*])")
_LINES_BELOW = re.compile(r"(_(?<![\w\\]_)_{0,2})(?=[^\s_])([^_\n]{0,2000}[^\s_])\1(?!\w)")
_CODE_NAME = re.compile(r"[a-z0-9]+\Z")
_SETEXT = re.compile(r"(?:(?<=\n\n)|\A)([^\s#>*\-•=][^\n]{0,150})\n(?:={3,}|-{3,})(?=\n|\Z)")
_BOLD_LINE = re.compile(r"\n[ ]{0,3}(\*\*|__)(?P<words>[^*_\n]{0,120}[^*_\n\s.;:,!])\1(?=\n)")
_ATX = re.compile(r"\n[ ]{0,3}#{1,6}[ \t]+(?P<words>.*?)(?:[ \t]+#{1,6})?(?=\n)")
_RULE = re.compile(r"\n[ ]{0,3}(?:(?:\*[ ]?){3,}|(?:-[ ]?){3,}|(?:_[ ]?){3,}|={3,}|~{3,})(?=\n)")
_QUOTED = re.compile(r"\n[ ]{0,3}(?:>[ ]?)+(?!\d)")
_BULLET = re.compile(r"\n([ \t]*)(?:[•‣◦▪●■∙⁃·][ \t]*|[*–][ \t]+|-[ \t]{2,})(?=\S)")


def remove_tags(text: str) -> str:
    r"""Drop HTML tags and comments; a tag that ends a block leaves a line end.

    It does not touch comparisons (``x < y and y > z``), arrows between blanks, unknown names in
    angle brackets, or addresses such as ``<desk@example.org>``.

    >>> remove_tags('Prices<br/>rose <b>fast</b> <!-- ad -->now--> while x < y and y > z')
    'Prices\nrose fast now while x < y and y > z'
    """
    text = _COMMENT.sub("", _HIDDEN.sub("", text))
    text = _INLINE_TAG.sub("", _BLOCK_TAG.sub("\n", text))
    return _COMMENT_ENDS.sub("", text)


def unwrap_links(text: str) -> str:
    """Keep the words of a Markdown link, and drop pictures and link definitions.

    It does not touch brackets that are not followed by an address: ``[sic](her word)``.

    >>> unwrap_links("![map](m.png)See [the report](https://example.org/a) [sic](her word)")
    'See the report [sic](her word)'
    """
    text = _sub_at_lines(_LINK_DEFINITION, "\n", text)
    return _LINK.sub(r"\1", _IMAGE.sub("", text))


def remove_emphasis(text: str) -> str:
    """Drop Markdown's stars and underscores around words.

    It does not touch ``snake_case``, ``__init__``, ``5*3*2``, a footnote's star or masked words.

    >>> remove_emphasis("**We recommend** a *stock*, not snake_case, 5*3*2 or f*** it*")
    'We recommend a stock, not snake_case, 5*3*2 or f*** it*'
    """
    return _LINES_BELOW.sub(_keep_names, _STARS.sub(r"\2", text))


def _keep_names(match: re.Match[str]) -> str:
    is_name = len(match[1]) == 2 and _CODE_NAME.match(match[2])
    return match[0] if is_name else match[2]


def unify_headings(text: str) -> str:
    r"""Write every Markdown heading, and a short line that is all bold, as ``# ``; drop rules.

    It does not touch a hash that opens a word (``#cobalt``) or a row of dashes within a line.

    >>> unify_headings("Prices\n------\n\n## Supply ##\n\n***\n\n#cobalt")
    '# Prices\n\n# Supply\n\n\n\n#cobalt'
    """
    if "\n--" in text or "\n==" in text:
        text = _SETEXT.sub(r"# \1", text)
    text = _sub_at_lines(_BOLD_LINE, _write_heading, _sub_at_lines(_ATX, _write_heading, text))
    return _sub_at_lines(_RULE, "\n", text)


def _write_heading(match: re.Match[str]) -> str:
    return f"\n# {match['words']}"


def remove_quote_marks(text: str) -> str:
    r"""Drop the ``>`` that opens a quoted line.

    It does not touch a comparison that opens a line: ``>5% growth``.

    >>> remove_quote_marks("> a word\n>> and more\n>5%")
    'a word\nand more\n>5%'
    """
    return _sub_at_lines(_QUOTED, "\n", text)


def unify_bullets(text: str) -> str:
    r"""Write every bullet as ``- ``, indentation kept.

    It does not touch a minus sign (``-5``), a star without a blank after it, or a dash that opens
    an attribution (``—``).

    >>> unify_bullets("• one\n  * two\n-5 degrees\n*note")
    '- one\n  - two\n-5 degrees\n*note'
    """
    return _sub_at_lines(_BULLET, r"\n\1- ", text)


def _sub_at_lines(
    pattern: re.Pattern[str], replacement: str | Callable[[re.Match[str]], str], text: str
) -> str:
    """Substitute where lines open: after a line end, which is found faster than ``^``."""
    return pattern.sub(replacement, f"\n{text}\n")[1:-1]
