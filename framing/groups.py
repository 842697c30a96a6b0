"""Groups of sources, which are measured in the place of their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from framing.gathering import PathLike
from framing.measuring.eligibility import name_articles
from framing.measuring.predictions import map_cells, read_name
from framing.measuring.spellings import fold_name
from framing.schema import InputError

if TYPE_CHECKING:
    import pandas as pd


def read_groups(path: PathLike) -> dict[str, list[str]]:
    """Read groups of sources from a YAML file: a name, and a list of sources, each.

    Raises
    ------
    InputError
        If the file cannot be read or says something else.
    """
    try:
        content = yaml.safe_load(Path(path).read_text("utf-8-sig"))
    except (OSError, ValueError, yaml.YAMLError) as error:  # a date that is none, among others
        raise InputError(
            "the groups cannot be read", where=str(path), fix="give a YAML file"
        ) from error
    if not isinstance(content, dict) or not content or not all(map(_is_named, content.values())):
        raise InputError(
            "these are no groups", where=str(path), fix="write 'name: [source, source]' a line"
        )
    return {str(name): [str(member) for member in members] for name, members in content.items()}


def _is_named(members: object) -> bool:
    """Tell a list of sources; numbers are names, too."""
    return isinstance(members, list) and all(isinstance(m, str | int | float) for m in members)


def find_strangers(
    predictions: pd.DataFrame, by: str, groups: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Say which members of the groups are no source, and what they may have been meant for."""
    if by not in predictions:
        return
    sources = dict.fromkeys(source for source in map_cells(predictions[by], read_name) if source)
    known = {fold_name(source): source for source in sources}
    for group, members in groups.items():
        for member in members:
            if (name := fold_name(member)) not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"; did you mean {known[near[0]]!r}?" if near else ""
                yield f"no {by} is called {member!r}, which the group {group!r} names{hint}"


def rename_groups(
    predictions: pd.DataFrame, by: str, groups: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Put groups in the place of their sources, however spelled; others keep their names.

    Raises
    ------
    InputError
        If a source is named twice, none of them occurs, or another source has a group's name.
    """
    import pandas as pd

    home: dict[str, str] = {}
    for group, members in groups.items():
        for member in members:
            name = fold_name(member)
            if name in home:
                raise InputError(
                    f"{member!r} stands in the groups {home[name]!r} and {group!r}"
                    if home[name] != group
                    else f"{member!r} stands twice in the group {group!r}",
                    fix="name each source once",
                )
            home[name] = group
    if by not in predictions:
        return predictions  # whoever measures says what is missing
    sources = map_cells(predictions[by], read_name)
    found = [home.get(fold_name(source)) if source else None for source in sources]
    if not any(found):
        raise InputError(
            "no source of the groups is among the predictions",
            fix=f"name sources as the column {by!r} does",
        )
    names = {fold_name(group): group for group in groups}
    for source, own in zip(sources, found, strict=True):
        if source and own is None and fold_name(source) in names:
            raise InputError(
                f"{source!r} is a source beside the group {names[fold_name(source)]!r}",
                fix="put it into a group, or call the group something else",
            )
    renamed = [group or source for group, source in zip(found, sources, strict=True)]
    columns = {by: renamed}
    if "article" in predictions:  # while it is known which source each is of
        columns["article"] = name_articles(predictions)
    return predictions.assign(
        **{
            name: pd.Series(cells, predictions.index, dtype=object)
            for name, cells in columns.items()
        }
    )
