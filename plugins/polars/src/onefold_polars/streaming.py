"""Results as they come: a query that runs beside its reader, a few batches ahead of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from queue import SimpleQueue

import polars as pl

from onefold.errors import Cancelled
from onefold_polars.options import Options

__all__ = ["RunningQuery"]

_AHEAD = 2
"""How many batches a query may be ahead of its reader."""


class RunningQuery:
    """A query that runs in a thread of its own, so that waiting for its rows can be broken off at any time.

    Polars stops a query when nobody holds its batches any more, but whoever waits for the next one holds them.

    Args:
        frame: The query.
        ordered: Whether its rows have an order to be kept.
        options: How it is run.
    """

    def __init__(self, frame: pl.LazyFrame, options: Options, *, ordered: bool) -> None:
        self.frame = frame
        self._options = options
        self._ordered = ordered
        self._ready: SimpleQueue[pl.DataFrame | BaseException | None] = SimpleQueue()
        self._places = threading.Semaphore(_AHEAD)
        self._stopped = False
        threading.Thread(target=self._pull, name="onefold-polars", daemon=True).start()

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the batches as they come.

        Raises:
            Cancelled: If the query was stopped.
        """
        try:
            while (batch := self._ready.get()) is not None:
                if self._stopped:
                    raise Cancelled("The query was stopped.")
                if isinstance(batch, BaseException):
                    raise batch
                self._places.release()
                yield batch
        finally:
            self.stop()

    def stop(self) -> None:
        """Stop the query, and whoever waits for it; idempotent."""
        self._stopped = True
        self._places.release()
        self._ready.put(Cancelled("The query was stopped."))

    def _pull(self) -> None:
        try:
            batches = self.frame.collect_batches(
                chunk_size=self._options.batch_rows, maintain_order=self._ordered, engine=self._options.engine
            )
            while True:
                self._places.acquire()
                if self._stopped:
                    return
                batch = next(batches, None)
                self._ready.put(batch)
                if batch is None:
                    return
        except pl.exceptions.PanicException as error:  # no Exception: it would end the reader's thread
            self._ready.put(pl.exceptions.ComputeError(f"Polars failed unexpectedly: {error}"))
        except BaseException as error:  # noqa: BLE001 - raised where the rows are read
            self._ready.put(error)
