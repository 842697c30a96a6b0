"""From a coder's spelling to the codebook's ids, or to ids taken from the data themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from framing.coding.codebook import NEUTRAL_NAMES
from framing.coding.marks import LONE_TARGET, Marks
from framing.coding.names import fold_name, make_identifier, suggest
from framing.schema import Coding, Problem, ProblemSink

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from framing.coding.mistakes import Mistakes
    from framing.coding.scheme import Codebook

POOLED_TARGET = "target"
"""The one target that mentions are pooled into."""

_MOST_TARGETS = 20
_FEWEST_ROWS = 10


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The ids that codings may use, by folded spelling.

    Attributes
    ----------
    frames, targets : mapping of str to str
        Folded spelling to id.
    values : mapping of str to mapping of str to str
        By target id: folded spelling to value id.
    neutral : mapping of str to str
        Target id to neutral value, where there is one.
    frame_ids : tuple of str
    """

    frames: Mapping[str, str]
    targets: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    neutral: Mapping[str, str] = field(default_factory=dict)
    frame_ids: tuple[str, ...] = ()

    def resolve(self, marks: Marks, *, unit: str, coder: str, mistakes: Mistakes) -> Coding:
        """Turn marks into a coding; names that are not known go to `mistakes`."""
        frames: dict[str, bool] = {}
        if marks.listed is not None:
            frames = dict.fromkeys(self.frame_ids, False)
        named = [(name, True) for name in marks.listed or ()] + list(marks.marked.items())
        for name, present in named:
            frame = _look_up(self.frames, name, "frame", marks.place, mistakes)
            if frame is not None:
                frames[frame] = present
        stance: dict[str, str] = {}
        for name in [*marks.stance, *marks.blank]:
            target = _look_up(self.targets, name, "stance target", marks.place, mistakes)
            if target is None:
                continue
            value = self._resolve_value(target, marks.stance.get(name), marks.place, mistakes)
            if value is not None:
                stance[target] = value
        return Coding(unit, coder, frames, stance)

    def knows(self, marks: Marks) -> bool:
        """Tell whether a row names any frame or target that is known."""
        frames, targets = [*(marks.listed or ()), *marks.marked], [*marks.stance, *marks.blank]
        return any(fold_name(name) in self.frames for name in frames) or any(
            fold_name(name) in self.targets for name in targets
        )

    def _resolve_value(
        self, target: str, value: str | None, place: str, mistakes: Mistakes
    ) -> str | None:
        if value is None:
            return self.neutral.get(target)
        known = self.values.get(target, {})
        return _look_up(known, value, f"value for stance '{target}'", place, mistakes)


def _look_up(
    known: Mapping[str, str], name: str, label: str, place: str, mistakes: Mistakes
) -> str | None:
    found = known.get(fold_name(name))
    if found is None:
        mistakes.add(place, f"no {label} '{name[:60]}' ({_hint(known, name)})")
    return found


def _hint(known: Mapping[str, str], name: str) -> str:
    parts = [fold_name(part) for part in name.split(",")]
    if len(parts) > 1 and all(part in known for part in parts):
        return "join several with ';'"
    return suggest(name, list(dict.fromkeys(known.values()))) if known else "there is none"


def take_vocabulary(codebook: Codebook) -> Vocabulary:
    """Take the vocabulary of a codebook; a frame or target may be called by its id or its name.

    Examples
    --------
    >>> from framing.coding.scheme import Codebook, Frame
    >>> take_vocabulary(Codebook("demo", "1.0.0", frames=(Frame("ir", "Investor risk"),))).frames
    {'ir': 'ir', 'investor risk': 'ir'}
    """
    targets = _index((target.id, target.name) for target in codebook.targets)
    if len(codebook.targets) == 1:
        targets.setdefault(LONE_TARGET, codebook.targets[0].id)
    return Vocabulary(
        _index((frame.id, frame.name) for frame in codebook.frames),
        targets,
        {t.id: _index((v.id, v.id) for v in t.values) for t in codebook.targets},
        {t.id: t.neutral for t in codebook.targets if t.neutral},
        codebook.frame_ids,
    )


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    listed = list(pairs)
    index = {fold_name(identifier): identifier for identifier, _ in listed}
    for identifier, name in listed:
        index.setdefault(fold_name(name), identifier)
    return index


