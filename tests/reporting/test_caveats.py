"""Methods with their numbers, and only the caveats that apply."""

from __future__ import annotations

import pytest

from framing.reporting.accounts import Origin, Reliability
from framing.reporting.caveats import list_caveats, tell_methods


def leads(account):
    return [statement.lead for statement in list_caveats(account)]


def find(account, lead):
    return next((s.text for s in list_caveats(account) if s.lead.startswith(lead)), None)


def test_methods_hold_the_actual_numbers(account, row):
    cells = [
        row("cells", period="2023-01"),
        row("cells", method="prediction-powered", source="B"),
        row("cells", label="law=pro", kind="stance", status="refused"),
    ]
    origin = Origin(Reliability(2, {"cost": 0.71, "law": 0.9}, 60), "trained on 812", "minerals 1")
    told = account(cells=cells, margin=0.05, trends=[row("trends")], seed=7, origin=origin)
    material, estimates, tests = tell_methods(told)
    assert material == (
        "360 units of 40 articles were classified for 1 frame and 1 stance value, in 2 sources "
        f"and 1 month. Model {'m' * 12} (trained on 812); codebook {'c' * 12} (minerals 1). "
        "The codebook's reliability: 2 coders, 60 units, Krippendorff's alpha .71 to .90."
    )
    assert "1 share is prediction-powered estimates (PPI++)" in estimates
    assert "1 share is means of calibrated probabilities" in estimates
    assert "at the 95% level, score intervals (Wilson) with Student's t" in estimates
    assert "resamples" not in estimates
    made = "7 differences, 1 trend, 2 change points and 2 claims of equality"
    assert tests.startswith(f"12 tests were made ({made}), with p-values from 999 permutations:")
    assert "what periods differ by, too." in tests
    assert "999 permutations" in tests
    assert "change points come from 1,000 resamples of articles; seed 7." in tests
    assert "at .05." in tests
    assert "the larger of that over everything and that over its own kind." in tests
    assert "one-sided tests within ±5 points." in tests
    assert "logistic slopes a year; their intervals are the wider of what articles" in tests


def test_only_kinds_of_tests_that_were_made_are_counted(account):
    kinds = {"contrasts": 1, "trends": 0, "turns": 0, "profile_turns": 2}
    tests = tell_methods(account(n_tests=3, tests=kinds))[2]
    assert tests.startswith("3 tests were made (1 difference and 2 turns of whole profiles), with")
    assert "Equality" not in tests


def test_methods_leave_out_what_was_not_done(account, row):
    assert len(tell_methods(account(n_tests=0, cells=[row("cells")]))) == 2
    tests = tell_methods(account(permutations=None))[2]
    assert "permutations" not in tests
    assert "one-sided" not in tests
    assert "slopes" not in tests


def test_what_tests_exchange_is_named(account):
    tests = tell_methods(account())[2]
    assert "articles were exchanged between the two sides of a difference" in tests
    assert "for change points, between periods of a source; for trends, whole periods" in tests
    assert "a change between periods had to be more than what periods differ by, too" in tests
    assert "blocks" not in tests


def test_calibration_is_in_intervals_only_as_far_as_it_is_known(account, row):
    estimates = tell_methods(account(cells=[row("cells")]))[1]
    assert "of calibration as far as the model tells how sure it is" in estimates


def test_distances_have_p_values_that_no_verdict_rests_on(account):
    told = account(distances=[{"a": "A", "b": "B", "distance": 0.1, "p": 0.01}])
    assert "not among those that were corrected" in find(told, "Distances")


def test_weights_and_census_are_named(account):
    estimates = tell_methods(account())[1]
    assert "unit-weighted: every unit counts the same" in estimates
    assert "article-weighted ones, in which every article does" in estimates
    _, shares, tests = tell_methods(account(census=True))
    assert "they leave sampling out and hold measurement alone" in shares
    assert "1,000 resamples of articles, which count as a sample even in a census" in tests
    assert "census" not in "".join(tell_methods(account()))
    assert "Census." in leads(account(census=True))
    assert "Sampling." in leads(account())
    assert "Sampling." not in leads(account(census=True))


