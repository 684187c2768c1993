"""The Spark backend of onefold."""
