"""A model's scores, against scikit-learn's own pipeline, and what it makes of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.schema import Article, InputError, Paragraph, Prediction
from framing.scoring.explanation import explain_text
from framing.scoring.rows import list_columns


def unit(text, kind="paragraph", name="a:1", mention=None):
    return Paragraph(name, "a", text, 0, len(text), kind, mention=mention)


def score_by_scikit_learn(fitted, texts):
    """Return the raw scores (n, K) in the model's order of columns."""
    matrix = fitted.features.transform(texts)
    two = fitted.stances["two"].decision_function(matrix)
    return np.column_stack(
        [
            *(model.decision_function(matrix) for model in fitted.frames.values()),
            fitted.stances["three"].decision_function(matrix),
            np.zeros(len(texts)),
            two,
        ]
    )


@settings(deadline=None)
@given(data=st.data())
def test_scores_equal_scikit_learn_on_any_text(fitted, wild, wild_texts, data):
    texts = data.draw(st.lists(wild_texts, min_size=1, max_size=3))
    expected = score_by_scikit_learn(fitted, texts)
    np.testing.assert_allclose(wild.compute_logits(texts), expected, rtol=0, atol=1e-6)
    matrix, scores = fitted.features.transform(texts), wild.score(texts)
    for column, classifier in enumerate(fitted.frames.values()):
        np.testing.assert_allclose(
            scores.frames[:, column], classifier.predict_proba(matrix)[:, 1], rtol=0, atol=1e-6
        )
    for target, classifier in fitted.stances.items():
        np.testing.assert_allclose(
            scores.stances[target], classifier.predict_proba(matrix), rtol=0, atol=1e-6
        )


def test_scores_equal_scikit_learn_on_its_training_texts(fitted, wild):
    expected = score_by_scikit_learn(fitted, fitted.texts)
    np.testing.assert_allclose(wild.compute_logits(fitted.texts), expected, rtol=0, atol=1e-6)
    assert np.ptp(expected[:, :4], axis=0).min() > 1  # the scores do say something


@settings(deadline=None)
@given(data=st.data())
def test_a_text_scores_the_same_in_any_company(wild, wild_texts, data):
    texts = data.draw(st.lists(wild_texts, min_size=2, max_size=4))
    together = wild.compute_logits(texts)
    alone = np.vstack([wild.compute_logits([text]) for text in texts])
    assert np.array_equal(together, alone)


# "ban ban lift" counts 2 and 1, divided by the root of 5
BAN = 0.25 + (2 * 2 - 1) / 5**0.5


def test_predictions_by_hand(tiny):
    [found] = tiny.predict_paragraphs([unit("Ban! ban, lift")])
    assert tiny.compute_logits(["Ban! ban, lift"])[0].tolist() == pytest.approx([BAN, 0, 0, 0.5])
    assert found.frames == ("risk",)
    assert found.probabilities == {"risk": pytest.approx(1 / (1 + np.exp(-(2 * BAN - 1))))}
    # scores 0, 0 and 0.5, divided by 0.5
    assert found.stance["mine"].value == "none"
    assert found.stance["mine"].probabilities == {
        "for": pytest.approx(1 / (2 + np.e)),
        "against": pytest.approx(1 / (2 + np.e)),
        "none": pytest.approx(np.e / (2 + np.e)),
    }
    assert (found.model, found.codebook) == ("ba9876543210", tiny.codebook.hash)


@pytest.mark.parametrize(
    ("text", "frames", "stance"),
    [
        ("", (), "none"),
        ("lift", (), "none"),
        ("ban", ("risk",), "none"),
        ("good", (), "for"),
        ("bad ban", ("risk",), "against"),
        ("\0\ud800", (), "none"),
    ],
)
def test_decisions_by_hand(tiny, text, frames, stance):
    [found] = tiny.predict_paragraphs([unit(text)])
    assert (found.frames, found.stance["mine"].value) == (frames, stance)


def test_a_frame_is_present_from_its_threshold_on(tiny):
    probability = tiny.score(["lift"]).frames[0, 0]
    for threshold, frames in ((probability, ("risk",)), (np.nextafter(probability, 1), ())):
        head = replace(tiny.frames[0], threshold=float(threshold))
        [found] = replace(tiny, frames=(head,)).predict_paragraphs([unit("lift")])
        assert found.frames == frames


def test_boilerplate_passes_through_in_its_place(tiny):
    kinds = ["boilerplate", "headline", "boilerplate", "bullet", "paragraph", "boilerplate"]
    units = [unit("ban", kind, f"a:{number}") for number, kind in enumerate(kinds)]
    found = tiny.predict_paragraphs(units)
    assert [prediction.paragraph for prediction in found] == units
    for prediction, kind in zip(found, kinds, strict=True):
        if kind == "boilerplate":
            assert prediction == Prediction(
                prediction.paragraph, None, None, None, (), tiny.hash, tiny.codebook.hash
            )
        else:
            assert prediction.frames == ("risk",)
    assert tiny.predict_paragraphs([]) == []
    assert len(tiny.predict_paragraphs(units[:1])) == 1


