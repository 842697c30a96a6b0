"""What people decide: the codebook, their codings, and how far they agree."""
