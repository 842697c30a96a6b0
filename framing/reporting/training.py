"""How well a model does: what ``train`` and ``evaluate`` print or draw, and the card holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from framing.measuring.judging.reports import MACRO, MICRO
from framing.reporting.blocks import Block, Bullets, Heading, Table, Verbatim, format_blocks
from framing.reporting.tables import format_count, format_estimate, format_share
from framing.scoring.heads import FEWEST_RELIABLE

Content = Mapping[str, Any]

_SPLIT_NAMES = {
    "grouped": "by article",
    "random": "at random",
    "source": "by source",
}
_SCORES = ("precision", "recall", "f1", "average_precision", "calibration_error")
_SCORE_NAMES = ("precision", "recall", "F1", "average precision", "calibration error")


def format_training(content: Content) -> str:
    """Write a training report (see ``TrainingReport.to_dict``) as Markdown."""
    return format_blocks(lay_out_training(content))


def lay_out_training(content: Content) -> list[Block]:
    """Lay a training report out, block by block."""
    told = choose_split(content)
    blocks: list[Block] = [
        format_training_data(content),
        *_lay_out_skipped(content),
        *_warn_of_rare(_count_positives(content, told)),
        *_lay_out_dropped(content),
        *_warn_of_unsolved(content),
    ]
    if told:
        nested = " (nested cross-validation)" if told["nested"] else ""
        blocks += [
            Heading("Held-out figures by way of splitting"),
            _lay_out_splits(content["splits"]),
            _SPLIT_NOTE,
            Heading(f"Held out {_SPLIT_NAMES[told['split']]}{nested}"),
            *_lay_out_scores(told["frames"], told["stances"], told),
            *_lay_out_promises(told.get("promises", {}), content.get("precision")),
        ]
    return [*blocks, Verbatim("Signature", content["signature"])]


def choose_split(content: Content) -> Content | None:
    """Choose the way of splitting that is told frame by frame: the nested one, else the first."""
    splits: Sequence[Content] = content["splits"]
    return next((split for split in splits if split["nested"]), splits[0]) if splits else None


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
    sources = f" from {format_count(content['n_sources'], 'source')}" * bool(content["n_sources"])
    return (
        f"Trained on {_count_data(content)}{sources} (data {content['data']}); chosen by grouped "
        f"cross-validation: {_name_settings(content)}."
    )


def _count_data(content: Content) -> str:
    units = format_count(content["n_units"], "coded unit")
    return f"{units} of {format_count(content['n_articles'], 'article')}"


def _name_settings(content: Content) -> str:
    """Name what was chosen once where all labels share it, as models of protocol 1 have it."""
    settings = content.get("settings") or {"frames": content["candidate"]}
    if len(set(settings.values())) == 1:
        return str(next(iter(settings.values())))
    return "; ".join(f"{label} {setting}" for label, setting in settings.items())


def format_evaluation(content: Content) -> str:
    """Write an evaluation report (see ``EvaluationReport.to_dict``) as Markdown."""
    return format_blocks(lay_out_evaluation(content))


def lay_out_evaluation(content: Content) -> list[Block]:
    """Lay an evaluation report out, block by block."""
    left_out = [f"{n} {why}" for why, n in content["left_out"].items() if n]
    opening = (
        f"Model {content['model']} (codebook {content['codebook']}) on {_count_data(content)} "
        f"(data {content['data']}), with 95% intervals from a bootstrap over articles."
    )
    if content["n_known_articles"]:
        opening += (
            f" {content['n_known_articles']} of these articles had a part in the model's training, "
            "so these figures flatter it."
        )
    if left_out:
        opening += f" Left out: {'; '.join(left_out)}."
    return [
        opening,
        *_lay_out_scores(content["frames"], content["stances"]),
        *_lay_out_promises(content["promises"], content["precision"]),
    ]


def list_skipped(content: Content) -> list[str]:
    """Name the labels that were too rare to learn; nothing where there are none."""
    return [str(block) for block in _lay_out_skipped(content)]


def _lay_out_skipped(content: Content) -> list[Bullets]:
    items = [f"{item['label']}: {item['reason']}" for item in content["skipped"]]
    return [Bullets("Not learnt:", items)] if items else []


def _lay_out_dropped(content: Content) -> list[str]:
    # Models that were written before dropped ways of splitting were told have none.
    return [
        f"Not held out {_SPLIT_NAMES[item['label']]}: {item['reason']}."
        for item in content.get("dropped", ())
    ]


def _warn_of_unsolved(content: Content) -> list[str]:
    # Models that were written before this was told have none.
    labels = content.get("unsolved", ())
    if not labels:
        return []
    return [
        f"Not solved: the regressions of {', '.join(labels)} ended far from their optimum; a "
        "smaller C, or fewer features, would help."
    ]


def _count_positives(content: Content, told: Content | None) -> Mapping[str, int]:
    """Count the units with each frame that were learnt from, as far as the report says."""
    if "n_positive" in content:
        return cast("Mapping[str, int]", content["n_positive"])
    return _read_positives(told["frames"] if told else None)


def _read_positives(frames: Content | None) -> Mapping[str, int]:
    return {
        name: scores["n_positive"] for name, scores in (frames or {"labels": {}})["labels"].items()
    }


def _warn_of_rare(n_positive: Mapping[str, int]) -> list[str]:
    rare = [name for name, number in n_positive.items() if number < FEWEST_RELIABLE]
    if not rare:
        return []
    return [
        f"Unreliable, with fewer than {FEWEST_RELIABLE} units that carry it: {', '.join(rare)}."
    ]


def _lay_out_splits(splits: Sequence[Content]) -> Table:
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
            # Models that were written before there was one tell no difference.
            gain = split.get("stance_gains", {}).get(target, {}).get("macro_f1")
            ours = format_estimate(report["macro_f1"])
            rows.append(
                [
                    f"{name}, {target} macro-F1",
                    ours,
                    format_estimate(naive),
                    format_estimate(gain) if gain else "",
                ]
            )
    return Table(["held out", "this model", "naive", "difference"], rows)


def _lay_out_scores(
    frames: Content | None, stances: Content, split: Content | None = None
) -> list[Block]:
    blocks: list[Block] = []
    if frames:
        blocks.append(_lay_out_frames(frames, (split or {}).get("naive_frames")))
        # What training held out is warned of once, by what the model learnt from.
        blocks += [] if split else _warn_of_rare(_read_positives(frames))
    for target, report in stances.items():
        blocks += _lay_out_stance(target, report, (split or {}).get("naive_stances"))
    return blocks


def _lay_out_frames(frames: Content, naive: Content | None) -> Table:
    named = [
        *frames["labels"].items(),
        (MICRO, frames["micro"]),
        (MACRO, frames["macro"]),
    ]
    others = {**naive["labels"], MICRO: naive["micro"], MACRO: naive["macro"]} if naive else {}
    rows = []
    for name, scores in named:
        row = [name, str(scores["n_positive"]), *(format_estimate(scores[key]) for key in _SCORES)]
        if naive:
            row.append(format_share(others[name]["f1"]["value"]))
        rows.append(row)
    header = ["frame", "units", *_SCORE_NAMES, *(["naive F1"] if naive else [])]
    return Table(header, rows)


def _lay_out_stance(target: str, report: Content, naive: Content | None) -> list[Block]:
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
    macro = [MACRO, str(report["n_units"]), "", "", format_estimate(report["macro_f1"])]
    if naive:
        macro.append(format_share(naive[target]["macro_f1"]["value"]))
    header = ["stance", "units", "precision", "recall", "F1", *(["naive F1"] if naive else [])]
    accuracy = format_estimate(report["accuracy"])
    error = format_estimate(report["calibration_error"])
    table = Table(header, [*rows, macro])
    return [table, f"Accuracy {accuracy}, calibration error {error}."]


def _lay_out_promises(promises: Content, precision: float | None) -> list[Block]:
    """Say how the decisions that are not marked uncertain did."""
    if not promises:
        return []
    promised = "" if precision is None else f" of {format_share(precision)}"
    rows = [
        [
            name,
            format_estimate(promise["present"]),
            str(promise["present"]["n_units"]),
            format_estimate(promise["absent"]),
            str(promise["absent"]["n_units"]),
            format_share(promise["uncertain"]),
        ]
        for name, promise in promises.items()
    ]
    header = ["frame", "surely present: right", "units", "surely absent: right", "units"]
    return [
        Heading("Sure decisions"),
        Table([*header, "uncertain"], rows),
        "Right is the share of sure decisions that the codings confirm. A decision is marked "
        f"uncertain where the promised precision{promised} is not kept out of fold.",
    ]
