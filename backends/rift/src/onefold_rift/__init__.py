"""The DuckDB backend of onefold: runs feature definitions on one machine."""
