"""What ``throughput.py`` is made of: a made corpus, one model, rival pipelines, and their cost."""
