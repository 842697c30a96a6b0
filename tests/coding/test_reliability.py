"""Agreement by label, with intervals over articles."""

import math

import numpy as np
import pytest
from nltk.metrics.agreement import AnnotationTask

from framing.coding.reliability import compute_alpha, measure_agreement
from framing.coding.scheme import Codebook, Frame, StanceTarget, StanceValue
from framing.schema import Coding, CodingError


def measure(coders, *, seed=0, **options):
    return measure_agreement(coders, rng=np.random.default_rng(seed), **options)


def code_frames(text, *, articles="abcdefghijkl", frame="f"):
    """Make codings of one frame of marks 1, 0 and `.` (not coded), a unit an article."""
    return [
        Coding(f"{article}:1", frames={} if mark == "." else {frame: mark == "1"})
        for article, mark in zip(articles, text, strict=False)
    ]


def code_stance(text, *, articles="abcdefghijkl"):
    return [
        Coding(f"{article}:1", stance={} if mark == "." else {"law": mark})
        for article, mark in zip(articles, text, strict=False)
    ]


def simulate(n_articles, per_article, *, seed):
    rng = np.random.default_rng(seed)
    coders = {"ann": [], "bo": [], "cy": []}
    for article in range(n_articles):
        leaning = rng.random()
        for unit in range(per_article):
            truth = rng.random() < leaning
            for codings in coders.values():
                if rng.random() < 0.9:
                    code = truth ^ (rng.random() < 0.1)
                    codings.append(Coding(f"{article}:{unit}", frames={"f": bool(code)}))
    return coders


def test_frame_by_hand():
    coders = {"ann": code_frames("110010.1"), "bo": code_frames("1100011.")}
    (result,) = measure(coders)
    assert (result.label, result.kind) == ("f", "frame")
    assert result.alpha.value == pytest.approx(compute_alpha(["110010", "110001"]))
    assert result.percent == pytest.approx(4 / 6)
    assert (result.alpha.n_units, result.alpha.n_articles, result.n_single) == (6, 6, 2)
    assert result.counts == {"absent": 6, "present": 6}
    assert result.prevalence == {"ann": {"present": 0.5}, "bo": {"present": 0.5}}
    assert result.alpha.low < result.alpha.value <= result.alpha.high <= 1
    assert result.alpha.level == 0.95
    assert "alpha (nominal)" in result.alpha.method


def test_published_example_through_codings():
    """Krippendorff (2011), section C, nominal: .743."""
    data = ["12332141 2...", "12332241 25.3", ".3332342 251.", "12332441 251."]
    coders = {str(n): code_stance(text.replace(" ", "")) for n, text in enumerate(data)}
    (result,) = measure(coders)
    assert result.alpha.value == pytest.approx(0.743, abs=5e-4)
    assert (result.alpha.n_units, result.n_single) == (11, 1)
    assert sum(result.counts.values()) == 40


def test_none_is_a_code_and_not_coded_is_not():
    coders = {"ann": code_stance("nnpp."), "bo": code_stance("nnp.n")}
    (result,) = measure(coders)
    assert result.alpha.value == 1.0
    assert result.counts == {"n": 4, "p": 2}
    assert result.prevalence["ann"] == {"n": pytest.approx(2 / 3), "p": pytest.approx(1 / 3)}
    assert (result.alpha.n_units, result.n_single) == (3, 2)


def test_equals_nltk_on_many_units():
    coders = simulate(30, 8, seed=1)
    codes = [(n, c.unit, c.frames["f"]) for n, codings in coders.items() for c in codings]
    assert measure(coders)[0].alpha.value == pytest.approx(AnnotationTask(codes).alpha(), abs=1e-12)


def test_interval_equals_a_plain_bootstrap_of_articles():
    """Copy the units of drawn articles and compute alpha anew: the slow way to the interval."""
    coders = {name: codings for name, codings in simulate(12, 5, seed=2).items() if name != "cy"}
    lookup = [{c.unit: c.frames["f"] for c in codings} for codings in coders.values()]
    units = sorted({unit for codes in lookup for unit in codes})
    articles = sorted({unit.split(":")[0] for unit in units})
    rng = np.random.default_rng(5)
    samples = []
    for weights in rng.multinomial(len(articles), [1 / len(articles)] * len(articles), size=300):
        drawn = [
            unit
            for article, weight in zip(articles, weights, strict=True)
            for unit in units
            if unit.split(":")[0] == article
            for _ in range(weight)
        ]
        samples.append(compute_alpha([[codes.get(unit) for unit in drawn] for codes in lookup]))
    (result,) = measure(coders, seed=5, resamples=300)
    assert result.alpha.low == pytest.approx(np.quantile(samples, 0.025))
    assert result.alpha.high == pytest.approx(np.quantile(samples, 0.975))


def test_interval_covers():
    """The mean alpha of many samples is covered about as often as is said."""
    results = [
        measure(simulate(40, 6, seed=seed), resamples=300)[0].alpha for seed in range(100, 160)
    ]
    truth = np.mean([result.value for result in results])
    covered = np.mean([result.low <= truth <= result.high for result in results])
    assert covered >= 0.85


