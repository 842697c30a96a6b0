"""An article in its setting: from a file, an id, or an `Article`."""

from __future__ import annotations

import io
from dataclasses import replace

import pandas as pd
import pytest

from framing.cards import compare_article
from framing.schema import Article, InputError, MismatchError
from framing.text.reading import read_articles


@pytest.fixture(scope="module")
def predicted(model, articles):
    return model.predict(read_articles(articles))


def test_an_article_among_the_predictions_needs_no_model(predicted):
    card = compare_article("post/day-0", predicted, resamples=100)
    assert (card.article, card.source, card.date) == ("post/day-0", "Weir Post", "2020-01-10")
    assert "post/day-0" not in {peer.article for peer in card.peers}
    assert "Weir Post" not in {peer.source for peer in card.peers}


def test_a_file_is_predicted_first_and_gives_the_same(predicted, model, model_file, articles):
    wanted = compare_article("post/day-0", predicted, resamples=100).to_dict()
    path = articles / "post" / "day-0.md"
    for name in (path, str(path)):
        for given in (model, model_file):
            card = compare_article(name, predicted, model=given, resamples=100)
            assert card.to_dict() == wanted


def test_an_article_and_standard_input(predicted, model):
    text = "\n\n".join(predicted["text"][predicted["article"] == "post/day-0"])
    options = {"model": model, "resamples": 100}
    card = compare_article(Article("draft", text), predicted, **options)
    assert (card.article, card.date) == ("draft", None)
    stream = io.BytesIO(text.encode())
    read = compare_article("-", predicted, stdin=stream, date="2020-02-01", **options)
    assert (read.date, read.within) == ("2020-02-01", 90)
    assert [x.observed for x in read.frames] == [x.observed for x in card.frames]


def test_the_date_given_wins(predicted, model, articles):
    path = articles / "post" / "day-0.md"
    card = compare_article(path, predicted, model=model, date="3 May 2021", resamples=100)
    assert card.date == "2021-05-03"
    with pytest.raises(InputError, match="date: 'soon' is not a date; write it as YYYY-MM-DD"):
        compare_article(path, predicted, model=model, date="soon")


def test_another_model_is_refused_before_anything_is_compared(predicted, model, articles):
    other = replace(model, hash="0123456789ab")
    told = (
        f"the predictions were made by model {model.hash}, the article would be by 0123456789ab; "
        f"name the file of {model.hash} with --model, or predict them again"
    )
    with pytest.raises(MismatchError) as caught:
        compare_article(articles / "post" / "day-0.md", predicted, model=other)
    assert str(caught.value) == told


def test_an_unknown_name_suggests_one(predicted):
    told = "post/day0: neither a file nor an article of the predictions; did you mean 'post/day-"
    with pytest.raises(InputError) as caught:
        compare_article("post/day0", predicted)
    assert str(caught.value).startswith(told)
    with pytest.raises(InputError, match=r"zzzz: neither a file nor .*; check the path"):
        compare_article("zzzz", predicted)
    with pytest.raises(InputError, match="neither a file nor an article"):
        compare_article("a", pd.DataFrame({"id": ["u"]}))


def test_files_that_hold_no_article_or_several(predicted, model, articles, tmp_path):
    path = tmp_path / "a.txt"
    path.touch()
    with pytest.raises(InputError, match=r"a\.txt: no text in it; give an article with a text"):
        compare_article(path, predicted, model=model)
    path.write_text("3 Comments", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.txt: no unit to compare: nothing is left beside"):
        compare_article(path, predicted, model=model)
    with pytest.raises(InputError, match="post: more than one article; name one file"):
        compare_article(articles / "post", predicted, model=model)


def test_a_table_is_no_article_and_is_not_read(predicted, model, tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("text\na\nb\n", encoding="utf-8")
    problems = []
    with pytest.raises(InputError, match=r"many\.csv: a table, not an article; name a text, or an"):
        compare_article(path, predicted, model=model, report=problems.append)
    assert problems == []
