"""The command line: parse, one call, one write, exit codes (0 done, 1 user's error, 2 usage)."""
