"""The start of what others write: a new backend, whole and running, to be filled with an engine."""

from onefold.scaffold.new_backend import backend_files, check_name, write_backend

__all__ = ["backend_files", "check_name", "write_backend"]
