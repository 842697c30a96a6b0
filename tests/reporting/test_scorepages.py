"""The page of scores: all that the Markdown report says, and a diagram a frame, by itself."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from framing.reporting.diagrams import draw_diagrams
from framing.reporting.scorepages import render_evaluation, render_training
from framing.reporting.tables import format_estimate
from framing.reporting.training import format_evaluation, format_training

EVIL = "<script>alert(1)</script> \"quoted\" & 'it' <img src=x onerror=alert(2)> {{ 7 }}"


class Page(HTMLParser):
    """Collects elements with their attributes, cells and text."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def find(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def evaluation(training):
    split = training["splits"][0]
    return {
        "model": "m" * 12,
        "codebook": "c" * 12,
        "data": "d" * 12,
        "frames": split["frames"],
        "stances": split["stances"],
        "n_units": 60,
        "n_articles": 12,
        "n_known_articles": 0,
        "precision": 0.9,
        "left_out": {"boilerplate": 3},
        "promises": split["promises"],
    }


@pytest.fixture
def diagrams(model, evaluation):
    names = {frame.id: frame.name for frame in model.codebook.frames}
    thresholds = {head.id: head.threshold for head in model.frames}
    return draw_diagrams(evaluation["frames"], names=names, thresholds=thresholds)


def drop_frames(content):
    """Return a training report of data that is coded for stances alone."""
    nothing = {"frames": None, "naive_frames": None, "gain": None}
    return {**content, "splits": [{**split, **nothing} for split in content["splits"]]}


def list_words(markdown: str) -> list[str]:
    """List the words of a Markdown report without its marks and the rules of its tables."""
    lines = [line for line in markdown.splitlines() if not line.startswith("|:")]
    words = " ".join(lines).replace("`", "").split()
    return [word for word in words if word not in {"|", "###", "-"}]


def test_the_page_holds_every_word_of_the_evaluation(evaluation, model):
    page = Page(render_evaluation(evaluation, model))
    assert page.open == []
    assert " ".join(list_words(format_evaluation(evaluation))) in page.text
    assert f"Evaluation of model {model.hash}" in page.text


def test_the_page_holds_every_word_of_the_training(training, model):
    page = Page(render_training(training, model))
    assert " ".join(list_words(format_training(training))) in page.text
    assert "thresholds shown are those of the final model" in page.text
    assert page.find("li")
    assert page.find("code")


def test_cells_stand_in_rows_under_headers(evaluation, model):
    source = render_evaluation(evaluation, model)
    n_columns = 7
    row, sure = re.findall(r'<tr><th scope="row">cost</th>(.*)</tr>', source)
    assert row.count("<td>") == n_columns - 1
    assert sure.count("<td>") == 5  # what is surely present and absent, and the rest
    assert '<thead><tr><th scope="col">frame</th><th scope="col">units</th>' in source


def test_each_frame_has_an_image_with_its_words(evaluation, model, diagrams):
    page = Page(render_evaluation(evaluation, model))
    images = page.find("svg")
    assert [image["aria-label"] for image in images] == [d.label for d in diagrams]
    assert {image["role"] for image in images} == {"img"}
    assert [figure["id"] for figure in page.find("figure")] == ["cost", "risk"]
    for diagram in diagrams:
        assert f"{diagram.caption} {diagram.guide}" in page.text
        assert diagram.title in page.text
        assert all(mark.note in page.text for mark in diagram.marks)


def test_points_intervals_and_bars_are_drawn_where_they_belong(evaluation, model, diagrams):
    page = Page(render_evaluation(evaluation, model))
    marks = [mark for diagram in diagrams for mark in diagram.marks]
    circles = page.find("circle")
    assert [(c["cx"], c["cy"], c["r"]) for c in circles] == [
        (str(mark.x), str(mark.y), str(mark.radius)) for mark in marks
    ]
    assert [c.get("class") == "alone" for c in circles] == [mark.low is None for mark in marks]
    paths = [path["d"] for path in page.find("path") if path["class"] == "interval"]
    assert [path.split("M")[1] for path in paths] == [
        f"{mark.x} {mark.high}V{mark.low}" for mark in marks if mark.low is not None
    ]
    bars = [bar for diagram in diagrams for bar in diagram.bars]
    drawn = [(float(r["x"]), float(r["y"]), float(r["height"])) for r in page.find("rect")]
    assert drawn == [(bar.x + 1, 256 - bar.height, bar.height) for bar in bars]
    assert [path["d"] for path in page.find("path") if path["class"] == "ideal"] == [
        "M0 200L200 0"
    ] * 2


