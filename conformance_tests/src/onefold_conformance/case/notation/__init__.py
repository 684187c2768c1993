"""Plans as people write them: relations as nested JSON, expressions and windows as short text."""
