"""What lies behind a difference that stands: terms that set its sides apart, and paragraphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from framing.reporting.accounts import Account, Row, Rows
from framing.reporting.comparisons import name_contrast, rank_contrasts
from framing.reporting.wording import format_percent, format_points, name_period, shorten


@dataclass(frozen=True, slots=True)
class Term:
    """A term that sets one side off, by how much, and how often each side has it."""

    term: str
    z: str
    note: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A paragraph, with what is known of it."""

    id: str
    origin: str
    text: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a difference: its name, the terms that set it off, and typical paragraphs."""

    name: str
    terms: Sequence[Term]
    quotes: Sequence[Quote]


@dataclass(frozen=True, slots=True)
class Behind:
    """Why a difference that stands may be so: the two sides of it."""

    id: str
    number: int
    title: str
    summary: str
    sides: Sequence[Side]


_BySide = Mapping[tuple[int, str], Rows]


def list_behind(account: Account) -> list[Behind]:
    """Gather terms and paragraphs of all differences that have them, the widest first.

    How many have them, and how many of each, `framing.measuring.contrasts.reasons` decides.
    """
    terms, quotes = (_group(account[table]) for table in ("terms", "examples"))
    known = {number for number, _ in (*terms, *quotes)}
    ranked = [*rank_contrasts(account, "source"), *rank_contrasts(account, "period")]
    return [
        Behind(
            id=f"behind-{number}",
            number=number,
            title=name_contrast(account, row),
            summary=f"{format_points(row['difference'])} points",
            sides=[_describe_side(terms, quotes, (number, side), row) for side in ("a", "b")],
        )
        for number, row in ranked
        if number in known and row["stands"]
    ]


Place = tuple[str, str | None, str | None]
"""Label, source and period (None: all) of a share."""


def find_paragraphs(account: Account, behind: Sequence[Behind]) -> dict[Place, str]:
    """Find where paragraphs that are typical of a share stand: among those behind a difference."""
    found: dict[Place, str] = {}
    for item in behind:
        row = account["contrasts"][item.number]
        for name, side in zip("ab", item.sides, strict=True):
            if side.quotes and row[name] is not None:
                at_source = row["comparison"] == "source"
                place = (row[name], None) if at_source else (row["source"], row[name])
                found.setdefault((row["label"], *place), item.id)
    return found


_LONGEST = 400
"""Characters of a paragraph that stands beside a share of a source."""

_SHORT = 200
"""Of one beside a share of a period: there are thousands of these."""


def index_typicals(account: Account) -> dict[Place, Quote]:
    """Give each share its most typical paragraph, where some unit is decided to carry the label."""
    return {
        (row["label"], row["source"], row["period"]): _quote_typical(row)
        for row in account["typicals"]
    }


def _quote_typical(row: Row) -> Quote:
    known = [
        None if row["source"] else row["unit_source"],
        row["date"],
        row["id"],
        _say_probability(row["probability"]),
    ]
    text = shorten(row["text"] or "", _SHORT if row["period"] else _LONGEST)
    return Quote(row["id"], ", ".join(str(part) for part in known if part), text)


@dataclass(frozen=True, slots=True)
class Typical:
    """A label, the paragraph of a source that is most typical of it, and its place in the page."""

    id: str
    label: str
    quote: Quote


def name_typicals(typicals: Mapping[Place, Quote]) -> dict[tuple[str, str | None], str]:
    """Name the places of paragraphs of whole sources: by label and source."""
    whole = [(label, source) for label, source, period in typicals if period is None]
    return {key: f"typical-{number}" for number, key in enumerate(whole)}


def list_typicals(
    account: Account, typicals: Mapping[Place, Quote], sources: Sequence[str | None]
) -> list[tuple[str, list[Typical]]]:
    """List the typical paragraphs of whole sources, source by source, in the order of labels."""
    places = name_typicals(typicals)
    found = [
        (
            source or "All sources",
            [
                Typical(places[label, source], account.name(label), typicals[label, source, None])
                for label, _ in account.labels
                if (label, source) in places
            ],
        )
        for source in sources
    ]
    return [(name, own) for name, own in found if own]


def _group(rows: Rows) -> _BySide:
    """Put rows of the same side of the same difference together."""
    found: defaultdict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row["contrast"], row["side"]].append(row)
    return found


def _describe_side(terms: _BySide, quotes: _BySide, key: tuple[int, str], row: Row) -> Side:
    at_source = row["comparison"] == "source"
    side = row[key[1]]
    return Side(
        name=side or "All other sources" if at_source else name_period(side),
        terms=list(_list_terms(terms.get(key, ()))),
        quotes=list(_list_quotes(quotes.get(key, ()))),
    )


def _list_terms(rows: Rows) -> Iterator[Term]:
    for row in sorted(rows, key=lambda row: -abs(row["z"])):
        counts = f"{row['count_a']:,.0f} against {row['count_b']:,.0f}"
        yield Term(row["term"], f"{abs(row['z']):.1f}", counts)


def _list_quotes(rows: Rows) -> Iterator[Quote]:
    for row in rows:
        known = [row["source"], row["date"], row["id"], _say_probability(row["probability"])]
        yield Quote(row["id"], ", ".join(str(part) for part in known if part), row["text"])


def _say_probability(probability: float | None) -> str:
    return "" if probability is None else f"probability {format_percent(probability)}"
