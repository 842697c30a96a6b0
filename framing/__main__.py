"""Lets ``python -m framing`` stand for ``framing``."""

from framing.cli.app import main

main()
