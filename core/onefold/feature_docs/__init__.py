"""A page about the features of a repository."""

from onefold.feature_docs.describing import described
from onefold.feature_docs.page import write_page

__all__ = ["described", "write_page"]
