"""Tests of reading clean files at once: what is read is what is read row by row, or nothing."""

from __future__ import annotations

import os
import random
import threading

import pandas as pd
import pytest

from framing.schema import FramingError
from framing.scoring import predictionfiles
from framing.scoring.predictioncolumns import read_columns
from framing.scoring.predictionfiles import read_predictions

HEADER = "id,article,text,frames,p:lag,model,codebook"
PLAIN = f"{HEADER}\na:1,a,Tin rose.,lag,0.5,m,c\n"


def test_a_pipe_is_read_but_once(tmp_path):
    path = tmp_path / "p.csv"
    os.mkfifo(path)
    assert read_columns(path) is None
    writer = threading.Thread(target=lambda: path.write_text(PLAIN))
    writer.start()
    assert read_predictions(path)["text"].tolist() == ["Tin rose."]
    writer.join()


def read_slowly(path, monkeypatch, problems):
    with monkeypatch.context() as patch:
        patch.setattr(predictionfiles, "read_columns", lambda *_, **__: None)
        return read_predictions(path, report=problems.append)


def write(tmp_path, content, name="p.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.removesuffix("\n"),
        PLAIN.replace("\n", "\r\n"),
        f"{PLAIN}\n\na:2,a,,[],,m,c\n",
        f'{PLAIN}a:2,a,"He said ""no"",\nand left","[]",1e-05,m,c\n',
        f"{PLAIN}a:2,a,'=sum(1),''-x,1,m,c\n",
        f"{PLAIN}a:2,a,'tis tin – «İ»,\t,.1234567,m,c\n",
        f'{PLAIN}a:2,a,5" pipes,[],0.10,m,c\na:3,a,6" pipes,[],0,m,c\n',
        PLAIN.replace("0.5", ""),
        PLAIN.replace(HEADER, ",".join(f'"{name}"' for name in HEADER.split(","))),
    ],
)
def test_clean_files_are_read_at_once_and_alike(tmp_path, monkeypatch, content):
    path, problems = write(tmp_path, content), []
    found = read_columns(path)
    assert found is not None
    slow = read_slowly(path, monkeypatch, problems)
    pd.testing.assert_frame_equal(found, slow, check_exact=True, check_dtype=False)
    assert problems == []
    pd.testing.assert_frame_equal(read_predictions(path), slow, check_dtype=False)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PLAIN.replace(",", ";"), "p.csv"),
        (PLAIN.replace(",", "\t"), "p.tsv"),
        (f"\ufeff{PLAIN}", "p.csv"),
        (PLAIN.replace("Tin", "Zinn ä").encode("cp1252"), "p.csv"),
        (PLAIN.encode() + b"a:2,a,\xff,[],1,m,c\n", "p.csv"),
        (PLAIN.replace("text", "Text"), "p.csv"),
        (PLAIN.replace("text", "remark"), "p.csv"),
        (PLAIN.replace("article", "text"), "p.csv"),
        (PLAIN.replace("a:1", ""), "p.csv"),
        (PLAIN.replace("0.5", "high"), "p.csv"),
        (PLAIN.replace("0.5", "nan"), "p.csv"),
        (f"{PLAIN}a:2,a,Tin.,lag,0.5,m\n", "p.csv"),
        (f'{PLAIN}a:2,a,Tin.,lag,0.5,m,"c\na:3,a\n', "p.csv"),
        (f'{PLAIN}a:2,a,5" tin.,lag,0.5,m,"c\na:3,a\n', "p.csv"),
        (f"{HEADER}\n", "p.csv"),
        ("", "p.csv"),
        (PLAIN, "p.parquet"),
        ('{"id": "a:1"}\n', "p.jsonl"),
    ],
)
def test_what_needs_looking_at_is_left_to_the_other(tmp_path, content, name):
    assert read_columns(write(tmp_path, content, name)) is None


def test_a_file_that_is_not_there_is_left_to_the_other(tmp_path):
    assert read_columns(tmp_path / "none.csv") is None
    assert read_columns(tmp_path / "none.parquet") is None


@pytest.mark.parametrize("seed", range(4))
def test_of_files_drawn_at_random_all_that_is_read_is_alike(tmp_path, monkeypatch, seed):
    rng = random.Random(seed)
    marks = ("a", '"', "'", "=", " ", "\n", "\r", ";", "é", "\t", "-", ",")

    def draw():
        text = "".join(rng.choice(marks) for _ in range(rng.randint(0, 4)))
        if rng.random() < 0.6:
            doubled = text.replace('"', '""')
            return f'"{doubled}"'
        return text.replace(",", "").replace("\n", "")

    n_read = 0
    for _ in range(150):
        rows = [
            f"u{n},a,{draw()},{draw()},{rng.choice(['0.5', '', '1e-3'])},m,c"
            for n in range(rng.randint(1, 3))
        ]
        path = write(tmp_path, "\n".join([HEADER, *rows, ""]))
        found, problems = read_columns(path), []
        if found is not None:
            n_read += 1
            slow = read_slowly(path, monkeypatch, problems)
            pd.testing.assert_frame_equal(found, slow, check_dtype=False)
            assert problems == []
    assert n_read > 50


class TestParquet:
    @pytest.fixture
    def table(self):
        cells = {"id": ["a:1", "a:2"], "text": ["Tin.", None], "frames": ["lag", "[]"]}
        return pd.DataFrame({**cells, "p:lag": [0.5, None], "model": "m", "codebook": "c"})

    def test_it_is_read_alike(self, table, tmp_path, monkeypatch):
        table.to_parquet(tmp_path / "p.parquet")
        found = read_columns(tmp_path / "p.parquet")
        assert found is not None
        slow = read_slowly(tmp_path / "p.parquet", monkeypatch, [])
        pd.testing.assert_frame_equal(found, slow, check_exact=True, check_dtype=False)

    @pytest.mark.parametrize(
        "change",
        [{"frames": [["lag"], []]}, {"p:lag": ["0.5", None]}, {"id": [1, 2]}, {"own": "x"}],
    )
    def test_other_columns_and_types_are_left_to_the_other(self, table, tmp_path, change):
        table.assign(**change).to_parquet(tmp_path / "p.parquet")
        assert read_columns(tmp_path / "p.parquet") is None

    def test_columns_are_passed_over(self, table, tmp_path):
        table.to_parquet(tmp_path / "p.parquet")
        found = read_columns(tmp_path / "p.parquet", without=("text",))
        assert list(found) == [name for name in table if name != "text"]


def test_messages_are_those_of_the_rows(tmp_path):
    with pytest.raises(FramingError, match="holds 'nan', which is not a number"):
        read_predictions(write(tmp_path, PLAIN.replace("0.5", "nan")))
