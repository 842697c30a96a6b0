"""Explanations that leave no remainder, and the evidence picked from them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.schema import Evidence, Paragraph
from framing.scoring.explanation import TERMS_PER_LABEL, explain_text, find_evidence
from framing.scoring.recipe import NgramBlock
from framing.scoring.vectorizing import FittedBlock, Vectorizer


def predict(model, text, mention=None):
    unit = Paragraph("a:1", "a", text, 0, len(text), mention=mention)
    [found] = model.predict_paragraphs([unit])
    return found


def find_scores(model, text, stance, mention=None):
    """Return the raw score of each label: a stance's against its neutral value."""
    logits = model.compute_logits([text], [mention])[0]
    scores = dict(zip(model.frame_ids, logits, strict=False))
    for head in model.stances:
        if head.target not in stance:
            continue
        by_value = dict(zip(head.values, logits[model.columns(head.target)], strict=True))
        value = stance[head.target].value
        against = by_value[head.neutral] if head.neutral not in {None, value} else 0.0
        scores[f"{head.target}={value}"] = by_value[value] - against
    return scores


@settings(deadline=None)
@given(data=st.data())
def test_explanations_sum_to_the_score_on_any_text(wild, wild_texts, data):
    text = data.draw(wild_texts)
    found = explain_text(wild, text)
    scores = find_scores(wild, text, predict(wild, text).stance)
    assert [label.label for label in found.labels] == list(scores)
    for label in found.labels:
        total = label.intercept + sum(item.weight for item in label.evidence)
        assert total == pytest.approx(scores[label.label], rel=0, abs=1e-9)


MENTION_WORDS = ("Ann", "ann's", "praised", "blamed", "ban", "İ", "Bob", "@", ", ", "«", "\u2028")


@settings(deadline=None)
@given(
    words=st.lists(st.sampled_from(MENTION_WORDS), max_size=9),
    mention=st.sampled_from(["Ann", "BOB", "Ann Bob", "Zoe", "@", None]),
)
def test_explanations_with_a_mention_sum_and_slice(pointed, words, mention):
    text = " ".join(words)
    found = explain_text(pointed, text, mention)
    predicted = predict(pointed, text, mention)
    scores = find_scores(pointed, text, predicted.stance, mention)
    assert [label.label for label in found.labels] == list(scores)
    assert len(scores) == (1 if mention is None else 2)
    for label in found.labels:
        total = label.intercept + sum(item.weight for item in label.evidence)
        assert total == pytest.approx(scores[label.label], rel=0, abs=1e-9)
    for item in [e for label in found.labels for e in label.evidence] + list(predicted.evidence):
        assert text[item.start : item.end] == item.term
    assert all(item.term for item in predicted.evidence)


@settings(deadline=None)
@given(data=st.data())
def test_offsets_slice_the_text(wild, wild_texts, data):
    text = data.draw(wild_texts)
    found = [item for label in explain_text(wild, text).labels for item in label.evidence]
    for item in [*found, *predict(wild, text).evidence]:
        assert text[item.start : item.end] == item.term
        assert item.term
        assert item.term.strip() == item.term


@settings(deadline=None)
@given(data=st.data())
def test_evidence_is_the_best_of_the_explanation(wild, wild_texts, data):
    text = data.draw(wild_texts)
    found = predict(wild, text)
    labels = {label.label: label for label in explain_text(wild, text).labels}
    given_labels = [*found.frames]
    if found.stance["three"].value != "none":
        given_labels.append(f"three={found.stance['three'].value}")
    given_labels.append(f"two={found.stance['two'].value}")  # without a neutral value
    expected = [
        item
        for label in given_labels
        for item in [e for e in labels[label].evidence if e.weight > 0][:TERMS_PER_LABEL]
    ]
    assert list(found.evidence) == expected
    assert {name for name, label in labels.items() if label.present} == set(given_labels)


@settings(deadline=None)
@given(data=st.data())
def test_terms_stand_once_a_label_and_in_order(wild, wild_texts, data):
    for label in explain_text(wild, data.draw(wild_texts)).labels:
        weights = [item.weight for item in label.evidence]
        assert weights == sorted(weights, reverse=True)
        terms = [item.term.lower() for item in label.evidence]
        assert len(terms) == len(set(terms))


def test_frames_by_hand(tiny):
    found = explain_text(tiny, "Ban it, lift the BAN")
    risk = found.labels[0]
    root = 5**0.5  # of two times "ban" and once "lift"
    assert (risk.label, risk.intercept, risk.threshold) == ("risk", 0.25, 0.6)
    assert [(e.term, e.start, e.end) for e in risk.evidence] == [("Ban", 0, 3), ("lift", 8, 12)]
    assert [e.weight for e in risk.evidence] == pytest.approx([4 / root, -1 / root])
    score = 0.25 + 3 / root
    assert risk.probability == pytest.approx(1 / (1 + np.exp(-(2 * score - 1))))
    assert risk.present
    assert found.text == "Ban it, lift the BAN"


def test_a_stance_stands_against_the_neutral_value(tiny):
    risk, stance = explain_text(tiny, "good good").labels
    assert not risk.present
    assert (stance.label, stance.present, stance.threshold) == ("mine=for", True, None)
    assert stance.intercept == -0.5  # of "for" less that of "none"
    assert [(e.label, e.term, e.weight) for e in stance.evidence] == [("mine=for", "good", 1.0)]
    assert stance.probability == pytest.approx(np.e**2 / (np.e**2 + 1 + np.e))


