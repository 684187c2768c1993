"""Results: their columns, their Arrow as Snowflake sends it, and the chunks that are fetched later."""
