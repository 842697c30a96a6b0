"""Framing over time: slopes, turning points and their permutation nulls."""
