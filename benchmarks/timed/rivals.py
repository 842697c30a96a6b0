"""A rival pipeline in a process: ``python -m timed.rivals NAME CORPUS FITTED OUTPUT``.

Each reads the corpus, names six probabilities and the frames of every unit, and writes the table
with both, as ``framing predict`` does. FITTED is what it needs of `timed.models`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

BATCH = 20_000
_VW = "--probabilities --loss_function logistic --quiet"
_FASTTEXT, _LABEL, _NOTHING = "fasttext", "__label__", "__label__none"

Pipeline = Callable[[Path, Path, Path], None]


def run_naive(corpus: Path, fitted: Path, output: Path) -> None:
    """Take the whole table at once: read_json, transform, a predict_proba a frame, to_csv."""
    import pandas as pd

    from timed.models import Fitted

    model = Fitted.load(fitted)
    frame = pd.read_json(corpus, lines=True, dtype=False)
    _predict(model, frame).to_csv(output, index=False)


def run_chunked(corpus: Path, fitted: Path, output: Path) -> None:
    """Do the same in chunks, by two processes of joblib, and write them in order."""
    import pandas as pd
    from joblib import Parallel, delayed

    from timed.models import Fitted

    model = Fitted.load(fitted)
    chunks = pd.read_json(corpus, lines=True, chunksize=BATCH, dtype=False)
    done = Parallel(n_jobs=2, return_as="generator")(
        delayed(_predict)(model, chunk) for chunk in chunks
    )
    with output.open("w", encoding="utf-8") as stream:
        for number, part in enumerate(done):
            part.to_csv(stream, index=False, header=number == 0)


def _predict(model: Any, frame: Any) -> Any:
    features = model.vectorizer.transform(frame["text"].to_list())
    columns = {
        name: regression.predict_proba(features)[:, 1]
        for name, regression in model.regressions.items()
    }
    return _add(frame, columns)


def _add(frame: Any, columns: dict[str, Any]) -> Any:
    names = np.array(list(columns), dtype=object)
    present = np.column_stack(list(columns.values())) >= 0.5
    labels = [";".join(names[row]) for row in present]
    probabilities = {f"p:{name}": column for name, column in columns.items()}
    return frame.assign(frames=labels, **probabilities)


def run_fasttext(corpus: Path, fitted: Path, output: Path) -> None:
    """Ask the fastText library for all labels of a chunk's texts in one call."""
    import pandas as pd

    model = import_module(_FASTTEXT).load_model(str(fitted))
    names = sorted(label.removeprefix(_LABEL) for label in model.get_labels())
    with output.open("w", encoding="utf-8") as stream:
        chunks = pd.read_json(corpus, lines=True, chunksize=BATCH, dtype=False)
        for number, chunk in enumerate(chunks):
            texts = [text.replace("\n", " ").lower() for text in chunk["text"]]
            labels, shares = model.predict(texts, k=-1)
            found = [
                dict(zip(row, values, strict=True))
                for row, values in zip(labels, shares, strict=True)
            ]
            columns = {
                name: np.array([row.get(_LABEL + name, 0.0) for row in found])
                for name in names
                if _LABEL + name != _NOTHING
            }
            _add(chunk, columns).to_csv(stream, index=False, header=number == 0)


def train_fasttext(
    texts: Sequence[str], codes: Any, frames: Sequence[str], path: Path, *, seed: int
) -> None:
    """Train fastText's one-against-rest classifier on words and word pairs, and save it."""
    lines = [
        " ".join([*(_LABEL + f for f, on in zip(frames, row, strict=True) if on)] or [_NOTHING])
        + f" {text.lower()}\n"
        for text, row in zip(texts, codes, strict=True)
    ]
    source = path.with_suffix(".txt")
    source.write_text("".join(lines), encoding="utf-8")
    settings = {"loss": "ova", "wordNgrams": 2, "dim": 10, "bucket": 200_000, "thread": 1}
    model = import_module(_FASTTEXT).train_supervised(
        str(source), verbose=0, seed=seed, epoch=5, lr=0.5, **settings
    )
    model.save_model(str(path))


def run_vw(corpus: Path, fitted: Path, output: Path) -> None:
    """Ask Vowpal Wabbit's Python package text by text; one logistic learner a frame."""
    import pandas as pd

    workspace = import_module("vowpalwabbit").Workspace(f"-i {fitted} --testonly {_VW}")
    names = fitted.with_suffix(".names").read_text(encoding="utf-8").split()
    with output.open("w", encoding="utf-8") as stream:
        chunks = pd.read_json(corpus, lines=True, chunksize=BATCH, dtype=False)
        for number, chunk in enumerate(chunks):
            found = [workspace.predict(_write_vw(text)) for text in chunk["text"]]
            # Its lists grow when it uses an example again; the last ones are this text's.
            shares = np.array([values[-len(names) :] for values in found])
            columns = dict(zip(names, shares.T, strict=True))
            _add(chunk, columns).to_csv(stream, index=False, header=number == 0)
    workspace.finish()


def train_vw(
    texts: Sequence[str], codes: Any, frames: Sequence[str], path: Path, *, seed: int
) -> None:
    """Train Vowpal Wabbit's multi-label learner on words and word pairs, and save it."""
    workspace = import_module("vowpalwabbit").Workspace(
        f"--multilabel_oaa {len(frames)} --ngram 2 -b 18 --random_seed {seed} {_VW}"
    )
    for text, row in zip(texts, codes, strict=True):
        labels = ",".join(str(number) for number in np.flatnonzero(row))
        workspace.learn(f"{labels} {_write_vw(text)}")
    workspace.save(str(path))
    workspace.finish()
    path.with_suffix(".names").write_text(" ".join(frames), encoding="utf-8")


def _write_vw(text: str) -> str:
    return "| " + text.lower().replace(":", " ").replace("|", " ").replace("\n", " ")


def run_floor(corpus: Path, _fitted: Path, output: Path) -> None:
    """Read, lower, cut at white space and write by Arrow, on one thread; nothing is scored.

    Six columns stand for the probabilities, so that as much is written.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv
    import pyarrow.json

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    writer = None
    options = pyarrow.json.ReadOptions(use_threads=False)
    for lines in _read_lines(corpus):
        table = pyarrow.json.read_json(pa.BufferReader(lines), read_options=options)
        words = pc.list_value_length(pc.utf8_split_whitespace(pc.utf8_lower(table["text"])))
        shares = pc.divide(1.0, pc.add(words.cast(pa.float64()), 1.0))
        for number in range(6):
            table = table.append_column(f"p:{number}", shares)
        writer = writer or pyarrow.csv.CSVWriter(output, table.schema)
        writer.write(table)
    if writer:
        writer.close()


def _read_lines(corpus: Path) -> Iterator[bytes]:
    with corpus.open("rb") as stream:
        while lines := b"".join(islice(stream, BATCH)):
            yield lines


RIVALS: dict[str, Pipeline] = {
    "naive": run_naive,
    "chunked": run_chunked,
    "hashing": run_naive,
    "fasttext": run_fasttext,
    "vowpal wabbit": run_vw,
    "word+char": run_naive,
    "floor": run_floor,
}
"""Each rival's pipeline."""


if __name__ == "__main__":
    rival, *places = sys.argv[1:]
    RIVALS[rival](*map(Path, places))
