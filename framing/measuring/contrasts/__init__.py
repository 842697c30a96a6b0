"""Two sides held against each other: differences, their tests, their make-up and their reasons."""
