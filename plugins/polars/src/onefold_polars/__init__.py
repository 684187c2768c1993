"""The Polars backend of onefold."""
