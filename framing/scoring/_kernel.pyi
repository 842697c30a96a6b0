"""What the compiled extension offers; `framing.scoring.kernel` holds its sources."""

from _typeshed import ReadableBuffer as Buffer

class TextError(ValueError):
    """A text that cannot be read: (row, reason)."""

class Scorer:
    """The blocks of a model that read the text, and its weights."""

    def __new__(
        cls,
        blocks: tuple[tuple[int, int, int, bool, float, int, Buffer, Buffer], ...],
        coefficients: Buffer,
        intercepts: Buffer,
        n_rows: int,
        n_columns: int,
        /,
    ) -> Scorer: ...
    def score(
        self, offsets: Buffer, data: Buffer, first: int, count: int, wide: bool, out: Buffer, /
    ) -> bytes: ...
    def find_terms(
        self,
        offsets: Buffer,
        data: Buffer,
        first: int,
        count: int,
        wide: bool,
        indptr: Buffer,
        columns: Buffer,
        others: Buffer,
        limit: int,
        /,
    ) -> tuple[bytes, bytes]: ...

def check_terms(packed: Buffer, /) -> tuple[int, bool, bool]: ...
def describe_character(code: int, /) -> tuple[int, bool, bool, bool, bool]: ...
