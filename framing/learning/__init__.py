"""From coded units to a model and a report of how well it does (scikit-learn lives here)."""
