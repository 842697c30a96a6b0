"""A scikit-learn pipeline fitted on words of many scripts, and the same as a model, by hand."""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from framing.coding.scheme import Codebook, Frame, StanceTarget, StanceValue
from framing.schema import Paragraph, Prediction
from framing.scoring.heads import FrameHead, StanceHead
from framing.scoring.model import Model
from framing.scoring.recipe import NgramBlock
from framing.scoring.vectorizing import FittedBlock, Vectorizer

WORDS = (
    *("rare", "earth", "export", "ban", "Ban,", "ban's", "re-export", "a", "1.5", "_x_", "§"),
    *("İzmir", "ABİ", "İ", "ıi̇", "ΟΔΟΣ", "Σ", "ὈΔΥΣΣΕΎΣ", "straße", "STRASSE", "ﬁn", "ﬀ", "ẞ"),
    *(
        "cafe\u0301",
        "café",
        "e\u0301\u0323",
        "\u0301",
        "Ǆ",
        "𝔘𝔫𝔦",
        "𐐀𐐁",
        "😀",
        "👩\u200d🔬",
        "汉字",
    ),
    *("हिन्दी", "العربية", "١٢", "Ⅷ", "x\0y", "\u200bzero", "soft\u00adhyphen", "\ufffd"),
)
SPACES = (
    *(" ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2028", "\u2029", "\u3000", "\x85", "\u1680"),
    *("\x1c", "\x1d", "\x1e", "\x1f", "\x0b", "\x0c", "\u2003", ", ", ""),
)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=6)  # lone surrogates included


@dataclass(frozen=True)
class Fitted:
    """What scikit-learn fitted: features, a classifier a frame, and one a stance target."""

    features: FeatureUnion
    frames: dict[str, LogisticRegression]
    stances: dict[str, LogisticRegression]
    texts: tuple[str, ...]


@pytest.fixture(scope="session")
def wild_texts() -> Any:
    """Texts of any characters, among words that the model knows and space of every kind."""
    pieces = st.one_of(st.sampled_from(WORDS), ANY_TEXT)
    pairs = st.tuples(pieces, st.sampled_from(SPACES) | ANY_TEXT)
    return st.lists(pairs, max_size=12).map(lambda found: "".join(w + s for w, s in found))


@pytest.fixture(scope="session")
def fitted() -> Fitted:
    """Fit scikit-learn's own pipeline."""
    draw = random.Random(7)
    texts = [
        "".join(draw.choice(WORDS) + draw.choice(SPACES) for _ in range(draw.randint(5, 25)))
        for _ in range(90)
    ]
    features = FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)),
            (
                "characters",
                TfidfVectorizer(
                    analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2
                ),
            ),
        ]
    )
    matrix = features.fit_transform(texts)
    frames = {
        name: LogisticRegression(C=10, solver="liblinear", dual=True, max_iter=5000).fit(
            matrix, [word in text for text in texts]
        )
        for name, word in (("city", "İ"), ("street", "Σ"), ("trade", "ban"))
    }
    stances = {
        "three": LogisticRegression(C=10).fit(matrix, [len(text) % 3 for text in texts]),
        "two": LogisticRegression(C=10).fit(matrix, ["é" in text for text in texts]),
    }
    return Fitted(features, frames, stances, tuple(texts))


@pytest.fixture(scope="session")
def book() -> Codebook:
    """Three frames, a target of three values with a neutral one, and one of two without."""
    three = tuple(StanceValue(value) for value in ("favor", "against", "none"))
    two = tuple(StanceValue(value) for value in ("no", "yes"))
    return Codebook(
        "wild",
        "1.0.0",
        frames=tuple(Frame(name, name.title()) for name in ("city", "street", "trade", "unlearnt")),
        targets=(
            StanceTarget("three", "Three", "", three, "none"),
            StanceTarget("two", "Two", "", two),
        ),
    )


