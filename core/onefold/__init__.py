"""One feature definition, every engine, the same values."""
