"""``framing predict``: rows, formats, places, and what it says beside them."""

from __future__ import annotations

import csv
import gzip
import io
import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from framing.scoring.predictionfiles import read_predictions

TEXT = "The bill for the bridge has doubled.\n\nInspectors found cracks in the pier.\n"
HEADER = [
    *("id", "article", "source", "date", "title", "kind", "text", "frames", "uncertain"),
    *("p:cost", "p:safety"),
    *("stance:bridge", "p:bridge:favor", "p:bridge:oppose", "p:bridge:none"),
    *("evidence", "model", "codebook"),
]


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "post" / "2021-05-06-pier.txt"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    return path


def read_lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def read_table(path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_jsonl_on_stdout_and_words_on_stderr(run, article, model, model_file):
    result = run("predict", article, "-m", model_file)
    assert result.exit_code == 0
    first, second = read_lines(result.stdout)
    assert first["text"] == "The bill for the bridge has doubled."
    assert first["article"] == second["article"] == "post/2021-05-06-pier"
    assert (first["source"], first["date"], first["title"]) == ("post", "2021-05-06", None)
    assert (first["frames"], second["frames"]) == (["cost"], ["safety"])
    assert first["model"] == model.hash
    assert first["codebook"] == model.codebook.hash
    assert sum(first["stance"]["bridge"]["probabilities"].values()) == pytest.approx(1, abs=1e-6)
    assert all(e["term"] == first["text"][e["start"] : e["end"]] for e in first["evidence"])
    assert result.stderr == "2 units classified; written to stdout\n"


def test_csv_parquet_and_jsonl_say_the_same(run, article, model_file, tmp_path):
    paths = [tmp_path / name for name in ("p.csv", "p.parquet", "p.jsonl", "p.jsonl.gz")]
    for path in paths:
        result = run("predict", article, "-m", model_file, "-o", path)
        assert (result.exit_code, result.stdout) == (0, "")
        assert result.stderr == f"2 units classified; written to {path}\n"
    flat, table = read_table(paths[0]), pq.read_table(paths[1]).to_pylist()
    nested = read_lines(paths[2].read_text("utf-8"))
    assert read_lines(gzip.decompress(paths[3].read_bytes()).decode()) == nested
    assert list(flat[0]) == list(table[0]) == HEADER
    for line, row, item in zip(flat, table, nested, strict=True):
        assert line["id"] == row["id"] == item["id"]
        assert line["frames"] == row["frames"] == ";".join(item["frames"])
        assert line["uncertain"] == row["uncertain"] == (";".join(item["uncertain"]) or "[]")
        assert float(line["p:cost"]) == row["p:cost"] == item["probabilities"]["cost"]
        assert line["stance:bridge"] == row["stance:bridge"] == item["stance"]["bridge"]["value"]
        assert json.loads(line["evidence"]) == json.loads(row["evidence"]) == item["evidence"]


def test_rows_come_in_input_order_whatever_the_workers(run, tmp_path, model_file):
    """40 files are three batches, of which the first takes longest."""
    names = [f"n{7 * n % 40:02}" for n in range(40)]
    for place, name in enumerate(names):
        text = "The bill for the bridge has doubled.\n\n" * (20 if place < 16 else 1)
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    rows = {}
    for workers in (1, 2):
        output = tmp_path / f"{workers}.jsonl"
        paths = [tmp_path / f"{name}.txt" for name in names]
        assert run("predict", *paths, "-m", model_file, "-o", output, "-j", workers).exit_code == 0
        rows[workers] = output.read_bytes()
    assert rows[1] == rows[2]
    order = dict.fromkeys(row["article"] for row in read_lines(rows[1].decode()))
    assert [article.rpartition("/")[2] for article in order] == names


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.parquet"])
def test_output_among_the_articles_is_not_read_as_one(run, article, model_file, name):
    output = article.parent / name
    command = ("predict", article.parent, "-m", model_file, "-o", output)
    run(*command)
    first = output.read_bytes()
    again = run(*command)
    assert again.exit_code == 0
    assert output.read_bytes() == first
    assert (
        f"{output}: written by framing, so no articles; to read it, name the file" in again.stderr
    )
    assert "2 units classified" in again.stderr


class TestOverwriting:
    @pytest.fixture
    def table(self, tmp_path):
        path = tmp_path / "news" / "q.csv"
        path.parent.mkdir()
        path.write_text("id,text\nu1,The bill.\n", encoding="utf-8")
        return path

    @pytest.mark.parametrize("way", ["file", "folder", "glob", "row", "quarantine"])
    def test_an_input_is_never_overwritten(self, refuse, table, model_file, way):
        before = table.read_bytes()
        given = {"folder": table.parent, "glob": table.parent / "*.csv"}.get(way, table)
        options = ("--unit", "row") if way == "row" else ()
        option = "--quarantine" if way == "quarantine" else "-o"
        line = refuse("predict", given, "-m", model_file, option, table, *options)
        assert line.startswith(f"{table}: this is an input, which would be overwritten; ")
        assert table.read_bytes() == before

    def test_nor_is_the_model(self, refuse, table, model_file):
        line = refuse("predict", table, "-m", model_file, "--quarantine", model_file)
        assert line.startswith(f"{model_file}: this is an input")

    def test_a_list_that_is_read_is_not_replaced_by_a_new_one(self, refuse, table, model_file):
        listed = table.with_name("out.quarantine.jsonl")
        listed.write_text('{"text": "The bill."}\n', encoding="utf-8")
        output = table.with_name("out.csv")
        line = refuse("predict", listed, "-m", model_file, "-o", output)
        assert line.startswith(f"{listed}: this is an input")

    def test_two_outputs_are_two_files(self, refuse, table, model_file, tmp_path):
        output = tmp_path / "out.jsonl"
        command = ("predict", table, "-m", model_file, "-o", output)
        line = refuse(*command, "--quarantine", output)
        assert line == f"{output}: two outputs would go there; give each a file of its own"

    def test_a_table_that_cannot_be_read_is_somebody_elses(self, refuse, table, model_file):
        broken = table.with_name("b.jsonl")
        broken.write_bytes(bytes(range(256)))
        line = refuse("predict", table.parent, "-m", model_file, "-o", broken)
        assert line.startswith(f"{broken}: this is an input")


def test_predictions_that_are_named_are_texts_like_others(run, article, model_file, tmp_path):
    output = tmp_path / "out.csv"
    run("predict", article, "-m", model_file, "-o", output)
    for unit in ("paragraph", "row"):
        rows = read_lines(run("predict", output, "-m", model_file, "--unit", unit).stdout)
        assert [row["text"] for row in rows] == [row["text"] for row in read_table(output)]


def test_boilerplate_is_kept_unscored_and_counted(run, articles, model_file):
    result = run("predict", articles / "post" / "day-0.md", "-m", model_file)
    *others, last = read_lines(result.stdout)
    assert (last["text"], last["kind"]) == ("3 Comments", "boilerplate")
    assert (last["frames"], last["probabilities"], last["stance"]) == (None, None, None)
    assert all(row["frames"] is not None for row in others)
    assert result.stderr.startswith("6 units classified, 1 of boilerplate left unscored; ")


def test_what_was_repaired_is_counted(run, tmp_path, model_file):
    path = tmp_path / "a.txt"
    path.write_text("The *bill* (opens in a new tab) has doubled.", encoding="utf-8")
    result = run("predict", path, "-m", model_file)
    (row,) = read_lines(result.stdout)
    assert row["text"] == "The bill has doubled."
    assert result.stderr == (
        "repaired: remove emphasis 2, remove link residue 1\n"
        "1 units classified; written to stdout\n"
    )


def test_a_row_is_a_unit_where_that_is_asked_for(run, tmp_path, model_file):
    table = tmp_path / "units.csv"
    table.write_text('id,text\nu1,"* The bill.\n\nAnd the cracks."\n', encoding="utf-8")
    (row,) = read_lines(run("predict", table, "--unit", "row", "-m", model_file).stdout)
    assert (row["id"], row["text"]) == ("u1", "* The bill.\n\nAnd the cracks.")


SENTENCE = "Critics praised Zoe Quill, while voters blamed Kim Lowe."


@pytest.fixture
def sentences(tmp_path):
    """One sentence toward each of the two that it names, toward one that it does not, and bare."""
    path = tmp_path / "units.csv"
    targets = ("Zoe Quill", "Kim Lowe", "Jo Noone", "")
    rows = [f'{name},"{SENTENCE}",{target}' for name, target in zip("abcd", targets, strict=True)]
    path.write_text("\n".join(["id,text,target", *rows, ""]), encoding="utf-8")
    return path


class TestMentions:
    def test_each_unit_is_about_its_own_target(self, run, sentences, mention_model, tmp_path):
        output = tmp_path / "out.csv"
        command = ("predict", sentences, "--unit", "row", "-m", mention_model, "-o", output)
        assert run(*command).stderr.splitlines() == [
            "1 of 3 targets are not in their text",
            "1 units name no target, so have no stance; fill the column 'target'",
            f"4 units classified; written to {output}",
        ]
        rows = read_table(output)
        assert list(rows[0]) == [
            *("id", "article", "source", "date", "title", "kind", "text", "target"),
            *("frames", "uncertain", "p:vote"),
            *("stance:target", "p:target:favor", "p:target:oppose"),
            *("evidence", "model", "codebook"),
        ]
        assert [row["target"] for row in rows] == ["Zoe Quill", "Kim Lowe", "Jo Noone", ""]
        assert [row["stance:target"] for row in rows[:2]] == ["favor", "oppose"]
        assert rows[2]["stance:target"] in {"favor", "oppose"}
        bare = rows[3]
        assert bare["stance:target"] == bare["p:target:favor"] == bare["p:target:oppose"] == ""
        assert len({row["p:vote"] for row in rows}) == 1
        assert {row["uncertain"] for row in rows} <= {"[]", "vote"}
        for row in rows[:3]:
            evidence = json.loads(row["evidence"])
            assert evidence
            assert all(e["term"] == SENTENCE[e["start"] : e["end"]] != "" for e in evidence)

    def test_jsonl_has_only_the_keys_that_apply(self, run, sentences, mention_model):
        result = run("predict", sentences, "--unit", "row", "-m", mention_model)
        rows = read_lines(result.stdout)
        assert ["target" in row for row in rows] == [True, True, True, False]
        assert [list(row["stance"]) for row in rows] == [["target"]] * 3 + [[]]
        assert all(isinstance(row["uncertain"], list) for row in rows)

    def test_all_formats_are_read_back_alike(self, run, sentences, mention_model, tmp_path):
        tables = []
        for name in ("p.csv", "p.jsonl", "p.parquet"):
            command = ("predict", sentences, "--unit", "row", "-m", mention_model, "-o")
            assert run(*command, tmp_path / name).exit_code == 0
            found = read_predictions(tmp_path / name).drop(columns="evidence")
            tables.append(found[sorted(found)].astype(object).fillna("missing"))
        for table in tables[1:]:
            pd.testing.assert_frame_equal(table, tables[0])

    def test_two_processes_predict_as_one(self, run, sentences, mention_model):
        command = ("predict", sentences, "--unit", "row", "-m", mention_model)
        assert run(*command, "-j", 2).stdout == run(*command).stdout

    def test_paragraphs_name_no_target(self, run, sentences, mention_model):
        result = run("predict", sentences, "-m", mention_model)
        rows = read_lines(result.stdout)
        told = "4 units name no target, so have no stance; use --unit row\n"
        assert result.stderr.startswith(told)
        assert [row["stance"] for row in rows] == [{}] * 4
        assert not [row for row in rows if "target" in row]

    def test_a_model_without_mentions_keeps_the_target_and_needs_none(
        self, run, sentences, model_file, tmp_path
    ):
        command = ("predict", sentences, "--unit", "row", "-m", model_file)
        rows = read_lines(run(*command).stdout)
        assert [row.get("target") for row in rows] == ["Zoe Quill", "Kim Lowe", "Jo Noone", None]
        assert len({json.dumps(row["stance"]) for row in rows}) == 1
        result = run(*command, "-o", tmp_path / "out.csv")
        assert (result.exit_code, "target" in result.stderr) == (0, False)
        assert list(read_table(tmp_path / "out.csv")[0]) == HEADER


def test_a_file_has_no_rows(refuse, article, model_file):
    line = refuse("predict", article, "--unit", "row", "-m", model_file)
    assert line == f"{article}: not a table, so it has no rows; use --unit paragraph"


@pytest.mark.parametrize("kind", ["paragraph", "row"])
def test_standard_input(run, model_file, kind):
    line = '{"id": "s", "text": "The bill for the bridge has doubled."}\n'
    result = run("predict", "-", "-m", model_file, "--unit", kind, stdin=line)
    (row,) = read_lines(result.stdout)
    assert row["frames"] == ["cost"]
    assert row["id"].split(":")[0] == "s"


def test_without_evidence(run, article, model_file):
    rows = read_lines(run("predict", article, "-m", model_file, "--no-evidence").stdout)
    assert [row["evidence"] for row in rows] == [[], []]


def test_without_a_model_it_takes_the_shipped_one(run, article, model, model_file, monkeypatch):
    monkeypatch.setattr("framing.shipped.find_model", lambda: model_file)
    assert read_lines(run("predict", article).stdout)[0]["model"] == model.hash


FORMULAS = ("=SUM(1+1)", "+1", "-1", "@here", "\tx")


def write_formulas(path):
    rows = [
        {"id": f"u{n}", "text": f"{opener} the bill", "source": opener.strip(), "title": opener}
        for n, opener in enumerate(FORMULAS)
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_formulas_are_neutralised_in_csv(run, tmp_path, model_file):
    source = write_formulas(tmp_path / "in.jsonl")
    output = tmp_path / "out.csv"
    assert run("predict", source, "--unit", "row", "-m", model_file, "-o", output).exit_code == 0
    rows = read_table(output)
    assert [row["text"] for row in rows] == [f"'{opener} the bill" for opener in FORMULAS]
    assert [row["source"][:2] for row in rows[:4]] == ["'=", "'+", "'-", "'@"]
    cells = [cell for row in rows for name, cell in row.items() if not name.startswith("p:")]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_formulas_are_left_alone_with_raw_and_outside_csv(run, tmp_path, model_file):
    source, output = write_formulas(tmp_path / "in.jsonl"), tmp_path / "out.csv"
    command = ("predict", source, "--unit", "row", "-m", model_file)
    assert run(*command, "-o", output, "--raw").exit_code == 0
    given = [f"{opener} the bill" for opener in FORMULAS]
    assert [row["text"] for row in read_table(output)] == given
    assert [row["text"] for row in read_lines(run(*command).stdout)] == given


def test_no_row_is_torn_by_what_a_text_holds(run, tmp_path, model_file):
    text = 'A "quoted"; bill,\nwith\u2028breaks \U0001f4b0 İß ﬁ e\u0301 and a lone \udc80 surrogate'
    source, output = tmp_path / "in.jsonl", tmp_path / "out.csv"
    source.write_text(json.dumps({"id": "u", "text": text}) + "\n", encoding="utf-8")
    assert run("predict", source, "--unit", "row", "-m", model_file, "-o", output).exit_code == 0
    (row,) = csv.DictReader(io.StringIO(output.read_bytes().decode("utf-8"), newline=""))
    assert row["text"] == text.replace("\udc80", "\ufffd")
    for item in json.loads(row["evidence"] or "[]"):
        assert row["text"][item["start"] : item["end"]] == item["term"]


class TestQuarantine:
    @pytest.fixture
    def mixed(self, tmp_path, article):
        (tmp_path / "post" / "empty.txt").touch()
        (tmp_path / "post" / "bytes.txt").write_bytes(bytes(range(256)) * 4)
        return article.parent

    def test_it_lies_beside_the_output(self, run, mixed, model_file, tmp_path):
        result = run("predict", mixed, "-m", model_file, "-o", tmp_path / "out.csv")
        assert result.exit_code == 0
        place = tmp_path / "out.quarantine.jsonl"
        listed = read_lines(place.read_text("utf-8"))
        assert {(item["where"], item["reason"], item["lost"]) for item in listed} == {
            (str(mixed / "empty.txt"), "empty", True),
            (str(mixed / "bytes.txt"), "this is binary data, not text", True),
        }
        assert f"2 could not be used (listed in {place})" in result.stderr
        assert "2 units classified" in result.stderr
        assert len(read_table(tmp_path / "out.csv")) == 2

    def test_it_goes_where_it_is_sent(self, run, mixed, model_file, tmp_path):
        place = tmp_path / "aside.jsonl"
        result = run("predict", mixed, "-m", model_file, "--quarantine", place)
        assert len(read_lines(place.read_text("utf-8"))) == 2
        assert len(read_lines(result.stdout)) == 2

    def test_there_is_none_without_problems(self, run, article, model_file, tmp_path):
        run("predict", article, "-m", model_file, "-o", tmp_path / "out.csv")
        assert not (tmp_path / "out.quarantine.jsonl").exists()

    def test_strict_stops_instead(self, refuse, mixed, model_file, tmp_path):
        output = tmp_path / "out.csv"
        line = refuse("predict", mixed, "-m", model_file, "-o", output, "--strict")
        where = mixed / "bytes.txt"
        assert line == f"{where}: this is binary data, not text; mend it, or leave out --strict"
        assert not output.exists()

    @pytest.mark.parametrize(
        ("name", "reason"),
        [("none/aside.jsonl", "cannot be written (no such folder)"), (".", "this is a folder")],
    )
    def test_its_place_is_checked_before_the_work(
        self, refuse, mixed, model_file, tmp_path, name, reason
    ):
        place, output = tmp_path / name, tmp_path / "out.csv"
        result = refuse("predict", mixed, "-m", model_file, "-o", output, "--quarantine", place)
        assert result.startswith(f"{place}: {reason}; ")
        assert not output.exists()


class TestStreams:
    """Rows as units, by one thread and by several, packed and not."""

    @pytest.fixture
    def table(self, tmp_path):
        texts = [
            'The bill for the "bridge" has doubled.',
            "Inspectors found cracks\nin the pier \U0001f309.",
            "=A calm day, é",
        ]
        rows = [
            {"id": f"u{n}", "text": texts[n % 3], "date": "2024-05-06", "source": "Post"}
            for n in range(300)
        ]
        path = tmp_path / "units.jsonl"
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        path.write_text("".join(lines), encoding="utf-8")
        return path

    @pytest.fixture(autouse=True)
    def small_batches(self, monkeypatch):
        monkeypatch.setattr("framing.records.chunks.BLOCK", 5000)
        monkeypatch.setattr("framing.scoring.streams.UNITS_PER_BATCH", 17)

    @pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet", "csv.gz", "jsonl.zst"])
    def test_workers_do_not_change_a_byte(self, run, table, model_file, tmp_path, suffix):
        written = []
        for workers in (1, 4):
            output = tmp_path / f"{workers}.{suffix}"
            command = ("predict", table, "--unit", "row", "-m", model_file, "-j", workers)
            assert run(*command, "-o", output).exit_code == 0
            written.append(output.read_bytes())
        assert written[0] == written[1]

    def test_packed_input_and_output(self, run, table, model_file, tmp_path):
        packed = tmp_path / "packed.jsonl.zst"
        packed.write_bytes(pa.compress(table.read_bytes(), "zstd", asbytes=True))
        command = ("predict", "--unit", "row", "-m", model_file)
        plain = run(*command, table).stdout
        assert run(*command, packed).stdout == plain
        output = tmp_path / "out.jsonl.zst"
        result = run(*command, packed, "-o", output)
        assert result.stderr == f"300 units classified; written to {output}\n"
        with pa.CompressedInputStream(str(output), "zstd") as stream:
            assert stream.read().decode() == plain
        assert run(*command, output, "-o", tmp_path / "again.csv").exit_code == 0

    @pytest.mark.parametrize("workers", [1, 3])
    def test_broken_rows_are_listed_where_they_stand(
        self, run, table, model_file, tmp_path, workers
    ):
        lines = table.read_bytes().splitlines(keepends=True)
        lines[200] = b'{"id": "u200", "text": \n'
        lines[250] = b'{"id": "u3", "text": "The bill."}\n'
        table.write_bytes(b"".join(lines))
        output = tmp_path / "out.csv"
        command = ("predict", table, "--unit", "row", "-m", model_file, "-j", workers)
        result = run(*command, "-o", output)
        listed = read_lines((tmp_path / "out.quarantine.jsonl").read_text("utf-8"))
        assert [item["where"] for item in listed] == [f"{table}, line 201", f"{table}, row 251"]
        assert "299 units classified" in result.stderr
        assert [row["id"] for row in read_table(output)][249:251] == ["u3~2", "u251"]

    def test_strict_leaves_no_file(self, refuse, table, model_file, tmp_path):
        table.write_bytes(table.read_bytes() + b"{}\n")
        output = tmp_path / "out.csv"
        options = ("--unit", "row", "-m", model_file, "-o", output, "--strict", "-j", 2)
        line = refuse("predict", table, *options)
        assert line == f"{table}, row 301: no text; mend it, or leave out --strict"
        assert list(tmp_path.glob("*out*")) == []
