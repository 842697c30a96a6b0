"""Whether sides that share their weights give the same probabilities."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.csv

from framing.schema import FramingError


def compare_outputs(ours: Path, theirs: Path) -> float:
    """Return the largest difference of a probability, over the units that `theirs` holds.

    Raises
    ------
    FramingError
        If units or frames are not the same.
    """
    options = pyarrow.csv.ParseOptions(newlines_in_values=True)
    one, other = (pyarrow.csv.read_csv(path, parse_options=options) for path in (ours, theirs))
    one = one.slice(0, len(other))
    names = sorted(name for name in other.column_names if name.startswith("p:"))
    same = names == sorted(name for name in one.column_names if name.startswith("p:"))
    if not same or not one["id"].equals(other["id"]):
        raise FramingError("units or frames differ", where=str(ours))
    gaps = [
        np.abs(one[name].to_numpy() - other[name].to_numpy()).max(initial=0.0) for name in names
    ]
    return float(max(gaps, default=0.0))
