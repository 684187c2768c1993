"""A slow, plain interpreter of plans in pure Python: where the expected values come from."""
