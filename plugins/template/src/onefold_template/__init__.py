"""The template backend of onefold."""
