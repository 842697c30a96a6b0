"""Tests of the fuzz: that it runs, that it finds, and that its inputs are worth starting from."""

import random
import shutil

import pytest
from typer.testing import CliRunner

import fuzzing
from framing.schema import FramingError, ModelFileError
from fuzzed import building, loading
from fuzzed.building import Fuzzer, build_fuzzer, list_sources, run_fuzzer
from fuzzed.inputs import make_input
from fuzzed.loading import fuzz_loader

COMPILERS = ("clang", "gcc", "cc")


@pytest.fixture(scope="module")
def fuzzer(tmp_path_factory):
    if not any(map(shutil.which, COMPILERS)):
        pytest.skip("no C compiler")
    try:
        return build_fuzzer(tmp_path_factory.mktemp("fuzz"))
    except FramingError:
        pytest.skip("no compiler here builds with sanitizers")


def test_the_kernel_stands_some_inputs(fuzzer):
    assert run_fuzzer(fuzzer, runs=500, seed=1) is None


def test_all_but_the_glue_to_python_is_fuzzed():
    names = {path.name for path in list_sources()}
    assert {"document.c", "counting.c", "evidence.c", "words.c"} <= names
    assert not names & {"module.c", "object.c", "calls.c"}


def test_first_inputs_repeat_and_differ():
    one, two = (make_input(random.Random(seed)) for seed in (1, 2))
    assert one == make_input(random.Random(1)) != two
    assert all(len(make_input(random.Random(seed))) < 1500 for seed in range(200))


@pytest.mark.parametrize("guided", [True, False])
def test_what_the_program_says_is_handed_on(tmp_path, guided):
    program = tmp_path / "program"
    program.write_text('#!/bin/sh\necho "ERROR: found one" >&2\nexit 1\n')
    program.chmod(0o755)
    assert run_fuzzer(Fuzzer(program, guided), runs=1, seed=0) == "ERROR: found one\n"


def test_without_a_compiler_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(building.shutil, "which", lambda _: None)
    with pytest.raises(FramingError, match=r"no compiler here builds with sanitizers; apt-get"):
        build_fuzzer(tmp_path)


def test_the_loader_refuses_or_loads(tmp_path):
    outcomes = fuzz_loader(tmp_path, runs=80, seed=2)
    assert sum(outcomes.values()) == 80
    assert outcomes["refused"] > 20
    assert outcomes["loaded"] > 2


def test_what_is_no_refusal_is_a_finding(tmp_path, monkeypatch):
    def fail(path):
        raise OverflowError(path)

    monkeypatch.setattr(loading, "load_model", fail)
    with pytest.raises(OverflowError):
        fuzz_loader(tmp_path, runs=1, seed=0)


def test_the_script_counts_and_ends_with_the_first_finding(tmp_path, monkeypatch):
    monkeypatch.setattr(fuzzing, "build_fuzzer", lambda _: Fuzzer(tmp_path / "none", guided=False))
    monkeypatch.setattr(fuzzing, "run_fuzzer", lambda *_: None)
    app = fuzzing.typer.Typer()
    app.command()(fuzzing.run)
    done = CliRunner().invoke(app, ["--runs", "7", "--loads", "20"])
    assert done.exit_code == 0
    assert "kernel: 7 inputs at random: no finding" in done.output
    assert "loader: 20 broken files, " in done.output
    monkeypatch.setattr(fuzzing, "run_fuzzer", lambda *_: "ERROR: found one")
    done = CliRunner().invoke(app, ["--runs", "7"])
    assert (done.exit_code, "ERROR: found one" in done.output) == (1, True)


def test_the_model_that_is_broken_is_sound(tmp_path):
    path = tmp_path / "m"
    loading.save_model(loading.make_model(), path)
    assert loading.load_model(path).compute_logits(loading.TEXTS).shape == (4, 5)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ModelFileError):
        loading.load_model(path)