def test_evidence_is_found_unless_it_is_not_wanted(tiny):
    [with_it] = tiny.predict_paragraphs([unit("ban")])
    [without] = tiny.predict_paragraphs([unit("ban")], evidence=False)
    assert with_it.evidence
    assert without == replace(with_it, evidence=())


def test_columns_of_targets(wild):
    assert wild.frame_ids == ("city", "street", "trade")
    assert wild.columns("three") == slice(3, 6)
    assert wild.columns("two") == slice(6, 8)
    with pytest.raises(KeyError, match="four"):
        wild.columns("four")


def test_a_model_of_frames_alone_and_of_stances_alone(tiny):
    frames = replace(
        tiny, stances=(), coefficients=tiny.coefficients[:, :1], intercepts=tiny.intercepts[:1]
    )
    [found] = frames.predict_paragraphs([unit("ban good")])
    assert (found.frames, found.stance) == (("risk",), {})
    stances = replace(
        tiny, frames=(), coefficients=tiny.coefficients[:, 1:], intercepts=tiny.intercepts[1:]
    )
    [found] = stances.predict_paragraphs([unit("ban good good")])
    assert (found.frames, found.probabilities) == ((), {})
    assert found.stance["mine"].value == "for"
    assert [item.label for item in found.evidence] == ["mine=for"]


# --- mentions

BOTH = "Critics praised Ann, while voters blamed Bob."


def test_two_targets_in_one_sentence_can_differ(pointed):
    found = pointed.predict_paragraphs([unit(BOTH, mention=name) for name in ("Ann", "Bob")])
    assert [prediction.stance["target"].value for prediction in found] == ["for", "against"]
    assert found[0].probabilities == found[1].probabilities
    # toward Ann: 2 for "praised" and 0.5 x 1 for her name, 0.25 for none
    scores = np.exp([2.5, 0.0, 0.25])
    assert list(found[0].stance["target"].probabilities.values()) == pytest.approx(
        scores / scores.sum()
    )


def test_without_a_mention_there_is_no_stance(pointed):
    units = [unit(BOTH, mention=mention) for mention in (None, "Ann", None)]
    first, second, third = pointed.predict_paragraphs(units)
    assert (first.stance, third.stance) == ({}, {})
    assert set(second.stance) == {"target"}
    assert first.frames == second.frames == ()
    assert not [item for item in first.evidence if "=" in item.label]


def test_a_mention_that_the_text_lacks_gets_a_stance_all_the_same(pointed):
    found = pointed.predict_paragraphs(
        [unit("Nothing of it.", mention=name) for name in ("Zoe", "Ann")]
    )
    assert [prediction.stance["target"].value for prediction in found] == ["none", "for"]
    assert [prediction.evidence for prediction in found] == [(), ()]


def test_other_targets_do_not_ask_for_a_mention(pointed, tiny):
    with_it, without = tiny.predict_paragraphs([unit("good", mention="good"), unit("good")])
    assert with_it.stance == without.stance
    assert set(without.stance) == {"mine"}
    assert (tiny.sees_mentions, pointed.sees_mentions) == (False, True)
    plain = replace(pointed, stances=(replace(pointed.stances[0], mentioned=False),))
    assert not plain.sees_mentions
    [found] = plain.predict_paragraphs([unit(BOTH)])
    assert found.stance["target"].value == "none"


def test_scores_follow_the_mentions_in_order(pointed):
    mentions = ["Ann", None, "Bob"]
    together = pointed.score([BOTH] * 3, mentions)
    for row, mention in enumerate(mentions):
        alone = pointed.score([BOTH], [mention])
        assert np.array_equal(together.stances["target"][row], alone.stances["target"][0])
    without = pointed.score([BOTH]).stances["target"]
    assert np.array_equal(without, together.stances["target"][1:2])
    assert len(np.unique(together.frames)) == 1


def test_the_mention_is_a_column_of_the_table(pointed, tiny):
    units = [unit(BOTH, name="1", mention="Bob"), unit(BOTH, name="2")]
    found = pointed.predict(units)
    assert list(found.columns) == list(list_columns(pointed))
    assert found["target"].tolist()[0] == "Bob"
    assert found["target"].isna().tolist() == [False, True]
    assert found["stance:target"].isna().tolist() == [False, True]
    assert "target" not in tiny.predict(units).columns


# --- what is not sure


@pytest.mark.parametrize(
    ("text", "frames", "uncertain"),
    [
        ("ban", ("risk",), ()),  # 2 - 0.5: a probability of .82
        ("calm", (), ("risk",)),  # -0.5: .38, in the band from .25 to .75
    ],
)
def test_what_stands_in_the_band_is_uncertain(pointed, text, frames, uncertain):
    [found] = pointed.predict_paragraphs([unit(text)])
    assert (found.frames, found.uncertain) == (frames, uncertain)


