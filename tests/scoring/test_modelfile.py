"""Model files: the same model back, or one clear refusal."""

from __future__ import annotations

import hashlib
import json
import math
import pickle
import struct
from dataclasses import fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import joblib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import load, save

from framing.schema import MismatchError, ModelFileError, OutputError, Paragraph
from framing.scoring.modelfile import PROTOCOL, load_model, load_once, save_model, seal_model
from framing.scoring.recipe import NgramBlock
from framing.scoring.vectorizing import FittedBlock, Vectorizer

DATA = Path(__file__).parent / "data"
CONTENT = ("protocol", "codebook", "codebook_hash", "recipe", "frames", "stances", "training")
OLDER = {"recipe": {"field", "weight"}, "frames": {"knots", "band"}, "stances": {"mentioned"}}
"""Fields that protocol 1 does not know: where they are missing, they have their old meaning."""

WRONG = (None, True, False, 0, -1, 1.5, 10**400, "x", "", [], [None], [5], [[]], [{}], {"x": 1})


@pytest.fixture(scope="session")
def good(tiny, tmp_path_factory):
    """Return the bytes of a sound file."""
    path = tmp_path_factory.mktemp("models") / "good.safetensors"
    save_model(tiny, path)
    return path.read_bytes()


@pytest.fixture
def refuse(tmp_path):
    """Return what loads bytes, sees them refused, and returns the reason."""

    def load_and_see(data):
        path = tmp_path / "m.safetensors"
        path.write_bytes(data)
        with pytest.raises(ModelFileError) as error:
            load_model(path)
        message = str(error.value)
        assert message.startswith(f"{path}: ")
        assert "\n" not in message
        return message.removeprefix(f"{path}: ")

    return load_and_see


