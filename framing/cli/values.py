"""Values of parameters that are plainly right, taken as they are.

Recent releases of Typer hand every value to Pydantic, defaults among them, which takes as long to
load as numpy does. What is no plain value goes there still, errors with it. Where Typer works in
another way, nothing is changed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

import typer
from typer.core import TyperCommand, TyperGroup

from framing.cli.pages import load_pages

_WHOLE = re.compile(r"\d{1,15}", re.ASCII)
_UNKNOWN = object()
_USUAL = {
    **dict.fromkeys(("parser", "click_type", "path_type"), None),
    **dict.fromkeys(("exists", "writable", "resolve_path", "allow_dash", "clamp"), False),
    **dict.fromkeys(("readable", "file_okay", "dir_okay", "case_sensitive"), True),
}
"""What Typer asks of a value unless it is told otherwise."""


class PlainCommand(TyperCommand):
    """A command that loads no more than it needs: plain values it takes itself.

    Of an option that takes one value, a second is refused.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of a command line.

        Raises
        ------
        typer.BadParameter
            If they are not understood.
        """
        words = list(args)
        rest = super().parse_args(ctx, args)
        *_, given = self.make_parser(ctx).parse_args(args=words)
        refuse_repeated(given, ctx)
        return rest

    def get_params(self, ctx: Any) -> Any:
        """List the parameters, that of the help among them."""
        return take_plain_values(super().get_params(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the page of help."""
        load_pages()
        super().format_help(ctx, formatter)


class PlainGroup(TyperGroup):
    """A group of commands of which the same holds."""

    def get_params(self, ctx: Any) -> Any:
        """List the parameters, that of the help among them."""
        return take_plain_values(super().get_params(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the page of help."""
        load_pages()
        super().format_help(ctx, formatter)


def refuse_repeated(given: Sequence[Any], ctx: Any) -> None:
    """Refuse an option whose last value would silently take the place of those before.

    Parameters
    ----------
    given : sequence of parameters
        In the order of the command line.
    ctx : context

    Raises
    ------
    typer.BadParameter
    """
    for place, parameter in enumerate(given):
        if parameter in given[:place] and _takes_one(parameter):
            raise typer.BadParameter("it is given twice; give one value", ctx, parameter)


def _takes_one(parameter: Any) -> bool:
    if parameter.param_type_name != "option":
        return False
    return not (parameter.multiple or parameter.is_flag or parameter.count)


def take_plain_values(parameters: list[Any]) -> list[Any]:
    """Let each of a command's parameters take plain values itself, and Typer read all others.

    Parameters of which more than the usual is asked stay Typer's altogether.
    """
    for parameter in parameters:
        build = getattr(parameter, "get_runtime_param", None)
        described = getattr(parameter, "type_descriptor", None)
        if not build or not described or "get_runtime_param" in vars(parameter):
            continue
        if all(getattr(described.parameter_info, k, v) == v for k, v in _USUAL.items()):
            own = PlainValues(described.annotation, described.parameter_info, build)
            parameter.get_runtime_param = lambda own=own: own
    return parameters


class PlainValues:
    """Takes what is plainly of a parameter's type, and hands on all else.

    Parameters
    ----------
    annotation : type
        Of the parameter, without ``None``.
    info : object
        What Typer knows of it; the bounds of a number are its ``min`` and ``max``.
    build : callable
        Makes what reads any value, when it is needed.
    """

    def __init__(self, annotation: Any, info: Any, build: Callable[[], Any]) -> None:
        self._annotation = annotation
        self._info = info
        self._build = build

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return a value in the parameter's type, as Typer does.

        Raises
        ------
        typer.BadParameter
            If it cannot be had; raised by Typer.
        """
        taken = self._take(value, many=param.multiple or param.nargs == -1)
        return self._build().coerce(value, param=param, ctx=ctx) if taken is _UNKNOWN else taken

    def _take(self, value: Any, *, many: bool) -> Any:
        if value is None:
            return () if many else None
        if not many:
            return read_plain(value, self._annotation, self._info)
        if get_origin(self._annotation) is not list or not isinstance(value, list | tuple):
            return _UNKNOWN
        (kind,) = get_args(self._annotation)
        items = [read_plain(item, kind, self._info) for item in value]
        return _UNKNOWN if any(item is _UNKNOWN for item in items) else items


def read_plain(value: Any, kind: Any, info: Any) -> Any:
    """Return a value in its type, or `_UNKNOWN` where that takes more than a look."""
    if kind is str:
        return value if isinstance(value, str) else _UNKNOWN
    if kind is Path:
        plain = isinstance(value, str | Path) and not _is_closed(value)
        return Path(value) if plain else _UNKNOWN
    if kind is int or kind is float:
        return _read_number(value, kind, info)
    if kind is bool:
        return value if isinstance(value, bool) else _UNKNOWN
    if isinstance(kind, type) and issubclass(kind, Enum) and value in list(kind):
        return kind(value)
    return _UNKNOWN


def _is_closed(path: str | Path) -> bool:
    """Tell a file that is there but not for us to read; Typer says so."""
    return os.path.exists(path) and not os.access(path, os.R_OK)  # noqa: PTH110  not a Path yet


def _read_number(value: Any, kind: type[int | float], info: Any) -> Any:
    whole = isinstance(value, str) and _WHOLE.fullmatch(value)
    if not whole and type(value) is not kind:
        return _UNKNOWN
    number = kind(value)
    low, high = info.min, info.max
    inside = (low is None or number >= low) and (high is None or number <= high)
    return number if inside else _UNKNOWN
