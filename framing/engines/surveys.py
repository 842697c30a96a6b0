"""What a run through a piece finds without scoring it: ids, problems and counts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from framing.engines.pieces import Piece, Source
from framing.engines.reading import read_piece
from framing.engines.renaming import Hashes, NotedIds, Place, PlannedIds
from framing.schema import InputError, Problem
from framing.scoring.mentions import count_missing

if TYPE_CHECKING:
    import pyarrow as pa

_HEADER_BYTES = 8


@dataclass(frozen=True, slots=True)
class Survey:
    """What there is in a piece.

    Attributes
    ----------
    problems : list of Problem
        In the order of the rows.
    counts : Counter
        ``units``; and of a model of mentions, units whose text lacks the target (``missing``) and
        units with one (``named``).
    hashes : array of uint64
        One an id, in order.
    error : InputError or None
        Why the table cannot be used at all.
    """

    problems: list[Problem]
    counts: Counter[str]
    hashes: Hashes
    error: InputError | None = None


def survey_piece(
    piece: Piece,
    source: Source,
    *,
    mentions: bool,
    renamed: Mapping[int, Mapping[int, str]] | None = None,
) -> bytes:
    """Read a piece and return its survey, packed.

    Parameters
    ----------
    piece : Piece
    source : stream or iterable of Arrow record batch
    mentions : bool
        Whether to look for targets in their texts.
    renamed : mapping, optional
        New names of units, as `framing.engines.renaming.rename` returns them; without them, no id
        is looked at but for its hash.
    """
    noted = NotedIds()
    seen = noted if renamed is None else PlannedIds(renamed.get(piece.number, {}))
    survey = Survey([], Counter(), noted.hashes)
    error = None
    try:
        for units in read_piece(piece, source, report=survey.problems.append, seen=seen):
            survey.counts.update(_count(units, mentions=mentions))
    except InputError as found:
        error = found
    return pack_survey(Survey(survey.problems, survey.counts, noted.hashes, error))


def _count(units: pa.RecordBatch, *, mentions: bool) -> dict[str, int]:
    if not mentions:
        return {"units": len(units)}
    pairs = zip(units["text"].to_pylist(), units["target"].to_pylist(), strict=True)
    missing, named = count_missing(pairs)
    return {"units": len(units), "missing": missing, "named": named}


def list_concerned(piece: Piece, source: Source, *, repeated: frozenset[int]) -> bytes:
    """Read a piece and return, as JSON, places and ids of units that renaming concerns."""
    noted = NotedIds(repeated)
    for _ in read_piece(piece, source, report=_ignore, seen=noted):
        pass
    return json.dumps(noted.places).encode("ascii")


def read_concerned(packed: bytes) -> list[Place]:
    """Read what `list_concerned` returned."""
    return [(place, name) for place, name in json.loads(packed)]


def _ignore(problem: Problem) -> None:
    """Say nothing: the survey said it."""


def pack_survey(survey: Survey) -> bytes:
    """Return a survey as bytes: the length of a JSON header, the header, the hashes."""
    error = survey.error
    header = {
        "problems": [asdict(problem) for problem in survey.problems],
        "counts": survey.counts,
        "error": error and {"what": error.what, "where": error.where, "fix": error.fix},
    }
    encoded = json.dumps(header).encode("ascii")
    length = len(encoded).to_bytes(_HEADER_BYTES, "little")
    return length + encoded + survey.hashes.astype("<u8").tobytes()


def unpack_survey(packed: bytes) -> Survey:
    """Return the survey that was packed."""
    end = _HEADER_BYTES + int.from_bytes(packed[:_HEADER_BYTES], "little")
    header = json.loads(packed[_HEADER_BYTES:end])
    error = header["error"]
    return Survey(
        [Problem(**problem) for problem in header["problems"]],
        Counter(header["counts"]),
        np.frombuffer(packed, dtype="<u8", offset=end),
        error and InputError(error["what"], where=error["where"], fix=error["fix"]),
    )