@pytest.fixture(scope="session")
def wild(fitted: Fitted, book: Codebook) -> Model:
    """Build the model by hand from what scikit-learn fitted; calibration does nothing yet."""
    blocks = [
        FittedBlock(
            NgramBlock(analyzer, low, high),
            tuple(vectorizer.get_feature_names_out()),
            vectorizer.idf_,
        )
        for (_, vectorizer), (analyzer, low, high) in zip(
            fitted.features.transformer_list, [("word", 1, 2), ("char_wb", 2, 5)], strict=True
        )
    ]
    three, two = fitted.stances["three"], fitted.stances["two"]
    columns = [
        *(model.coef_[0] for model in fitted.frames.values()),
        *three.coef_,
        np.zeros_like(two.coef_[0]),  # the first of two values, against which the second stands
        two.coef_[0],
    ]
    intercepts = [
        *(model.intercept_[0] for model in fitted.frames.values()),
        *three.intercept_,
        0.0,
        two.intercept_[0],
    ]
    return Model(
        codebook=book,
        vectorizer=Vectorizer(blocks),
        frames=tuple(FrameHead(name, 1.0, 0.0, 0.5, 90, 30) for name in fitted.frames),
        stances=(
            StanceHead(
                "three", ("favor", "against", "none"), "none", 1.0, (1.0,) * 3, 90, (30, 30, 30)
            ),
            StanceHead("two", ("no", "yes"), None, 1.0, (1.0, 1.0), 90, (45, 45)),
        ),
        coefficients=np.column_stack(columns).astype(np.float32),
        intercepts=np.array(intercepts),
        training={"note": "by hand: İ \u2028", "metrics": [0.1, 1e-05, None]},
        hash="0123456789ab",
    )


@pytest.fixture(scope="session")
def tiny() -> Model:
    """Single words, counted plainly, with weights that can be worked out by hand.

    ``ban`` speaks for risk (2), ``lift`` against it (-1); the stance is for (1, 0, 0) by ``good``
    and against (0, 1, 0) by ``bad``.
    """
    values = tuple(StanceValue(value) for value in ("for", "against", "none"))
    terms = ("bad", "ban", "good", "lift")
    return Model(
        codebook=Codebook(
            "tiny",
            "1.0.0",
            title="Tiny",
            description="One word is enough.",
            rules=("Read it.",),
            frames=(Frame("risk", "Risk"),),
            targets=(StanceTarget("mine", "The mine", "", values, "none"),),
        ),
        vectorizer=Vectorizer([FittedBlock(NgramBlock("word", 1, 1, False, 1), terms, np.ones(4))]),
        frames=(FrameHead("risk", 2.0, -1.0, 0.6, 9, 4),),
        stances=(
            StanceHead(
                "mine", ("for", "against", "none"), "none", 0.5, (1.0, 1.0, 1.0), 9, (3, 3, 3)
            ),
        ),
        coefficients=np.array(
            [[0, 0, 1, 0], [2, 0, 0, 0], [0, 1, 0, 0], [-1, 0, 0, 0]], dtype=np.float32
        ),
        intercepts=np.array([0.25, 0.0, 0.0, 0.5]),
        training={},
        hash="ba9876543210",
    )


@pytest.fixture(scope="session")
def pointed() -> Model:
    """A stance toward whatever is mentioned, by words on one side of it, with weights by hand.

    ``praised`` before the mention speaks for it (2), ``blamed`` against (2), the mention ``ann``
    for (1); ``risk`` is a frame of the word ``ban``, uncertain from 0.25 to below 0.75.
    """
    values = tuple(StanceValue(value) for value in ("for", "against", "none"))
    blocks = [
        FittedBlock(NgramBlock("word", 1, 1, False, 1), ("ban",), np.ones(1)),
        FittedBlock(
            NgramBlock("word", 1, 1, False, 1, field="around"),
            ("<blamed", "<praised"),
            np.ones(2),
        ),
        FittedBlock(
            NgramBlock("word", 1, 1, False, 1, field="mention", weight=0.5),
            ("ann", "bob"),
            np.ones(2),
        ),
    ]
    return Model(
        codebook=Codebook(
            "pointed",
            "1.0.0",
            frames=(Frame("risk", "Risk"),),
            targets=(StanceTarget("target", "Target", "", values, "none"),),
        ),
        vectorizer=Vectorizer(blocks),
        frames=(FrameHead("risk", 1.0, 0.0, 0.5, 9, 4, band=(0.25, 0.75)),),
        stances=(
            StanceHead(
                "target", ("for", "against", "none"), "none", 1.0, (1.0,) * 3, 9, (3, 3, 3), True
            ),
        ),
        coefficients=np.array(
            [[2, 0, 0, 0], [0, 0, 2, 0], [0, 2, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]],
            dtype=np.float32,
        ),
        intercepts=np.array([-0.5, 0.0, 0.0, 0.25]),
        training={},
        hash="0a1b2c3d4e5f",
    )


