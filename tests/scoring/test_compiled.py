"""The compiled scorer, against scikit-learn and against the scorer in Python."""

from __future__ import annotations

import itertools
import pickle
import random
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from framing.learning.counting import count_ngrams
from framing.schema import InputError
from framing.scoring.evidence import Requests
from framing.scoring.extension import kernel
from framing.scoring.ngrams import find_marks
from framing.scoring.recipe import FeatureRecipe, NgramBlock
from framing.scoring.scorers import PythonScorer, make_scorer
from framing.scoring.vectorizing import FittedBlock, Vectorizer

from .test_extension import find_compiler

pytestmark = pytest.mark.skipif(
    kernel is None and find_compiler() is None, reason="the extension was not built: no compiler"
)

BLOCKS = (
    NgramBlock("word", 1, 3, min_df=1),
    NgramBlock("char_wb", 1, 6, min_df=1),
    NgramBlock("word", 1, 1, sublinear=False, min_df=1, weight=0.3),
    NgramBlock("mark", 1, 2, min_df=1, weight=0.5),
    NgramBlock("char_wb", 4, 5, sublinear=False, min_df=1, weight=2.0),
)
COLUMNS = 7


def make_vectorizer(block):
    options = {
        "ngram_range": (block.low, block.high),
        "sublinear_tf": block.sublinear,
        "min_df": block.min_df,
    }
    if block.analyzer == "mark":
        options |= {"tokenizer": lambda text: [mark.group() for mark in find_marks(text)]}
        options |= {"token_pattern": None}
    return TfidfVectorizer(analyzer="char_wb" if block.analyzer == "char_wb" else "word", **options)


def fit(tiny, texts, blocks=BLOCKS, *, columns=COLUMNS):
    """Fit scikit-learn on texts; return it as a function to scores, and the same as a model."""
    pairs = [(block, make_vectorizer(block).fit(texts)) for block in blocks]
    draw = np.random.default_rng(3)
    n_features = sum(len(vectorizer.vocabulary_) for _, vectorizer in pairs)
    model = replace(
        tiny,
        vectorizer=Vectorizer(
            [FittedBlock(b, tuple(v.get_feature_names_out()), v.idf_) for b, v in pairs]
        ),
        coefficients=draw.normal(size=(n_features, columns)).astype(np.float32),
        intercepts=draw.normal(size=columns),
    )

    def score(others):
        features = sparse.hstack([block.weight * v.transform(others) for block, v in pairs])
        return features @ model.coefficients.astype(np.float64) + model.intercepts

    return score, model


def compare(score, model, texts):
    found = make_scorer(model, "compiled").compute_logits(texts)
    np.testing.assert_allclose(found, score(texts), rtol=0, atol=1e-9)


# --- against scikit-learn


def test_texts_of_every_assigned_character(tiny):
    """Those of the large, uniform ranges (Han, Hangul, private use) are sampled."""
    vast = {"Lo": 97, "Co": 997, "Cn": 9973}
    characters = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) != "Cs"
        and (code < 0x3400 or code % vast.get(unicodedata.category(chr(code)), 2) == 0)
    ]
    assert len(characters) > 15_000
    texts = [
        "".join(f"{c}a{c.upper()} b{c}{c} {c}-" for c in characters[start : start + 50])
        for start in range(0, len(characters), 50)
    ]
    blocks = (NgramBlock("word", 1, 2), NgramBlock("char_wb", 1, 3), NgramBlock("mark", 1, 1))
    compare(*fit(tiny, texts, blocks), texts)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_texts(fitted, wild, wild_texts, data):
    texts = data.draw(st.lists(wild_texts, min_size=1, max_size=4))
    weights = wild.coefficients.astype(np.float64)
    expected = fitted.features.transform(texts) @ weights + wild.intercepts
    found = make_scorer(wild, "compiled").compute_logits(texts)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_any_vocabulary(tiny, wild_texts, data):
    corpus = [*data.draw(st.lists(wild_texts, min_size=1, max_size=4)), "a common, «word» word"]
    corpus = [text.encode(errors="ignore").decode() for text in corpus]
    score, model = fit(tiny, corpus, columns=data.draw(st.sampled_from([1, 2, 5, 8, 19])))
    compare(score, model, [*corpus, data.draw(wild_texts)])


