"""What could not be used: counted, listed in a quarantine file, and told in one line at the end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryFile

import typer

from framing.records.packing import strip_packing
from framing.records.writing import write_atomically
from framing.schema import InputError, Problem

_SHOWN, _SHOWN_ALONE = 3, 5
"""Problems shown where the rest can be looked up in a file, and where they cannot."""
_REASONS = 5
_PARTICULARS = re.compile(r"(?<!\w)'.*?'(?!\w)|\"[^\"]*\"|\d+")
"""What differs from one problem to the next of its kind: names, texts and numbers."""


class ProblemLog:
    """Receives problems; with `strict`, the first that loses something stops the command."""

    def __init__(self, path: Path | None, *, strict: bool = False) -> None:
        self.path = path
        self.lost = 0
        self.flawed = 0
        self._strict = strict
        self._first: list[Problem] = []
        self._reasons: Counter[str] = Counter()
        self._spool = TemporaryFile("w+b")  # noqa: SIM115  closed by `keep_problems`

    def __call__(self, problem: Problem) -> None:
        """Note a problem."""
        if self._strict and problem.lost:
            raise InputError(
                problem.reason, where=problem.where, fix="mend it, or leave out --strict"
            )
        self.lost += problem.lost
        self.flawed += not problem.lost
        if len(self._first) < (_SHOWN if self.path else _SHOWN_ALONE):
            self._first.append(problem)
        self._reasons[_PARTICULARS.sub("...", problem.reason)] += 1
        if self.path:
            import json

            line = json.dumps(asdict(problem), ensure_ascii=False) + "\n"
            self._spool.write(line.encode("utf-8", errors="replace"))

    def require_some(self, n_used: int) -> None:
        """Refuse a run that lost something and used nothing; where nothing was lost, it may be so.

        Raises
        ------
        InputError
        """
        if self.lost and not n_used:
            raise InputError("nothing that was given could be used", fix="mend what is told above")

    def close(self, *, done: bool = True) -> None:
        """Write the quarantine file, if there is anything for it, and say what happened.

        What an earlier run left is removed where this one is done and met no problem.
        """
        with self._spool:
            self._tell()
            if self.path and not (self.lost or self.flawed):
                if done and self.path.is_file():  # a device, such as /dev/null, stays
                    with suppress(OSError):
                        self.path.unlink()
            elif self.path:
                self._spool.seek(0)
                with write_atomically(self.path) as stream:
                    while chunk := self._spool.read(1 << 20):
                        stream.write(chunk)

    def _tell(self) -> None:
        if not (self.lost or self.flawed):
            return
        for problem in self._first:
            typer.echo(f"  {problem.where}: {problem.reason}", err=True)
        if self.lost + self.flawed > len(self._first):
            typer.echo("  ..." if self.path else f"  in all: {self._count_reasons()}", err=True)
        counted = [
            f"{number} {word}"
            for number, word in (
                (self.lost, "could not be used"),
                (self.flawed, "used with a remark"),
            )
            if number
        ]
        listed = f" (listed in {self.path})" if self.path else ""
        typer.echo(f"{', '.join(counted)}{listed}", err=True)

    def _count_reasons(self) -> str:
        counted = [f"{number} × {reason}" for reason, number in self._reasons.most_common(_REASONS)]
        more = len(self._reasons) - len(counted)
        return "; ".join(counted) + (f"; and {more} more reasons" if more > 0 else "")


@contextmanager
def keep_problems(path: Path | None = None, *, strict: bool = False) -> Iterator[ProblemLog]:
    """Keep a log for the length of a block; it is written even if the block fails."""
    log = ProblemLog(path, strict=strict)
    try:
        yield log
    except BaseException:
        log.close(done=False)
        raise
    log.close()


def name_quarantine(output: str) -> Path | None:
    """Name the quarantine file of an output: beside it, or none where it goes to a stream.

    >>> name_quarantine("out/news.v2.jsonl.gz").name, name_quarantine("-")
    ('news.v2.quarantine.jsonl', None)
    """
    path = Path(output)
    if output == "-" or (path.exists() and not path.is_file()):
        return None
    return path.with_name(f"{strip_packing(path).stem}.quarantine.jsonl")
