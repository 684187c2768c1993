"""A session: a DuckDB database of its own, in this process, that runs plans and streams their rows."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from onefold.errors import EngineError
from onefold.kernel.options import KernelOptions
from onefold.plan import Table
from onefold.sql.session import SqlSession
from onefold.types import Schema
from onefold_rift.capabilities import CAPABILITIES
from onefold_rift.connection import RiftConnection, describe
from onefold_rift.dialect import DIALECT, ENGINE
from onefold_rift.leaves import type_text
from onefold_rift.options import Options
from onefold_rift.readers import schema_in_files

__all__ = ["RiftSession"]


class RiftSession(SqlSession):
    """A connection to a DuckDB database that lives as long as the session.

    Args:
        options: Checked options.
    """

    def __init__(self, options: Options) -> None:
        self._scratch = Path(tempfile.mkdtemp(prefix="onefold-rift-", dir=options.spill_directory))
        # Also for a session that nobody closes: when it is let go of, or when the process ends.
        self._clean = weakref.finalize(self, shutil.rmtree, self._scratch, ignore_errors=True)
        self._options = options
        config: dict[str, str | bool | int | float | list[str]] = {"temp_directory": str(self._scratch / "duckdb")}
        if options.memory_limit is not None:
            config["memory_limit"] = f"{options.memory_limit // 1024}KiB"
        if options.threads is not None:
            config["threads"] = options.threads
        try:
            database = duckdb.connect(":memory:", config=config)
            database.execute("SET GLOBAL TimeZone = 'UTC'")
            # A name that is no table must not be taken for a variable of the calling Python code.
            database.execute("SET GLOBAL python_enable_replacements = false")
            database.execute("SET GLOBAL order_by_non_integer_literal = true")  # as where a literal is aggregated
        except duckdb.Error as error:
            self._clean()
            raise EngineError(str(error), engine=ENGINE) from error
        self._database = database
        super().__init__(DIALECT, CAPABILITIES, lambda: RiftConnection(database))

    def schema_of(self, table: Table) -> Schema:
        """Return the portable schema that the files of a source have; its declared columns are not looked at.

        Raises:
            SourceError: If they can not be read, or a column has no portable type.
        """
        self.check_open()
        return schema_in_files(table, partial(describe, self._database), type_text)

    def check(self) -> None:
        """Run the smallest query that shows that DuckDB works here."""
        self._database.execute("SELECT 1").fetchall()

    def close(self) -> None:
        """Close the database and remove its files; idempotent."""
        super().close()
        self._database.close()
        self._clean()

    def _kernel_options(self, cancelled: Callable[[], bool]) -> KernelOptions:
        given: dict[str, Any] = {"cancelled": cancelled, "spill_directory": self._scratch}
        if self._options.threads is not None:
            given["threads"] = self._options.threads
        if self._options.memory_limit is not None:
            given["memory_limit"] = self._options.memory_limit // 2
        return KernelOptions(**given)
