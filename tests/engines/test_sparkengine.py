"""Spark, on this machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from framing.engines.inputs import list_tables
from framing.engines.prediction import LINES
from framing.schema import FramingError, InputError
from tests.engines.conftest import forget_modules

pytest.importorskip("pyspark", reason="Spark is not installed")
if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
    pytest.skip("Spark needs Java", allow_module_level=True)

from framing.engines.sparkengine import SparkEngine, start_spark


@pytest.fixture(scope="module")
def spark():
    # Little work: the cheaper compiler is done sooner.
    quick = {"spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
    with start_spark(workers=2, settings=quick) as engine:
        yield SparkEngine(engine.session, piece_bytes=4000)


def test_spark_writes_what_one_process_writes(spark, tables, run_on, run_locally, tmp_path):
    expected = run_locally([tables], tmp_path / "local.parquet")
    outcome = run_on(spark, [tables], tmp_path / "out.parquet")
    assert outcome.rows == expected.rows
    assert outcome.problems == expected.problems
    assert len(list((tmp_path / "out.parquet").iterdir())) > 4


@pytest.mark.parametrize(("table", "name"), [("b.jsonl.gz", "o.csv"), ("c.csv", "o.jsonl.gz")])
def test_lines_are_written_as_one_process_writes_them(
    spark, tables, run_on, run_locally, tmp_path, table, name
):
    expected = run_locally([tables / table], tmp_path / f"local-{name}")
    outcome = run_on(spark, [tables / table], tmp_path / name)
    assert outcome.rows == expected.rows
    assert outcome.problems == expected.problems


def test_lines_are_numbered_through_the_splits_of_a_file(spark, numbered):
    pieces = spark.lay_out(list(list_tables([numbered])))
    blocks = spark.gather(lambda piece, source: source.read())
    assert len(pieces) == len(blocks) == 2
    assert b"\n".join(blocks) == numbered.read_bytes().rstrip(b"\n")
    assert [piece.first for piece in pieces] == [1, blocks[0].count(b"\n") + 2]


def test_a_piece_that_fails_is_tried_again(spark, numbered, tmp_path):
    pieces = spark.lay_out(list(list_tables([numbered])))
    failed = str(tmp_path / "failed-")

    def write(piece, source):
        import pyarrow as pa

        yield pa.RecordBatch.from_pydict({"value": [f"{piece.number} a"]})
        marker = Path(failed + str(piece.number))
        if piece.number == 1 and not marker.exists():
            marker.touch()
            raise RuntimeError("a machine was lost")
        yield pa.RecordBatch.from_pydict({"value": [f"{piece.number} b"]})

    files = spark.write(write, LINES, tmp_path / "out", ".jsonl")
    texts = [file.read_text() for file in files]
    assert texts == [f"{n} a\n{n} b\n" for n in range(len(pieces))]
    assert Path(failed + "1").exists()


def test_a_piece_that_always_fails_ends_the_run_in_one_line(spark, numbered):
    spark.lay_out(list(list_tables([numbered])))

    def fail(piece, source):
        raise KeyError("nothing there")

    with pytest.raises(FramingError) as failed:
        spark.gather(fail)
    assert str(failed.value) == "Spark gave up: KeyError: 'nothing there'"


def test_the_model_is_read_once_a_worker(spark, numbered, model, model_file):
    spark.lay_out(list(list_tables([numbered])))
    locate, wanted = spark.ship(model_file), model.hash

    def load(piece, source):
        import json
        import os

        from framing.scoring.modelfile import load_once

        path = locate()
        held = [load_once(path, wanted).hash for _ in range(2)]
        return json.dumps([os.getpid(), *held, load_once.cache_info().misses]).encode()

    loads = [json.loads(said) for said in [*spark.gather(load), *spark.gather(load)]]
    assert {held for _, *both, _ in loads for held in both} == {model.hash}
    assert {misses for *_, misses in loads} == {1}
    assert os.getpid() not in {worker for worker, *_ in loads}


def test_a_file_that_spark_would_pass_over_is_refused(spark, tmp_path):
    path = tmp_path / "_n.jsonl"
    path.write_text('{"text": "A."}\n')
    with pytest.raises(InputError, match=r"_n\.jsonl: Spark passes over files whose name begins"):
        spark.lay_out(list(list_tables([path])))


def test_without_spark_the_install_line_is_told(monkeypatch):
    forget_modules(monkeypatch, "pyspark")
    with pytest.raises(FramingError) as refused, start_spark():
        pytest.fail("there is nothing to start")
    assert str(refused.value) == "Spark is not installed; pip install 'framing[spark]'"


def test_without_java_it_is_told_what_is_missing(tmp_path):
    code = (
        "from framing.engines.sparkengine import start_spark\n"
        "from framing.schema import FramingError\n"
        "try:\n    start_spark().__enter__()\n"
        "except FramingError as error:\n    print(error)"
    )
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "env", "dirname", "ls", "sed", "tr"):
        tool = shutil.which(name)
        if tool:
            (tools / name).symlink_to(tool)
    surroundings = {"PATH": str(tools), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=surroundings, check=True
    )
    assert done.stdout == "Spark could not be started; it needs Java 17 or newer (JAVA_HOME)\n"
