"""The turns that were planned for the seeds' outlets, and which way labels should move then."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from framing.schema import InputError

READINGS = Path(__file__).with_name("readings.yaml")

Moves = Mapping[str, int]
"""Label to +1 where it should rise and -1 where it should fall."""


@dataclass(frozen=True, slots=True)
class PlannedTurn:
    """A turn of an outlet's line.

    Attributes
    ----------
    outlet : str
    date : str
        The first day, month or year after the turn (ISO 8601).
    named : mapping of str to int
        Moves of labels that the plan names by their ids.
    read : mapping of str to int
        Moves that were read off the plan's words; labels named by their ids among them.
    """

    outlet: str
    date: str
    named: Moves = field(default_factory=dict)
    read: Moves = field(default_factory=dict)


def read_plans(path: Path, labels: Sequence[str]) -> dict[str, list[PlannedTurn]]:
    """Read each outlet's planned turns, in order; a constant outlet has none.

    Parameters
    ----------
    path : Path
        As `seeds/outlets.yaml`.
    labels : sequence of str
        Frames, and stance values as ``target=value``.

    Raises
    ------
    InputError
        If the file says something else.
    """
    readings = _load(READINGS)
    plans: dict[str, list[PlannedTurn]] = {}
    try:
        for outlet, entry in _load(path)["train"].items():
            read = {str(date): moves for date, moves in readings.get(outlet, {}).items()}
            turns = [
                PlannedTurn(
                    outlet,
                    str(turn["from"]),
                    find_named(turn["change"], labels),
                    parse_moves(read.get(str(turn["from"]), "")),
                )
                for turn in entry["turns"]
            ]
            plans[outlet] = sorted(turns, key=lambda turn: turn.date)
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            "no plan of outlets", where=str(path), fix="give a file such as seeds/outlets.yaml"
        ) from error
    return plans


def _load(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError("the plan cannot be read", where=str(path)) from error


def find_named(change: str, labels: Sequence[str]) -> dict[str, int]:
    """Find the labels that a turn's words name, and which way they move.

    What stands between "from" and " to " falls, and what follows "less"; all else rises.

    >>> find_named("from lag to hope (policy favor)", ["lag", "hope", "policy=favor"])
    {'lag': -1, 'hope': 1, 'policy=favor': 1}
    >>> find_named("less lag", ["lag"])
    {'lag': -1}
    """
    before, to, after = change.partition(" to ")
    falls, rises = (before, after) if change.startswith("from ") and to else ("", change)
    moves: dict[str, int] = {}
    for label in labels:
        name = rf"\b{re.escape(label).replace('=', '[ =]')}\b"
        if re.search(name, falls) or re.search(rf"\bless {name}", rises):
            moves[label] = -1
        elif re.search(name, rises):
            moves[label] = 1
    return moves


def parse_moves(text: str) -> dict[str, int]:
    """Read moves written as ``+label -label``.

    >>> parse_moves("+hope -lag")
    {'hope': 1, 'lag': -1}
    """
    return {word[1:]: {"+": 1, "-": -1}[word[0]] for word in text.split()}
