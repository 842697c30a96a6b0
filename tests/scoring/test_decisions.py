"""Decisions on many units."""

from __future__ import annotations

import numpy as np

from framing.scoring.decisions import decide


def test_decisions_follow_thresholds_bands_and_weights(pointed):
    texts = ["ban", "calm", "Critics praised Ann, while voters blamed Bob."]
    found = decide(pointed, texts, [None, None, "Bob"])
    assert found.present.tolist() == [[True], [False], [False]]
    assert found.doubtful.tolist() == [[False], [True], [True]]
    assert found.chosen["target"].tolist() == [2, 2, 1]
    scores = pointed.score(texts, [None, None, "Bob"])
    np.testing.assert_array_equal(found.scores.frames, scores.frames)


def test_models_without_frames_decide_on_none(any_model):
    found = decide(any_model, ["ban", ""])
    assert found.present.shape == found.doubtful.shape == (2, len(any_model.frames))
    assert set(found.chosen) == {head.target for head in any_model.stances}