def infer_vocabulary(rows: Sequence[Marks], *, report: ProblemSink | None = None) -> Vocabulary:
    """Make a vocabulary of the names that occur; each spelling read as another is reported.

    Of several spellings that differ in case or in what joins the words, the most frequent is the
    id. Characters that an id cannot hold become hyphens.

    Examples
    --------
    >>> rows = [Marks("a, row 2", ("Risk", "risk")), Marks("a, row 3", ("risk", "p: 5G"))]
    >>> infer_vocabulary(rows).frames
    {'risk': 'risk', 'p 5g': 'p-5G'}
    """
    frames = Counter(name for row in rows for name in [*(row.listed or ()), *row.marked])
    targets = Counter(name for row in rows for name in [*row.stance, *row.blank])
    target_index = _choose_spellings(targets, "stance target", report)
    values: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for name, value in row.stance.items():
            values[target_index[fold_name(name)]][value] += 1
    frame_index = _choose_spellings(frames, "frame", report)
    value_index = {
        target: _choose_spellings(counts, f"value of '{target}'", report)
        for target, counts in values.items()
    }
    neutral = {
        target: next(index[known] for known in NEUTRAL_NAMES if known in index)
        for target, index in value_index.items()
        if any(known in index for known in NEUTRAL_NAMES)
    }
    return Vocabulary(
        frame_index, target_index, value_index, neutral, tuple(sorted(set(frame_index.values())))
    )


def _choose_spellings(
    counts: Counter[str], label: str, report: ProblemSink | None
) -> dict[str, str]:
    index: dict[str, str] = {}
    for name, count in counts.most_common():
        folded = fold_name(name)
        chosen = index.setdefault(folded, make_identifier(name))
        if chosen != name and report:
            reason = f"the {label} '{name}' is read as '{chosen}' ({count} times)"
            report(Problem(f"{label} '{name}'", reason, lost=False))
    return index


def pool_mentions(
    rows: Sequence[Marks],
    codebook: Codebook | None = None,
    *,
    report: ProblemSink | None = None,
) -> list[Marks]:
    """Decide whether the column ``target`` names categories or mentions, and pool mentions.

    At most 20 names with at least 10 rows each are categories, a target each. Others, such as
    people's names as they stand in the text, become the one target ``target``. A codebook decides
    by having that target or not; where there is none, what was decided is reported.

    Examples
    --------
    >>> rows = [Marks("a, row 2", stance={"Ann": "favor"}, mention="Ann")]
    >>> pool_mentions(rows)[0].stance
    {'target': 'favor'}
    """
    counts = Counter(fold_name(row.mention) for row in rows if row.mention)
    if codebook is None:
        few = len(counts) <= _MOST_TARGETS and min(counts.values(), default=0) >= _FEWEST_ROWS
        kept = set(counts) if few else set()
        _report_reading(len(counts), report, pooled=not few)
    elif POOLED_TARGET in codebook.target_ids:
        kept = set(take_vocabulary(codebook).targets)
    else:
        kept = set(counts)
    return [
        replace(row, stance=_pool_stance(row.stance, row.mention))
        if row.mention and fold_name(row.mention) not in kept
        else replace(row, mention=None)
        for row in rows
    ]


def _report_reading(n_names: int, report: ProblemSink | None, *, pooled: bool) -> None:
    if not n_names or not report:
        return
    names = f"{n_names} {'name' if n_names == 1 else 'names'}"
    reading = (
        f"{names}, more than {_MOST_TARGETS} or some in fewer than {_FEWEST_ROWS} rows: "
        f"read as mentions, all of one target '{POOLED_TARGET}'"
        if pooled
        else f"{names} in {_FEWEST_ROWS} rows or more each: read as a target each"
    )
    report(Problem("column 'target'", reading, lost=False))


def _pool_stance(stance: Mapping[str, str], mention: str) -> dict[str, str]:
    return {POOLED_TARGET if name == mention else name: value for name, value in stance.items()}