def take_apart(model):
    """Return the arrays of the model's file, and its metadata without their checksum."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "m.safetensors"
        save_model(model, path)
        data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    content = json.loads(json.loads(data[8 : 8 + size])["__metadata__"]["framing"])
    content.pop("sha256")
    return load(data), content


def write_json(content, **options):
    return json.dumps(content, separators=(",", ":"), **options)


def compute_digest(content, arrays):
    """Compute the checksum: of the metadata, then of each array under its name, type and shape."""
    pieces = [write_json(content, sort_keys=True).encode()]
    for name, array in sorted(arrays.items()):
        pieces += [f"\n{name} {array.dtype.str} {array.shape}\n".encode(), array.tobytes()]
    return hashlib.sha256(b"".join(pieces)).hexdigest()


def forge(model, *, change=None, arrays=None):
    """Write a file whose checksum is right, after changing its content or arrays."""
    parts, content = take_apart(model)
    if change:
        change(content)
    if arrays:
        arrays(parts)
    entry = write_json({**content, "sha256": compute_digest(content, parts)})
    return save(parts, {"framing": entry})


# --- the same model back


def test_a_saved_model_scores_identically(wild, fitted, tmp_path):
    path = tmp_path / "m.safetensors"
    saved = save_model(wild, path)
    for found in (load_model(path), load_model(str(path))):
        texts = [*fitted.texts, "", "İ\u2028Σ"]
        assert np.array_equal(found.compute_logits(texts), wild.compute_logits(texts))
        assert found.hash == saved.hash
        for field in ("codebook", "frames", "stances", "training"):
            assert getattr(found, field) == getattr(wild, field)
        assert found.vectorizer.recipe == wild.vectorizer.recipe
        assert [b.terms for b in found.vectorizer.blocks] == [
            b.terms for b in wild.vectorizer.blocks
        ]


def test_mentions_and_bands_are_kept(pointed, tmp_path):
    head = replace(pointed.frames[0], knots=((-1.0, 0.125), (2.0, 1 / 3)))
    model = replace(pointed, frames=(head,))
    save_model(model, tmp_path / "m")
    found = load_model(tmp_path / "m")
    assert (found.frames, found.stances) == (model.frames, model.stances)
    assert found.vectorizer.recipe == model.vectorizer.recipe
    text, mentions = "All praised Ann; some blamed Bob.", ["Ann", "Bob", None]
    scores = found.compute_logits([text] * 3, mentions)
    assert np.array_equal(scores, model.compute_logits([text] * 3, mentions))
    assert len(np.unique(scores, axis=0)) == 3


@settings(deadline=None)
@given(data=st.data())
def test_any_text_scores_identically(wild, wild_texts, tmp_path_factory, data):
    text = data.draw(wild_texts)
    path = tmp_path_factory.getbasetemp() / "wild.safetensors"
    if not path.exists():
        save_model(wild, path)
    assert np.array_equal(load_model(path).compute_logits([text]), wild.compute_logits([text]))


def test_saving_again_gives_the_same_bytes(wild, tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    save_model(wild, first)
    save_model(load_model(first), second)
    assert first.read_bytes() == second.read_bytes()


def test_the_hash_is_of_the_whole_content(tiny, tmp_path):
    saved = save_model(tiny, tmp_path / "m")
    kept = [field.name for field in fields(tiny) if field.name != "hash"]
    assert all(getattr(saved, name) is getattr(tiny, name) for name in kept)
    assert seal_model(tiny).hash == saved.hash
    assert len(saved.hash) == 12
    with safe_open(tmp_path / "m", framework="numpy") as file:
        entry = json.loads(file.metadata()["framing"])
    assert entry["sha256"].startswith(saved.hash)
    others = [
        replace(tiny, training={"x": 1}),
        replace(tiny, intercepts=tiny.intercepts + 1e-12),
        replace(tiny, frames=(replace(tiny.frames[0], threshold=0.61),)),
        replace(tiny, codebook=replace(tiny.codebook, title="Another")),
    ]
    assert len({saved.hash, *(seal_model(other).hash for other in others)}) == 5


def test_a_block_without_terms_is_read_back(tiny, tmp_path):
    empty = FittedBlock(NgramBlock("char_wb", 2, 5), (), np.empty(0))
    model = replace(tiny, vectorizer=Vectorizer([*tiny.vectorizer.blocks, empty]))
    save_model(model, tmp_path / "m")
    found = load_model(tmp_path / "m")
    assert found.vectorizer.blocks[1].terms == ()
    assert np.array_equal(found.compute_logits(["ban"]), tiny.compute_logits(["ban"]))


def test_terms_of_every_script_are_read_back(tiny, tmp_path):
    terms = ("\u2028", "e\u0301", "x\0", "\x85", "İ", "𝔘 𝔫")
    block = FittedBlock(NgramBlock("word", 1, 2), terms, np.arange(6.0))
    model = replace(
        tiny, vectorizer=Vectorizer([block]), coefficients=np.ones((6, 4), dtype=np.float32)
    )
    save_model(model, tmp_path / "m")
    assert load_model(tmp_path / "m").vectorizer.blocks[0].terms == terms


def test_no_half_file_is_left(tiny, tmp_path, monkeypatch):
    save_model(tiny, tmp_path / "m")
    before = (tmp_path / "m").read_bytes()

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("safetensors.numpy.save", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save_model(replace(tiny, training={"x": 1}), tmp_path / "m")
    assert (tmp_path / "m").read_bytes() == before
    assert list(tmp_path.iterdir()) == [tmp_path / "m"]


def test_a_place_that_cannot_be_written_to(tiny, tmp_path):
    with pytest.raises(OutputError, match="this is a folder"):
        save_model(tiny, tmp_path)


# --- damage


def test_truncated_files_are_refused(good, refuse):
    header = 8 + struct.unpack("<Q", good[:8])[0]
    places = {0, 1, 7, 8, 9, header // 2, header - 1, header, header + 1, len(good) - 1}
    for place in sorted(places | set(range(0, len(good), 131))):
        assert "damaged, or not a model file (" in refuse(good[:place])


def test_longer_files_are_refused(good, refuse):
    assert "damaged, or not a model file (" in refuse(good + b"\0")


def test_every_flipped_bit_is_refused(good, refuse):
    for place in range(len(good)):
        damaged = bytearray(good)
        damaged[place] ^= 1 << (place % 8)
        refuse(bytes(damaged))


def test_a_flip_in_each_array_is_refused(wild, tmp_path, refuse):
    path = tmp_path / "wild"
    save_model(wild, path)
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    header.pop("__metadata__")
    assert set(header) == {
        *("coefficients", "intercepts", "terms.0", "idf.0", "terms.1", "idf.1"),
    }
    for array in header.values():
        start, end = array["data_offsets"]
        for place in (start, (start + end) // 2, end - 1):
            damaged = bytearray(data)
            damaged[8 + size + place] ^= 4
            assert refuse(bytes(damaged)) == (
                "the content does not match its checksum; copy the file again"
            )


def test_a_worker_reads_its_model_once_and_checks_which_it_is(tiny, tmp_path):
    path = tmp_path / "m.safetensors"
    wanted = save_model(tiny, path).hash
    load_once.cache_clear()
    first = load_once(path, wanted)
    assert load_once(path, wanted) is first
    assert load_once.cache_info().misses == 1
    with pytest.raises(MismatchError) as error:
        load_once(path, "123")
    message = f"{path}: a worker found model {wanted} where 123 was to be used; leave the model"
    assert str(error.value).startswith(message)


def test_metadata_that_mean_the_same_are_still_altered(tiny, refuse):
    model = replace(tiny, training={"alpha": 1e-05, "name": "é"})
    data = forge(model)
    for old, new in ((b"1e-05", b"1E-05"), (b"u00e9", b"u00E9")):
        assert data.count(old) == 1
        assert "does not match its checksum" in refuse(data.replace(old, new))


def test_swapped_arrays_are_refused(wild, refuse):
    parts, content = take_apart(wild)
    entry = write_json({**content, "sha256": compute_digest(content, parts)})
    parts["idf.0"], parts["idf.1"] = parts["idf.1"], parts["idf.0"]
    assert "does not match its checksum" in refuse(save(parts, {"framing": entry}))


# --- other files


def test_a_file_must_be_there(tmp_path):
    with pytest.raises(ModelFileError) as error:
        load_model(tmp_path / "none.safetensors")
    assert str(error.value) == f"{tmp_path / 'none.safetensors'}: no such file; check the path"


def test_a_folder_is_no_model(tmp_path):
    with pytest.raises(ModelFileError, match=r"cannot be read \(.*\); check the file$"):
        load_model(tmp_path)


class Bomb:
    def __reduce__(self):
        return pytest.fail, ("a file ran code",)


@pytest.mark.parametrize("write", [pickle.dump, joblib.dump], ids=["pickle", "joblib"])
def test_nothing_in_a_file_runs_code(tmp_path, write):
    path = tmp_path / "model.joblib"
    with path.open("wb") as stream:
        write({"model": Bomb()}, stream)
    with pytest.raises(ModelFileError) as error:
        load_model(path)
    message = str(error.value)
    assert message.startswith(f"{path}: damaged, or not a model file (")
    assert message.endswith("); name a .safetensors file that 'framing train' wrote")


@pytest.mark.parametrize("data", [b"", b"\0", bytes(99), b"\xff" * 99, b"{}", b"PK\x03\x04" * 30])
def test_other_bytes_are_refused(refuse, data):
    assert refuse(data).startswith("damaged, or not a model file (")


@pytest.mark.parametrize("metadata", [None, {"format": "np"}])
def test_foreign_safetensors_are_refused(refuse, metadata):
    assert refuse(save({"a": np.zeros(3)}, metadata)) == (
        "a safetensors file, but not one of framing's; name a file that 'framing train' wrote"
    )


@pytest.mark.parametrize("kind", ["BF16", "F8_E4M3", "F8_E5M2", "F8_E8M0", "C64", "I8"])
@pytest.mark.parametrize("metadata", [{}, {"framing": '{"protocol":1}'}])
def test_foreign_number_types_are_refused(refuse, kind, metadata):
    size = {"BF16": 2, "C64": 8}.get(kind, 1)
    array = {"dtype": kind, "shape": [2], "data_offsets": [0, 2 * size]}
    header = json.dumps({"__metadata__": metadata, "a": array}).encode()
    refuse(struct.pack("<Q", len(header)) + header + bytes(2 * size))


@pytest.mark.parametrize("shape", [[2**62, 0], [0] * 70])
def test_impossible_shapes_are_refused(refuse, shape):
    array = {"dtype": "F32", "shape": shape, "data_offsets": [0, 0]}
    header = json.dumps({"__metadata__": {"framing": "{}"}, "a": array}).encode()
    assert "damaged" in refuse(struct.pack("<Q", len(header)) + header)


@pytest.mark.parametrize("entry", ["", "null", "[]", "1", "{", "\\", '{"protocol": 1' + "0" * 5000])
def test_metadata_must_be_a_mapping(refuse, entry):
    message = refuse(save({"a": np.zeros(3)}, {"framing": entry}))
    assert message.startswith("damaged metadata")
    assert message.endswith("; train the model again")


def test_metadata_nested_beyond_reason_are_refused(refuse):
    for depth in (*range(900, 1010), 100_000):
        entry = '{"protocol":1,"training":' + "[" * depth + "]" * depth + "}"
        refuse(save({"a": np.zeros(3)}, {"framing": entry}))


@pytest.mark.parametrize("depth", [100, 400, 900])
def test_a_codebook_nested_beyond_reason_is_refused(tiny, refuse, depth):
    nested = json.loads("[" * depth + "]" * depth)
    assert refuse(forge(tiny, change=lambda c: c.update(codebook=nested)))


# --- versions


def test_a_model_of_protocol_1_predicts_as_it_did():
    """Both files were made by the last version that wrote protocol 1."""
    model = load_model(DATA / "protocol-1.safetensors")
    kept = json.loads((DATA / "protocol-1.json").read_text(encoding="utf-8"))
    assert model.hash == kept["hash"]
    texts = [row["text"] for row in kept["predictions"]]
    units = [Paragraph(str(n), "a", text, 0, len(text)) for n, text in enumerate(texts)]
    for row, text, found in zip(
        kept["predictions"], texts, model.predict_paragraphs(units), strict=True
    ):
        assert model.compute_logits([text])[0].tolist() == pytest.approx(row["scores"], abs=1e-9)
        assert list(found.frames) == row["frames"]
        assert found.probabilities == pytest.approx(row["probabilities"], abs=1e-9)
        mill = found.stance["mill"]
        assert mill.value == row["stance"]["mill"]["value"]
        assert mill.probabilities == pytest.approx(row["stance"]["mill"]["probabilities"], abs=1e-9)
        evidence = [(e.label, e.term, round(e.weight, 9), e.start, e.end) for e in found.evidence]
        assert evidence == [
            (label, term, round(weight, 9), start, end)
            for label, term, weight, start, end in row["evidence"]
        ]
    said = [(row["frames"], row["stance"]["mill"]["value"]) for row in kept["predictions"]]
    assert {"keep", "raze", "none"} == {value for _, value in said}
    assert {0, 1} == {len(frames) for frames, _ in said}


def test_a_model_of_protocol_1_promises_nothing_and_sees_no_mention(tmp_path):
    model = load_model(DATA / "protocol-1.safetensors")
    assert (model.promises, model.sees_mentions) == (False, False)
    assert all((head.knots, head.band) == ((), None) for head in model.frames)
    text = "Rain flooded the wheel."
    [found] = model.predict_paragraphs([Paragraph("u", "a", text, 0, len(text), mention="wheel")])
    assert found.uncertain is None
    assert found.stance == model.predict_paragraphs([Paragraph("u", "a", text, 0, 23)])[0].stance
    save_model(model, tmp_path / "m")
    again = load_model(tmp_path / "m")
    assert take_apart(model)[1]["protocol"] == PROTOCOL
    assert (again.frames, again.stances) == (model.frames, model.stances)
    assert np.array_equal(again.compute_logits([text]), model.compute_logits([text]))


@pytest.mark.parametrize(("protocol", "other"), [(b"1", b"2"), (b"2", b"1")])
def test_an_altered_protocol_is_refused(tiny, refuse, protocol, other):
    data = forge(tiny, change=lambda content: content.update(protocol=int(protocol)))
    name = b'protocol\\":'
    assert data.count(name + protocol) == 1
    altered = data.replace(name + protocol, name + other)
    assert "does not match its checksum" in refuse(altered)


@pytest.mark.parametrize("protocol", [PROTOCOL + 1, 99, 10**30])
def test_newer_files_are_refused(tiny, refuse, protocol):
    data = forge(tiny, change=lambda content: content.update(protocol=protocol, new={}))
    assert refuse(data) == (
        f"made by a newer version (protocol {protocol}, this one reads up to {PROTOCOL}); "
        "upgrade framing"
    )


@pytest.mark.parametrize("protocol", [None, 0, -1, True, 1.0, "1", [1], math.nan])
def test_a_protocol_must_be_a_number(tiny, refuse, protocol):
    data = forge(tiny, change=lambda content: content.update(protocol=protocol))
    assert refuse(data) == "the protocol number is missing; train the model again"


# --- fields, each under a checksum that is right


def test_what_is_forged_without_change_is_sound(tiny, tmp_path):
    path = tmp_path / "m"
    path.write_bytes(forge(tiny))
    assert load_model(path).hash == seal_model(tiny).hash


def test_a_checksum_must_be_there(tiny, refuse):
    parts, content = take_apart(tiny)
    for digest in ({}, {"sha256": None}, {"sha256": 5}, {"sha256": "0" * 64}):
        data = save(parts, {"framing": write_json({**content, **digest})})
        assert refuse(data) == "the content does not match its checksum; copy the file again"


@pytest.mark.parametrize("field", CONTENT)
def test_no_field_may_be_missing(tiny, refuse, field):
    reason = refuse(forge(tiny, change=lambda content: content.pop(field)))
    assert reason.endswith(("; train the model again", "; train it again"))


@pytest.mark.parametrize("field", CONTENT)
def test_no_field_may_be_of_a_wrong_type(tiny, refuse, field):
    for value in WRONG:
        if field == "training" and isinstance(value, dict):
            continue  # free for whatever training has to say
        refuse(forge(tiny, change=lambda content, value=value: content.update({field: value})))


@pytest.mark.parametrize("part", ["codebook", "recipe", "frames", "stances"])
def test_no_field_within_may_be_missing_or_of_a_wrong_type(tiny, refuse, part):
    def pick(content):
        return content[part] if part == "codebook" else content[part][0]

    for field in pick(take_apart(tiny)[1]):
        if field not in OLDER.get(part, ()):
            refuse(forge(tiny, change=lambda content, field=field: pick(content).pop(field)))
        for value in ({"x": 1}, [{}], [[]]):
            refuse(
                forge(
                    tiny,
                    change=lambda content, change={field: value}: pick(content).update(change),
                )
            )


@pytest.mark.parametrize("part", list(OLDER))
def test_no_field_within_may_be_new(tiny, refuse, part):
    reason = refuse(forge(tiny, change=lambda content: content[part][0].update(new=1)))
    assert reason.endswith("; train it again")


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["frames"][0].update(id="other"),
        lambda content: content["stances"][0].update(target="other"),
        lambda content: content["stances"][0].update(values=["for", "against", "other"],
                                                     neutral=None),
        lambda content: content["frames"].append(content["frames"][0]),
        lambda content: content["stances"].append(content["stances"][0]),
        lambda content: content.update(frames=[], stances=[]),
    ],
)  # fmt: skip
def test_heads_must_fit_the_codebook(tiny, refuse, change):
    reason = "heads and codebook do not fit; train the model again"
    assert refuse(forge(tiny, change=change)) == reason


def test_a_codebook_must_match_its_hash(tiny, refuse):
    reason = "the codebook does not match its hash; train the model again"
    assert refuse(forge(tiny, change=lambda c: c.update(codebook_hash="0" * 12))) == reason
    assert refuse(forge(tiny, change=lambda c: c["codebook"].update(title="New"))) == reason


def test_a_codebook_is_checked(tiny, refuse):
    reason = refuse(forge(tiny, change=lambda content: content["codebook"].pop("version")))
    assert reason == "the codebook has no 'version'; train the model again"


def test_the_lists_must_be_there(tiny, refuse):
    for field in ("frames", "stances", "training"):
        reason = refuse(forge(tiny, change=lambda content, field=field: content.pop(field)))
        assert reason == f"'{field}' is missing; train the model again"


# --- arrays, each under a checksum that is right

ARRAYS = ("coefficients", "intercepts", "terms.0", "idf.0")


@pytest.mark.parametrize("name", ARRAYS)
def test_no_array_may_be_missing(tiny, refuse, name):
    reason = refuse(forge(tiny, arrays=lambda arrays: arrays.pop(name)))
    assert reason.startswith(f"array '{name}' is missing")


@pytest.mark.parametrize("name", ARRAYS)
def test_no_array_may_be_of_another_type(tiny, refuse, name):
    own = take_apart(tiny)[0][name].dtype
    kinds = (np.float16, np.float32, np.float64, np.int8, np.uint8, np.int64, np.bool_)
    for kind in kinds:
        if kind != own:
            change = {name: take_apart(tiny)[0][name].astype(kind)}
            reason = refuse(forge(tiny, arrays=lambda arrays, change=change: arrays.update(change)))
            assert reason.startswith(f"array '{name}' is missing")


@pytest.mark.parametrize("name", ["coefficients", "intercepts", "idf.0"])
def test_no_array_may_be_of_another_shape(tiny, refuse, name):
    own = take_apart(tiny)[0][name]
    for array in (own[:-1], own[:0], own[None], np.concatenate([own, own]), own.ravel()[0:1]):
        change = {name: np.ascontiguousarray(array)}
        reason = refuse(forge(tiny, arrays=lambda arrays, change=change: arrays.update(change)))
        assert reason == f"array '{name}' is missing or misshapen; train the model again"


@pytest.mark.parametrize("name", ["coefficients", "intercepts", "idf.0"])
@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_numbers_must_be_finite(tiny, refuse, name, number):
    array = take_apart(tiny)[0][name].copy()
    array.flat[-1] = number
    reason = refuse(forge(tiny, arrays=lambda arrays: arrays.update({name: array})))
    assert reason == f"array '{name}' holds numbers that are not finite; train the model again"


def replace_terms(tiny, terms):
    array = np.frombuffer(terms, dtype=np.uint8)
    return forge(tiny, arrays=lambda arrays: arrays.update({"terms.0": array}))


def test_no_term_may_stand_twice(tiny, refuse):
    reason = refuse(replace_terms(tiny, b"bad\nban\nbad\nlift"))
    assert reason == "a term stands twice in the vocabulary; train the model again"


def test_terms_must_be_text(tiny, refuse):
    reason = refuse(replace_terms(tiny, b"bad\nban\n\xff\nlift"))
    assert reason == "damaged vocabulary; train the model again"


@pytest.mark.parametrize("terms", [b"", b"bad\nban\ngood", b"bad\nban\ngood\nlift\n"])
def test_terms_must_be_as_many_as_weights(tiny, refuse, terms):
    assert "is missing or misshapen" in refuse(replace_terms(tiny, terms))