@pytest.fixture(scope="session")
def flatten() -> Any:
    """Return what flattens one prediction by hand, as the columns are said to be."""

    def flatten_one(found: Prediction) -> dict[str, Any]:
        row = describe(found)
        row["frames"] = join(found.frames)
        row["uncertain"] = join(found.uncertain)
        row |= {f"p:{frame}": round(p, 7) for frame, p in (found.probabilities or {}).items()}
        for target, stance in (found.stance or {}).items():
            row[f"stance:{target}"] = stance.value
            row |= {f"p:{target}:{v}": round(p, 7) for v, p in stance.probabilities.items()}
        evidence = list_evidence(found)
        row["evidence"] = json.dumps(evidence, ensure_ascii=False) if evidence else None
        return row | {"model": found.model, "codebook": found.codebook}

    return flatten_one


@pytest.fixture(scope="session")
def nest() -> Any:
    """Return what nests one prediction by hand, as lines of JSON are said to be."""

    def nest_one(found: Prediction) -> dict[str, Any]:
        row = {name: cell for name, cell in describe(found).items() if name != "target" or cell}
        row["frames"] = None if found.frames is None else list(found.frames)
        if found.uncertain is not None:
            row["uncertain"] = list(found.uncertain)
        row["probabilities"] = found.probabilities and round_all(found.probabilities)
        row["stance"] = found.stance and {
            target: {"value": stance.value, "probabilities": round_all(stance.probabilities)}
            for target, stance in found.stance.items()
        }
        row["evidence"] = list_evidence(found)
        return row | {"model": found.model, "codebook": found.codebook}

    return nest_one


def describe(found: Prediction) -> dict[str, Any]:
    names = ("id", "article", "source", "date", "title", "kind", "text")
    row = {name: getattr(found.paragraph, name) for name in names}
    return row | {"target": found.paragraph.mention}


def join(names: tuple[str, ...] | None) -> str | None:
    return None if names is None else ";".join(names) or "[]"


def round_all(shares: Any) -> dict[str, float]:
    return {name: round(share, 7) for name, share in shares.items()}


def list_evidence(found: Prediction) -> list[dict[str, Any]]:
    return [asdict(replace(item, weight=round(item.weight, 4))) for item in found.evidence]


@pytest.fixture(scope="session")
def odd_units() -> list[Paragraph]:
    """Units with what is hard to write: quotes, line ends, formulas, emoji, nothing at all."""
    texts = (
        'A "ban", they said;\nad\\nauseam. İzmir ban ban',
        "=SUM(1) good \U0001f600 ban\r\nlift",
        "",
        "bad bad \u2028\x00\x1f\x7f good",
        "Critics praised Ann, while voters blamed Bob. export ban",
        "ΟΔΟΣ İ “ban’s” rare earth",
    )
    kinds = ("paragraph", "boilerplate", "headline")
    mentions = (None, "Ann", "Bob", "Zoe")
    return [
        Paragraph(
            f"a{n % 4}:{n}",
            f"a{n % 4}",
            texts[n % 6],
            0,
            len(texts[n % 6]),
            kinds[n % 5 % 3],
            title=(None, "-T", 'The "T"\t')[n % 3],
            source=("Post", None, "\u00e9", "")[n % 4],
            date="2025-04" if n % 2 else None,
            mention=mentions[n % 7 % 4],
        )
        for n in range(60)
    ]


@pytest.fixture(params=["wild", "tiny", "pointed", "banded", "frameless"])
def any_model(request: pytest.FixtureRequest, wild: Model, tiny: Model, pointed: Model) -> Model:
    """Return models with and without frames, stances, mentions and promises."""
    models = {"wild": wild, "tiny": tiny, "pointed": pointed}
    models["banded"] = replace(
        wild, frames=tuple(replace(head, band=(0.2, 0.7)) for head in wild.frames)
    )
    n_frames = len(wild.frames)
    models["frameless"] = replace(
        wild,
        frames=(),
        coefficients=wild.coefficients[:, n_frames:],
        intercepts=wild.intercepts[n_frames:],
    )
    return models[request.param]
