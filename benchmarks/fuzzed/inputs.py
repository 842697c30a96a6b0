"""First inputs of the harness: whole models, texts that hold their terms, and requests."""

from __future__ import annotations

import random

PIECES = (
    *("ban", "Ban", "lift", "ore", "a", "b", "ab", "ba", "é", "É", "ж", "Ж", "K", "Ⱥ", "Σ", "İ"),
    *(" ", " ", " ", "  ", "\n", "_", ",", "-", "“", "—", "!", "😀", "ban ban", "a" * 20),
)
TOKENS, WORDS, MARKS = range(3)
FIRST = (TOKENS, WORDS, MARKS, TOKENS)
"""What blocks cut a text into; as `Cut` of the kernel."""


def make_input(draw: random.Random) -> bytes:
    """Write one input as the harness takes it apart."""
    texts = [_make_text(draw) for _ in range(draw.randint(1, 5))]
    blocks = draw.sample(FIRST, draw.randint(1, 4))
    data = "".join(texts).encode()[:255]
    lengths = [len(text.encode()) for text in texts]
    parts = [bytes([len(blocks), draw.randint(0, 5)])]
    parts += [_make_block(cut, texts, draw) for cut in blocks]
    parts.append(bytes([len(data)]) + data)
    parts.append(bytes([len(texts), 1, *lengths, 0]))
    parts.append(_make_requests(len(texts), draw))
    return b"".join(parts)


def _make_text(draw: random.Random) -> str:
    text = "".join(draw.choices(PIECES, k=draw.randint(0, 14)))
    return text.encode()[:50].decode(errors="ignore")


def _make_block(cut: int, texts: list[str], draw: random.Random) -> bytes:
    low, more = draw.randint(0, 1), draw.randint(0, 3)
    grams = sorted(_list_grams(cut, texts, low + 1, low + 1 + more))
    terms = "\n".join(draw.sample(grams, min(len(grams), 12))).encode()
    terms = terms[:255].decode(errors="ignore").encode()
    options = [cut, low, more, draw.randint(0, 1), draw.randint(0, 3), len(terms)]
    return bytes(options) + terms


def _list_grams(cut: int, texts: list[str], low: int, high: int) -> set[str]:
    """List n-grams of the texts, roughly as the kernel finds them."""
    grams = {"ban"}
    for text in texts:
        lowered = text.lower()
        pieces = ["".join(c if c.isalnum() or c == "_" else " " for c in lowered).split()]
        if cut == WORDS:
            pieces = [list(f" {word} ") for word in lowered.split()]
        elif cut == MARKS:
            pieces = [[c for c in lowered if not (c.isalnum() or c.isspace() or c == "_")]]
        glue = "" if cut == WORDS else " "
        for run in pieces:
            for n in range(low, high + 1):
                grams |= {glue.join(run[at : at + n]) for at in range(len(run) - n + 1)}
    return grams


def _make_requests(n_texts: int, draw: random.Random) -> bytes:
    contrasts = [(draw.randint(0, 5), 0, draw.randint(0, 5)) for _ in range(3 * n_texts)][:12]
    rows = [(draw.randint(0, 3), 0) for _ in range(n_texts + 1)]
    flat = [number for group in (*contrasts, *rows) for number in group]
    return bytes([len(contrasts), *flat, draw.randint(0, 6)])
