"""The coding scheme: frames, stance targets and the codebook that holds them.

Terms follow K. Krippendorff, *Content Analysis* (4th ed., 2018), chapter 7.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from framing.coding.marked import Marked, mark_plain
from framing.coding.names import fold_name, is_identifier, name_id, suggest
from framing.schema import CodebookError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_VERSION = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}([-+][0-9A-Za-z.+-]+)?")


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that a unit carries or does not.

    Attributes
    ----------
    id : str
        Any text without ``;``, ``:``, ``=`` and line breaks.
    name, definition : str
    include, exclude : tuple of str
        When it is coded, and when it is not although it may seem so.
    cues : tuple of str
        Terms that suggest it to a coder; a closing ``*`` stands for any ending.
    """

    id: str
    name: str
    definition: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StanceValue:
    """One of the stances that a unit can take toward a target."""

    id: str
    definition: str = ""


@dataclass(frozen=True, slots=True)
class StanceTarget:
    """What a stance is taken toward, and its two or more values.

    Attributes
    ----------
    id, name, definition : str
    values : tuple of StanceValue
    neutral : str or None
        The value that says "coded, and no stance is taken"; None where there is no such value.
    """

    id: str
    name: str
    definition: str
    values: tuple[StanceValue, ...]
    neutral: str | None = None


