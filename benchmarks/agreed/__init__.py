"""What ``agreement.py`` is made of: samples, and rows that say whether two programs agree."""
