"""``framing explain``: the words behind the labels, in the terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from framing.scoring.modelfile import save_model

TEXT = "The bill for the bridge has doubled."


def test_a_text_with_its_labels_and_terms(run, model_file, model):
    result = run("explain", "--text", TEXT, "-m", model_file)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[1] == TEXT
    (cost,) = [label for label in model.explain(TEXT).labels if label.label == "cost"]
    shown = f"  cost (probability {cost.probability:.2f}, threshold {cost.threshold:.2f})"
    at = lines.index(shown)
    best = cost.evidence[0]
    assert lines[at + 1].startswith(f"    for: {best.term} {best.weight:+.2f}, ")


def test_articles_under_their_titles_without_boilerplate(run, articles, model_file):
    result = run("explain", articles / "post" / "day-0.md", "-m", model_file)
    assert "\nThe bridge, part 1\n" in result.stdout
    assert "has doubled since the first estimate." in result.stdout
    assert "3 Comments" not in result.stdout


def test_standard_input(run, model_file):
    assert TEXT in run("explain", "-", "-m", model_file, stdin=TEXT).stdout


def test_a_frame_that_is_absent(run, model_file):
    result = run("explain", "--text", TEXT, "-m", model_file, "--frame", "safety")
    assert "  safety (probability 0." in result.stdout
    assert "  cost (" not in result.stdout


def test_nothing_found_names_the_nearest(run, model_file):
    result = run("explain", "--text", "The council meets on Thursday.", "-m", model_file)
    assert "  no frame (nearest: " in result.stdout


def test_markup_in_texts_and_titles_is_text(run, tmp_path, model_file):
    path = tmp_path / "a.md"
    body = "The [bold red]bill[/] :warning: has [/link] doubled since the first estimate."
    path.write_text(f"---\ntitle: '[red]T[/] :smile:'\n---\n{body}\n", encoding="utf-8")
    result = run("explain", path, "-m", model_file)
    assert result.stdout.count("[red]T[/] :smile:") == 2  # above the article, and in it
    assert body in result.stdout


SENTENCE = "Critics praised Zoe Quill, while voters blamed Kim Lowe."


@pytest.mark.parametrize(
    ("target", "stance", "term"),
    [("Zoe Quill", "favor", "praised"), ("Kim Lowe", "oppose", "blamed")],
)
def test_a_target_that_the_text_names(run, mention_model, target, stance, term):
    result = run("explain", "--text", SENTENCE, "--target", target, "-m", mention_model)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    (at,) = [n for n, line in enumerate(lines) if line.startswith("  target=")]
    assert lines[at].startswith(f"  target={stance} (probability ")
    assert f"{term} +" in lines[at + 1]


def test_a_target_that_the_text_does_not_name(run, mention_model):
    result = run(
        "explain", "-t", "Critics praised it.", "--target", "Ann Arden", "-m", mention_model
    )
    assert result.exit_code == 0
    assert result.stderr == "the target 'Ann Arden' is not in the text\n"
    assert "  target=favor (probability " in result.stdout
    assert "praised +" in result.stdout
    assert ",  +" not in result.stdout  # no term without letters


HINT = "no target is named, so no stance toward one is told; use --text and --target\n"


def test_without_a_target_no_stance_toward_it_is_told(run, mention_model):
    result = run("explain", "--text", SENTENCE, "-m", mention_model)
    assert (result.exit_code, result.stderr) == (0, HINT)
    assert "target=" not in result.stdout
    assert run("explain", "-t", SENTENCE, "-m", mention_model, "--frame", "vote").stderr == ""


def test_articles_name_no_target(run, articles, mention_model):
    result = run("explain", articles / "post" / "day-0.md", "-m", mention_model)
    assert (result.exit_code, result.stderr) == (0, HINT)


def test_a_model_that_does_not_look_at_mentions_takes_no_target(refuse, model_file):
    line = refuse("explain", "--text", TEXT, "--target", "the bridge", "-m", model_file)
    assert line == "the model tells no stance toward a target that is named; leave out --target"


@pytest.mark.parametrize(
    ("arguments", "hint", "reason"),
    [
        (("a.md", "--text", TEXT), "ARTICLES", "give articles or --text, not both"),
        (("--text", TEXT, "--target", " "), "--target", "give a name as it stands in the text"),
        (("--text", TEXT, "--target", ""), "--target", "give a name as it stands in the text"),
    ],
)
def test_wrong_usage(run, tmp_path, arguments, hint, reason):
    result = run("explain", *arguments, "-m", tmp_path / "none")
    assert (result.exit_code, result.stdout) == (2, "")
    said = " ".join(result.stderr.replace("│", " ").split())
    assert hint in said
    assert reason in said


def test_a_frame_learnt_from_few_units_is_called_unreliable(run, model, tmp_path):
    path = tmp_path / "m.safetensors"
    first, second = model.frames
    save_model(replace(model, frames=(first, replace(second, n_positive=5))), path)
    shown = run("explain", "--text", TEXT, "-m", path, "--frame", "safety").stdout
    assert "; unreliable, learnt from 5 units that carry it)\n" in shown
    assert "unreliable" not in run("explain", "-t", TEXT, "-m", path, "--frame", "cost").stdout


def test_a_target_of_articles_is_wrong_usage(run, articles, mention_model):
    command = ("explain", articles / "post" / "day-0.md", "--target", "Ann", "-m", mention_model)
    result = run(*command)
    assert result.exit_code == 2
    assert "goes with --text" in result.stderr
    assert "--target" in result.stderr
    assert result.stdout == ""


def test_an_unknown_frame(refuse, model_file):
    line = refuse("explain", "--text", TEXT, "-m", model_file, "--frame", "costs")
    assert line == "the model has no frame 'costs'; choose one of cost, safety"


def test_neither_text_nor_article_is_wrong_usage(run, tmp_path):
    result = run("explain", "-m", tmp_path / "none")
    assert result.exit_code == 2
    assert "name an article, or give --text" in result.stderr


@pytest.mark.parametrize("text", ["", " ", "\0", "İ ß ﬁ e\u0301 \U0001f4b0", "..."])
def test_odd_texts(run, model_file, text):
    assert run("explain", "--text", text, "-m", model_file).exit_code == 0
