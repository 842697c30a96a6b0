"""Documents that remember their lines."""

import pytest

from framing.coding.marked import Marked, mark_plain, parse_yaml
from framing.schema import CodebookError


def parse(text):
    return parse_yaml(text, file="b.yaml")


def fails(text, message):
    with pytest.raises(CodebookError) as caught:
        parse(text)
    assert str(caught.value) == message


def test_scalars_stay_as_written():
    values = parse("a: 1.0\nb: no\nc: ~\nd: 'null'\ne: 2024-01-01").value
    assert [values[key].value for key in "abcde"] == ["1.0", "no", None, "null", "2024-01-01"]


def test_lines_are_those_of_keys_and_items():
    values = parse("# top\na:\n  - x\n  -\n    y: 1\n").value
    assert values["a"].line == 2
    first, second = values["a"].value
    assert (first.line, second.value["y"].line) == (3, 5)


def test_aliases_work():
    values = parse("a: &x [1, 2]\nb: *x").value
    assert [item.value for item in values["b"].value] == ["1", "2"]


def test_empty():
    fails("", "b.yaml: the file is empty; write a codebook into it")
    fails("# only a comment\n", "b.yaml: the file is empty; write a codebook into it")


def test_tab():
    fails("a:\n\tb: 1", "b.yaml, line 2: a tab is used to indent; indent with spaces")


def test_colon_in_a_text():
    fails(
        "a: 1\nb: c: d",
        "b.yaml, line 2: not valid YAML (mapping values are not allowed here); "
        "put quotes around a text that holds ': '",
    )


def test_unclosed_list():
    with pytest.raises(CodebookError, match=r"^b\.yaml, line \d: not valid YAML \(.*\); check"):
        parse("a: [1,\nb: 2")


def test_two_documents():
    with pytest.raises(CodebookError, match="line 3: not valid YAML"):
        parse("---\na: 1\n---\nb: 2")


def test_forbidden_character():
    fails(
        "a: \x01",
        "b.yaml, character 4: a character that YAML does not allow; "
        "remove it; save the file as UTF-8",
    )


def test_key_twice():
    fails("a: 1\nb: 2\na: 3", "b.yaml, line 3: the key 'a' stands twice; keep one of them")


def test_key_that_is_no_text():
    fails("? [a, b]\n: 1", "b.yaml, line 1: a key is not text; put quotes around it")


@pytest.mark.parametrize("depth", [30, 5000])
def test_depth_is_bounded(depth):
    with pytest.raises(CodebookError, match="lists within lists beyond reason"):
        parse("[" * depth + "]" * depth)


def test_endless_alias():
    with pytest.raises(CodebookError, match="beyond reason"):
        parse("a: &x [*x]")


def test_no_object_is_built():
    assert parse("a: !!python/object/apply:os.getcwd []").value["a"].value == []


def test_plain_data_is_marked_without_lines():
    marked = mark_plain({"a": [1, None]}, file="m.safetensors")
    assert marked.value["a"].value == [
        Marked("1", "m.safetensors"),
        Marked(None, "m.safetensors"),
    ]
    assert str(marked.error("bad")) == "m.safetensors: bad"


@pytest.mark.parametrize(
    ("text", "call", "message"),
    [
        ("- a", lambda m: m.read_fields("x", required=["id"]), "x is a list, not 'key: value'"),
        ("a", lambda m: m.read_fields("x", required=["id"]), "x is text, not 'key: value'"),
        ("{}", lambda m: m.read_fields("x", required=["id"]), "x has no 'id'; add 'id: ...'"),
        ("idd: 1", lambda m: m.read_fields("x", required=["id"]), "unknown key 'idd' in x; did"),
        ("[a]", lambda m: m.read_text("x"), "x is a list, not text; write one text"),
        ("a: b", lambda m: m.read_text("x"), "x is a mapping, not text"),
        ("''", lambda m: m.read_text("x"), "x is empty; write it or leave the key out"),
        ("a: b", lambda m: m.read_items("x"), "x is a mapping, not a list; open each item"),
        ("a", lambda m: m.read_items("x"), "x is text, not a list"),
        ("[[a]]", lambda m: m.read_texts("x"), "an item of x is a list, not text"),
    ],
)
def test_wrong_types(text, call, message):
    with pytest.raises(CodebookError) as caught:
        call(parse(text))
    assert f"b.yaml, line 1: {message}" in str(caught.value)


def test_nothing_is_an_empty_list_and_may_be_an_empty_text():
    nothing = parse("a:").value["a"]
    assert nothing.read_items("a") == []
    assert nothing.read_text("a", empty=True) == ""
