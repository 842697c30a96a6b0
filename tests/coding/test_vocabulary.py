"""Spellings to ids."""

import pytest

from framing.coding.marks import Marks
from framing.coding.mistakes import Mistakes
from framing.coding.scheme import Codebook, Frame, StanceTarget, StanceValue
from framing.coding.vocabulary import infer_vocabulary, pool_mentions, take_vocabulary
from framing.schema import CodingError, Problem

LAW = StanceTarget("law", "The Act", "", (StanceValue("pro"), StanceValue("none")), "none")
TAX = StanceTarget("tax", "Tax", "", (StanceValue("hi"), StanceValue("lo")))
BOOK = Codebook(
    "demo",
    "1.0.0",
    frames=(Frame("ir", "Investor risk"), Frame("gain", "Gain"), Frame("risk", "ir")),
    targets=(LAW, TAX),
)


def resolve(marks, vocabulary=None):
    mistakes = Mistakes()
    vocabulary = vocabulary or take_vocabulary(BOOK)
    coding = vocabulary.resolve(marks, unit="u", coder="ann", mistakes=mistakes)
    mistakes.refuse(fix="mend")
    return coding


def row(number=2, **fields):
    return Marks(f"a.csv, row {number}", **fields)


def test_list_codes_every_frame():
    coding = resolve(row(listed=("INVESTOR-RISK",)))
    assert coding.frames == {"ir": True, "gain": False, "risk": False}
    assert (coding.unit, coding.coder, coding.stance) == ("u", "ann", {})


def test_empty_list_is_coded_and_no_list_is_not():
    assert resolve(row(listed=())).frames == {"ir": False, "gain": False, "risk": False}
    assert resolve(row()).frames == {}


def test_marks_code_their_own_frame_only():
    assert resolve(row(marked={"Gain": False})).frames == {"gain": False}


def test_an_id_goes_before_a_name():
    assert resolve(row(marked={"ir": True})).frames == {"ir": True}


def test_stance_by_name_and_in_any_case():
    assert resolve(row(stance={"the act": "PRO", "tax": "lo"})).stance == {
        "law": "pro",
        "tax": "lo",
    }


def test_blank_stance_takes_the_neutral_value_where_there_is_one():
    assert resolve(row(blank=("law", "tax"))).stance == {"law": "none"}


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        (row(listed=("gian",)), "no frame 'gian' (did you mean 'gain'?) in row 2"),
        (row(listed=("zzz",)), "no frame 'zzz' (known: ir, gain, risk) in row 2"),
        (row(listed=("gain, ir",)), "no frame 'gain, ir' (join several with ';') in row 2"),
        (row(marked={"gian": False}), "no frame 'gian' (did you mean 'gain'?) in row 2"),
        (row(stance={"lew": "pro"}), "no stance target 'lew' (did you mean 'law'?) in row 2"),
        (
            row(stance={"law": "against"}),
            "no value for stance 'law' 'against' (known: pro, none) in row 2",
        ),
    ],
)
def test_unknown_names(marks, message):
    with pytest.raises(CodingError) as caught:
        resolve(marks)
    assert str(caught.value) == f"a.csv: {message}; mend"


@pytest.mark.parametrize(
    ("marks", "known"),
    [
        (row(listed=("zzz", "Gain")), True),
        (row(marked={"ir": False}), True),
        (row(stance={"Law": "against"}), True),
        (row(blank=("law",)), True),
        (row(listed=("law",), stance={"gain": "pro"}), False),
        (row(listed=()), False),
        (row(), False),
    ],
)
def test_a_row_may_name_what_is_known(marks, known):
    assert take_vocabulary(BOOK).knows(marks) == known


def test_codebook_without_frames():
    with pytest.raises(CodingError, match=r"no frame 'x' \(there is none\)"):
        resolve(row(listed=("x",)), take_vocabulary(Codebook("d", "1.0.0", targets=(LAW,))))


def test_stance_column_without_target_is_that_of_the_only_target():
    only = take_vocabulary(Codebook("d", "1.0.0", targets=(LAW,)))
    assert resolve(row(stance={"stance": "pro"}), only).stance == {"law": "pro"}
    with pytest.raises(CodingError, match="no stance target 'stance'"):
        resolve(row(stance={"stance": "pro"}))


