"""What Python users call to measure drift, and the command line with them.

Brings together what `framing.measuring.drift` needs: the model that made the predictions, hand
codings with their weights, near-copies among articles, groups of sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from framing.coding.codings import merge_coders, read_labels
from framing.coding.scheme import Codebook
from framing.foreignness import find_doubts, find_trained
from framing.gathering import PathLike, gather_coded
from framing.measuring.drift import Design, Drift, Knowledge
from framing.measuring.drift import measure_drift as measure
from framing.measuring.eligibility import mark_article, name_articles, read_name
from framing.measuring.gold import UnitKey
from framing.measuring.predictions import map_cells
from framing.measuring.sides import Plan
from framing.measuring.spellings import fold_name
from framing.records.cells import is_missing, parse_text, restore_formula
from framing.records.tables import find_format, read_rows
from framing.schema import (
    CodedUnit,
    Coding,
    FramingError,
    InputError,
    Paragraph,
    Problem,
    ProblemSink,
)
from framing.scoring.instruments import read_instrument
from framing.scoring.model import Model
from framing.scoring.modelfile import load_model
from framing.shipped import find_model
from framing.text.duplicates import number_clusters
from framing.text.minhash import find_near_copies

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["measure_drift"]


def measure_drift(  # noqa: PLR0913  a name for each of the command's options
    predictions: pd.DataFrame,
    *,
    by: str = "source",
    over: str | None = None,
    gold: PathLike | Sequence[PathLike] | pd.DataFrame | None = None,
    model: Model | PathLike | None = None,
    reference: PathLike | Sequence[PathLike] | pd.DataFrame | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    against: str | None = None,
    margin: float | None = None,
    census: bool = False,
    naive: bool = False,
    copies: bool = True,
    level: float = 0.95,
    alpha: float = 0.05,
    resamples: int = 1000,
    permutations: int = 2000,
    seed: int = 0,
    report: ProblemSink | None = None,
) -> Drift:
    """Measure how framing differs between sources and moves over time.

    Parameters
    ----------
    predictions : pandas.DataFrame
        Output of ``framing predict``.
    by : str
        Column that names the source.
    over : {"year", "quarter", "month"}, optional
    gold : path, paths or DataFrame, optional
        Hand codings of some of the units, as coded data or filled sheets, with the columns
        ``inclusion_probability`` or ``weight`` where units had unequal chances to be coded.
    model : Model or path, optional
        What made the predictions; the shipped model if not given and if it did.
    reference : path, paths or DataFrame, optional
        Coded data that the model was trained on, to tell sources whose texts are foreign to it;
        words that it lacks are looked at without them.
    groups : mapping of str to list of str, optional
        Name of a group to its sources: groups are then compared in the place of their sources.
    against : str, optional
        Source that each other one is compared with.
    margin : float, optional
        Differences of shares below it count as none.
    census : bool
        The articles are all that there are.
    naive : bool
        Give shares of units decided for, too, for comparison.
    copies : bool
        Look for near-copies among the articles, where the predictions hold texts and dates.
    level, alpha : float
        Of intervals; of false discoveries.
    resamples, permutations, seed : int
    report : callable, optional
        Receives a Problem for each hand coding that could not be read.

    Returns
    -------
    Drift

    Raises
    ------
    InputError
        If the predictions or codings cannot be used, or an option makes no sense.
    MismatchError
        If predictions come from several models or codebooks, or from another model than given.
    """
    plan = Plan(level, alpha, margin, resamples, permutations, seed)
    design = Design(by=by, over=over, against=against, census=census, naive=naive, plan=plan)
    maker = find_maker(predictions, model)
    table = rename_groups(predictions, by, groups) if groups else predictions
    units: list[CodedUnit] = []
    weights: dict[UnitKey, float] = {}
    if gold is not None:
        units = read_gold(gold, maker.codebook if maker else None, report=report)
        weights = read_weights(gold)
    known = gather_coded(reference, report=report).units if reference is not None else []
    knowledge = Knowledge(
        instrument=read_instrument(maker) if maker else None,
        gold=units,
        weights=weights,
        doubts=find_doubts(table, by=by, model=maker, reference=known, seed=seed) if maker else {},
        copies=name_copies(table) if copies and over else {},
        trained=find_trained(table, maker) if maker else (),
    )
    return measure(table, design=design, knowledge=knowledge)


def find_maker(predictions: pd.DataFrame, model: Model | PathLike | None) -> Model | None:
    """Find the model that made predictions: what is given, or the shipped one if it did.

    Raises
    ------
    ModelFileError
        If the file that is given is not a model.
    """
    if isinstance(model, Model):
        return model
    if model is not None:
        return load_model(model)
    try:
        shipped = load_model(find_model())
    except FramingError:
        return None
    made_by = set(predictions["model"].dropna()) if "model" in predictions else set()
    return shipped if made_by == {shipped.hash} else None


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
        return gather_coded(gold, codebook=codebook, report=report).units
    paths = [Path(gold)] if isinstance(gold, str | Path) else [Path(path) for path in gold]
    bare = [path for path in paths if not _holds_texts(path)]
    told = [path for path in paths if path not in bare]
    units = gather_coded(told, codebook=codebook, report=report).units if told else []
    if not bare:
        return units
    if codebook is None:
        raise InputError(
            "codings without texts and without a codebook",
            where=str(bare[0]),
            fix="give the model that made the predictions (--model)",
        )
    codings = (coding for path in bare for coding in read_labels(path, codebook, report=report))
    merged = merge_coders([*units, *map(_stand_in, codings)])
    if merged.tied and report:
        reason = f"{merged.tied} of {merged.cells} cells left uncoded, since coders were split"
        report(Problem("coders", f"{reason} evenly", lost=False))
    return merged.units


def _holds_texts(path: Path) -> bool:
    """Tell coded data and sheets from labels, which know units by their ids alone."""
    if path.is_dir():
        return False
    first = next(iter(read_rows(path)), None) if path.is_file() else None
    return first is None or "text" in first.values


def _stand_in(coding: Coding) -> CodedUnit:
    return CodedUnit(Paragraph(coding.unit, "", "", 0, 0), coding)


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
        If a weight is not a number above 0, or a chance not one above 0 and up to 1.
    """
    if isinstance(gold, str | Path):
        path = Path(gold)
        rows = [] if path.is_dir() else read_rows(path)
        numbered = ((row.number, row.values) for row in rows)
        return _read_weights(numbered, str(path), restore=find_format(path) == "csv")
    if isinstance(gold, Sequence):
        return {key: weight for path in gold for key, weight in read_weights(path).items()}
    records = ({str(name): row[name] for name in row} for row in gold.to_dict("records"))
    return _read_weights(enumerate(records, start=1), "gold")


