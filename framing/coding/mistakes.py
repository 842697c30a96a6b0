"""Codings that do not fit, gathered over a file so that one message shows the first few."""

from __future__ import annotations

from dataclasses import dataclass, field

from framing.schema import CodingError, Problem, ProblemSink

_MOST_KINDS = 4
_MOST_ROWS = 5


@dataclass(slots=True)
class Mistakes:
    """What is wrong, and in which rows; nothing is raised until all of it is known.

    Examples
    --------
    >>> mistakes = Mistakes()
    >>> mistakes.add("a.csv, row 4", "no frame 'rsik'")
    >>> mistakes.add("a.csv, row 9", "no frame 'rsik'")
    >>> mistakes.refuse(fix="correct it")
    Traceback (most recent call last):
    framing.schema.CodingError: a.csv: no frame 'rsik' in row 4, row 9; correct it
    """

    found: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, place: str, what: str) -> None:
        """Note a mistake; `place` is ``file, row N``."""
        file, _, row = place.rpartition(", ")
        self.found.setdefault((file, what), []).append(row)

    def refuse(self, *, fix: str) -> None:
        """Raise CodingError if there is any mistake, else do nothing."""
        if not self.found:
            return
        first = next(iter(self.found))[0]
        shown = [
            f"{what} in {_list_rows(rows)}" + ("" if file == first else f" of {file}")
            for (file, what), rows in list(self.found.items())[:_MOST_KINDS]
        ]
        more = len(self.found) - len(shown)
        tail = f", and {more} more" if more > 0 else ""
        raise CodingError(", ".join(shown) + tail, where=first or None, fix=fix)

    def pass_over(self, report: ProblemSink | None) -> None:
        """Report each mistake, once a file, as something that was left out, and forget them all."""
        for (file, what), rows in self.found.items():
            if report:
                report(Problem(file, f"{what}: left out in {_list_rows(rows)}", lost=False))
        self.found.clear()


def _list_rows(rows: list[str]) -> str:
    more = len(rows) - _MOST_ROWS
    return ", ".join(rows[:_MOST_ROWS]) + (f" and {more} more" if more > 0 else "")
