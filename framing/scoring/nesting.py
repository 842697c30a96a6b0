"""Flat predictions as lines of JSON, nested as ``docs/formats.md`` has them, column by column."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from framing.records.arrays import literal, pack_texts, read_numbers, repeat_text
from framing.records.jsontext import escape_texts, quote_texts, spell_list, spell_numbers
from framing.scoring.rows import MAKERS, METADATA

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
        *(f', "{name}": "{made}"' for name, made in zip(MAKERS, model.makers, strict=True)),
        "}\n",
    ]
    return _join(pieces, len(flat))


def _nest_metadata(flat: pa.RecordBatch) -> list[Piece]:
    pieces: list[Piece] = []
    for name in METADATA:
        pieces.append(f', "{name}": ' if pieces else f'{{"{name}": ')
        pieces += _quote(flat[name])
    return pieces


def _quote(texts: pa.Array) -> list[Piece]:
    """Return texts as JSON strings, without a copy of them all where none is null."""
    return [quote_texts(texts)] if texts.null_count else ['"', escape_texts(texts), '"']


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
    pieces: list[Piece] = []
    for head in model.stances:
        pieces += _nest_stance(head, flat)
    listed = _join(pieces or [_BETWEEN], len(flat))
    return _join(["{", pc.utf8_slice_codeunits(listed, len(_BETWEEN)), "}"], len(flat))


def _nest_stance(head: StanceHead, flat: pa.RecordBatch) -> list[Piece]:
    """Return ``, "target": {...}`` in pieces, and nothing where no stance was asked for."""
    values = flat[f"stance:{head.target}"]
    key = json.dumps(head.target, ensure_ascii=False)
    pieces = [
        f'{_BETWEEN}{key}: {{"value": ',
        quote_texts(values),
        ', "probabilities": ',
        _nest_numbers(flat, head.values, f"p:{head.target}:"),
        "}",
    ]
    # Of units that were not scored nothing of this is kept, whatever it is.
    return [_mark("", _join(pieces, len(flat)), values)] if head.mentioned else pieces


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
    first, *others = _merge(pieces)
    return pc.binary_join_element_wise(
        repeat_text(first, n) if isinstance(first, str) else first,
        *(literal(piece) if isinstance(piece, str) else piece for piece in others),
        literal(""),
    )


def _merge(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Join texts that follow each other directly and are the same in all rows."""
    for same, group in groupby(pieces, key=lambda piece: isinstance(piece, str)):
        run = list(group)
        yield from ["".join(run)] if same else run
