"""``framing demo``, on a corpus small enough for a test."""

from __future__ import annotations

import json
import shutil
from functools import partial
from html.parser import HTMLParser

import pandas as pd
import pytest

from framing.interface import load
from framing.text.reading import read_articles
from framing.text.segmentation import segment

FILES = (
    *("report.html", "training.md", "evaluation.md", "drift.md", "drift.csv"),
    *("predictions.csv", "model.safetensors"),
)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory, articles, codebook_file, corpus):
    """Seeds and labels of the corpus; the articles of one source are held out as the test."""
    root = tmp_path_factory.mktemp("shipped")
    codes = {(p.article, p.text): p for p in corpus}
    for part, folders in ((".", ("gazette", "herald")), ("test", ("post",))):
        lines = ["id,excerpt,frames,stance:bridge"]
        for name in folders:
            folder = shutil.copytree(articles / name, root / "seeds" / part / name)
            for unit in [u for a in read_articles(folder) for u in segment(a)]:
                if passage := codes.get((unit.article, unit.text)):
                    frames = ";".join(passage.frames) or "[]"
                    lines.append(f"{unit.id},,{frames},{passage.stance}")
        labels = root / "labels" / part
        labels.mkdir(parents=True, exist_ok=True)
        (labels / "adjudicated.csv").write_text("\n".join(lines), encoding="utf-8")
    shutil.copy(codebook_file, root / "labels" / "codebook.yaml")
    return root


@pytest.fixture(scope="module")
def demo(run, shipped):
    """Return what runs the demo on the small corpus with as little training as will do."""
    from framing.learning import training
    from framing.learning.candidates import PLAIN, Candidate, Search

    only = Search(Candidate(PLAIN, C=10.0), {})
    small = partial(training.Settings, frames=only, stances=only, splits=("source",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "Settings", small)
        patch.setattr("framing.shipped.find_shipped", lambda name: shipped / name)
        yield lambda *options: run("demo", "-j", "1", "--seed", "3", *options)


@pytest.fixture(scope="module")
def done(demo, tmp_path_factory):
    """A folder that the demo made and filled, and what it said."""
    folder = tmp_path_factory.mktemp("demo") / "new" / "out"
    return folder, demo("-o", folder)


def test_it_does_the_whole_job_and_says_where_to_look(done):
    folder, result = done
    assert result.exit_code == 0, result.stderr
    assert [line[:3] for line in result.stderr.splitlines()] == ["1/4", "2/4", "3/4", "4/4"]
    for name in FILES:
        assert (folder / name).stat().st_size > 0
        assert name in result.stdout
    assert not (folder / "quarantine.jsonl").exists()
    assert "A model was trained on 40 coded paragraphs of 8 articles by 2 outlets." in result.stdout
    model = load(folder / "model.safetensors")
    table = pd.read_csv(folder / "predictions.csv", keep_default_na=False)
    assert set(table["model"]) == {model.hash}
    assert set(table["source"]) == {"Weir Post"}
    assert f"model {model.hash}" in (folder / "drift.md").read_text("utf-8")
    assert f"Model {model.hash}" in (folder / "evaluation.md").read_text("utf-8")
    assert model.training["signature"] in (folder / "training.md").read_text("utf-8")


def test_the_page_holds_every_paragraph(done, corpus):
    collected: list[str] = []
    parser = HTMLParser()
    parser.handle_data = collected.append
    parser.feed((done[0] / "report.html").read_text("utf-8"))
    text = "".join(collected)
    assert "Share of paragraphs that carry each frame" in text
    assert [p.text for p in corpus if p.source == "Weir Post" and p.text not in text] == []


def test_it_is_the_same_each_time(demo, done, tmp_path):
    demo("-o", tmp_path)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (done[0] / name).read_bytes()


def test_what_could_not_be_used_is_listed(demo, tmp_path, shipped):
    litter = shipped / "seeds" / "herald" / "empty.md"
    litter.touch()
    try:
        result = demo("-o", tmp_path)
    finally:
        litter.unlink()
    (problem,) = map(json.loads, (tmp_path / "quarantine.jsonl").read_text("utf-8").splitlines())
    assert problem["reason"] == "empty"
    assert "quarantine.jsonl" in result.stdout


def test_a_folder_that_cannot_be_made(refuse, tmp_path):
    (tmp_path / "file").touch()
    line = refuse("demo", "-o", tmp_path / "file")
    assert line == (
        f"{tmp_path / 'file'}: cannot be made (file exists); name another folder with -o"
    )
