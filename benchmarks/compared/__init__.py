"""What ``quality.py`` is made of: folds, systems, figures, tables."""
