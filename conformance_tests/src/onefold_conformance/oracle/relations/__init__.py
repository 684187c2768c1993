"""The interpreter of every relation, a module for each family."""