def test_pieces_wherever_they_stand(tiny):
    """ASCII is read eight bytes at a time and classified 64 at a time."""
    ascii_ones = [chr(code) for code in range(128)]
    texts = [
        " " * lead + piece
        for lead in range(70)
        for piece in ("Ban", "b", "a-b.", "é", "xé", "“Ban”", "Ⱥb", "long-lived" * 8)
    ]
    texts += ["".join(ascii_ones[start:] + ascii_ones[:start]) for start in range(128)]
    texts += [f"{'ab ' * n}{one}{one}c" for n in (0, 2, 21, 22) for one in ascii_ones]
    texts += ["x" * n + end for n in range(130) for end in ("", " y", "É", "\u3000z")]  # fmt: skip
    blocks = (NgramBlock("word", 1, 2, min_df=1), NgramBlock("char_wb", 1, 3, min_df=1),
              NgramBlock("mark", 1, 2, min_df=1))  # fmt: skip
    score, model = fit(tiny, texts, blocks)
    compare(score, model, texts)
    compare_terms(model, texts[::7], ask_all(model, len(texts[::7]), random.Random(5)))


@pytest.mark.parametrize("opening", ["overstat", "overstatementsof"])
def test_words_that_differ_late_are_told_apart(tiny, opening):
    """Words are held apart by 8 bytes, 8 more, and the rest; neighbours in a table share a part."""
    words = [f"{opening}{number:04}" for number in range(3000)]
    texts = [" ".join(words[start : start + 10]) for start in range(0, len(words), 10)]
    blocks = (NgramBlock("word", 1, 1, min_df=1), NgramBlock("char_wb", 2, 22, min_df=1))
    compare(*fit(tiny, texts, blocks), texts)


def test_random_mixes_of_scripts(tiny, fitted):
    draw = random.Random(11)
    pieces = [piece for text in fitted.texts[:30] for piece in text.split()]
    pieces += ["Ⱥ", "ȾȺ", "ẞß", "K", "Å", "ſ", "ǅ", "\u1e9e", "\U00010400x", "\U0001e921", "ꮿ"]
    glue = [" ", "", "\n", "\u3000", "—", "“", "’", "...", "\u0301", "_", "\x1c"]
    texts = [
        "".join(draw.choice(pieces) + draw.choice(glue) for _ in range(draw.randint(0, 60)))
        for _ in range(150)
    ]
    score, model = fit(tiny, texts[:100])
    compare(score, model, texts)


def test_capital_sigma_and_dotted_i_in_all_places(tiny):
    parts = ["Σ", "İ", "ΑΣ", "σς", "'", ".", " ", "i̇", "Σa"]
    texts = ["".join(pick) for pick in itertools.product(parts, repeat=4)]
    score, model = fit(tiny, texts[::3], (NgramBlock("word", 1, 2), NgramBlock("char_wb", 2, 4)))
    compare(score, model, texts)


def test_counts_lengths_and_sizes_past_16_bits(tiny):
    token, word = "x" * 70_001, "ab-" * 30_000
    many = "ban " * 66_000 + "lift, " * 66_000
    texts = [many, f"{token} ban {token}", word, f"{token} ban ban {word}", "ban lift"]
    blocks = (NgramBlock("word", 1, 2, min_df=1), NgramBlock("mark", 1, 2, min_df=1),
              NgramBlock("word", 1, 1, sublinear=False, min_df=1),
              NgramBlock("char_wb", 2, 3, min_df=1))  # fmt: skip
    score, model = fit(tiny, texts, blocks)
    compare(score, model, texts)


def test_ngrams_of_ten(tiny):
    draw = random.Random(2)
    texts = [" ".join(draw.choice(["rare", "ore", "ban"]) for _ in range(30)) for _ in range(20)]
    blocks = (NgramBlock("word", 2, 10), NgramBlock("char_wb", 7, 10, min_df=1),
              NgramBlock("word", 10, 10, min_df=1))  # fmt: skip
    score, model = fit(tiny, texts, blocks)
    compare(score, model, [*texts, "rare ore", "ore", " ".join(["ban"] * 300)])


def test_texts_without_anything_to_count(tiny):
    score, model = fit(tiny, ["a ban, a ban", "lift!"])
    texts = ["", " ", "\u2028\n\t", "\0", "qq", "q", "q q", "_", "__", "\u0301", ".", "a" * 9]
    compare(score, model, texts)
    assert make_scorer(model, "compiled").compute_logits([]).shape == (0, COLUMNS)


