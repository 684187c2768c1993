"""Meeting places of processes: somebody arrives, and whoever waits for that goes on. No clock is asked."""

from __future__ import annotations

import os
import threading
from pathlib import Path

__all__ = ["Gate"]

PATIENCE = 120
"""After how many seconds a test gives up, at which something should have happened long ago."""


class Gate:
    """A named pipe: opening it waits for the other side.

    Args:
        path: Where it is, or is made.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = str(path)

    def made(self) -> Gate:
        """Make it."""
        os.mkfifo(self.path)
        return self

    def arrive(self) -> None:
        """Say that this place was reached; wait until somebody has heard it."""
        with open(self.path, "w") as pipe:  # noqa: PTH123 - also used where only plain values can be sent
            pipe.write("here")

    def wait(self) -> None:
        """Wait until somebody arrives.

        Raises:
            AssertionError: If nobody does.
        """
        arrived = threading.Event()

        def listen() -> None:
            with open(self.path) as pipe:  # noqa: PTH123
                pipe.read()
            arrived.set()

        threading.Thread(target=listen, name="gate", daemon=True).start()
        assert arrived.wait(PATIENCE), f"nobody came to {self.path}"
