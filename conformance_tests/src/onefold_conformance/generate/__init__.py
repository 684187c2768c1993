"""Drawing plans over the whole catalogue with data on the bounds, to compare backends with the oracle."""
