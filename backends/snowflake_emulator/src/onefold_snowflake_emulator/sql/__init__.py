"""From Snowflake's SQL to DuckDB's: parsing, the gate, and the rules of rewriting, a file per family."""
