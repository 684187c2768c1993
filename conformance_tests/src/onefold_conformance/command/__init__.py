"""The ``onefold conformance`` commands."""