def test_a_model_of_terms_that_no_text_holds(tiny):
    odd = ("ban", " ", "  ", "b", "ban ", " ban", "ban  ban", "BAN", "ban,", "", "ban ban ban")
    blocks = [
        FittedBlock(NgramBlock(analyzer, low, low + 1), odd, np.arange(1.0, 1.0 + len(odd)))
        for analyzer in ("word", "char_wb", "mark")
        for low in (1, 2, 4)
    ]
    coefficients = np.arange(9 * len(odd) * 4, dtype=np.float32).reshape(-1, 4)
    model = replace(tiny, vectorizer=Vectorizer(blocks), coefficients=coefficients)
    texts = ["ban", "BAN ban  ban, b", " b ", "", "ban ban ban", ", ban"]
    found = make_scorer(model, "compiled").compute_logits(texts)
    expected = make_scorer(model, "python").compute_logits(texts)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)
    assert found[0, 0] != found[3, 0]


def test_more_words_than_are_remembered(tiny):
    """70,000 words, of whose 2.4 million n-grams the first are forgotten on the way."""
    draw = random.Random(5)
    letters = [chr(code) for code in range(ord("a"), ord("a") + 20)]
    terms = sorted(a + b for a in letters for b in letters)
    block = FittedBlock(NgramBlock("char_wb", 2, 2), tuple(terms), np.ones(len(terms)))
    weights = np.random.default_rng(4).normal(size=(len(terms), 4)).astype(np.float32)
    model = replace(tiny, vectorizer=Vectorizer([block]), coefficients=weights)
    words = ["".join(draw.choices(letters, k=34)) for _ in range(70_000)]
    texts = [" ".join(words[start : start + 35_000]) for start in (0, 35_000)]
    texts += ["😀" * 300 + words[0], *words[:50]]
    scorer = make_scorer(model, "compiled")
    expected = make_scorer(model, "python").compute_logits(texts)
    for _ in range(2):
        np.testing.assert_allclose(scorer.compute_logits(texts), expected, rtol=0, atol=1e-9)


# --- with mentions


def test_models_of_mentions_score_as_in_python(tiny):
    recipe = FeatureRecipe(
        (
            NgramBlock("word", 1, 2, min_df=1),
            NgramBlock("char_wb", 2, 3, min_df=1, field="mention"),
            NgramBlock("mark", 1, 1, min_df=1),
            NgramBlock("word", 1, 2, sublinear=False, min_df=1, field="around"),
        )
    )
    texts = ["Ann praised Bob, İ Σ.", "Bob blamed «Ann».", "Nobody came", "\ud800 Ann"]
    mentions = ["Ann", "bob", None, "Ann"]
    counts = count_ngrams(texts, [recipe], mentions=mentions)
    rows = np.arange(len(texts))
    vectorizer = Vectorizer([block.fit(rows) for block in counts.select(recipe)])
    draw = np.random.default_rng(0)
    weights = draw.normal(size=(vectorizer.n_features, 4)).astype(np.float32)
    model = replace(tiny, vectorizer=vectorizer, coefficients=weights)
    for asked in (mentions, None, mentions[::-1]):
        found = make_scorer(model, "compiled").compute_logits(texts, asked)
        expected = make_scorer(model, "python").compute_logits(texts, asked)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


# --- evidence


def ask_all(model, n_rows, draw):
    """Ask for some contrasts of each row: none, one, or several."""
    counts = [draw.randrange(4) for _ in range(n_rows)]
    n_columns = len(model.intercepts)
    first = [draw.randrange(n_columns) for _ in range(sum(counts))]
    second = [draw.randrange(-1, n_columns) for _ in first]
    indptr = np.cumsum([0, *counts], dtype=np.int64)
    return Requests(indptr, np.array(first, np.int32), np.array(second, np.int32))


def compare_terms(model, texts, requests, mentions=None, *, limit=5, arrow=None):
    given = texts if arrow is None else arrow
    found = make_scorer(model, "compiled").find_terms(given, mentions, requests, limit)
    expected = make_scorer(model, "python").find_terms(texts, mentions, requests, limit)
    for field in fields(expected):
        ours, theirs = getattr(found, field.name), getattr(expected, field.name)
        assert ours.dtype == theirs.dtype
        if field.name == "weight":
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)
        else:
            assert ours.tolist() == theirs.tolist(), field.name
    return found


@settings(deadline=None, max_examples=60, derandomize=True)
@given(data=st.data())
def test_terms_are_those_that_python_finds(wild, wild_texts, data):
    texts = data.draw(st.lists(wild_texts, min_size=1, max_size=4))
    requests = ask_all(wild, len(texts), random.Random(data.draw(st.integers(0, 99))))
    compare_terms(wild, texts, requests, limit=data.draw(st.sampled_from([0, 1, 5, 1000])))


