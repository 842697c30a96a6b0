"""The audit of coded data as Markdown, and its disputes as rows to adjudicate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from framing.reporting.tables import format_estimate, format_share, format_table
from framing.reporting.training import list_skipped

Content = Mapping[str, Any]

DISPUTE_COLUMNS: Mapping[str, Any] = {
    "id": "text",
    "source": "text",
    "label": "text",
    "code": "text",
    "other": "text",
    "probability": "number",
    "text": "text",
}

_HELD_OUT = {"source": "sources", "grouped": "articles"}
_SHOWN = 10
_EXCERPT = 100


def format_audit(content: Content) -> str:
    """Write an audit report (see ``AuditReport.to_dict``) as Markdown."""
    parts = ["## What is coded", *_format_tally(content["tally"]), *list_skipped(content)]
    if content["disputes"] is not None:
        parts += ["## Disputed codes", *_format_disputes(content)]
    if content["copies"] is not None:
        parts += ["## Copies", *_format_copies(content["copies"])]
    if content["cues"] is not None:
        parts += ["## Source cues", *_format_cues(content["cues"], content["losses"])]
    if content["curves"] is not None:
        parts += ["## Learning curves", *_format_curves(content["curves"])]
    return "\n\n".join(parts)


def list_disputes(content: Content) -> Iterator[dict[str, Any]]:
    """Give disputed codes as rows of `DISPUTE_COLUMNS`, the least probable first."""
    for item in content["disputes"] or ():
        unit = item["unit"]
        yield {
            "id": unit["id"],
            "source": unit["source"],
            **{name: item[name] for name in ("label", "code", "other", "probability")},
            "text": unit["text"],
        }


def _format_tally(tally: Content) -> list[str]:
    whole = tally["whole"]
    named = [
        *tally["frames"].items(),
        *((f"{t}: {v}", e) for t, values in tally["stances"].items() for v, e in values.items()),
    ]
    rows = [["all", *_extent(whole)], ["no frame", *_extent(tally["unframed"])]]
    rows += [[name, *_extent(extent)] for name, extent in named]
    density = tally["density"]
    sentence = (
        f"{format_share(tally['unframed']['n_units'] / max(1, tally['framed']['n_units']))} of the "
        f"units coded for frames carry none; one carries {format_share(density)} on average."
    )
    table = format_table(["coded", "units", "articles", "sources"], rows)
    return [table, *([sentence] if density is not None else [])]


def _extent(extent: Content) -> list[str]:
    return [str(extent[name]) for name in ("n_units", "n_articles", "n_sources")]


def _format_disputes(content: Content) -> list[str]:
    disputes, n_codes = content["disputes"], content["n_codes"]
    counts = Counter(item["label"] for item in disputes)
    rows = [
        [label, str(counts[label]), format_share(counts[label] / n if n else None)]
        for label, n in n_codes.items()
    ]
    note = (
        "A code is disputed if a model that did not see the unit finds another one more probable "
        "than it is on average for units that hold it (confident learning). Most disputes are "
        "mistakes of the model: read the unit again, by the codebook alone, before changing a code."
    )
    shown = [
        [
            _excerpt(item["unit"]),
            item["label"],
            f"{item['code']} ({format_share(item['probability'])})",
            item["other"],
        ]
        for item in disputes[:_SHOWN]
    ]
    table = format_table(["unit", "label", "coded (probability)", "disputed for"], shown)
    return [
        f"{len(disputes)} codes are disputed. {note}",
        format_table(["label", "disputed", "share"], rows),
        *([f"The {len(shown)} least probable:", table] if shown else []),
    ]


def _format_copies(copies: Sequence[Content]) -> list[str]:
    if not copies:
        return ["No unit copies one of another article."]
    differing = sum(not copy["same"] for copy in copies)
    shown = sorted(copies, key=lambda copy: copy["same"])[:_SHOWN]
    rows = [
        [c["first"]["id"], c["second"]["id"], f"{c['resemblance']:.2f}", _yes(c["same"])]
        for c in shown
    ]
    opening = (
        f"{len(copies)} units copy one of another article (half or more of their word 3-grams "
        f"shared, or copies of copies), {differing} of them coded differently. Splits keep copies "
        f"on one side. {len(rows)} of them, those coded differently first:"
    )
    return [opening, format_table(["unit", "copied in", "resemblance", "coded alike"], rows)]


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _format_cues(cues: Sequence[Content], losses: Sequence[Content]) -> list[str]:
    if not cues:
        return ["No strong term of any frame tells the source or the date."]
    rows = [[c["label"], c["term"], c["clue"], c["source"] or "", str(c["n_units"])] for c in cues]
    masked = [[item["label"], format_estimate(item["f1"])] for item in losses]
    return [
        format_table(["frame", "term", "tells", "mostly in", "units"], rows),
        f"F1 that is lost, whole {_HELD_OUT[losses[0]['split']]} held out, when all these terms "
        "are blanked (below 0: the frame is found better without them):",
        format_table(["frame", "loss of F1"], masked),
    ]


def _format_curves(curves: Sequence[Content]) -> list[str]:
    if not curves:
        return ["No frame to draw a curve for."]
    sizes = [f"{n} articles" for n in curves[0]["n_articles"]]
    rows = [
        [
            curve["label"],
            *(format_share(point["value"]) for point in curve["average_precision"]),
            format_estimate(curve["gain"], digits=3),
        ]
        for curve in curves
    ]
    note = (
        "Average precision out of fold, by training articles; the last column carries a power law "
        "fitted to the error on, from all coded articles by 50 more of the same kind, with a 95% "
        "interval from a bootstrap over articles (which does not doubt the law itself)."
    )
    return [note, format_table(["frame", *sizes, "gain of the next 50"], rows)]


def _excerpt(unit: Content) -> str:
    short = " ".join(unit["text"].split())
    return short if len(short) <= _EXCERPT else short[: _EXCERPT - 3].rstrip() + "..."
