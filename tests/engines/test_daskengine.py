"""Dask, on processes of this machine."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from framing.engines import daskengine
from framing.engines.inputs import list_tables
from framing.engines.prediction import LINES
from framing.schema import FramingError
from tests.engines.conftest import forget_modules

pytest.importorskip("distributed", reason="Dask is not installed")

from framing.engines.daskengine import DaskEngine, start_dask


@pytest.fixture(scope="module")
def dask():
    with start_dask(workers=2) as engine:
        yield DaskEngine(engine.client, piece_bytes=2000)


@pytest.mark.parametrize("name", ["out.parquet", "out.csv", "out.jsonl.gz"])
def test_dask_writes_what_one_process_writes(dask, tables, run_on, run_locally, tmp_path, name):
    expected = run_locally([tables], tmp_path / f"local-{name}")
    outcome = run_on(dask, [tables], tmp_path / name)
    assert outcome.rows == expected.rows
    assert outcome.problems == expected.problems
    assert len(list((tmp_path / name).iterdir())) > 5


def test_lines_are_numbered_through_the_blocks_of_a_file(dask, numbered):
    pieces = dask.lay_out(list(list_tables([numbered])))
    lines = [bytes(said) for said in dask.gather(lambda piece, source: source.read())]
    assert len(pieces) == len(lines) == 3
    assert b"".join(lines) == numbered.read_bytes()
    ends = [sum(line.count(b"\n") for line in lines[:number]) for number in range(len(lines))]
    assert [piece.first for piece in pieces] == [end + 1 for end in ends]
    assert [piece.number for piece in pieces] == list(range(len(pieces)))


def test_an_empty_file_is_no_piece(dask, tmp_path, run_on):
    (tmp_path / "n.jsonl").touch()
    assert run_on(dask, [tmp_path / "n.jsonl"], tmp_path / "out.csv").rows == []


def test_a_piece_that_fails_is_tried_again(dask, numbered, tmp_path):
    pieces = dask.lay_out(list(list_tables([numbered])))
    failed = str(tmp_path / "failed-")

    def fail_once(piece):
        marker = Path(failed + str(piece.number))
        if piece.number == 1 and not marker.exists():
            marker.touch()
            raise RuntimeError("a machine was lost")

    def say(piece, source):
        fail_once(piece)
        return str(piece.number).encode()

    assert dask.gather(say) == [str(piece.number).encode() for piece in pieces]
    assert Path(failed + "1").exists()
    Path(failed + "1").unlink()

    def write(piece, source):
        import pyarrow as pa

        yield pa.RecordBatch.from_pydict({"value": [f"{piece.number} a"]})
        fail_once(piece)
        yield pa.RecordBatch.from_pydict({"value": [f"{piece.number} b"]})

    files = dask.write(write, LINES, tmp_path / "out", ".jsonl")
    texts = [file.read_text() for file in files]
    assert texts == [f"{n} a\n{n} b\n" for n in range(len(pieces))]
    assert Path(failed + "1").exists()


def test_the_model_is_read_once_a_worker(dask, numbered, model, model_file):
    pieces = dask.lay_out(list(list_tables([numbered])))
    locate, wanted = dask.ship(model_file), model.hash

    def load(piece, source):
        import json
        import os

        from framing.scoring.modelfile import load_once

        before = load_once.cache_info().misses
        held = load_once(locate(), wanted).hash
        return json.dumps([os.getpid(), held, load_once.cache_info().misses - before]).encode()

    loads = [json.loads(said) for said in dask.gather(load)]
    assert {held for _, held, _ in loads} == {model.hash}
    workers = {worker for worker, _, _ in loads}
    assert sum(misses for *_, misses in loads) <= len(workers) < len(pieces)


def test_without_dask_the_install_line_is_told(monkeypatch):
    forget_modules(monkeypatch, "dask", "distributed")
    with pytest.raises(FramingError) as refused, start_dask():
        pytest.fail("there is nothing to start")
    assert str(refused.value) == "Dask is not installed; pip install 'framing[dask]'"


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "spark://127.0.0.1:9", "head"])
def test_a_scheduler_that_does_not_answer_is_told_of(address):
    message = f"^{re.escape(address)}: no Dask scheduler answers; check the address"
    with pytest.raises(FramingError, match=message), start_dask(address, wait=0.5):
        pytest.fail("there is nothing to start")


@pytest.mark.parametrize(
    "error", [ModuleNotFoundError("No module named 'framing'"), RuntimeError("a\nb")]
)
def test_what_cannot_be_unpacked_on_a_worker_is_told_of(error):
    message = rf"^tcp://a:1: Dask gave up: {str(error).splitlines()[0]}; install the same framing"
    with pytest.raises(FramingError, match=message), daskengine._explain_failure("tcp://a:1"):
        raise error
