"""Prediction of many documents by one process and by two."""

from __future__ import annotations

import gzip
import os
from dataclasses import replace
from itertools import count
from pathlib import Path

import pyarrow as pa
import pytest

from framing.schema import Article, FramingError, MismatchError, ModelFileError
from framing.scoring import batch
from framing.scoring.batch import predict_documents, predict_together
from framing.scoring.modelfile import load_model, save_model
from framing.scoring.predicting import predict_batch
from framing.text.cleaning import clean_article
from framing.text.reading import FileDocument
from framing.text.segmentation import segment
from framing.text.unitbatches import pack_units


def article(number):
    text = f"{number} {'ban' if number % 3 else 'lift'}."
    return Article(f"u{number}", text, origin=f"table, row {number}")


@pytest.fixture
def model_path(tiny, tmp_path):
    path = tmp_path / "model.safetensors"
    save_model(tiny, path)
    return path


@pytest.fixture
def documents(tmp_path):
    """Articles and files, three of which cannot be used."""
    (tmp_path / "news.md").write_text(
        "# The ban\n\nA ban is bad.\n\n3 Comments\n", encoding="utf-8"
    )
    (tmp_path / "bad.txt").write_bytes(b"%PDF-1.7")
    mixed = [
        FileDocument(tmp_path / "news.md"),
        Article("one", "Lift the ban.\n\nA good one.", origin="table, row 1"),
        FileDocument(tmp_path / "bad.txt"),
        Article("empty", " ", origin="table, row 2"),
        FileDocument(tmp_path / "none.txt"),
    ]
    return [*mixed, *(article(number) for number in range(1, 20)), *mixed[:2]]


def run(model_path, documents, **options):
    return list(predict_documents(load_model(model_path), documents, path=model_path, **options))


def join(batches):
    return pa.Table.from_batches([found.rows for found in batches]).to_pylist()


def test_rows_keep_the_order_of_the_documents(model_path, documents):
    [found] = run(model_path, documents)
    texts = ["The ban", "A ban is bad.", "3 Comments", "Lift the ban.", "A good one."]
    numbered = [article(number).text for number in range(1, 20)]
    assert found.rows["text"].to_pylist() == [*texts, *numbered, *texts]
    assert found.n_items == len(documents)


def test_what_cannot_be_used_is_told_of(model_path, documents, tmp_path):
    [found] = run(model_path, documents)
    assert [(problem.where, problem.reason) for problem in found.problems if problem.lost] == [
        (str(tmp_path / "bad.txt"), "this is a PDF, not text"),
        ("table, row 2", "no text left after cleaning"),
        (str(tmp_path / "none.txt"), "cannot be read (no such file or directory)"),
    ]


@pytest.mark.parametrize("evidence", [True, False])
def test_rows_are_those_of_the_units(tiny, documents, evidence):
    articles = [document for document in documents if isinstance(document, Article)]
    units = [unit for found in articles for unit in segment(clean_article(found))]
    expected = predict_batch(tiny, pack_units(units), evidence=evidence)
    assert predict_together(tiny, articles, evidence=evidence).rows == expected
    assert bool(expected["evidence"].is_valid().true_count) == evidence


def test_nothing_that_can_be_used_gives_no_rows(tiny):
    found = predict_together(tiny, [Article("empty", " ")])
    assert (len(found.rows), found.articles, found.n_items) == (0, [], 1)


