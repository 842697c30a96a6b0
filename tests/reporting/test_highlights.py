"""A paragraph with its terms marked, for the terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from framing.reporting.highlights import (
    check_frame,
    check_target,
    choose_labels,
    render_explanation,
)
from framing.schema import Evidence, InputError
from framing.scoring.explanation import Explanation, LabelExplanation

TEXT = "The bill [bold]doubled[/] in İstanbul."


def explain(label, probability, *weights, present, threshold=0.5):
    words = [word for word in ("bill", "doubled", "İstanbul") if word in TEXT]
    evidence = tuple(
        Evidence(label, word, weight, TEXT.index(word), TEXT.index(word) + len(word))
        for word, weight in zip(words, weights, strict=False)
    )
    return LabelExplanation(label, probability, threshold, present, -1.0, evidence)


@pytest.fixture
def explanation():
    return Explanation(
        TEXT,
        (
            explain("cost", 0.91, 2.5, 0.75, -0.5, present=True),
            explain("safety", 0.12, 0.25, -1.5, present=False),
            explain("law=pro", 0.66, 0.5, present=True, threshold=None),
        ),
    )


def list_marked(text):
    return {text.plain[span.start : span.end] for span in text.spans if "yellow" in str(span.style)}


def test_labels_that_were_given_with_their_terms(explanation):
    lines = render_explanation(explanation).plain.splitlines()
    assert lines == [
        "",
        TEXT,
        "  cost (probability 0.91, threshold 0.50)",
        "    for: bill +2.50, doubled +0.75",
        "    against: İstanbul -0.50",
        "  law=pro (probability 0.66)",
        "    for: bill +0.50",
    ]


def test_only_what_spoke_for_a_label_is_marked(explanation):
    assert list_marked(render_explanation(explanation)) == {"bill", "doubled"}


def test_one_frame_even_where_it_is_absent(explanation):
    text = render_explanation(explanation, frame="safety")
    assert "  safety (probability 0.12, threshold 0.50)\n    for: bill +0.25\n" in text.plain
    assert "cost" not in text.plain
    assert [label.label for label in choose_labels(explanation, "safety")] == ["safety"]


def test_without_any_label_the_nearest_is_named(explanation):
    absent = Explanation(TEXT, (explain("cost", 0.3, present=False), explanation.labels[1]))
    text = render_explanation(absent)
    assert "  no frame (nearest: cost (probability 0.30, threshold 0.50))" in text.plain
    assert list_marked(text) == set()


def test_the_nearest_is_the_frame_that_lacks_least_to_its_threshold():
    labels = (
        explain("cost", 0.30, present=False, threshold=0.6),
        explain("safety", 0.25, present=False, threshold=0.3),
        explain("law=none", 0.98, present=False, threshold=None),
    )
    text = render_explanation(Explanation(TEXT, labels)).plain
    assert "  no frame (nearest: safety (probability 0.25, threshold 0.30))" in text
    assert "law" not in text


@pytest.mark.parametrize("labels", [(), (explain("law=none", 0.9, present=False, threshold=None),)])
def test_without_frames_none_is_nearest(labels):
    lines = render_explanation(Explanation(TEXT, labels)).plain.splitlines()
    assert lines[1:] == [TEXT, "  no label"]


def test_a_frame_that_was_learnt_from_few_units_is_unreliable():
    for n_positive, doubt in (
        (9, "; unreliable, learnt from 9 units that carry it"),
        (10, ""),
        (None, ""),
    ):
        label = replace(explain("cost", 0.91, present=True), n_positive=n_positive)
        text = render_explanation(Explanation(TEXT, (label,))).plain
        assert f"  cost (probability 0.91, threshold 0.50{doubt})\n" in text


def test_a_label_without_terms(explanation):
    bare = Explanation(TEXT, (explain("cost", 0.9, present=True),))
    assert render_explanation(bare).plain.splitlines()[-1] == "    for: -"


def test_a_mention_that_the_text_lacks_has_a_name():
    evidence = (Evidence("law=pro", "bill", 0.5, 4, 8), Evidence("law=pro", "", 0.25, 0, 0))
    label = LabelExplanation("law=pro", 0.66, None, True, 0.0, evidence)
    text = render_explanation(Explanation(TEXT, (label,)))
    assert text.plain.splitlines()[-1] == "    for: bill +0.50, (target) +0.25"
    assert list_marked(text) == {"bill"}


def test_a_frame_of_a_model_without_frames_is_refused(model):
    with pytest.raises(InputError, match=r"^the model has no frames; leave out --frame$"):
        check_frame(replace(model, frames=()), "cost")


def test_a_target_is_refused_where_nobody_looks_at_it(model):
    check_target(model, None)
    wanted = r"^the model tells no stance toward a target that is named; leave out --target$"
    with pytest.raises(InputError, match=wanted):
        check_target(model, "Ann")
    (head,) = model.stances
    check_target(replace(model, stances=(replace(head, mentioned=True),)), "Ann")


def test_an_unknown_frame_is_refused(model):
    check_frame(model, None)
    check_frame(model, "cost")
    wanted = "the model has no frame 'costs'; choose one of cost, safety"
    with pytest.raises(InputError, match=wanted):
        check_frame(model, "costs")
