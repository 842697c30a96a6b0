"""The laws of the house, held by a walk over the syntax trees of ``framing/`` (no exceptions).

Imports go down only, a library stays in its room, and nothing below ``cli`` prints, exits, reads
the clock, the environment or global random state. No pickle anywhere.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import framing

ROOT = Path(framing.__file__).parent

FLOORS = (
    ("description",),
    ("version", "schema"),
    ("records", "shipped"),
    ("measuring", "coding", "text"),
    ("scoring",),
    ("reporting", "learning", "gathering", "unittexts", "engines"),
    ("foreignness", "groups", "handcodings"),
    ("interface", "measurement", "cards"),
    ("cli",),
    ("__init__", "__main__"),
)
"""From the ground up; rooms of one floor do not import each other."""

PARTS = (
    (
        *("arrays", "eligibility", "intervals", "periods", "predictions", "rates", "spellings"),
        *("archives", "namesakes", "tails", "testing"),
    ),
    ("judging", "prevalence", "cards", "plans"),
    ("contrasts",),
    ("trends",),
    ("comparing", "comparisontables", "cuts", "drift", "driftdesign", "driftnotes", "typicals"),
)
"""The floors within ``measuring``; only modules of the first and the last import each other."""

ROOMS = {
    "sklearn": "framing.learning",
    "cleanlab": "framing.learning.disputes",
    "joblib": "framing.learning",
    "nltk": "framing.text.punkt",
    "typer": "framing.cli",
    "matplotlib": "framing.reporting",
    "dask": "framing.engines.daskengine",
    "distributed": "framing.engines.daskengine",
    "pyspark": "framing.engines.sparkengine",
    "py4j": "framing.engines.sparkengine",
}
"""Libraries that stay in one package or module."""

NOWHERE = (
    *("pickle", "_pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve"),
    *("joblib.load", "joblib.dump", "pandas.read_pickle", "numpy.load", "yaml.load"),
    *("yaml.unsafe_load", "yaml.full_load", "eval", "exec", "__import__"),
)
"""What can run code that a file brings along."""

BELOW_CLI = (
    *("print", "input", "exit", "quit", "breakpoint", "SystemExit"),
    *("sys.exit", "sys.stdin", "sys.stdout", "sys.stderr", "sys.argv"),
    *("os.environ", "os.environb", "os.getenv", "os._exit", "os.getcwd", "pathlib.Path.cwd"),
    *("time", "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow"),
    *("datetime.date.today", "random", "secrets", "uuid", "numpy.random"),
    "importlib.import_module",
)
"""What only the command line may touch."""

RANDOM = ("numpy.random.default_rng", "numpy.random.Generator", "numpy.random.SeedSequence")
"""Random numbers that a seed or generator is handed to."""


def name_module(path: Path) -> str:
    parts = path.with_suffix("").parts
    inner = parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts
    return ".".join(("framing", *inner))


MODULES = {name_module(path.relative_to(ROOT)): path for path in sorted(ROOT.rglob("*.py"))}


def find_room(module: str) -> str:
    """Name the package or module directly under the root: ``framing.a.b`` stands in ``a``."""
    return module.split(".")[1]


def find_floor(room: str) -> int:
    return next((number for number, rooms in enumerate(FLOORS) if room in rooms), -1)


def list_imports(tree: ast.AST) -> Iterator[str]:
    """Yield the dotted name of all that is imported, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield from (f"{base}.{alias.name}" for alias in node.names)


def find_aliases(tree: ast.AST) -> dict[str, str]:
    """Map each name that an import binds to what it stands for."""
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.split(".")[0]
                aliases[alias.asname or root] = alias.name if alias.asname else root
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return aliases


