"""Cards: what an article leaves out is found, and what cannot be compared is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.measuring.cards.cardmaking import WITHIN, make_card
from framing.schema import InputError, MismatchError

UNIT = {"kind": "paragraph", "frames": "[]", "model": "m", "codebook": "c"}
MATTER = {
    matter: [f"{matter}{a}{b}" for a in "abcdefghij" for b in "abcdefghij"]
    for matter in ("tin", "oats")
}


def make_article(name, rng, *, matter="tin", lag=0.9, risk=0.05, n=14, **columns):
    """An article on a matter; `lag` and `risk` are the probabilities of its units."""
    rows = []
    for u in range(n):
        words = " ".join(rng.choice(MATTER[matter], 4))
        row = UNIT | {
            "id": f"{name}:{u}",
            "article": name,
            "source": f"S{name}",
            "title": f"On {name}",
        }
        row |= {"date": "2025-03-05", "text": f"{words} {name}", "p:lag": lag, "p:risk": risk}
        rows.append(row | columns)
    return rows


def make_archive(n=20, **columns):
    """n articles on tin whose lag varies a little, and as many on oats."""
    rng = np.random.default_rng(0)
    rows = []
    for i in range(n):
        rows += make_article(f"t{i}", rng, lag=0.8 + 0.15 * rng.random(), **columns)
        rows += make_article(f"o{i}", rng, matter="oats", lag=0.01, risk=0.9, **columns)
    return pd.DataFrame(rows)


ARCHIVE = make_archive()


def make(article_options=None, archive=ARCHIVE, **options):
    rng = np.random.default_rng(9)
    article = pd.DataFrame(make_article("draft", rng, **(article_options or {})))
    return make_card(article, archive, resamples=200, **options)


def get(card, frame):
    return next(x for x in card.frames if x.frame == frame)


def test_what_peers_carry_and_the_article_does_not_is_missing():
    card = make({"lag": 0.01})
    assert {peer.article[0] for peer in card.peers} == {"t"}
    lag = get(card, "lag")
    assert lag.status == "under-stressed"
    assert (lag.observed, lag.expected) == (pytest.approx(0.01), pytest.approx(0.87, abs=0.03))
    assert card.left_out == ("lag",)
    assert [quote.frame for quote in card.missed] == ["lag"] * 3
    assert all(quote.article.startswith("t") for quote in card.missed)
    assert card.shown == ()
    assert get(card, "risk").status == "as expected"


def test_what_the_article_stresses_is_quoted_from_it():
    card = make({"risk": 0.95})
    assert get(card, "risk").status == "over-stressed"
    assert {quote.article for quote in card.shown} == {"draft"}
    assert card.missed == ()


def test_an_ordinary_article_is_as_expected():
    card = make()
    assert {x.status for x in card.frames} == {"as expected"}
    assert (card.n_units, card.n_sources, card.alike) == (14, 20, "sources")
    assert (card.title, card.date, card.days, card.notes) == ("On draft", "2025-03-05", WITHIN, ())


def test_the_article_itself_and_its_copies_are_no_peers():
    rng = np.random.default_rng(9)
    article = make_article("draft", rng)
    copy = [
        row | {"article": "wire", "id": f"w{i}", "source": "Wire"} for i, row in enumerate(article)
    ]
    archive = pd.concat([ARCHIVE, pd.DataFrame(article), pd.DataFrame(copy)], ignore_index=True)
    card = make_card(pd.DataFrame(article), archive, resamples=200)
    assert not {"draft", "wire"} & {peer.article for peer in card.peers}
    assert card.n_copies == 1


def test_an_article_of_another_source_may_have_its_name():
    rng = np.random.default_rng(9)
    article = pd.DataFrame(make_article("draft", rng))
    other = pd.DataFrame(make_article("draft", rng, source="Mail"))
    other["id"] += "x"
    archive = pd.concat([ARCHIVE, article, other], ignore_index=True)
    names = {peer.article for peer in make_card(article, archive, resamples=200).peers}
    assert names & {"draft (mail)", "draft (sdraft)", "draft"} == {"draft (mail)"}


def test_its_own_source_is_left_out_unless_asked_for():
    archive = ARCHIVE.assign(
        source=ARCHIVE["source"].where(~ARCHIVE["article"].isin(["t0", "t1"]), "Sdraft")
    )
    assert not {"t0", "t1"} & {peer.article for peer in make(archive=archive).peers}
    assert {"t0", "t1"} <= {peer.article for peer in make(archive=archive, own=True).peers}


def test_one_source_only_is_compared_with_itself_and_says_so():
    card = make(archive=ARCHIVE.assign(source="Sdraft"))
    assert card.alike == "articles"
    assert card.notes == ("no other source: the article is compared with others of its own source",)


def test_few_sources_count_by_article():
    sources = np.where(ARCHIVE["article"].str[-1].isin(list("012")), "Post", "Herald")
    card = make(archive=ARCHIVE.assign(source=sources))
    assert card.alike == "articles"
    assert card.notes[0].startswith("2 sources: fewer than 5 cannot be weighed against each other")


def test_too_few_peers_or_units_and_nothing_is_said():
    few = make({"lag": 0.01}, archive=make_archive(5))
    assert {x.status for x in few.frames} == {"cannot say"}
    assert few.notes[0].startswith("5 comparable articles: fewer than 8 cannot show")
    assert few.left_out == ()
    short = make({"lag": 0.01, "n": 3})
    assert {x.status for x in short.frames} == {"cannot say"}
    assert short.notes == (
        "3 units in the article: of fewer than 4 one alone decides, so nothing can be said",
    )


def test_the_window_and_what_it_had_to_become():
    old = ARCHIVE.assign(date="2024-06-01")
    assert make(archive=old).days == 4 * WITHIN
    card = make(archive=ARCHIVE.assign(date="2001"), within=10)
    assert (card.within, card.days) == (10, None)
    assert card.notes == (
        "too few articles on the matter within 10 days: they were sought at any time",
    )


def test_dates_that_lack():
    card = make({"date": None})
    assert (card.within, card.days) == (None, None)
    assert card.notes == ("no date on the article: comparable ones are of any time",)
    assert make(archive=ARCHIVE.drop(columns="date")).days is None
    with pytest.raises(InputError, match="the article has no date to look around; give its date"):
        make({"date": None}, within=30)
    with pytest.raises(InputError, match="no article of these predictions has a date; date them"):
        make(archive=ARCHIVE.drop(columns="date"), within=30)
    with pytest.raises(InputError, match="within is -1 days; give 0 or more"):
        make(within=-1)


def test_frames_that_are_looked_at():
    card = make({"lag": 0.01}, frames=["lag"])
    assert [x.frame for x in card.frames] == ["lag"]
    both = get(make({"lag": 0.01}), "lag")
    assert card.frames[0].p_adjusted == card.frames[0].p
    assert both.p_adjusted == pytest.approx(2 * both.p)
    with pytest.raises(InputError, match="no frame 'cost'; choose from lag, risk"):
        make(frames=["cost"])


def test_units_that_were_not_scored_for_a_frame_are_not_taken_as_without_it():
    rng = np.random.default_rng(9)
    rows = make_article("draft", rng)
    for row in rows[:4]:
        row["p:risk"] = None
    assert make_card(pd.DataFrame(rows), ARCHIVE, resamples=100).n_units == 10
    for row in rows:
        row["p:risk"] = None
    told = "draft: no unit was scored for these frames; predict it again"
    with pytest.raises(InputError, match=told):
        make_card(pd.DataFrame(rows), ARCHIVE, resamples=100)


def test_one_article_only():
    rows = pd.DataFrame(make_article("draft", np.random.default_rng(9)))
    with pytest.raises(InputError, match="one article only, none to compare with"):
        make_card(rows, rows)


def test_several_articles_are_not_one():
    with pytest.raises(InputError, match="40 articles, not one; give them one by one"):
        make_card(ARCHIVE, ARCHIVE)


def test_nothing_on_the_same_matter():
    archive = ARCHIVE[ARCHIVE["article"].str.startswith("o")]
    told = r"draft: none of 20 other articles is on the same matter \(likeness above 0\.\d\d\)"
    with pytest.raises(InputError, match=told):
        make(archive=archive)


@pytest.mark.parametrize("what", ["model", "codebook"])
def test_another_model_or_codebook(what):
    with pytest.raises(MismatchError, match=f"predicted by {what} x, the others by [mc];"):
        make({what: "x"})


def test_the_seed_decides_the_intervals():
    assert make() == make()
    assert get(make(seed=1), "lag").expected_low != get(make(), "lag").expected_low


def test_as_json_values():
    content = make({"lag": 0.01, "n": 3}).to_dict()
    assert content["frames"][0]["p"] is None
    assert content["peers"][0]["article"].startswith("t")
