"""Wrong backends: the oracle with one rule changed. Each has to be caught by a case."""
