"""``framing card``: what an editor sees, and what is refused."""

from __future__ import annotations

import json

import pandas as pd
import pytest

QUICK = ("--resamples", 100)


@pytest.fixture
def card(run, predictions, model_file, articles):
    """Return what makes a card of an article's file."""

    def make(*options, article=articles / "post" / "day-0.md", stdin=None):
        command = ("card", article, "--against", predictions, "-m", model_file, *QUICK)
        result = run(*command, *options, stdin=stdin)
        assert result.exit_code == 0, result.stderr
        return result

    return make


def test_a_card_as_markdown(card):
    result = card()
    assert result.stdout.startswith("# The bridge, part 1\n\npost/day-0, 2020-01-10: 6 units, held")
    assert "### What it leaves out" in result.stdout
    assert "| Cost " in result.stdout  # as the model's codebook calls it
    assert result.stderr == ""


def test_a_card_as_json(card):
    content = json.loads(card("--json").stdout)
    assert content["article"] == "post/day-0"
    assert [frame["frame"] for frame in content["frames"]] == ["cost", "safety"]


def test_without_the_model_frames_keep_their_ids(run, predictions):
    result = run("card", "post/day-0", "--against", predictions, *QUICK)
    assert "| cost " in result.stdout


def test_an_id_among_the_predictions_needs_no_model(run, card, predictions):
    result = run("card", "post/day-0", "--against", predictions, *QUICK, "--json")
    assert result.stdout == card("--json").stdout


def test_standard_input_with_a_date(card, articles):
    text = (articles / "post" / "day-0.md").read_text("utf-8").rpartition("---")[2]
    result = card("--date", "2020-03-01", "--json", article="-", stdin=text)
    assert json.loads(result.stdout)["date"] == "2020-03-01"


def test_options_reach_the_card(card):
    content = json.loads(card("--frame", "cost", "--within", 400, "--own", "--json").stdout)
    assert [frame["frame"] for frame in content["frames"]] == ["cost"]
    assert content["within"] == 400
    assert "Weir Post" in {peer["source"] for peer in content["peers"]}


@pytest.mark.parametrize("name", ["c.html", "c.htm", "c.md", "c.json"])
def test_the_card_is_written_to_a_file_too(card, tmp_path, name):
    path = tmp_path / name
    result = card("-o", path)
    text = path.read_text("utf-8")
    if name.endswith("json"):
        assert json.loads(text)["article"] == "post/day-0"
    elif name.endswith("md"):
        assert text == result.stdout
    else:
        assert text.startswith("<!doctype html>")
        assert "What it leaves out" in text


def test_several_files_of_predictions(run, card, predictions, tmp_path):
    table = pd.read_csv(predictions)
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    table[:40].to_csv(paths[0], index=False)
    table[40:].to_csv(paths[1], index=False)
    against = ("--against", paths[0], "--against", paths[1])
    result = run("card", "post/day-0", *against, *QUICK, "--json")
    assert result.stdout == card("--json").stdout


class TestRefusals:
    """Each with one line."""

    @pytest.fixture
    def change(self, predictions, tmp_path):
        """Return what writes the predictions, changed."""

        def write(alter):
            path = tmp_path / "changed.csv"
            alter(pd.read_csv(predictions)).to_csv(path, index=False)
            return path

        return write

    def test_one_article_only(self, refuse, change):
        path = change(lambda table: table[table["article"] == "post/day-0"])
        line = refuse("card", "post/day-0", "--against", path)
        assert line == "one article only, none to compare with; predict more articles"

    def test_no_dates_to_look_within(self, refuse, change, articles, model_file):
        path = change(lambda table: table.assign(date=""))
        article = articles / "post" / "day-0.md"
        command = ("card", article, "--against", path, "-m", model_file, "--within", 30)
        assert refuse(*command) == (
            "no article of these predictions has a date; date them, or leave the window out"
        )
        line = refuse("card", "post/day-0", "--against", path, "--within", 30)
        assert line == (
            "the article has no date to look around; give its date, or leave the window out"
        )

    def test_no_texts(self, refuse, change):
        path = change(lambda table: table.drop(columns="text"))
        line = refuse("card", "post/day-0", "--against", path)
        assert line == (
            "these predictions hold no texts (column 'text'); give the output of framing predict"
        )

    def test_an_article_without_units(self, refuse, predictions, model_file, tmp_path):
        path = tmp_path / "a.txt"
        path.write_text("3 Comments", encoding="utf-8")
        line = refuse("card", path, "--against", predictions, "-m", model_file)
        assert line.startswith(f"{path}: no unit to compare: nothing is left beside boilerplate; ")

    def test_another_model(self, refuse, predictions, articles):
        line = refuse("card", articles / "post" / "day-0.md", "--against", predictions)
        assert "the predictions were made by model" in line

    def test_an_unknown_frame(self, refuse, predictions):
        line = refuse("card", "post/day-0", "--against", predictions, "--frame", "law")
        assert line == "no frame 'law'; choose from cost, safety"

    def test_an_unknown_article(self, refuse, predictions):
        line = refuse("card", "post/day-00", "--against", predictions)
        assert line.startswith("post/day-00: neither a file nor an article of the predictions; did")

    def test_an_output_that_is_an_input(self, refuse, articles, predictions, tmp_path):
        article = tmp_path / "a.md"
        article.write_text("Text.", encoding="utf-8")
        line = refuse("card", article, "--against", predictions, "-o", article)
        assert line.startswith(f"{article}: this is an input, which would be overwritten; ")
        assert article.read_text("utf-8") == "Text."

    @pytest.mark.parametrize("name", ["c.csv", "c"])
    def test_a_suffix_that_stands_for_nothing(self, refuse, predictions, tmp_path, name):
        path = tmp_path / name
        line = refuse("card", "post/day-0", "--against", predictions, "-o", path)
        assert line == f"{path}: the suffix names no format; use .html, .md, .json"

    def test_a_place_that_cannot_be_written(self, refuse, predictions, tmp_path):
        path = tmp_path / "none" / "c.html"
        line = refuse("card", "post/day-0", "--against", predictions, "-o", path)
        assert line.startswith(f"{path}: cannot be written (no such folder); ")
