"""Flat predictions as lines of JSON, nested as ``docs/formats.md`` has them, column by column."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from framing.records.arrays import literal, pack_texts, read_numbers, repeat_text
from framing.records.jsontext import quote_texts, spell_list, spell_numbers
from framing.scoring.rows import METADATA

if TYPE_CHECKING:
    from framing.scoring.heads import StanceHead
    from framing.scoring.model import Model

Piece: TypeAlias = "pa.Array | str"
"""A part of every line: one text a row, or the same text in all."""
_BETWEEN = ", "


def nest_batch(model: Model, flat: pa.RecordBatch, targets: pa.Array | None = None) -> pa.Array:
    """Return n flat predictions as n lines of JSON, each with its line end.

    Parameters
    ----------
    model : Model
        The one that made them.
    flat : Arrow record batch
        As `predict_batch` returns it.
    targets : Arrow array of n strings, optional
        The units' targets: a row that has one says so, whatever the model.
    """
    scored = flat["frames"].is_valid()
    lists = [*_nest_list(flat, "frames"), *_nest_uncertain(flat)]
    pieces = [
        *_nest_metadata(flat),
        *([] if targets is None else [_mark(', "target": ', quote_texts(targets), targets)]),
        *lists,
        ', "probabilities": ',
        _or_null(_nest_frames(model, flat), scored),
        ', "stance": ',
        _or_null(_nest_stances(model, flat), scored),
        ', "evidence": ',
        pc.fill_null(flat["evidence"], literal("[]")),
        ', "model": ',
        quote_texts(flat["model"]),
        ', "codebook": ',
        quote_texts(flat["codebook"]),
        "}\n",
    ]
    return _join(pieces, len(flat))


def _nest_metadata(flat: pa.RecordBatch) -> list[Piece]:
    pieces: list[Piece] = []
    for name in METADATA:
        pieces += [f', "{name}": ' if pieces else f'{{"{name}": ', quote_texts(flat[name])]
    return pieces


def _nest_list(flat: pa.RecordBatch, name: str) -> list[Piece]:
    """Turn joined cells into lists; few are distinct, and each is turned once."""
    cells = flat[name].dictionary_encode()
    lists = [spell_list([] if c == "[]" else c.split(";")) for c in cells.dictionary.to_pylist()]
    spelled = pack_texts(lists).take(cells.indices)
    return [f', "{name}": ', pc.fill_null(spelled, literal("null"))]


def _nest_uncertain(flat: pa.RecordBatch) -> list[Piece]:
    """Leave the key out where there is nothing to say: in boilerplate, and where none promises."""
    if "uncertain" not in flat.schema.names:
        return []
    label, lists = _nest_list(flat, "uncertain")
    return [_mark(label, lists, flat["uncertain"])]


def _nest_frames(model: Model, flat: pa.RecordBatch) -> pa.Array:
    return _nest_numbers(flat, model.frame_ids, "p:")


def _nest_stances(model: Model, flat: pa.RecordBatch) -> pa.Array:
    """Return objects (n,) of the targets that a stance was asked for."""
    items = [_nest_stance(head, flat) for head in model.stances]
    if not items:
        return _join(["{}"], len(flat))
    listed = pc.utf8_slice_codeunits(_join(items, len(flat)), len(_BETWEEN))
    return _join(["{", listed, "}"], len(flat))


def _nest_stance(head: StanceHead, flat: pa.RecordBatch) -> pa.Array:
    """Return ``, "target": {...}`` (n,), and nothing where no stance was asked for."""
    values = flat[f"stance:{head.target}"]
    key = json.dumps(head.target, ensure_ascii=False)
    pieces = [
        '{"value": ',
        quote_texts(values),
        ', "probabilities": ',
        _nest_numbers(flat, head.values, f"p:{head.target}:"),
        "}",
    ]
    return _mark(f"{_BETWEEN}{key}: ", _join(pieces, len(flat)), values)


def _nest_numbers(flat: pa.RecordBatch, names: Sequence[str], prefix: str) -> pa.Array:
    """Return objects (n,) of named numbers out of the columns that bear the prefix."""
    pieces: list[Piece] = []
    for name in names:
        key = json.dumps(name, ensure_ascii=False)
        numbers = np.nan_to_num(read_numbers(flat[prefix + name]))
        pieces += [f", {key}: " if pieces else f"{{{key}: ", spell_numbers(numbers)]
    return _join([*pieces, "}"] if pieces else ["{}"], len(flat))


def _or_null(objects: pa.Array, scored: pa.Array) -> pa.Array:
    return pc.if_else(scored, objects, literal("null"))


def _mark(label: str, spelled: pa.Array, asked: pa.Array) -> pa.Array:
    """Return key and value where there is one in `asked`, and nothing elsewhere."""
    return pc.if_else(asked.is_valid(), _join([label, spelled], len(asked)), literal(""))


def _join(pieces: Sequence[Piece], n: int) -> pa.Array:
    first, *others = pieces
    return pc.binary_join_element_wise(
        repeat_text(first, n) if isinstance(first, str) else first,
        *(literal(piece) if isinstance(piece, str) else piece for piece in others),
        literal(""),
    )