CASES = [
    ("On single shares", {"note": "odd"}, {"note": "odd", "status": "widened"}),
    ("On single shares", {"note": "1 article: no interval"}, {"note": "2 articles only"}),
    ("On single shares", {"note": "9 articles only; odd"}, {"note": "1 article only"}),
    ("Calibration", {}, {"method": "prediction-powered"}),
    ("Widened", {"status": "widened", "note": "odd"}, {"status": "doubted", "note": "odd"}),
    ("In doubt", {"status": "doubted", "note": "odd"}, {"status": "widened", "note": "odd"}),
    ("On single shares", {"note": "2 articles"}, {"note": "odd", "status": "doubted"}),
    ("Another assumption", {"adjusted": 0.41}, {"adjusted": 0.4}),
    ("Another assumption", {"em": 0.19}, {"em": 0.2}),
    ("Another assumption", {"em": 0.5}, {"em": 0.5, "low": None, "high": None}),
    ("Weights", {"article_share": 0.41}, {"article_share": 0.4}),
    ("Weights", {"article_share": 0.19}, {"article_share": None}),
    ("Few articles", {"n_articles": 9}, {"n_articles": 10}),
    ("Few articles", {"n_articles": 9}, {"n_articles": 9, "status": "refused"}),
]


@pytest.mark.parametrize(("lead", "applies", "does_not"), CASES)
def test_a_caveat_of_a_cell_is_given_only_where_it_applies(account, row, lead, applies, does_not):
    assert find(account(cells=[row("cells", **applies)]), lead)
    assert find(account(cells=[row("cells", **does_not)]), lead) is None


def test_doubted_shares_say_why_and_that_nothing_was_widened(account, row):
    cells = [row("cells", status="doubted", note="odd texts"), row("cells")]
    assert find(account(cells=cells), "In doubt") == (
        "Something speaks against 1 share, and nothing was widened: what other assumptions say "
        "lies within the interval. That does not settle the doubt. Odd texts (1 share: Post)."
    )
    both = find(account(cells=[cells[0] | {"source": "B"}, cells[0]]), "In doubt")
    assert "2 shares, and nothing was widened: what other assumptions say lies within the " in both


def test_widened_intervals_say_why(account, row):
    told = account(cells=[row("cells", status="widened", note="odd texts"), row("cells")])
    assert find(told, "Widened") == "1 interval was widened. Odd texts (1 share: Post)."
    notes = ("odd texts", "5 articles only; odd texts", "1 article only; odd texts")
    told = account(cells=[row("cells", status="widened", note=note) for note in notes])
    assert find(told, "Widened") == "3 intervals were widened. Odd texts (3 shares: Post)."


@pytest.mark.parametrize(
    ("lead", "content"),
    [
        ("Left out", {"left_out": {"boilerplate": 1204, "undated": 0}}),
        ("Spellings", {"variants": {"Post": ["The Post", "POST"]}}),
        ("To be read with care", {"notes": ["Two models disagree"]}),
        ("Not everything was tested", {"notes": ["9 sources with too few articles"]}),
        ("Distances", {"distances": [{"a": "A", "b": "B", "distance": 0.1}]}),
    ],
)
def test_a_caveat_of_the_corpus_is_given_only_where_it_applies(account, lead, content):
    assert find(account(**content), lead)
    assert find(account(), lead) is None


def test_what_was_left_out_is_counted(account):
    told = account(left_out={"boilerplate": 1204, "undated": 0, "without text": 2})
    assert find(told, "Left out") == "1,204 boilerplate and 2 without text."
    told = account(variants={"Post": ["The Post", "POST"]})
    assert find(told, "Spellings") == "Post (The Post, POST)."


def test_false_discoveries_are_expected_where_something_stands(account, row):
    told = account(contrasts=[row("contrasts")], turns=[row("turns")], trends=[row("trends")])
    assert find(told, "False discoveries").startswith("Of the 3 results that stand, up to about 5%")
    assert find(account(contrasts=[row("contrasts", stands=False)]), "False") is None


def test_reliability_is_asked_for_or_judged(account):
    assert "not given" in find(account(), "Reliability")
    weak = Origin(Reliability(2, {"cost": 0.71, "law": 0.9}, 60))
    assert find(account(origin=weak), "Reliability").endswith("(alpha below .80) on Costs.")
    good = Origin(Reliability(2, {"cost": 0.8}, 60))
    assert find(account(origin=good), "Reliability") is None


def test_notes_are_grouped_and_counted(account):
    notes = [
        "9 sources with fewer than five periods: the trend is not tested",
        "two models disagree; did you mean one?",
        "1,204 turning points were tested; 7 are not listed",
        "first and last period are compared by what articles differ by",
    ]
    untested, others = (s for s in list_caveats(account(notes=notes)) if s.points)
    assert str(untested).splitlines() == [
        "Not everything was tested. 2 notes:",
        "  - 9 sources with fewer than five periods: the trend is not tested.",
        "  - 1,204 turning points were tested; 7 are not listed.",
    ]
    assert str(others).splitlines() == [
        "To be read with care. 2 notes:",
        "  - Two models disagree; did you mean one?",
        "  - First and last period are compared by what articles differ by.",
    ]
