"""What Python users call to measure drift, and the command line with them.

Brings together what `framing.measuring.drift` needs: the model that made the predictions, hand
codings with their weights, near-copies among articles, groups of sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from framing.foreignness import find_doubts, find_misfits, find_trained
from framing.gathering import PathLike, gather_coded
from framing.groups import find_strangers, rename_groups
from framing.handcodings import read_gold, read_weights
from framing.measuring.contrasts.sides import Plan
from framing.measuring.drift import Design, Drift, Knowledge
from framing.measuring.drift import measure_drift as measure
from framing.measuring.eligibility import mark_article
from framing.measuring.intervals import index_articles
from framing.measuring.prevalence.gold import UnitKey
from framing.schema import (
    CodedUnit,
    FramingError,
    Problem,
    ProblemSink,
)
from framing.scoring.domains import read_score_laws
from framing.scoring.instruments import read_instrument
from framing.scoring.model import Model
from framing.scoring.modelfile import load_model
from framing.shipped import find_model
from framing.text.duplicates import number_clusters
from framing.text.minhash import find_near_copies
from framing.unittexts import UnitTexts, read_texts

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
    strangers = list(find_strangers(predictions, by, groups or {}))
    if report:
        for stranger in strangers:
            report(Problem("groups", stranger, lost=False))
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
        **_look_at_texts(table, design, maker, known, copies=copies),
        notes=[*strangers, *(_note_unchecked(maker) if maker else ())],
    )
    return measure(table, design=design, knowledge=knowledge)


def _look_at_texts(
    table: pd.DataFrame,
    design: Design,
    maker: Model | None,
    reference: Sequence[CodedUnit],
    *,
    copies: bool,
) -> dict[str, Any]:
    """Find doubts, near-copies and texts of training: fields of `Knowledge`."""
    texts = read_texts(table, by=design.by, over=design.over)
    found: dict[str, Any] = {"copies": name_copies(texts) if copies and design.over else {}}
    if maker is None:
        return found
    trained = find_trained(texts, maker)
    misfits = find_misfits(table, by=design.by, model=maker, trained=trained)
    foreign = find_doubts(texts, model=maker, reference=reference, seed=design.plan.seed)
    return found | {"trained": trained, "doubts": misfits | foreign}


def _note_unchecked(model: Model) -> Iterator[str]:
    """Say that scores were not checked, where a model does not say how training's lay."""
    if model.frame_ids and read_score_laws(model) is None:
        yield (
            "whether scores lie as in training was not checked: the model does not say how they "
            "lay there"
        )


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


def name_copies(units: UnitTexts) -> dict[str, str]:
    """Give articles that are near-copies of each other one name: wire copy and reprints.

    An article is what its units say one after the other, boilerplate aside. Articles without copies
    are left out.
    """
    if not len(units):
        return {}
    numbers, n_articles = index_articles(units.articles)
    copies = find_near_copies(units.words.join(numbers, n_articles))
    clusters = number_clusters(n_articles, copies)
    members: dict[int, list[str]] = {}
    for article, cluster in zip(dict.fromkeys(units.articles), clusters.tolist(), strict=True):
        members.setdefault(cluster, []).append(str(mark_article(article)))
    return {
        article: f"copies of {articles[0]}"
        for articles in members.values()
        if len(articles) > 1
        for article in articles
    }
