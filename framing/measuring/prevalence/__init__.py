"""Shares of labels in cells: estimators, their variance, and what speaks against them."""
