"""What ``archives.py`` is made of: a drawn archive, and a process that measures it with a clock."""