def _read_weights(
    rows: Iterable[tuple[int, Mapping[str, object]]], file: str, *, restore: bool = False
) -> dict[UnitKey, float]:
    found: dict[UnitKey, float] = {}
    for number, cells in rows:
        weight, chance = (parse_text(cells.get(key)) for key in ("weight", "inclusion_probability"))
        keys = list(_list_keys(cells, restore=restore))
        if keys and (weight is not None or chance is not None):
            named = f"unit {keys[0]}" if isinstance(keys[0], str) else f"row {number}"
            found |= dict.fromkeys(keys, _read_weight(weight, chance, f"{file}, {named}"))
    return found


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


def name_copies(predictions: pd.DataFrame) -> dict[str, str]:
    """Give articles that are near-copies of each other one name: wire copy and reprints.

    An article is what its units say one after the other, boilerplate aside. Articles without copies
    are left out.
    """
    if not {"text", "article", "kind"} <= set(predictions.columns):
        return {}
    columns = (map_cells(predictions[name], parse_text) for name in ("text", "kind"))
    texts: dict[str, list[str]] = {}
    for article, text, kind in zip(name_articles(predictions), *columns, strict=True):
        if article and text and kind != "boilerplate":
            texts.setdefault(article, []).append(text)
    copies = find_near_copies(["\n".join(parts) for parts in texts.values()])
    clusters = number_clusters(len(texts), copies)
    members: dict[int, list[str]] = {}
    for article, cluster in zip(texts, clusters.tolist(), strict=True):
        members.setdefault(cluster, []).append(str(mark_article(article)))
    return {
        article: f"copies of {articles[0]}"
        for articles in members.values()
        if len(articles) > 1
        for article in articles
    }
