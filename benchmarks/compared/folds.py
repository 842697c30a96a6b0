"""Which units are held out: a file of their own, a column of the data, or the project's folds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from framing.coding.rows import stem_of
from framing.gathering import CodedData, gather_coded
from framing.learning.dataset import Dataset, IntArray, build_dataset
from framing.learning.splits import assign_folds, hold_out
from framing.records.cells import is_missing, parse_text
from framing.records.tables import read_rows
from framing.schema import CodedUnit, InputError, ProblemSink

ROLES = ("train", "dev", "test")
"""What the columns may say; only ``test`` is held out, the others are learnt from."""

Holders = Mapping[str, frozenset[str]]
"""Unit to the names of the folds that hold it out."""


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Rows (m,) to learn from and rows (k,) held out."""

    name: str
    train: IntArray
    test: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """All units, laid out, with the folds that every system gets.

    Attributes
    ----------
    data : CodedData
    dataset : Dataset
    folds : tuple of Fold
    origin : str
        Where the folds come from, for the table's head.
    """

    data: CodedData
    dataset: Dataset
    folds: tuple[Fold, ...]
    origin: str

    @property
    def held(self) -> IntArray:
        """The rows that some fold holds out, in ascending order."""
        return np.sort(np.concatenate([fold.test for fold in self.folds]))

    def take(self, rows: IntArray) -> list[CodedUnit]:
        """Take the units of some rows."""
        return [self.data.units[row] for row in rows]


def gather_material(
    paths: Sequence[Path],
    *,
    test: Path | None = None,
    codebook: Path | None = None,
    n_folds: int = 5,
    seed: int = 0,
    report: ProblemSink | None = None,
) -> Material:
    """Read coded data and lay out its folds; boilerplate is left out, as in every figure.

    Raises
    ------
    InputError
        If data or folds cannot be used.
    """
    coded = gather_coded(paths, codebook=codebook, report=report)
    units = _leave_out_boilerplate(coded.units)
    if test is not None:
        others = gather_coded([test], codebook=codebook, default=coded.codebook, report=report)
        held = _leave_out_boilerplate(others.units)
        data = CodedData([*units, *held], coded.codebook)
        rows = np.arange(len(data.units))
        fold = Fold("test", rows[: len(units)], rows[len(units) :])
        return Material(data, build_dataset(data.units, data.codebook), (fold,), "a test file")
    data = CodedData(units, coded.codebook)
    dataset = build_dataset(units, coded.codebook)
    column, holders = read_holders(paths)
    if column:
        return Material(data, dataset, follow_holders(units, holders), f"column `{column}`")
    folds = spread_folds(dataset, n_folds=n_folds, seed=seed)
    return Material(data, dataset, folds, "by article, copies of a unit on one side")


def _leave_out_boilerplate(units: Sequence[CodedUnit]) -> list[CodedUnit]:
    return [unit for unit in units if unit.paragraph.kind != "boilerplate"]


def spread_folds(dataset: Dataset, *, n_folds: int, seed: int) -> tuple[Fold, ...]:
    """Hold out whole articles, and train on no copy of what is held out."""
    assigned = assign_folds(dataset, "grouped", n_folds=n_folds, seed=seed)
    pairs = hold_out(np.arange(len(dataset)), assigned, dataset.clusters)
    return tuple(Fold(str(n), train, test) for n, (train, test) in enumerate(pairs, start=1))


def read_holders(paths: Sequence[Path]) -> tuple[str, Holders]:
    """Read the column ``folds`` or ``fold``: its name ("" without one), and who holds out whom.

    Where its cells say nothing but roles, it is one split, which holds out what is ``test``.

    Raises
    ------
    InputError
        If a cell is blank or cannot be read, or two rows of one unit disagree.
    """
    column, found = "", dict[str, frozenset[str]]()
    for path in paths:
        for row in read_rows(path):
            named = next((name for name in ("folds", "fold") if name in row.values), column)
            column = column or named
            if is_missing(row.values.get("text")) or not column:
                continue
            unit = parse_text(row.values.get("id")) or f"{stem_of(path)}:{row.number}"
            where = f"{path}, row {row.number}"
            holders = _read_cell(row.values.get(column), where=where)
            if found.setdefault(unit, holders) != holders:
                raise InputError(
                    f"the unit '{unit}' is in two folds", where=where, fix="give it one fold"
                )
    if set().union(*found.values()) <= set(ROLES):
        found = {unit: names & {"test"} for unit, names in found.items()}
    return column, found


def _read_cell(cell: Any, *, where: str) -> frozenset[str]:
    """Name the folds that hold a unit out: one, or all in which a mapping says ``test``.

    >>> sorted(_read_cell({"1": "train", "2": "test"}, where="row 2")), _read_cell(3.0, where="")
    (['2'], frozenset({'3'}))
    """
    if isinstance(cell, str) and cell.lstrip().startswith("{"):
        cell = json.loads(cell)
    if isinstance(cell, Mapping):
        strange = sorted({str(role) for role in cell.values()} - {*ROLES, "None"})
        if strange:
            raise InputError(
                f"'{strange[0]}' is none of {', '.join(ROLES)}", where=where, fix="correct it"
            )
        return frozenset(str(name) for name, role in cell.items() if role == "test")
    if is_missing(cell):
        raise InputError("no fold", where=where, fix="fill the column in every row")
    return frozenset([f"{cell:g}" if isinstance(cell, float) else str(cell).strip()])


def follow_holders(units: Sequence[CodedUnit], holders: Holders) -> tuple[Fold, ...]:
    """Hold out what a column says; the split stands as it is, copies and all.

    Raises
    ------
    InputError
        If a unit is held out twice, or a fold leaves nothing to learn from.
    """
    by_row = [_find_holders(unit.paragraph.id, holders) for unit in units]
    twice = [unit.paragraph.id for unit, names in zip(units, by_row, strict=True) if len(names) > 1]
    if twice:
        raise InputError(f"the unit '{twice[0]}' is held out twice", fix="hold it out in one fold")
    names = sorted(set().union(*by_row), key=_order_names)
    folds = []
    for name in names:
        held = np.array([name in row for row in by_row])
        folds.append(Fold(name, np.flatnonzero(~held), np.flatnonzero(held)))
    if not folds or not all(len(fold.train) for fold in folds):
        raise InputError("the column of folds holds out nothing or all", fix="name two folds")
    return tuple(folds)


def _find_holders(unit: str, holders: Holders) -> frozenset[str]:
    """Look a unit up; further mentions in one text (``id~2``) go where the first one goes."""
    first = unit if unit in holders else unit.rpartition("~")[0]
    if first not in holders:
        raise InputError(f"the unit '{unit}' has no fold", fix="give each row an id and a fold")
    return holders[first]


def _order_names(name: str) -> tuple[float, str]:
    return (float(name) if name.isdigit() else float("inf"), name)
