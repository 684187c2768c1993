"""A point-in-time training set, by onefold and beside it by DuckDB and Polars: seconds, memory, and the same values."""
