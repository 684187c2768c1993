"""Table functions that users made: `FROM s, TABLE(f(s.a) OVER (PARTITION BY s.p)) AS t`."""
