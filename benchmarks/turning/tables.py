"""What was found out about planned turns, as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from framing.measuring.drift import Drift
from framing.reporting.tables import format_share, format_table
from framing.reporting.wording import count, format_p
from turning.dated import Verdict
from turning.groups import Pooled
from turning.moves import Directions
from turning.search import Distance, Found

Titled = Mapping[str, Verdict]


def show_dated(verdicts: Titled, smallest: str) -> Iterator[str]:
    """Lay out the tests at dates given beforehand."""
    yield "## Tests at given dates"
    yield (
        "An outlet's articles before a date against those from then on: exact p over all ways to "
        "part them, all labels together. Behind a share stand the one expected by chance (few "
        "articles know few p-values) and 95% of permutations within outlets. Mean distance: in "
        f"deviations by chance, with its standard error by chance. {smallest}"
    )
    levels = list(next(iter(verdicts.values())).shares)
    header = ["dates", "tests", "outlets"]
    for level in levels:
        header += [f"p <= {format_share(level)}", "by chance", "p of it"]
    rows = []
    for name, verdict in verdicts.items():
        row = [name, f"{verdict.n_cases:,}", str(verdict.n_outlets)]
        for level in levels:
            share = verdict.shares[level]
            spread = f"{share.expected:.1%} [{share.low:.1%}, {share.high:.1%}]"
            row += [f"{share.found:.1%}", spread, format_p(share.p)]
        rows.append([*row, f"{verdict.mean:+.2f} ± {verdict.spread:.2f}", _p(verdict.p)])
    yield format_table([*header, "mean distance", "p of it "], rows)


def show_moves(found: Mapping[str, Directions]) -> Iterator[str]:
    """Lay out how many labels moved the planned way."""
    yield "## Directions"
    yield (
        "Labels that a planned turn should raise or lower: those that the plan names by their ids, "
        "and those read off its words before the codings were looked at. In brackets 95% of "
        "permutations."
    )
    rows = [
        [
            *(name, str(moved.n_turns), f"{moved.right:.0f}", f"{moved.wrong:.0f}"),
            *(f"{moved.still:.0f}", f"{moved.share:.0%}"),
            f"{moved.expected:.0%} [{moved.low:.0%}, {moved.high:.0%}]",
            *(_p(moved.p_share), _p(moved.p_size)),
        ]
        for name, moved in found.items()
        if moved.n_moves
    ]
    header = ["moves", "turns", "right", "wrong", "still", "right of moved", "by chance"]
    yield format_table([*header, "p", "p by size"], rows)


def show_search(found: Found) -> Iterator[str]:
    """Lay out how far found turns are from planned ones."""
    yield "## Blind search"
    yield (
        f"The place of the largest distance in each of {found.n_outlets} outlets, at least two "
        "articles on each side, and the nearest planned turn."
    )
    named = {
        "not the planned place": found.exact,
        "articles off": found.articles,
        "years off": found.years,
    }
    rows = [[name, *_show_distance(distance)] for name, distance in named.items()]
    yield format_table(["mean", "found", "place at random", "articles permuted", "p"], rows)


def _show_distance(distance: Distance) -> list[str]:
    permuted = f"{distance.permuted:.2f} [{distance.low:.2f}, {distance.high:.2f}]"
    return [f"{distance.found:.2f}", f"{distance.anywhere:.2f}", permuted, _p(distance.p)]


def show_drift(drift: Drift, turning: set[str]) -> Iterator[str]:
    """Lay out what stands in the report on drift, by outlets that turn and those that do not."""
    yield "## The report on drift"
    profiles, turns = drift.profile_turns, drift.turns
    alpha = drift.facts["alpha"]
    yield (
        f"{count(drift.facts['n_tests'], 'test')}, {len(profiles):,} of them of whole profiles, "
        f"corrected together at {format_share(alpha)}."
    )
    rows = []
    for kind, wanted in (("turning", True), ("constant", False)):
        own = profiles[profiles["source"].isin(turning) == wanted]
        single = turns[turns["source"].notna() & (turns["source"].isin(turning) == wanted)]
        trends = drift.trends[drift.trends["source"].notna()]
        trends = trends[trends["source"].isin(turning) == wanted]
        able = (own["smallest"] <= alpha / drift.facts["n_tests"]).sum()
        rows.append(
            [
                *(kind, str(len(own)), str(int(own["stands"].sum()))),
                f"{(own['p'] <= alpha).mean():.1%}",
                *(format_p(own["p"].min()), str(able)),
                f"{single[single['stands'].eq(True)]['source'].nunique()} of "
                f"{single['source'].nunique()}",
                f"{trends[trends['stands'].eq(True)]['source'].nunique()} of "
                f"{trends['source'].nunique()}",
            ]
        )
    header = ["outlets", "profiles", "that stand", f"p <= {format_share(alpha)}", "smallest p"]
    able = "could stand by themselves"
    yield format_table([*header, able, "with a label's turn", "with a trend"], rows)


def show_groups(year: str, pooled: Mapping[str, Sequence[Pooled]]) -> Iterator[str]:
    """Lay out groups of outlets."""
    yield f"## Groups around {year}"
    yield (
        f"Outlets that were to turn in {year} as one source, and constant outlets likewise: share "
        "of groups with p at most .05 in the search over all years, share whose search ends at "
        f"{year}; share with p at most .05 at {year} itself, articles permuted within outlets; and "
        "share with p at most .05 for moves in the directions read off the plan. Constant outlets "
        "borrow the directions of those that turn. Groups are drawn from the same outlets, so that "
        "large ones are much alike."
    )
    rows = [
        [
            *(name, str(group.n_outlets), f"{group.n_articles:.0f}", str(group.n_draws)),
            *(f"{share:.0%}" for share in (group.searched, group.placed, group.dated, group.moved)),
        ]
        for name, groups in pooled.items()
        for group in groups
    ]
    header = ["groups of", "outlets", "articles", "groups", "found", f"at {year}", "given the year"]
    header.append("planned way")
    yield format_table(header, rows)


def _p(p: float) -> str:
    """Write a p-value that permutations count, to one digit where it is small."""
    return f"{p:.1g}".replace("0.", ".") if p < 0.001 else format_p(p)
