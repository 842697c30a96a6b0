"""Fingerprints of texts: enough to find one again, and nothing of what it says."""

from __future__ import annotations

import hashlib


def hash_text(text: str) -> str:
    r"""Hash a text, however its white space is set: 10 hexadecimal digits (BLAKE2b, 40 bits).

    Model files hold them: another hash would find none of their texts again.

    >>> hash_text("The ban\nhurts."), hash_text(" The  ban hurts. ")
    ('32c825a384', '32c825a384')
    """
    plain = " ".join(text.split()).encode("utf-8", errors="surrogatepass")
    return hashlib.blake2b(plain, digest_size=5).hexdigest()
