"""Model files that are broken in many ways, half of them under a checksum that is right."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from framing.coding.scheme import Codebook, Frame, StanceTarget, StanceValue
from framing.schema import ModelFileError
from framing.scoring.evidence import Requests, find_terms
from framing.scoring.heads import FrameHead, StanceHead
from framing.scoring.model import Model
from framing.scoring.modelfile import load_model, save_model
from framing.scoring.recipe import NgramBlock
from framing.scoring.tensors import map_tensors
from framing.scoring.vectorizing import FittedBlock, Vectorizer

Arrays = dict[str, NDArray[Any]]

TEXTS = ("Ban the ore — ban it.", "", "İ Σ ban «ore»", "the ore the ore\nban " * 9)
STRANGE = (
    *(None, True, False, 0, 1, -1, 2, 11, 10**30, 0.5, -0.0, 1e308, "", "x", "ban", "\0", "é"),
    *([], {}, [[]], [{}], {"x": 1}, [0, 1], "text", "char_wb", "around", ["for", "against"]),
)


def make_model() -> Model:
    """Make a small model with a block of every kind."""
    terms = {
        NgramBlock("word", 1, 3): ("ban", "ban it", "ban the ore", "ore", "the ore"),
        NgramBlock("char_wb", 2, 4): (" b", "ba", "ban", "ore", "re "),
        NgramBlock("mark", 1, 2, weight=0.5): ('"', "-", '" "'),
        NgramBlock("word", 1, 1, sublinear=False, field="around"): ("<ban", "ore", "@"),
        NgramBlock("word", 1, 1, field="mention", weight=0.5): ("ban", "ore"),
    }
    values = tuple(StanceValue(value) for value in ("for", "against", "none"))
    names = ("for", "against", "none")
    draw = np.random.default_rng(0)
    return Model(
        codebook=Codebook(
            "fuzz",
            "1.0.0",
            frames=(Frame("risk", "Risk"), Frame("gain", "Gain")),
            targets=(StanceTarget("mine", "The mine", "", values, "none"),),
        ),
        vectorizer=Vectorizer(
            [FittedBlock(block, found, np.ones(len(found))) for block, found in terms.items()]
        ),
        frames=(
            FrameHead("risk", 2.0, -1.0, 0.6, 9, 4, band=(0.5, 0.75)),
            FrameHead("gain", 1.0, 0.0, 0.5, 9, 4, knots=((-1.0, 0.1), (1.0, 0.9))),
        ),
        stances=(StanceHead("mine", names, "none", 0.5, (1.0,) * 3, 9, (3, 3, 3), mentioned=True),),
        coefficients=draw.normal(size=(sum(map(len, terms.values())), 5)).astype(np.float32),
        intercepts=draw.normal(size=5),
        training={"note": "by hand"},
    )


def fuzz_loader(folder: Path, runs: int, seed: int) -> Counter[str]:
    """Load so many broken files and use those that load.

    Returns
    -------
    Counter
        How many were loaded, and how many refused.

    Raises
    ------
    Exception
        What the loader or the model raised that is no refusal: a finding. The file stays there.
    """
    draw = np.random.default_rng(seed)
    path = folder / "model.safetensors"
    save_model(make_model(), path)
    sound = path.read_bytes()
    arrays, metadata = map_tensors(path)
    content = json.loads(metadata["framing"])
    outcomes: Counter[str] = Counter()
    for run in range(runs):
        broken = folder / "broken.safetensors"
        if run % 2:
            broken.write_bytes(_damage(sound, draw))
        else:
            broken.write_bytes(_forge(arrays, content, draw))
        outcomes[_try(broken)] += 1
    return outcomes


def _try(path: Path) -> str:
    try:
        model = load_model(path)
    except ModelFileError:
        return "refused"
    logits = model.compute_logits(TEXTS, ["ban", None, "ore", ""])
    n_columns = logits.shape[1]
    requests = Requests(np.arange(len(TEXTS) + 1), np.zeros(4, np.int32), np.full(4, -1, np.int32))
    if n_columns:
        find_terms(model, TEXTS, None, requests, 5)
    return "loaded"


def _damage(data: bytes, draw: np.random.Generator) -> bytes:
    """Flip, cut out, repeat or overwrite some bytes."""
    found = bytearray(data)
    for _ in range(draw.integers(1, 4)):
        at, length = (int(number) for number in draw.integers(0, (len(found) + 1, 40)))
        way = draw.integers(4)
        if way == 0:
            found[at : at + 1] = bytes([int(draw.integers(256))])
        elif way == 1:
            del found[at : at + length]
        elif way == 2:
            found[at:at] = found[at : at + length]
        else:
            found[at : at + length] = draw.bytes(length)
    return bytes(found)


def _forge(arrays: Arrays, content: dict[str, Any], draw: np.random.Generator) -> bytes:
    """Change arrays or fields, and seal the file as if it were sound."""
    arrays, content = dict(arrays), json.loads(json.dumps(content))
    for _ in range(draw.integers(1, 3)):
        if draw.integers(2):
            name = sorted(arrays)[draw.integers(len(arrays))]
            arrays[name] = np.ascontiguousarray(_distort(arrays[name], draw))
        else:
            _replace_somewhere(content, draw)
    content.pop("sha256", None)
    entry = json.dumps(
        {**content, "sha256": _compute_digest(arrays, content)}, separators=(",", ":")
    )
    return save(arrays, {"framing": entry})


def _distort(array: NDArray[Any], draw: np.random.Generator) -> NDArray[Any]:
    extremes = (0.0, -1.0, 1e-320, 1e30, -1e30, np.inf, np.nan, 7.0)
    if array.dtype == np.uint8:
        pieces = (b"ban", b"ore", b"\n", b"\n", b" ", b"", b"\xff", "é“".encode(), b"a" * 300)
        chosen = draw.integers(len(pieces), size=draw.integers(0, 9))
        return np.frombuffer(b"".join(pieces[at] for at in chosen), np.uint8)
    ways: tuple[Callable[[], NDArray[Any]], ...] = (
        lambda: array[:-1],
        lambda: np.concatenate([array, array]),
        lambda: array[None],
        lambda: array.astype(np.float64 if array.dtype == np.float32 else np.float32),
        lambda: np.full_like(array, extremes[draw.integers(len(extremes))]),
        lambda: np.where(draw.random(array.shape) < 0.1, np.float32(1e30), array).astype(
            array.dtype
        ),
    )
    return ways[draw.integers(len(ways))]()


def _replace_somewhere(content: dict[str, Any], draw: np.random.Generator) -> None:
    """Replace, remove or repeat one value, however deep it stands."""
    place: Any = content
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = keys[draw.integers(len(keys))]
        inner = place[key]
        if not (isinstance(inner, dict | list) and inner) or draw.random() < 0.2:
            break
        place = inner
    if draw.random() < 0.2:
        del place[key]
    elif isinstance(place, list) and draw.random() < 0.3:
        place.append(deepcopy(place[key]))
    else:
        place[key] = deepcopy(STRANGE[draw.integers(len(STRANGE))])


def _compute_digest(arrays: Arrays, content: dict[str, Any]) -> str:
    written = json.dumps(content, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(written.encode("ascii"))
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
