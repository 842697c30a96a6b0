"""One small model, trained once a session on a corpus of our own, and the files that go with it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings

from framing.coding.codebook import format_codebook
from framing.coding.scheme import Codebook, Frame, StanceTarget, StanceValue
from framing.schema import CodedUnit, Coding, Paragraph
from framing.version import VERSION

if TYPE_CHECKING:
    from framing.learning.training import Settings, TrainingReport
    from framing.scoring.model import Model

# CI must not fail one day by luck; at home every run explores anew.
hypothesis_settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    hypothesis_settings.load_profile("ci")

# Each sentence is told in three wordings, so that articles say the same and do not copy each other.
_COST = (
    (
        "The bill for the bridge, in money, has doubled since the first estimate.",
        "Money again: since that estimate, the first of three, the bill of the bridge doubled.",
        "A bridge bill twice the estimate: money doubled, as bills do.",
    ),
    (
        "Taxpayers will pay levy money for twenty years to cover the loan.",
        "To cover its loan money, a levy, is due from taxpayers, for years to come.",
        "The loan means a levy; taxpayers pay its money twenty years on.",
    ),
    (
        "The price of steel pushed the money budget over its limit again.",
        "Over the money limit again: steel at this price pushed up every budget.",
        "Again the budget broke its limit, pushed there by steel and the money it takes.",
    ),
    (
        "Auditors counted three million in money spent on plans alone.",
        "Money of three million, auditors say, was spent, and counted, for plans.",
        "On plans alone some million of money were spent that auditors counted.",
    ),
    (
        "Interest on the loan now costs more money than the ferry did.",
        "The loan now costs money, interest, and more than a ferry ever did.",
        "More interest: what money the loan costs now, no ferry did.",
    ),
)
_SAFETY = (
    (
        "Inspectors found danger, cracks in the second pier, after the storm.",
        "After a storm the inspectors looked, and in one pier found a danger of cracks.",
        "Cracks, a danger, were found by inspectors; the second pier had a storm to bear.",
    ),
    (
        "A cyclist in danger was hurt when a railing gave way on Monday.",
        "On Monday some railing gave, a danger, and the cyclist who leant on it was hurt.",
        "When that railing gave way a cyclist, hurt, lay in danger below it.",
    ),
    (
        "Engineers warned of danger: the old deck could collapse under ice.",
        "Under ice, engineers have warned, danger: an old deck may collapse.",
        "That deck is old and could, a danger engineers warned of, in ice collapse.",
    ),
    (
        "The accident and danger was the fourth on the narrow crossing this year.",
        "This narrow crossing of danger saw its fourth accident in a year.",
        "On so narrow a crossing one accident a year is danger, no fourth too many.",
    ),
    (
        "Loose bolts and rust made the footpath a danger, inspectors said.",
        "Inspectors said rust and bolts, loose ones, make a footpath, in danger, shake.",
        "A footpath of danger, inspectors said: bolts loose, rust on all.",
    ),
)
_PLAIN = (
    (
        "The council meets on the first Thursday of the month.",
        "First Thursday, each month: the council meets then.",
        "In a month the council meets once, Thursday at first.",
    ),
    (
        "The river is two hundred metres wide at the old mill.",
        "At this mill, an old one, our river is some hundred metres wide.",
        "Two hundred wide metres of river pass the mill.",
    ),
    (
        "Swans have nested below the weir since the spring.",
        "Below that weir, since spring, swans nested.",
        "Since the spring there were swans that have nested by a weir.",
    ),
    (
        "The mayor opened the new library with a short speech.",
        "With one short speech a mayor has opened our new library.",
        "A new library was opened; the speech by the mayor was short.",
    ),
    (
        "A market is held on the square every Saturday morning.",
        "Every Saturday the square has its market, held in the morning.",
        "On Saturday morning the market fills that square.",
    ),
)
_FAVOR = (
    (
        "The town should build the bridge, and welcome it.",
        "Welcome it, and build: the town should have that bridge.",
        "A town should welcome the bridge it may build.",
    ),
    (
        "A new bridge is the best thing that could happen here.",
        "Here the best that could happen is a bridge, and new.",
        "The best thing here would be if the new bridge could happen.",
    ),
    (
        "Residents cheered the plan and hope it succeeds.",
        "The plan was cheered, and residents hope that it succeeds.",
        "It succeeds, residents hope, who cheered for the plan.",
    ),
)
_OPPOSE = (
    (
        "The bridge is a folly and must be stopped.",
        "Stopped it must be, this folly of a bridge.",
        "A folly, that bridge, which must now be stopped.",
    ),
    (
        "Nobody asked for this bridge, a mistake from the start.",
        "From the start a mistake: for a bridge nobody asked.",
        "This bridge was a mistake that nobody, from its start, asked for.",
    ),
    (
        "Residents jeered the plan and hope it fails.",
        "The plan was jeered, and residents hope that it fails.",
        "It fails, residents hope, who jeered at the plan.",
    ),
)
_PATTERN = (  # one article: which sentence pools a paragraph draws on
    (("cost",), "oppose"),
    (("safety",), "favor"),
    ((), "none"),
    (("cost", "safety"), "none"),
    ((), "favor"),
)
_SOURCES = ("Weir Post", "Mill Herald", "Ferry Gazette")


@dataclass(frozen=True)
class Passage:
    """A coded paragraph of the corpus."""

    article: str
    source: str
    date: str
    title: str
    text: str
    frames: tuple[str, ...]
    stance: str


@pytest.fixture(scope="session")
def corpus() -> tuple[Passage, ...]:
    """60 paragraphs of 12 articles by 3 sources; 24 a frame; 24 favor, 12 oppose, 24 none."""
    return tuple(_write_passage(n, place) for n in range(12) for place in range(len(_PATTERN)))


def _write_passage(number: int, place: int) -> Passage:
    frames, stance = _PATTERN[place]
    pools = [{"cost": _COST, "safety": _SAFETY}[frame] for frame in frames]
    pools += [{"favor": _FAVOR, "oppose": _OPPOSE}[stance]] if stance != "none" else []
    told = (pool[(number + place) % len(pool)] for pool in [*pools, _PLAIN])
    sentences = [wordings[number // 5] for wordings in told]
    source = _SOURCES[number % 3]
    return Passage(
        article=f"{source.split()[1].lower()}/day-{number}",
        source=source,
        date=f"{2020 + number // 4}-0{1 + number % 4}-1{number % 10}",
        title=f"The bridge, part {number + 1}",
        text=" ".join(sentences),
        frames=frames,
        stance=stance,
    )


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    """Two frames and one stance target with a neutral value."""
    values = (
        StanceValue("favor", "For the bridge."),
        StanceValue("oppose", "Against it."),
        StanceValue("none", "Neither."),
    )
    return Codebook(
        "bridges",
        "1.2.0",
        title="How bridges are reported",
        description="One paragraph is one unit.",
        frames=(
            Frame("cost", "Cost", "Money is spent or owed.", cues=("bill", "loan*", "budget")),
            Frame("safety", "Safety", "Somebody may be hurt.", ("A warning.",), ("A wish.",)),
        ),
        targets=(StanceTarget("bridge", "The bridge", "The new one.", values, "none"),),
        rules=("Read the paragraph alone.",),
    )


@pytest.fixture(scope="session")
def coded_units(corpus: tuple[Passage, ...], codebook: Codebook) -> tuple[CodedUnit, ...]:
    """The corpus as the learning floor takes it."""
    return tuple(_code(number, passage, codebook) for number, passage in enumerate(corpus))


def _code(number: int, passage: Passage, codebook: Codebook) -> CodedUnit:
    name = f"{passage.article}:{number}"
    paragraph = Paragraph(
        name,
        passage.article,
        passage.text,
        0,
        len(passage.text),
        title=passage.title,
        source=passage.source,
        date=passage.date,
    )
    frames = {frame: frame in passage.frames for frame in codebook.frame_ids}
    return CodedUnit(paragraph, Coding(name, "ann", frames, {"bridge": passage.stance}))


@pytest.fixture(scope="session")
def coded_rows(coded_units: tuple[CodedUnit, ...]) -> tuple[dict[str, object], ...]:
    """The corpus as rows of coded data."""
    return tuple(
        {
            "id": unit.paragraph.id,
            "article": unit.paragraph.article,
            "source": unit.paragraph.source,
            "date": unit.paragraph.date,
            "title": unit.paragraph.title,
            "text": unit.paragraph.text,
            "frames": [frame for frame, present in unit.coding.frames.items() if present],
            "stance": dict(unit.coding.stance),
        }
        for unit in coded_units
    )


@pytest.fixture(scope="session")
def write_rows() -> Callable[[Path, object], Path]:
    """Return what writes rows as JSONL and returns the path."""

    def write(path: Path, rows: object) -> Path:
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]  # type: ignore[attr-defined]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the files below, which no test writes to."""
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="session")
def coded_file(shared: Path, coded_rows: object, write_rows: Callable[..., Path]) -> Path:
    """The corpus as coded data."""
    return write_rows(shared / "coded.jsonl", coded_rows)


