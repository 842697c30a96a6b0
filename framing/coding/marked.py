"""Plain data that remembers its line, so that a mistake in a file can be pointed at (YAML 1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framing.coding.names import suggest
from framing.schema import CodebookError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import yaml

_NULL = "tag:yaml.org,2002:null"
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of a document and the place where it stands.

    Attributes
    ----------
    value : dict of str to Marked, list of Marked, str or None
        Scalars are text as written, so that ``1.0`` stays ``1.0`` and ``no`` stays ``no``.
    file : str
        Name of the document, for messages.
    line : int or None
        Counted from 1; a value in a mapping stands where its key does.
    """

    value: dict[str, Marked] | list[Marked] | str | None
    file: str
    line: int | None = None

    def error(self, what: str, *, fix: str | None = None) -> CodebookError:
        """Make the error that points at this piece.

        Examples
        --------
        >>> str(Marked("x", "book.yaml", 3).error("no such thing"))
        'book.yaml, line 3: no such thing'
        """
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return CodebookError(what, where=where, fix=fix)

    def read_fields(
        self, name: str, *, required: Sequence[str], optional: Sequence[str] = ()
    ) -> dict[str, Marked]:
        """Return a mapping's values by key.

        Raises
        ------
        CodebookError
            If this is not a mapping, lacks a required key, or has one that is not known.
        """
        if not isinstance(self.value, dict):
            raise self.error(
                f"{name} is {self._describe()}, not 'key: value' lines",
                fix=f"give it the keys {', '.join(required)}",
            )
        known = [*required, *optional]
        for key, child in self.value.items():
            if key not in known:
                raise child.error(f"unknown key '{key}' in {name}", fix=suggest(key, known))
        for key in required:
            if key not in self.value:
                raise self.error(f"{name} has no '{key}'", fix=f"add '{key}: ...'")
        return self.value

    def read_text(self, name: str, *, empty: bool = False) -> str:
        """Return a scalar without surrounding blanks.

        Raises
        ------
        CodebookError
            If this is not text, or is empty and may not be.
        """
        if isinstance(self.value, dict | list):
            raise self.error(f"{name} is {self._describe()}, not text", fix="write one text")
        text = (self.value or "").strip()
        if not text and not empty:
            raise self.error(f"{name} is empty", fix="write it or leave the key out")
        return text

    def read_items(self, name: str) -> list[Marked]:
        """Return the items of a list; nothing at all is an empty list.

        Raises
        ------
        CodebookError
            If this is something else.
        """
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            raise self.error(
                f"{name} is {self._describe()}, not a list", fix="open each item with '- '"
            )
        return self.value

    def read_texts(self, name: str) -> tuple[str, ...]:
        """Return the items of a list of texts."""
        return tuple(item.read_text(f"an item of {name}") for item in self.read_items(name))

    def _describe(self) -> str:
        if isinstance(self.value, dict):
            return "a mapping"
        if isinstance(self.value, list):
            return "a list"
        return "text" if self.value else "empty"


def mark_plain(value: Any, *, file: str) -> Marked:
    """Mark data that came from elsewhere, such as a model file's JSON; it has no lines.

    Examples
    --------
    >>> mark_plain({"version": 1.5}, file="m").value["version"].value
    '1.5'
    """
    if isinstance(value, dict):
        children = {str(key): mark_plain(child, file=file) for key, child in value.items()}
        return Marked(children, file)
    if isinstance(value, list | tuple):
        return Marked([mark_plain(child, file=file) for child in value], file)
    return Marked(None if value is None else str(value), file)


def parse_yaml(text: str, *, file: str) -> Marked:
    r"""Parse one YAML document; aliases work, tags and merge keys do nothing, no object is built.

    Raises
    ------
    CodebookError
        If it is empty, is not YAML, or names a key twice; the line is given.

    Examples
    --------
    >>> parse_yaml("a: 1\nb: [x]", file="book.yaml").value["b"].line
    2
    """
    import yaml

    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise _explain(error, file, text) from error
    except yaml.YAMLError as error:
        character = f"character {getattr(error, 'position', 0) + 1}"
        raise CodebookError(
            "a character that YAML does not allow",
            where=f"{file}, {character}",
            fix="remove it; save the file as UTF-8",
        ) from error
    except RecursionError as error:
        raise CodebookError("lists within lists beyond reason", where=file) from error
    if node is None:
        raise CodebookError("the file is empty", where=file, fix="write a codebook into it")
    return _mark_node(node, file, node.start_mark.line + 1, depth=0)


def _explain(error: yaml.MarkedYAMLError, file: str, text: str) -> CodebookError:
    """Put the parser's complaint in one line, with the two usual causes named."""
    mark = error.problem_mark or error.context_mark
    number = mark.line + 1 if mark else 1
    lines = text.splitlines() or [""]
    line = lines[min(number, len(lines)) - 1]
    what, fix = f"not valid YAML ({error.problem or error.context})", "check the lines above it"
    if "\t" in line[: len(line) - len(line.lstrip())]:
        what, fix = "a tab is used to indent", "indent with spaces"
    elif "mapping values are not allowed" in (error.problem or ""):
        fix = "put quotes around a text that holds ': '"
    return Marked(None, file, number).error(what, fix=fix)


def _mark_node(node: yaml.Node, file: str, line: int, *, depth: int) -> Marked:
    import yaml

    here = Marked(None, file, line)
    if depth > _DEEPEST:
        raise here.error("lists within lists beyond reason")
    if isinstance(node, yaml.MappingNode):
        return Marked(_mark_pairs(node, file, depth=depth), file, line)
    if isinstance(node, yaml.SequenceNode):
        items = [
            _mark_node(child, file, child.start_mark.line + 1, depth=depth + 1)
            for child in node.value
        ]
        return Marked(items, file, line)
    return Marked(None if node.tag == _NULL else str(node.value), file, line)


def _mark_pairs(node: yaml.MappingNode, file: str, *, depth: int) -> dict[str, Marked]:
    pairs: dict[str, Marked] = {}
    for key, child in node.value:
        line = key.start_mark.line + 1
        here = Marked(None, file, line)
        if not isinstance(key.value, str):
            raise here.error("a key is not text", fix="put quotes around it")
        if key.value in pairs:
            raise here.error(f"the key '{key.value}' stands twice", fix="keep one of them")
        pairs[key.value] = _mark_node(child, file, line, depth=depth + 1)
    return pairs