def test_a_neutral_stance_is_explained_but_not_taken(tiny):
    stance = explain_text(tiny, "ban").labels[1]
    assert (stance.label, stance.present, stance.intercept) == ("mine=none", False, 0.5)
    assert {e.label for e in predict(tiny, "good ban").evidence} == {"risk", "mine=for"}
    assert {e.label for e in predict(tiny, "ban").evidence} == {"risk"}


def test_without_a_neutral_value_every_stance_is_taken(tiny):
    model = replace(tiny, stances=(replace(tiny.stances[0], neutral=None),))
    stance = explain_text(model, "good").labels[1]
    assert (stance.label, stance.present, stance.intercept) == ("mine=for", True, 0.0)
    assert explain_text(model, "ban").labels[1].present


def test_each_mention_has_evidence_of_its_own(pointed):
    text = "Critics praised Ann, while voters blamed Bob."
    found = {name: predict(pointed, text, name).evidence for name in ("Ann", "Bob")}
    assert [(e.label, e.term, e.start, e.end) for e in found["Ann"]] == [
        ("target=for", "praised", 8, 15),
        ("target=for", "Ann", 16, 19),
    ]
    assert [e.weight for e in found["Ann"]] == pytest.approx([2.0, 0.5])
    assert [(e.label, e.term, e.start, e.end) for e in found["Bob"]] == [
        ("target=against", "blamed", 34, 40)
    ]
    near, far = np.exp(-1 / 6), np.exp(-6 / 6)
    assert found["Bob"][0].weight == pytest.approx(2 * near / np.hypot(near, far))


def test_a_mention_that_the_text_lacks_is_evidence_without_letters(pointed):
    """It moves the score, so the explanation holds it; a prediction names what it can show."""
    text = "They praised nobody."
    stance = explain_text(pointed, text, "Ann").labels[1]
    assert (stance.label, stance.present, stance.intercept) == ("target=for", True, -0.25)
    assert stance.evidence == (Evidence("target=for", "", 0.5, 0, 0),)
    assert predict(pointed, text, "Ann").evidence == ()


def test_without_a_mention_there_is_no_stance_to_explain(pointed):
    found = explain_text(pointed, "Critics praised Ann.")
    assert [label.label for label in found.labels] == ["risk"]


@pytest.mark.parametrize("text", ["", " ", "nothing known", "\ud800\0"])
def test_a_text_without_known_terms(tiny, text):
    found = explain_text(tiny, text)
    assert [label.evidence for label in found.labels] == [(), ()]
    assert predict(tiny, text).evidence == ()


def test_no_more_terms_than_can_be_read(tiny):
    terms = tuple(f"word{letter}" for letter in "abcdefgh")
    block = FittedBlock(NgramBlock("word", 1, 1, False, 1), terms, np.ones(8))
    weights = np.zeros((8, 4), dtype=np.float32)
    weights[:, 0] = range(1, 9)
    model = replace(tiny, vectorizer=Vectorizer([block]), coefficients=weights)
    found = predict(model, " ".join(terms)).evidence
    assert [item.term for item in found] == ["wordh", "wordg", "wordf", "worde", "wordd"]
    assert len(explain_text(model, " ".join(terms)).labels[0].evidence) == 8


def test_words_and_their_letters_are_one_term(tiny):
    blocks = [
        FittedBlock(NgramBlock("word", 1, 2, False, 1), ("ban", "the ban"), np.ones(2)),
        FittedBlock(NgramBlock("char_wb", 3, 3, False, 1), ("an,", "ban"), np.ones(2)),
    ]
    weights = np.zeros((4, 4), dtype=np.float32)
    weights[:, 0] = [1, 2, 4, 8]
    model = replace(tiny, vectorizer=Vectorizer(blocks), coefficients=weights)
    found = {item.term: item for item in explain_text(model, "«The ban,»").labels[0].evidence}
    root = 2**0.5  # of either block
    assert set(found) == {"ban", "The ban"}
    assert found["ban"].weight == pytest.approx((1 + 4 + 8) / root)
    assert (found["ban"].start, found["ban"].end) == (5, 8)
    assert found["The ban"].weight == pytest.approx(2 / root)
    assert (found["The ban"].start, found["The ban"].end) == (1, 8)


def test_punctuation_alone_is_a_term(tiny):
    block = FittedBlock(NgramBlock("char_wb", 2, 2, False, 1), ("!!",), np.ones(1))
    weights = np.array([[2, 0, 0, 0]], dtype=np.float32)
    model = replace(tiny, vectorizer=Vectorizer([block]), coefficients=weights)
    assert predict(model, "stop !!!").evidence == (Evidence("risk", "!!!", 2.0, 5, 8),)


def test_what_lower_case_lengthens_does_not_move_the_offsets(tiny):
    text = "İİİ İZMİR ban"
    assert [(e.term, e.start, e.end) for e in predict(tiny, text).evidence] == [("ban", 10, 13)]


def test_of_equal_terms_the_first_in_the_text_comes_first(tiny):
    model = replace(tiny, coefficients=np.full((4, 4), 1, dtype=np.float32))
    found = explain_text(model, "lift good ban bad").labels[0].evidence
    assert [item.term for item in found] == ["lift", "good", "ban", "bad"]


def test_nothing_is_looked_for_where_nothing_was_found(tiny):
    assert find_evidence(tiny, "ban", (), predict(tiny, "ban").stance) == ()


def test_frames_say_how_many_units_they_were_learnt_from(tiny):
    learnt = {head.id: head.n_positive for head in tiny.frames}
    for label in explain_text(tiny, "ban").labels:
        assert label.n_positive == learnt.get(label.label)
    assert learnt
