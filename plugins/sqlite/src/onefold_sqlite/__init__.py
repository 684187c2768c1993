"""An SQLite backend of onefold, and an example of how a backend is written."""
