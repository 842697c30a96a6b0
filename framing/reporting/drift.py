"""Drift as Markdown for a terminal, and as files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from framing.records.packing import find_packing
from framing.records.tables import find_format
from framing.records.writing import open_table, write_text
from framing.reporting.accounts import TABLES, Account, Origin, Row, Rows, Told, open_account
from framing.reporting.blocks import Block, Heading, Table, format_blocks
from framing.reporting.caveats import list_caveats, tell_methods
from framing.reporting.comparisons import (
    Line,
    list_contrasts,
    list_profile_turns,
    list_trends,
    list_turns,
)
from framing.reporting.driftpage import render_drift
from framing.reporting.statements import (
    Statement,
    print_statements,
    tell_extent,
    tell_findings,
    tell_limits,
)
from framing.reporting.tables import format_estimate, format_json, format_share
from framing.reporting.wording import SIGNS

_MOST_CELLS = 40
_MOST_COLUMNS = 5
_MOST_LINES = 10
_PAGES = {".html", ".htm"}
_PROFILE_TURNS = [
    *("source", "from", "articles", "distance", "smallest p", "p", "corrected p", "verdict"),
]


def format_drift(
    drift: Told, *, names: Mapping[str, str] | None = None, origin: Origin | None = None
) -> str:
    """Write what stands, what does not, shares, differences and caveats as Markdown.

    Parameters
    ----------
    drift : Drift
    names : mapping of str to str, optional
        What to call frames and targets; others keep their ids.
    origin : Origin, optional
        What is known of coders, model and codebook.
    """
    return format_blocks(_lay_out(open_account(drift, names=names, origin=origin)))


def _lay_out(account: Account) -> Iterator[Block]:
    facts = f"model {account.fact('model')}, codebook {account.fact('codebook')}"
    yield f"{tell_extent(account)[:-1]}; {facts}."
    yield from _list("What the numbers support", tell_findings(account))
    yield from _list("What they do not say", tell_limits(account))
    yield from _show_cells(account)
    yield from _show_tests(account)
    yield from _list("Caveats", list_caveats(account))


def _list(title: str, statements: Sequence[Statement]) -> Iterator[Block]:
    yield Heading(title)
    yield print_statements(statements)


def _choose_cells(account: Account) -> Rows:
    """Take every cell or, where those are too many, whole sources or all sources together."""
    cells = account["cells"]
    whole = [cell for cell in cells if cell["period"] is None]
    pooled = [cell for cell in whole if cell["source"] is None]
    levels = [level for level in (cells, whole, pooled) if level]
    return next((level for level in levels if len(level) <= _MOST_CELLS), (levels or [cells])[-1])


def _show_cells(account: Account) -> Iterator[Block]:
    yield Heading("Shares")
    whole = [cell for cell in account["cells"] if cell["period"] is None]
    cells = _choose_cells(account)[:_MOST_CELLS]
    if len(cells) < len(whole) and 1 < len(account.sources) <= _MOST_COLUMNS:
        yield _lay_side_by_side(account, whole)
        cells = []
    else:
        yield from _list_cells(account, cells)
    n_left = len(account["cells"]) - len(cells or whole)
    if n_left:
        yield f"{n_left:,} more shares are in the files that -o writes."
    yield tell_methods(account)[1]


def _lay_side_by_side(account: Account, cells: Rows) -> Block:
    """Lay a few sources out in columns."""
    found = {(cell["label"], cell["source"]): cell for cell in cells}
    labels = list(dict.fromkeys(cell["label"] for cell in cells))
    sources = [None, *account.sources]
    rows = [
        [
            account.name(label),
            *(
                _print_share(found[label, source]) if (label, source) in found else ""
                for source in sources
            ),
        ]
        for label in labels
    ]
    return Table(["label", *(source or "all" for source in sources)], rows)


def _list_cells(account: Account, cells: Rows) -> Iterator[Block]:
    by, over = account.fact("by"), account.fact("over")
    has_periods = any(cell["period"] is not None for cell in cells)
    has_naive = any(cell["naive"] is not None for cell in cells)
    rows = [
        [
            account.name(cell["label"]),
            cell["source"] or "all",
            *([cell["period"] or "all"] if has_periods else []),
            _print_share(cell),
            *([format_share(cell["naive"])] if has_naive else []),
            str(cell["n_units"]),
            str(cell["n_articles"]),
        ]
        for cell in cells
    ]
    header = ["label", by, *([over or "period"] if has_periods else [])]
    if rows:
        shown = ["share", *(["naive"] if has_naive else []), "units", "articles"]
        yield Table([*header, *shown], rows)


def _print_share(cell: Row) -> str:
    if cell["status"] == "refused":
        return "refused"
    share = format_estimate({"value": cell["share"], "low": cell["low"], "high": cell["high"]})
    return f"{share} {SIGNS.get(cell['status'], '')}".rstrip()


def _show_tests(account: Account) -> Iterator[Block]:
    """Show differences, change points and trends that stand."""
    numbers = ["points", "interval", "p", "corrected p", "verdict"]
    between = list_contrasts(account, "source", (), None)
    over = list_contrasts(account, "period", (), None)
    turns, trends = list_turns(account), list_trends(account)
    profiles = list_profile_turns(account)
    for title, header, ranking in (
        ("Differences between sources", ["label", "what", "its share", "other", *numbers], between),
        ("Differences between periods", ["label", "what", "earlier", "later", *numbers], over),
        ("Change points", ["label", "source", "from", "before", "after", *numbers], turns),
        ("Trends", ["label", "source", "time", "odds a year", *numbers[1:]], trends),
        ("Turns of whole profiles", _PROFILE_TURNS, profiles),
    ):
        if ranking.standing:
            yield Heading(f"{title} that stand: {ranking.n_standing:,} of {ranking.n_all:,}")
            yield Table(header, _print_lines(ranking.standing))
            n_left = ranking.n_standing - min(_MOST_LINES, len(ranking.standing))
            if n_left:
                yield f"{n_left:,} more are in the files that -o writes."


def _print_lines(lines: Sequence[Line]) -> list[Sequence[str]]:
    return [line.cells for line in lines[:_MOST_LINES]]


def write_drift(
    drift: Told,
    path: Path,
    *,
    names: Mapping[str, str] | None = None,
    origin: Origin | None = None,
) -> list[Path]:
    """Write everything as a page (``.html``), ``.json``, ``.csv``, ``.jsonl`` or ``.parquet``.

    A table format holds one kind of row a file: the cells stand under the name given, and each
    other table that has rows beside it, as in ``report.contrasts.csv``. None of these is left as it
    was from an earlier run.

    Parameters
    ----------
    drift : Drift
    path : Path
    names : mapping of str to str, optional
        What the page calls frames and targets.
    origin : Origin, optional
        What the page says of coders, model and codebook.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    InputError
        If the suffix stands for no format.
    OutputError
        If nothing can be written there.
    """
    suffix = path.suffix.lower()
    if suffix in _PAGES:
        write_text(path, render_drift(drift, names=names, origin=origin))
        return [path]
    if suffix == ".json":
        write_text(path, format_json(drift.to_dict()) + "\n")
        return [path]
    return list(_write_tables(open_account(drift), path))


def _write_tables(account: Account, path: Path) -> Iterator[Path]:
    for table, columns in TABLES.items():
        place = path if table == "cells" else name_table(path, table)
        if table == "cells" or account[table] or place.exists():
            with open_table(place, columns, format=find_format(path)) as writer:
                writer.write(account[table])
            yield place


def name_table(path: Path, table: str) -> Path:
    """Name the file of a table beside that of the cells.

    >>> name_table(Path("report.csv.gz"), "trends").name
    'report.trends.csv.gz'
    """
    packed = path.suffix if find_packing(path) else ""
    plain = path.name.removesuffix(packed)
    stem, dot, suffix = plain.rpartition(".")
    return path.with_name(f"{stem}.{table}{dot}{suffix}{packed}")
