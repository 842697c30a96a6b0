"""What a report on drift tells: the tables and facts as plain values, and what to call things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from framing.measuring.comparisontables import (
    CONTRASTS,
    DECOMPOSITIONS,
    DISTANCES,
    PROFILE_TURNS,
    TRENDS,
    TURNS,
)
from framing.measuring.contrasts.reasons import EXAMPLES, TERMS
from framing.measuring.prevalence.cells import COLUMNS as CELLS
from framing.measuring.typicals import TYPICALS
from framing.records.writing import ColumnType
from framing.reporting.wording import name_label

Row = Mapping[str, Any]
Rows = Sequence[Row]

_TYPES: Mapping[ColumnType, str] = {
    "text": "label kind source period method status note comparison a b first last part side term "
    "id article unit_source date text",
    "flag": "stands equivalent",
}
_TABLES: Mapping[str, Sequence[str]] = {
    "cells": CELLS,
    "contrasts": CONTRASTS,
    "trends": TRENDS,
    "turns": TURNS,
    "decompositions": DECOMPOSITIONS,
    "distances": DISTANCES,
    "terms": TERMS,
    "examples": EXAMPLES,
    "profile_turns": PROFILE_TURNS,
    "typicals": TYPICALS,
}
_KINDS: Mapping[str, ColumnType] = {
    name: kind for kind, names in _TYPES.items() for name in names.split()
}

TABLES: Mapping[str, Mapping[str, ColumnType]] = {
    table: {name: _KINDS.get(name, "number") for name in names} for table, names in _TABLES.items()
}
"""Columns of every table, in order, and what they hold."""


class Told(Protocol):
    """A result that gives all it holds as JSON values, such as `framing.measuring.drift.Drift`."""

    def to_dict(self) -> dict[str, Any]:
        """Give facts by name, and each table as a list of rows."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well people agreed on the codings behind a model.

    Attributes
    ----------
    n_coders : int
    alphas : mapping of str to float
        Krippendorff's alpha of each frame or target.
    n_units : int
        Coded by two or more.
    """

    n_coders: int
    alphas: Mapping[str, float]
    n_units: int


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of where the numbers come from, beside the drift itself.

    Attributes
    ----------
    reliability : Reliability, optional
    model : str, optional
        A sentence about the model, such as its card's first.
    codebook : str, optional
        Name and version.
    """

    reliability: Reliability | None = None
    model: str | None = None
    codebook: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """All that is to be told; `open_account` makes one.

    Attributes
    ----------
    facts : mapping
        As JSON values.
    tables : mapping of str to rows
        All of `TABLES`.
    names : mapping of str to str
        What to call frames and targets; others keep their ids.
    origin : Origin
    """

    facts: Mapping[str, Any]
    tables: Mapping[str, Rows]
    names: Mapping[str, str] = field(default_factory=dict)
    origin: Origin = field(default_factory=Origin)

    def __getitem__(self, table: str) -> Rows:
        """Give the rows of a table."""
        return self.tables[table]

    def fact(self, name: str) -> Any:
        """Give a fact, or None where it is not known."""
        return self.facts.get(name)

    def name(self, label: str) -> str:
        """Say what a frame, or a stance value of a target, is called."""
        return name_label(label, self.names)

    @property
    def sources(self) -> list[str]:
        """Sources that have a cell, in alphabetical order."""
        found = {cell["source"] for cell in self["cells"] if cell["source"] is not None}
        return sorted(found, key=lambda source: (source.casefold(), source))

    @property
    def periods(self) -> list[str]:
        """Periods that have a cell, in order."""
        return sorted({cell["period"] for cell in self["cells"] if cell["period"] is not None})

    @property
    def labels(self) -> list[tuple[str, str]]:
        """Labels with their kinds: frames first, and the most common of each kind first."""
        shares: dict[tuple[str, str], float] = {}
        for cell in self["cells"]:
            key = (cell["label"], cell["kind"])
            shares.setdefault(key, -1.0)
            if cell["source"] is None and cell["period"] is None:
                shares[key] = -1.0 if cell["share"] is None else cell["share"]
        return sorted(shares, key=lambda key: (key[1] != "frame", _target(key[0]), -shares[key]))

    def standing(self, table: str, **wanted: Any) -> list[tuple[int, Row]]:
        """List the rows that stand, with their numbers, in the order of the table."""
        return [
            (number, row)
            for number, row in enumerate(self[table])
            if row["stands"] and all(row[name] == value for name, value in wanted.items())
        ]


def open_account(
    drift: Told, *, names: Mapping[str, str] | None = None, origin: Origin | None = None
) -> Account:
    """Take all values of a drift; a table or column that was not made is empty."""
    content = drift.to_dict()
    tables = {
        table: [{**dict.fromkeys(columns), **row} for row in content.get(table) or ()]
        for table, columns in TABLES.items()
    }
    facts = {name: value for name, value in content.items() if name not in TABLES}
    return Account(facts, tables, names or {}, origin or Origin())


def _target(label: str) -> str:
    """Name the target that a stance is toward; frames have none."""
    target, equals, _ = label.partition("=")
    return target if equals else ""
