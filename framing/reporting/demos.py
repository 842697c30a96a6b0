"""What the demo found, in a few sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from framing.measuring.drift import Drift
from framing.reporting.tables import format_estimate, format_share
from framing.schema import Prediction

Content = Mapping[str, Any]


def format_summary(
    training: Content,
    evaluation: Content,
    drift: Drift,
    predictions: Sequence[Prediction],
    names: Mapping[str, str],
) -> list[str]:
    """Write what was trained, how good it is, what differs, and one paragraph with its evidence."""
    return [
        _tell_training(training),
        _tell_evaluation(evaluation, names),
        *_tell_contrast(drift, names),
        *_tell_example(predictions, names),
    ]


def _tell_training(content: Content) -> str:
    split = next(split for split in content["splits"] if split["split"] == "source")
    ours = format_estimate(split["frames"]["micro"]["f1"])
    naive = format_share(split["naive_frames"]["micro"]["f1"]["value"])
    return (
        f"A model was trained on {content['n_units']} coded paragraphs of {content['n_articles']} "
        f"articles by {content['n_sources']} outlets. On outlets held out (the kind of "
        f"features was chosen on all), its micro-F1 over the frames is {ours}; scikit-learn's "
        f"defaults reach {naive}."
    )


def _tell_evaluation(content: Content, names: Mapping[str, str]) -> str:
    frames = content["frames"]
    ranked = sorted(frames["labels"].items(), key=lambda item: -(item[1]["f1"]["value"] or 0.0))
    best, worst = ranked[0], ranked[-1]
    return (
        f"On {content['n_units']} paragraphs of three outlets that it has never seen, micro-F1 is "
        f"{format_estimate(frames['micro']['f1'])}: from {names[best[0]]} with "
        f"{format_estimate(best[1]['f1'])} down to {names[worst[0]]} with "
        f"{format_estimate(worst[1]['f1'])}."
    )


def _tell_contrast(drift: Drift, names: Mapping[str, str]) -> list[str]:
    """Name the widest gap between outlets in a frame, and whether it stands among all tests."""
    content = drift.to_dict()
    gaps = [
        row
        for row in content["contrasts"]
        if row["kind"] == "frame"
        and row["comparison"] == "source"
        and row["p_adjusted"] is not None
    ]
    if not gaps:
        return ["There are too few articles to compare the outlets."]
    widest = max(gaps, key=lambda row: abs(row["difference"]))
    bounds = {"value": widest["difference"], "low": widest["low"], "high": widest["high"]}
    verdict = (
        "it stands"
        if widest["stands"]
        else f"it does not stand: with {widest['n_articles_a']} and {widest['n_articles_b']} "
        "articles that is a hint and no proof"
    )
    return [
        f"The widest gap between outlets is in {names[widest['label']]}: an estimated "
        f"{format_share(widest['share_a'])} of paragraphs in {widest['a']}, "
        f"{format_share(widest['share_b'])} in {widest['b'] or 'all others'}, a difference of "
        f"{format_estimate(bounds)}. Corrected for all {content['n_tests']} tests "
        f"(p = {format_share(widest['p_adjusted'])}) {verdict}."
    ]


def _tell_example(predictions: Sequence[Prediction], names: Mapping[str, str]) -> list[str]:
    """Quote the paragraph whose frame is surest, with the terms that spoke for it."""
    framed = [
        p
        for p in predictions
        if p.frames and p.paragraph.kind == "paragraph" and len(p.paragraph.text) < 400
    ]
    if not framed:
        return []
    best = max(framed, key=lambda p: max(p.probabilities[f] for f in p.frames or ()))  # type: ignore[index]
    frames = ", ".join(
        f"{names[frame]} ({format_share((best.probabilities or {})[frame])})"
        for frame in best.frames or ()
    )
    terms = ", ".join(
        dict.fromkeys(
            f'"{item.term}"' for item in best.evidence if item.label in (best.frames or ())
        )
    )
    return [
        f"For example, {best.paragraph.source} ({best.paragraph.date}): “{best.paragraph.text}” is "
        f"labelled {frames}, mostly because of {terms}."
    ]
