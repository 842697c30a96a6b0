"""What could not be used: counted, listed, told; and where the list goes."""

from __future__ import annotations

import json
import os

import pytest

from framing.cli.problems import ProblemLog, keep_problems, name_quarantine
from framing.schema import InputError, OutputError, Problem

LOST = Problem("a.csv, row 2", "no text", "id 7")
FLAWED = Problem("a.csv, row 3", "date left out: 'soon' is not a date", lost=False)


def test_a_run_must_use_something_of_what_was_given():
    with keep_problems() as log:
        log.require_some(0)
        log(Problem("a", "odd", lost=False))
        log.require_some(0)
        log(Problem("b", "empty"))
        log.require_some(1)
    with pytest.raises(InputError, match="nothing that was given could be used; mend what is told"):
        log.require_some(0)


def test_nothing_is_said_and_written_where_all_went_well(tmp_path, capsys):
    with keep_problems(tmp_path / "q.jsonl"):
        pass
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr() == ("", "")


def test_problems_are_listed_whole_and_told_in_short(tmp_path, capsys):
    path = tmp_path / "q.jsonl"
    with keep_problems(path) as log:
        for problem in (LOST, FLAWED, FLAWED, FLAWED):
            log(problem)
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len(lines) == 4
    assert lines[0] == {
        "where": "a.csv, row 2",
        "reason": "no text",
        "content": "id 7",
        "lost": True,
    }
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "  a.csv, row 2: no text",
        "  a.csv, row 3: date left out: 'soon' is not a date",
        "  a.csv, row 3: date left out: 'soon' is not a date",
        "  ...",
        f"1 could not be used, 3 used with a remark (listed in {path})",
    ]


def test_without_a_place_they_are_only_told(capsys):
    with keep_problems() as log:
        log(LOST)
    assert capsys.readouterr().err == "  a.csv, row 2: no text\n1 could not be used\n"


def keep(path, *problems, fail=None, strict=False):
    """Log problems in a block that may then fail."""
    with keep_problems(path, strict=strict) as log:
        for problem in problems:
            log(problem)
        if fail:
            raise fail


def test_they_are_kept_although_the_block_fails(tmp_path, capsys):
    path = tmp_path / "q.jsonl"
    with pytest.raises(InputError, match="boom"):
        keep(path, LOST, fail=InputError("boom"))
    assert path.exists()
    assert "1 could not be used" in capsys.readouterr().err


def test_they_are_told_although_the_list_cannot_be_written(tmp_path, capsys):
    with pytest.raises(OutputError, match=r"q\.jsonl: cannot be written"):
        keep(tmp_path / "none" / "q.jsonl", LOST)
    assert "1 could not be used" in capsys.readouterr().err


def test_strict_stops_at_a_loss_and_not_at_a_flaw(capsys):
    wanted = r"^a\.csv, row 2: no text; mend it, or leave out --strict$"
    with pytest.raises(InputError, match=wanted):
        keep(None, FLAWED, LOST, strict=True)
    assert capsys.readouterr().err.splitlines()[-1] == "1 used with a remark"


def test_text_that_no_file_can_hold_is_still_listed(tmp_path):
    path = tmp_path / "q.jsonl"
    with keep_problems(path) as log:
        log(Problem("\udcff.txt", "empty"))
    assert json.loads(path.read_text("utf-8"))["where"] == "?.txt"


def test_a_log_counts(tmp_path):
    log = ProblemLog(None)
    for problem in (LOST, LOST, FLAWED):
        log(problem)
    log.close()
    assert (log.lost, log.flawed) == (2, 1)


@pytest.mark.parametrize(
    ("output", "name"),
    [
        ("out/p.csv", "out/p.quarantine.jsonl"),
        ("p.csv.gz", "p.quarantine.jsonl"),
        ("news.2024.csv", "news.2024.quarantine.jsonl"),
        ("plain", "plain.quarantine.jsonl"),
        (".csv", ".csv.quarantine.jsonl"),
        (".gz", ".gz.quarantine.jsonl"),
    ],
)
def test_the_list_is_named_after_the_output(output, name):
    assert str(name_quarantine(output)) == name


@pytest.mark.parametrize("output", ["-", "/dev/null"])
def test_a_stream_has_no_list(output):
    assert name_quarantine(output) is None


def test_a_clean_run_removes_the_list_of_the_run_before(tmp_path):
    path = tmp_path / "p.quarantine.jsonl"
    with keep_problems(path) as log:
        log(Problem("a", "broken"))
    assert path.exists()
    with keep_problems(path):
        pass
    assert not path.exists()


def test_a_run_that_fails_leaves_the_list_of_the_run_before(tmp_path):
    """The output of the run before stays too."""
    path = tmp_path / "p.quarantine.jsonl"
    path.write_text("yesterday's", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        keep(path, fail=KeyboardInterrupt())
    assert path.read_text("utf-8") == "yesterday's"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_what_is_no_file_is_never_removed(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    keep(path)
    assert path.exists()


def test_without_a_file_the_first_are_shown_and_all_are_counted_by_reason(capsys):
    with keep_problems() as log:
        for number in range(11704):
            log(Problem(f"row {number}", f"repeats 'a:{number}' of c.csv, row {number}"))
        log(FLAWED)
    assert capsys.readouterr().err.splitlines() == [
        *(f"  row {n}: repeats 'a:{n}' of c.csv, row {n}" for n in range(5)),
        "  in all: 11704 × repeats ... of c.csv, row ...; 1 × date left out: ... is not a date",
        "11704 could not be used, 1 used with a remark",
    ]


def test_an_apostrophe_opens_no_name(capsys):
    with keep_problems() as log:
        for n in range(9):
            log(
                Problem(
                    f"unit {n}", f"the paragraph's text has changed; closest is 'a:{n}': \"T{n}\""
                )
            )
    told = capsys.readouterr().err.splitlines()
    assert told[5] == "  in all: 9 × the paragraph's text has changed; closest is ...: ..."


def test_few_problems_are_all_shown_and_not_counted_by_reason(capsys):
    with keep_problems() as log:
        for number in range(5):
            log(Problem(f"row {number}", "broken"))
    told = capsys.readouterr().err.splitlines()
    assert told == [*(f"  row {n}: broken" for n in range(5)), "5 could not be used"]


def test_of_many_reasons_the_commonest_are_told(capsys):
    with keep_problems() as log:
        for number, letter in enumerate("abcdefg"):
            for _ in range(number + 1):
                log(Problem("row 1", f"broken {letter}"))
    told = capsys.readouterr().err.splitlines()
    assert told[5] == (
        "  in all: 7 × broken g; 6 × broken f; 5 × broken e; 4 × broken d; 3 × broken c; "
        "and 2 more reasons"
    )