def test_inferred_from_all_rows():
    rows = [row(listed=("b",), stance={"t": "x"}), row(marked={"a": False}, stance={"t": "None"})]
    vocabulary = infer_vocabulary(rows)
    assert vocabulary.frame_ids == ("a", "b")
    assert resolve(rows[0], vocabulary).frames == {"a": False, "b": True}
    assert resolve(row(blank=("t",)), vocabulary).stance == {"t": "None"}


def test_spellings_are_joined_under_the_most_frequent_and_reported():
    problems = []
    rows = [row(listed=("Risk",)), row(listed=("risk",)), row(listed=("risk",))]
    vocabulary = infer_vocabulary(rows, report=problems.append)
    assert vocabulary.frame_ids == ("risk",)
    assert [(p.where, p.reason, p.lost) for p in problems] == [
        ("frame 'Risk'", "the frame 'Risk' is read as 'risk' (1 times)", False)
    ]


def test_signs_are_not_spellings():
    rows = [row(stance={"t": value}) for value in ("-1", "0", "1")]
    assert set(infer_vocabulary(rows).values["t"].values()) == {"-1", "0", "1"}


def test_names_that_cannot_be_ids():
    problems = []
    vocabulary = infer_vocabulary([row(listed=("Risk: 5G",))], report=problems.append)
    assert vocabulary.frame_ids == ("Risk-5G",)
    assert "is read as 'Risk-5G'" in problems[0].reason


def mention_rows(counts):
    return [
        row(stance={name: "pro"}, mention=name)
        for name, count in counts.items()
        for _ in range(count)
    ]


def list_targets(rows):
    return {target for marks in rows for target in marks.stance}


def test_few_frequent_names_are_categories():
    assert list_targets(pool_mentions(mention_rows({"law": 10, "tax": 12}))) == {"law", "tax"}


@pytest.mark.parametrize("counts", [{"law": 10, "tax": 9}, {f"name {n}": 10 for n in range(21)}])
def test_rare_or_many_names_are_mentions(counts):
    rows = pool_mentions(mention_rows(counts))
    assert list_targets(rows) == {"target"}
    assert {marks.mention for marks in rows} == set(counts)


def test_case_does_not_make_another_name():
    assert list_targets(pool_mentions(mention_rows({"Law": 5, "law": 5}))) == {"Law", "law"}


@pytest.mark.parametrize(
    ("counts", "reading"),
    [
        (
            {"law": 10, "tax": 9},
            "2 names, more than 20 or some in fewer than 10 rows: "
            "read as mentions, all of one target 'target'",
        ),
        ({"law": 10, "tax": 10}, "2 names in 10 rows or more each: read as a target each"),
        ({"law": 10}, "1 name in 10 rows or more each: read as a target each"),
    ],
)
def test_it_is_told_how_names_are_read(counts, reading):
    problems = []
    pool_mentions(mention_rows(counts), report=problems.append)
    assert problems == [Problem("column 'target'", reading, lost=False)]


def test_where_nothing_was_decided_nothing_is_told():
    problems = []
    pool_mentions(mention_rows({"law": 1}), BOOK, report=problems.append)
    pool_mentions([row(stance={"law": "pro"})], report=problems.append)
    assert problems == []


def test_a_codebook_decides():
    rows = mention_rows({"law": 1})
    assert list_targets(pool_mentions(rows, BOOK)) == {"law"}
    pooled = StanceTarget("target", "Target", "", LAW.values)
    assert list_targets(pool_mentions(rows, Codebook("d", "1.0.0", targets=(pooled,)))) == {
        "target"
    }
    both = Codebook("d", "1.0.0", targets=(pooled, LAW))
    assert list_targets(pool_mentions(rows, both)) == {"law"}


def test_other_stances_of_the_row_stay():
    marks = row(stance={"Ann": "pro", "law": "none"}, mention="Ann")
    assert pool_mentions([marks])[0].stance == {"target": "pro", "law": "none"}
