"""How well decisions and probabilities agree with codings."""