@pytest.fixture(scope="session")
def codebook_file(shared: Path, codebook: Codebook) -> Path:
    """The codebook as YAML."""
    path = shared / "bridges.yaml"
    path.write_text(format_codebook(codebook), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def articles(shared: Path, corpus: tuple[Passage, ...]) -> Path:
    """The corpus as a folder of articles with front matter, a folder a source."""
    folder = shared / "articles"
    for article in dict.fromkeys(passage.article for passage in corpus):
        passages = [passage for passage in corpus if passage.article == article]
        first = passages[0]
        matter = f"---\nsource: {first.source}\ndate: {first.date}\ntitle: {first.title}\n---\n"
        path = folder / f"{article}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        body = "\n\n".join(passage.text for passage in passages)
        path.write_text(f"{matter}\n{body}\n\n3 Comments\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def small_settings() -> Settings:
    """As little as training can do: one setting a label, two folds of two."""
    from framing.learning.candidates import PLAIN, Candidate, Search
    from framing.learning.design import Design
    from framing.learning.training import Settings

    only = Search(Candidate(PLAIN, C=10.0), {})
    return Settings(
        frames=only,
        stances=only,
        mentions=only,
        splits=(),
        design=Design(n_folds=2, n_inner_folds=2, resamples=100),
    )


@pytest.fixture(scope="session")
def trained(
    coded_units: tuple[CodedUnit, ...], codebook: Codebook, small_settings: Settings
) -> tuple[Model, TrainingReport]:
    """The model and the report of its training."""
    from framing.learning.training import train

    return train(coded_units, codebook, settings=small_settings, version=VERSION)


@pytest.fixture(scope="session")
def model(trained: tuple[Model, TrainingReport]) -> Model:
    """The model."""
    return trained[0]


@pytest.fixture(scope="session")
def model_file(shared: Path, model: Model) -> Path:
    """The model's file."""
    from framing.scoring.modelfile import save_model

    path = shared / "bridges.safetensors"
    save_model(model, path)
    return path
