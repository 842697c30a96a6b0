"""From a model file to predictions, with neither scikit-learn nor nltk."""
