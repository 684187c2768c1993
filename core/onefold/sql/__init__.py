"""Lowering of plans to SQL syntax trees, shared by every SQL backend."""
