"""``framing explain``: a paragraph with the terms that drove its labels."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, NoReturn, Optional

import typer

from framing.cli.options import ModelFile, spare_threads
from framing.cli.problems import ProblemLog, keep_problems

if TYPE_CHECKING:
    from framing.scoring.model import Model


def run(
    articles: Annotated[
        Optional[list[str]],  # noqa: UP045  Typer reads it
        typer.Argument(metavar="ARTICLES", help="Files, folders, globs, tables, or -."),
    ] = None,
    text: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--text", "-t", help="One paragraph, instead of articles."),
    ] = None,
    target: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--target", help="With --text: how it names the target of the stance."),
    ] = None,
    model: ModelFile = None,
    frame: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--frame", help="Explain this frame even where it is absent."),
    ] = None,
) -> None:
    """Show paragraphs with the terms highlighted that spoke for each of their labels.

    Example: framing explain --text "Beijing tightened its magnet exports."
    """
    _check_usage(articles, text, target)
    spare_threads()

    from rich.console import Console

    from framing.reporting.highlights import check_frame, check_target, render_explanation
    from framing.scoring.modelfile import load_model
    from framing.shipped import find_model

    loaded = load_model(model or find_model())
    check_frame(loaded, frame)
    check_target(loaded, target)
    for remark in _list_remarks(loaded, text, target, frame):
        typer.echo(remark, err=True)
    console = Console(highlight=False, soft_wrap=True)
    console.on_broken_pipe = _pass_on  # type: ignore[method-assign]  # rich exits with 1
    with keep_problems() as log:
        n_shown = 0
        for title, paragraph in _list_paragraphs(articles or [], text, log):
            n_shown += 1
            if title:
                console.print(f"\n{title}", style="bold", markup=False, emoji=False)
            console.print(render_explanation(loaded.explain(paragraph, target), frame=frame))
    log.require_some(n_shown)


def _check_usage(articles: list[str] | None, text: str | None, target: str | None) -> None:
    if text is None and not articles:
        raise typer.BadParameter("name an article, or give --text", param_hint="ARTICLES")
    if text is not None and articles:
        raise typer.BadParameter("give articles or --text, not both", param_hint="ARTICLES")
    if target is not None and text is None:
        raise typer.BadParameter("goes with --text", param_hint="--target")
    if target is not None and not target.strip():
        raise typer.BadParameter("give a name as it stands in the text", param_hint="--target")


def _list_remarks(
    model: Model, text: str | None, target: str | None, frame: str | None
) -> Iterator[str]:
    """Yield what keeps the stance toward a target from being told, or told well."""
    from framing.scoring.mentions import count_missing

    if not model.sees_mentions or frame is not None:
        return
    if target is None:
        yield "no target is named, so no stance toward one is told; use --text and --target"
    elif text is not None and count_missing([(text, target)])[0]:
        yield f"the target '{target}' is not in the text"


def _pass_on() -> NoReturn:
    raise BrokenPipeError


def _list_paragraphs(
    articles: list[str], text: str | None, log: ProblemLog
) -> Iterator[tuple[str | None, str]]:
    if text is not None:
        yield None, text
        return

    from framing.text.reading import read_articles
    from framing.text.segmentation import segment

    for article in read_articles(articles, report=log, stdin=sys.stdin.buffer):
        units = [unit for unit in segment(article) if unit.kind != "boilerplate"]
        for number, unit in enumerate(units):
            yield (article.title or article.id if number == 0 else None), unit.text
