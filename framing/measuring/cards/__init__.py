"""One article against others on the same matter."""
