"""Scores and evidence by the compiled extension, for whatever texts come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from framing.schema import InputError
from framing.scoring.counters import FloatArray
from framing.scoring.evidence import Requests, Terms, explain_requests, sort_terms
from framing.scoring.recipe import Field
from framing.scoring.textcolumns import TextColumn, iterate_columns, lay_out_texts, list_texts
from framing.scoring.vocabulary import pack_terms

if TYPE_CHECKING:
    from framing.scoring.model import Model
    from framing.scoring.textcolumns import Texts

Mentions = Sequence[str | None] | None

_READ_HERE: tuple[Field, ...] = ("text",)
_READ_IN_PYTHON: tuple[Field, ...] = ("mention", "around")
_CUTS = {"word": 0, "char_wb": 1, "mark": 2}
_FINDING = np.dtype(
    [
        *((name, np.int32) for name in ("row", "contrast")),
        *((name, np.uint32) for name in ("start", "end", "byte_start", "byte_end")),
        ("weight", np.float64),
    ]
)
"""A term as the extension writes it."""


class CompiledScorer:
    """Counts in C what is read off the text; what depends on a mention is added in Python.

    Texts whose lower case depends on the context (a capital sigma) or is longer (``İ``) are lowered
    by Python first.
    """

    def __init__(self, model: Model, extension: ModuleType) -> None:
        self._model = model
        self._extension = extension
        self._scorer = _build_scorer(model, extension)

    def compute_logits(self, texts: Texts, mentions: Mentions = None) -> FloatArray:
        """Return the raw scores of n texts, (n, K), before calibration."""
        logits = np.empty((len(texts), len(self._model.intercepts)))
        start = 0
        for column in iterate_columns(texts):
            part = logits[start : start + column.count]
            undone = self._score(column, part, start)
            if undone:
                lowered = [_pick(texts, start + row).lower() for row in undone]
                part[undone] = self._score_lowered(lowered)
            start += column.count
        if self._model.vectorizer.recipe.sees_mentions:
            self._add_mentions(logits, texts, mentions)
        return logits

    def find_terms(self, texts: Texts, mentions: Mentions, requests: Requests, limit: int) -> Terms:
        """Find, for each contrast asked for, the terms that speak for it, at most `limit`."""
        if self._model.vectorizer.recipe.sees_mentions:
            return explain_requests(self._model, list_texts(texts), mentions, requests, limit)
        found: list[Terms] = []
        start = 0
        for column in iterate_columns(texts):
            indptr = requests.indptr[start : start + column.count + 1]
            terms, undone = self._find_terms(column, replace(requests, indptr=indptr), limit, start)
            found.append(terms)
            found += [
                self._explain(_pick(texts, start + row), start + row, requests, limit)
                for row in undone
                if indptr[row] < indptr[row + 1]
            ]
            start += column.count
        return sort_terms(found)

    def _score(self, column: TextColumn, out: FloatArray, start: int) -> list[int]:
        """Score a column into `out`, and return the rows that Python has to lower."""
        where = (column.offsets, column.data, column.first, column.count, column.wide)
        with self._told_of(start):
            undone = self._scorer.score(*where, out)
        return [*column.apart, *np.frombuffer(undone, np.int64).tolist()]

    def _score_lowered(self, lowered: list[str]) -> FloatArray:
        """Score texts that Python has lowered; for lone surrogates there is no UTF-8."""
        out = np.empty((len(lowered), len(self._model.intercepts)))
        undone = self._score(lay_out_texts(lowered), out, 0)
        if undone:
            rest = [lowered[row] for row in undone]
            vectors = self._model.vectorizer.transform(rest, fields=_READ_HERE)
            out[undone] = vectors.multiply(self._model.coefficients) + self._model.intercepts
        return out

    def _add_mentions(self, logits: FloatArray, texts: Texts, mentions: Mentions) -> None:
        vectorizer = self._model.vectorizer
        vectors = vectorizer.transform(list_texts(texts), mentions, fields=_READ_IN_PYTHON)
        logits += vectors.multiply(self._model.coefficients)

    def _find_terms(
        self, column: TextColumn, requests: Requests, limit: int, start: int
    ) -> tuple[Terms, list[int]]:
        """Find the terms of a column, and return with them the rows that were not looked at."""
        where = (column.offsets, column.data, column.first, column.count, column.wide)
        indptr = np.ascontiguousarray(requests.indptr, np.int64)
        pairs = (np.ascontiguousarray(c, np.int32) for c in (requests.first, requests.second))
        with self._told_of(start):
            packed, undone = self._scorer.find_terms(*where, indptr, *pairs, limit)
        terms = _unpack(np.frombuffer(packed, _FINDING))
        terms = replace(terms, row=terms.row + np.int32(start))
        return terms, [*column.apart, *np.frombuffer(undone, np.int64).tolist()]

    def _explain(self, text: str, row: int, requests: Requests, limit: int) -> Terms:
        """Find the terms of one row by Python."""
        start, end = requests.indptr[row], requests.indptr[row + 1]
        alone = Requests(
            np.array([0, end - start]), requests.first[start:end], requests.second[start:end]
        )
        terms = explain_requests(self._model, [text], None, alone, limit)
        return replace(
            terms, row=terms.row + np.int32(row), contrast=terms.contrast + np.int32(start)
        )

    @contextmanager
    def _told_of(self, start: int) -> Iterator[None]:
        """Say in our own words, and by its row among all, which text cannot be read."""
        try:
            yield
        except self._extension.TextError as error:
            row, reason = error.args
            raise InputError(reason, where=f"row {start + row}", fix="mend or drop it") from None


def _unpack(found: NDArray[Any]) -> Terms:
    return Terms(
        row=found["row"],
        contrast=found["contrast"].copy(),
        start=found["start"].astype(np.int32),
        end=found["end"].astype(np.int32),
        byte_start=found["byte_start"].astype(np.int64),
        byte_end=found["byte_end"].astype(np.int64),
        weight=found["weight"].copy(),
    )


def _require(numbers: NDArray[Any], kind: type) -> NDArray[Any]:
    """Return numbers as the extension reads them: of one type, in order and aligned."""
    return np.require(numbers, kind, ["C", "A"])


def _build_scorer(model: Model, extension: ModuleType) -> Any:
    """Hand the blocks that read the text over to the extension."""
    blocks = []
    first = 0
    for fitted in model.vectorizer.blocks:
        block = fitted.block
        if block.field in _READ_HERE:
            counted = (_CUTS[block.analyzer], block.low, block.high, block.sublinear, block.weight)
            # No text that is scored here holds half a surrogate pair, but a term may.
            terms = pack_terms(fitted.terms, errors="surrogatepass")
            blocks.append((*counted, first, terms, _require(fitted.idf, np.float64)))
        first += len(fitted.terms)
    coefficients = _require(model.coefficients, np.float32)
    intercepts = _require(model.intercepts, np.float64)
    return extension.Scorer(tuple(blocks), coefficients, intercepts, *coefficients.shape)


def _pick(texts: Texts, row: int) -> str:
    text = texts[row]
    return text if isinstance(text, str) else str(text.as_py())
