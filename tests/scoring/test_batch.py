"""Prediction of many documents by one process and by two."""

from __future__ import annotations

import os
from itertools import count, islice

import pytest

from framing.schema import Article, FramingError, ModelFileError, Paragraph
from framing.scoring import batch
from framing.scoring.batch import Options, predict_batches, predict_items
from framing.scoring.modelfile import load_model, save_model
from framing.scoring.rows import flatten, nest
from framing.text.reading import FileDocument


def unit(number, kind="paragraph"):
    text = f"{number} {'ban' if number % 3 else 'lift'}"
    return Paragraph(f"u:{number}", "u", text, 0, len(text), kind)


@pytest.fixture
def model_path(tiny, tmp_path):
    path = tmp_path / "model.safetensors"
    save_model(tiny, path)
    return path


@pytest.fixture
def items(tmp_path):
    """Articles, units and files, two of which cannot be used."""
    (tmp_path / "news.md").write_text(
        "# The ban\n\nA ban is bad.\n\n3 Comments\n", encoding="utf-8"
    )
    (tmp_path / "bad.txt").write_bytes(b"%PDF-1.7")
    mixed = [
        FileDocument(tmp_path / "news.md"),
        unit(0, "boilerplate"),
        Article("one", "Lift the ban.\n\nA good one.", origin="table, row 1"),
        FileDocument(tmp_path / "bad.txt"),
        Article("empty", " ", origin="table, row 2"),
        FileDocument(tmp_path / "none.txt"),
    ]
    return [*mixed, *(unit(number) for number in range(1, 20)), *mixed[:3]]


def run(model_path, items, **options):
    layout = options.pop("options", Options())
    return list(predict_batches(model_path, items, options=layout, **options))


def test_rows_keep_the_order_of_the_items(model_path, items):
    [found] = run(model_path, items)
    texts = ["The ban", "A ban is bad.", "3 Comments", "0 lift", "Lift the ban.", "A good one."]
    numbered = [unit(number).text for number in range(1, 20)]
    assert [row["text"] for row in found.rows] == [*texts, *numbered, *texts]
    assert found.n_items == len(items)


def test_what_cannot_be_used_is_told_of(model_path, items, tmp_path):
    [found] = run(model_path, items)
    assert [(problem.where, problem.reason) for problem in found.problems if problem.lost] == [
        (str(tmp_path / "bad.txt"), "this is a PDF, not text"),
        ("table, row 2", "no text left after cleaning"),
        (str(tmp_path / "none.txt"), "cannot be read (no such file or directory)"),
    ]


@pytest.mark.parametrize("layout", ["flat", "nested"])
def test_boilerplate_passes_through_unscored(model_path, items, layout):
    [found] = run(model_path, items, options=Options(layout=layout))
    unscored = [row for row in found.rows if row["kind"] == "boilerplate"]
    assert [row["text"] for row in unscored] == ["3 Comments", "0 lift"] * 2
    for row in unscored:
        assert row["frames"] is None
        assert not row["evidence"]
        assert row.get("probabilities") is row.get("p:risk") is row.get("stance") is None
        assert row["model"] == load_model(model_path).hash
    assert all(row["frames"] is not None for row in found.rows if row not in unscored)


@pytest.mark.parametrize("options", [Options("flat", True), Options("nested", False)])
def test_rows_are_those_of_the_model(model_path, items, options):
    loaded = load_model(model_path)
    units = [item for item in items if isinstance(item, Paragraph)]
    predictions = loaded.predict_paragraphs(units, evidence=options.evidence)
    make = {"flat": flatten, "nested": nest}[options.layout]
    expected = [make(prediction) for prediction in predictions]
    assert predict_items(loaded, units, options).rows == expected
    assert any(row["evidence"] for row in expected) == options.evidence