@dataclass(frozen=True, slots=True)
class Codebook:
    """What may be coded, and how.

    Attributes
    ----------
    name : str
    version : str
        Semantic (https://semver.org).
    title, description : str
    frames : tuple of Frame
    targets : tuple of StanceTarget
    rules : tuple of str
        What to do in hard cases.

    Examples
    --------
    >>> book = Codebook("demo", "1.0.0", frames=(Frame("risk", "Risk"),))
    >>> book.frame_ids, Codebook.from_dict(book.to_dict()) == book, len(book.hash)
    (('risk',), True, 12)
    """

    name: str
    version: str
    title: str = ""
    description: str = ""
    frames: tuple[Frame, ...] = ()
    targets: tuple[StanceTarget, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """First 12 hexadecimal digits of the SHA-256 of the content as canonical JSON."""
        content = json.dumps(
            self.to_dict(), sort_keys=True, ensure_ascii=True, separators=(",", ":")
        )
        return hashlib.sha256(content.encode("ascii")).hexdigest()[:12]

    @property
    def frame_ids(self) -> tuple[str, ...]:
        """Ids of the frames, in order."""
        return tuple(frame.id for frame in self.frames)

    @property
    def target_ids(self) -> tuple[str, ...]:
        """Ids of the stance targets, in order."""
        return tuple(target.id for target in self.targets)

    @property
    def names(self) -> dict[str, str]:
        """Ids of frames and targets, to what people call them."""
        frames = {frame.id: frame.name for frame in self.frames}
        return frames | {target.id: target.name for target in self.targets}

    def values(self, target: str) -> tuple[str, ...]:
        """Return the ids of a target's values, in order.

        Raises
        ------
        CodebookError
            If there is no such target.
        """
        return tuple(value.id for value in self.target(target).values)

    def target(self, target: str) -> StanceTarget:
        """Return a target by its id.

        Raises
        ------
        CodebookError
            If there is no such target.
        """
        for known in self.targets:
            if known.id == target:
                return known
        raise CodebookError(
            f"no stance target '{target}'", where=self.name, fix=suggest(target, self.target_ids)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists and text, ready for JSON."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain

    @classmethod
    def from_dict(cls, content: Mapping[str, Any], *, where: str = "codebook") -> Codebook:
        """Build a codebook from what ``to_dict`` returned, checking all of it.

        Raises
        ------
        CodebookError
            If something is missing, unknown, of the wrong type or contradictory.
        """
        return build_codebook(mark_plain(content, file=where))


def build_codebook(document: Marked) -> Codebook:
    """Build a codebook from a marked document; every error names the line it came from.

    Raises
    ------
    CodebookError
        See ``Codebook.from_dict``.
    """
    fields = document.read_fields(
        "the codebook",
        required=("name", "version"),
        optional=("title", "description", "frames", "targets", "rules"),
    )
    frames, targets = (fields.get(key, Marked([], document.file)) for key in ("frames", "targets"))
    book = Codebook(
        name=fields["name"].read_text("'name'"),
        version=_read_version(fields["version"]),
        title=_read_optional(fields, "title"),
        description=_read_optional(fields, "description"),
        frames=tuple(_build_frame(item) for item in frames.read_items("'frames'")),
        targets=tuple(_build_target(item) for item in targets.read_items("'targets'")),
        rules=fields["rules"].read_texts("'rules'") if "rules" in fields else (),
    )
    if not book.frames and not book.targets:
        raise document.error("no frame and no stance target", fix="add at least one of them")
    _refuse_repeats(frames.read_items("'frames'"))
    _refuse_repeats(targets.read_items("'targets'"))
    return book


def _read_version(field: Marked) -> str:
    version = field.read_text("'version'")
    if not _VERSION.fullmatch(version):
        raise field.error(f"version '{version}' is not semantic", fix="write it as 1.0.0")
    return version


def _read_optional(fields: Mapping[str, Marked], key: str) -> str:
    return fields[key].read_text(f"'{key}'", empty=True) if key in fields else ""


def _read_id(field: Marked) -> str:
    identifier = field.read_text("'id'")
    if not is_identifier(identifier):
        raise field.error(
            f"id '{identifier}' cannot be used", fix="write it without ; : = [ and line breaks"
        )
    return identifier


def _build_frame(item: Marked) -> Frame:
    fields = item.read_fields(
        "a frame",
        required=("id", "definition"),
        optional=("name", "include", "exclude", "cues"),
    )
    identifier = _read_id(fields["id"])
    lists = {
        key: fields[key].read_texts(f"'{key}' of frame '{identifier}'")
        for key in ("include", "exclude", "cues")
        if key in fields
    }
    return Frame(
        identifier,
        _read_optional(fields, "name") or name_id(identifier),
        fields["definition"].read_text("'definition'", empty=True),
        **lists,
    )


def _build_target(item: Marked) -> StanceTarget:
    fields = item.read_fields(
        "a stance target", required=("id", "definition", "values"), optional=("name", "neutral")
    )
    identifier = _read_id(fields["id"])
    items = fields["values"].read_items(f"'values' of target '{identifier}'")
    values = tuple(_build_value(value) for value in items)
    if len(values) < 2:
        raise fields["values"].error(
            f"target '{identifier}' has {len(values)} stance value(s)", fix="give it two or more"
        )
    _refuse_repeats(items)
    known = [value.id for value in values]
    neutral = _read_optional(fields, "neutral") or None
    if neutral and neutral not in known:
        raise fields["neutral"].error(
            f"neutral '{neutral}' is not among the values of '{identifier}'",
            fix=suggest(neutral, known),
        )
    return StanceTarget(
        identifier,
        _read_optional(fields, "name") or name_id(identifier),
        fields["definition"].read_text("'definition'", empty=True),
        values,
        neutral,
    )


def _build_value(item: Marked) -> StanceValue:
    fields = item.read_fields("a stance value", required=("id",), optional=("definition",))
    return StanceValue(_read_id(fields["id"]), _read_optional(fields, "definition"))


def _refuse_repeats(items: Iterable[Marked]) -> None:
    """Ids must differ by more than case, blanks, hyphens and underscores: people mix those up."""
    seen: dict[str, Marked] = {}
    for item in items:
        field = item.value["id"] if isinstance(item.value, dict) else item
        identifier = field.read_text("'id'")
        first = seen.setdefault(fold_name(identifier), field)
        if first is not field:
            place = f" (line {first.line})" if first.line else ""
            raise field.error(
                f"id '{identifier}' is the same as '{first.value}'{place}", fix="rename one"
            )
