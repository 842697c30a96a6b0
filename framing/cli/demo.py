"""``framing demo``: the main job from seeds to drift, on what comes with the package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from framing.cli.options import Seed, Workers, count_workers
from framing.cli.problems import keep_problems
from framing.cli.progress import show_progress

if TYPE_CHECKING:
    from framing.measuring.drift import Drift
    from framing.schema import Prediction
    from framing.scoring.model import Model


def run(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder to write everything to.")
    ] = Path("demo-output"),
    workers: Workers = 0,
    seed: Seed = 0,
) -> None:
    """Train on the shipped seeds, classify unseen articles, evaluate, and compare sources.

    Example: framing demo -o demo-output
    """
    from framing.schema import OutputError
    from framing.shipped import find_shipped

    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = f"cannot be made ({(error.strerror or str(error)).lower()})"
        raise OutputError(reason, where=str(output), fix="name another folder with -o") from error
    seeds, labels = find_shipped("seeds"), find_shipped("labels")
    with keep_problems(output / "quarantine.jsonl") as log:
        typer.echo("1/4 training on the seeds (about a minute) ...", err=True)
        model, training = _train(
            seeds, labels, output, workers=count_workers(workers), seed=seed, log=log
        )
        typer.echo("2/4 classifying articles of three outlets that it has never seen ...", err=True)
        predictions = _predict(model, seeds / "test", output, log=log)
        typer.echo("3/4 evaluating on their codings ...", err=True)
        evaluation = _evaluate(model, seeds / "test", labels / "test", output, seed=seed, log=log)
        typer.echo("4/4 comparing the outlets ...", err=True)
        drift = _compare(output, seed=seed)
    from framing.records.writing import write_text
    from framing.reporting.demos import format_summary
    from framing.reporting.pages import render_page

    names = model.codebook.names
    sentences = format_summary(training, evaluation, drift, predictions, names)
    page = render_page(
        "Framing of critical minerals by three outlets",
        summary=sentences,
        drift=drift,
        predictions=predictions,
        names=names,
    )
    write_text(output / "report.html", page)
    typer.echo("\n" + "\n\n".join(sentences) + "\n")
    typer.echo(_list_files(output))


def _train(
    seeds: Path, labels: Path, output: Path, *, workers: int, seed: int, log: Any
) -> tuple[Model, dict[str, Any]]:
    from framing.gathering import gather_coded
    from framing.learning.crossfitting import Workers as Pool
    from framing.learning.design import Design
    from framing.learning.training import Settings, train
    from framing.records.writing import write_text
    from framing.reporting.training import format_training
    from framing.scoring.modelfile import save_model
    from framing.version import VERSION

    coded = gather_coded(seeds=seeds, labels=labels, report=log)
    with show_progress("training") as advance:
        model, report = train(
            coded.units,
            coded.codebook,
            settings=Settings(splits=("source",), design=Design(seed=seed)),
            workers=Pool(workers, advance),
            version=VERSION,
        )
    content = report.to_dict()
    write_text(output / "training.md", format_training(content) + "\n")
    return save_model(model, output / "model.safetensors"), content


def _predict(model: Model, articles: Path, output: Path, *, log: Any) -> list[Prediction]:
    from framing.scoring.outputs import open_predictions
    from framing.scoring.predicting import predict_batch
    from framing.text.reading import read_articles
    from framing.text.segmentation import segment
    from framing.text.unitbatches import pack_units

    units = [unit for article in read_articles(articles, report=log) for unit in segment(article)]
    with open_predictions(output / "predictions.csv", model) as writer:
        writer.write(predict_batch(model, pack_units(units)))
    return model.predict_paragraphs(units)


def _evaluate(
    model: Model, seeds: Path, labels: Path, output: Path, *, seed: int, log: Any
) -> dict[str, Any]:
    from framing.gathering import gather_coded
    from framing.learning.design import Design
    from framing.learning.evaluation import evaluate
    from framing.records.writing import write_text
    from framing.reporting.training import format_evaluation

    coded = gather_coded(seeds=seeds, labels=labels, report=log)
    report = evaluate(model, coded.units, design=Design(seed=seed)).to_dict()
    write_text(output / "evaluation.md", format_evaluation(report) + "\n")
    return report


def _compare(output: Path, *, seed: int) -> Drift:
    from framing.measurement import measure_drift
    from framing.records.writing import write_text
    from framing.reporting.drift import format_drift, write_drift
    from framing.scoring.predictionfiles import read_predictions

    drift = measure_drift(
        read_predictions(output / "predictions.csv"), model=output / "model.safetensors", seed=seed
    )
    write_drift(drift, output / "drift.csv")
    write_text(output / "drift.md", format_drift(drift) + "\n")
    return drift


_FILES = {
    "report.html": "open this in a browser: shares by outlet, paragraphs with their evidence",
    "training.md": "held-out figures of the model, beside the naive pipeline's",
    "evaluation.md": "the model on the three outlets, frame by frame",
    "drift.md": "shares by outlet with intervals (drift.csv: the same for a program)",
    "predictions.csv": "one row a paragraph",
    "model.safetensors": "the model: framing predict ARTICLES -m ... -o out.csv",
    "quarantine.jsonl": "what could not be used, and why",
}


def _list_files(output: Path) -> str:
    written = [(output / name, what) for name, what in _FILES.items() if (output / name).exists()]
    width = max(len(str(path)) for path, _ in written)
    return "\n".join(f"{str(path).ljust(width)}  {what}" for path, what in written)
