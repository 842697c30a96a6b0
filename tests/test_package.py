"""The package as others see it: its names, its version, its command."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest

import framing
from framing.version import VERSION


def test_public_names_are_these():
    assert framing.__all__ == [
        "FramingError",
        "__version__",
        "compare_article",
        "load",
        "measure_drift",
        "plan_coding",
        "read_articles",
        "train",
    ]


def test_completion_offers_the_public_names():
    assert dir(framing) == sorted(framing.__all__)


def test_every_public_name_is_there_and_is_the_real_thing():
    from framing.cards import compare_article
    from framing.interface import load, read_articles, train
    from framing.measurement import measure_drift
    from framing.measuring.plans.planmaking import plan_coding
    from framing.schema import FramingError

    assert framing.load is load
    assert framing.train is train
    assert framing.read_articles is read_articles
    assert framing.measure_drift is measure_drift
    assert framing.compare_article is compare_article
    assert framing.plan_coding is plan_coding
    assert framing.FramingError is FramingError


def test_a_star_import_gives_all_of_it():
    names: dict[str, object] = {}
    exec("from framing import *", names)
    assert set(framing.__all__) <= set(names)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'framing' has no attribute 'learn'"):
        framing.learn  # noqa: B018


def test_version_is_one_and_the_same():
    assert framing.__version__ == VERSION == version("framing")


def test_types_travel_with_the_package():
    assert (Path(framing.__file__).parent / "py.typed").is_file()


def test_the_command_is_the_main_function():
    (script,) = entry_points(group="console_scripts", name="framing")
    assert script.value == "framing.cli.app:main"


def test_python_m_framing_stands_for_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "framing", "--version"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"framing {VERSION} (scorer: ")


DOCUMENTS = sorted(Path(__file__).parents[1].glob("*.md"))


@pytest.mark.skipif(not DOCUMENTS, reason="there are no documents beside the tests")
def test_no_document_has_a_blank_left_to_fill():
    folders = ("docs", "labels", "models", "seeds")
    documents = [*DOCUMENTS, *(d for f in folders for d in DOCUMENTS[0].parent.glob(f"{f}/*.md"))]
    assert [d.name for d in documents if "@@" in d.read_text(encoding="utf-8")] == []