@pytest.mark.parametrize("layout", ["flat", "nested"])
def test_each_row_is_about_its_own_mention(pointed, layout):
    text = "Critics praised Ann, while voters blamed Bob."
    units = [
        Paragraph(f"u:{n}", "u", text, 0, len(text), mention=mention)
        for n, mention in enumerate(["Bob", None, "Ann"])
    ]
    rows = predict_items(pointed, units, Options(layout=layout)).rows
    assert [row.get("target") for row in rows] == ["Bob", None, "Ann"]
    if layout == "flat":
        values = [row.get("stance:target") for row in rows]
        assert [row["uncertain"] for row in rows] == ["risk"] * 3
    else:
        values = [(row["stance"].get("target") or {}).get("value") for row in rows]
        assert [row["uncertain"] for row in rows] == [["risk"]] * 3
    assert values == ["against", None, "for"]


def test_two_processes_give_what_one_does(model_path, items, monkeypatch):
    monkeypatch.setattr(batch, "_ITEMS_PER_BATCH", 3)
    one = run(model_path, iter(items), workers=1)
    two = run(model_path, iter(items), workers=2)
    assert len(one) == -(-len(items) // 3)
    assert two == one
    assert sum(found.n_items for found in one) == len(items)


def test_batches_do_not_change_the_rows(model_path, items, monkeypatch):
    [whole] = run(model_path, items)
    for size in (1, 7):
        monkeypatch.setattr(batch, "_ITEMS_PER_BATCH", size)
        parts = run(model_path, items)
        assert [row for part in parts for row in part.rows] == whole.rows
        assert [problem for part in parts for problem in part.problems] == whole.problems


def test_batches_are_cut_by_characters_too(model_path, monkeypatch):
    monkeypatch.setattr(batch, "_CHARACTERS_PER_BATCH", 30)
    long = Paragraph("l", "l", "x" * 99, 0, 99)
    items = [unit(1), long, unit(2), unit(3), unit(4), unit(5), unit(6), unit(7), unit(8)]
    # 5 + 99, then six of 5, then one
    assert [found.n_items for found in run(model_path, items)] == [2, 6, 1]
    files = [FileDocument(model_path)] * (batch._FILES_PER_BATCH + 40)
    assert max(found.n_items for found in run(model_path, files)) <= 30


def test_nothing_gives_nothing(model_path):
    assert run(model_path, []) == run(model_path, [], workers=2) == []


def test_endless_input_is_drawn_as_it_is_taken(model_path, monkeypatch):
    monkeypatch.setattr(batch, "_ITEMS_PER_BATCH", 5)
    for workers, most in ((1, 1), (2, 5)):
        drawn = count()
        endless = (unit(next(drawn)) for _ in count())
        found = predict_batches(model_path, endless, options=Options(), workers=workers)
        first = next(iter(found))
        assert [row["id"] for row in first.rows] == [f"u:{number}" for number in range(5)]
        assert next(drawn) <= 5 * most
        found.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_the_input_comes_through(model_path, workers):
    def broken():
        yield unit(1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(model_path, broken(), workers=workers)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_bad_model_is_one_clear_error(tmp_path, workers):
    path = tmp_path / "m.safetensors"
    path.write_bytes(b"")
    with pytest.raises(ModelFileError, match="damaged, or not a model file"):
        list(islice(predict_batches(path, [unit(1)], options=Options(), workers=workers), 1))


class Killer:
    """An item that ends the process that unpacks it."""

    def __reduce__(self):
        return os._exit, (3,)


def test_a_worker_that_is_ended_is_one_clear_error(model_path):
    with pytest.raises(FramingError) as error:
        run(model_path, [unit(1), Killer()], workers=2)
    reason = "a worker process was ended from outside, perhaps for want of memory"
    assert str(error.value) == f"{reason}; use fewer workers"


@pytest.mark.parametrize("workers", [1, 2])
def test_ids_that_come_again_in_front_matter_are_told_apart(model_path, tmp_path, workers):
    paths = []
    for number in range(3):
        paths.append(tmp_path / f"{number}.md")
        paths[-1].write_text("---\nid: x\n---\nThe law was passed, and people spoke of it.\n")
    batches = list(
        predict_batches(
            model_path, [FileDocument(path) for path in paths], options=Options(), workers=workers
        )
    )
    rows = [row for batch in batches for row in batch.rows]
    assert [row["article"] for row in rows] == ["x", "x~2", "x~3"]
    assert [row["id"].rpartition(":")[0] for row in rows] == ["x", "x~2", "x~3"]
    assert sum(len(batch.problems) for batch in batches) == 2
