"""How much to code by hand, and which articles."""