def list_uses(tree: ast.AST) -> Iterator[str]:
    """Yield the dotted name of every built-in or imported thing that is read."""
    aliases = find_aliases(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
            yield resolve(node, aliases)


def resolve(node: ast.expr, aliases: dict[str, str]) -> str:
    """Spell a name as it would be without ``as`` and ``from``; other expressions have none."""
    root, dot, rest = spell(node).partition(".")
    return aliases.get(root, root) + dot + rest


def spell(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = spell(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def covers(rule: str, name: str) -> bool:
    return name == rule or name.startswith(f"{rule}.")


def find_breaches(module: str, source: str) -> list[str]:
    """Say what in a module's source breaks a law."""
    tree = ast.parse(source)
    imports, uses = list(list_imports(tree)), list(list_uses(tree))
    return [
        *judge_edges(module, imports),
        *(
            f"{module} uses {name}, which stays in {home}"
            for name in imports
            for library, home in ROOMS.items()
            if covers(library, name) and not covers(home, module)
        ),
        *(
            f"{module} uses {name}, which may stand nowhere"
            for name in [*imports, *uses]
            if any(covers(rule, name) for rule in NOWHERE)
        ),
        *(judge_manners(module, [*imports, *uses], tree) if is_below_cli(module) else ()),
    ]


def judge_edges(module: str, imports: list[str]) -> Iterator[str]:
    room = find_room(module)
    for name in imports:
        if name.startswith("."):
            yield f"{module} imports {name}: name it in full"
        if name.split(".")[0] != "framing":
            continue
        if name.count(".") == 0 or (name.count(".") == 1 and not is_module(name)):
            yield f"{module} imports the package root ({name})"
        elif find_room(name) != room and find_floor(find_room(name)) >= find_floor(room):
            yield f"{module} imports {name}, which does not stand below it"
        elif find_room(name) == room == "measuring" and not keeps_parts(module, name):
            yield f"{module} imports {name}, a part of measuring that does not stand below it"


def keeps_parts(module: str, name: str) -> bool:
    """Tell whether one module of ``measuring`` may import another by the floors of their parts."""
    part, other = find_part(module), find_part(name)
    alike = module.split(".")[2] == name.split(".")[2] or part in {0, len(PARTS) - 1}
    return other < part or (other == part and alike)


def find_part(name: str) -> int:
    part = name.split(".")[2]
    return next(number for number, parts in enumerate(PARTS) if part in parts)


def is_module(name: str) -> bool:
    return find_floor(find_room(name)) >= 0


def is_below_cli(module: str) -> bool:
    return find_floor(find_room(module)) < find_floor("cli")


def judge_manners(module: str, names: list[str], tree: ast.AST) -> Iterator[str]:
    for name in names:
        allowed = any(covers(rule, name) for rule in RANDOM) or name == "numpy.random"
        if not allowed and any(covers(rule, name) for rule in BELOW_CLI):
            yield f"{module} uses {name}, which only cli may"
    aliases = find_aliases(tree)
    for node in ast.walk(tree):
        bare = isinstance(node, ast.Call) and not (node.args or node.keywords)
        if bare and resolve(node.func, aliases) == "numpy.random.default_rng":
            yield f"{module} uses default_rng without a seed"


@pytest.mark.parametrize("module", list(MODULES))
def test_every_module_keeps_the_laws(module):
    assert find_breaches(module, MODULES[module].read_text(encoding="utf-8")) == []


def test_every_room_has_a_floor():
    rooms = {find_room(module) for module in MODULES}
    assert len(rooms) > 10
    assert sorted(room for room in rooms if find_floor(room) < 0) == []


def test_no_module_is_named_for_being_useful():
    names = {module.rpartition(".")[2] for module in MODULES}
    assert not names & {"utils", "util", "helpers", "common", "misc"}


BREACHES = [
    ("framing.text.lines", "from framing.coding.scheme import Codebook"),
    ("framing.coding.rows", "from framing.measuring.judging import metrics"),
    ("framing.reporting.pages", "import framing.learning.training"),
    ("framing.learning.splits", "from framing.reporting.tables import format_table"),
    ("framing.schema", "from framing.version import VERSION"),
    ("framing.description", "from framing.schema import Article"),
    ("framing.records.cells", "from framing.shipped import find_model"),
    ("framing.schema", "from framing.records import cells"),
    ("framing.scoring.model", "from framing.learning import training"),
    ("framing.scoring.model", "from framing.cli.app import main"),
    ("framing.interface", "from framing.cli import app"),
    ("framing.measuring.drift", "def f():\n    from framing.scoring.model import Model"),
    (
        "framing.text.lines",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from framing.scoring import rows",
    ),
    ("framing.measuring.rates", "from framing.measuring.plans import planning"),
    ("framing.measuring.cards.card", "from framing.measuring.plans import planning"),
    ("framing.measuring.prevalence.cells", "from framing.measuring.contrasts import sides"),
    ("framing.measuring.trends.turns", "from framing.measuring.drift import measure_drift"),
    ("framing.cli.train", "import framing"),
    ("framing.cli.train", "from framing import load"),
    ("framing.cli.train", "from framing import __main__"),
    ("framing.text.lines", "from . import rules"),
    ("framing.text.lines", "from ..schema import Article"),
    ("framing.scoring.model", "import sklearn"),
    ("framing.measuring.judging.metrics", "def f():\n    from sklearn.metrics import f1_score"),
    ("framing.cli.train", "import joblib"),
    ("framing.text.segmentation", "from nltk.tokenize import punkt"),
    ("framing.interface", "import typer"),
    ("framing.measuring.drift", "def f():\n    from matplotlib.figure import Figure"),
    ("framing.scoring.batch", "from framing.engines.runs import predict_tables"),
    ("framing.learning.training", "from framing.engines import runs"),
    ("framing.engines.runs", "from framing.learning import training"),
    ("framing.engines.runs", "import dask"),
    ("framing.engines.daskengine", "def f():\n    from pyspark.sql import SparkSession"),
    ("framing.learning.training", "import pickle"),
    ("framing.cli.train", "from pickle import loads"),
    ("framing.learning.training", "import joblib\njoblib.load('m')"),
    ("framing.learning.training", "from joblib import load"),
    ("framing.scoring.model", "import numpy as np\nnp.load('m', allow_pickle=True)"),
    ("framing.scoring.model", "import pandas as pd\npd.read_pickle('m')"),
    ("framing.coding.marked", "import yaml\nyaml.load('x')"),
    ("framing.cli.train", "eval('1')"),
    ("framing.text.lines", "print('x')"),
    ("framing.interface", "import sys\nsys.exit(1)"),
    ("framing.interface", "import sys as s\ns.stderr.write('x')"),
    ("framing.interface", "raise SystemExit"),
    ("framing.text.lines", "import os\nos.environ['X']"),
    ("framing.text.lines", "from os import environ"),
    ("framing.text.lines", "from os import getenv as get"),
    ("framing.scoring.batch", "import time\ntime.time()"),
    ("framing.scoring.batch", "from time import perf_counter"),
    ("framing.scoring.batch", "import datetime as dt\ndt.datetime.now()"),
    ("framing.scoring.batch", "from datetime import date\ndate.today()"),
    ("framing.learning.splits", "import numpy as np\nnp.random.seed(0)"),
    ("framing.learning.splits", "import numpy\nnumpy.random.shuffle([1])"),
    ("framing.learning.splits", "from numpy.random import rand"),
    ("framing.learning.splits", "import numpy as np\nnp.random.default_rng()"),
    ("framing.learning.splits", "from numpy.random import default_rng\ndefault_rng()"),
    ("framing.learning.splits", "import random"),
    ("framing.text.lines", "from importlib import import_module\nimport_module('framing.cli')"),
]


@pytest.mark.parametrize(("module", "source"), BREACHES)
def test_a_breach_is_found(module, source):
    assert find_breaches(module, source)


KEPT = [
    (
        "framing.text.lines",
        "from framing.text.rules import RULES\nfrom framing.schema import Article",
    ),
    ("framing.scoring.batch", "from framing.text.reading import read_articles"),
    ("framing.reporting.pages", "from framing.measuring.drift import Drift"),
    ("framing.learning.fitting", "from sklearn.svm import LinearSVC\nfrom joblib import Parallel"),
    ("framing.text.punkt", "from nltk.tokenize.punkt import PunktParameters"),
    (
        "framing.cli.app",
        "import sys, os, time\nprint(sys.argv, os.environ, time.time())\nsys.exit()",
    ),
    ("framing.learning.splits", "import numpy as np\nrng = np.random.default_rng(1)"),
    (
        "framing.learning.splits",
        "import numpy as np\ndef f(rng: np.random.Generator): rng.choice(2)",
    ),
    ("framing.records.cells", "import datetime as dt\ndt.datetime.strptime('1', '%d').date()"),
    ("framing.records.cells", "class A:\n    def print(self): ...\nA().print()"),
    ("framing.__main__", "from framing.cli.app import main"),
]


@pytest.mark.parametrize(("module", "source"), KEPT)
def test_what_is_allowed_is_no_breach(module, source):
    assert find_breaches(module, source) == []


def run_and_list_modules(code: str) -> set[str]:
    """Run code in a fresh interpreter; its last word is what it has loaded."""
    report = "\nimport json, sys\nprint('\\n' + json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code + report], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def run_command(*arguments: str) -> str:
    return (
        f"import sys\nsys.argv = {['framing', *arguments]!r}\n"
        "from framing.cli.app import main\n"
        "try:\n    main()\nexcept SystemExit as leaving:\n    assert not leaving.code"
    )


HEAVY = {
    *("sklearn", "nltk", "pandas", "joblib", "scipy", "pyarrow", "trafilatura", "matplotlib"),
    *("dask", "distributed", "pyspark"),
}


def test_import_framing_is_light():
    loaded = run_and_list_modules("import framing\nframing.__version__")
    assert "framing" in loaded
    assert not loaded & {*HEAVY, "numpy", "framing.interface"}


CHECKERS = {"pydantic", "pydantic_core", "typer._adapters"}
"""What Typer may check values with."""


def test_help_is_light():
    loaded = run_and_list_modules(run_command("--help"))
    assert "framing.cli.app" in loaded
    assert not loaded & {*HEAVY, *CHECKERS, "numpy", "markdown_it", "pygments"}
    assert not [name for name in loaded if name.startswith("framing.cli.predict")]


def test_help_of_a_command_loads_that_one_alone():
    loaded = run_and_list_modules(run_command("predict", "--help"))
    assert "framing.cli.predict" in loaded
    assert not loaded & {*HEAVY, *CHECKERS, "numpy", "framing.cli.train", "framing.scoring.model"}


@pytest.mark.parametrize("command", ["predict", "explain"])
def test_one_paragraph_needs_no_more_than_scoring(command, model_file, tmp_path):
    row = tmp_path / "one.jsonl"
    row.write_text('{"text": "The loan was repaid."}\n', encoding="utf-8")
    given = ("--unit", "row", str(row)) if command == "predict" else ("--text", "The loan.")
    loaded = run_and_list_modules(run_command(command, *given, "-m", str(model_file)))
    assert "framing.scoring.model" in loaded
    assert not loaded & (HEAVY - {"pyarrow"} | CHECKERS | {"yaml", "lxml", "multiprocessing"})
    assert not loaded & {"framing.text.cleaning", "framing.text.segmentation", "framing.gathering"}


def test_predicting_a_short_article_needs_neither_sklearn_nor_nltk(model_file, articles, tmp_path):
    output = tmp_path / "out.csv"
    command = ("predict", str(articles / "post" / "day-0.md"), "-m", str(model_file))
    loaded = run_and_list_modules(run_command(*command, "-o", str(output)))
    assert output.read_text(encoding="utf-8").count("post/day-0:") == 7
    assert "framing.text.sentences" in loaded
    assert not loaded & {"sklearn", "nltk", "joblib", "pandas"}