def test_terms_of_all_kinds_of_blocks(tiny, fitted):
    texts = [f"“{text}” — _{text[:9]}_, and {text[3:20].upper()}!" for text in fitted.texts]
    _, model = fit(tiny, texts)
    found = compare_terms(model, texts, ask_all(model, len(texts), random.Random(1)))
    assert len(found.row) > 300
    for row, start, end, first, last in zip(
        found.row, found.start, found.end, found.byte_start, found.byte_end, strict=True
    ):
        term = texts[row][start:end]
        assert term
        assert texts[row].encode()[first:last].decode() == term
    asked = ask_all(model, len(texts), random.Random(1))
    owners = np.repeat(np.arange(len(texts)), np.diff(asked.indptr))
    assert np.array_equal(owners[found.contrast], found.row)


def test_terms_of_large_texts(tiny):
    draw = random.Random(9)
    words = ["".join(draw.choices("abcdeé", k=draw.randint(1, 5))) for _ in range(6000)]
    texts = [" ".join(draw.choices(words, k=9000)), "ab, " * 70_000, " ".join(words[:200])]
    _, model = fit(tiny, texts, (NgramBlock("word", 1, 2), NgramBlock("char_wb", 2, 3)))
    compare_terms(model, texts, ask_all(model, 3, random.Random(2)), limit=50)


def test_terms_of_models_of_mentions(pointed):
    texts = ["Critics praised Ann and İ, a ban.", "Ann blamed the ban.", "A ban!"]
    compare_terms(pointed, texts, ask_all(pointed, 3, random.Random(3)), ["Ann", "Ann", None])


def test_terms_of_chunks_and_slices(wild, fitted):
    texts = [*fitted.texts[:40], "Σ" * 3]
    chunks = pa.chunked_array([texts[:7], [], texts[7:8], texts[8:]], type=pa.string())
    requests = ask_all(wild, len(texts), random.Random(4))
    compare_terms(wild, texts, requests, arrow=chunks)
    part = Requests(requests.indptr[10:31], requests.first, requests.second)
    compare_terms(wild, texts[10:30], part, arrow=chunks.slice(10, 20))


@pytest.mark.parametrize(
    ("indptr", "first", "second"),
    [
        ([0, 2], [0], [0]),
        ([0, 1], [99], [-1]),
        ([0, 1], [0], [99]),
        ([0, 1], [-1], [0]),
        ([0, 1], [0], [-2]),
        ([1, 0], [0], [0]),
        ([-1, 1], [0], [0]),
        ([0], [0], [0]),
        ([0, 1], [0, 0], [0]),
    ],
)
def test_requests_must_make_sense(wild, indptr, first, second):
    requests = Requests(np.array(indptr), np.array(first), np.array(second))
    with pytest.raises(ValueError, match="do not fit"):
        make_scorer(wild, "compiled").find_terms(["ban"], None, requests, 5)


# --- how texts come

FORMS = {
    "string": pa.array,
    "large": lambda texts: pa.array(texts, pa.large_string()),
    "view": lambda texts: pa.array(texts, pa.string_view()),
    "dictionary": lambda texts: pa.array(texts).dictionary_encode(),
    "sliced": lambda texts: pa.array(["x", "é", *texts, "y"]).slice(2, len(texts)),
    "chunked": lambda texts: pa.chunked_array([texts[:3], [], texts[3:]], type=pa.string()),
    "tuple": tuple,
    "objects": lambda texts: np.array(texts, dtype=object),
}


@pytest.mark.parametrize("form", FORMS)
def test_texts_of_every_form(wild, fitted, form):
    texts = [*fitted.texts[:20], "", "İ", "ΟΔΟΣ"]
    scorer = make_scorer(wild, "compiled")
    given = FORMS[form](texts)
    assert np.array_equal(scorer.compute_logits(given), scorer.compute_logits(texts))
    others = make_scorer(wild, "python").compute_logits(given)
    np.testing.assert_allclose(others, scorer.compute_logits(texts), rtol=0, atol=1e-9)


def test_an_array_without_texts(wild):
    scorer = make_scorer(wild, "compiled")
    for empty in (pa.array([], pa.string()), pa.array(["a"]).slice(1), pa.chunked_array([], "str")):
        assert scorer.compute_logits(empty).shape == (0, len(wild.intercepts))


@pytest.mark.parametrize("kind", ["compiled", "python"])
@pytest.mark.parametrize("form", ["string", "large", "view", "sliced", "chunked"])
def test_nulls_are_refused(wild, kind, form):
    with pytest.raises(InputError, match="row 3: there is no text"):
        make_scorer(wild, kind).compute_logits(FORMS[form](["a", "b", "c", None, None]))


