"""Makes the scripts' modules importable, after everything else, as running a script does."""

import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
sys.path.append(str(FOLDER))


@pytest.fixture
def write_coded(tmp_path, coded_rows, write_rows):
    """Return what writes the corpus, each row with what a function of its number adds."""

    def write(add=None, *, name="coded.jsonl", rows=slice(None)):
        numbered = list(enumerate(coded_rows))[rows]
        return write_rows(
            tmp_path / name, [{**row, **(add(number) if add else {})} for number, row in numbered]
        )

    return write
