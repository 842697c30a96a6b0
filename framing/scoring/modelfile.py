"""Model files: arrays and JSON in one safetensors file, checked before anything is built from them.

Nothing in a file can run code. The file holds one metadata entry, ``framing``: JSON whose
``sha256`` covers all the rest of it and every array.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.coding.scheme import Codebook
from framing.records.writing import write_atomically
from framing.schema import CodebookError, MismatchError, ModelFileError
from framing.scoring.heads import (
    FrameHead,
    StanceHead,
    head_to_dict,
    read_frame_head,
    read_stance_head,
)
from framing.scoring.model import Model
from framing.scoring.recipe import FeatureRecipe
from framing.scoring.tensors import Arrays, map_tensors
from framing.scoring.vectorizing import FittedBlock, Vectorizer
from framing.scoring.vocabulary import pack_terms, read_vocabulary

PROTOCOL = 2
"""Raised by one when an older reader could not make sense of a newer file.

To raise it: keep reading the older numbers in ``_build`` (a branch a number), write the new one,
keep a file of each older number under ``tests/scoring/data`` and a test that loads it.
"""

_ENTRY = "framing"
_RETRAIN = "train the model again"


def save_model(model: Model, path: Path) -> Model:
    """Write a model file, whole or not at all, and return the model with the hash it was given.

    The bytes depend on nothing but the model.

    Raises
    ------
    OutputError
        If nothing can be written there.
    """
    from safetensors.numpy import save

    arrays, content = _dismantle(model)
    digest = _digest(content, arrays)
    entry = _write_json({**content, "sha256": digest})
    with write_atomically(path) as stream:
        stream.write(save(arrays, {_ENTRY: entry}))
    return replace(model, hash=digest[:12])


def seal_model(model: Model) -> Model:
    """Return the model with the hash that saving it would give."""
    arrays, content = _dismantle(model)
    return replace(model, hash=_digest(content, arrays)[:12])


def load_model(path: Path | str) -> Model:
    """Read a model file.

    Raises
    ------
    ModelFileError
        If the file is missing, truncated, altered, not a model of ours, or made by a newer version.
    """
    where = str(path)
    arrays, entry = _open_file(Path(path), where)
    try:
        return _read_entry(entry, arrays, where)
    except RecursionError as error:
        raise ModelFileError(
            "damaged metadata (lists within lists beyond reason)", where=where, fix=_RETRAIN
        ) from error


@lru_cache(maxsize=1)
def load_once(path: Path, wanted: str) -> Model:
    """Read the model file that a worker process is to use, at its first call only.

    Parameters
    ----------
    path : Path
    wanted : str
        Hash of the model that must lie there.

    Raises
    ------
    MismatchError
        If another model lies there.
    ModelFileError
        As `load_model` does.
    """
    model = load_model(path)
    if model.hash != wanted:
        raise MismatchError(
            f"a worker found model {model.hash} where {wanted} was to be used",
            where=str(path),
            fix="leave the model file alone and start again",
        )
    return model


def _read_entry(entry: str, arrays: Arrays, where: str) -> Model:
    content = _parse_entry(entry, where)
    protocol = content.get("protocol")
    if type(protocol) is not int or protocol < 1:
        raise ModelFileError("the protocol number is missing", where=where, fix=_RETRAIN)
    if protocol > PROTOCOL:
        raise ModelFileError(
            f"made by a newer version (protocol {protocol}, this one reads up to {PROTOCOL})",
            where=where,
            fix="upgrade framing",
        )
    canonical = entry == _write_json(content)
    digest = content.pop("sha256", None)
    if not canonical or digest != _digest(content, arrays):
        raise ModelFileError(
            "the content does not match its checksum", where=where, fix="copy the file again"
        )
    return _build(content, arrays, str(digest)[:12], where)


def _dismantle(model: Model) -> tuple[Arrays, dict[str, Any]]:
    arrays: Arrays = {
        "coefficients": np.ascontiguousarray(model.coefficients, dtype=np.float32),
        "intercepts": np.ascontiguousarray(model.intercepts, dtype=np.float64),
    }
    for number, fitted in enumerate(model.vectorizer.blocks):
        arrays[f"terms.{number}"] = pack_terms(fitted.terms)
        arrays[f"idf.{number}"] = np.ascontiguousarray(fitted.idf, dtype=np.float64)
    content = {
        "protocol": PROTOCOL,
        "codebook": model.codebook.to_dict(),
        "codebook_hash": model.codebook.hash,
        "recipe": model.vectorizer.recipe.to_list(),
        "frames": [head_to_dict(head) for head in model.frames],
        "stances": [head_to_dict(head) for head in model.stances],
        "training": dict(model.training),
    }
    # One round through JSON, so that what is hashed is what will be read.
    return arrays, json.loads(_write_json(content))


def _write_json(content: Mapping[str, Any], *, sort_keys: bool = False) -> str:
    return json.dumps(content, sort_keys=sort_keys, ensure_ascii=True, separators=(",", ":"))


def _digest(content: Mapping[str, Any], arrays: Arrays) -> str:
    digest = hashlib.sha256(_write_json(content, sort_keys=True).encode("ascii"))
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _open_file(path: Path, where: str) -> tuple[Arrays, str]:
    from safetensors import SafetensorError

    try:
        arrays, metadata = map_tensors(path)
    except FileNotFoundError as error:
        raise ModelFileError("no such file", where=where, fix="check the path") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ModelFileError(
            f"cannot be read ({reason})", where=where, fix="check the file"
        ) from error
    except (SafetensorError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelFileError(
            f"damaged, or not a model file ({error})",
            where=where,
            fix="name a .safetensors file that 'framing train' wrote",
        ) from error
    if _ENTRY not in metadata:
        raise ModelFileError(
            "a safetensors file, but not one of framing's",
            where=where,
            fix="name a file that 'framing train' wrote",
        )
    return arrays, metadata[_ENTRY]


def _parse_entry(entry: str, where: str) -> dict[str, Any]:
    try:
        content = json.loads(entry)
    except ValueError as error:
        raise ModelFileError(f"damaged metadata ({error})", where=where, fix=_RETRAIN) from error
    if not isinstance(content, dict):
        raise ModelFileError("damaged metadata", where=where, fix=_RETRAIN)
    return content


def _build(content: Mapping[str, Any], arrays: Arrays, digest: str, where: str) -> Model:
    """Construct a model of protocol 1 or 2 after checking every field."""
    try:
        codebook = Codebook.from_dict(content.get("codebook", {}), where=where)
    except CodebookError as error:
        raise ModelFileError(error.what, where=where, fix=_RETRAIN) from error
    if content.get("codebook_hash") != codebook.hash:
        raise ModelFileError("the codebook does not match its hash", where=where, fix=_RETRAIN)
    recipe = FeatureRecipe.from_list(content.get("recipe"), where=where)
    frames = tuple(read_frame_head(i, where=where) for i in _list(content, "frames", where))
    stances = tuple(read_stance_head(i, where=where) for i in _list(content, "stances", where))
    training = content.get("training")
    if not isinstance(training, dict):
        raise ModelFileError("'training' is missing", where=where, fix=_RETRAIN)
    if not (frames or stances) or not _fit(codebook, frames, stances):
        raise ModelFileError("heads and codebook do not fit", where=where, fix=_RETRAIN)
    blocks = tuple(_read_block(arrays, n, block, where) for n, block in enumerate(recipe.blocks))
    n_features = sum(len(block.terms) for block in blocks)
    n_columns = len(frames) + sum(len(head.values) for head in stances)
    return Model(
        codebook=codebook,
        vectorizer=Vectorizer(blocks),
        frames=frames,
        stances=stances,
        coefficients=_take(arrays, "coefficients", np.float32, (n_features, n_columns), where),
        intercepts=_take(arrays, "intercepts", np.float64, (n_columns,), where),
        training=training,
        hash=digest,
    )


def _fit(codebook: Codebook, frames: Sequence[FrameHead], stances: Sequence[StanceHead]) -> bool:
    """Tell whether each head is for another label, and each label is in the codebook."""
    labels = [head.id for head in frames] + [head.target for head in stances]
    return (
        len(set(labels)) == len(labels)
        and {head.id for head in frames} <= set(codebook.frame_ids)
        and {head.target for head in stances} <= set(codebook.target_ids)
        and all(set(head.values) <= set(codebook.values(head.target)) for head in stances)
    )


def _list(content: Mapping[str, Any], name: str, where: str) -> list[Any]:
    items = content.get(name)
    if not isinstance(items, list):
        raise ModelFileError(f"'{name}' is missing", where=where, fix=_RETRAIN)
    return items


def _read_block(arrays: Arrays, number: int, block: Any, where: str) -> FittedBlock:
    packed = arrays.get(f"terms.{number}")
    if packed is None or packed.dtype != np.uint8:
        raise ModelFileError(f"array 'terms.{number}' is missing", where=where, fix=_RETRAIN)
    try:
        terms = read_vocabulary(packed)
    except ValueError as error:
        raise ModelFileError(str(error), where=where, fix=_RETRAIN) from error
    return FittedBlock(
        block, terms, _take(arrays, f"idf.{number}", np.float64, (len(terms),), where)
    )


def _take(
    arrays: Arrays, name: str, dtype: Any, shape: tuple[int, ...], where: str
) -> NDArray[Any]:
    array = arrays.get(name)
    if array is None or array.dtype != dtype or array.shape != shape:
        raise ModelFileError(f"array '{name}' is missing or misshapen", where=where, fix=_RETRAIN)
    if not np.isfinite(array).all():
        raise ModelFileError(
            f"array '{name}' holds numbers that are not finite", where=where, fix=_RETRAIN
        )
    return array
