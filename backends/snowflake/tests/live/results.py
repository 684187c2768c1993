"""Results of the suite on Snowflake itself, kept in the repository: what has been verified, when, and with which SQL.

::

    {
        "format": 1,
        "server": "snowflake",
        "results": {
            "<SHA-256 of the SQL>": {"row/abs/int64": {"outcome": "pass", "date": "2026-11-28", "version": "9.33.1"}}
        },
    }

The hash is that of the statements that a case sends, see ``sent.py``. SQL that changes has another hash, and so no result.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

__all__ = ["KEPT", "Result", "Results", "Server", "file_for"]

KEPT = Path(__file__).with_name("results.json")
"""The file of the results on Snowflake itself."""

FORMAT = 1

Server = Literal["snowflake", "emulator"]


@dataclass(frozen=True, slots=True)
class Result:
    """How a case ended.

    Args:
        outcome: How, as a report of the suite says it.
        date: When, in UTC.
        version: The version of the server.
    """

    outcome: str
    date: str
    version: str


@dataclass(slots=True)
class Results:
    """Results on one kind of server; those on an emulator are never taken for others.

    Args:
        server: What gave them.
        by_sql: The results of cases, by the hash of the SQL that they sent.
    """

    server: Server
    by_sql: dict[str, dict[str, Result]] = field(default_factory=dict)

    def of(self, case: str, key: str) -> Result | None:
        """Return the result of a case with the SQL that has a hash; None when it has none."""
        return self.by_sql.get(key, {}).get(case)

    def cases(self) -> set[str]:
        """Return the cases that have a result, with whatever SQL."""
        return {case for results in self.by_sql.values() for case in results}

    def note(self, case: str, key: str, result: Result) -> None:
        """Note the result of a case, in place of the one that it had before."""
        for results in self.by_sql.values():
            results.pop(case, None)
        self.by_sql.setdefault(key, {})[case] = result

    def write(self, path: Path) -> None:
        """Write all results into a file, in an order that is always the same."""
        found = {
            key: {case: asdict(result) for case, result in sorted(results.items())}
            for key, results in sorted(self.by_sql.items())
            if results
        }
        path.write_text(
            json.dumps({"format": FORMAT, "server": self.server, "results": found}, indent=1) + "\n", "utf-8"
        )

    @classmethod
    def read(cls, path: Path, server: Server) -> Results:
        """Return the results in a file; none where there is no file.

        Raises:
            ValueError: If it holds something else, or what another kind of server gave.
        """
        if not path.exists():
            return cls(server)
        document: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if document.get("format") != FORMAT or document.get("server") != server:
            raise ValueError(f"{path} holds no results of the server {server!r}, but {document.get('server')!r}.")
        found = {
            key: {case: Result(**result) for case, result in results.items()}
            for key, results in document["results"].items()
        }
        return cls(server, found)


def file_for(server: Server, given: str | None) -> Path | None:
    """Return the file of results: the one that is given, or that in the repository; None for those of an emulator."""
    return Path(given) if given else KEPT if server == "snowflake" else None
