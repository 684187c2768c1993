"""Cases: input tables, a plan, and what has to come out of it, as files."""
