"""A run on an engine, from tables to a folder of part files, as one process would predict them."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from framing.engines.folders import check_absent, name_parts, open_folder
from framing.engines.inputs import PACKED, InputTable
from framing.engines.pieces import Engine
from framing.engines.prediction import Order, choose_schema, predict_piece
from framing.engines.renaming import find_repeated, rename
from framing.engines.surveys import (
    Survey,
    list_concerned,
    read_concerned,
    survey_piece,
    unpack_survey,
)
from framing.records.packing import find_packing, strip_packing
from framing.records.tables import find_format
from framing.schema import InputError, OutputError, ProblemSink
from framing.scoring.modelfile import load_model
from framing.scoring.outputs import open_predictions

Renamed = dict[int, dict[int, str]]


def check_output(output: str) -> Path:
    """Return the folder that an output stands for.

    Raises
    ------
    InputError
        If its suffix stands for no format, or for one that engines do not write.
    OutputError
        If it is standard output, or there is something already.
    """
    if output == "-":
        raise OutputError(
            "an engine writes a folder", where="-", fix="name it: -o predictions.parquet"
        )
    path = Path(output)
    if find_format(path) is None or find_packing(path) not in {None, PACKED}:
        raise InputError(
            "the suffix names no format that engines write",
            where=output,
            fix=f"use .parquet, .csv or .jsonl, the last two with {PACKED} if need be",
        )
    check_absent(path)
    return path


def predict_tables(
    engine: Engine,
    tables: Sequence[InputTable],
    model: Path,
    output: Path,
    *,
    evidence: bool = True,
    raw: bool = False,
    report: ProblemSink,
) -> Counter[str]:
    """Predict each row of some tables into a folder of part files, in input order.

    Parameters
    ----------
    engine : Engine
    tables : sequence of InputTable
    model : Path
        Sent to each worker once.
    output : Path
        The folder, which must not be there yet; its suffix says the format of the parts.
    evidence : bool
        Whether to look for the terms that drove each label.
    raw : bool
        Write CSV cells that open like a formula as they are.
    report : callable
        Receives a Problem for each flaw of the input, in its order.

    Returns
    -------
    Counter
        ``units``; and of a model of mentions those whose text lacks its target (``missing``), those
        with one (``named``) and those without (``nameless``).

    Raises
    ------
    InputError
        If a table cannot be used.
    OutputError
        If there is something at `output`, or nothing can be written there.
    FramingError
        If the engine gives up.
    """
    loaded = load_model(model)
    kind = find_format(output) or "parquet"
    suffix = strip_packing(output).suffix + (find_packing(output) or "")
    with open_folder(output) as folder:
        engine.lay_out(tables)
        surveys, renamed = survey_all(engine, mentions=loaded.sees_mentions)
        for survey in surveys:
            for problem in survey.problems:
                report(problem)
            if survey.error:
                raise survey.error
        n_units = [survey.counts["units"] for survey in surveys]
        work = folder / "work"
        work.mkdir()
        shipped = shutil.copyfile(model, work / f"{loaded.hash}.safetensors")
        order = Order(engine.ship(shipped), loaded.hash, kind, evidence, raw, n_units, renamed)
        predict, schema = partial(predict_piece, order=order), choose_schema(loaded, kind)
        name_parts(engine.write(predict, schema, work / "parts", suffix), folder, suffix)
        shutil.rmtree(work)
        if not any(folder.iterdir()):
            with open_predictions(folder / f"part-00000{suffix}", loaded, raw=raw):
                """A table without rows, so that the columns are known."""
    tally = sum((survey.counts for survey in surveys), Counter[str]())
    if loaded.sees_mentions:
        tally["nameless"] = tally["units"] - tally["named"]
    return tally


def survey_all(engine: Engine, *, mentions: bool) -> tuple[list[Survey], Renamed]:
    """Survey all pieces, a second time with new names where ids come again."""
    surveys = _survey(engine, mentions=mentions)
    repeated = find_repeated([survey.hashes for survey in surveys])
    if not repeated or any(survey.error for survey in surveys):
        return surveys, {}
    listed = engine.gather(partial(list_concerned, repeated=repeated))
    renamed = rename(map(read_concerned, listed))
    return _survey(engine, mentions=mentions, renamed=renamed), renamed


def _survey(engine: Engine, *, mentions: bool, renamed: Renamed | None = None) -> list[Survey]:
    work = partial(survey_piece, mentions=mentions, renamed=renamed)
    return [unpack_survey(packed) for packed in engine.gather(work)]
