"""Predictions read back, whatever their format."""

from __future__ import annotations

import json

import numpy as np
import pytest

from framing.measuring.predictions import check_columns
from framing.records.cells import format_list
from framing.records.writing import open_table
from framing.schema import InputError, Paragraph
from framing.scoring.outputs import open_predictions
from framing.scoring.predicting import predict_batch
from framing.scoring.predictionfiles import read_predictions
from framing.text.unitbatches import pack_units

REMEDY = "name a file that 'framing predict' wrote"
METADATA = dict.fromkeys(("id", "article", "source", "date", "title", "kind", "text"))
MAKERS = {"model": "m", "codebook": "c"}
SHARES = {"risk": 0.1234568, "cost": 0.1}
STANCE = {"mine": {"value": "for", "probabilities": {"for": 0.75, "none": 0.25}}}
PREDICTION = {
    **(METADATA | {"id": "a:1", "source": "@post", "text": "=Ban; «İ»"}),
    "frames": ["risk"],
    "probabilities": SHARES,
    "stance": STANCE,
    "evidence": [],
    **MAKERS,
}
BARE = {
    **(METADATA | {"id": "a:2", "text": "Calm."}),
    "frames": [],
    "probabilities": {"risk": 0.0, "cost": 1.0},
    "stance": {},
    "evidence": [],
    **MAKERS,
}
BOILERPLATE = {
    **(METADATA | {"id": "a:3", "kind": "boilerplate", "text": "3 Comments"}),
    "frames": None,
    "probabilities": None,
    "stance": None,
    "evidence": [],
    **MAKERS,
}
DOUBTFUL = BARE | {"id": "b:1", "target": "=Ann", "uncertain": ["risk", "cost"]}
SURE = BARE | {"id": "b:2", "uncertain": []}


def flatten(row):
    """Lay a nested row out flat; lists are joined where a table is written."""
    flat = {key: cell for key, cell in row.items() if key not in {"probabilities", "stance"}}
    flat |= {f"p:{frame}": share for frame, share in (row["probabilities"] or {}).items()}
    for target, stance in (row["stance"] or {}).items():
        flat[f"stance:{target}"] = stance["value"]
        flat |= {f"p:{target}:{v}": share for v, share in stance["probabilities"].items()}
    joined = {
        name: format_list(row[name])
        for name in ("frames", "uncertain")
        if row.get(name) is not None
    }
    return flat | joined


def write(path, rows):
    columns = dict.fromkeys(("id", "source", "text", "target", "frames", "uncertain"), "text")
    columns |= {"p:risk": "number", "p:cost": "number", "stance:mine": "text"}
    columns |= {"p:mine:for": "number", "p:mine:none": "number"}
    columns |= {"model": "text", "codebook": "text"}
    with open_table(path, columns) as table:
        table.write(rows)
    return path


@pytest.mark.parametrize("name", ["p.csv", "p.jsonl", "p.parquet", "p.csv.gz"])
def test_predictions_are_read_back(tmp_path, name):
    make = dict if "jsonl" in name else flatten
    path = write(tmp_path / name, [make(p) for p in (PREDICTION, BARE, BOILERPLATE)])
    found = read_predictions(path)
    assert found["id"].tolist() == ["a:1", "a:2", "a:3"]
    assert found["text"].tolist() == ["=Ban; «İ»", "Calm.", "3 Comments"]
    assert found["source"].tolist()[0] == "@post"
    assert found["source"].isna().tolist() == [False, True, True]
    assert found["frames"].tolist()[:2] == ["risk", "[]"]
    assert found["frames"].isna().tolist() == [False, False, True]
    assert found["stance:mine"].isna().tolist() == [False, True, True]
    expected = {
        "p:risk": [0.1234568, 0.0, np.nan],
        "p:cost": [0.1, 1.0, np.nan],
        "p:mine:for": [0.75, np.nan, np.nan],
    }
    for column, numbers in expected.items():
        assert found[column].dtype == np.float64
        np.testing.assert_array_equal(found[column].to_numpy(), numbers)


