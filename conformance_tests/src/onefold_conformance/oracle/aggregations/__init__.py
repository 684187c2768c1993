"""The rules of the catalogue's aggregations, a module for each of its families."""
