"""What `benchmarks/fuzzing.py` runs: the kernel on any bytes, and the loader on broken models."""
