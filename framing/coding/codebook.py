"""Codebooks as files: read YAML with every mistake located, write it, infer one from codings."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.coding.marked import parse_yaml
from framing.coding.names import fold_name, name_id
from framing.coding.scheme import (
    Codebook,
    Frame,
    StanceTarget,
    StanceValue,
    build_codebook,
)
from framing.records.decoding import decode_bytes
from framing.schema import CodebookError, CodedUnit, InputError, Problem, ProblemSink

if TYPE_CHECKING:
    from collections.abc import Sequence

    import yaml

__all__ = [
    "Codebook",
    "Frame",
    "StanceTarget",
    "StanceValue",
    "format_codebook",
    "infer_codebook",
    "read_codebook",
]

NEUTRAL_NAMES = ("none", "neutral", "no stance", "neither", "not judged", "unclear")
"""Stance values that say by their name that no stance is taken, the first one found being it."""


def read_codebook(path: Path | str) -> Codebook:
    """Read a codebook from a YAML file.

    Raises
    ------
    CodebookError
        If the file cannot be read or is not a valid codebook; it names file and line.
    """
    try:
        data = Path(path).read_bytes()
        text = decode_bytes(data, where=str(path)).text
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CodebookError(
            f"cannot be read ({reason})", where=str(path), fix="check the path"
        ) from error
    except InputError as error:
        raise CodebookError(error.what, where=error.where, fix=error.fix) from error
    return parse_codebook(text, file=str(path))


def parse_codebook(text: str, *, file: str = "codebook") -> Codebook:
    """Parse the text of a codebook file.

    Raises
    ------
    CodebookError
        If it is not a valid codebook.

    Examples
    --------
    >>> book = parse_codebook('''
    ... name: demo
    ... version: 1.0.0
    ... frames:
    ...   - id: risk
    ...     definition: Something may go wrong.
    ... ''')
    >>> book.frames[0].name
    'Risk'
    """
    return build_codebook(parse_yaml(text, file=file))


def format_codebook(codebook: Codebook) -> str:
    """Write a codebook as YAML that reads back as the same codebook.

    Examples
    --------
    >>> print(format_codebook(Codebook("demo", "1.0.0", frames=(Frame("risk", "Risk"),))))
    name: demo
    version: 1.0.0
    frames:
    - id: risk
      name: Risk
      definition: ''
    <BLANKLINE>
    """
    import yaml

    class Dumper(yaml.SafeDumper):
        """Dumps plain data, with a rule of its own for text."""

    Dumper.add_representer(str, _represent_text)
    content = _prune(codebook.to_dict())
    text: str = yaml.dump(content, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=96)
    return text


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Quote what YAML 1.1 takes for line breaks; unquoted, they would come back as blanks."""
    style = '"' if any(mark in text for mark in "\x85\u2028\u2029") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _prune(value: Any) -> Any:
    """Leave out what is empty and need not be there."""
    if isinstance(value, list):
        return [_prune(item) for item in value]
    if not isinstance(value, dict):
        return value
    required = {"definition"} if "values" in value or "cues" in value else set()
    return {key: _prune(item) for key, item in value.items() if item or key in required | {"id"}}


def infer_codebook(
    units: Sequence[CodedUnit], name: str = "inferred", *, report: ProblemSink | None = None
) -> Codebook:
    """Make a codebook of the frames and stance values that occur, in alphabetical order.

    Definitions are left empty. A target with a single value has nothing to tell apart: it is left
    out and reported.

    Raises
    ------
    CodebookError
        If no unit is coded for any frame, and none for a target with two values; or a name cannot
        be an id (``read_coded`` returns none such).

    Examples
    --------
    >>> from framing.schema import Coding, Paragraph
    >>> unit = Paragraph("1", "a", "text", 0, 4)
    >>> infer_codebook([CodedUnit(unit, Coding("1", frames={"5G risk": True}))]).frame_ids
    ('5G risk',)
    """
    frames = sorted({frame for unit in units for frame in unit.coding.frames})
    values: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for unit in units:
        for target, value in unit.coding.stance.items():
            values[target][value] += 1
    targets = [
        _infer_target(target, sorted(values[target]))
        for target in sorted(values)
        if _has_choice(target, values[target], report)
    ]
    if not frames and not targets:
        raise CodebookError(
            f"no frame and no stance is coded in {len(units)} units",
            fix="fill the column 'frames' or a column 'stance:TARGET'",
        )
    book = Codebook(
        name,
        "0.1.0",
        description="Inferred from coded data; the definitions are still to be written.",
        frames=tuple(Frame(frame, name_id(frame)) for frame in frames),
        targets=tuple(targets),
    )
    return Codebook.from_dict(book.to_dict(), where=f"codebook '{name}'")


def _infer_target(target: str, values: Sequence[str]) -> StanceTarget:
    folded = {fold_name(value): value for value in values}
    neutral = next((folded[known] for known in NEUTRAL_NAMES if known in folded), None)
    return StanceTarget(
        target, name_id(target), "", tuple(StanceValue(value) for value in values), neutral
    )


def _has_choice(target: str, values: Counter[str], report: ProblemSink | None) -> bool:
    if len(values) < 2 and report:
        reason = f"every unit has the value '{next(iter(values))}': the target is left out"
        report(Problem(f"stance target '{target}'", reason, lost=False))
    return len(values) >= 2
