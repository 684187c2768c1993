"""The start of something of one's own: a backend, and a repository of features."""

from onefold.scaffold.new_backend import backend_files, check_name, write_backend
from onefold.scaffold.repository import repository_files, write_repository

__all__ = ["backend_files", "check_name", "repository_files", "write_backend", "write_repository"]
