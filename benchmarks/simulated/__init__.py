"""What ``coverage.py`` is made of: corpora whose truth is known, and what drift says of them."""
