"""Reports of training and evaluation: every number stands in its own cell."""

from __future__ import annotations

from framing.reporting.tables import format_estimate
from framing.reporting.training import (
    format_evaluation,
    format_training,
    format_training_data,
)


def read_cells(text: str, first: str) -> list[str]:
    """Return the cells of the one row that opens with `first`."""
    (line,) = [line for line in text.splitlines() if line.startswith(f"| {first} ")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_what_was_trained_on_and_chosen(training):
    assert format_training_data(training) == (
        "Trained on 61 coded units of 12 articles from 3 sources (data 0123456789ab); "
        "chosen by grouped cross-validation: word1-2|C:10."
    )


def test_what_was_chosen_is_told_apart_where_it_differs(training):
    settings = {"frames": "word1-2|C:10", "law": "word1-2|C:3|balanced", "tax": "word1-2|C:10"}
    assert format_training_data({**training, "settings": settings}).endswith(
        "chosen by grouped cross-validation: "
        "frames word1-2|C:10; law word1-2|C:3|balanced; tax word1-2|C:10."
    )


def test_what_a_model_of_protocol_1_says_of_its_candidate(training):
    old = {key: value for key, value in training.items() if key != "settings"}
    content = {**old, "candidate": "word1-2|C:10/3"}
    text = format_training_data(content)
    assert text.endswith("chosen by grouped cross-validation: word1-2|C:10/3.")
    for split in content["splits"]:
        del split["promises"]
    assert format_training(content).startswith(text)


def test_one_of_each_is_no_plural(training):
    ones = dict.fromkeys(("n_units", "n_articles", "n_sources"), 1)
    text = format_training_data({**training, **ones})
    assert text.startswith("Trained on 1 coded unit of 1 article from 1 source (data ")


def test_unknown_sources_are_not_counted(training):
    assert "12 articles (data" in format_training_data({**training, "n_sources": 0})


def test_what_was_not_learnt_is_listed(training):
    text = format_training(training)
    assert "Not learnt:\n\n- rare: 4 units with it, 5 are needed\n" in text
    assert "Not learnt" not in format_training({**training, "skipped": []})


def test_every_way_of_splitting_stands_beside_the_naive_pipeline(training):
    text = format_training(training)
    for split, name in zip(
        training["splits"], ("by article (5 folds)", "by source (3 folds)"), strict=True
    ):
        for key in ("micro", "macro"):
            assert read_cells(text, f"{name}, frames {key}-F1")[1:] == [
                format_estimate(split["frames"][key]["f1"]),
                format_estimate(split["naive_frames"][key]["f1"]),
                format_estimate(split["gain"][f"{key}_f1"]),
            ]
        assert read_cells(text, f"{name}, law macro-F1")[1:] == [
            format_estimate(split["stances"]["law"]["macro_f1"]),
            format_estimate(split["naive_stances"]["law"]["macro_f1"]),
            format_estimate(split["stance_gains"]["law"]["macro_f1"]),
        ]


def test_a_model_that_tells_no_difference_of_stances_has_none(training):
    for split in training["splits"]:
        del split["stance_gains"]
    text = format_training(training)
    assert read_cells(text, "by article (5 folds), law macro-F1")[3] == ""


def test_the_split_by_article_is_given_frame_by_frame(training):
    text = format_training(training).partition("Sure decisions")[0]
    split = training["splits"][0]
    for name, n_positive in (("cost", "24"), ("risk", "9")):
        scores = split["frames"]["labels"][name]
        cells = read_cells(text, name)
        assert cells[1] == n_positive
        assert cells[2:7] == [
            format_estimate(scores[key])
            for key in ("precision", "recall", "f1", "average_precision", "calibration_error")
        ]
        naive = split["naive_frames"]["labels"][name]["f1"]["value"]
        assert cells[7] == f"{naive:.2f}"[1:]
    assert "naive F1" in text


def test_stances_are_given_value_by_value(training):
    text = format_training(training)
    report = training["splits"][0]["stances"]["law"]
    for value, n_units in (("pro", "20"), ("con", "40")):
        cells = read_cells(text, f"law: {value}")
        assert cells[1] == n_units
        assert cells[2:5] == [
            format_estimate(report["values"][value][key]) for key in ("precision", "recall", "f1")
        ]
    assert (
        f"Accuracy {format_estimate(report['accuracy'])}, "
        f"calibration error {format_estimate(report['calibration_error'])}." in text
    )


def test_sure_decisions_are_given_frame_by_frame(training):
    text = format_training(training).partition("Sure decisions\n")[2]
    promises = training["splits"][0]["promises"]
    for name, counts, uncertain in (("cost", ("21", "27"), ".20"), ("risk", ("3", "54"), ".05")):
        promise = promises[name]
        assert read_cells(text, name)[1:] == [
            *(format_estimate(promise["present"]), counts[0]),
            *(format_estimate(promise["absent"]), counts[1]),
            uncertain,
        ]
    assert "uncertain where the promised precision of .90 is not kept out of fold." in text


def test_a_model_that_does_not_say_what_it_promises_names_no_number(training):
    del training["precision"]
    assert "where the promised precision is not kept" in format_training(training)


def test_nothing_is_said_of_promises_where_none_are_made(training):
    for split in training["splits"]:
        split["promises"] = {}
    assert "sure" not in format_training(training).lower()


def test_where_nothing_is_sure_there_is_no_share(training):
    nothing = {"value": None, "low": None, "high": None, "n_units": 0}
    promise = {"present": nothing, "absent": nothing, "uncertain": 1.0, "n_units": 60}
    training["splits"][0]["promises"] = {"cost": promise}
    text = format_training(training).partition("Sure decisions\n")[2]
    unknown = format_estimate(nothing)
    assert not any(digit in unknown for digit in "0123456789")
    assert read_cells(text, "cost")[1:] == [unknown, "0", unknown, "0", "1.00"]


def test_rare_frames_are_called_unreliable_once(training):
    text = format_training(training)
    assert text.count("Unreliable, with fewer than 10 units that carry it: risk.\n") == 1
    common = format_training({**training, "n_positive": {"cost": 10, "risk": 11}})
    assert "Unreliable" not in common


def test_rare_frames_are_called_unreliable_where_nothing_was_held_out(training):
    text = format_training({**training, "splits": []})
    assert "Unreliable, with fewer than 10 units that carry it: risk." in text


def test_models_that_do_not_say_what_they_learnt_from_are_told_by_what_was_held_out(training):
    del training["n_positive"], training["dropped"]
    assert "Unreliable, with fewer than 10 units that carry it: risk." in format_training(training)
    assert "Unreliable" not in format_training({**training, "splits": []})


def test_a_way_of_splitting_that_could_not_be_made_is_told(training):
    reason = "the units name fewer than two sources"
    text = format_training({**training, "dropped": [{"label": "source", "reason": reason}]})
    assert f"Not held out by source: {reason}.\n" in text
    assert "Not held out" not in format_training(training)


def test_without_splits_there_are_no_figures_but_a_signature(training):
    text = format_training({**training, "splits": []})
    assert "|" not in text.replace("word1-2|C", "").replace("9.9|seed", "")
    assert text.endswith("Signature: `framing:9.9|seed:0`")


def test_a_corpus_without_frames(training):
    splits = [
        {**split, "frames": None, "naive_frames": None, "gain": None}
        for split in training["splits"]
    ]
    text = format_training({**training, "splits": splits})
    assert "micro-F1" not in text
    assert "by article (5 folds), law macro-F1" in text


def test_an_evaluation(training):
    split = training["splits"][0]
    content = {
        "model": "m" * 12,
        "codebook": "c" * 12,
        "data": "d" * 12,
        "frames": split["frames"],
        "stances": split["stances"],
        "n_units": 60,
        "n_articles": 12,
        "n_known_articles": 0,
        "precision": 0.75,
        "left_out": {"boilerplate": 3, "not coded": 0},
        "promises": split["promises"],
    }
    text = format_evaluation(content)
    assert text.startswith(
        f"Model {'m' * 12} (codebook {'c' * 12}) on 60 coded units of 12 articles (data {'d' * 12})"
    )
    assert "Left out: 3 boilerplate." in text
    assert "naive" not in text
    scores, _, sure = text.partition("Sure decisions")
    assert read_cells(scores, "cost")[4] == format_estimate(split["frames"]["labels"]["cost"]["f1"])
    assert "where the promised precision of .75 is not kept" in sure
    assert "Unreliable, with fewer than 10 units that carry it: risk." in scores
    assert read_cells(sure, "risk")[1] == format_estimate(split["promises"]["risk"]["present"])
    whole = format_evaluation({**content, "left_out": {"boilerplate": 0}})
    assert "Left out" not in whole
    assert "flatter" not in text
    seen = format_evaluation({**content, "n_known_articles": 4})
    assert "4 of these articles had a part in the model's training" in seen
    unknown = format_evaluation({**content, "n_known_articles": None, "precision": None})
    assert "flatter" not in unknown
    assert "where the promised precision is not kept" in unknown
