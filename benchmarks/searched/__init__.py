"""What ``training.py`` is made of: a corpus of any size, one search in two ways, its cost."""