def test_the_threshold_is_a_line_where_the_model_has_one(evaluation, model, diagrams):
    page = Page(render_evaluation(evaluation, model))
    cost, risk = diagrams
    assert risk.cut is None
    lines = [path["d"] for path in page.find("path") if path["class"] == "cut"]
    assert lines == [f"M{cost.cut.x} 0V212"]
    assert page.text.count("threshold .") == 1


def test_diagrams_of_training_are_of_the_split_that_is_told(training, model):
    """Of another split the file holds no curves, and its errors are others."""
    other = training["splits"][1]["frames"]
    other["reliability"] = {}
    page = Page(render_training({**training, "splits": training["splits"][::-1]}, model))
    assert len(page.find("svg")) == 2
    error = training["splits"][0]["frames"]["labels"]["cost"]["calibration_error"]
    assert f"Calibration error {format_estimate(error, digits=3)}; 60 coded units" in page.text


def test_stances_alone_have_their_tables_and_a_sentence(training, evaluation, model):
    pages = (
        render_evaluation({**evaluation, "frames": None}, model),
        render_training(drop_frames(training), model),
    )
    for page in map(Page, pages):
        assert "law: pro" in page.text
        assert "coded for no frame, so there is no diagram" in page.text
        assert not page.find("svg")
        assert "dashed diagonal" not in page.text


def test_without_splits_the_page_says_so(training, model):
    page = Page(render_training({**training, "splits": []}, model))
    assert "No units were held out" in page.text
    assert training["signature"] in page.text
    assert not page.find("svg")


def test_a_stance_report_never_says_that_there_are_no_frames_where_there_are(evaluation, model):
    assert "coded for no frame" not in Page(render_evaluation(evaluation, model)).text


@pytest.mark.parametrize("place", ["name", "id", "model", "target", "reason"])
def test_whatever_is_given_stays_text(training, model, place):
    frames = training["splits"][0]["frames"]
    if place == "name":
        first, *rest = model.codebook.frames
        book = replace(model.codebook, frames=(replace(first, name=EVIL), *rest))
        model = replace(model, codebook=book)
    elif place == "id":
        for part in (frames, training["splits"][0]["naive_frames"]):
            part["labels"][EVIL] = part["labels"]["cost"]
        frames["reliability"] = {EVIL: frames["reliability"]["cost"]}
    elif place == "model":
        model = replace(model, hash=EVIL)
    elif place == "target":
        for split in training["splits"]:
            split["stances"] = {EVIL: split["stances"]["law"]}
            split["naive_stances"] = {EVIL: split["naive_stances"]["law"]}
    else:
        training["skipped"] = [{"label": "rare", "reason": EVIL}]
    source = render_training(training, model)
    page = Page(source)
    assert EVIL in page.text
    assert "<script" not in source
    assert "<img" not in source
    assert not [name for _, given in page.elements for name in given if name.startswith("on")]


def test_nothing_is_fetched_from_elsewhere(training, evaluation, model):
    for source in (render_training(training, model), render_evaluation(evaluation, model)):
        for part in ("http:", "https:", "src=", "href=", "url(", "@import", "//", "xmlns"):
            assert part not in source.lower(), part
        tags = {tag for tag, _ in Page(source).elements}
        assert not {"script", "link", "iframe", "object", "embed", "img", "base"} & tags


def test_it_reads_in_light_in_dark_and_on_paper(evaluation, model):
    source = render_evaluation(evaluation, model)
    assert source.startswith("<!doctype html>")
    assert '<meta charset="utf-8">' in source
    styles = source[source.index("<style>") : source.index("</style>")]
    scopes = re.split(r"@media (?=\(prefers|print)", styles)
    declared = [set(re.findall(r"(--\w+):", scope)) for scope in scopes]
    light, dark, paper = declared[:3]
    assert light == dark == paper
    assert set(re.findall(r"var\((--\w+)\)", styles)) - {"--s"} <= light


def test_it_is_the_same_each_time(evaluation, model):
    assert render_evaluation(evaluation, model) == render_evaluation(evaluation, model)
