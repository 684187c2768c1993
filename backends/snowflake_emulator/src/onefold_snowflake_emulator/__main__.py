"""Runs an emulator until it is told to stop: `python -m onefold_snowflake_emulator --port 8085`."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Sequence

from onefold_snowflake_emulator.emulator import Emulator


def main(arguments: Sequence[str] | None = None) -> int:
    """Run an emulator until SIGTERM or Ctrl-C.

    Args:
        arguments: The arguments of the command line; None for those of this process.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(prog="onefold_snowflake_emulator", description=__doc__)
    parser.add_argument("--port", type=int, help="the port on this machine; a free one if left out")
    parser.add_argument("--database", default="DB1", help="a database that exists from the start")
    parser.add_argument("--schema", default="S1", help="a schema of it")
    parser.add_argument("--chunk-rows", type=int, help="how many rows go into each chunk of a result")
    parser.add_argument("--not-strict", action="store_true", help="run what Snowflake would refuse and DuckDB can run")
    options = parser.parse_args(arguments)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with Emulator(
        database=options.database,
        schema=options.schema,
        port=options.port,
        chunk_rows=options.chunk_rows,
        strict=not options.not_strict,
    ) as server:
        sys.stdout.write(json.dumps(server.connection) + "\n")
        sys.stdout.flush()
        stopped.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
