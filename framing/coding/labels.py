"""The labels format: one CSV of codings a coder, without texts, joined to articles by id.

Columns are ``id, excerpt, frames, stance:TARGET..., reason``. ``frames`` is ``;``-joined, ``[]``
for none present, blank for not coded; a blank stance is not coded. The file's stem is the coder.
``adjudicated.csv``, whose ``reason`` says why, is what the coders settled on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from framing.coding.joining import take_excerpt
from framing.coding.marks import STANCE_PREFIX
from framing.coding.merging import merge_codings
from framing.coding.mistakes import Mistakes
from framing.coding.repeats import combine_repeats
from framing.coding.rows import CodedRow, read_coded_rows, stem_of
from framing.coding.vocabulary import take_vocabulary
from framing.records.cells import format_list, parse_text
from framing.records.rows import require_column
from framing.schema import CodedUnit, Coding, CodingError, InputError, Problem, ProblemSink

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from framing.coding.scheme import Codebook
    from framing.records.writing import ColumnType

ADJUDICATED = "adjudicated.csv"
MISFIT_FIX = "correct them, or use the codebook that they were made with"


@dataclass(frozen=True, slots=True)
class Label(Coding):
    """A coding that knows how its text began.

    Attributes
    ----------
    excerpt : str
        First 60 characters of the text that was coded.
    """

    excerpt: str = ""


def label_columns(codebook: Codebook, *, reason: bool = False) -> dict[str, ColumnType]:
    """Return the columns of a labels file, in order, each with its type.

    Examples
    --------
    >>> from framing.coding.scheme import Codebook, Frame
    >>> list(label_columns(Codebook("demo", "1.0.0", frames=(Frame("risk", "Risk"),))))
    ['id', 'excerpt', 'frames']
    """
    stances = [f"{STANCE_PREFIX}{target}" for target in codebook.target_ids]
    names = ["id", "excerpt", "frames", *stances, *(["reason"] if reason else [])]
    return dict.fromkeys(names, "text")


def label_rows(units: Iterable[CodedUnit], codebook: Codebook) -> Iterator[dict[str, str]]:
    """Yield the rows of a labels file.

    Raises
    ------
    CodingError
        If a unit is coded for some frames only: a list cannot say which.
    """
    for unit in units:
        frames = unit.coding.frames
        missing = [frame for frame in codebook.frame_ids if frame not in frames]
        if frames and missing:
            raise CodingError(
                f"'{unit.paragraph.id}' is not coded for frame '{missing[0]}'",
                fix="code every frame or none, or keep the codings in a sheet",
            )
        row = {
            "id": unit.paragraph.id,
            "excerpt": take_excerpt(unit.paragraph.text),
            "frames": format_list([f for f in codebook.frame_ids if frames[f]] if frames else None),
        }
        stance = unit.coding.stance
        yield row | {f"{STANCE_PREFIX}{t}": stance.get(t, "") for t in codebook.target_ids}


def read_labels(
    path: Path | str,
    codebook: Codebook,
    *,
    report: ProblemSink | None = None,
    known_only: bool = False,
) -> list[Label]:
    """Read the codings that a folder settles on, or those of one file.

    A folder's ``adjudicated.csv`` is used if it is there, else its only CSV, else the majority of
    all its coders, whose ties are left uncoded and reported. A file may be a coding sheet too.
    Units left without any code are passed over; with `known_only` so are, and are reported, names
    that the codebook lacks, unless it knows none of a file.

    Raises
    ------
    InputError
        If there is nothing to read, or a file has no column ``id``.
    CodingError
        If a code is not in the codebook, or a coder contradicts himself.
    """
    files = find_label_files(Path(path))
    if len(files) == 1:
        return _read_file(files[0], codebook, report, known_only=known_only)
    codings = [
        label
        for file in files
        for label in _read_file(file, codebook, report, known_only=known_only)
    ]
    merged, cells, tied = merge_codings(codings)
    if tied and report:
        reason = f"{tied} of {cells} cells have no majority and are left uncoded"
        report(Problem(str(path), f"{reason}; settle them in {ADJUDICATED}", lost=False))
    return [label for label in merged if label.frames or label.stance]


def find_label_files(path: Path) -> list[Path]:
    """Return the files that ``read_labels`` would read: one, or one a coder.

    Raises
    ------
    InputError
        If `path` is neither a file nor a folder with a CSV in it.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise InputError("no such file or folder", where=str(path), fix="check the path")
    files = sorted(file for file in path.glob("*.csv") if not file.name.startswith("."))
    if not files:
        raise InputError(
            "no CSV of codings in this folder", where=str(path), fix="add one file a coder"
        )
    return [file for file in files if file.name == ADJUDICATED] or files


def _read_file(
    path: Path, codebook: Codebook, report: ProblemSink | None, *, known_only: bool
) -> list[Label]:
    mistakes = Mistakes()
    rows = read_coded_rows(path, mistakes=mistakes, report=report)
    known = next((row.values for row in rows if "id" in row.values), rows[0].values)
    require_column("id", known, where=str(path))
    vocabulary = take_vocabulary(codebook)
    labels: list[tuple[str, Label]] = []
    for row in rows:
        unit = parse_text(row.values.get("id"))
        if unit is None:
            _report_nameless(row, report)
            continue
        coder = row.coder or stem_of(path)
        coding = vocabulary.resolve(row.marks, unit=unit, coder=coder, mistakes=mistakes)
        if coding.frames or coding.stance:
            labels.append(
                (row.place, Label(unit, coder, coding.frames, coding.stance, _excerpt(row)))
            )
    if known_only and any(vocabulary.knows(row.marks) for row in rows):
        mistakes.pass_over(report)
    mistakes.refuse(fix=MISFIT_FIX)
    return combine_repeats(labels, report=report)


def _excerpt(row: CodedRow) -> str:
    return take_excerpt(parse_text(row.values.get("excerpt", row.values.get("text"))) or "")


def _report_nameless(row: CodedRow, report: ProblemSink | None) -> None:
    if report and not row.marks.is_empty:
        report(Problem(row.place, "a coding without an id", _excerpt(row)))
