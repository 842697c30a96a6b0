"""``framing predict --engine``: the same prediction on Dask or Spark."""

from __future__ import annotations

from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from framing.cli.options import EngineName, Unit

if TYPE_CHECKING:
    from framing.engines.pieces import Engine
    from framing.schema import ProblemSink

EngineAddress = Annotated[
    Optional[str],  # noqa: UP045  Typer reads it
    typer.Option(
        "--engine-address",
        help="Dask scheduler (tcp://host:8786) or Spark master (spark://host:7077, yarn); "
        "--workers of this machine if not given.",
    ),
]


def check_choice(engine: EngineName, unit: Unit, address: str | None) -> None:
    """Refuse what an engine cannot do, before anything is read.

    Raises
    ------
    typer.BadParameter
        If an engine is to cut paragraphs, or there is an address and no engine.
    """
    if engine is EngineName.local:
        if address is not None:
            raise typer.BadParameter("it needs --engine", param_hint="--engine-address")
    elif unit is not Unit.row:
        raise typer.BadParameter(
            "an engine takes each row of a table as one unit: add --unit row", param_hint="--engine"
        )


def predict_on_engine(
    name: EngineName,
    articles: list[str],
    model: Path,
    output: str,
    *,
    address: str | None,
    workers: int,
    evidence: bool,
    raw: bool,
    report: ProblemSink,
) -> Counter[str]:
    """Start an engine, predict the rows of some tables on it, and count what it did."""
    from framing.engines.inputs import list_tables
    from framing.engines.runs import check_output, predict_tables

    folder = check_output(output)
    tables = list(list_tables(articles))
    with _start(name, address, workers) as engine:
        return predict_tables(
            engine, tables, model, folder, evidence=evidence, raw=raw, report=report
        )


def _start(name: EngineName, address: str | None, workers: int) -> AbstractContextManager[Engine]:
    if name is EngineName.dask:
        from framing.engines.daskengine import start_dask

        return start_dask(address, workers=workers)
    from framing.engines.sparkengine import start_spark

    return start_spark(address, workers=workers)
