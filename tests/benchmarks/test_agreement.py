"""Tests of the comparison with other libraries, which runs where they are installed."""

import sys
from importlib.util import find_spec

import numpy as np
import pytest

import agreement
from agreed import rows, samples
from framing.measuring.prevalence.powered import power_predictions


def invoke(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["agreement.py", *map(str, arguments)])
    monkeypatch.setattr(sys, "path", [*sys.path])  # which the script changes
    with pytest.raises(SystemExit) as leaving:
        agreement.main()
    return leaving.value.code, *capsys.readouterr()


@pytest.fixture
def sample():
    rng = np.random.default_rng(0)
    return samples.Sample("small", rng.random(50), (rng.random(20) < 0.5).astype(float))


def test_what_to_install_is_said_in_one_line(monkeypatch, capsys):
    monkeypatch.setattr(agreement, "find_spec", lambda module: None)
    code, out, err = invoke(monkeypatch, capsys)
    assert (code, out) == (1, "")
    assert err == "error: ppi-python and quapy not installed; pip install ppi-python quapy\n"


@pytest.mark.parametrize("among", [True, False])
def test_coded_units_stand_among_the_predictions_or_apart(sample, among):
    sums = samples.tally(sample, among=among)
    assert sums.units.sum() == (50 if among else 30)
    assert (sums.codings.sum(), sums.truth.sum()) == (20, sample.truth.sum())
    mean = sample.predictions.mean() if among else sample.predictions[20:].mean()
    expected = 0.4 * mean + (sample.truth - 0.4 * sample.predictions[:20]).mean()
    found = power_predictions(sums, power=np.array([0.4]))
    assert found.values == pytest.approx([expected])


def test_samples_are_of_many_kinds_and_repeat():
    one, other = (list(samples.draw_samples(np.random.default_rng(1))) for _ in range(2))
    assert len({sample.name for sample in one}) == len(one) == 18
    assert all((a.predictions == b.predictions).all() for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("reason", rows.BOUNDS)
def test_each_reason_explains_so_much_and_no_more(reason):
    bound = rows.BOUNDS[reason]
    within, beyond, unknown = (
        rows.Row("mean", 3, largest, reason) for largest in (bound, 1.01 * bound, float("nan"))
    )
    assert within.stands
    assert not beyond.stands
    assert not unknown.stands
    assert beyond.verdict == f"disagrees, beyond {bound:g}: {reason}"


def test_verdicts_name_the_reason_only_where_it_is_needed():
    assert rows.Row("mean", 3, 1e-7, rows.POOLED).verdict == "agreed"
    told = rows.Row("power", 3, 1.5, rows.POOLED).verdict
    assert told == f"within 6: {rows.POOLED}"


def test_a_disagreement_ends_with_an_error(monkeypatch, capsys):
    monkeypatch.setattr(agreement, "check_installed", lambda: None)
    monkeypatch.setattr(agreement, "format_report", lambda rows, seed: "")
    for name in ("compare_power", "compare_adjusted", "compare_likelihood"):
        monkeypatch.setattr(agreement, name, lambda *_, **__: [])
    row = rows.Row("power", 3, 7.0, rows.POOLED)
    monkeypatch.setattr(agreement, "compare_likelihood", lambda rng: [row])
    monkeypatch.setattr(sys, "path", [*sys.path, str(agreement.FOLDER)])
    code, _, err = invoke(monkeypatch, capsys)
    assert (code, err) == (1, "error: no agreement on power\n")
    assert str(agreement.FOLDER) not in sys.path


@pytest.mark.skipif(
    not all(map(find_spec, agreement.NEEDED)), reason="pip install ppi-python quapy"
)
def test_they_agree(monkeypatch, capsys, tmp_path):
    path = tmp_path / "agreement.md"
    code, _, err = invoke(monkeypatch, capsys, "-o", path)
    assert (code, err) == (0, "")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert sum("| agreed |" in line for line in lines) == 11
    assert sum("| within " in line for line in lines) == 4


@pytest.mark.skipif(
    not all(map(find_spec, agreement.NEEDED)), reason="pip install ppi-python quapy"
)
@pytest.mark.parametrize("among", [True, False])
def test_another_power_disagrees(monkeypatch, among):
    find = agreement._find_power
    monkeypatch.setattr(agreement, "_find_power", lambda sums: 0.5 * find(sums))
    drawn = list(samples.draw_samples(np.random.default_rng(0)))
    found = agreement.compare_power(drawn, among=among)
    assert {row.quantity.split(",")[0] for row in found if not row.stands} >= {
        "power (lambda)",
        "variance at our power above that at theirs (relative)",
    }
