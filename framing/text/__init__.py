"""From bytes to clean, marked paragraphs: reading, cleaning and segmentation."""
