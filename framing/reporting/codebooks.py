"""A codebook as a coder reads it."""

from __future__ import annotations

from framing.coding.scheme import Codebook, Frame, StanceTarget


def format_for_coders(codebook: Codebook) -> str:
    """Write a codebook as Markdown."""
    parts = [
        f"# {codebook.title or codebook.name}",
        f"{codebook.name} {codebook.version} ({codebook.hash})",
        codebook.description,
        *(["## Frames", *map(_format_frame, codebook.frames)] if codebook.frames else []),
        *(["## Stances", *map(_format_target, codebook.targets)] if codebook.targets else []),
    ]
    if codebook.rules:
        rules = [f"{number}. {rule}" for number, rule in enumerate(codebook.rules, start=1)]
        parts += ["## Rules for hard cases", "\n".join(rules)]
    return "\n\n".join(part for part in parts if part)


def _format_frame(frame: Frame) -> str:
    lines = [f"### {frame.name} (`{frame.id}`)", "", frame.definition]
    for title, items in (("Code it when", frame.include), ("Do not code it when", frame.exclude)):
        if items:
            lines += ["", f"{title}:", *(f"- {item}" for item in items)]
    if frame.cues:
        lines += ["", f"Cues: {', '.join(frame.cues)}"]
    return "\n".join(lines)


def _format_target(target: StanceTarget) -> str:
    lines = [f"### {target.name} (`{target.id}`)", "", target.definition, ""]
    lines += [f"- `{value.id}`: {value.definition}" for value in target.values]
    return "\n".join(lines)