def test_two_processes_give_what_one_does(model_path, documents, monkeypatch):
    monkeypatch.setattr(batch, "_DOCUMENTS_PER_BATCH", 3)
    one = run(model_path, iter(documents), workers=1)
    two = run(model_path, iter(documents), workers=2)
    assert len(one) == -(-len(documents) // 3)
    assert two == one
    assert sum(found.n_items for found in one) == len(documents)


def test_batches_do_not_change_the_rows(model_path, documents, monkeypatch):
    [whole] = run(model_path, documents)
    for size in (1, 7):
        monkeypatch.setattr(batch, "_DOCUMENTS_PER_BATCH", size)
        parts = run(model_path, documents)
        assert join(parts) == join([whole])
        assert [problem for part in parts for problem in part.problems] == whole.problems


def test_batches_are_cut_by_characters_too(model_path, monkeypatch):
    monkeypatch.setattr(batch, "_CHARACTERS_PER_BATCH", 30)
    long = Article("l", "ban " * 30)
    documents = [article(1), long, *(article(number) for number in range(2, 9))]
    # 6 + 120, then five of 6 or 7, then two
    assert [found.n_items for found in run(model_path, documents)] == [2, 5, 2]


def test_batches_are_cut_by_the_size_of_files(model_path, tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "_CHARACTERS_PER_BATCH", 400)
    (tmp_path / "a.md").write_text("The ban is bad. " * 10)
    packed = tmp_path / "b.md.gz"
    packed.write_bytes(gzip.compress(b"The ban is bad. " * 10))
    files = [FileDocument(tmp_path / "a.md")] * 6
    assert [found.n_items for found in run(model_path, files)] == [3, 3]
    n_packed = -(-400 // (4 * packed.stat().st_size))
    mixed = [FileDocument(tmp_path / "none.md"), FileDocument(packed)] * 9
    assert run(model_path, mixed)[0].n_items == 2 * n_packed


def test_nothing_gives_nothing(model_path):
    assert run(model_path, []) == run(model_path, [], workers=2) == []


def test_endless_input_is_drawn_as_it_is_taken(model_path, monkeypatch):
    monkeypatch.setattr(batch, "_DOCUMENTS_PER_BATCH", 5)
    for workers, most in ((1, 1), (2, 5)):
        drawn = count()
        endless = (article(next(drawn)) for _ in count())
        found = predict_documents(load_model(model_path), endless, path=model_path, workers=workers)
        first = next(iter(found))
        assert first.rows["article"].to_pylist() == [f"u{number}" for number in range(5)]
        assert next(drawn) <= 5 * most
        found.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_the_input_comes_through(model_path, workers):
    def broken():
        yield article(1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(model_path, broken(), workers=workers)


def test_another_model_in_its_place_is_one_clear_error(model_path, tiny, tmp_path):
    path = tmp_path / "m.safetensors"
    path.write_bytes(b"")
    model = load_model(model_path)
    with pytest.raises(ModelFileError, match="damaged, or not a model file"):
        list(predict_documents(model, [article(1)], path=path, workers=2))
    save_model(replace(tiny, training={"another": True}), path)
    with pytest.raises(MismatchError, match=f"where {model.hash} was to be used; leave"):
        list(predict_documents(model, [article(1)], path=path, workers=2))
    assert list(predict_documents(model, [article(1)], path=path))


class Killer:
    """A document that ends the process that unpacks it."""

    path = Path()

    def __reduce__(self):
        return os._exit, (3,)


def test_a_worker_that_is_ended_is_one_clear_error(model_path):
    with pytest.raises(FramingError) as error:
        run(model_path, [article(1), Killer()], workers=2)
    reason = "a worker process was ended from outside, perhaps for want of memory"
    assert str(error.value) == f"{reason}; use fewer workers"


@pytest.mark.parametrize("workers", [1, 2])
def test_ids_that_come_again_in_front_matter_are_told_apart(model_path, tmp_path, workers):
    paths = []
    for number in range(3):
        paths.append(tmp_path / f"{number}.md")
        paths[-1].write_text("---\nid: x\n---\nThe law was passed, and people spoke of it.\n")
    batches = run(model_path, [FileDocument(path) for path in paths], workers=workers)
    rows = join(batches)
    assert [row["article"] for row in rows] == ["x", "x~2", "x~3"]
    assert [row["id"].rpartition(":")[0] for row in rows] == ["x", "x~2", "x~3"]
    assert len({row["id"].rpartition(":")[2] for row in rows}) == 1
    assert sum(len(batch.problems) for batch in batches) == 2


def test_only_the_units_of_a_renamed_article_are_renamed(tiny, monkeypatch, tmp_path):
    path = tmp_path / "model.safetensors"
    save_model(tiny, path)
    twice = Article("a", "One ban.\n\nA second.")
    monkeypatch.setattr(batch, "_DOCUMENTS_PER_BATCH", 2)
    found = run(path, [twice, Article("b", "A third."), twice, Article("c", "A fourth.")])
    rows = join(found)
    assert [row["article"] for row in rows] == ["a", "a", "b", "a~2", "a~2", "c"]
    assert all(row["id"].startswith(row["article"] + ":") for row in rows)
    assert rows[4]["id"].partition(":")[2] == rows[1]["id"].partition(":")[2]