@pytest.mark.parametrize("name", ["p.csv", "p.jsonl", "p.parquet", "p.jsonl.gz"])
def test_targets_and_doubts_are_read_back(tmp_path, name):
    make = dict if "jsonl" in name else flatten
    path = write(tmp_path / name, [make(p) for p in (DOUBTFUL, SURE, BOILERPLATE)])
    found = read_predictions(path)
    assert found["uncertain"].tolist()[:2] == ["risk;cost", "[]"]
    assert found["target"].tolist()[0] == "=Ann"
    for column, missing in (("uncertain", [False, False, True]), ("target", [False, True, True])):
        assert found[column].isna().tolist() == missing


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_what_a_model_predicts_is_the_same_in_every_format(pointed, tmp_path, suffix):
    text = "Critics praised Ann, while voters blamed Bob."
    units = [
        Paragraph(f"u:{n}", "u", text, 0, len(text), kind, source="Post", mention=mention)
        for n, (mention, kind) in enumerate(
            [("Ann", "paragraph"), ("Bob", "bullet"), (None, "paragraph"), (None, "boilerplate")]
        )
    ]
    path = tmp_path / f"p.{suffix}"
    batch = pack_units(units)
    with open_predictions(path, pointed) as writer:
        writer.write(predict_batch(pointed, batch), batch["target"])
    found = read_predictions(path)
    expected = pointed.predict(units)
    for column in set(expected.columns) - {"evidence"}:
        missing = expected[column].isna()
        assert found[column].isna().tolist() == missing.tolist(), column
        assert found[column][~missing].tolist() == expected[column][~missing].tolist(), column
    cells = [json.loads(c) if isinstance(c, str) else c for c in found["evidence"]]
    labels = [[item["label"] for item in cell] if isinstance(cell, list) else [] for cell in cells]
    assert labels[:2] == [["target=for"] * 2, ["target=against"]]


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_what_is_uncertain_never_groups(tmp_path, suffix):
    make = dict if suffix == "jsonl" else flatten
    path = write(tmp_path / f"p.{suffix}", [make(p) for p in (DOUBTFUL, SURE)])
    table = read_predictions(path).assign(article="a", kind="paragraph")
    with pytest.raises(InputError) as error:
        check_columns(table[[c for c in table if "mine" not in c]], by="outlet", over=None)
    named = str(error.value).partition("use one of ")[2].split(", ")
    assert "target" in named
    assert not {"uncertain", "frames", "text", "evidence"} & set(named)


def fail(path, rows, suffix=".jsonl"):
    path = path / f"p{suffix}"
    text = rows if isinstance(rows, str) else "".join(json.dumps(row) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_predictions(path)
    assert str(error.value).startswith(str(path))
    return str(error.value).removeprefix(str(path))


def test_predictions_must_be_there(tmp_path):
    for suffix, text in ((".csv", "id,frames\n"), (".jsonl", "")):
        assert fail(tmp_path, text, suffix) == ": no predictions in it; run 'framing predict' first"


@pytest.mark.parametrize("column", ["id", "frames", "model", "codebook"])
def test_a_missing_column_is_named(tmp_path, column):
    row = {key: value for key, value in PREDICTION.items() if key != column}
    expected = f": no column '{column}', so these are not predictions; {REMEDY}"
    assert fail(tmp_path, [row]) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"stance": {"mine": "for"}},  # as coded data have it
        {"stance": "for"},
        {"stance": ["for"]},
        {"stance": {"mine": {"value": "for"}}},
        {"stance": {"mine": {"probabilities": {}}}},
        {"stance": {"mine": {"value": "for", "probabilities": [1]}}},
        {"stance": {"mine": None}},
        {"probabilities": [0.5]},
        {"probabilities": "0.5"},
        {"frames": [1]},
        {"frames": {"risk": 1}},
        {"frames": 5},
        {"uncertain": [1]},
        {"uncertain": 1},
    ],
)
def test_other_data_are_not_taken_for_predictions(tmp_path, change):
    (name,) = change
    reason = f"the field '{name}' is not as predictions have it"
    found = fail(tmp_path, [PREDICTION, PREDICTION | change])
    assert found == f", row 2: {reason}; {REMEDY}"


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_a_probability_must_be_a_number(tmp_path, suffix):
    csv = "id,frames,p:risk,model,codebook\n1,,0.5,m,c\n2,,high,m,c\n"
    jsonl = [PREDICTION, PREDICTION | {"probabilities": {"risk": "high"}}]
    found = fail(tmp_path, csv if suffix == ".csv" else jsonl, suffix)
    assert found == ": column 'p:risk' holds 'high', which is not a number; predict again"


def test_rows_that_cannot_be_read_are_reported(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_text(json.dumps(PREDICTION) + "\n{broken\n", encoding="utf-8")
    problems = []
    assert len(read_predictions(path, report=problems.append)) == 1
    assert [problem.where for problem in problems] == [f"{path}, line 2"]


def test_all_cells_of_a_column_may_be_blank(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("id,frames,p:risk,model,codebook\n1,,,m,c\n", encoding="utf-8")
    found = read_predictions(path)
    assert found["p:risk"].dtype == np.float64
    assert found[["frames", "p:risk"]].isna().all(axis=None)


def test_columns_that_are_not_needed_are_left_out(tmp_path):
    for name in ("p.csv", "p.jsonl", "p.parquet", "p.csv.gz"):
        make = dict if "jsonl" in name else flatten
        path = write(tmp_path / name, [make(p) for p in (PREDICTION, BARE)])
        whole = read_predictions(path)
        found = read_predictions(path, without=("evidence", "text", "none"))
        assert list(found) == [name for name in whole if name not in {"evidence", "text"}]
