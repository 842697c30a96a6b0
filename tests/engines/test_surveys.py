"""What is known of a piece before it is scored."""

from __future__ import annotations

import io
from collections import Counter

import numpy as np

from framing.engines.pieces import Piece
from framing.engines.renaming import hash_id
from framing.engines.surveys import (
    Survey,
    list_concerned,
    pack_survey,
    read_concerned,
    survey_piece,
    unpack_survey,
)
from framing.schema import InputError, Problem

PIECE = Piece(3, "in/n.jsonl", "n", "jsonl", first=11)
LINES = (
    b'{"id": "a", "text": "Ann left.", "target": "Ann"}\n'
    b'{"text": "Bo left.", "target": "Ann"}\n'
    b'{"id": "b"}\n'
    b"{\n"
    b'{"id": "a", "text": "Cem left.", "date": "never"}\n'
)


def test_ids_problems_and_counts_of_a_piece():
    survey = unpack_survey(survey_piece(PIECE, io.BytesIO(LINES), mentions=True))
    assert survey.counts == {"units": 3, "missing": 1, "named": 2}
    assert survey.hashes.tolist() == [hash_id(name) for name in ("a", "n:12", "a")]
    assert [problem.where for problem in survey.problems] == [
        f"in/n.jsonl, {place}" for place in ("row 13", "line 14", "row 15")
    ]
    assert [problem.lost for problem in survey.problems] == [True, True, False]
    assert survey.error is None


def test_with_new_names_renaming_is_reported_in_its_place():
    renamed = {3: {2: "a~2"}, 4: {0: "x"}}
    packed = survey_piece(PIECE, io.BytesIO(LINES), mentions=False, renamed=renamed)
    survey = unpack_survey(packed)
    assert survey.counts == {"units": 3}
    reasons = [problem.reason for problem in survey.problems]
    assert reasons[0] == "no text"
    assert reasons[2] == "id 'a' comes again; renamed 'a~2'"
    assert reasons[3].startswith("date left out")


def test_places_of_ids_concerned():
    packed = list_concerned(PIECE, io.BytesIO(LINES), repeated=frozenset([hash_id("a")]))
    assert read_concerned(packed) == [(0, "a"), (2, "a")]


def test_a_table_that_cannot_be_used_is_told_of():
    piece = Piece(0, "n.jsonl", "n", "jsonl")
    survey = unpack_survey(survey_piece(piece, io.BytesIO(b'{"words": 1}\n'), mentions=False))
    assert str(survey.error) == (
        "n.jsonl: no column 'text' among 'words'; name the column of the texts 'text'"
    )
    later = survey_piece(PIECE, io.BytesIO(b'{"words": 1}\n'), mentions=False)
    assert unpack_survey(later).error is None  # not its table's first row


def test_a_survey_is_the_same_after_the_journey():
    problems = [Problem("n, row 1", "no text", "ü \ud800"), Problem("n", "x", lost=False)]
    hashes = np.array([0, 2**64 - 1], dtype=np.uint64)
    error = InputError("gone", where="n", fix="look")
    back = unpack_survey(pack_survey(Survey(problems, Counter(units=2), hashes, error)))
    assert (back.problems, back.counts) == (problems, {"units": 2})
    assert back.hashes.tolist() == hashes.tolist()
    assert str(back.error) == "n: gone; look"
