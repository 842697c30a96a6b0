"""Cards as Markdown and as a page: the answer, the figures, and texts that stay texts."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from framing.measuring.cards.card import ArticleCard, Peer
from framing.measuring.cards.peershares import FrameComparison
from framing.measuring.cards.quotes import Quote
from framing.reporting.articlecards import format_article_card, render_article_card, shorten
from framing.schema import Evidence

EVIL = "<script>alert(1)</script> & {{ 7 }} *late*"


def make_frame(name, status="as expected", **changes):
    values = FrameComparison(
        name, status, 0.21, 0.11, 0.31, 0.22, 0.12, 0.32, 0.02, 0.62, 0.05, 0.15, 0.4, 0.8
    )
    return replace(values, **changes)


def make_quote(frame, text="It came too late.", **changes):
    evidence = (Evidence(frame, "late", 1.0, 12, 16),) if "late." in text else ()
    quote = Quote(frame, f"b:{frame}", "b", "Herald", "2025-03-01", 0.9, text, evidence)
    return replace(quote, **changes)


CARD = ArticleCard(
    article="a",
    source="Post",
    title="On tin",
    date="2025-03-05",
    n_units=14,
    frames=(
        make_frame("lag", "under-stressed", observed=0.01, peers_lacking=0.02, p_adjusted=0.013),
        make_frame("risk", lacking=0.9, peers_lacking=0.25),
        make_frame("cost", "over-stressed", observed=0.71),
        make_frame("law"),
    ),
    left_out=("lag", "risk"),
    shown=(make_quote("cost", article="a", id="a:1", source="Post"),),
    missed=(make_quote("lag"), make_quote("lag", id="c:2", source="Gazette")),
    peers=tuple(Peer(f"p{i}", "Herald", None, 0.5 - i / 100, 9) for i in range(12)),
    n_sources=9,
    alike="sources",
    within=90,
    days=180,
    floor=0.05,
    n_copies=2,
    level=0.95,
    model="m1",
    codebook="c1",
    notes=("first note", "second note"),
)


class Page(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        if self.tags[-1:] != ["style"]:
            self.text += data


def cut(text, start, end):
    return text.partition(f"### {start}\n\n")[2].partition(f"\n\n### {end}")[0]


def test_it_opens_with_what_was_compared_and_the_notes():
    parts = format_article_card(CARD).split("\n\n")
    assert parts[0] == "# On tin"
    assert parts[1] == (
        "a, 2025-03-05: 14 units, held against 12 articles of 9 sources on the same matter, within "
        "180 days of it. Model m1, codebook c1."
    )
    assert parts[2:4] == ["Note: first note.", "Note: second note."]


def test_what_is_missing_the_surest_first_with_quotes():
    part = cut(format_article_card(CARD), "What it leaves out", "What it stresses")
    assert part.startswith(
        "Under-stressed, more than chance explains: lag. Worth a look, though it may be chance: "
        "risk. Most comparable articles carry it, this one likely does not."
    )
    assert (
        "lag: expected in 22% of units, found in 1%. Of comparable articles of this length 98 in"
        in part
    )
    assert "- “It came too **late**.” (Herald, 2025-03-01, b:lag)\n- “It" in part
    assert part.index("lag: expected") < part.index("risk: expected")
    assert part.endswith("- no paragraph carries it surely enough to be quoted")


def test_what_is_stressed_with_its_own_paragraphs():
    part = cut(format_article_card(CARD), "What it stresses", "All frames")
    assert part.startswith("Over-stressed, more than chance explains: cost.")
    assert (
        "cost: found in 71% of units, expected in 22%; single articles of this length lie at 2% "
        "to 62%. Where it stands:" in part
    )
    assert "(Post, 2025-03-01, a:1)" in part


def test_all_frames_in_figures():
    text = format_article_card(CARD)
    row = next(line for line in text.splitlines() if line.startswith("| lag"))
    cells = [cell.strip() for cell in row.split("|")[1:-1]]
    assert cells == [
        "lag",
        ".01 [.11, .31]",
        ".22 [.12, .32]",
        ".02 to .62",
        ".02",
        ".013",
        "under-stressed",
    ]
    assert "adjusted for the 4 frames looked at (Benjamini-Hochberg)" in text
    assert "In 14 units the absence of risk, cost, law proves nothing" in text
    assert "sources count alike" in text


def test_what_it_was_compared_with():
    text = format_article_card(CARD)
    assert "| p9 " in text
    assert "| p10 " not in text
    assert "2 more are not listed. " in text
    assert text.endswith("2 copies of them left out.")


def test_nothing_stands_out():
    calm = replace(CARD, frames=(make_frame("law"),), left_out=(), missed=(), shown=(), n_copies=1)
    text = format_article_card(calm)
    assert "No frame is rarer in it than chance explains in an article of this length.\n" in text
    assert "No frame is commoner in it than chance explains" in text
    assert "the absence of any frame proves nothing" in text
    assert "1 copy of them left out" in text


def test_nothing_can_be_said():
    frames = tuple(
        replace(f, status="cannot say", p=float("nan"), p_adjusted=float("nan"))
        for f in CARD.frames
    )
    mute = replace(CARD, frames=frames, left_out=(), missed=(), shown=(), days=None)
    text = format_article_card(mute)
    assert text.count("Nothing can be said (see the notes).") == 2
    assert "| n/a | cannot say |" in text
    assert "of any time" in text
    assert "cannot say" in render_article_card(mute)


def test_long_quotes_are_cut_in_markdown_and_whole_on_the_page():
    long = "word " * 200
    card = replace(CARD, missed=(make_quote("lag", long),))
    assert f"“{shorten(long).strip()}”" in format_article_card(card)
    assert long.strip() in Page(render_article_card(card)).text


def test_evidence_behind_the_cut_is_dropped():
    text = "word " * 100 + "late"
    quote = replace(make_quote("lag", text), evidence=(Evidence("lag", "late", 1.0, 500, 504),))
    assert "**" not in format_article_card(replace(CARD, missed=(quote,), shown=()))


def test_the_page_says_the_same():
    page = Page(render_article_card(CARD))
    for said in ("On tin", "first note.", "more than chance explains: lag", "worth a look", ".013"):
        assert said in page.text
    assert page.tags.count("blockquote") == 3
    assert page.tags.count("mark") == 3
    assert page.tags.count("svg") == 4
    labels = [value for name, value in page.attributes if name == "aria-label"]
    assert labels[0] == "lag: this article .01 [.11, .31], comparable articles .02 to .62"


def test_the_page_refers_to_nothing_outside_and_runs_nothing():
    page = Page(render_article_card(CARD))
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert not {"href", "src"} & {name for name, _ in page.attributes}


@pytest.mark.parametrize("field", ["title", "article", "source", "date"])
def test_text_stays_text(field):
    card = replace(
        CARD,
        **{field: EVIL},
        missed=(make_quote("lag", EVIL, id=EVIL, source=EVIL),),
        peers=(Peer(EVIL, EVIL, EVIL, 0.5, 9),),
        notes=(EVIL,),
    )
    page = Page(render_article_card(card))
    assert "script" not in page.tags
    assert page.text.count(EVIL) >= 6


def test_frames_go_by_their_names():
    names = {"lag": "Too late", "cost": "Money", "risk": "Money", "other": "Nothing"}
    for text in (format_article_card(CARD, names=names), render_article_card(CARD, names=names)):
        assert "Under-stressed, more than chance explains: Too late." in text
        assert "Too late: expected in 22% of units" in text
        assert "Money" not in text  # two frames that share a name would be one
        assert "late</mark>" in text or "**late**" in text
    assert "Too late" not in format_article_card(CARD)
