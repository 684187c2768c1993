"""The ``onefold`` command: one file for each of its commands."""
