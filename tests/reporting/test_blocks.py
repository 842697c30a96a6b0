"""Blocks of a report as Markdown."""

from __future__ import annotations

from framing.reporting.blocks import Bullets, Heading, Table, Verbatim, format_blocks
from framing.reporting.tables import format_table


def test_each_block_stands_apart_as_markdown():
    header, rows = ["frame", "n"], [["risk", "1"]]
    blocks = [
        Heading("Frames"),
        "Prose.",
        Table(header, rows),
        Bullets("Not learnt:", ["a", "b"]),
        Verbatim("Signature", "x|y"),
    ]
    assert format_blocks(blocks) == (
        f"### Frames\n\nProse.\n\n{format_table(header, rows)}\n\n"
        "Not learnt:\n\n- a\n- b\n\nSignature: `x|y`"
    )


def test_no_blocks_are_no_text():
    assert format_blocks([]) == ""
