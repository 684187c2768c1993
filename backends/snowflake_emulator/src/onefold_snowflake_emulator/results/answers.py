"""What a statement answers, and the answer as a client reads it."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from onefold_snowflake_emulator.results.columns import Column
from onefold_snowflake_emulator.results.spool import Spool
from onefold_snowflake_emulator.results.wire import encode, to_bytes

SELECT: Final = 0x1000
INSERT: Final = 0x3100
UPDATE: Final = 0x3200
DELETE: Final = 0x3300
MERGE: Final = 0x3400
COPY: Final = 0x3600
SESSION: Final = 0x4000
SHOW: Final = 0x4400
TRANSACTION: Final = 0x5000
DEFINITION: Final = 0x6000

INLINE_ROWS: Final = 10_000
CHUNK_ROWS: Final = 100_000
CHUNK_BYTES: Final = 16 << 20
"""Where the server was not told how long chunks are: how much goes into the answer itself, and into each chunk."""


@dataclass(frozen=True)
class Rows:
    """The rows of a query, not read yet.

    Attributes:
        columns: Its columns.
        batches: The rows, as DuckDB makes them.
    """

    columns: Sequence[Column]
    batches: Iterator[pa.RecordBatch]


@dataclass(frozen=True)
class Listing:
    """A few rows that Snowflake sends as JSON: what DML, DDL and SHOW answer.

    Attributes:
        columns: The columns.
        rows: The values as text.
        kind: The kind of statement.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[str | None]]
    kind: int


@dataclass(frozen=True)
class Upload:
    """Where the files of a PUT go.

    Attributes:
        data: What the client needs to know.
    """

    data: dict[str, Any]


@dataclass(frozen=True)
class Earlier:
    """The result of an earlier statement, again.

    Attributes:
        data: Its answer.
    """

    data: dict[str, Any]


Answer = Rows | Listing | Upload | Earlier


def message(text: str, kind: int = DEFINITION) -> Listing:
    """Return the answer that is one line of text.

    Args:
        text: The line.
        kind: The kind of statement.
    """
    return Listing([Column("status", "text")], [[text]], kind)


def counts(kind: int, **named: int) -> Listing:
    """Return the answer of DML.

    Args:
        kind: The kind of statement.
        named: What was counted, with _ for the spaces of the names, and how many.
    """
    columns = [Column(name.replace("_", " "), "fixed", 19, 0) for name in named]
    return Listing(columns, [[str(count) for count in named.values()]], kind)


@dataclass(frozen=True)
class Writer:
    """Writes answers.

    Attributes:
        spool: Where chunks are kept.
        chunk_rows: How many rows a chunk has; None to choose as a server would.
    """

    spool: Spool
    chunk_rows: int | None

    def write(
        self, answer: Answer, query_id: str, session: int, address: str, indent: int
    ) -> tuple[dict[str, Any], int, int]:
        """Return the data of an answer, and how many rows and bytes it has.

        Args:
            answer: The answer. Its rows are read to the end.
            query_id: The number of the statement.
            session: The number of the session that asked, with which the chunks go.
            address: The address of the server, for the chunks.
            indent: How far variants are indented.
        """
        if isinstance(answer, Rows):
            return self._rows(answer, query_id, session, address, indent)
        if isinstance(answer, Listing):
            data = {
                "rowtype": [each.describe() for each in answer.columns],
                "rowset": [list(row) for row in answer.rows],
                "total": len(answer.rows),
                "returned": len(answer.rows),
                "queryResultFormat": "json",
                "statementTypeId": answer.kind,
            }
            return data, len(answer.rows), sum(len(value or "") for row in answer.rows for value in row)
        if isinstance(answer, Earlier):
            return dict(answer.data), int(answer.data.get("total", 0)), 0
        return dict(answer.data), 0, 0

    def _rows(
        self, answer: Rows, query_id: str, session: int, address: str, indent: int
    ) -> tuple[dict[str, Any], int, int]:
        first, inline, size, total, sizes = True, "", 0, 0, []
        sliced = slices(answer.batches, self.chunk_rows or INLINE_ROWS, self.chunk_rows or CHUNK_ROWS)
        for table in sliced:
            encoded = to_bytes(encode(table, answer.columns, indent))
            size += encoded.size
            total += table.num_rows
            if first:
                inline = base64.b64encode(encoded).decode()
            else:
                self.spool.append(query_id, session, table.num_rows, encoded)
                sizes.append((table.num_rows, encoded.size))
            first = False
        data: dict[str, Any] = {
            "rowtype": [each.describe() for each in answer.columns],
            "rowsetBase64": inline,
            "total": total,
            "returned": total,
            "queryResultFormat": "arrow",
            "statementTypeId": SELECT,
        }
        if sizes:
            data["chunkHeaders"] = {"x-onefold-emulator": query_id}
            data["chunks"] = [
                {
                    "url": f"{address}/chunks/{query_id}/{number}",
                    "rowCount": rows,
                    "uncompressedSize": length,
                    "compressedSize": length,
                }
                for number, (rows, length) in enumerate(sizes)
            ]
        return data, total, size


def slices(batches: Iterator[pa.RecordBatch], first: int, rest: int) -> Iterator[pa.Table]:
    """Cut batches into pieces of a number of rows, and of not too many bytes.

    Args:
        batches: The batches.
        first: Rows of the first piece.
        rest: Rows of every other piece.

    Yields:
        The pieces, none without rows.
    """
    pending: list[pa.RecordBatch] = []
    rows, held, limit = 0, 0, first
    for batch in batches:
        offset = 0
        while offset < batch.num_rows:
            piece = batch.slice(offset, limit - rows)
            offset += piece.num_rows
            pending.append(piece)
            rows += piece.num_rows
            held += piece.get_total_buffer_size() * piece.num_rows // max(batch.num_rows, 1)
            if rows == limit or held >= CHUNK_BYTES:
                yield pa.Table.from_batches(pending)
                pending, rows, held, limit = [], 0, 0, rest
    if pending:
        yield pa.Table.from_batches(pending)
