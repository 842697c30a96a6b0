"""A codebook as a coder reads it: all of it, in order."""

from __future__ import annotations

from dataclasses import replace

from framing.coding.scheme import Codebook, Frame
from framing.reporting.codebooks import format_for_coders


def test_everything_in_it_is_printed_in_order(codebook):
    text = format_for_coders(codebook)
    parts = [
        "# How bridges are reported",
        f"bridges 1.2.0 ({codebook.hash})",
        "One paragraph is one unit.",
        "## Frames",
        "### Cost (`cost`)",
        "Money is spent or owed.",
        "Cues: bill, loan*, budget",
        "### Safety (`safety`)",
        "Code it when:\n- A warning.",
        "Do not code it when:\n- A wish.",
        "## Stances",
        "### The bridge (`bridge`)",
        "- `favor`: For the bridge.",
        "- `oppose`: Against it.",
        "- `none`: Neither.",
        "## Rules for hard cases",
        "1. Read the paragraph alone.",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_what_is_missing_leaves_no_heading():
    text = format_for_coders(Codebook("b", "1.0.0", frames=(Frame("x", "X", "An x."),)))
    assert text.startswith("# b\n")
    assert "## Stances" not in text
    assert "## Rules" not in text
    assert "Code it" not in text
    assert "Cues" not in text


def test_without_frames(codebook):
    assert "## Frames" not in format_for_coders(replace(codebook, frames=()))
