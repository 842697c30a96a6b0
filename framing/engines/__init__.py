"""Prediction on many machines: thin adapters that run ``predict_batch`` on Dask and on Spark."""
