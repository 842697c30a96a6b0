"""How the numbers were made, with their actual numbers, and the caveats that apply to them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from framing.measuring.prevalence.cells import FEW_ARTICLES
from framing.reporting.accounts import Account, Row, Rows
from framing.reporting.statements import Statement, explain_notes
from framing.reporting.tables import format_share
from framing.reporting.wording import SIGNS, count, format_percent, join_words, name_width

_ESTIMATORS = {
    "prediction-powered": "prediction-powered estimates (PPI++), in which hand codings correct the "
    "classifier",
    "calibrated-mean": "means of calibrated probabilities, whose intervals carry the uncertainty "
    "of calibration as far as the model tells how sure it is",
}
_CENSUS = "; the articles being a census, they leave sampling out and hold measurement alone"
_GOOD_ALPHA = 0.8

_TESTED = {
    "contrasts": ("difference", "differences"),
    "trends": ("trend", "trends"),
    "turns": ("change point", "change points"),
    "profile_turns": ("turn of a whole profile", "turns of whole profiles"),
    "equivalence": ("claim of equality", "claims of equality"),
}

_UNTESTED = re.compile(r"[\d,]+ (sources?|periods?|turning points?)\b(?! are compared)")
"""Notes that open by how many sources, periods or turning points they are about."""

_FEW = re.compile(r"\d+ articles? only(; )?")
"""What a share's own note says, and one caveat says of all."""


def tell_methods(account: Account) -> list[str]:
    """Write the methods, a paragraph an aspect."""
    return [
        " ".join(_tell_material(account)),
        " ".join(_tell_estimates(account)),
        *([" ".join(_tell_tests(account))] if account.fact("n_tests") else []),
    ]


def _tell_material(account: Account) -> Iterator[str]:
    frames = sum(kind == "frame" for _, kind in account.labels)
    values = len(account.labels) - frames
    labels = [count(frames, "frame")] if frames else []
    labels += [count(values, "stance value")] if values else []
    over = account.fact("over")
    span = f" and {name_width(over, len(account.periods))}" if over and account.periods else ""
    yield (
        f"{count(account.fact('n_units'), 'unit')} of "
        f"{count(account.fact('n_articles'), 'article')} were classified for "
        f"{join_words(labels)}, in {count(len(account.sources), 'source')}{span}."
    )
    origin = account.origin
    yield (
        f"Model {account.fact('model')}{f' ({origin.model})' if origin.model else ''}; codebook "
        f"{account.fact('codebook')}{f' ({origin.codebook})' if origin.codebook else ''}."
    )
    if origin.reliability:
        alphas = sorted(origin.reliability.alphas.values())
        yield (
            f"The codebook's reliability: {count(origin.reliability.n_coders, 'coder')}, "
            f"{count(origin.reliability.n_units, 'unit')}, Krippendorff's alpha "
            f"{format_share(alphas[0])} to {format_share(alphas[-1])}."
        )


def _tell_estimates(account: Account) -> Iterator[str]:
    methods = Counter(cell["method"] for cell in account["cells"] if cell["status"] != "refused")
    for method, number in methods.most_common():
        named = _ESTIMATORS.get(method, method)
        yield f"{count(number, 'share')} {'is' if number == 1 else 'are'} {named}."
    yield (
        "Shares are unit-weighted: every unit counts the same. Beside them stand article-weighted "
        "ones, in which every article does. Intervals of shares are at the "
        f"{account.fact('level'):.0%} level, score intervals (Wilson) with Student's t, articles "
        "as clusters"
        f"{_CENSUS if account.fact('census') else ''}."
    )


def _tell_tests(account: Account) -> Iterator[str]:
    margin = account.fact("margin")
    permutations = account.fact("permutations")
    permuted = f" from {permutations:,} permutations" if permutations else ""
    census = ", which count as a sample even in a census" if account.fact("census") else ""
    kinds = account.fact("tests") or {}
    made = [count(kinds[name], *nouns) for name, nouns in _TESTED.items() if kinds.get(name)]
    yield (
        f"{count(account.fact('n_tests'), 'test')} were made ({join_words(made)}), with "
        f"p-values{permuted}: articles were exchanged between the two sides of a difference and, "
        "for change points, between periods of a source; for trends, whole periods of a source "
        "were. From four periods on, a change between periods had to be more than what periods "
        "differ by, too."
    )
    yield (
        "All were corrected together for the false discovery rate (Benjamini and Hochberg) at "
        f"{format_share(account.fact('alpha'))}."
    )
    if kinds.get("equivalence"):
        yield (
            "Equality is a claim of another kind: a corrected p-value is the larger of that over "
            "everything and that over its own kind."
        )
    yield (
        "Intervals of differences and change points come from "
        f"{account.fact('resamples'):,} resamples of articles{census}; seed {account.fact('seed')}."
    )
    if margin is not None:
        yield f"Equality was tested by two one-sided tests within ±{100 * margin:g} points."
    if account["trends"]:
        yield (
            "Trends are logistic slopes a year; their intervals are the wider of what articles "
            "differ by and, from four periods on, what periods differ by."
        )


def list_caveats(account: Account) -> list[Statement]:
    """List the caveats that these numbers call for, and no others."""
    return [
        *_warn_of_estimates(account["cells"]),
        *_warn_of_tests(account),
        *_warn_of_corpus(account),
        *_warn_of_codings(account),
        *_group_notes(account.fact("notes") or ()),
    ]


