"""Which scorer scores a model, and that both say the same."""

from __future__ import annotations

import numpy as np
import pytest

from framing.schema import FramingError
from framing.scoring import scorers
from framing.scoring.compiled import CompiledScorer
from framing.scoring.extension import kernel
from framing.scoring.scorers import PythonScorer, make_scorer

with_extension = pytest.mark.skipif(kernel is None, reason="the extension was not built")


@with_extension
def test_the_compiled_engine_is_used_where_there_is_one(tiny):
    assert isinstance(make_scorer(tiny), CompiledScorer)
    assert isinstance(make_scorer(tiny, "compiled"), CompiledScorer)
    assert isinstance(make_scorer(tiny, "python"), PythonScorer)
    assert isinstance(tiny.scorer, CompiledScorer)
    assert tiny.scorer is tiny.scorer


def test_without_the_extension_python_scores(tiny, monkeypatch):
    monkeypatch.setattr(scorers, "kernel", None)
    assert isinstance(make_scorer(tiny), PythonScorer)
    with pytest.raises(FramingError) as error:
        make_scorer(tiny, "compiled")
    assert str(error.value) == (
        "framing.scoring: the compiled scorer was not built with this installation; "
        "install a C compiler, then framing again"
    )


@with_extension
def test_both_engines_score_by_hand(tiny):
    for kind in ("compiled", "python"):
        (found,) = make_scorer(tiny, kind).compute_logits(["Ban! ban, lift"])
        # twice "ban" and once "lift": (2 x 2 - 1) / sqrt 5 for risk, over the intercept
        assert found.tolist() == pytest.approx([0.25 + 3 / 5**0.5, 0, 0, 0.5])


@with_extension
def test_both_engines_agree_on_what_training_saw(wild, fitted):
    compiled, python = (
        make_scorer(wild, kind).compute_logits(fitted.texts) for kind in ("compiled", "python")
    )
    assert np.abs(compiled - python).max() < 1e-9
