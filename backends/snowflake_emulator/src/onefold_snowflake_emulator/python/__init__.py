"""Functions in Python: their sandbox, and how values pass between SQL and them."""
