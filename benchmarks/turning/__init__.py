"""Planned turns of the seeds' outlets, and what tests and searches make of them."""
