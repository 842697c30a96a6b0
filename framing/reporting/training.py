"""How well a model does, as Markdown: what ``train`` and ``evaluate`` print and the card holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from framing.reporting.tables import format_estimate, format_share, format_table

Content = Mapping[str, Any]

_SPLIT_NAMES = {
    "grouped": "by article",
    "random": "at random",
    "source": "by source",
}
_UNRELIABLE = 10
_SCORES = ("precision", "recall", "f1", "average_precision", "calibration_error")
_SCORE_NAMES = ("precision", "recall", "F1", "average precision", "calibration error")


def format_training(content: Content) -> str:
    """Write a training report (see ``TrainingReport.to_dict``) as Markdown."""
    parts = [format_training_data(content), *list_skipped(content)]
    splits = content["splits"]
    if splits:
        parts += ["### Held-out figures by way of splitting", _format_splits(splits), _SPLIT_NOTE]
    if splits:
        told = next((split for split in splits if split["nested"]), splits[0])
        nested = " (nested cross-validation)" if told["nested"] else ""
        parts.append(f"### Held out {_SPLIT_NAMES[told['split']]}{nested}")
        parts += _format_scores(told["frames"], told["stances"], told)
    parts.append(f"Signature: `{content['signature']}`")
    return "\n\n".join(parts)


_SPLIT_NOTE = (
    "Figures are with 95% intervals from a bootstrap over articles. Only the split by article "
    "chooses features, C, calibration and thresholds anew inside each fold; the others take the "
    "features and C chosen on all units, and calibrate on the out-of-fold scores of the other "
    "folds. A split at random flatters, since "
    "paragraphs of one article stand on both sides; a split by source is nearest to reading an "
    "outlet never seen. Naive is scikit-learn's default TF-IDF on words and word pairs with its "
    "default logistic regression at a threshold of .5, on the same folds."
)


def format_training_data(content: Content) -> str:
    """Write one sentence on what a model was trained on and what was chosen."""
    sources = f" from {content['n_sources']} sources" if content["n_sources"] else ""
    return (
        f"Trained on {content['n_units']} coded units of {content['n_articles']} articles"
        f"{sources} (data {content['data']}); chosen by grouped "
        f"cross-validation: {content['candidate']}."
    )


def format_evaluation(content: Content) -> str:
    """Write an evaluation report (see ``EvaluationReport.to_dict``) as Markdown."""
    left_out = [f"{n} {why}" for why, n in content["left_out"].items() if n]
    opening = (
        f"Model {content['model']} (codebook {content['codebook']}) on {content['n_units']} coded "
        f"units of {content['n_articles']} articles (data {content['data']}), with 95% intervals "
        "from a bootstrap over articles."
    )
    if content["n_known_articles"]:
        opening += (
            f" {content['n_known_articles']} of these articles had a part in the model's training, "
            "so these figures flatter it."
        )
    if left_out:
        opening += f" Left out: {'; '.join(left_out)}."
    return "\n\n".join([opening, *_format_scores(content["frames"], content["stances"])])


def list_skipped(content: Content) -> list[str]:
    """Name the labels that were too rare to learn; nothing where there are none."""
    lines = [f"- {item['label']}: {item['reason']}" for item in content["skipped"]]
    return ["Not learnt:\n\n" + "\n".join(lines)] if lines else []


def _format_splits(splits: Sequence[Content]) -> str:
    rows = []
    for split in splits:
        name = f"{_SPLIT_NAMES[split['split']]} ({split['n_folds']} folds)"
        if split["frames"]:
            for label, key in (("micro-F1", "micro"), ("macro-F1", "macro")):
                rows.append(
                    [
                        f"{name}, frames {label}",
                        format_estimate(split["frames"][key]["f1"]),
                        format_estimate(split["naive_frames"][key]["f1"]),
                        format_estimate(split["gain"][f"{key}_f1"]),
                    ]
                )
        for target, report in split["stances"].items():
            naive = split["naive_stances"][target]["macro_f1"]
            ours = report["macro_f1"]
            rows.append(
                [f"{name}, {target} macro-F1", format_estimate(ours), format_estimate(naive), ""]
            )
    return format_table(["held out", "this model", "naive", "difference"], rows)


def _format_scores(
    frames: Content | None, stances: Content, split: Content | None = None
) -> list[str]:
    parts = []
    if frames:
        parts.append(_format_frames(frames, (split or {}).get("naive_frames")))
        parts += _warn_of_rare(frames)
    for target, report in stances.items():
        parts.append(_format_stance(target, report, (split or {}).get("naive_stances")))
    return parts


def _format_frames(frames: Content, naive: Content | None) -> str:
    named = [
        *frames["labels"].items(),
        ("micro average", frames["micro"]),
        ("macro average", frames["macro"]),
    ]
    others = (
        {**naive["labels"], "micro average": naive["micro"], "macro average": naive["macro"]}
        if naive
        else {}
    )
    rows = []
    for name, scores in named:
        row = [name, str(scores["n_positive"]), *(format_estimate(scores[key]) for key in _SCORES)]
        if naive:
            row.append(format_share(others[name]["f1"]["value"]))
        rows.append(row)
    header = ["frame", "units", *_SCORE_NAMES, *(["naive F1"] if naive else [])]
    return format_table(header, rows)


def _warn_of_rare(frames: Content) -> list[str]:
    rare = [name for name, s in frames["labels"].items() if s["n_positive"] < _UNRELIABLE]
    if not rare:
        return []
    return [f"Unreliable, with fewer than {_UNRELIABLE} units that carry it: {', '.join(rare)}."]


def _format_stance(target: str, report: Content, naive: Content | None) -> str:
    rows = []
    for value, scores in report["values"].items():
        rows.append(
            [
                f"{target}: {value}",
                str(scores["n_units"]),
                *(format_estimate(scores[key]) for key in ("precision", "recall", "f1")),
                *([format_share(naive[target]["values"][value]["f1"]["value"])] if naive else []),
            ]
        )
    macro = ["macro average", str(report["n_units"]), "", "", format_estimate(report["macro_f1"])]
    if naive:
        macro.append(format_share(naive[target]["macro_f1"]["value"]))
    header = ["stance", "units", "precision", "recall", "F1", *(["naive F1"] if naive else [])]
    table = format_table(header, [*rows, macro])
    accuracy = format_estimate(report["accuracy"])
    error = format_estimate(report["calibration_error"])
    return f"{table}\n\nAccuracy {accuracy}, calibration error {error}."
