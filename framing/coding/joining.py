"""Codings put back on their paragraphs; one whose text has changed since is named, not dropped."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from framing.schema import CodedUnit, Coding, Paragraph, Problem, ProblemSink

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EXCERPT_LENGTH = 60
_CLOSE_ENOUGH = 0.5


def join_codings(
    paragraphs: Iterable[Paragraph], codings: Iterable[Coding], *, report: ProblemSink | None = None
) -> list[CodedUnit]:
    """Join codings to paragraphs by id, in the paragraphs' order.

    A paragraph's id changes with its text. A coding whose paragraph is gone becomes a problem that
    names it and, where its article is still there, the paragraph that comes closest to what was
    coded. A coding of boilerplate is a problem too: boilerplate is not coded.

    Parameters
    ----------
    paragraphs : iterable of Paragraph
    codings : iterable of Coding
        Several coders of one paragraph give several units. One that ``read_labels`` returned knows
        the excerpt of the text that was coded.
    report : callable, optional
        Receives each coding that was left out.

    Returns
    -------
    list of CodedUnit
    """
    present = list(paragraphs)
    by_unit: dict[str, list[Coding]] = {}
    for coding in codings:
        by_unit.setdefault(coding.unit, []).append(coding)
    joined = []
    for paragraph in present:
        for coding in by_unit.pop(paragraph.id, ()):
            if paragraph.kind != "boilerplate":
                joined.append(CodedUnit(paragraph, coding))
            elif report:
                report(_name_boilerplate(paragraph, coding))
    if report and by_unit:
        by_article: dict[str, list[Paragraph]] = {}
        for paragraph in present:
            by_article.setdefault(paragraph.article, []).append(paragraph)
        for lost in by_unit.values():
            for coding in lost:
                report(_name_lost(coding, by_article))
    return joined


def take_excerpt(text: str) -> str:
    r"""Return the first 60 characters in one line, for people and for finding a changed text.

    Examples
    --------
    >>> take_excerpt("Prices\nrose.")
    'Prices rose.'
    """
    return " ".join(text.split())[:EXCERPT_LENGTH].rstrip()


def _name_boilerplate(paragraph: Paragraph, coding: Coding) -> Problem:
    return Problem(
        f"paragraph '{paragraph.id}'",
        f"coded{_by(coding)} but it is boilerplate, which is not coded; delete the coding",
        take_excerpt(paragraph.text),
    )


def _name_lost(coding: Coding, by_article: dict[str, list[Paragraph]]) -> Problem:
    where, excerpt = f"coding of '{coding.unit}'{_by(coding)}", getattr(coding, "excerpt", "")
    article = coding.unit.rpartition(":")[0]
    if article not in by_article:
        reason = f"the article '{article or coding.unit}' is not among the articles read"
        return Problem(where, reason, excerpt)
    closest = _find_closest(excerpt, by_article[article])
    reason = "the paragraph's text has changed since it was coded"
    if closest:
        reason += f"; the closest now is '{closest.id}': \"{take_excerpt(closest.text)}\""
    else:
        reason += ", or it was removed"
    return Problem(where, f"{reason}; code it again", excerpt)


def _by(coding: Coding) -> str:
    return f" by {coding.coder}" if coding.coder else ""


def _find_closest(excerpt: str, paragraphs: Sequence[Paragraph]) -> Paragraph | None:
    if not excerpt:
        return None
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(excerpt.casefold())
    scored = []
    for paragraph in paragraphs:
        matcher.set_seq1(take_excerpt(paragraph.text).casefold())
        scored.append((matcher.ratio(), paragraph))
    ratio, closest = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return closest if ratio >= _CLOSE_ENOUGH else None
