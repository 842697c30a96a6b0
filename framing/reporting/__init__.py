"""Text, Markdown and HTML out of schema values and JSON-ready reports."""
