"""The commands by name and first line, each imported when it is run and not before."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand

from framing.cli.values import PlainCommand

COMMANDS = {
    "demo": "Train on the shipped seeds, classify unseen articles, evaluate, and compare sources.",
    "label": "Write a coding sheet: one row a unit, an empty cell a frame and stance target.",
    "train": "Train a model on coded paragraphs and print how well it does on held-out ones.",
    "predict": "Classify articles: frames, stances, probabilities and evidence, one row a unit.",
    "evaluate": "Measure a model on coded data that it was not trained on, with 95% intervals.",
    "explain": "Show paragraphs with the terms highlighted that spoke for each of their labels.",
    "drift": "Estimate the share of units with each frame and stance, and test what differs and "
    "moves.",
    "card": "Say which frames an article stresses and leaves out, against others on the same "
    "matter.",
    "plan": "Say how many articles to code by hand to find a change, draw them, and write their "
    "sheet.",
    "agree": "Measure Krippendorff's alpha for each frame and stance target, with 95% intervals.",
    "audit": "Count coded paragraphs, and find doubtful codes, copies, source cues and what more "
    "would add.",
    "codebook": "Show, check or start a codebook.",
}
"""Each command's module in ``framing.cli``, and the first line of its help."""


class DeferredCommand(TyperCommand):
    """Stands for a command in the list of all; the module behind it is imported when it is run."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        """Read the command line by the parameters of the real command, whose context it is."""
        command = load_command(str(self.name))
        return command.make_context(info_name, args, parent, **extra)


def list_commands() -> list[DeferredCommand]:
    """List a stand-in for each command, in the order of the help."""
    return [DeferredCommand(name, help=line) for name, line in COMMANDS.items()]


def load_command(name: str) -> Any:
    """Import a command's module and build the command, or the group of commands, that it holds."""
    module = import_module(f"framing.cli.{name}")
    home = getattr(module, "app", None)
    if home is None:
        home = typer.Typer(add_completion=False)
        home.command(name, cls=PlainCommand)(module.run)
    return typer.main.get_command(home)
