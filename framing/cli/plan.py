"""``framing plan``: how many articles to code by hand, and which."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from framing.cli.options import AsJson, CodebookFile, Period, Seed
from framing.cli.places import check_apart, check_new, check_place
from framing.cli.problems import keep_problems

if TYPE_CHECKING:
    import pandas as pd

    from framing.coding.scheme import Codebook


def run(
    predictions: Annotated[
        list[Path], typer.Argument(metavar="PREDICTIONS", help="What 'framing predict' wrote.")
    ],
    detect: Annotated[
        float, typer.Option("--detect", help="Change of a frame's share to find, such as 0.10.")
    ],
    output: Annotated[
        Optional[Path],  # noqa: UP045  Typer reads it
        typer.Option("--output", "-o", help="Write the drawn articles there as a sheet (.csv)."),
    ] = None,
    power: Annotated[float, typer.Option(help="Chance to find it.")] = 0.8,
    between: Annotated[
        Optional[tuple[str, str]],  # noqa: UP045
        typer.Option(
            metavar="A B",
            help="Two sources, or two years, quarters (2025-Q2) or months (2025-04); the last two "
            "periods with 20 articles if not given.",
        ),
    ] = None,
    over: Annotated[
        Period, typer.Option(help="Width of a period where none is named.")
    ] = Period.year,
    frame: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--frame",
            help="Plan for this frame, or stance (TARGET=VALUE); if not given, for the frame that "
            "needs most.",
        ),
    ] = None,
    alpha: Annotated[float, typer.Option(help="Level of the two-sided test.")] = 0.05,
    design_effect: Annotated[
        float, typer.Option(help="How much more an article errs than if its units erred apart.")
    ] = 1.5,
    census: Annotated[
        bool, typer.Option("--census", help="The archive is all there is, and no sample.")
    ] = False,
    codebook: CodebookFile = None,
    coder: Annotated[str, typer.Option("--coder", help="Name of the person who will code.")] = "",
    seed: Seed = 0,
    json: AsJson = False,
) -> None:
    """Say how many articles to code by hand to find a change, draw them, and write their sheet.

    Example: framing plan predictions.csv --detect 0.10 --power 0.8 -o sample.csv
    """
    import pandas as pd

    from framing.measuring.plans.planmaking import plan_coding
    from framing.measuring.plans.planning import Aim
    from framing.reporting.plans import format_plan
    from framing.reporting.tables import format_json
    from framing.scoring.predictionfiles import read_predictions

    aim = Aim(detect, power, alpha, design_effect, is_census=census)
    if output:
        _check_output(output, predictions)
    with keep_problems() as log:
        tables = [read_predictions(path, report=log) for path in predictions]
    table = pd.concat(tables, ignore_index=True)
    plan = plan_coding(table, aim, between=between or (), over=over.value, frame=frame, seed=seed)
    if output:
        from framing.records.writing import open_table
        from framing.reporting.plans import list_plan_columns, list_plan_rows

        book = _find_codebook(codebook, table, plan.codebook)
        with open_table(output, list_plan_columns(book), format="csv", mark=True) as sheet:
            sheet.write(list_plan_rows(plan, table, book, coder=coder))
        _tell(plan.n_units, plan.n_articles, output)
    typer.echo(format_json(plan.to_dict()) if json else format_plan(plan))


def _tell(n_units: int, n_articles: int, output: Path) -> None:
    from framing.coding.sheets import HELP

    said = f"{n_units} units of {n_articles} articles to code, written to {output}. {HELP}"
    typer.echo(said, err=True)


def _check_output(path: Path, inputs: list[Path]) -> None:
    """Refuse what is no sheet, or would overwrite something, before anything is computed."""
    from framing.records.tables import find_format
    from framing.schema import InputError

    if find_format(path) != "csv":
        raise InputError("a sheet is a CSV file", where=str(path), fix="name it .csv")
    check_apart([path], inputs=inputs)
    check_new(path, "sheet")
    check_place(path)


def _find_codebook(path: Path | None, table: pd.DataFrame, wanted: str) -> Codebook:
    """Find the codebook that the predictions name, or make one of the names that they hold."""
    from framing.gathering import find_default_codebook
    from framing.reporting.plans import make_codebook
    from framing.schema import MismatchError

    book = find_default_codebook(path)
    if book.hash == wanted:
        return book
    if path is None:
        return make_codebook(table)
    raise MismatchError(
        f"this is codebook {book.hash}, the predictions follow {wanted}",
        where=str(path),
        fix="name the codebook of their model, or leave --codebook out",
    )