def test_units_of_one_article_do_not_count_as_many():
    """Agreement that is a matter of the article widens the interval."""
    marks = "1" * 10 + "0" * 10
    other = "1" * 5 + "0" * 5 + "0" * 10
    single = {"ann": code_units(marks, size=1), "bo": code_units(other, size=1)}
    nested = {"ann": code_units(marks, size=5), "bo": code_units(other, size=5)}
    one, five = measure(single)[0].alpha, measure(nested)[0].alpha
    assert one.value == five.value
    assert five.high - five.low > 1.3 * (one.high - one.low)


def code_units(text, *, size):
    return [Coding(f"{n // size}:{n}", frames={"f": mark == "1"}) for n, mark in enumerate(text)]


def test_articles_can_be_given():
    coders = {"ann": code_frames("1100"), "bo": code_frames("1101")}
    (result,) = measure(coders, articles=dict.fromkeys(["a:1", "b:1", "c:1"], "x"))
    assert result.alpha.n_articles == 2


def test_order_and_values_come_from_the_codebook():
    law = StanceTarget("law", "Law", "", (StanceValue("p"), StanceValue("n")))
    book = Codebook("d", "1.0.0", frames=(Frame("z", "Z"), Frame("f", "F")), targets=(law,))
    ann = [Coding("a:1", frames={"f": True}, stance={"law": "p"}), *code_frames("10")[1:]]
    results = measure({"ann": ann, "bo": ann}, codebook=book)
    assert [result.label for result in results] == ["z", "f", "law"]
    assert list(results[2].counts) == ["p", "n"]
    assert [r.label for r in measure({"ann": ann, "bo": ann})] == ["f", "law"]


@pytest.mark.parametrize(
    ("ann", "bo", "reason"),
    [
        ("000", "000", "no variation: every code is 'absent'"),
        ("111", "11.", "no variation: every code is 'present'"),
    ],
)
def test_no_variation_is_said(ann, bo, reason):
    (result,) = measure({"ann": code_frames(ann), "bo": code_frames(bo)})
    assert math.isnan(result.alpha.value)
    assert math.isnan(result.alpha.low)
    assert result.percent == 1.0
    assert result.reason == reason


def test_a_label_that_no_two_coders_coded():
    ann = [*code_frames("10"), Coding("z:1", frames={"g": True})]
    results = measure({"ann": ann, "bo": code_frames("10")})
    assert results[1].reason == "no unit was coded by two coders"
    assert math.isnan(results[1].alpha.value)
    assert math.isnan(results[1].percent)
    assert results[1].prevalence == {"ann": {}, "bo": {}}
    assert (results[1].alpha.n_units, results[1].n_single) == (0, 1)


def test_a_single_article_has_no_interval():
    coders = {"ann": code_units("1100", size=4), "bo": code_units("1101", size=4)}
    (result,) = measure(coders)
    assert result.alpha.value == pytest.approx(compute_alpha(["1100", "1101"]))
    assert math.isnan(result.alpha.low)
    assert math.isnan(result.alpha.high)
    assert result.reason == "a single article: no interval"


def test_resamples_without_variation_are_counted():
    (result,) = measure({"ann": code_frames("10"), "bo": code_frames("10")}, resamples=200)
    kept = int(result.reason.split()[2])
    assert result.reason == f"interval from {kept} of 200 resamples: the others have no variation"
    assert 60 < kept < 140


def test_same_seed_same_interval_and_any_chunk(monkeypatch):
    coders = simulate(20, 4, seed=3)
    first = measure(coders, seed=4)
    assert measure(coders, seed=4) == first
    monkeypatch.setattr("framing.coding.reliability._MOST_WEIGHTS", 700)
    assert measure(coders, seed=4) == first
    assert measure(coders, seed=5) != first


def test_no_resamples_no_interval():
    (result,) = measure(simulate(5, 4, seed=3), resamples=0)
    assert result.alpha.value > 0
    assert math.isnan(result.alpha.low)


def test_level():
    coders = simulate(20, 4, seed=3)
    wide, narrow = measure(coders, level=0.95)[0].alpha, measure(coders, level=0.5)[0].alpha
    assert narrow.high - narrow.low < wide.high - wide.low
    assert narrow.level == 0.5


def test_one_coder():
    with pytest.raises(CodingError) as caught:
        measure({"ann": code_frames("10")})
    assert str(caught.value) == (
        "agreement needs two or more coders, and there are 1; give the codings of another one"
    )


def test_nothing_shared():
    with pytest.raises(CodingError) as caught:
        measure({"ann": code_frames("1"), "bo": [Coding("z:1", frames={"f": True})]})
    assert str(caught.value) == (
        "the coders ann, bo have no unit in common; give codings of the same units"
    )


def test_a_unit_twice():
    with pytest.raises(CodingError) as caught:
        measure({"ann": code_frames("1") * 2, "bo": code_frames("1")})
    assert str(caught.value) == "coder 'ann' coded 'a:1' twice; keep one coding a unit"
