"""Side-by-side measurements against other tools; never part of what is installed."""