def _group_notes(notes: Sequence[str]) -> Iterator[Statement]:
    """Put notes together that say what was not tested, and those that say how to read the rest."""
    untested = [note for note in notes if _UNTESTED.match(note)]
    others = [note for note in notes if not _UNTESTED.match(note)]
    for lead, told in (("Not everything was tested.", untested), ("To be read with care.", others)):
        points = tuple(Statement("", _close(note)) for note in told)
        if points:
            yield Statement(lead, f"{count(len(points), 'note')}:", points=points)


def _close(note: str) -> str:
    """Make a sentence of a note."""
    return f"{note[:1].upper()}{note[1:]}{'' if note.endswith('?') else '.'}"


def _warn_of_estimates(cells: Rows) -> Iterator[Statement]:
    given = [cell for cell in cells if cell["status"] != "refused"]
    bare = sum(cell["method"] == "calibrated-mean" for cell in given)
    if bare:
        yield Statement(
            "Calibration.",
            f"{bare:,} of {count(len(given), 'share')} rest on no hand codings of their own; they "
            "hold if the model's probabilities are as reliable here as where they were calibrated.",
        )
    widened = [cell for cell in cells if cell["status"] == "widened"]
    if widened:
        yield Statement(
            "Widened (†).",
            f"{count(len(widened), 'interval')} {'was' if len(widened) == 1 else 'were'} widened. "
            f"{explain_notes(_without_few(widened))}",
        )
    doubted = [cell for cell in cells if cell["status"] == "doubted"]
    if doubted:
        yield Statement(
            "In doubt (‡).",
            f"Something speaks against {count(len(doubted), 'share')}, and nothing was widened: "
            "what other assumptions say lies within the "
            f"{'interval' if len(doubted) == 1 else 'intervals'}. That does not settle the doubt. "
            f"{explain_notes(_without_few(doubted))}",
        )
    plain = [cell for cell in given if cell["status"] not in SIGNS and cell["note"]]
    noted = [cell for cell in _without_few(plain) if cell["note"]]
    if noted:
        yield Statement("On single shares:", explain_notes(noted))
    outside = sum(
        _is_outside(cell["adjusted"], cell) or _is_outside(cell["em"], cell)
        for cell in given
        if {"adjusted", "em"} <= cell.keys()
    )
    if outside:
        yield Statement(
            "Another assumption, another number.",
            f"For {count(outside, 'share')} the adjusted count or the EM estimate lies outside the "
            "interval. They assume that labels cause texts, which frames hardly do; the gap shows "
            "how much that choice matters.",
        )
    apart = sum(_is_outside(cell["article_share"], cell) for cell in given)
    if apart:
        yield Statement(
            "Weights.",
            f"For {count(apart, 'share')} the article-weighted share lies outside the interval of "
            "the unit-weighted one: long articles differ from short ones there.",
        )
    few = sum(0 < cell["n_articles"] < FEW_ARTICLES for cell in given)
    if few:
        yield Statement(
            "Few articles.",
            f"{count(few, 'share')} {'rests' if few == 1 else 'rest'} on fewer than "
            f"{FEW_ARTICLES} articles; such intervals are themselves uncertain.",
        )


def _without_few(cells: Rows) -> list[Row]:
    """Leave out of notes how few articles there are, so that one reason is told once."""
    return [{**cell, "note": _FEW.sub("", cell["note"] or "")} for cell in cells]


def _is_outside(value: float | None, cell: Row) -> bool:
    return (
        value is not None and cell["low"] is not None and not cell["low"] <= value <= cell["high"]
    )


def _warn_of_tests(account: Account) -> Iterator[Statement]:
    standing = sum(
        bool(row["stands"]) for t in ("contrasts", "trends", "turns") for row in account[t]
    )
    if standing:
        alpha = format_percent(account.fact("alpha"))
        yield Statement(
            "False discoveries.",
            f"Of the {count(standing, 'result')} that {'stands' if standing == 1 else 'stand'}, "
            f"up to about {alpha} are expected to be chance. The widest of many also tend to be "
            "overestimated.",
        )
    if account["distances"]:
        yield Statement(
            "Distances",
            "between whole profiles are descriptive: their p-values are not among those that were "
            "corrected, and no verdict rests on them.",
        )


def _warn_of_corpus(account: Account) -> Iterator[Statement]:
    if account.fact("census"):
        yield Statement(
            "Census.",
            "The corpus was declared complete, so intervals of shares leave sampling out; they say "
            "nothing of texts that are not in it.",
        )
    else:
        yield Statement(
            "Sampling.",
            "Intervals treat the articles as a random sample of what each source published; they "
            "do not cover how the texts were found and collected.",
        )
    left_out = {why: number for why, number in (account.fact("left_out") or {}).items() if number}
    if left_out:
        told = [f"{number:,} {why}" for why, number in left_out.items()]
        yield Statement("Left out:", f"{join_words(told)}.")
    variants = account.fact("variants") or {}
    if variants:
        told = [f"{name} ({', '.join(others)})" for name, others in variants.items()]
        yield Statement("Spellings counted as one source:", f"{join_words(told, most=5)}.")


def _warn_of_codings(account: Account) -> Iterator[Statement]:
    reliability = account.origin.reliability
    if reliability is None:
        yield Statement(
            "Reliability",
            "of the codings that the model learnt from is not given here; look at its card.",
        )
        return
    weak = [name for name, alpha in reliability.alphas.items() if alpha < _GOOD_ALPHA]
    if weak:
        names = [account.name(label) for label in weak]
        yield Statement(
            "Reliability.",
            f"Coders agreed less than is customary (alpha below {format_share(_GOOD_ALPHA)}) on "
            f"{join_words(names)}.",
        )