@pytest.mark.parametrize("array", [pa.array([1, 2]), pa.array([b"a"]), pa.array([["a"]])])
@pytest.mark.parametrize("kind", ["compiled", "python"])
def test_other_columns_are_refused(wild, kind, array):
    with pytest.raises(InputError):
        make_scorer(wild, kind).compute_logits(array)


def make_array(offsets, data, *, wide):
    """Make an array of offsets that pyarrow would not let pass if it saw them."""
    kind, number = (pa.large_string(), np.int64) if wide else (pa.string(), np.int32)
    numbers = np.zeros(len(offsets), number)
    buffers = [None, pa.py_buffer(numbers), pa.py_buffer(data)]
    array = pa.Array.from_buffers(kind, len(offsets) - 1, buffers)
    numbers[:] = offsets
    return array


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize(
    ("offsets", "row"),
    [([0, 2, 1, 3], 1), ([0, 1, 2, 9], 2), ([-1, 1, 2, 3], 0), ([0, -1, 2, 3], 0), ([9, 9], 0)],
)
def test_offsets_out_of_order_are_refused(wild, offsets, row, wide):
    array = make_array(offsets, b"abc", wide=wide)
    with pytest.raises(InputError, match=rf"row {row}: the offsets are out of order"):
        make_scorer(wild, "compiled").compute_logits(array)
    with pytest.raises(InputError):
        make_scorer(wild, "python").compute_logits(array)


MALFORMED = (
    *(b"\x80", b"\xbf", b"\xc0\x80", b"\xc1\xbf", b"\xc3", b"\xc3(", b"\xe2\x82", b"\xe2(\xa1"),
    *(b"\xe0\x80\x80", b"\xe0\x9f\xbf", b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xf0\x9f\x98"),
    *(b"\xf0\x80\x80\x80", b"\xf0\x8f\xbf\xbf", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80"),
    *(b"\xf8\x88\x80\x80\x80", b"\xfe", b"\xff", b"\xf0\x9f(\x80", b"\xf0\x9f\x98("),
)


@pytest.mark.parametrize("data", MALFORMED)
def test_malformed_utf8_is_refused_by_row(wild, data):
    with pytest.raises(UnicodeDecodeError):
        data.decode()
    texts = ["ban", b"a " + data, b"b"]
    array = pa.array(texts, pa.binary()).view(pa.string())
    scorer = make_scorer(wild, "compiled")
    with pytest.raises(InputError, match="row 1: the text is not valid UTF-8"):
        scorer.compute_logits(array)
    with pytest.raises(InputError, match="row 4: the text is not valid UTF-8"):
        scorer.compute_logits(pa.chunked_array([["x"] * 3, array]))
    requests = Requests(np.array([0, 0, 1, 1]), np.array([0]), np.array([-1]))
    with pytest.raises(InputError, match="row 1: the text is not valid UTF-8"):
        scorer.find_terms(array, None, requests, 5)
    with pytest.raises(InputError):
        make_scorer(wild, "python").compute_logits(array)
    # What went wrong leaves nothing behind.
    sound = scorer.compute_logits(["ban", "rare earth"])
    assert np.array_equal(
        sound, make_scorer(wild, "compiled").compute_logits(["ban", "rare earth"])
    )


# --- many at once


def test_threads_share_one_engine(wild, fitted):
    texts = [text for text in fitted.texts if not {"Σ", "İ"} & set(text)] * 40
    scorer = make_scorer(wild, "compiled")
    requests = ask_all(wild, len(texts), random.Random(6))

    def work(_):
        return scorer.compute_logits(texts), scorer.find_terms(texts, None, requests, 5).weight

    alone = make_scorer(wild, "compiled").compute_logits(texts)
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(work, range(12)))
    for logits, weights in results:
        assert np.array_equal(logits, alone)
        assert np.array_equal(weights, results[0][1])


def test_a_text_scores_alike_in_any_company(wild, fitted):
    scorer = make_scorer(wild, "compiled")
    together = scorer.compute_logits(fitted.texts)
    alone = np.vstack([scorer.compute_logits([text]) for text in fitted.texts[::-1]])[::-1]
    assert np.array_equal(together, alone)


def test_a_model_is_pickled_without_its_engine(wild):
    wild.compute_logits(["ban"])
    again = pickle.loads(pickle.dumps(wild))
    assert "scorer" not in vars(again)
    assert np.array_equal(again.compute_logits(["ban"]), wild.compute_logits(["ban"]))
    assert not isinstance(again.scorer, PythonScorer)
