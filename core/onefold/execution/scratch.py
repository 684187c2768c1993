"""The directory in which the rows between stages wait, gone when the run is over, however it ends."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path

from onefold.errors import ConfigurationError

__all__ = ["SCRATCH_VARIABLE", "Scratch"]

SCRATCH_VARIABLE = "ONEFOLD_SCRATCH"
"""The environment variable that names the directory for scratch files."""


class Scratch:
    """A directory of one run, made when it is first needed.

    Args:
        parent: Where it is made; None: where ``ONEFOLD_SCRATCH`` says, or else among the temporary files.
    """

    def __init__(self, parent: str | Path | None = None) -> None:
        chosen = parent or os.environ.get(SCRATCH_VARIABLE)
        self.parent = Path(chosen) if chosen else Path(tempfile.gettempdir())
        self._path: Path | None = None
        self._finalizer: weakref.finalize[..., Scratch] | None = None

    def path(self, name: str) -> Path:
        """Return a path in the directory, at which nothing is yet.

        Raises:
            ConfigurationError: If the directory can not be made.
        """
        if self._path is None:
            try:
                self._path = Path(tempfile.mkdtemp(prefix="onefold-", dir=self.parent))
            except OSError as error:
                raise ConfigurationError(
                    f"No scratch files can be made in {str(self.parent)!r}: {error.strerror}. Choose another directory "
                    f"with scratch=..., or with the environment variable {SCRATCH_VARIABLE}."
                ) from error
            # Called at the latest when the process ends, or when nothing refers to the run any more.
            self._finalizer = weakref.finalize(self, shutil.rmtree, self._path, ignore_errors=True)
        return self._path / name

    def remove(self) -> None:
        """Remove the directory and all in it; idempotent."""
        if self._finalizer is not None:
            self._finalizer()
        self._path = None