def test_bounds_of_the_band_are_as_the_head_says(pointed):
    share = float(pointed.score(["calm"]).frames[0, 0])
    above = float(np.nextafter(share, 1))
    for band, uncertain in (((share, 1.0), True), ((above, 1.0), False), ((0.0, share), False)):
        model = replace(pointed, frames=(replace(pointed.frames[0], band=band),))
        [found] = model.predict_paragraphs([unit("calm")])
        assert found.uncertain == (("risk",) if uncertain else ())


def test_a_model_without_bands_promises_nothing(pointed, tiny):
    assert (pointed.promises, tiny.promises) == (True, False)
    [found] = tiny.predict_paragraphs([unit("ban")])
    assert found.uncertain is None
    columns = [list(list_columns(model)) for model in (pointed, tiny)]
    assert ["uncertain" in names for names in columns] == [True, False]
    assert columns[0][columns[0].index("frames") + 1] == "uncertain"


def test_boilerplate_is_not_uncertain(pointed):
    [found] = pointed.predict_paragraphs([unit("calm", "boilerplate", mention="Ann")])
    assert found.uncertain is found.frames is found.stance is None


# --- what Python users call


def test_texts_give_one_row_each(tiny):
    found = tiny.predict(["ban", "", "good"])
    assert list(found.columns) == list(list_columns(tiny))
    assert found["id"].tolist() == ["text:1", "text:2", "text:3"]
    assert found["frames"].tolist() == ["risk", "[]", "[]"]
    assert found["stance:mine"].tolist() == ["none", "none", "for"]


def test_one_text_is_not_taken_for_its_letters(tiny):
    assert tiny.predict("ban")["text"].tolist() == ["ban"]


@pytest.mark.parametrize("items", [[], iter([])])
def test_nothing_gives_no_rows_but_all_columns(tiny, items):
    found = tiny.predict(items)
    assert found.shape == (0, len(list_columns(tiny)))


def test_articles_are_cut_and_paragraphs_are_not(tiny):
    article = Article("news", "# The ban\n\nA ban would hurt.\n\n3 Comments", source="Post")
    found = tiny.predict([article, unit("ban\n\nban", name="own")])
    assert found["kind"].tolist() == ["headline", "paragraph", "boilerplate", "paragraph"]
    assert found["id"].tolist()[3] == "own"
    assert found["source"].tolist()[:3] == ["Post"] * 3
    assert found["p:risk"].isna().tolist() == [False, False, True, False]
    assert found["frames"].isna().tolist() == [False, False, True, False]


def test_many_texts_keep_their_order(tiny):
    texts = [f"{number} {'ban' if number % 3 else 'lift'}" for number in range(600)]
    found = tiny.predict(iter(texts))
    assert found["text"].tolist() == texts
    assert (found["frames"] == "risk").tolist() == [number % 3 > 0 for number in range(600)]


@pytest.mark.parametrize("item", [None, 3, float("nan"), ["ban"]])
def test_what_is_no_text_is_named(tiny, item):
    with pytest.raises(InputError) as error:
        tiny.predict(["ban", item])
    name = type(item).__name__
    reason = f"a {name} is not a text; give texts, articles or paragraphs"
    assert str(error.value) == f"item 2: {reason}"


def test_explanations_are_at_hand(tiny, pointed):
    assert tiny.explain("ban") == explain_text(tiny, "ban")
    assert pointed.explain(BOTH, "Bob") == explain_text(pointed, BOTH, "Bob")
    assert pointed.explain(BOTH, "Bob") != pointed.explain(BOTH)


def test_a_column_of_a_table_may_be_given(tiny):
    table = pd.DataFrame({"text": ["ban", "lift"]})
    assert tiny.predict(table["text"])["frames"].tolist() == ["risk", "[]"]


def test_a_table_gives_a_row_each_and_names_targets(pointed):
    table = pd.DataFrame({"text": [BOTH, BOTH], "target": ["Ann", "Bob"], "source": ["Post", None]})
    found = pointed.predict(table)
    units = [unit(BOTH, mention="Ann"), unit(BOTH, mention="Bob")]
    assert found["stance:target"].tolist() == pointed.predict(units)["stance:target"].tolist()
    assert len(set(found["stance:target"])) == 2
    assert found["target"].tolist() == ["Ann", "Bob"]
    assert found["source"].tolist()[0] == "Post"
    # Its columns' names are no texts.
    assert found["text"].tolist() == [BOTH, BOTH]


@pytest.mark.parametrize("items", [None, {"text": ["ban"]}, 3])
def test_what_holds_no_texts_is_refused(tiny, items):
    with pytest.raises(InputError, match=f"^a {type(items).__name__} is not a text; give texts"):
        tiny.predict(items)
