"""Prediction of units by one thread and by several."""

from __future__ import annotations

import threading
from itertools import count

import pyarrow as pa
import pytest

from framing.schema import InputError, Paragraph
from framing.scoring import streams
from framing.scoring.outputs import open_predictions
from framing.scoring.streams import predict_units
from framing.text.unitbatches import pack_units


def batch(*numbers):
    texts = [f"{number} {'ban' if number % 3 else 'lift'}" for number in numbers]
    return pack_units(
        [Paragraph(f"u:{n}", "u", t, 0, len(t)) for n, t in zip(numbers, texts, strict=True)]
    )


def join(batches):
    return pa.Table.from_batches([found.rows for found in batches]).combine_chunks()


@pytest.mark.parametrize("evidence", [True, False])
def test_threads_give_what_one_does_in_order(pointed, odd_units, monkeypatch, evidence):
    monkeypatch.setattr(streams, "UNITS_PER_BATCH", 7)
    whole = [pack_units(odd_units), pack_units(odd_units[:3])] * 5
    results = [
        list(predict_units(pointed, iter(whole), evidence=evidence, workers=workers))
        for workers in (1, 2, 4)
    ]
    assert results[0] == results[1] == results[2]
    assert [found.n_items for found in results[0]] == [*[7] * 8, 4, 3] * 5
    ids = [unit.id for unit in [*odd_units, *odd_units[:3]] * 5]
    assert join(results[0])["id"].to_pylist() == ids
    targets = [found.targets.to_pylist() for found in results[0]]
    assert targets[0] == [unit.mention for unit in odd_units[:7]]


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("workers", [1, 3])
def test_what_is_encoded_by_threads_is_what_is_written(
    pointed, odd_units, tmp_path, suffix, workers
):
    batches = [pack_units(odd_units)] * 3
    files = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}"
    main = threading.get_ident()
    threads = set()

    def encode(rows, targets):
        threads.add(threading.get_ident())
        return writer.encode(rows, targets)

    with open_predictions(files[0], pointed) as writer:
        for found in predict_units(pointed, batches, workers=workers, encode=encode):
            writer.append(found.encoded)
    with open_predictions(files[1], pointed) as writer:
        for found in predict_units(pointed, batches):
            assert found.encoded is None
            writer.write(found.rows, found.targets)
    assert (main in threads) == (workers == 1)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_units_need_no_targets(tiny):
    [found] = predict_units(tiny, [batch(1).drop_columns(["target"])])
    assert found.targets.to_pylist() == [None]


@pytest.mark.parametrize("workers", [1, 3])
def test_nothing_gives_nothing(tiny, workers):
    assert list(predict_units(tiny, [], workers=workers)) == []
    assert list(predict_units(tiny, [pack_units([])], workers=workers)) == []


def test_endless_input_is_drawn_as_it_is_taken(tiny):
    for workers, most in ((1, 1), (2, 4)):
        drawn = count()
        found = predict_units(tiny, (batch(next(drawn)) for _ in count()), workers=workers)
        assert [next(found).rows["id"][0].as_py() for _ in range(3)] == ["u:0", "u:1", "u:2"]
        assert next(drawn) <= most + 2
        found.close()


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_the_input_comes_through_and_no_thread_is_left(tiny, workers, error):
    def broken():
        yield batch(1)
        raise error

    before = threading.active_count()
    with pytest.raises(error):
        list(predict_units(tiny, broken(), workers=workers))
    assert threading.active_count() == before


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_the_work_comes_through(tiny, workers):
    broken = batch(1).drop_columns(["text"])
    with pytest.raises(InputError, match="no column is named 'text'"):
        list(predict_units(tiny, [batch(0), broken], workers=workers))
