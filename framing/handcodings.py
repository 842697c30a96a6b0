"""Hand codings of predicted units, and what each of them stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isclose
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from framing.coding.codings import merge_coders, read_labels
from framing.coding.scheme import Codebook
from framing.gathering import PathLike, gather_coded
from framing.measuring.prevalence.gold import UnitKey
from framing.records.cells import is_missing, parse_text, restore_formula
from framing.records.tables import find_format, read_rows
from framing.schema import CodedUnit, Coding, InputError, Paragraph, Problem, ProblemSink

if TYPE_CHECKING:
    import pandas as pd

_ALIKE = 1e-6
"""Weights that differ by less, relatively, are the same: files round them."""


def read_gold(
    gold: PathLike | Sequence[PathLike] | pd.DataFrame,
    codebook: Codebook | None,
    *,
    report: ProblemSink | None = None,
) -> list[CodedUnit]:
    """Read hand codings: coded data, filled sheets, or labels without texts, told by unit ids.

    Where several people coded a unit, in one file or in several, the majority counts; what has none
    is not coded. A folder of labels is read as `framing.coding.codings.read_labels` does.

    Raises
    ------
    InputError
        If a file cannot be read, or labels come without a codebook.
    """
    if not isinstance(gold, str | Path | Sequence):
        if "text" in gold.columns:
            return gather_coded(gold, codebook=codebook, report=report).units
        if codebook is None:
            raise _explain_bare("gold")
        with TemporaryDirectory() as folder:
            labels = Path(folder) / "DataFrame.jsonl"
            gold.to_json(labels, orient="records", lines=True, force_ascii=False, date_format="iso")
            return read_gold([labels], codebook, report=report)
    paths = [Path(gold)] if isinstance(gold, str | Path) else [Path(path) for path in gold]
    bare = [path for path in paths if not _holds_texts(path)]
    told = [path for path in paths if path not in bare]
    units = gather_coded(told, codebook=codebook, report=report).units if told else []
    if not bare:
        return units
    if codebook is None:
        raise _explain_bare(str(bare[0]))
    codings = (coding for path in bare for coding in read_labels(path, codebook, report=report))
    merged = merge_coders([*units, *map(_stand_in, codings)])
    if merged.tied and report:
        reason = f"{merged.tied} of {merged.cells} cells left uncoded, since coders were split"
        report(Problem("coders", f"{reason} evenly", lost=False))
    return merged.units


def _explain_bare(where: str) -> InputError:
    return InputError(
        "codings without texts and without a codebook",
        where=where,
        fix="give the model that made the predictions (--model)",
    )


def _holds_texts(path: Path) -> bool:
    """Tell coded data and sheets from labels, which know units by their ids alone."""
    if path.is_dir():
        return False
    first = next(iter(read_rows(path)), None) if path.is_file() else None
    return first is None or "text" in first.values


def _stand_in(coding: Coding) -> CodedUnit:
    return CodedUnit(Paragraph(coding.unit, "", "", 0, 0), coding)


def read_weights(
    gold: PathLike | Sequence[PathLike] | pd.DataFrame,
) -> dict[UnitKey, float]:
    """Read what each coding stands for: its weight, or one over its chance to be drawn.

    Returns
    -------
    dict of UnitKey to float
        By id, and by article and text: codings are matched by either.

    Raises
    ------
    InputError
        If a weight is not a number above 0, a chance not one above 0 and up to 1, or a unit has
        two that differ.
    """
    found: dict[UnitKey, _Weight] = {}
    for row in _list_weighted(gold):
        for key in row.keys:
            before = found.setdefault(key, row)
            if key == row.keys[0] and not isclose(before.number, row.number, rel_tol=_ALIKE):
                raise InputError(
                    f"a weight of {row.number:.6g} for the unit that has {before.number:.6g} in "
                    f"{before.where}",
                    where=row.where,
                    fix="give each unit one weight or inclusion probability",
                )
    return {key: row.number for key, row in found.items()}


@dataclass(frozen=True, slots=True)
class _Weight:
    """What a row stands for, where it stands, and what its unit can be told by."""

    keys: tuple[UnitKey, ...]
    number: float
    where: str


def _list_weighted(gold: PathLike | Sequence[PathLike] | pd.DataFrame) -> Iterator[_Weight]:
    """List the rows that have a weight, in all files or in a table."""
    if isinstance(gold, str | Path):
        path = Path(gold)
        rows = [] if path.is_dir() else read_rows(path)
        numbered = ((row.number, row.values) for row in rows)
        yield from _read_weights(numbered, str(path), restore=find_format(path) == "csv")
    elif isinstance(gold, Sequence):
        for part in gold:
            yield from _list_weighted(part)
    else:
        records = ({str(name): row[name] for name in row} for row in gold.to_dict("records"))
        yield from _read_weights(enumerate(records, start=1), "gold")


def _read_weights(
    rows: Iterable[tuple[int, Mapping[str, object]]], file: str, *, restore: bool = False
) -> Iterator[_Weight]:
    for number, cells in rows:
        weight, chance = (parse_text(cells.get(key)) for key in ("weight", "inclusion_probability"))
        keys = tuple(_list_keys(cells, restore=restore))
        if keys and (weight is not None or chance is not None):
            named = f"unit {keys[0]}" if isinstance(keys[0], str) else f"row {number}"
            found = _read_weight(weight, chance, f"{file}, {named}")
            yield _Weight(keys, found, f"{file}, row {number}")


def _list_keys(cells: Mapping[str, object], *, restore: bool) -> Iterator[UnitKey]:
    """List what a row's unit can be told by, read as `framing.coding.codings` reads it."""
    name, article, text = (
        restore_formula(cell) if restore and isinstance(cell, str) else cell
        for cell in map(cells.get, ("id", "article", "text"))
    )
    if unit := parse_text(name):
        yield unit
    if (group := parse_text(article)) and not is_missing(text):
        yield group, str(text)


def _read_weight(weight: str | None, chance: str | None, where: str) -> float:
    try:
        number = float(weight) if weight is not None else 1.0 / float(chance or "")
        sound = 0 < number < float("inf") and (weight is not None or number >= 1.0)
    except (ValueError, ZeroDivisionError):
        sound = False
    if not sound:
        given = f"weight is {weight}" if weight is not None else f"chance to be drawn is {chance}"
        raise InputError(
            given, where=where, fix="give a weight above 0, or a probability from 0 to 1"
        )
    return number
