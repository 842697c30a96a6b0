"""From files to rows and back: decoding, tables, cells, and writing that leaves no half file."""
