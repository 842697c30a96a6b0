"""Units in, predictions out, both as Arrow record batches: the function behind every command.

Shapes: n units, F frames, T stance targets, K score columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from framing.records.arrays import (
    Mask,
    build_texts,
    literal,
    pack_flags,
    pack_numbers,
    pack_texts,
    read_flags,
    read_texts,
    repeat_text,
)
from framing.records.cells import format_list
from framing.records.jsontext import escape_texts, spell_numbers
from framing.scoring.decisions import Decisions, decide
from framing.scoring.evidence import Requests, Terms, find_terms
from framing.scoring.explanation import TERMS_PER_LABEL
from framing.scoring.rows import MAKERS, METADATA, list_columns
from framing.text.unitbatches import require_units

if TYPE_CHECKING:
    from framing.scoring.heads import StanceHead
    from framing.scoring.model import Model

PROBABILITY_DIGITS, WEIGHT_DIGITS = 7, 4
"""Decimals that are kept, so that every engine writes the same figures."""


def predict_batch(model: Model, units: pa.RecordBatch, *, evidence: bool = True) -> pa.RecordBatch:
    """Predict n units.

    A pure function: nothing is kept between calls, and batches may be cut anywhere.

    Parameters
    ----------
    model : Model
    units : Arrow record batch
        Strings of any of Arrow's types: `id`, `article`, `source`, `date`, `title`, `kind`, `text`
        (never null), and perhaps `target`; other columns are passed over.
    evidence : bool
        Whether to look for the terms that drove each label.

    Returns
    -------
    Arrow record batch
        One row a unit, in order, with the columns of ``list_columns(model)``. Units of the kind
        ``boilerplate`` pass through unscored: what is predicted is null.

    Raises
    ------
    InputError
        If a column is missing or holds no text, or a text to be scored is null or no sound UTF-8;
        its row is counted among all, from 0.
    """
    units = require_units(units)
    scored = ~read_flags(pc.equal(pc.fill_null(units["kind"], literal("")), literal("boilerplate")))
    texts, targets = units["text"], units["target"]
    if not scored.all():
        texts, targets = _blank(texts, scored), _withhold(targets, scored)
    mentions = targets.to_pylist() if model.sees_mentions else None
    decided = decide(model, texts, mentions)
    named = read_flags(targets.is_valid())
    columns = {name: units[name] for name in (*METADATA, "target")}
    columns |= dict(_list_predicted(model, decided, scored, named))
    spelled = pa.nulls(len(units), pa.string())
    if evidence:
        requests = _request(model, decided, named)
        terms = find_terms(model, texts, mentions, requests, TERMS_PER_LABEL)
        spelled = _withhold(_spell_terms(model, texts, requests, terms), scored)
    columns |= {"evidence": spelled}
    for name, value in zip(MAKERS, model.makers, strict=True):
        columns[name] = repeat_text(value, len(units))
    names = list(list_columns(model))
    return pa.RecordBatch.from_arrays([columns[name] for name in names], names=names)


def _blank(texts: pa.Array, scored: Mask) -> pa.Array:
    """Blank the texts that are not scored: rows keep their places, by which errors name them."""
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        return texts  # the scorer finds and names the row
    return pc.if_else(pack_flags(scored), texts, literal(""))


def _list_predicted(
    model: Model, decided: Decisions, scored: Mask, named: Mask
) -> Iterator[tuple[str, pa.Array]]:
    """Yield the columns (n,) of decisions and probabilities with their names."""
    yield "frames", _withhold(_join_names(model.frame_ids, decided.present), scored)
    yield "uncertain", _withhold(_join_names(model.frame_ids, decided.doubtful), scored)
    frames = np.round(decided.scores.frames, PROBABILITY_DIGITS)
    for column, head in enumerate(model.frames):
        yield f"p:{head.id}", _withhold(pack_numbers(frames[:, column]), scored)
    for stance in model.stances:
        asked = _is_asked(stance, named)
        chosen = pack_numbers(decided.chosen[stance.target], missing=~asked)
        value = pack_texts(stance.values).take(chosen)
        yield f"stance:{stance.target}", _withhold(value, scored)
        shares = np.round(decided.scores.stances[stance.target], PROBABILITY_DIGITS)
        for column, name in enumerate(stance.values):
            share = pack_numbers(shares[:, column], missing=~asked)
            yield f"p:{stance.target}:{name}", _withhold(share, scored)


def _is_asked(head: StanceHead, named: Mask) -> Mask:
    """Tell of which units (n,) a stance is asked; `named` are those with a target."""
    return named if head.mentioned else np.ones(len(named), dtype=np.bool_)


def _withhold(values: pa.Array, scored: Mask) -> pa.Array:
    """Return values (n,), null where a unit is not scored.

    With a null scalar instead of nulls pyarrow 19 goes wrong where an array is sliced.
    """
    if scored.all():
        return values
    return pc.if_else(pack_flags(scored), values, pa.nulls(len(values), values.type))


def _join_names(names: Sequence[str], marked: Mask) -> pa.Array:
    """Write the names marked in each row (n, F) as one cell; rows alike are written once."""
    if not names:
        return repeat_text(format_list([]), len(marked))
    packed = np.packbits(marked, axis=1)
    width = packed.shape[1]
    buffers = [None, pa.py_buffer(packed)]
    rows = pa.Array.from_buffers(pa.binary(width), len(packed), buffers).dictionary_encode()
    distinct = np.frombuffer(b"".join(rows.dictionary.to_pylist()), np.uint8).reshape(-1, width)
    flags = np.unpackbits(distinct, axis=1, count=len(names)).astype(np.bool_)
    cells = [format_list(np.array(names, dtype=object)[row].tolist()) for row in flags]
    return pack_texts(cells).take(rows.indices)


def _request(model: Model, decided: Decisions, named: Mask) -> Requests:
    """Ask for the frames that are present and the stances that are taken.

    A stance is explained against its target's neutral value; where it is neutral, not at all.
    """
    wanted = [decided.present]
    first = [np.broadcast_to(np.arange(len(model.frames)), decided.present.shape)]
    second = [np.full(decided.present.shape, -1)]
    for head in model.stances:
        start, chosen = model.columns(head.target).start, decided.chosen[head.target]
        neutral = -1 if head.neutral is None else head.values.index(head.neutral)
        wanted.append((_is_asked(head, named) & (chosen != neutral))[:, None])
        first.append((start + chosen)[:, None])
        second.append(np.full((len(chosen), 1), -1 if neutral < 0 else start + neutral))
    asked = np.hstack(wanted)
    return Requests(
        np.concatenate([[0], np.cumsum(asked.sum(axis=1))]).astype(np.int64),
        np.hstack(first)[asked].astype(np.int32),
        np.hstack(second)[asked].astype(np.int32),
    )


def _spell_terms(model: Model, texts: pa.Array, requests: Requests, terms: Terms) -> pa.Array:
    """Write each unit's terms as one cell of JSON (n,), null where there is none."""
    labels = [*model.frame_ids]
    labels += [f"{head.target}={value}" for head in model.stances for value in head.values]
    openings = [json.dumps({"label": x, "term": ""}, ensure_ascii=False)[:-2] for x in labels]
    items = pc.binary_join_element_wise(
        pack_texts(openings).take(pack_numbers(requests.first[terms.contrast])),
        escape_texts(_cut_terms(texts, terms)),
        literal('", "weight": '),
        spell_numbers(np.round(terms.weight, WEIGHT_DIGITS)),
        literal(', "start": '),
        pack_numbers(terms.start).cast(pa.string()),
        literal(', "end": '),
        pack_numbers(terms.end).cast(pa.string()),
        literal("}"),
        literal(""),
    )
    counts = np.bincount(terms.row, minlength=len(texts))
    bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    joined = pc.binary_join(pa.ListArray.from_arrays(pack_numbers(bounds), items), literal(", "))
    listed = pc.binary_join_element_wise(literal("["), joined, literal("]"), literal(""))
    return pc.if_else(pack_flags(counts > 0), listed, literal(None))


def _cut_terms(texts: pa.Array, terms: Terms) -> pa.Array:
    """Return the terms (t,) as they stand in the texts (n,)."""
    offsets, data = read_texts(texts)
    lengths = terms.byte_end - terms.byte_start
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    starts = offsets[terms.row] + terms.byte_start - bounds[:-1]
    return build_texts(bounds, data[np.repeat(starts, lengths) + np.arange(bounds[-1])])
