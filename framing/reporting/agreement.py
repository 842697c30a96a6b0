"""Agreement of coders as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from framing.coding.reliability import Agreement
from framing.reporting.tables import format_estimate, format_share, format_table
from framing.schema import describe

_GOOD = 0.8


def format_agreement(found: Sequence[Agreement]) -> str:
    """Write Krippendorff's alpha for each label, with its interval and what it rests on."""
    rows = [
        [
            item.label,
            format_estimate(describe(item.alpha)),
            format_share(item.percent),
            str(item.alpha.n_units),
            str(item.alpha.n_articles),
            ", ".join(f"{value} {count}" for value, count in item.counts.items()),
        ]
        for item in found
    ]
    header = ["label", "alpha", "agreement", "units", "articles", "codes"]
    notes = [f"{item.label}: {item.reason}." for item in found if item.reason]
    low = [item.label for item in found if item.alpha.value < _GOOD]
    if low:
        notes.append(f"Below {format_share(_GOOD)}: {', '.join(low)}.")
    explained = (
        "Krippendorff's alpha, nominal; 1 is perfect agreement and 0 is chance. Intervals are 95%, "
        "from a bootstrap over articles. Units that only one coder coded do not count."
    )
    return "\n\n".join([format_table(header, rows), *notes, explained])
