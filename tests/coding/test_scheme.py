"""The coding scheme: what a codebook is and what makes it invalid."""

import json

import pytest

from framing.coding.codebook import parse_codebook
from framing.coding.scheme import Codebook, Frame, StanceTarget, StanceValue
from framing.schema import CodebookError

BOOK = Codebook(
    "demo",
    "1.2.0",
    "Title",
    "What it is for.",
    (Frame("risk", "Risk", "Loss.", ("a",), ("b",), ("volatil*",)), Frame("gain", "Gain")),
    (StanceTarget("law", "Law", "The act.", (StanceValue("pro"), StanceValue("none")), "none"),),
    ("Read it twice.",),
)

HEAD = "name: demo\nversion: 1.0.0\n"
FRAMES = HEAD + "frames:\n"
TARGET = HEAD + "targets:\n  - id: law\n    definition: The act.\n"


def test_ids_and_values():
    assert BOOK.frame_ids == ("risk", "gain")
    assert BOOK.target_ids == ("law",)
    assert BOOK.values("law") == ("pro", "none")


def test_names_of_frames_and_targets():
    assert BOOK.names == {"risk": "Risk", "gain": "Gain", "law": "Law"}
    text = FRAMES + "  - {id: cost_of_living, definition: Prices.}\n"
    assert parse_codebook(text).names == {"cost_of_living": "Cost of living"}
    assert Codebook("empty", "1.0.0").names == {}


def test_unknown_target():
    with pytest.raises(CodebookError) as caught:
        BOOK.values("lawn")
    assert str(caught.value) == "demo: no stance target 'lawn'; did you mean 'law'?"


def test_survives_json():
    assert Codebook.from_dict(json.loads(json.dumps(BOOK.to_dict()))) == BOOK


def test_hash_is_of_the_content():
    again = Codebook.from_dict(BOOK.to_dict())
    assert again.hash == BOOK.hash
    assert len(BOOK.hash) == 12
    assert int(BOOK.hash, 16) >= 0


def test_hash_does_not_change_between_versions():
    assert Codebook("demo", "1.0.0", frames=(Frame("é", "É"),)).hash == "d59302eee041"


@pytest.mark.parametrize(
    "change",
    [
        {"name": "other"},
        {"version": "1.2.1"},
        {"description": "?"},
        {"rules": ["Read it once."]},
        {"frames": []},
        {"frames": list(reversed(BOOK.to_dict()["frames"]))},
    ],
)
def test_hash_changes_with_anything(change):
    assert Codebook.from_dict(BOOK.to_dict() | change).hash != BOOK.hash


def test_what_is_optional():
    book = parse_codebook(FRAMES + "  - id: a_b\n    definition: x\n")
    assert book == Codebook("demo", "1.0.0", frames=(Frame("a_b", "A b", "x"),))


def test_ids_of_any_script():
    book = parse_codebook(FRAMES + "  - {id: 5G риск, definition: ''}\n")
    assert book.frame_ids == ("5G риск",)


@pytest.mark.parametrize("version", ["0.0.1", "1.0.0-rc.1", "2.10.3+build"])
def test_semantic_versions(version):
    text = FRAMES.replace("1.0.0", version) + "  - {id: a, definition: x}"
    assert parse_codebook(text).version == version


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a", "line 1: the codebook is a list, not 'key: value' lines; give it the keys name"),
        (HEAD + "frame: []", "line 3: unknown key 'frame' in the codebook; did you mean 'frames'?"),
        ("version: 1.0.0", "line 1: the codebook has no 'name'; add 'name: ...'"),
        ("name: demo", "line 1: the codebook has no 'version'; add 'version: ...'"),
        ("name:\nversion: 1.0.0", "line 1: 'name' is empty; write it or leave the key out"),
        ("name: x\nversion: 1.0", "line 2: version '1.0' is not semantic; write it as 1.0.0"),
        ("name: x\nversion: 01.0.0", "line 2: version '01.0.0' is not semantic"),
        ("name: x\nversion: 1.0.0.0", "line 2: version '1.0.0.0' is not semantic"),
        (HEAD, "line 1: no frame and no stance target; add at least one of them"),
        (HEAD + "frames: []", "line 1: no frame and no stance target"),
        (HEAD + "rules: Be kind.", "line 3: 'rules' is text, not a list; open each item with '- '"),
        (HEAD + "frames: {id: a}", "line 3: 'frames' is a mapping, not a list"),
        (FRAMES + "  - risk", "line 4: a frame is text, not 'key: value' lines"),
        (FRAMES + "  - definition: x", "line 4: a frame has no 'id'"),
        (FRAMES + "  - id: a", "line 4: a frame has no 'definition'"),
        (FRAMES + "  - id: a\n    defintion: x", "line 5: unknown key 'defintion' in a frame; did"),
        (FRAMES + "  - id: a;b\n    definition: x", "line 4: id 'a;b' cannot be used; write it"),
        (FRAMES + "  - id: 'a:b'\n    definition: x", "line 4: id 'a:b' cannot be used"),
        (FRAMES + "  - id: [a]\n    definition: x", "line 4: 'id' is a list, not text"),
        (
            FRAMES + "  - id: a\n    definition: x\n    cues: [{b: c}]",
            "line 6: an item of 'cues' of frame 'a' is a mapping, not text",
        ),
        (
            FRAMES + "  - id: a\n    definition: x\n  - definition: y\n    id: a",
            "line 7: id 'a' is the same as 'a' (line 4); rename one",
        ),
        (
            FRAMES + "  - id: a b\n    definition: x\n  - id: A_b\n    definition: y",
            "line 6: id 'A_b' is the same as 'a b' (line 4)",
        ),
        (TARGET, "line 4: a stance target has no 'values'"),
        (
            TARGET + "    values: []",
            "line 6: target 'law' has 0 stance value(s); give it two or more",
        ),
        (TARGET + "    values:\n      - id: pro", "line 6: target 'law' has 1 stance value(s)"),
        (TARGET + "    values: [pro, con]", "line 6: a stance value is text, not 'key: value'"),
        (
            TARGET + "    values:\n      - id: pro\n      - id: Pro",
            "line 8: id 'Pro' is the same as 'pro' (line 7)",
        ),
        (
            TARGET + "    neutral: nonne\n    values:\n      - id: pro\n      - id: none",
            "line 6: neutral 'nonne' is not among the values of 'law'; did you mean 'none'?",
        ),
        (
            TARGET + "    values: &v [{id: a}, {id: b}]\n  - {id: law, definition: '', values: *v}",
            "line 7: id 'law' is the same as 'law' (line 4)",
        ),
    ],
)
def test_every_mistake_is_located(text, message):
    with pytest.raises(CodebookError) as caught:
        parse_codebook(text, file="b.yaml")
    assert str(caught.value).startswith(f"b.yaml, {message}")


def test_a_model_files_codebook_is_checked_too():
    content = BOOK.to_dict() | {"version": 7}
    with pytest.raises(CodebookError) as caught:
        Codebook.from_dict(content, where="m.safetensors")
    assert str(caught.value) == "m.safetensors: version '7' is not semantic; write it as 1.0.0"


def test_what_is_no_mapping_is_refused():
    with pytest.raises(CodebookError, match="the codebook is a list"):
        Codebook.from_dict(["a"])
